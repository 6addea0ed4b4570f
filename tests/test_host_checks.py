"""What should be asked of containers, of lines that start them and of the daemon has a rule, or a reason."""

from __future__ import annotations

import pytest

from dockerlint.ruleset.bundle import load_bundle, load_not_covered
from dockerlint.ruleset.ruleset import load_ruleset

RULESET = load_ruleset()
SHEET = {f"#{number}" for number in range(14)} | {"#5a"}
"""The rules of the Docker security cheat sheet of OWASP."""
NOBODY_ELSE = {
    "the engine's socket handed over by an option": "DK203",
    "a privileged build, or one with the right to ask for it": "DK251 DK252",
    "a privileged hook": "DK254 DK255",
    "the host's network by a network of another name": "DK229",
    "masked paths of the kernel shown": "DK224",
    "a group that is as good as root": "DK244",
    "a secret among the arguments of a build": "DK525",
    "a credential by its form, wherever it stands": "DK528",
    "a daemon in a container on plain TCP": "DK264 DK265 DK267",
    "namespaces of another container": "DK241",
    "control groups of the host": "DK239",
    "a process that the OOM killer spares": "DK257 DK258",
    "no bound on open files or processes": "DK256",
    "restarts without end": "DK248 DK271",
    "logs without end": "DK247 DK409",
    "root by the Dockerfile of a service": "DK101 DK102",
    "no health check by the Dockerfile of a service": "DK107 DK249",
    "an overlay in clear text": "DK282 DK311",
    "all devices by a rule of control groups": "DK212",
    "a mount above the project": "DK207",
    "metrics of the daemon for everybody": "DK425",
    "ports that are reached without being published": "DK427",
    "a mirror without TLS": "DK403",
    "namespaces that every container shares by default": "DK428",
    "an older API than the daemon would speak": "DK429",
    "requests in the log of the daemon": "DK411",
    "an Engine without fixes": "DK432",
}
"""What no other tool asks, and the rules that do."""
HOST_TOOLS = ("docker-bench", "compose-lint", "docksec", "dclint", "kics")
"""Tools that look at containers or the daemon."""


@pytest.mark.parametrize("asked", NOBODY_ELSE)
def test_what_no_other_tool_asks_has_its_rules(asked: str) -> None:
    assert set(NOBODY_ELSE[asked].split()) <= RULESET.infos.keys()


def test_every_rule_of_the_cheat_sheet_is_named_by_a_rule() -> None:
    named = {one for rule in RULESET.rules for one in rule.info.standards.get("owasp-docker", ())}
    assert named == SHEET


@pytest.mark.parametrize("tool", HOST_TOOLS)
def test_every_check_of_a_tool_is_a_rule_an_alias_or_has_a_reason(tool: str) -> None:
    answered = {*RULESET.by_peer, *load_not_covered()}
    ids = [f"{tool}:{id}" for id in load_bundle()["peers"][tool]]
    assert ids
    assert [id for id in ids if id not in answered] == []
