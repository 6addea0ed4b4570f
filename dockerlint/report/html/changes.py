"""What a fix would write, as lines of a difference, as far as the masked line in the report shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dockerlint.findings import Edit, Fix
from dockerlint.report.results import Diagnostic, Place, Region
from dockerlint.report.screen import visible
from dockerlint.text import MASK


class ShownChange(NamedTuple):
    """A stretch of lines that is replaced."""

    line: int
    """1-based, in the file before the fix."""
    removed: tuple[str, ...]
    added: tuple[str, ...]
    note: str = ""
    """What stands in place of removed lines that the report does not hold."""


def changes(diagnostic: Diagnostic) -> list[ShownChange]:
    """The changes to the file of a finding, in its order; [] where a report may not show them."""
    fix = diagnostic.finding.fix
    if fix is None or len(diagnostic.regions) != len(fix.edits) or not _stays_in_file(fix, diagnostic):
        return []
    pairs = sorted(zip(diagnostic.regions, fix.edits, strict=True), key=lambda pair: pair[0])
    return list(_merged(diagnostic.place, pairs))


def _stays_in_file(fix: Fix, diagnostic: Diagnostic) -> bool:
    return all(edit.span.source == diagnostic.finding.span.source for edit in fix.edits)


def _merged(place: Place, pairs: list[tuple[Region, Edit]]) -> Iterator[ShownChange]:
    """Edits of the line that the report shows make one change; the others are one each."""
    shown = _whole_line(place)
    here = [pair for pair in pairs if shown and pair[0].line == pair[0].end_line == place.line]
    if here and not _is_insertion_of_lines(*here[0]):
        line = shown.encode()
        for region, edit in reversed(here):
            line = line[: region.column - 1] + edit.text.encode() + line[region.end_column - 1 :]
        yield ShownChange(place.line, (visible(shown),), _lines(line.decode("utf-8", "replace")))
        pairs = [pair for pair in pairs if pair not in here]
    for region, edit in pairs:
        yield ShownChange(region.line, (), _lines(edit.text), _replaced(region))


def _whole_line(place: Place) -> str:
    """The line of a finding where the report holds all of it; "" where it is cut or masked."""
    is_cut = "…" in place.excerpt or MASK in place.excerpt or place.mark[0] != place.column - 1
    return "" if is_cut else place.excerpt


def _is_insertion_of_lines(region: Region, edit: Edit) -> bool:
    return _is_empty(region) and edit.text.endswith("\n") and region.column == 1


def _is_empty(region: Region) -> bool:
    return (region.line, region.column) == (region.end_line, region.end_column)


def _replaced(region: Region) -> str:
    if _is_empty(region):
        return ""
    if region.line == region.end_line:
        return f"columns {region.column} to {region.end_column - 1} of line {region.line} become"
    return f"lines {region.line} to {region.end_line} become"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(visible(line) for line in text.strip("\n").split("\n"))
