"""Nodes × rules → findings. Pure: no disk, no clock but the day the ruleset was loaded for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from dockerlint.budget import budgeted
from dockerlint.findings import Finding
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import KINDS, LOCK, ORIGIN, RECEIPTS, SCANS, TextOf, nobody
from dockerlint.link.inline import Offsets, comment_to_file, to_file
from dockerlint.link.sources import Sources, alone
from dockerlint.linting.failures import Failures
from dockerlint.linting.fingerprint import identified, in_order
from dockerlint.linting.linted import Linted, Telling
from dockerlint.linting.member import Member, in_project, placed_at, without_fix
from dockerlint.linting.nodes.findings import Fixes, NodeLinter
from dockerlint.linting.nodes.walk import noting_secrets, walk
from dockerlint.linting.promises import Promises
from dockerlint.linting.purpose import UNKNOWN, depends_on_purpose, purpose_of_content
from dockerlint.masking.mask import Mask
from dockerlint.masking.places import Place
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.model.node import Node
from dockerlint.model.secret.text import secrets_in_text, small_letters
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.syntax import Comment
from dockerlint.text import Span
from dockerlint.values import known

if TYPE_CHECKING:  # a Dockerfile is linted without the classes of Compose, and the other way round
    from dockerlint.link.resolve import Resolved
    from dockerlint.linting.listener import OutcomeListener
    from dockerlint.linting.warm.file import WarmFile
    from dockerlint.linting.warm.project import WarmProject
    from dockerlint.model.container.container import Container
    from dockerlint.model.container.envfile import EnvFile
    from dockerlint.model.container.limits import Bounds
    from dockerlint.model.container.project import Project
    from dockerlint.model.dockerfile.build import Build
    from dockerlint.parse.dockerfile.warm.reading import WarmReading


def parse(
    text: str,
    kind: str,
    ruleset: Ruleset,
    text_of: TextOf,
    builders: Sequence[BuildingService] = (),
    warm: WarmReading | None = None,
) -> Build | Project:
    """The model of a text of a kind, `builders` being the services that build a Dockerfile.

    `warm` read it before: see `parse_dockerfile`. Raises LockError for a bad lock beside it.
    """
    more: dict[str, Any] = {"builders": builders} if builders else {}
    if warm is not None:
        more["warm"] = warm
    document: Build | Project = KINDS[kind].part("parse")(text, _knowledge(ruleset, text_of), text_of, **more)
    return document


def _knowledge(ruleset: Ruleset, text_of: TextOf) -> Knowledge:
    lock, origin = text_of(LOCK), text_of(ORIGIN)
    knowledge = ruleset.knowledge if origin is None else replace(ruleset.knowledge, origin=origin)
    if (scans := text_of(SCANS)) is not None:
        from dockerlint.images.scans import read_scans

        knowledge = replace(knowledge, scans=read_scans(scans, knowledge.today))
    if (receipts := text_of(RECEIPTS)) is not None:
        from dockerlint.workspace.receipts.reading import read_joined

        knowledge = replace(knowledge, receipts=read_joined(receipts))
    if lock is None:
        return knowledge
    from dockerlint.workspace.lock import read_locked

    images = read_locked(lock)
    return replace(
        knowledge,
        digests={name: one.digest for name, one in images.items()},
        replaced={name: frozenset(one.replaces) for name, one in images.items() if one.replaces},
    )


def lint(
    text: str,
    kind: str,
    ruleset: Ruleset,
    fixes: Fixes,
    *,
    path: str = "",
    text_of: TextOf = nobody,
    bounds: Callable[[str | None], Bounds] | None = None,
    standing_of: Callable[[str], str] | None = None,
    member: Member | None = None,
    builders: Sequence[BuildingService] = (),
    telling: Telling = Telling.NOTHING,
    warm: WarmFile | WarmProject | None = None,
) -> Linted:
    """Parse and lint one text, with what suppression and masking need; comments hide nothing yet.

    `bounds` says for the name of a service what fixes write where it has no limits, `standing_of` for the
    path of a file what git does with it. With the project that a Compose file is a
    `member` of, paths count from the folder of its first file, and findings stand in all of its texts.
    `builders` are the services that build a Dockerfile. Raises OverBudget for a text that expands to too
    much or takes too long. `telling` says what else is told. `warm` has linted the Dockerfile or
    the project before, and tells of findings and fixes without edits alone.
    """
    with budgeted():
        linter = _Linter(ruleset, fixes, path, telling, warm)
        return linter.lint(text, kind, text_of, bounds, standing_of, member, builders)


@dataclass(frozen=True, slots=True)
class _Linter:
    """What is the same for all texts of a file."""

    ruleset: Ruleset
    fixes: Fixes
    path: str
    telling: Telling = Telling.NOTHING
    warm: WarmFile | WarmProject | None = None
    failures: Failures = field(default_factory=dict)

    def lint(
        self,
        text: str,
        kind: str,
        text_of: TextOf,
        bounds: Callable[[str | None], Bounds] | None,
        standing_of: Callable[[str], str] | None,
        member: Member | None,
        builders: Sequence[BuildingService],
    ) -> Linted:
        document: Any
        if self.warm is not None:
            text_of = self.warm.take_up(self.ruleset, text_of, builders)
        if member is None:
            reading = None if self.warm is None else self.warm.reading
            document = parse(text, kind, self.ruleset, text_of, builders, reading)
            project = None
        else:
            document, project = self._project(text, member, text_of)
        if bounds is not None:
            document = _bounded(document, bounds)
        if standing_of is not None:
            document = _with_standings(document, standing_of)
        listener = self._listener()
        sources = alone(text) if project is None else project.sources
        here = self._document(document, sources, kind, self.warm, project, listener)
        containers: tuple[Container, ...] = getattr(document, "containers", ())
        given = {name: text_of(name) for name in (LOCK, SCANS)} if containers else {}
        inline = [self._inline(one, sources, given) for one in containers]
        variables = () if project is None else _secret_variables(project, text_of)
        joined = _joined(here, [part for part in inline if part is not None], text_of, variables)
        if project is not None and member is not None:
            from dockerlint.parse.compose.inline import builders_of

            joined = in_project(joined, project, member.files, containers)
            joined = replace(joined, builders=builders_of(containers))
        depends = any(map(depends_on_purpose, joined.findings))
        own = text if project is None else None
        return replace(
            joined,
            notes=KINDS[kind].part("notes")(document, text),
            failures=self.failures,
            purpose=purpose_of_content(document) if depends else UNKNOWN,
            **({} if listener is None else listener.told(lambda: walk(document), own)),
        )

    def _listener(self) -> OutcomeListener | None:
        """What is asked for beside the findings; most runs ask for nothing, and need no code for it."""
        if not self.telling:
            return None
        from dockerlint.linting.listener import OutcomeListener

        return OutcomeListener(self.ruleset, self.telling)

    def _project(self, text: str, member: Member, text_of: TextOf) -> tuple[Project, Resolved]:
        """The model of the project that a Compose file belongs to."""
        from dockerlint.parse.compose.project import parse_project

        def with_own(path: str) -> str | None:
            return text if path == member.own else text_of(path)

        document, resolved = parse_project(member.files, _knowledge(self.ruleset, text_of), with_own)
        return (placed_at(document, member.write_to) if member.write_to else document), resolved

    def _document(
        self,
        document: Any,
        sources: Sources,
        kind: str,
        warm: WarmFile | WarmProject | None = None,
        project: Resolved | None = None,
        listener: OutcomeListener | None = None,
    ) -> _LintedText:
        """Lint a tree, whose places count in `sources`."""
        linter = NodeLinter(self.ruleset, self.fixes, self.path, kind, sources, self.failures)
        if warm is not None and listener is None:
            return _LintedText(sources.text, *warm.lint(document, linter, project))
        secrets: set[Span] = set()
        nodes = noting_secrets(walk(document), secrets)
        found = list(linter.lint(nodes) if listener is None else linter.heard(nodes, listener))
        return _LintedText(sources.text, found, document.comments, tuple(sorted(secrets)))

    def _inline(
        self, container: Container, outer: Sources, given: Mapping[str, str | None]
    ) -> _Inline | None:
        """Lint a service's inline Dockerfile; None where it has none."""
        text = known(container.inline_dockerfile)
        if text is None or not container.inline_offsets:
            return None
        read = None if container.built is None else container.built.document
        build: Any = read or parse(text, "dockerfile", self.ruleset, given.get)
        is_unprivileged = container.has_user is True and container.is_root is False
        build = replace(build, knows_contexts=True, is_started_unprivileged=is_unprivileged)
        part, offsets = self._document(build, alone(text), "dockerfile"), container.inline_offsets
        file = outer.file_at(offsets[0][1])
        local = tuple((inner, place - file.start) for inner, place in offsets)
        brought = without_fix if outer.is_repeated(file) else self.fixes.brought(text, file.text, local)
        return _Inline(part, known(container.name), offsets, brought)


def _bounded(document: Any, bounds: Callable[[str | None], Bounds]) -> Any:
    """The document with bounds given to the services of a Compose file."""
    containers: tuple[Container, ...] = getattr(document, "containers", ())
    if not containers:
        return document
    bounded = tuple(replace(one, bounds=bounds(known(one.name))) for one in containers)
    return replace(document, containers=bounded)


def _with_standings(document: Any, standing_of: Callable[[str], str]) -> Any:
    """The document with what git says of the files of variables beside a Compose file."""
    files: tuple[EnvFile, ...] = getattr(document, "env_files", ())
    if not files:
        return document
    return replace(document, env_files=tuple(replace(one, standing=standing_of(one.path)) for one in files))


class _LintedText(NamedTuple):
    """What one text of a file gave; every place counts in that text."""

    text: str
    findings: list[Finding]
    comments: tuple[Comment, ...]
    secrets: tuple[Span, ...]

    def identified(self, hidden: Callable[[], Sequence[Place]]) -> list[Finding]:
        return identified(self.findings, self.text, hidden)


class _Inline(NamedTuple):
    """An inline Dockerfile and the way from its places to those in the file that holds it."""

    part: _LintedText
    service: str | None
    offsets: Offsets
    brought: Callable[[Finding], Finding]

    def findings(self, mask: Mask) -> Iterator[Finding]:
        text, secrets = self.part.text, self.part.secrets
        for one in self.part.identified(lambda: mask.places_in(text, secrets)):
            yield replace(
                one if one.fix is None else self.brought(one),
                span=to_file(one.span, self.offsets),
                subject=self.service,
                subject_kind="service",
            )

    def comments(self) -> Iterator[Comment]:
        return (comment_to_file(one, self.offsets) for one in self.part.comments)

    def secrets(self) -> Iterator[Span]:
        return (to_file(one, self.offsets) for one in self.part.secrets)

    def values(self) -> Iterator[str]:
        """The secrets as the inline text has them, which the file may spell with escapes."""
        return (self.part.text[one.start : one.end] for one in self.part.secrets)


def _secret_variables(project: Resolved, text_of: TextOf) -> tuple[str, ...]:
    """The secrets in files of variables, which Compose puts into any text of a project."""
    texts = [text for path in project.env_files if (text := text_of(path)) is not None]
    if not texts:
        return ()
    from dockerlint.link.dotenv import read_env
    from dockerlint.model.secret.carried import carried_names, is_literal_secret

    found = [text[span.start : span.end] for text in texts for span in secrets_in_text(text)]
    names = carried_names(project.sources.text, small_letters(project.sources.text))
    values = (read_env(text).get(name, "") for text in texts for name in names)
    return (*found, *filter(is_literal_secret, values))


def _joined(
    here: _LintedText, inline: Sequence[_Inline], text_of: TextOf, variables: tuple[str, ...]
) -> Linted:
    """All parts of a file under one mask: what is a secret in one of them is so in the others."""
    secrets = (*here.secrets, *(span for one in inline for span in one.secrets()))
    values = (*variables, *(value for one in inline for value in one.values()))
    mask = Mask(here.text, secrets, text_of, values)
    findings = here.identified(mask.places)
    if not inline:
        return Linted(findings, here.comments, mask, secrets=secrets, values=values)
    return Linted(
        in_order([*findings, *(finding for one in inline for finding in one.findings(mask))]),
        (*here.comments, *(comment for one in inline for comment in one.comments())),
        mask,
        secrets=secrets,
        values=values,
    )


def lint_nodes(
    roots: Iterable[Node],
    ruleset: Ruleset,
    text: str,
    mask: Mask,
    *,
    path: str,
    kind: str,
    failures: Failures,
) -> list[Finding]:
    """Lint trees that are no file of their own, such as suppressions, in a text under its mask."""
    nodes = (pair for root in roots for pair in walk(root))
    found = NodeLinter(ruleset, Promises(), path, kind, alone(text), failures).lint(nodes)
    return identified(found, text, mask.places)
