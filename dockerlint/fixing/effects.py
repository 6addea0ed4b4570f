"""What a changed file makes of the projects that it is part of: the keys that were meant change, and nothing
else in any service.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.findings import Finding, Refusal, Refused
from dockerlint.fixing.compose.limits import refuse_conflicts
from dockerlint.fixing.compose.text import BOUNDS, ComposeText, services_called
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.comparison import differences
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Node, Plain, as_mapping
from dockerlint.yaml.tree import load_plain, plain_of

_SERVICES: Final = "services"
_DEPLOYED: Final = dict(zip(BOUNDS, ("memory", "cpus", "pids"), strict=True))
_DEPTH: Final = 3
"""Section, name and key: so much of a path says what was meant."""


class Effect(NamedTuple):
    """A project as Compose merges it."""

    name: str
    """Its files, `compose.yaml + compose.override.yaml`."""
    root: Mapping | None
    """All that its files come to."""

    @property
    def merged(self) -> Plain:
        """The same as plain data, variables as written."""
        return None if self.root is None else plain_of(self.root)

    @property
    def services(self) -> frozenset[str]:
        """The names of its services."""
        return frozenset(self._section.entries)

    @property
    def _section(self) -> Mapping:
        return as_mapping(None if self.root is None else self.root.get(_SERVICES))

    def service(self, name: str) -> Node | None:
        """All that the files of the project say of a service."""
        return self._section.get(name)


class Harm(NamedTuple):
    """What fixes do to a project that they must not do."""

    refusal: Refusal
    services: frozenset[str]
    """The services that it is done to."""


def harm_of(
    texts: Iterable[tuple[str, str]],
    old: Sequence[Effect],
    new: Sequence[Effect],
    fixed: Sequence[Finding],
) -> Harm | None:
    """What changed texts, each as it was and is, make of projects that no fix of these findings meant."""
    if not old:
        return None
    written = {
        path[:_DEPTH] for before, after in texts for path in differences(_plain(before), _plain(after))
    }
    subjects = {name for one in fixed for name in (one.subject, *one.shared_with) if name is not None}
    for was, now in zip(old, new, strict=True):
        left, right = was.merged, now.merged
        changed = list(differences(left, right))
        if strays := [path for path in changed if not _is_meant(path, written, subjects)]:
            return Harm(
                Refusal(f"it would change {_called_together(strays)} of {now.name} too"), _services(strays)
            )
        for path in changed:
            if _has_duplicates(_at(right, path)) and not _has_duplicates(_at(left, path)):
                refusal = Refusal(f"another file of {now.name} sets the same in {_called(path)}")
                return Harm(refusal, _services([path]))
        for service, refusal in _contradictions(now, right, fixed):
            return Harm(refusal, frozenset((service,)))
    return None


def _services(paths: Iterable[Path]) -> frozenset[str]:
    """The services that values belong to."""
    return frozenset(str(path[1]) for path in paths if path[:1] == (_SERVICES,) and len(path) > 1)


def _is_meant(path: Path, written: set[Path], subjects: set[str]) -> bool:
    """Whether a value that changed is one that the edits wrote, or what a service takes over from it."""
    if any(path[: len(one)] == one for one in written):
        return True
    keys = {one[2] for one in written if one[:1] == (_SERVICES,) and len(one) == _DEPTH}
    return path[:1] == (_SERVICES,) and len(path) >= _DEPTH and path[1] in subjects and path[2] in keys


def _contradictions(effect: Effect, merged: Plain, fixed: Iterable[Finding]) -> Iterator[tuple[str, Refusal]]:
    """Why Compose or the image would refuse a service that was given something, behind its name."""
    for finding in fixed:
        name = finding.subject or ""
        body = _at(merged, (_SERVICES, name))
        if finding.fix is None or not isinstance(body, dict) or effect.root is None:
            continue
        whole = ComposeText("", effect.root, (), ())
        for key, value in finding.fix.keys.items():
            try:
                refuse_conflicts(whole, (_SERVICES, name), key, value)
            except Refused as refused:
                yield name, refused.refusal
        if finding.fix.moves and finding.fix.moves[0] in _names(body.get("environment")):
            yield name, Refusal(f"another file of {effect.name} sets {finding.fix.moves[0]} as well")
        if not _DEPLOYED.keys().isdisjoint(finding.fix.keys) and _contradicts_itself(body):
            yield name, Refusal(f"another file of {effect.name} sets limits below deploy")


def _contradicts_itself(body: dict[str, Plain]) -> bool:
    """Compose refuses bounds of a service that differ from those below `deploy`, also by being absent."""
    limits = _at(body, ("deploy", "resources", "limits"))
    if not isinstance(limits, dict):
        return False
    return any((own in body) != (name in limits) for own, name in _DEPLOYED.items() if own in body)


def _names(environment: Plain) -> set[str]:
    names = environment if isinstance(environment, (dict, list)) else ()
    return {str(name).partition("=")[0] for name in names}


def _has_duplicates(value: Plain) -> bool:
    return isinstance(value, list) and len({repr(one) for one in value}) < len(value)


def _at(value: Plain, path: Path) -> Plain:
    for step in path:
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _called_together(strays: Sequence[Path]) -> str:
    """The first, with every service for which the same key is among them."""
    first = strays[0]
    if first[:1] != (_SERVICES,) or len(first) < _DEPTH:
        return _called(first)
    same = (str(one[1]) for one in strays if one[:1] == (_SERVICES,) and one[2:_DEPTH] == first[2:_DEPTH])
    return f"{first[2]} of {services_called(list(dict.fromkeys(same)))}"


def _called(path: Path) -> str:
    if path[:1] == (_SERVICES,) and len(path) > 1:
        return (
            ".".join(map(str, path[2:_DEPTH])) + f" of service {path[1]}"
            if len(path) > 2
            else f"service {path[1]}"
        )
    return ".".join(map(str, path[:2]))


def _plain(text: str) -> Plain:
    return load_plain(text, COMPOSE)[0]
