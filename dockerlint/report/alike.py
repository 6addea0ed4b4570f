"""What a file says several times, told to people as one finding.

Programs get each finding. People act on a kind of fault in one go, so the same rule is told once for a
service or stage with all its places, and once for all services of which it says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from dockerlint.report.lacking import NOT_HARDENED, once_a_service
from dockerlint.report.results import Diagnostic

_ONE_BY_ONE: Final = frozenset({"parse-problem"})
"""Rules each of whose findings is about something else, unless the message is the same."""


def once_a_file(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings of a file for people, the same fault of a subject and of several services being one."""
    told = _joined(once_a_service(diagnostics), _fault_of_subject, _with_more_places)
    return _joined(told, _fault_of_services, _with_more_services)


def _joined(
    diagnostics: Iterable[Diagnostic],
    key: Callable[[Diagnostic], Hashable],
    join: Callable[[list[Diagnostic]], Diagnostic],
) -> list[Diagnostic]:
    """Those with an equal key as one, at the place of the first; those without a key as they are."""
    groups: dict[Hashable, list[Diagnostic]] = {}
    for one in diagnostics:
        groups.setdefault(key(one) or id(one), []).append(one)
    return [group[0] if len(group) == 1 else join(group) for group in groups.values()]


def _fault_of_subject(one: Diagnostic) -> Hashable:
    finding = one.finding
    if finding.rule.name in _ONE_BY_ONE:
        return finding.rule.id, finding.severity, finding.message, one.place.path
    if finding.subject is None:
        return None
    services = (finding.subject, *finding.shared_with)
    return finding.rule.id, finding.severity, services, finding.project, one.place.path


def _with_more_places(group: list[Diagnostic]) -> Diagnostic:
    first = group[0]
    others = {one.place.line: one.place for one in group[1:] if one.place.line != first.place.line}
    return first._replace(
        finding=replace(
            first.finding,
            message=f"{first.finding.message}; {len(group) - 1} more",
            fix=next((one.finding.fix for one in group if one.finding.fix is not None), None),
        ),
        more=tuple(others.values()),
    )


def _fault_of_services(one: Diagnostic) -> Hashable:
    finding = one.finding
    if finding.subject_kind != "service":
        return None
    said = finding.rule.id, finding.severity, finding.message
    return said, finding.project, finding.profiles, one.place.path


def _with_more_services(group: list[Diagnostic]) -> Diagnostic:
    finding = group[0].finding
    named = chain.from_iterable((one.finding.subject, *one.finding.shared_with) for one in group)
    others = dict.fromkeys(name for name in named if name not in (None, finding.subject))
    places = [place for one in group[1:] for place in (one.place, *one.more)]
    return group[0]._replace(
        finding=replace(finding, shared_with=tuple(name for name in others if name is not None)),
        more=() if finding.rule.name == NOT_HARDENED or finding.rule.missing else (*group[0].more, *places),
    )
