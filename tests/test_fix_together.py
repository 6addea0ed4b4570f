"""Fixes of one service land as one block; where they do not go together, each is tried alone."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent
from typing import Any

import pytest

from dockerlint.findings import Confidence, Finding, Fix, RuleDocs, RuleInfo, Severity, Tier
from dockerlint.fixing.compose.actions import set_keys
from dockerlint.fixing.compose.text import open_compose
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text
from dockerlint.text import Span

RULESET = load_ruleset(today=EXAMPLE_DAY)


def hardened(text: str, *rules: str) -> Result:
    """The text fixed by some rules, verified by all."""

    def verdict(text: str) -> LintResult:
        every = lint_text(text, "compose", RULESET)
        return LintResult([one for one in every if one.rule.id in rules], every)

    return fix_text(dedent(text), "compose", Tier.UNPROVEN, verdict)


def rounds(result: Result) -> int:
    return len({one.before for one in result.applied})


DATABASE = """\
    services:
      db:
        image: postgres:17.6
        restart: always
        # what the application asks
        ports: ["127.0.0.1:5432:5432"]
"""
HARDENING = ("DK222", "DK223", "DK225", "DK226", "DK227", "DK228")


def test_all_about_one_service_is_one_block_of_one_round() -> None:
    result = hardened(DATABASE, *HARDENING)
    assert result.text == dedent("""\
        services:
          db:
            image: postgres:17.6
            restart: always
            read_only: true
            tmpfs: [/run/postgresql]
            cap_drop: [ALL]
            cap_add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]
            security_opt: ["no-new-privileges:true"]
            mem_limit: 512m
            cpus: 1.0
            pids_limit: 200
            # what the application asks
            ports: ["127.0.0.1:5432:5432"]
        """)
    assert rounds(result) == 1
    assert [one.finding.rule.id for one in result.applied] == list(HARDENING)


def test_one_rule_after_the_other_ends_where_all_at_once_do() -> None:
    text = DATABASE
    for rule in ("DK226", "DK225", "DK228", "DK222", "DK227", "DK223"):
        text = hardened(text, rule).text
    assert text == hardened(DATABASE, *HARDENING).text


def test_a_user_other_than_root_needs_nothing_that_root_needs() -> None:
    result = hardened("services:\n  web:\n    image: nginx:1.28\n", "DK222", "DK225", "DK243")
    assert result.text.splitlines()[3:] == [
        "    user: nginx",
        "    read_only: true",
        "    tmpfs:",
        "      - /run:mode=1777",
        "      - /var/cache/nginx:mode=1777",
        "    cap_drop:",
        "      - ALL",
    ]


def test_a_health_check_brings_the_capability_that_it_needs() -> None:
    result = hardened("services:\n  broker:\n    image: rabbitmq:4.1\n", "DK222", "DK249")
    assert "    cap_add:\n      - DAC_OVERRIDE\n      - SETGID\n      - SETUID\n" in result.text
    assert rounds(result) == 1


WEB = "services:\n  web:\n    image: a:1\n"


def finding(id: str, text: str, keys: Mapping[str, Any]) -> Finding:
    info = RuleInfo(id, id.lower(), f"about {id}", Severity.LOW, Confidence.HIGH, "default", RuleDocs())
    edits = tuple(set_keys(open_compose(text), "web", keys))
    fix = Fix(Tier.HARDEN, f"do {id}", edits, keys=keys)
    place = Span(text.index("web"), text.index("web") + 3)
    return Finding(
        info, place, f"{id} is wrong", Severity.LOW, Confidence.HIGH, kind="compose", subject="web", fix=fix
    )


def lacking(text: str, wanted: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """A finding for each rule one of whose keys the text lacks."""
    return [finding(id, text, keys) for id, keys in wanted.items() if any(key not in text for key in keys)]


def test_what_is_wrong_with_one_fix_holds_up_none_of_the_others() -> None:
    wanted = {"X1": {"read_only": True}, "X2": {"init": True}, "X3": {"mem_limit": "1g"}}

    def verdict(text: str) -> LintResult:
        found = lacking(text, wanted)
        worse = [finding("X9", text, {"stdin_open": True})] if "init" in text else []
        return LintResult(found, [*found, *worse])

    result = fix_text(WEB, "compose", Tier.UNPROVEN, verdict)
    assert result.text == WEB + "    read_only: true\n    mem_limit: 1g\n"
    assert [one.refusal.reason for one in result.withheld] == ["it would cause X9 x9"]


def test_fixes_that_want_different_things_do_not_land_together() -> None:
    wanted = {"X1": {"mem_limit": "1g"}, "X2": {"mem_limit": "2g", "cpus": 1.0}}
    result = fix_text(
        WEB, "compose", Tier.UNPROVEN, lambda text: LintResult(lacking(text, wanted), lacking(text, wanted))
    )
    assert rounds(result) == 2
    assert result.text == WEB + "    mem_limit: 2g\n    cpus: 1.0\n"


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("DK222", "user: root"),
        ("DK232", "ports: ['2222:22']"),
        ("DK231", "ports: ['9200:9200']"),
        ("DK223", "image: dpage/pgadmin4:9.17"),
        ("DK223", "environment: [SUDO_PASSWORD]"),
    ],
)
def test_what_may_be_meant_is_left_to_a_human(rule: str, lines: str) -> None:
    image = "" if "image" in lines else "    image: example/app:1.0\n"
    text = f"services:\n  app:\n{image}    {lines}\n"
    result = hardened(text, rule)
    assert result.text == text
    assert [one.fix.tier for one in result.left if one.fix] == [Tier.ADVICE]
