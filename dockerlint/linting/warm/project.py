"""One Compose project that is linted again and again: a service that no edit touched keeps its findings.

Nothing is taken over unless the rules and every text around the edited file are the same. The model is read
anew; of a service whose YAML is the same, as is all outside of the services that it may rest on, the findings
move to where it stands now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

from dockerlint.findings import Finding
from dockerlint.kinds import TextOf, nobody
from dockerlint.link.resolve import Resolved
from dockerlint.linting.nodes.findings import NodeLinter
from dockerlint.linting.nodes.walk import walk
from dockerlint.model.container.container import Container
from dockerlint.model.container.project import Project
from dockerlint.model.node import Node
from dockerlint.parse.seentexts import SeenTexts
from dockerlint.ruleset.paths import remembered
from dockerlint.ruleset.rule import MEMORY, NotedAnswer, Scope, WatchedScope
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.syntax import Comment
from dockerlint.text import Span
from dockerlint.values import known
from dockerlint.yaml.nodes import Entry, Scalar, Sequence, as_mapping
from dockerlint.yaml.nodes import Node as YamlNode

_SERVICES = "services"
_Key = tuple[Any, ...]


class WarmProject:
    """What is remembered of one project."""

    reading: Final = None
    """Its model is read anew each time."""

    def __init__(self) -> None:
        self._ruleset: Ruleset | None = None
        self._texts = SeenTexts(nobody)
        self._around: _Key | None = None
        self._known: dict[_Key, _LintedService] = {}

    def take_up(self, ruleset: Ruleset, text_of: TextOf, builders: object = ()) -> TextOf:
        """Begin a version of the edited text; returns what gives the texts around it."""
        if self._ruleset is not ruleset or not self._texts.are_those_of(text_of):
            self._ruleset, self._texts, self._known = ruleset, SeenTexts(text_of), {}
        return self._texts.text_of

    def lint(
        self, project: Project, linter: NodeLinter, resolved: Resolved | None
    ) -> tuple[list[Finding], tuple[Comment, ...], tuple[Span, ...]]:
        """Findings, comments and secrets of the version that was read last."""
        assert resolved is not None
        before, self._known = self._known, {}
        secrets: set[Span] = set()
        found: list[Finding] = []
        around = _around(resolved)
        if around is None or around != self._around:
            before = {}
        self._around = around
        entries = as_mapping(resolved.root and resolved.root.get(_SERVICES)).entries
        for node, scope in walk(project, is_closed=_is_service):
            if not isinstance(node, Container):
                secrets.update(getattr(node, "secret_spans", ()))
                found += linter.lint([(node, scope)])
                continue
            key = _key(node, entries.get(known(node.name) or ""), resolved)
            service = before.get(key) if key is not None else None
            if service is None or not service.holds(scope):
                service = _linted(node, scope, linter)
            if key is not None and service.can_move:
                self._known[key] = service
            by = node.span.start - service.start
            found += service.findings if not by else (_moved_finding(one, by) for one in service.findings)
            secrets.update(_moved(one, by) for one in service.secrets)
        return found, project.comments, tuple(sorted(secrets))


def _is_service(node: Node) -> bool:
    return isinstance(node, Container)


class _LintedService(NamedTuple):
    """What was found in a service, with the places that it had then."""

    start: int
    findings: tuple[Finding, ...]
    secrets: tuple[Span, ...]
    asked: tuple[tuple[str, NotedAnswer], ...]
    """What rules asked of the project."""
    can_move: bool
    """All places are in the service, and all that rules asked of the project can be asked again."""

    def holds(self, scope: Scope) -> bool:
        """Whether the project answers the same now."""
        return all(remembered(path, kind, scope, find) == found for path, (kind, find, found) in self.asked)


def _linted(container: Container, scope: Scope, linter: NodeLinter) -> _LintedService:
    """Ask all rules about a service, and note what they ask of the project."""
    around = frozenset(scope) - {*container.KINDS, MEMORY}
    findings: list[Finding] = []
    secrets: set[Span] = set()
    asked: dict[str, NotedAnswer] = {}
    is_open = False
    for node, inner in walk(container, scope):
        secrets.update(getattr(node, "secret_spans", ()))
        seen = WatchedScope(inner, around)
        findings += linter.lint([(node, seen)])
        asked |= seen.asked
        is_open = is_open or seen.is_open
    places = [*secrets, *(place for one in findings for place in (one.span, *one.parts, *one.chain))]
    is_here = all(_is_within(one, container.span) for one in places)
    return _LintedService(
        container.span.start, tuple(findings), tuple(secrets), tuple(asked.items()), is_here and not is_open
    )


def _is_within(place: Span, service: Span) -> bool:
    return not place.source and service.start <= place.start and place.end <= service.end


def _moved(place: Span, by: int) -> Span:
    return Span(place.start + by, place.end + by, place.source)


def _moved_finding(finding: Finding, by: int) -> Finding:
    parts = tuple(_moved(one, by) for one in finding.parts)
    return replace(finding, span=_moved(finding.span, by), parts=parts)


def _around(resolved: Resolved) -> _Key | None:
    """What stands outside of the services; None where that cannot be told apart from them."""
    told: list[Any] = [resolved.is_whole, resolved.is_alone, tuple(sorted(resolved.environment.items()))]
    for name, entry in as_mapping(resolved.root).entries.items():
        if name != _SERVICES and not _tell(entry, entry.span, told):
            return None
    return tuple(told)


def _key(container: Container, entry: Entry | None, resolved: Resolved) -> _Key | None:
    """What the findings of a service rest on; None for one that is made of more than its own lines."""
    if entry is None or entry.span != container.span or len(container.origins) != 1:
        return None
    if as_mapping(entry.value).get("extends") is not None:
        return None
    told: list[Any] = [
        container.is_partial,
        container.is_front_door,
        container.image is not None and container.image.is_local,
        resolved.sources.text[entry.span.start : entry.span.end],
    ]
    return tuple(told) if _tell(entry, entry.span, told) else None


def _tell(entry: Entry, within: Span, told: list[Any]) -> bool:
    """Add all that an entry says, with places from the start of another one; False where it leads out."""
    told += (entry.is_merged, entry.span.end - within.start)
    return _tell_node(entry.key, within, told) and _tell_node(entry.value, within, told)


def _tell_node(node: YamlNode, within: Span, told: list[Any]) -> bool:
    span, start = node.span, within.start
    if span.start < start or span.end > within.end:
        return False
    told += (span.start - start, span.end - start, node.tag)
    if isinstance(node, Scalar):
        told += (node.text, node.style)
        return True
    if isinstance(node, Sequence):
        told += (len(node.items), node.is_flow)
        return all(_tell_node(one, within, told) for one in node.items)
    told += (len(node.entries), node.is_flow, node.is_partial)
    return all(_tell(one, within, told) for one in node.entries.values())
