"""What `rules list` prints: rules in columns or as JSON, all of them or those that filters leave."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from dockerlint.errors import UserError
from dockerlint.findings import RuleInfo, rule_order
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.ruleset.rule import Rule
from dockerlint.ruleset.ruleset import load_ruleset

JSON = "json"


@dataclass(frozen=True, slots=True)
class RuleFilters:
    """Which rules are wanted; what is empty asks nothing."""

    fixable: bool = False
    profile: str | None = None
    severities: Sequence[str] = ()
    cis: Sequence[str] = ()
    """Numbers of the CIS Docker Benchmark; a section stands for all in it."""
    kind: str | None = None
    """The kind of file that rules are about."""


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, and the kinds of file that it is about."""

    info: RuleInfo
    kinds: tuple[str, ...]


def list_rules(
    folders: tuple[str, ...],
    stdout: TextIO,
    stderr: TextIO,
    filters: RuleFilters | None = None,
    format: str = "text",
) -> int:
    """One line a rule: id, severity, profile, fix, name, title; 2 where a rule of the user is not sound."""
    try:
        ruleset = load_ruleset(directories=folders)
    except UserError as error:
        stderr.write(complaint(str(error)))
        return 2
    rows = [Row(rule.info, _kinds(rule)) for rule in ruleset.rules]
    rows.sort(key=lambda row: rule_order(row.info.id))
    kept = [row for row in rows if _fits(row, filters or RuleFilters())]
    if format == JSON:
        stdout.write(json.dumps([_as_json(row) for row in kept], indent=2) + "\n")
    else:
        stdout.write(harmless("".join(f"{line}\n" for line in _lines(kept))))
    for mistake in ruleset.mistakes:
        stderr.write(complaint(str(mistake)))
    return 2 if ruleset.mistakes else 0


def _kinds(rule: Rule) -> tuple[str, ...]:
    from dockerlint.ruleset.fields import files_with, kinds

    return files_with(kinds()[rule.each])


def _fits(row: Row, filters: RuleFilters) -> bool:
    info = row.info
    return (
        (not filters.fixable or info.fix_tier is not None)
        and filters.profile in (None, info.profile)
        and (not filters.severities or str(info.severity) in filters.severities)
        and (not filters.cis or any(_is_part(one, part) for one in _cis(info) for part in filters.cis))
        and (filters.kind is None or filters.kind in row.kinds)
    )


def _cis(info: RuleInfo) -> set[str]:
    """Every number that some version of the benchmark has for a rule."""
    return {one for name, ids in info.standards.items() if name.startswith("cis-docker") for one in ids}


def _is_part(number: str, section: str) -> bool:
    return f"{number}.".startswith(f"{section}.")


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """The columns, each as wide as its widest cell."""
    cells = [_cells(row.info) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        columns = (f"{visible(cell):{width}}" for cell, width in zip(line, widths, strict=True))
        yield "  ".join(columns).rstrip()


def _cells(info: RuleInfo) -> tuple[str, ...]:
    tier = "-" if info.fix_tier is None else str(info.fix_tier)
    return info.id, str(info.severity), info.profile, tier, info.name, info.title


def _as_json(row: Row) -> dict[str, Any]:
    info = row.info
    return {
        "id": info.id,
        "name": info.name,
        "title": info.title,
        "severity": str(info.severity),
        "confidence": str(info.confidence),
        "profile": info.profile,
        "kinds": list(row.kinds),
        "fix": None if info.fix_tier is None else str(info.fix_tier),
        "standards": {name: list(ids) for name, ids in info.standards.items()},
        "aliases": list(info.aliases),
        "covers": dict(info.covers),
    }
