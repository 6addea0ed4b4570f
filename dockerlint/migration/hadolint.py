"""`.hadolint.yaml`. Source: https://github.com/hadolint/hadolint#configure"""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list, word_table
from dockerlint.findings import Severity
from dockerlint.migration.carried import Carried, default_levels
from dockerlint.migration.reading import PeerConfig
from dockerlint.regex import pattern

SEVERITIES: Final = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "info": Severity.LOW,
    "style": Severity.INFO,
}
_THRESHOLDS: Final = {**SEVERITIES, "ignore": Severity.INFO, "none": Severity.INFO}
_SHELLCHECK: Final = pattern(r"SC\d+\Z")
_LOOKS: Final = frozenset(("format", "no-color"))


def carry_hadolint(config: PeerConfig, carried: Carried) -> None:
    """Read the settings; raises MigrationError."""
    carried.levels = default_levels(word_table("peers", "hadolint-levels"), SEVERITIES)
    _trust(config, carried)
    _label(config, carried)
    overrides = config.mapping("override")
    for level, severity in SEVERITIES.items():
        for id in overrides.texts(level):
            if not _is_shellcheck(id, "override", carried):
                carried.levels[id] = severity
                carried.changed.add(id)
    for key in overrides.left():
        carried.lose(f"override.{key}", "hadolint has no such level")
    for id in config.texts("ignored"):
        if not _is_shellcheck(id, "ignored", carried):
            carried.ignored[id] = ""
    threshold = config.choice("failure-threshold", _THRESHOLDS)
    carried.fail_on = _THRESHOLDS[threshold or "info"]
    carried.never_fails = config.flag("no-fail")
    carried.forbid_inline = config.flag("disable-ignore-pragma")
    for key in config.left():
        is_look = key in _LOOKS
        carried.lose(key, "the command line says how a report looks" if is_look else "not a key of hadolint")


def _is_shellcheck(id: str, key: str, carried: Carried) -> bool:
    if not _SHELLCHECK.match(id):
        return False
    carried.lose(f"{key}: {id}", "ShellCheck runs only with --shellcheck, and heeds `# shellcheck disable=`")
    return True


def _trust(config: PeerConfig, carried: Carried) -> None:
    registries = config.texts("trustedRegistries")
    exact = [one for one in registries if "*" not in one]
    for one in registries:
        if "*" in one:
            carried.lose(f"trustedRegistries: {one}", "trusted-registries are names without wildcards")
    if exact:
        carried.words["trusted-registries"] = exact
        carried.lose(
            "trustedRegistries as the only ones",
            "dockerlint trusts the large public registries besides, so DK509 finds less than DL3026",
        )
    else:
        for id in word_list("peers", "hadolint-registry-rules"):
            carried.levels.pop(id, None)


def _label(config: PeerConfig, carried: Carried) -> None:
    schema = config.mapping("label-schema")
    lists = word_table("peers", "hadolint-label-lists")
    for label in schema.data:
        form = schema.choice(label, ("text", "rawtext", *lists))
        carried.words.setdefault("required-labels", []).append(label)
        for name in lists.get(form or "", ()):
            carried.words.setdefault(name, []).append(label)
    is_strict = config.flag("strict-labels")
    if is_strict and schema.data:
        carried.words["allowed-labels"] = list(schema.data)
    elif is_strict:
        carried.lose("strict-labels", "without label-schema it forbids every label")
    if not schema.data:
        for id in word_list("peers", "hadolint-label-rules"):
            carried.levels.pop(id, None)
    elif not is_strict:
        carried.levels.pop("DL3050", None)
