"""The verdict on a bakery changes in eight ways where its files are read together."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.run.check import run

BAKERY = Path(__file__).parent.parent / "fixtures" / "projects" / "bakery"
FILES = (
    *("compose.yaml", "compose.override.yaml", "parts/base.yaml", "parts/data.yaml"),
    *("shop/Dockerfile", "oven/Dockerfile"),
)
SECRET = "roggen-und-dinkel"
Found = list[dict[str, Any]]


def reported(folder: Path, *paths: str, kind: str | None = None) -> dict[str, Any]:
    """The JSON report of a check that is started in a folder."""
    before, out = os.getcwd(), io.StringIO()
    os.chdir(folder)
    try:
        run(options_of(CheckLine(paths=paths, format=("json",), kind=kind, jobs=1)), out, io.StringIO())
    finally:
        os.chdir(before)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.fixture(name="together", scope="module")
def all_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bakery")
    shutil.copytree(BAKERY, folder, dirs_exist_ok=True)
    return reported(folder)


@pytest.fixture(name="alone", scope="module")
def each_file(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    found = {}
    for name in FILES:
        folder = tmp_path_factory.mktemp("alone")
        shutil.copy(BAKERY / name, folder)
        kind = "dockerfile" if name.endswith("Dockerfile") else "compose"
        found[name] = reported(folder, Path(name).name, kind=kind)
    return found


def rules(report: dict[str, Any], subject: str) -> set[str]:
    return {one["rule"] for one in report["findings"] if one["subject"] == subject}


def of_rule(report: dict[str, Any], rule: str) -> Found:
    return [one for one in report["findings"] if one["rule"] == rule]


def test_what_the_override_sets_is_not_missing(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    assert {"DK223", "DK226"} <= rules(alone["compose.yaml"], "shop")
    assert {"DK223", "DK226"}.isdisjoint(rules(together, "shop"))


def test_what_the_override_weakens_is_told_of_the_merged_service(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    assert "DK242" not in rules(alone["compose.yaml"], "shop")
    (found,) = of_rule(together, "DK242")
    assert (found["path"], found["line"]) == ("compose.override.yaml", 3)
    assert found["project"] == "compose.yaml + compose.override.yaml"
    assert [one["path"] for one in found["chain"]] == ["compose.yaml", "compose.override.yaml"]


def test_parts_of_services_are_no_broken_files(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    assert of_rule(alone["parts/base.yaml"], "DK000") != []
    assert of_rule(alone["compose.override.yaml"], "DK000") == []  # its name says that it goes upon another
    assert of_rule(together, "DK000") == []


def test_what_a_base_allows_is_told_of_the_service_that_extends_it(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    assert of_rule(alone["compose.yaml"], "DK200") == []
    (found,) = of_rule(together, "DK200")
    assert (found["path"], found["line"], found["subject"]) == ("parts/base.yaml", 3, "oven")


def test_what_a_service_lacks_is_known_once_its_base_is_read(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    assert rules(alone["compose.yaml"], "oven") == set()
    assert {"DK225", "DK226", "DK227", "DK228"} <= rules(together, "oven")
    assert "DK223" not in rules(together, "oven")  # its base sets it


def test_the_env_file_opens_the_port_of_an_included_datastore(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    assert of_rule(alone["parts/data.yaml"], "DK231") == []
    (found,) = of_rule(together, "DK231")
    assert (found["path"], found["line"]) == ("parts/data.yaml", 6)


def test_what_was_a_gap_is_read(together: dict[str, Any], alone: Mapping[str, dict[str, Any]]) -> None:
    assert alone["compose.yaml"]["summary"]["gaps"] == 2
    assert together["summary"]["gaps"] == 0


def test_a_secret_of_the_env_file_is_hidden_in_every_file(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    base = reported(BAKERY, "parts/base.yaml", kind="compose")
    assert SECRET in (BAKERY / "parts/base.yaml").read_text()
    assert SECRET not in json.dumps([together, base])


def test_the_ignore_file_keeps_the_history_out_of_the_image(
    together: dict[str, Any], alone: Mapping[str, dict[str, Any]]
) -> None:
    (before,) = of_rule(alone["shop/Dockerfile"], "DK103")
    (after,) = of_rule(together, "DK103")
    assert ".git" in before["message"]
    assert ".git" not in after["message"]
