"""Projects come to what `docker compose config` makes of them, and what it refuses is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from resolved import Judge, Named, Verdict, judged

HERE = Path(__file__).parent
Projects = dict[str, dict[str, str]]


def projects(name: str) -> Projects:
    loaded: Projects = YAML(typ="safe").load(HERE / name)
    return loaded


def verdict(texts: dict[str, str], folder: Path) -> Verdict:
    """What both say about the project of these files."""
    for path, text in texts.items():
        file = folder / "project" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return judged(Named(folder / "project", ()), Judge(folder / "answers"))


ACCEPTED = projects("projects.yaml")
REFUSED = projects("refused.yaml")


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_project_is_what_compose_makes_of_it(name: str, tmp_path: Path) -> None:
    found = verdict(ACCEPTED[name], tmp_path)
    assert found.refusal == ""
    assert found.told == ()
    assert found.found == ()


@pytest.mark.parametrize("name", REFUSED)
def test_what_compose_refuses_is_told(name: str, tmp_path: Path) -> None:
    found = verdict(REFUSED[name], tmp_path)
    assert found.refusal
    assert found.told
