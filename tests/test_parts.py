"""A Compose file that uses names of one in another folder is put upon that by somebody's script."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_projects import check

pytestmark = pytest.mark.usefixtures("in_a_folder")

PART = "services:\n  a:\n    image: example/a:1.0\n    depends_on: [web]\n    volumes: [logs:/var/log/a]\n"
WHOLE = "services:\n  web:\n    image: example/web:1.0\nvolumes:\n  logs:\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path) -> None:
    for name in (".git/objects", ".git/refs"):
        Path(tmp_path, name).mkdir(parents=True)
    Path(tmp_path, ".git/HEAD").write_text("ref: refs/heads/main\n")


def problems(texts: dict[str, str], path: str) -> int:
    report, _ = check(texts, select=("DK000",))
    return sum(one["path"] == path for one in report["findings"])


@pytest.mark.parametrize("place", ["main/default.yml", "compose.yaml", "deploy/dev/base.yaml"])
def test_a_name_that_a_file_of_another_folder_declares_is_no_problem(place: str) -> None:
    part = "more/a/compose.yaml"
    assert problems({part: PART}, part) == 2
    assert problems({part: PART, place: WHOLE}, part) == 0
    assert problems({part: PART, place: WHOLE.replace("web", "wep")}, part) == 1


def test_a_file_for_another_one_to_extend_may_use_what_that_declares() -> None:
    part = "ops/docker-compose-common.yaml"
    assert problems({part: PART}, part) == 2
    assert problems({part: PART, "ops/docker-compose.yaml": WHOLE}, part) == 0


def test_the_file_at_the_top_and_its_neighbours_declare_what_they_use() -> None:
    assert problems({"compose.yaml": PART, "more/compose.yaml": WHOLE}, "compose.yaml") == 2
