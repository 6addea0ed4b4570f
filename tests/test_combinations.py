"""What is worse together names its parts, each in the file and at the place that sets it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.run.check import run

BASE = """\
services:
  panel:
    image: example/panel:1.0
    user: root
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
"""
OVERRIDE = """\
services:
  panel:
    ports: ["9000:9000"]
"""


@pytest.fixture(name="folder")
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(BASE)
    (tmp_path / "compose.override.yaml").write_text(OVERRIDE)
    return tmp_path


def told(form: str, *paths: str) -> str:
    out = io.StringIO()
    run(options_of(CheckLine(paths=paths or (".",), format=(form,), jobs=1)), out, io.StringIO())
    return out.getvalue()


def found(*paths: str) -> dict[str, dict[str, Any]]:
    return {one["rule"]: one for one in json.loads(told("json", *paths))["findings"]}


def test_parts_stand_where_each_file_sets_them(folder: Path) -> None:
    assert found()["DK290"]["parts"] == [
        {"path": "compose.yaml", "line": 4},
        {"path": "compose.override.yaml", "line": 3},
    ]


def test_without_one_part_nothing_is_said(folder: Path) -> None:
    (folder / "compose.override.yaml").write_text(OVERRIDE.replace('"9000', '"127.0.0.1:9000'))
    assert "DK290" not in found()
    assert "DK201" in found()


def test_the_text_report_shows_the_text_of_each_part(folder: Path) -> None:
    lines = [line.strip() for line in told("text").splitlines()]
    assert "with 4:11  user: root" in lines
    assert 'with compose.override.yaml:3:14  ports: ["9000:9000"]' in lines


def test_sarif_has_them_as_related_locations(folder: Path) -> None:
    results = json.loads(told("sarif"))["runs"][0]["results"]
    related = next(one for one in results if one["ruleId"] == "DK290")["relatedLocations"]
    places = [
        (one["physicalLocation"]["artifactLocation"]["uri"], one["physicalLocation"]["region"]["startLine"])
        for one in related
        if one["message"]["text"] == "belongs to it"
    ]
    assert places == [("compose.yaml", 4), ("compose.override.yaml", 3)]


def test_a_password_that_is_a_part_stays_hidden(folder: Path) -> None:
    word = "post" + "gres"
    (folder / "compose.yaml").write_text(
        f"services:\n  db:\n    image: postgres:17.6\n    ports: ['5432:5432']\n"
        f"    environment: {{POSTGRES_PASSWORD: {word}x{word}, OTHER_PASSWORD: {word}}}\n"
    )
    assert "with 5:" in told("text", "compose.yaml")
    assert f" {word}x" not in told("text", "compose.yaml")
