"""What a run holds does not grow with the number of its files."""

from __future__ import annotations

import json
import random
import tracemalloc
from pathlib import Path

import pytest

from dockerlint.recent import Recent
from dockerlint.report import FORMATS, PLAIN, open_report
from dockerlint.report.results import FileReport, unlinted
from dockerlint.report.spool import IN_MEMORY, Spool
from dockerlint.report.summary import Summary
from dockerlint.workspace.roots import KEPT, Nearest, Roots
from dockerlint.workspace.seen import PLAIN as KEPT_PLAIN
from dockerlint.workspace.seen import Seen

MANY = 10_000


def test_a_spool_gives_back_what_it_was_given_in_its_order_and_holds_little() -> None:
    spool, lines = Spool(), [f"line {number} ☃" for number in range(MANY)]
    tracemalloc.start()
    for number in range(MANY):
        spool.add(f"line {number} ☃")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert list(spool) == lines
    assert held < 6 * IN_MEMORY


def test_a_few_lines_need_no_file() -> None:
    spool = Spool()
    spool.add("one")
    assert (list(spool), spool._file) == (["one"], None)


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_holds_no_list_of_all_files(format: str) -> None:
    report = open_report(format, PLAIN)
    files = [FileReport(f"{number:06}/compose.yaml", "compose", notes=("a note",)) for number in range(MANY)]
    report.begin()
    tracemalloc.start()
    for one in files:
        report.add(one)
    held, _ = tracemalloc.get_traced_memory()
    longest = max((len(piece) for piece in report.end(Summary(files=MANY))), default=0)
    tracemalloc.stop()
    assert held < 1_250_000
    assert longest < 100_000


@pytest.mark.parametrize("format", ["json", "sarif"])
def test_a_report_whose_lists_went_to_the_disk_is_whole(format: str) -> None:
    report = open_report(format, PLAIN)
    pieces = [report.begin()]
    for number in range(MANY // 2):
        pieces.append(report.add(unlinted(f"{number:06}/compose.yaml", "too large")))
    said = json.loads("".join([*pieces, *report.end(Summary(files=MANY // 2, obstacles=MANY // 2))]))
    if format == "json":
        assert [one["path"] for one in said["files"]] == [one["path"] for one in said["problems"]]
        assert len(said["files"]) == MANY // 2
    else:
        assert len(said["runs"][0]["invocations"][0]["toolExecutionNotifications"]) == MANY // 2


def test_paths_are_new_once_however_many_there_are() -> None:
    seen, chance = Seen(), random.Random(5)
    paths = [f"/project/{number:06}/Dockerfile" for number in range(MANY)]
    assert all(seen.add(path) for path in paths)
    chance.shuffle(paths)
    assert not any(seen.add(path) for path in paths)
    assert seen.add("/project/other")


def test_a_path_costs_little_once_there_are_many() -> None:
    seen = Seen()
    for number in range(KEPT_PLAIN):
        seen.add(f"/{number}")
    tracemalloc.start()
    for number in range(MANY):
        seen.add(f"/project/of/some/length/{number:06}/Dockerfile")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / MANY < 80


def test_a_path_that_no_text_can_spell_is_a_path() -> None:
    seen = Seen()
    for number in range(KEPT_PLAIN):
        seen.add(f"/{number}")
    assert (seen.add("/\udcff"), seen.add("/\udcff")) == (True, False)


def test_a_mapping_of_recent_entries_forgets_the_oldest() -> None:
    recent: Recent[int, str] = Recent(3)
    for number in range(5):
        recent[number] = str(number)
    recent[4] = "again"
    assert dict(recent) == {2: "2", 3: "3", 4: "again"}


def test_folders_that_were_walked_are_forgotten_and_looked_at_again(tmp_path: Path) -> None:
    looked: list[str] = []

    def look(folder: str) -> str | None:
        looked.append(folder)
        return "found" if folder == str(tmp_path) else None

    nearest = Nearest(Roots([str(tmp_path)]), look, "nothing")
    folders = [str(tmp_path / str(number)) for number in range(3 * KEPT)]
    assert {nearest.of_folder(folder) for folder in folders} == {"found"}
    assert len(nearest._found) <= KEPT
    assert looked.count(str(tmp_path)) < 10
