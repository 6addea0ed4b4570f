"""Which fixes are carried out as one.

What several of them set on one service becomes one block, and secrets move to files together, so that
services with the same one share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dockerlint.findings import Edit, Finding, NewFile, Refused
from dockerlint.fixing.compose.actions import ORDERED
from dockerlint.fixing.compose.secrets import move_all
from dockerlint.fixing.compose.secretvalue import Move
from dockerlint.fixing.compose.text import open_compose
from dockerlint.fixing.request import Change
from dockerlint.kinds import KINDS


class Step(NamedTuple):
    """Findings that are fixed together, and the edits that do it."""

    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]
    files: tuple[NewFile, ...] = ()


def steps(text: str, findings: Iterable[Finding]) -> list[Step]:
    """One step for each service that is given keys, one for all secrets, and one for every other fix.

    They are in the order of the findings.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_group(finding), []).append(finding)
    return [step for group in groups.values() for step in _planned(text, group)]


def _group(finding: Finding) -> object:
    """What fixes have in common that are carried out as one."""
    if finding.fix is None:
        return id(finding)
    if finding.fix.moves is not None and finding.subject is not None:
        return "moves"
    return ("keys", finding.subject) if finding.fix.keys else id(finding)


def singles(step: Step) -> Iterator[Step]:
    """The fixes of a step, each as a step of its own."""
    for finding in step.findings:
        yield Step((finding,), finding.fix.edits, finding.fix.files) if finding.fix else Step((finding,), ())


def edits_of(planned: Iterable[Step]) -> list[Edit]:
    """The edits of steps."""
    return [edit for step in planned for edit in step.edits]


def files_of(planned: Iterable[Step]) -> list[NewFile]:
    """The files that steps make or complete."""
    return [file for step in planned for file in step.files]


def findings_of(planned: Iterable[Step]) -> list[Finding]:
    """What steps fix."""
    return [finding for step in planned for finding in step.findings]


def _planned(text: str, group: list[Finding]) -> Iterator[Step]:
    """One step for all where they go together."""
    together = Step(tuple(group), ())
    if len(group) > 1:
        is_move = group[0].fix is not None and group[0].fix.moves is not None
        change = _moved(text, group) if is_move else Change(_block(text, group))
        together = together._replace(edits=change.edits, files=change.files)
    return iter([together]) if together.edits else singles(together)


def _moved(text: str, group: list[Finding]) -> Change:
    """The edits that move the values of all these findings to files; none where they do not go together."""
    fixes = [(str(finding.subject), finding.fix.moves) for finding in group if finding.fix]
    moves = [Move(service, *move) for service, move in fixes if move is not None]
    try:
        return move_all(open_compose(text), list(dict.fromkeys(moves)))
    except Refused:
        return Change()


def _block(text: str, group: list[Finding]) -> tuple[Edit, ...]:
    """The edits that give a service or daemon all keys at once; empty where they do not go together."""
    keys: dict[str, Any] = {}
    try:
        fixes = [finding.fix for finding in group if finding.fix]
        # What a user other than root needs takes the place of what root does.
        for fix in sorted(fixes, key=lambda fix: "user" in fix.keys):
            if "user" in fix.keys:
                keys |= fix.keys
            _join(keys, fix.keys)
        block: tuple[Edit, ...] = KINDS[group[0].kind].part("block")(text, group[0].subject, keys)
        return block
    except (Refused, _Disagreement):
        return ()


class _Disagreement(Exception):
    """Two fixes want different things."""


def _join(keys: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add keys to others: lists grow, everything else must agree."""
    for key, value in more.items():
        there = keys.setdefault(key, value)
        if isinstance(there, list) and isinstance(value, list):
            together = list(dict.fromkeys([*there, *value]))
            keys[key] = sorted(together) if key in ORDERED else together
        elif there != value:
            raise _Disagreement
