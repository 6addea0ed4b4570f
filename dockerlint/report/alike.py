"""What a file says several times, told to people as one finding.

Programs get each finding. People act on a kind of fault in one go, so a rule is told once for all services or
stages of a file, with all its places.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from dockerlint.findings import Finding
from dockerlint.report.lacking import NOT_HARDENED, once_a_service
from dockerlint.report.results import Diagnostic
from dockerlint.report.takenin import once_a_place

_ONE_BY_ONE: Final = frozenset({"parse-problem"})
"""Rules each of whose findings is about something else, unless the message is the same."""


def once_a_file(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings of a file for people, those of one rule being one, and those that another takes in."""
    return _joined(once_a_place(once_a_service(diagnostics)))


def _joined(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Those with an equal key as one, at the place of the first; those without a key as they are."""
    groups: dict[Hashable, list[Diagnostic]] = {}
    for one in diagnostics:
        groups.setdefault(_fault(one) or id(one), []).append(one)
    return [group[0] if len(group) == 1 else _as_one(group) for group in groups.values()]


def _fault(one: Diagnostic) -> Hashable:
    """What is told once: a rule for all services or stages of a file."""
    finding = one.finding
    said = finding.rule.id, finding.severity, one.place.path
    if finding.rule.name in _ONE_BY_ONE:
        return *said, finding.message
    if finding.subject is None and not finding.label:
        return None
    lack = finding.message if finding.rule.name == NOT_HARDENED else ""
    return *said, finding.subject_kind, finding.project, lack


def _as_one(group: list[Diagnostic]) -> Diagnostic:
    first = group[0]
    fixes = (one.finding.fix for one in group)
    is_absence = first.finding.rule.name == NOT_HARDENED or first.finding.rule.missing
    apart = () if is_absence else (one.place for one in group[1:] if one.place.line != first.place.line)
    others = {place.line: place for place in apart}
    finding = replace(
        _of_all_subjects([one.finding for one in group]),
        message=f"{first.finding.message}{_number_of_more(group, len(others))}",
        fix=next((fix for fix in fixes if fix is not None), None),
    )
    return first._replace(finding=finding, more=tuple(others.values()))


def _number_of_more(group: list[Diagnostic], shown: int) -> str:
    """`; 2 more` where one says more of a service than its name among those that the heading lists.

    No fewer than the `shown` lines below, which the reader counts.
    """
    first = group[0].finding
    told: set[str | None] = {first.subject}
    more = 0
    for one in group[1:]:
        more += one.finding.message != first.message or one.finding.subject in told
        told.add(one.finding.subject)
    return f"; {max(more, shown)} more" if more else ""


def _of_all_subjects(findings: list[Finding]) -> Finding:
    """The first of them, with the services or stages of all."""
    first = findings[0]
    if first.subject_kind == "service":
        named = chain.from_iterable((one.subject, *one.shared_with) for one in findings)
        others = dict.fromkeys(name for name in named if name not in (None, first.subject))
        is_same = all(one.profiles == first.profiles for one in findings)
        shared = tuple(name for name in others if name is not None)
        return replace(first, shared_with=shared, profiles=first.profiles if is_same else ())
    names = list(dict.fromkeys(one.label or one.subject or "" for one in findings))
    builders = dict.fromkeys(chain.from_iterable(one.built_by for one in findings))
    label = first.label if len(names) == 1 else f"stages {', '.join(_short(name) for name in names)}"
    return replace(first, label=label, built_by=tuple(builders))


def _short(label: str) -> str:
    """How a stage is called in a row of them."""
    return label.removeprefix("stage ").removesuffix(" stage")
