"""A survey: input of many shapes in, tables out; what is there is kept, and what is hostile stays one row."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from dockerlint.cli.survey import with_command
from dockerlint.errors import UserError
from dockerlint.survey import cluster, extras, judging
from dockerlint.survey.answers import print_answer, print_questions
from dockerlint.survey.command import SurveyRequest, run_survey
from dockerlint.survey.folders import parts_of_folder
from dockerlint.survey.input import files_of, parts_of
from dockerlint.survey.output import read_manifests, schema_of, table_path
from dockerlint.survey.page import write_page
from dockerlint.survey.parts import SurveyError
from dockerlint.survey.questions import Tables, questions
from dockerlint.survey.settings import SurveySettings
from dockerlint.survey.tables import PORT_FIELDS, TABLES

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 30)
TOKEN = "ghp_" + hashlib.sha256(b"no token").hexdigest()[:36]
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
ROWS: list[tuple[str | None, str | None, bytes | None]] = [
    ("acme/web", "Dockerfile", b"ARG LINE=22.11\nFROM node:${LINE} AS build\nFROM build\nUSER node\n"),
    ("acme/web", "compose.yaml", b"services:\n  db:\n    image: postgres:17\n    ports: ['5432:5432']\n"),
    ("acme/api", "a/Dockerfile", b"FROM alpine:3.20 AS x\nFROM nginx\nCOPY --from=busybox:1.36 /a /b\n"),
    (
        "acme/api",
        "compose.yml",
        b"services:\n  cache:\n    image: redis:7\n    ports: ['127.0.0.1:6379:6379']\n  app:\n    build: .\n"
        b"    image: ${REGISTRY}/app\n    privileged: true\n    ports: ['80:80']\n",
    ),
    ("acme/secret", "Dockerfile", f"FROM alpine:3.22\nENV TOKEN={TOKEN}\nUSER app\n".encode()),
    (
        "acme/ignored",
        "Dockerfile",
        b'# dockerlint: ignore[DK501] reason="why"\nFROM alpine\n',
    ),
    ("evil/none", "Dockerfile", None),
    ("evil/path", None, b"FROM alpine\n"),
    ("evil/large", "Dockerfile", b"# x\n" * 300_000),
    ("evil/bytes", "Dockerfile", bytes(range(256)) * 4),
    ("evil/bomb", "compose.yaml", BOMB.encode()),
    ("evil/other", "notes.txt", b"neither\n"),
    ("evil/" + TOKEN, "../../../../etc/Dockerfile", b"FROM alpine:3.22\nCOPY .env /\n"),
    (None, "C:\\x\\Dockerfile", "FROM älpine\n".encode()),
]


def write_rows(path: Path, rows: list[Any] = ROWS, group: int = 5, names: str = "repo path content") -> Path:
    columns = zip(*rows, strict=True)
    kinds = (pyarrow.string(), pyarrow.large_string(), pyarrow.binary())
    arrays = [pyarrow.array(one, kind) for one, kind in zip(columns, kinds, strict=True)]
    table = pyarrow.Table.from_arrays(arrays, names=names.split())
    pyarrow.parquet.write_table(table, path, row_group_size=group)
    return path


def surveyed(source: Path, folder: Path, code: int = 0, **more: Any) -> str:
    settings = more.pop("settings", SurveySettings(DAY))
    told = {"day": DAY, "jobs": 1, "size": 3, **more}
    out, err = io.StringIO(), io.StringIO()
    assert run_survey(SurveyRequest(str(source), str(folder), settings, **told), out, err) == code
    return out.getvalue() + err.getvalue()


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    parts = sorted(read_manifests(str(folder)))
    files = [table_path(str(folder), name, part) for part in parts]
    return [row for file in files for row in pyarrow.parquet.read_table(file).to_pylist()]


def content(folder: Path) -> dict[str, list[str]]:
    """All tables, whatever order their parts have."""
    return {name: sorted(map(repr, table(folder, name))) for name in TABLES}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of all rows, judged in this process."""
    folder = tmp_path_factory.mktemp("survey")
    told = surveyed(write_rows(folder / "in.parquet"), folder / "out")
    assert "in 6 of 6 parts, 6 of them judged now" in told
    return folder / "out"


def asked(name: str, folder: Path, *given: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert print_answer(name, str(folder), list(given), "json", out) == 0
    rows: list[dict[str, Any]] = json.loads(out.getvalue())
    return rows


def test_images_are_resolved_through_arguments_and_stages(made: Path) -> None:
    told = {
        (one["repository"], one["subject"], one["origin"]): (one["reference"], one["version"], one["ships"])
        for one in table(made, "images")
    }
    assert told["acme/web", "build", "from"] == ("node:22.11", "22.11", True)
    assert told["acme/web", "db", "service"] == ("postgres:17", "17", True)
    assert told["acme/api", "x", "from"] == ("alpine:3.20", "3.20", False)
    assert told["acme/api", "1", "copy"] == ("busybox:1.36", "1.36", False)
    assert told["acme/api", "app", "service"] == (None, None, True)
    node = next(one for one in table(made, "images") if one["image"] == "node")
    assert (node["product"], node["release"], node["line"], node["pinned"]) == ("Node.js", "22", 2, False)
    assert node["end_of_life"] == date(2027, 4, 30)


def test_services_tell_ports_and_who_reaches_a_datastore(made: Path) -> None:
    told = {one["service"]: one for one in table(made, "services")}
    assert {name: one["datastore_reach"] for name, one in told.items()} == {
        "db": "all",
        "cache": "loopback",
        "app": None,
    }
    assert told["cache"]["ports"] == [
        dict(zip(PORT_FIELDS, ("127.0.0.1", "6379", "6379", "tcp", "loopback", True), strict=True))
    ]
    assert (told["app"]["privileged"], told["app"]["built"], told["db"]["datastore"]) == (True, True, True)


def test_what_cannot_be_judged_is_a_row_with_the_reason(made: Path) -> None:
    rows = [one for one in table(made, "problems") if one["problem"] == "not judged"]
    told = {one["repository"]: one["reason"].partition(";")[0] for one in rows}
    assert told == {
        "evil/none": "the input has no content for it",
        "evil/path": "the input has no path for it",
        "evil/large": "too large: more than 1 MB",
        "evil/other": "the kind of file is not known",
    }
    assert {one["repository"] for one in table(made, "files") if not one["judged"]} == set(told)
    assert len(table(made, "files")) == len(ROWS)


def test_no_table_shows_a_secret(made: Path) -> None:
    assert TOKEN not in repr([table(made, name) for name in TABLES])
    assert any(one["rule"] == "DK528" for one in table(made, "findings"))
    for path in made.rglob("*.parquet"):
        assert TOKEN.encode() not in path.read_bytes()


def test_findings_tell_what_a_comment_hides(made: Path) -> None:
    hidden = [one for one in table(made, "findings") if one["suppressed"]]
    assert [(one["repository"], one["rule"], one["reason"]) for one in hidden] == [
        ("acme/ignored", "DK501", "why")
    ]
    assert {one["profile"] for one in table(made, "findings")} == {"default", "strict"}


def test_no_text_is_looked_up_beside_files_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path of a row is no path of the disk."""
    (tmp_path / "compose.yaml").write_text("services: {}\n", "utf-8")
    (tmp_path / ".env").write_text(f"TAG={TOKEN}\n", "utf-8")
    (tmp_path / ".dockerlint.yaml").write_text("ignore: [DK501]\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    rows = [
        ("r", "compose.yaml", b"services:\n  a:\n    image: node:${TAG}\n"),
        ("r", "Dockerfile", b"FROM node\n"),
    ]
    surveyed(write_rows(tmp_path / "in.parquet", rows), tmp_path / "out")
    assert {one["tag"] for one in table(tmp_path / "out", "images")} == {None}
    assert "DK501" in {one["rule"] for one in table(tmp_path / "out", "findings")}


def test_several_processes_write_the_same_tables(made: Path, tmp_path: Path) -> None:
    told = surveyed(made.parent / "in.parquet", tmp_path / "out", jobs=2)
    assert "6 of them judged now" in told
    assert content(tmp_path / "out") == content(made)


def test_a_second_run_judges_what_is_missing_only(tmp_path: Path) -> None:
    source, out = write_rows(tmp_path / "in.parquet"), tmp_path / "out"
    surveyed(source, out)
    before = content(out)
    assert "0 of them judged now" in surveyed(source, out)
    gone = sorted(read_manifests(str(out)))[2]
    (out / "parts" / f"{gone}.json").unlink()
    assert " 1 of them judged now" in surveyed(source, out)
    torn = sorted(read_manifests(str(out)))[1]
    os.unlink(table_path(str(out), "images", torn))
    assert " 1 of them judged now" in surveyed(source, out)
    (out / "parts" / f"{torn}.json").write_text("{", "utf-8")
    assert " 1 of them judged now" in surveyed(source, out)
    assert content(out) == before


def test_other_rows_another_day_and_other_rules_are_judged_anew(tmp_path: Path) -> None:
    source, out = write_rows(tmp_path / "in.parquet"), tmp_path / "out"
    surveyed(source, out, size=5)
    changed = [*ROWS[:-1], ("acme/new", "Dockerfile", b"FROM node:20\n")]
    write_rows(source, changed)
    assert " 1 of them judged now" in surveyed(source, out, size=5)
    assert "acme/new" in {one["repository"] for one in table(out, "files")}
    write_rows(source, changed[:5])
    assert "in 1 of 1 parts, 0 of them" in surveyed(source, out, size=5)
    assert len(table(out, "files")) == 5
    assert " 1 of them judged now" in surveyed(source, out, size=5, day=date(2026, 12, 1))
    other = SurveySettings(DAY, ignore=("DK501",))
    assert " 1 of them judged now" in surveyed(source, out, size=5, settings=other)


def test_a_run_goes_on_with_the_day_of_the_one_before(tmp_path: Path) -> None:
    source, out = write_rows(tmp_path / "in.parquet", ROWS[:2]), tmp_path / "out"
    surveyed(source, out)
    settings = SurveySettings(date(2030, 1, 1))
    assert " 0 of them judged now" in surveyed(source, out, day=None, settings=settings)


def test_a_folder_that_is_no_survey_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x", "utf-8")
    with pytest.raises(UserError, match="not empty"):
        surveyed(write_rows(tmp_path / "in.parquet", ROWS[:1]), tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_file_at_which_two_processes_died_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = write_rows(tmp_path / "in.parquet", ROWS[:3]), tmp_path / "out"
    linter, real = judging.SurveyLinter, judging.SurveyLinter.file

    def dying(self: Any, one: Any) -> Any:
        if one.path == "compose.yaml":
            raise SystemExit("as if killed")
        return real(self, one)

    monkeypatch.setattr(linter, "file", dying)
    monkeypatch.setattr(judging._PartNote, "__exit__", lambda *_: None)  # a killed process tidies nothing up
    for _ in range(2):
        with pytest.raises(SystemExit):
            surveyed(source, out)
    surveyed(source, out)
    assert [(one["path"], one["reason"][:24]) for one in table(out, "problems")] == [
        ("compose.yaml", "its process died 2 times")
    ]
    assert len(table(out, "files")) == 3


def test_a_part_that_cannot_be_read_is_told_and_others_are_judged(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.parquet")
    data = bytearray(source.read_bytes())
    column = pyarrow.parquet.ParquetFile(source).metadata.row_group(1).column(2)
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    source.write_bytes(data)
    told = surveyed(source, tmp_path / "out", code=2)
    assert "row group 1 cannot be read" in told
    assert "in 4 of 6 parts" in told


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("owner path text", None),
        ("Repository FILE_PATH Content", None),
        ("repo where content", "no column 'path'"),
        ("repo path blob_id", "no column 'content'"),
    ],
)
def test_columns_are_found_by_what_people_call_them(names: str, told: str | None, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.parquet", ROWS[:1], names=names)
    if told is None:
        (part,) = parts_of(str(source), 10, 1)
        (one,) = files_of(part)
        assert (one.path, one.content) == ROWS[0][1:]
    else:
        with pytest.raises(SurveyError, match=told):
            list(parts_of(str(source), 10, 1))


def test_a_column_of_numbers_and_a_file_that_is_no_parquet_are_refused(tmp_path: Path) -> None:
    numbers = pyarrow.table({"path": [1], "content": ["x"]})
    pyarrow.parquet.write_table(numbers, tmp_path / "in.parquet")
    with pytest.raises(SurveyError, match="column path holds int64"):
        list(parts_of(str(tmp_path / "in.parquet"), 10, 1))
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(SurveyError, match="not a readable Parquet file"):
        list(parts_of(str(tmp_path / "no.parquet"), 10, 1))
    with pytest.raises(SurveyError, match="no such file"):
        list(parts_of(str(tmp_path / "missing"), 10, 1))


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    """Twenty repositories with a file each, and one whose service is built from a Dockerfile beside it."""
    for number in range(20):
        path = tmp_path / "fleet" / f"r{number:02}" / "Dockerfile"
        path.parent.mkdir(parents=True)
        path.write_text("FROM node:22\n", "utf-8")
    (tmp_path / "fleet" / "r03" / "compose.yaml").write_text("services:\n  web:\n    build: .\n", "utf-8")
    return tmp_path / "fleet"


def test_a_folder_of_repositories_is_judged_with_what_stands_beside(
    repositories: Path, tmp_path: Path
) -> None:
    (repositories / "r00" / ".dockerlint.yaml").write_text("select: [DK999]\n", "utf-8")
    surveyed(repositories, tmp_path / "out", size=8)
    found = table(tmp_path / "out", "findings")
    assert ("r03", "compose.yaml", "DK243") in {
        (one["repository"], one["path"], one["rule"]) for one in found
    }
    assert {one["repository"] for one in found} == {f"r{number:02}" for number in range(20)}


def test_a_new_repository_changes_one_part(repositories: Path) -> None:
    before = {one.id: one.digest for one in parts_of_folder(str(repositories), 8, 1)}
    (repositories / "r071").mkdir()
    (repositories / "r071" / "Dockerfile").write_text("FROM node:24\n", "utf-8")
    after = {one.id: one.digest for one in parts_of_folder(str(repositories), 8, 1)}
    assert len(before) > 2
    assert len(before.items() ^ after.items()) <= 3


class Cluster:
    """A cluster whose first worker is lost with all that it had."""

    def __init__(self, losing: int) -> None:
        self.losing = losing
        self.closed = False

    def map(self, work: Callable[[Any], Any], tasks: list[Any], key: list[str], **_: Any) -> list[Any]:
        return [Future(self, work, task, name) for task, name in zip(tasks, key, strict=True)]

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True


class Future:
    def __init__(self, home: Cluster, work: Callable[[Any], Any], task: Any, key: str) -> None:
        self.home, self.work, self.task, self.key = home, work, task, key

    def result(self) -> Any:
        if self.home.losing:
            self.home.losing -= 1
            raise RuntimeError("KilledWorker: its worker is gone\nwith a traceback")
        return self.work(self.task)


def clustered(monkeypatch: pytest.MonkeyPatch, losing: int) -> Cluster:
    there = Cluster(losing)

    class Distributed:
        @staticmethod
        def Client(address: str, **_: Any) -> Cluster:
            if address != "tcp://here":
                raise OSError("Timed out trying to connect to " + address)
            return there

        @staticmethod
        def as_completed(futures: list[Future]) -> Iterator[Future]:
            return reversed(futures)

    monkeypatch.setattr(cluster, "library", lambda name: Distributed)
    return there


def test_parts_of_a_lost_worker_are_judged_by_others(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = clustered(monkeypatch, losing=7)  # all six parts, and one of them again
    told = surveyed(made.parent / "in.parquet", tmp_path / "out", scheduler="tcp://here")
    assert "handed out again" in told
    assert content(tmp_path / "out") == content(made)
    assert there.closed


def test_a_cluster_that_always_fails_ends_the_run_with_the_reason(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clustered(monkeypatch, losing=1_000)
    told = surveyed(made.parent / "in.parquet", tmp_path / "out", code=2, scheduler="tcp://here")
    assert "KilledWorker: its worker is gone" in told
    assert "traceback" not in told
    with pytest.raises(SurveyError, match="cannot be reached"):
        surveyed(made.parent / "in.parquet", tmp_path / "out", scheduler="tcp://elsewhere")


def test_a_worker_with_other_rules_judges_nothing(made: Path, tmp_path: Path) -> None:
    (part, *_) = parts_of(str(made.parent / "in.parquet"), 3, 1)
    settings = SurveySettings(DAY)
    other = judging.identity_of(settings)._replace(rules="0" * 64)
    with pytest.raises(SurveyError, match="other rules"):
        judging.judge_part(judging.Task(part, settings, other, str(tmp_path)))


def test_the_three_questions_are_answered(made: Path) -> None:
    assert [one["repository"] for one in asked("base", made, "image=node", "version=22")] == ["acme/web"]
    assert asked("base", made, "image=node", "version=2") == []
    assert [one["path"] for one in asked("base", made, "image=alpine", "version=3.20", "ships=false")] == [
        "a/Dockerfile"
    ]
    assert [(one["service"], one["ports"]) for one in asked("datastores", made)] == [("db", ["5432:5432"])]
    assert [one["service"] for one in asked("datastores", made, "reach=any")] == ["cache", "db"]
    cost = asked("policy", made, "from=critical", "to=high")
    high = [
        one for one in table(made, "findings") if (one["severity"], one["profile"]) == ("high", "default")
    ]
    assert next(one for one in cost if one["rule"] == "all")["findings"] == len(high)
    (rule,) = (one for one in asked("policy", made, "to=high", "rule=DK501") if one["rule"] == "DK501")
    hidden = [one for one in table(made, "findings") if one["rule"] == "DK501" and not one["suppressed"]]
    assert (rule["findings"], rule["name"]) == (len(hidden), "untagged-image")


def test_every_query_answers_in_every_format_also_without_a_row(tmp_path: Path) -> None:
    surveyed(write_rows(tmp_path / "in.parquet", ROWS[6:7]), tmp_path / "out")
    for one in questions():
        given = [f"{parameter.name}=x" for parameter in one.parameters if parameter.default is None]
        for format in ("text", "csv", "json"):
            out = io.StringIO()
            assert print_answer(one.name, str(tmp_path / "out"), given, format, out) == 0
            assert out.getvalue()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_parquet('../in.parquet')",
        "COPY (SELECT 1) TO '/tmp/dockerlint-survey.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM nowhere",
    ],
)
def test_a_query_reads_the_tables_and_nothing_else(sql: str, made: Path) -> None:
    tables = Tables(str(made))
    with pytest.raises(SurveyError, match="query: "):
        tables.ask(sql)
    assert tables.ask("SELECT count(*) FROM files").rows == [(len(ROWS),)]
    tables.close()


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("datastore", [], "did you mean 'datastores'"),
        ("base", [], "needs --set image="),
        ("base", ["image"], "has the parameters image, version, ships"),
        ("base", ["image=a", "imag=b"], "has the parameters image"),
        ("missing.sql", [], "no such file"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(name: str, given: list[str], told: str, made: Path) -> None:
    with pytest.raises(SurveyError, match=told):
        print_answer(name, str(made), given, "text", io.StringIO())


def test_a_cell_is_no_command_of_a_terminal_and_no_formula(tmp_path: Path) -> None:
    rows = [("=1+1\x1b[31m", "Dockerfile", b"FROM node:22\n")]
    surveyed(write_rows(tmp_path / "in.parquet", rows), tmp_path / "out")
    text, sheet = io.StringIO(), io.StringIO()
    print_answer("base", str(tmp_path / "out"), ["image=node"], "text", text)
    print_answer("base", str(tmp_path / "out"), ["image=node"], "csv", sheet)
    assert "\x1b" not in text.getvalue()
    assert "'=1+1" in sheet.getvalue()


def test_the_page_tells_the_state_and_lets_nothing_in(tmp_path: Path) -> None:
    name = "evil/<script>alert(1)</script>"
    open_datastore = b"services:\n  db:\n    image: redis:6\n    ports: ['6379:6379']\n"
    rows = [(name, "compose.yaml", open_datastore), ("good", "Dockerfile", b"FROM node:16\n"), ROWS[6]]
    surveyed(write_rows(tmp_path / "in.parquet", rows), tmp_path / "out")
    target = tmp_path / "state.html"
    assert write_page(str(tmp_path / "out"), str(target), io.StringIO()) == 0
    page = target.read_text("utf-8")
    assert "State of 3 repositories" in page
    assert "evil/&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "default-src 'none'" in page.replace("&#39;", "'")
    assert not re.search(r"(?:src|href)=\"", page)
    assert all(
        words in page for words in ("Node.js", "2023-09-11", "redis:6", "the input has no content for it")
    )


def test_a_missing_library_is_named_with_its_extra() -> None:
    with pytest.raises(SurveyError, match=r"install dockerlint\[survey\]"):
        extras.library("no_such_library_of_ours")
    assert extras.library("pyarrow.parquet") is pyarrow.parquet


def test_an_input_behind_survey_means_run() -> None:
    assert with_command(["survey", "in.parquet", "out"]) == ["survey", "run", "in.parquet", "out"]
    for words in (["survey", "query", "base"], ["survey", "--help"], ["survey"], ["check", "x"]):
        assert with_command(words) == words


def test_the_page_lists_every_column_and_every_query() -> None:
    page = (ROOT / "docs" / "survey.md").read_text("utf-8")
    row = re.compile(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", re.MULTILINE)
    chapters = {name: page.split(f"### `{name}`", 1)[1].split("\n#", 1)[0] for name in TABLES}
    listed = {name: row.findall(text) for name, text in chapters.items()}
    assert listed == {name: [tuple(one) for one in columns] for name, columns in TABLES.items()}
    out = io.StringIO()
    print_questions(out)
    assert all(f"dockerlint survey query {one.name} " in page for one in questions())
    assert all(one.name in out.getvalue() for one in questions())
    assert {one.name for one in schema_of("services")} == {one.name for one in TABLES["services"]}
