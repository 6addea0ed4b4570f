"""`kics.config`. Source: https://docs.kics.io/latest/configuration-file/ and /commands/"""

from __future__ import annotations

from typing import Final

from dockerlint.data import table, word_table
from dockerlint.findings import Severity
from dockerlint.migration.carried import Carried, default_levels
from dockerlint.migration.reading import PeerConfig

SEVERITIES: Final = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.INFO,
}
_DIGITS: Final = 8
"""Of an id of a query, which are enough to know it by."""
_OURS: Final = frozenset(("dockerfile", "dockercompose"))
_LOST: Final = table("peers", "kics-lost-options")


def carry_kics(config: PeerConfig, carried: Carried) -> None:
    """Read the settings; raises MigrationError."""
    levels = default_levels(word_table("peers", "kics-levels"), SEVERITIES)
    wanted = _ids(config, "include-queries", carried, levels)
    carried.only = bool(wanted)
    failing = {one.lower() for one in config.texts("fail-on", ",")} or set(SEVERITIES)
    left_out = {one.lower() for one in config.texts("exclude-severities", ",")}
    for id, level in levels.items():
        if wanted and id not in wanted:
            continue
        carried.levels[id] = _level(str(level), failing)
        if str(level) in left_out:
            carried.ignored[id] = f"severity {level}"
    carried.ignored |= dict.fromkeys(_ids(config, "exclude-queries", carried, levels), "")
    carried.fail_on = Severity.LOW
    known = ("all", "results", "errors", "none")
    carried.never_fails = config.choice("ignore-on-exit", known) in ("all", "results")
    carried.exclude += [_pattern(path) for path in config.texts("exclude-paths", ",")]
    _platforms(config, carried)
    for key in config.left():
        carried.lose(key, _LOST.get(key, "an option of KICS that has nothing to do with rules"))


def _level(level: str, failing: set[str]) -> Severity:
    """KICS may fail for some severities and not for others above them; we have one threshold, low."""
    return max(SEVERITIES[level], Severity.LOW) if level in failing else Severity.INFO


def _ids(config: PeerConfig, key: str, carried: Carried, known: dict[str, Severity | None]) -> list[str]:
    found: list[str] = []
    for name in config.texts(key, ","):
        id = name.lower()[:_DIGITS]
        if id in known:
            found.append(id)
        else:
            carried.lose(f"{key}: {name}", "not a query about Dockerfiles or Compose files")
    return found


def _pattern(path: str) -> str:
    return "/" + path.removeprefix("./").lstrip("/")


def _platforms(config: PeerConfig, carried: Carried) -> None:
    for key in ("type", "platform"):
        wanted = {one.lower() for one in config.texts(key, ",")}
        if wanted and not wanted >= _OURS:
            carried.lose(key, "dockerlint reads Dockerfiles and Compose files; `exclude:` leaves files out")
    for key in ("exclude-type", "exclude-platform"):
        if {one.lower() for one in config.texts(key, ",")} & _OURS:
            carried.lose(key, "dockerlint reads Dockerfiles and Compose files; `exclude:` leaves files out")
