"""`.compose-lint.yml`. Source: the documentation of compose-lint 0.36"""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_table
from dockerlint.findings import Severity
from dockerlint.migration.carried import Carried, CarriedOverride, default_levels
from dockerlint.migration.reading import PeerConfig
from dockerlint.quoting import excerpt

SEVERITIES: Final = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
}


def carry_compose_lint(config: PeerConfig, carried: Carried) -> None:
    """Read the settings; raises MigrationError."""
    carried.levels = default_levels(word_table("peers", "compose-lint-levels"), SEVERITIES)
    carried.fail_on = Severity.HIGH
    rules = config.mapping("rules")
    for id in rules.data:
        _carry_rule(id, rules.mapping(id), carried)
    for key in config.left():
        if not key.startswith("x-"):
            carried.lose(key, "not a key of compose-lint")


def _carry_rule(id: str, rule: PeerConfig, carried: Carried) -> None:
    if (level := rule.choice("severity", SEVERITIES)) is not None and id in carried.levels:
        carried.levels[id] = SEVERITIES[level]
        carried.changed.add(id)
    reason = _reason(rule, "reason")
    if rule.has("enabled") and not rule.flag("enabled"):
        carried.ignored[id] = reason
    elif reason:
        carried.lose(f"{id}: reason", "it does nothing without `enabled: false`")
    for service, why in _excluded(rule).items():
        carried.overrides.append(CarriedOverride((id,), services=(service,), reason=why))
    for key in rule.left():
        carried.lose(f"{id}: {key}", "not a key of compose-lint")


def _reason(rule: PeerConfig, key: str) -> str:
    if not rule.has(key):
        return ""
    value = rule.data[key]
    if isinstance(value, (dict, list)):
        raise rule.error(key, f"{rule.place}{key} must be a text, not {excerpt(value)}")
    return str(value)


def _excluded(rule: PeerConfig) -> dict[str, str]:
    """Each service with the reason why a rule is silent there."""
    if not rule.has("exclude_services"):
        return {}
    if isinstance(rule.data["exclude_services"], dict):
        services = rule.mapping("exclude_services")
        return {service: _reason(services, service) for service in services.data}
    return dict.fromkeys(rule.texts("exclude_services"), "")
