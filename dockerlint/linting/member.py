"""One file of a project: what is found in all texts of the project, told of the file alone.

A project is linted once, in one text space. A report, a suppression comment and a fix are about one file, so
what they are given counts in that file; a span in another one names it as its source. The edits of a fix
count in the file of its finding from the start.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dockerlint.findings import Finding, Refusal
from dockerlint.kinds import TextOf
from dockerlint.linting.linted import Linted
from dockerlint.masking.mask import Mask
from dockerlint.syntax import Comment
from dockerlint.text import Span
from dockerlint.values import known

if TYPE_CHECKING:  # a Dockerfile is linted without what Compose files need
    from dockerlint.link.gaps import Gap
    from dockerlint.link.resolve import ProjectFiles, Resolved
    from dockerlint.model.container.container import Container
    from dockerlint.model.container.project import Project

_NOWHERE = Span(0, 0)
"""The place of a gap that no text names."""
_ALL = "*"
"""The profile that stands for every one."""


class Member(NamedTuple):
    """A Compose file as a member of a project."""

    files: ProjectFiles
    own: str
    """The path of the file, as the project has it."""
    write_to: str = ""
    """The path of the file that gets what a service lacks; "" for the first that declares it."""


def placed_at(project: Project, path: str) -> Project:
    """The project with its services told of where one of its files declares them, as far as it does."""
    return replace(project, containers=tuple(_placed_at(one, path) for one in project.containers))


def _placed_at(container: Container, path: str) -> Container:
    key = next((one.span for one in container.origins if one.value == path), None)
    return container if key is None else replace(container, name=replace(container.name, span=key), span=key)


def without_fix(finding: Finding) -> Finding:
    """A finding whose text another file holds."""
    return replace(finding, fix=None, unfixed=Refusal("it is set in another file"))


def in_project(
    linted: Linted, resolved: Resolved, files: ProjectFiles, containers: Iterable[Container]
) -> Linted:
    """What was found in a project, each finding about a service with the files that declare it."""
    services = {str(known(one.name)): one for one in containers}
    active = set(files.profiles)
    findings = [_told(one, services, resolved, files, active) for one in linted.findings]
    return replace(
        linted, findings=findings, sources=resolved.sources, gaps=resolved.gaps, root=resolved.root
    )


def _told(
    finding: Finding,
    services: dict[str, Container],
    resolved: Resolved,
    files: ProjectFiles,
    active: set[str],
) -> Finding:
    if finding.unfixed is None and finding.fix is None and not services:
        return finding
    service = services.get(finding.subject or "") if finding.subject_kind == "service" else None
    if service is None:
        return finding
    profiles = tuple(name for one in service.profiles if (name := known(one)))
    if profiles and active.isdisjoint((*profiles, _ALL)):
        finding = replace(finding, profiles=profiles)
    paths = {one.value for one in service.origins}
    if len(paths) < 2:
        return finding
    merged = [path for path in files.paths if path in paths]
    return replace(finding, project=" + ".join(merged), chain=tuple(one.span for one in service.origins))


def by_file(linted: Linted) -> dict[str, Linted]:
    """What is found in a project, parted by the paths of its texts; behind "" what stands in none of them.

    Secrets are those of all texts: what is one in a file is hidden in the others.
    """
    assert linted.sources is not None
    file_at = linted.sources.file_at
    findings: dict[str, list[Finding]] = {"": [], **{file.path: [] for file in linted.sources.files}}
    comments: dict[str, list[Comment]] = {path: [] for path in findings}
    for finding in linted.findings:
        findings["" if finding.span.source else file_at(finding.span.start).path].append(finding)
    for comment in linted.comments:
        comments[file_at(comment.span.start).path].append(comment)
    return {
        path: replace(linted, findings=found, comments=tuple(comments[path]))
        for path, found in findings.items()
    }


class Home(NamedTuple):
    """The way from the texts of a project to one of its files."""

    linted: Linted
    folder: str
    """Absolute: that of the project's first file, which the paths of the project count from."""
    own: str
    """The path of the file, as the project has it."""
    lead: str
    """The path of the project's first file, whose report tells of what stands in no text of it."""

    @property
    def paths(self) -> Iterator[str]:
        """The paths of all texts of the project, from its folder."""
        sources = self.linted.sources
        return iter(dict.fromkeys(one.path for one in sources.files)) if sources else iter(())

    def name_of(self, path: str) -> str:
        """The path of another file of the project, from the folder of this one; "" for this one."""
        if path == self.own:
            return ""
        here = os.path.dirname(os.path.join(self.folder, self.own))
        return os.path.relpath(os.path.join(self.folder, path), here).replace(os.sep, "/")

    def span(self, span: Span) -> Span:
        """A place in the texts of the project, as one of the file or of one that it names."""
        if span.source:
            return span._replace(source=self.name_of(span.source))
        assert self.linted.sources is not None
        file, local = self.linted.sources.home(span)
        return Span(local.start, local.end, self.name_of(file.path))

    def brought(self, path: str, text: str, text_of: TextOf) -> Linted:
        """What was found, for a report on the file, which is shown as `path` and has this text."""
        linted = self.linted
        if linted.sources is None or [one.path for one in linted.sources.files] == [self.own]:
            return linted
        secrets = tuple(map(self.span, linted.secrets))
        texts = frozenset(map(self.name_of, self.paths)) if self.own == self.lead else frozenset()
        return replace(
            linted,
            findings=_numbered(one for one in self.everything(path) if self._is_told(one.span, texts)),
            comments=tuple(self._comments()),
            mask=Mask(text, secrets, text_of, linted.values),
            secrets=secrets,
            gaps=tuple(self._gaps()),
        )

    def everything(self, path: str) -> Iterator[Finding]:
        """All findings of the project, with their places as seen from the file, shown as `path`."""
        chains: dict[tuple[Span, ...], tuple[Span, ...]] = {}
        for finding in self.linted.findings:
            span = self.span(finding.span)
            if span == finding.span and finding.path == path and self._is_simple(finding):
                yield finding
                continue
            chain = chains.get(finding.chain)
            if chain is None:
                chain = chains[finding.chain] = tuple(map(self.span, finding.chain))
            parts = tuple(map(self.span, finding.parts))
            dockerfile = self.name_of(finding.dockerfile) if finding.dockerfile else ""
            yield replace(finding, span=span, path=path, chain=chain, parts=parts, dockerfile=dockerfile)

    def _is_simple(self, finding: Finding) -> bool:
        """Whether one place is all that a finding names: of the commonest no new one need be made."""
        return not (finding.chain or finding.parts or finding.dockerfile)

    def _is_told(self, span: Span, texts: frozenset[str]) -> bool:
        """`texts` are the texts of the project, named from the folder of the file."""
        return not span.source or (self.own == self.lead and span.source not in texts)

    def _gaps(self) -> Iterator[Gap]:
        """Those that the file names; what no text names is told of in the report on the first file."""
        for gap in self.linted.gaps:
            place = self.span(gap.span)
            if self.own == self.lead if gap.span == _NOWHERE else not place.source:
                yield gap._replace(span=Span(0, 0) if gap.span == _NOWHERE else place)

    def _comments(self) -> Iterator[Comment]:
        for comment in self.linted.comments:
            span = self.span(comment.span)
            if not span.source:
                owner, block = (
                    None if one is None else self.span(one) for one in (comment.owner, comment.block)
                )
                yield replace(comment, span=span, owner=owner, block=block)


def _numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that agree in all that identifies them are told apart by their order in the file."""
    seen: Counter[tuple[str, str, str | None, str]] = Counter()
    numbered: list[Finding] = []
    for finding in findings:
        identity = (finding.path, finding.rule.id, finding.subject, finding.evidence)
        number = seen[identity]
        numbered.append(finding if finding.ordinal == number else replace(finding, ordinal=number))
        seen[identity] += 1
    return numbered
