"""Files of other tools → the text of one config, which was read again as a check would read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dockerlint.migration.carried import Carried, NotCarried
from dockerlint.migration.checkov import carry_checkov
from dockerlint.migration.composelint import carry_compose_lint
from dockerlint.migration.dclint import carry_dclint
from dockerlint.migration.hadolint import carry_hadolint
from dockerlint.migration.kics import carry_kics
from dockerlint.migration.peerfiles import PEER_FILES, peer_of
from dockerlint.migration.reading import MigrationError, read_config, source_at
from dockerlint.migration.settling import settle
from dockerlint.migration.trivy import carry_trivy
from dockerlint.migration.writing import config_text
from dockerlint.ruleset.bundle import load_not_covered
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset

_PROGRAMS = (".js", ".cjs", ".mjs", ".ts")


class Migrated(NamedTuple):
    """A config that other tools' configs amount to."""

    text: str
    lost: Sequence[NotCarried]


def migrate(paths: Sequence[str], command: str, today: date) -> Migrated:
    """Read configs of other tools; raises MigrationError, with file and line where there is one."""
    ruleset = load_ruleset()
    settlement = settle([_carried(path, ruleset, today) for path in paths], ruleset, load_not_covered())
    return Migrated(config_text(settlement, command), settlement.lost)


def _carried(path: str, ruleset: Ruleset, today: date) -> Carried:
    peer = peer_of(path)
    if peer is None:
        known = ", ".join(sorted(PEER_FILES))
        raise MigrationError(f"{path}: not a known config file name; known are {known}")
    if path.endswith(_PROGRAMS):
        raise MigrationError(f"{path}: a program, which is not run; convert it to JSON or YAML")
    source = source_at(path)
    carried = Carried(peer, path)
    known_ids = ruleset.peers[peer]
    if peer == "trivy":
        carry_trivy(source, carried, known_ids, today)
    elif peer == "checkov":
        carry_checkov(read_config(source), carried, known_ids)
    elif peer == "kics":
        carry_kics(read_config(source, is_hcl=True), carried)
    else:
        _READERS[peer](read_config(source), carried)
    return carried


_READERS = {
    "hadolint": carry_hadolint,
    "compose-lint": carry_compose_lint,
    "dclint": carry_dclint,
}
