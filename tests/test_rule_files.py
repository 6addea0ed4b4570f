"""The files below rules/ are plain YAML, and a number of the CIS benchmark is written once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML, YAMLError

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.check import Lexicon
from dockerlint.ruleset.documents.files import read_plain_file
from dockerlint.ruleset.load import load_rules
from dockerlint.ruleset.rule import RuleError

FILES = sorted(Path(CHECKOUT).rglob("*.yaml"))
RULE = """\
id: ACME001
name: root-stage
title: The final stage runs as root
severity: high
each: stage
when: {is_final: true}
message: stage {index} is final
standards: STANDARDS
docs: {why: Because this is only a rule of the tests., instead: Do something else.}
examples:
  - {bad: "FROM a", flags: ["FROM a"]}
  - {good: "FROM b"}
"""


def by_the_c_parser(text: str) -> Any:
    """What ruamel.yaml makes of a text with its C parser, which is libyaml."""
    return YAML(typ="safe").load(text)


def test_another_parser_reads_every_file_alike() -> None:
    assert len(FILES) > 216
    for path in FILES:
        assert by_the_c_parser(path.read_text("utf-8")) == read_plain_file(str(path)).data, path


def test_the_other_parser_refuses_what_only_ours_reads() -> None:
    with pytest.raises(YAMLError):
        by_the_c_parser("flags: [/dev/sda:/dev/sda]")


def standards(tmp_path: Path, written: str) -> dict[str, Any]:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE.replace("STANDARDS", written), encoding="utf-8")
    told: dict[str, Any] = load_rules([str(path)], Lexicon({}, {}))[0]["standards"]
    return told


def test_a_number_of_the_cis_benchmark_holds_for_every_version(tmp_path: Path) -> None:
    told = standards(tmp_path, '{owasp-docker: ["#2"], cis: "4.1", cwe: [250]}')
    assert list(told.items()) == [
        ("owasp-docker", ["#2"]),
        ("cis-docker-1.6.0", ["4.1"]),
        ("cis-docker-1.7.0", ["4.1"]),
        ("cis-docker-1.8.0", ["4.1"]),
        ("cwe", [250]),
    ]


def test_a_version_with_a_key_of_its_own_has_its_own_numbers(tmp_path: Path) -> None:
    told = standards(tmp_path, '{cis: ["2.7", "2.9"], cis-docker-1.8.0: ["2.8"]}')
    assert list(told.items()) == [
        ("cis-docker-1.6.0", ["2.7", "2.9"]),
        ("cis-docker-1.7.0", ["2.7", "2.9"]),
        ("cis-docker-1.8.0", ["2.8"]),
    ]


@pytest.mark.parametrize("number", ["4.1", '"4"', '"9.1"', "[]", "[4.1]"])
def test_a_number_of_the_cis_benchmark_is_a_quoted_text(tmp_path: Path, number: str) -> None:
    """Without quotes 5.10 would be 5.1."""
    with pytest.raises(RuleError, match=r"rule\.yaml:8: "):
        standards(tmp_path, f"{{cis: {number}}}")


RULES = {
    path.name.partition("-")[0]: by_the_c_parser(path.read_text("utf-8"))
    for path in FILES
    if path.name.startswith("DK")
}


def test_a_title_is_a_short_term_and_no_sentence() -> None:
    """It stands alone in lists, in SARIF and in editors."""
    titles = [rule["title"] for rule in RULES.values()]
    assert [one for one in titles if len(one) > 60 or one.endswith(".")] == []
    assert [one for one in titles if one.split()[0] in ("A", "An", "The")] == []


def test_when_to_suppress_is_a_case_and_not_never() -> None:
    """A rule without such a case leaves the key out."""
    texts = {name: rule["docs"].get("quiet", "") for name, rule in RULES.items()}
    assert [name for name, text in texts.items() if text.startswith("Never")] == []
