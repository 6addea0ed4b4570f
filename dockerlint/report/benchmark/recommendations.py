"""The lists of recommendations (rules/lists/benchmarks.yaml), each with the rules that decide it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from dockerlint.data import records, table
from dockerlint.findings import RuleInfo
from dockerlint.report.benchmark import AUDIT
from dockerlint.ruleset.shorthand import VERSIONS

RULE: Final = "rule"
HOST: Final = "host"
JUDGEMENT: Final = "judgement"
_NONE: Final = "-"
"""In place of a number: the version has no such recommendation."""


class Recommendation(NamedTuple):
    """One recommendation, in our own words."""

    id: str
    """Its number or name."""
    section: str
    title: str
    by: str
    """What decides it: RULE, JUDGEMENT of a person where rules can only speak against it, or HOST."""
    level: int = 0
    """Of the CIS Docker Benchmark; 0 elsewhere."""
    severity: str = ""
    """What a failure weighs; "" where each rule says it."""
    rules: frozenset[str] = frozenset()
    """Ids of the rules that speak about it."""
    whole: frozenset[str] = frozenset()
    """Those of them whose every finding counts, whatever `word` asks."""
    against: frozenset[str] = frozenset()
    """Those of them that can only speak against it: it does not matter what they do not know."""
    of: frozenset[str] = frozenset()
    """Kinds of subjects that it is about: container, image, network, daemon, project, dockerfile."""
    word: str = ""
    """What the message of a finding must hold to count."""

    def counts(self, rule: str, message: str) -> bool:
        """Whether a finding speaks against it."""
        return rule in self.rules and (rule in self.whole or self.word in message)


class Benchmark(NamedTuple):
    """A list of recommendations."""

    name: str
    """For people."""
    version: str
    """As it was asked for."""
    recommendations: tuple[Recommendation, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of all rules that speak about one of them."""
        return tuple(sorted({rule for one in self.recommendations for rule in one.rules}))


def read_benchmark(version: str, level: int, infos: Iterable[RuleInfo]) -> Benchmark:
    """One of BENCHMARKS, up to a level. `infos` are all rules there are."""
    if version == AUDIT:
        return Benchmark("Audit of containers and their host", version, tuple(_audit()))
    standards = _standards(version, infos)
    found = tuple(one for one in _cis(version, standards) if one.level <= level)
    levels = "level 1" if level == 1 else "levels 1 and 2"
    return Benchmark(f"CIS Docker Benchmark {version}, {levels}", version, found)


def _standards(version: str, infos: Iterable[RuleInfo]) -> dict[str, set[str]]:
    """The rules that name each number of a version."""
    found: dict[str, set[str]] = {}
    for info in infos:
        for number in info.standards.get(f"cis-docker-{version}", ()):
            found.setdefault(number, set()).add(info.id)
    return found


def _cis(version: str, standards: Mapping[str, set[str]]) -> Iterator[Recommendation]:
    sections = table("benchmarks", "cis-sections")
    for row in records("benchmarks", "cis-docker"):
        numbers = str(row["id"]).split()
        number = numbers[VERSIONS.index(version)] if len(numbers) > 1 else numbers[0]
        if number != _NONE:
            yield _recommendation(
                row, number, sections[number.partition(".")[0]], standards.get(number, set())
            )


def _audit() -> Iterator[Recommendation]:
    sections = table("benchmarks", "audit-areas")
    for row in records("benchmarks", "audit-items"):
        yield _recommendation(row, row["id"], sections[row["area"]], set())


def _recommendation(row: Mapping[str, Any], id: str, section: str, named: set[str]) -> Recommendation:
    also, but, against, of = (frozenset(row.get(key, "").split()) for key in ("also", "but", "against", "of"))
    return Recommendation(
        id=id,
        section=section,
        title=row["title"],
        by=row["by"],
        level=row.get("level", 0),
        severity=row.get("severity", ""),
        rules=frozenset((named - but) | also | against),
        whole=also | against,
        against=against,
        of=of,
        word=row.get("word", ""),
    )
