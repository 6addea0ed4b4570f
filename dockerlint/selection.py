"""Which rules judge a file: what `--select`, `--ignore`, the profile and the config say together."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlint.config import PROFILES, Config, ConfigError, Override
from dockerlint.findings import Confidence, Finding, Severity, Suppressed
from dockerlint.records import dataclass, field, replace
from dockerlint.ruleset.ruleset import Ruleset

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says about rules; it goes before the config."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str | None = None
    min_confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules for a file, and how sure a finding must be to be shown."""

    rules: Ruleset
    min_confidence: Confidence


@dataclass(slots=True)
class Selection:
    """Chooses among all rules there are, the same choice once."""

    everything: Ruleset
    wishes: Wishes
    _made: dict[tuple[tuple[str, ...], tuple[str, ...]], Ruleset] = field(default_factory=dict)

    def choice(self, config: Config, overrides: Iterable[Override]) -> Choice:
        """The choice for a file under a config; raises ConfigError for a name that no rule has."""
        profile = self.wishes.profile or config.profile or PROFILES[0]
        selected = self.wishes.select or config.select or (profile,)
        for override in overrides:
            selected = self.wishes.select or override.select or selected
        ignored = self.wishes.ignore + (() if self.wishes.select else config.ignore)
        sure = self.wishes.min_confidence
        sure = config.min_confidence if sure is None else sure
        if sure is None:
            is_strict = not {profile, *selected}.isdisjoint(("strict", EVERYTHING))
            sure = Confidence.LOW if is_strict else Confidence.MEDIUM
        return Choice(self._rules(selected, ignored), sure)

    def _rules(self, selected: tuple[str, ...], ignored: tuple[str, ...]) -> Ruleset:
        key = (selected, ignored)
        if key not in self._made:
            wanted = meant(selected, self.everything) - meant(ignored, self.everything)
            rules = (rule for rule in self.everything.rules if rule.info.id in wanted)
            self._made[key] = self.everything.choose(rules, Confidence.LOW)
        return self._made[key]

    def check(self, config: Config) -> None:
        """Raise ConfigError for every name in a config that no rule has."""
        mistakes = [
            f"{where}: {mistake}"
            for name, where in config.selectors
            if (mistake := _mistake(name, self.everything)) is not None
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
    """The rules of a profile, an id or a prefix of ids, a name, or `tool:rule`."""
    if name == EVERYTHING:
        return {rule.info.id for rule in ruleset.rules}
    if name in PROFILES:
        wanted = PROFILES[: PROFILES.index(name) + 1]
        return {rule.info.id for rule in ruleset.rules if rule.info.profile in wanted}
    if name in ruleset.infos:
        return {ruleset.infos[name].id}
    if ":" in name:
        return {info.id for info in ruleset.by_peer.get(name, ())}
    return {rule.info.id for rule in ruleset.rules if rule.info.id.startswith(name) and name[:1].isupper()}


def _mistake(name: str, ruleset: Ruleset) -> str | None:
    """What is wrong with a name, or None. It may be another tool's rule that none of ours stands for."""
    peer, _, rule = name.partition(":")
    if rule in ruleset.peers.get(peer, ()) or _ids(name, ruleset):
        return None
    from dockerlint.ruleset.check import suggestion

    return f"no rule is called {name!r}{suggestion(name, [*ruleset.infos, *PROFILES, EVERYTHING])}"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the config changes about findings: their severity, and which it hides."""

    config: Config
    overrides: tuple[Override, ...]
    everything: Ruleset

    def apply(self, findings: list[Finding]) -> tuple[list[Finding], list[Suppressed]]:
        """Findings with the severities of the config, and those that an override hides."""
        if not self.overrides and not self.config.severity:
            return findings, []
        kept: list[Finding] = []
        hidden: list[Suppressed] = []
        for finding in findings:
            judged, reason = self._judged(finding)
            if reason is None:
                kept.append(judged)
            else:
                hidden.append(Suppressed(judged, reason, "config"))
        return kept, hidden

    def _judged(self, finding: Finding) -> tuple[Finding, str | None]:
        severity = self._severity(finding.rule.id, self.config.severity.items(), finding.severity)
        reason: str | None = None
        for override in self.overrides:
            if not override.speaks_of(finding.subject, finding.subject_kind):
                continue
            severity = self._severity(finding.rule.id, override.severity.items(), severity)
            if finding.rule.id in meant(override.ignore, self.everything):
                reason = override.reason
        return (finding if severity == finding.severity else replace(finding, severity=severity)), reason

    def _severity(self, id: str, wanted: Iterable[tuple[str, Severity]], severity: Severity) -> Severity:
        for name, level in wanted:
            if id in _ids(name, self.everything):
                severity = level
        return severity
