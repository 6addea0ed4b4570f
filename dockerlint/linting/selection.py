"""Which rules lint a file: what `--select`, `--ignore`, the profile and the config say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dockerlint.findings import Confidence, Finding, Severity, Suppressed
from dockerlint.linting.purpose import Purpose
from dockerlint.recent import Recent
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.workspace.config import PROFILES, Config, ConfigError, Override
from dockerlint.workspace.omissions import Hider, InForce, count

EVERYTHING = "all"

KEPT: Final = 64
"""Choices that are kept made, where many configs make different ones."""


@dataclass(frozen=True, slots=True)
class SelectionFlags:
    """What the command line says about rules; it goes before the config."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    min_confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules for a file, and how sure a finding must be to be shown."""

    rules: Ruleset
    """Those that are shown."""
    asked: Ruleset
    """Those, and the ignored ones: they are asked too, so that it is known what hides how much."""
    ignored: Mapping[str, Hider]
    """What hides the findings of a rule, by its id."""
    min_confidence: Confidence
    usual_confidence: Confidence
    """What the profile would ask for."""
    sure_by: Hider
    """Who asks for more."""
    in_force: InForce

    @property
    def asks_purpose(self) -> bool:
        """Whether rules for production are silent elsewhere: only where nobody asks for rules by name."""
        return self.in_force.profile == PROFILES[0] and not self.in_force.select

    def fitting(self, findings: list[Finding], purpose: Purpose, hidden: dict[Hider, int]) -> list[Finding]:
        """The findings that matter in a file for some purpose, and their fixes; the others are counted."""
        if not purpose.is_other:
            return findings
        reason = f"the file is for {purpose.name} ({purpose.reason}), where everybody starts it as it is"
        findings = [one.held_back(reason) for one in findings]
        if not self.asks_purpose:
            return findings
        kept = [one for one in findings if purpose.suits(one.purpose)]
        count(hidden, Hider("purpose", purpose.name), len(findings) - len(kept))
        return kept

    def without_ignored(self, findings: list[Finding], hidden: dict[Hider, int]) -> list[Finding]:
        """The findings of rules that are not ignored; the others are counted."""
        if not self.ignored:
            return findings
        for finding in findings:
            if finding.rule.id in self.ignored and finding.confidence >= self.min_confidence:
                count(hidden, self.ignored[finding.rule.id])
        return [one for one in findings if one.rule.id not in self.ignored]

    def sure(self, findings: list[Finding], hidden: dict[Hider, int]) -> list[Finding]:
        """The findings that are sure enough; of the others those are counted that the profile would show."""
        kept = [one for one in findings if one.confidence >= self.min_confidence]
        if self.min_confidence > self.usual_confidence:
            usual = sum(one.confidence >= self.usual_confidence for one in findings)
            count(hidden, self.sure_by, usual - len(kept))
        return kept


@dataclass(slots=True)
class Selection:
    """Chooses among all rules there are, the same choice once."""

    everything: Ruleset
    flags: SelectionFlags
    _made: dict[tuple[str, tuple[str, ...]], Choice] = field(default_factory=lambda: Recent(KEPT))
    _rulesets: dict[frozenset[str], Ruleset] = field(default_factory=lambda: Recent(KEPT))

    def choice(self, config: Config, overrides: Iterable[Override]) -> Choice:
        """The choice for a file under a config; raises ConfigError for a name that no rule has."""
        selected = self.flags.select or config.select
        for override in overrides:
            selected = self.flags.select or override.select or selected
        key = (config.path, selected)
        if key not in self._made:
            self._made[key] = self._choose(config, selected)
        return self._made[key]

    def _choose(self, config: Config, selected: tuple[str, ...]) -> Choice:
        profile = self.flags.profile or config.profile or PROFILES[0]
        wanted = meant(selected or (profile,), self.everything)
        ignored = self._ignored(config, wanted)
        is_strict = not {profile, *selected}.isdisjoint(("strict", EVERYTHING))
        usual = Confidence.LOW if is_strict else Confidence.MEDIUM
        sure, asking = self.flags.min_confidence, "--min-confidence"
        if sure is None:
            sure, asking = config.min_confidence, config.path
        return Choice(
            rules=self._rules(wanted - ignored.keys()),
            asked=self._rules(wanted),
            ignored=ignored,
            min_confidence=usual if sure is None else sure,
            usual_confidence=usual,
            sure_by=Hider("min-confidence", asking),
            in_force=InForce(profile, selected, config.path, config.keys),
        )

    def _ignored(self, config: Config, wanted: set[str]) -> dict[str, Hider]:
        """What hides the findings of rules that are wanted otherwise, by their ids."""
        found = dict.fromkeys(meant(self.flags.ignore, self.everything), Hider("ignore", "--ignore"))
        if not self.flags.select:
            by_config = meant(config.ignore, self.everything)
            found |= dict.fromkeys(by_config, Hider("ignore", config.path))
        return {id: hider for id, hider in found.items() if id in wanted}

    def _rules(self, wanted: set[str]) -> Ruleset:
        key = frozenset(wanted)
        if key not in self._rulesets:
            rules = (rule for rule in self.everything.rules if rule.id in wanted)
            self._rulesets[key] = self.everything.choose(rules, Confidence.LOW)
        return self._rulesets[key]

    def check(self, config: Config) -> None:
        """Raise ConfigError for every name in a config that no rule has."""
        mistakes = [
            f"{where}: {mistake}"
            for name, where in config.selectors
            if (mistake := _mistake(name, self.everything, is_written=True)) is not None
        ]
        if mistakes:
            raise ConfigError("\n".join(mistakes))


def meant(names: Iterable[str], ruleset: Ruleset) -> set[str]:
    """Ids of the rules that some names stand for; raises ConfigError for a name that no rule has."""
    found: set[str] = set()
    for name in names:
        mistake = _mistake(name, ruleset)
        if mistake is not None:
            raise ConfigError(mistake)
        found |= _ids(name, ruleset)
    return found


def _ids(name: str, ruleset: Ruleset) -> set[str]:
    """The rules of a profile, an id or a prefix of ids, a name, `tool:rule`, or all that a tool has."""
    if name == EVERYTHING:
        return {rule.id for rule in ruleset.rules}
    if name in PROFILES:
        wanted = PROFILES[: PROFILES.index(name) + 1]
        return {rule.id for rule in ruleset.rules if rule.profile in wanted}
    if name in ruleset.by_name:
        return {ruleset.by_name[name].id}
    if ":" in name:
        return {info.id for info in ruleset.by_peer.get(name, ())}
    if name in ruleset.peers:
        return {info.id for id in ruleset.peers[name] for info in ruleset.by_peer.get(f"{name}:{id}", ())}
    return {rule.id for rule in ruleset.rules if rule.id.startswith(name) and name[:1].isupper()}


def _mistake(name: str, ruleset: Ruleset, is_written: bool = False) -> str | None:
    """What is wrong with a name, or None. It may be another tool's rule that none of ours stands for.

    One that is written in a file is not quoted as a whole.
    """
    peer, _, rule = name.partition(":")
    if rule in ruleset.peers.get(peer, ()) or _ids(name, ruleset) or _is_unusable(name, ruleset):
        return None
    if spelled := ruleset.of_peer(name):
        return f"unknown rule {name!r}; write {spelled}"
    from dockerlint.quoting import name_of, suggestion

    known = [*ruleset.by_name, *PROFILES, EVERYTHING]
    return f"unknown rule {name_of(name, known) if is_written else repr(name) + suggestion(name, known)}"


def _is_unusable(name: str, ruleset: Ruleset) -> bool:
    """Whether it stands for rules of a user that are left out for a mistake in them, which is told anyway."""
    return bool(name) and any(one.startswith(name) for one in ruleset.unusable)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the config changes about findings: their severity, and which it hides."""

    config: Config
    overrides: tuple[Override, ...]
    everything: Ruleset

    def apply(self, findings: list[Finding]) -> tuple[list[Finding], list[Suppressed], int]:
        """Findings with the severities of the config, those that an override hides, the number lowered."""
        if not self.overrides and not self.config.severity:
            return findings, [], 0
        kept: list[Finding] = []
        hidden: list[Suppressed] = []
        lowered = 0
        for finding in findings:
            changed, hiding = self._changed(finding)
            if hiding is None:
                kept.append(changed)
                lowered += changed.severity < finding.severity
            else:
                hidden.append(Suppressed(changed, hiding.reason, "config", until=hiding.until))
        return kept, hidden, lowered

    def _changed(self, finding: Finding) -> tuple[Finding, Override | None]:
        """A finding with its severity, and the last override that hides it."""
        severity = self._severity(finding.rule.id, self.config.severity.items(), finding.severity)
        hiding: Override | None = None
        for override in self.overrides:
            if not override.speaks_of(finding.subject, finding.subject_kind):
                continue
            severity = self._severity(finding.rule.id, override.severity.items(), severity)
            if finding.rule.id in meant(override.ignore, self.everything):
                hiding = override
        return (finding if severity == finding.severity else replace(finding, severity=severity)), hiding

    def _severity(self, id: str, wanted: Iterable[tuple[str, Severity]], severity: Severity) -> Severity:
        for name, level in wanted:
            if id in _ids(name, self.everything):
                severity = level
        return severity
