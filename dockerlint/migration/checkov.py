"""`.checkov.yaml`. Source: https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from typing import Final

from dockerlint.data import table
from dockerlint.findings import Severity
from dockerlint.migration.carried import Carried, CarriedOverride, below_anything
from dockerlint.migration.reading import PeerConfig
from dockerlint.regex import pattern

_DOCKERFILE: Final = "dockerfile"
_SEVERITIES: Final = frozenset(("low", "medium", "high", "critical", "info", "none"))
_PLAIN: Final = pattern(r"[\w./ -]+\Z")
"""What a regular expression means by itself, but for a dot that stands for any character."""
_FAILS: Final = Severity.MEDIUM
_PASSES: Final = Severity.INFO
_LOST: Final = table("peers", "checkov-lost-options")


def carry_checkov(config: PeerConfig, carried: Carried, known: Collection[str]) -> None:
    """Read the settings; raises MigrationError. `known` are the ids of its checks of Dockerfiles."""
    config.data = {key.replace("_", "-"): value for key, value in config.data.items()}
    wanted = _ids(config, "check", carried, known)
    carried.only = bool(wanted)
    run = sorted(wanted or known)
    soft, hard = (set(_ids(config, f"{how}-fail-on", carried, known)) for how in ("soft", "hard"))
    is_soft = config.flag("soft-fail")
    carried.never_fails = is_soft and not soft and not hard
    carried.fail_on = Severity.LOW
    carried.levels = {id: _FAILS if _is_failing(id, soft, hard, is_soft) else _PASSES for id in run}
    carried.ignored = dict.fromkeys(_ids(config, "skip-check", carried, known), "")
    _exclude(config, carried)
    _frameworks(config, carried)
    for key in config.left():
        carried.lose(key, _LOST.get(key, "an option of checkov that has nothing to do with rules"))


def _is_failing(id: str, soft: Collection[str], hard: Collection[str], is_soft: bool) -> bool:
    """As checkov decides: a list of checks goes before `soft-fail`."""
    if id in hard:
        return True
    if soft:
        return id not in soft and not is_soft
    return not hard and not is_soft


def _ids(config: PeerConfig, key: str, carried: Carried, known: Collection[str]) -> list[str]:
    """The checks of Dockerfiles that some names mean, wildcards included."""
    found: list[str] = []
    for name in config.texts(key, ","):
        id, colon, path = name.partition(":")
        meant = [one for one in sorted(known) if fnmatchcase(one, id)]
        if id.lower() in _SEVERITIES:
            carried.lose(f"{key}: {id}", "checkov has severities only together with its platform")
        elif not meant:
            carried.lose(f"{key}: {id}", "not a check of Dockerfiles")
        elif colon and key == "skip-check" and _PLAIN.match(path):
            carried.overrides.append(CarriedOverride(tuple(meant), (below_anything(path),)))
        elif colon:
            carried.lose(f"{key}: {name}", "its path is a regular expression")
        else:
            found += meant
    return found


def _exclude(config: PeerConfig, carried: Carried) -> None:
    for path in config.texts("skip-path"):
        if plain := _literal(path):
            carried.exclude.append(plain)
        else:
            carried.lose(
                f"skip-path: {path}", "`exclude` takes patterns of .gitignore, no regular expressions"
            )


def _literal(expression: str) -> str:
    """The pattern for a regular expression that is a plain text; "" for another one."""
    is_anchored = expression.startswith("^")
    text = expression.removeprefix("^").removesuffix("$").replace("\\.", ".").removesuffix(".*")
    if not _PLAIN.match(text):
        return ""
    return f"/{text.strip('/')}*" if is_anchored else below_anything(text)


def _frameworks(config: PeerConfig, carried: Carried) -> None:
    wanted: Sequence[str] = config.texts("framework", ",")
    if wanted and not {_DOCKERFILE, "all"} & set(wanted):
        carried.lose(f"framework: {', '.join(wanted)}", "checkov reads no Dockerfiles then; dockerlint does")
    if _DOCKERFILE in config.texts("skip-framework", ","):
        carried.lose(f"skip-framework: {_DOCKERFILE}", "checkov reads no Dockerfiles then; dockerlint does")
