"""Which fixes are carried out as one: what several of them set on one service becomes one block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dockerlint.findings import Edit, Finding
from dockerlint.fix.compose import ORDERED, set_keys
from dockerlint.fix.yamltext import Refused, open_yaml


class Step(NamedTuple):
    """Findings that are fixed together, and the edits that do it."""

    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]


def steps(text: str, findings: Iterable[Finding]) -> list[Step]:
    """One step for each service that is given keys, one for every other fix, in the order of the findings."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        sets_keys = finding.fix is not None and finding.fix.keys and finding.subject is not None
        groups.setdefault(finding.subject if sets_keys else id(finding), []).append(finding)
    return [step for group in groups.values() for step in _planned(text, group)]


def singles(step: Step) -> Iterator[Step]:
    """The fixes of a step, each as a step of its own."""
    for finding in step.findings:
        yield Step((finding,), finding.fix.edits if finding.fix else ())


def _planned(text: str, group: list[Finding]) -> Iterator[Step]:
    """One step for all where their keys go together."""
    alone = Step(tuple(group), ())
    edits = _block(text, group) if len(group) > 1 else ()
    return iter([alone._replace(edits=edits)]) if edits else singles(alone)


def _block(text: str, group: list[Finding]) -> tuple[Edit, ...]:
    """The edits that give a service all keys at once; empty where they do not go together."""
    keys: dict[str, Any] = {}
    try:
        for finding in group:
            _join(keys, finding.fix.keys if finding.fix else {})
        return tuple(set_keys(open_yaml(text), str(group[0].subject), keys))
    except (Refused, _Clash):
        return ()


class _Clash(Exception):
    """Two fixes want different things."""


def _join(keys: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add keys to others: lists grow, everything else must agree."""
    for key, value in more.items():
        there = keys.setdefault(key, value)
        if isinstance(there, list) and isinstance(value, list):
            together = list(dict.fromkeys([*there, *value]))
            keys[key] = sorted(together) if key in ORDERED else together
        elif there != value:
            raise _Clash
