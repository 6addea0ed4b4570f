"""`.dclintrc`. Source: https://github.com/zavoloklom/docker-compose-linter#configuration"""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_table
from dockerlint.findings import Severity
from dockerlint.migration.carried import Carried, below_anything, default_levels
from dockerlint.migration.reading import PeerConfig
from dockerlint.quoting import excerpt

SEVERITIES: Final = {"error": Severity.HIGH, "warning": Severity.MEDIUM}
_LEVELS: Final = {1: Severity.MEDIUM, 2: Severity.HIGH}
_LOOKS: Final = frozenset(("debug", "$schema"))


def carry_dclint(config: PeerConfig, carried: Carried) -> None:
    """Read the settings; raises MigrationError. Errors fail a run, warnings do not."""
    carried.levels = default_levels(word_table("peers", "dclint-levels"), SEVERITIES)
    carried.fail_on = Severity.HIGH
    rules = config.mapping("rules")
    for name in rules.data:
        _carry_rule(name, rules, carried)
    carried.exclude += [below_anything(path) for path in config.texts("exclude")]
    if config.flag("quiet"):
        carried.lose("quiet", "`dockerlint check --only-failing` shows errors only")
    for key in config.left():
        if key not in _LOOKS:
            carried.lose(key, "not a key of dclint")


def _carry_rule(name: str, rules: PeerConfig, carried: Carried) -> None:
    value = rules.data[name]
    level, options = value if isinstance(value, list) and len(value) == 2 else (value, None)
    if isinstance(level, bool) or level not in (0, 1, 2):
        raise rules.error(
            name, f"rules.{name} must be 0, 1 or 2, or a list of that and options, not {excerpt(value)}"
        )
    if level == 0:
        carried.ignored[name] = ""
        return
    carried.levels[name] = _LEVELS[level]
    carried.changed.add(name)
    if options:
        carried.lose(f"rules.{name}: its options", "rules of dockerlint have none; lists are under `words:`")
