"""Several configs of other tools → the settings of one config of ours, and what none of these can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dockerlint.findings import RuleInfo, Severity, rule_order
from dockerlint.migration.carried import Carried, CarriedOverride, NotCarried, name_shown
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.workspace.config import NEVER

BROKEN_FILE: Final = "DK000"
"""The rule for files that do not parse, which every tool refuses."""


class Remark(NamedTuple):
    """An entry of a list or a table, and what stands behind it as a comment."""

    value: str
    comment: str = ""


@dataclass(slots=True)
class Settlement:
    """A config of ours, in its words."""

    select: list[Remark] = field(default_factory=list)
    ignore: list[Remark] = field(default_factory=list)
    severity: dict[str, Remark] = field(default_factory=dict)
    fail_on: str = ""
    """Empty where none of the tools' configs says it."""
    exclude: list[str] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)
    forbid_inline: bool = False
    overrides: list[CarriedOverride] = field(default_factory=list)
    """Their rules are named as ours names them: `trivy:DS-0002`."""
    lost: list[NotCarried] = field(default_factory=list)


def settle(parts: Sequence[Carried], ruleset: Ruleset, reasons: Mapping[str, str]) -> Settlement:
    """Bring configs together: what one of them switches off is off. `reasons` say why an id has no rule."""
    settlement = Settlement(select=[Remark(BROKEN_FILE, "files that cannot be read")])
    running = _Running(parts, ruleset)
    for part in parts:
        _select(part, running, settlement, reasons)
        _ignore(part, running, settlement, ruleset)
        settlement.exclude += _printable(part, part.exclude, settlement)
        for name, words in part.words.items():
            settlement.words.setdefault(name, []).extend(words)
        settlement.forbid_inline |= part.forbid_inline
        for override in part.overrides:
            _override(part, override, running, settlement)
        settlement.lost += [NotCarried(f"{part.path}: {one.what}", one.why) for one in part.lost]
    threshold = _threshold(parts)
    settlement.fail_on = "" if threshold is None else str(threshold)
    if threshold is not None:
        ignored = {info.id for one in settlement.ignore for info in ruleset.by_peer.get(one.value, ())}
        settlement.severity = dict(_severities(running, ignored, threshold))
    return settlement


class _Running:
    """The rules of ours that take the place of what the tools run."""

    def __init__(self, parts: Sequence[Carried], ruleset: Ruleset) -> None:
        self.by_peer = ruleset.by_peer
        self.peers = ruleset.peers
        self.asking: dict[str, tuple[RuleInfo, list[tuple[Carried, str]]]] = {}
        """By id of ours: who runs it, under which id."""
        for part in parts:
            for id in part.levels.keys() - part.ignored.keys():
                for info in self.of(part, id):
                    self.asking.setdefault(info.id, (info, []))[1].append((part, id))

    def of(self, part: Carried, id: str) -> tuple[RuleInfo, ...]:
        """What takes the place of a rule of a tool."""
        return self.by_peer.get(f"{part.peer}:{id}", ())

    def others(self, info: RuleInfo) -> list[str]:
        """The rules of tools that run and that one of ours stands for."""
        return sorted(f"{part.peer}:{id}" for part, id in self.asking.get(info.id, (info, []))[1])


def _select(part: Carried, running: _Running, settlement: Settlement, reasons: Mapping[str, str]) -> None:
    """The rules of a tool, without those that it runs only when it is asked to."""
    known = running.peers[part.peer]
    for id in sorted(part.levels):
        if not running.of(part, id):
            why = reasons.get(f"{part.peer}:{id}", "no rule of dockerlint answers it")
            part.lose(id, why if id in known else f"{part.peer} has no such rule")
    if part.only:
        settlement.select += [
            Remark(f"{part.peer}:{id}") for id in sorted(part.levels) if running.of(part, id)
        ]
        return
    settlement.select.append(Remark(part.peer, f"what {part.peer} checks"))
    for id in sorted(set(known) - part.levels.keys()):
        infos = running.of(part, id)
        if infos and not any(running.others(info) for info in infos) and id not in part.ignored:
            settlement.ignore.append(Remark(f"{part.peer}:{id}", f"{part.peer} runs it only on request"))


def _ignore(part: Carried, running: _Running, settlement: Settlement, ruleset: Ruleset) -> None:
    for id, reason in part.ignored.items():
        infos = running.of(part, id)
        if not infos:
            part.lose(id, "no rule of dockerlint answers it, so there is nothing to ignore")
            continue
        settlement.ignore.append(Remark(f"{part.peer}:{id}", reason))
        for info in infos:
            if others := running.others(info):
                names = f"{', '.join(others)} as well"
                part.lose(f"{id} alone", f"{info.id} {info.name} is ignored, which stands for {names}")


def _override(part: Carried, override: CarriedOverride, running: _Running, settlement: Settlement) -> None:
    named = [f"{part.peer}:{id}" for id in override.ignore if running.of(part, id)]
    for id in override.ignore:
        if not running.of(part, id):
            part.lose(id, "no rule of dockerlint answers it, so there is nothing to ignore")
    files = tuple(_printable(part, override.files, settlement))
    if not named or len(files) < len(override.files):
        return
    for at, other in enumerate(settlement.overrides):
        if other._replace(ignore=()) == override._replace(ignore=()):
            settlement.overrides[at] = other._replace(ignore=(*other.ignore, *named))
            return
    settlement.overrides.append(override._replace(ignore=tuple(named)))


def _printable(part: Carried, patterns: Iterable[str], settlement: Settlement) -> list[str]:
    """Patterns that are one line each."""
    good: list[str] = []
    for one in patterns:
        if one.isprintable():
            good.append(one)
        else:
            settlement.lost.append(NotCarried(f"{part.path}: {name_shown(one)}", "not a path on one line"))
    return good


def _threshold(parts: Sequence[Carried]) -> Severity | str | None:
    """The highest of the thresholds: what fails by a lower one gets a severity that reaches it."""
    saying = [part for part in parts if part.never_fails or part.fail_on is not None]
    failing = [part.fail_on for part in saying if part.fail_on is not None and not part.never_fails]
    if failing:
        return max(failing)
    return NEVER if saying else None


def _severities(
    running: _Running, ignored: set[str], threshold: Severity | str
) -> Iterator[tuple[str, Remark]]:
    """The severities that a config sets, and those without which a run would end otherwise."""
    for id, (info, asking) in sorted(running.asking.items(), key=lambda one: rule_order(one[0])):
        levels = [level for part, other in asking if (level := part.levels[other]) is not None]
        if id in ignored or id == BROKEN_FILE or not levels:
            continue
        wanted = max(levels)
        is_changed = any(other in part.changed for part, other in asking)
        if isinstance(threshold, Severity):
            fails = any(_fails(part, other) for part, other in asking)
            wanted = max(wanted, threshold) if fails else min(wanted, Severity(max(threshold - 1, 0)))
            is_changed = is_changed or fails != (info.severity >= threshold)
        if is_changed and wanted != info.severity:
            yield id, Remark(str(wanted), ", ".join(running.others(info)))


def _fails(part: Carried, id: str) -> bool:
    level = part.levels[id]
    return not part.never_fails and None not in (level, part.fail_on) and level >= part.fail_on  # type: ignore[operator]
