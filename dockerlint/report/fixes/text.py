"""What `fix` prints: what was fixed, what is left and why; or the differences, each with its promise."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from dockerlint.findings import Finding, Refusal, Tier
from dockerlint.fixing.results import Applied, Result
from dockerlint.masking.mask import hide_alone
from dockerlint.report.difference import Hunk, file_hunks, hunks
from dockerlint.report.fixes.brief import Notes, brief_applied, brief_left
from dockerlint.report.fixes.shown import masked_result
from dockerlint.report.prose import told_alone
from dockerlint.report.screen import harmless, is_command, visible
from dockerlint.text import MASK, Source
from dockerlint.workspace.newfiles import Planned

_ASKED_BY: Final = {
    Tier.HARDEN: "with --harden",
    Tier.UNPROVEN: "with --harden --unproven",
    Tier.ADVICE: "advice",
}
"""What has fixes of a tier made that were not asked for."""


def about(
    path: str,
    source: Source | None,
    result: Result | None,
    files: Sequence[Planned],
    obstacle: str,
    least: Tier,
    *,
    is_verbose: bool = True,
    is_diff: bool = False,
) -> str:
    """All about one file; "" for one in which nothing is wrong.

    By default every fix and finding has a line; without `is_verbose` every service and stage has one. A
    difference writes nothing, so it is told what would be done.
    """
    path = hide_alone(path)
    failures = result.failures if result else ()
    is_told = obstacle or failures or (result and (result.applied or result.left))
    lines = [visible(path)] if is_told else []
    if obstacle:
        lines.append(f"  not fixed: {visible(hide_alone(obstacle))}")
    lines += [f"  not evaluated: {visible(hide_alone(failure))}" for failure in failures]
    if source is not None and result is not None and not obstacle:
        result = masked_result(result)
        tell = _in_full if is_verbose else _in_brief
        made = [_made(path, file, is_diff) for file in files]
        lines += [
            f"  {line}" for line in tell(path, result, made, least, "would fix" if is_diff else "fixed")
        ]
    return harmless("".join(f"{line}\n" for line in lines))


def _in_full(path: str, result: Result, made: Iterable[str], least: Tier, verb: str) -> Iterator[str]:
    yield from _applied(result.applied, path, verb)
    yield from made
    after = Source(path, result.text)
    refusals = {_key(one.finding): one.refusal for one in result.withheld}
    told: set[str] = set()
    for one in result.left:
        yield _left(one, after, refusals.get(_key(one)), least, told)


def _in_brief(path: str, result: Result, made: Iterable[str], least: Tier, verb: str) -> Iterator[str]:
    notes = Notes()
    refusals = {_key(one.finding): one.refusal for one in result.withheld}
    yield from brief_applied(result.applied, verb, notes)
    yield from made
    yield from brief_left(result.left, lambda one: _why_in_brief(one, refusals.get(_key(one)), least))
    yield from notes.lines()


def difference(path: str, source: Source, result: Result, files: Sequence[Planned]) -> str:
    """The differences as patches, above each what it does, what it promises and what to mind."""
    told: set[str] = set()
    path = hide_alone(path)
    result = masked_result(result)
    pieces = list(_files(path, result, files, told))
    for hunk in hunks(path, source.text, result):
        pieces += _comments(_promises(hunk.applied, told))
        pieces += _shown(path, hunk)
    return "".join(pieces)


def _shown(path: str, hunk: Hunk) -> Iterator[str]:
    is_shown = hunk.patch and MASK not in path and not is_command(path)
    if is_shown and hunk.is_bare:
        yield from _comments([BARE])
    yield from [hunk.patch] if is_shown else _comments([f"{path}:{hunk.line}: {LEFT_OUT}"])


def _files(path: str, result: Result, files: Sequence[Planned], told: set[str]) -> Iterator[str]:
    """The other files, and above them once what they are for."""
    asking: dict[str, list[Applied]] = {}
    for one in result.applied:
        for path_asked in dict.fromkeys(file.path for file in one.fix.files):
            asking.setdefault(path_asked, []).append(one)
    explained: set[int] = set()
    for file in files:
        new = [one for one in asking.get(file.asked, ()) if id(one) not in explained]
        yield from _comments(_promises(new, told))
        explained.update(map(id, new))
        if file.is_secret:
            yield from _comments(
                [f"{_next_to(path, file)} would be created with the value, which is not shown: {MASK}"]
            )
        else:
            for hunk in file_hunks(_next_to(path, file), file):
                yield from _shown(_next_to(path, file), hunk)


BARE: Final = (
    "a secret is right below, so no other lines are shown; git apply needs --unidiff-zero for this change"
)
LEFT_OUT: Final = "not shown: it contains a secret, or one is right below; dockerlint fix makes this change"


def _comments(lines: Iterable[str]) -> Iterator[str]:
    return (harmless(f"# {visible(line)}\n") for line in lines)


def _next_to(path: str, file: Planned) -> str:
    """The path of another file as the reports show paths."""
    return hide_alone(posixpath.join(posixpath.dirname(path), file.shown))


def _made(path: str, file: Planned, is_diff: bool) -> str:
    what = "create secret" if file.is_secret else "create" if file.source is None else "update"
    done = f"would {what}" if is_diff else what.replace("ate", "ated")
    return f"{done}: {visible(_next_to(path, file))}"


def _applied(applied: Iterable[Applied], path: str, verb: str) -> Iterator[str]:
    told: set[str] = set()
    for before, fixes in groupby(applied, lambda one: one.before):
        source = Source(path, before)
        for one in fixes:
            place = source.position(one.finding.span.start)
            yield f"{verb} {place.line}:{place.column}  {_promise(one, told)}"


def _promises(applied: Iterable[Applied], told: set[str]) -> Iterator[str]:
    """What the fixes of one change promise, each once; of several services or stages each by its name."""
    subjects: dict[tuple[str, str, str], list[str]] = {}
    for one in applied:
        rule = f"[{one.fix.tier}] {one.finding.rule.id} {one.finding.rule.name}"
        key = (rule, one.fix.title, one.fix.caveat)
        subjects.setdefault(key, []).append(one.finding.label or one.finding.subject or "")
    are_several = len({name for names in subjects.values() for name in names if name}) > 1
    for (rule, title, caveat), names in subjects.items():
        of = ", ".join(dict.fromkeys(name for name in names if name)) if are_several else ""
        yield f"{rule}{of and f' ({of})'}: {title}{_note(caveat, told)}"


def _promise(one: Applied, told: set[str]) -> str:
    rule = f"[{one.fix.tier}] {one.finding.rule.id} {one.finding.rule.name}"
    return f"{rule}: {one.fix.title}{_note(one.fix.caveat, told)}"


def _note(caveat: str, told: set[str]) -> str:
    """A caveat, told once in a file: what stands above every change is read above none."""
    if not caveat:
        return ""
    if caveat in told:
        return "; note as above"
    told.add(caveat)
    return f"; note: {caveat}"


def _left(finding: Finding, after: Source, withheld: Refusal | None, least: Tier, told: set[str]) -> str:
    place = after.position(finding.span.start)
    rule = f"{finding.severity!s:8} {finding.rule.id} {finding.rule.name}"
    what = f"left  {place.line}:{place.column}  {rule}: {visible(told_alone(finding))}"
    return f"{what} ({visible(_why(finding, withheld, least, told))})"


def _key(finding: Finding) -> tuple[str, int, int]:
    return (finding.rule.id, finding.span.start, finding.span.end)


def _why_in_brief(finding: Finding, withheld: Refusal | None, least: Tier) -> str:
    """The same without what a fix would do and mind."""
    if withheld is None and finding.fix is not None and finding.fix.tier < least:
        return _ASKED_BY[finding.fix.tier]
    return _why(finding, withheld, least, set())


def _why(finding: Finding, withheld: Refusal | None, least: Tier, told: set[str]) -> str:
    if withheld is not None:
        return f"fix withheld: {withheld.reason}"
    unfixed = finding.unfixed
    if finding.fix is None:
        return "no fix" if unfixed is None else f"not fixed: {unfixed.reason}"
    if finding.fix.tier < least:
        tier = finding.fix.tier
        reason = "" if unfixed is None else f"; not done here: {unfixed.reason}"
        caveat = "" if tier is Tier.HARDEN else finding.fix.caveat
        return f"{_ASKED_BY[tier]}: {finding.fix.title}{reason}{_note(caveat, told)}"
    return "not reached"
