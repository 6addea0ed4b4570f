"""A service and the Dockerfile that it builds: what both say is told once, where it is mended."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.findings import Tier
from dockerlint.linting.selection import SelectionFlags
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.session import EditorSession
from dockerlint.lsp.settings import EditorSettings
from dockerlint.run.check import Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.run.review.baseline import Acceptance, write_baseline

DOCKERFILE = 'FROM node:22-bookworm-slim\nCMD ["node", "server.js"]\n'
SERVICES = "services:\n  api:\n    build: api\n  web:\n    build: {context: ./api}\n"
WHAT_ROOT_IS = SelectionFlags(select=("DK101", "DK102", "DK243"))
IGNORE_SERVICE = "# dockerlint: ignore[DK243] reason=batch"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api").mkdir()
    write(compose=SERVICES, dockerfile=DOCKERFILE)
    return tmp_path


def write(*, compose: str = "", dockerfile: str = "", config: str = "") -> None:
    for path, text in (
        ("compose.yaml", compose),
        ("api/Dockerfile", dockerfile),
        (".dockerlint.yaml", config),
    ):
        if text:
            Path(path).write_text(text)


def check(*paths: str, flags: SelectionFlags = WHAT_ROOT_IS, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    chosen = Options(paths=paths or (".",), formats=(Format("json"),), flags=flags, **options)
    run(chosen, out, io.StringIO())
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def found(*paths: str, **options: Any) -> list[tuple[str, str]]:
    return [(one["rule"], one["path"]) for one in check(*paths, **options)["findings"]]


def test_of_both_files_the_dockerfile_tells_it_and_names_every_service() -> None:
    (one,) = check()["findings"]
    assert (one["rule"], one["path"], one["built_by"]) == ("DK102", "api/Dockerfile", ["api", "web"])
    assert one["parts"] == [{"path": "compose.yaml", "line": 2}, {"path": "compose.yaml", "line": 4}]


def test_each_file_tells_it_where_the_other_is_not_in_the_run() -> None:
    assert found("compose.yaml") == [("DK243", "compose.yaml")] * 2
    assert found("api/Dockerfile") == [("DK102", "api/Dockerfile")]


def test_an_explicit_root_and_a_missing_health_check_are_told_once_too() -> None:
    write(dockerfile=DOCKERFILE + "USER root\n")
    assert found() == [("DK101", "api/Dockerfile")]
    checks = SelectionFlags(select=("DK107", "DK249"))
    assert found(flags=checks) == [("DK107", "api/Dockerfile")]


def test_a_comment_at_the_stage_hides_it_at_the_services_too() -> None:
    write(dockerfile=f"# dockerlint: ignore[DK102] reason=gosu\n{DOCKERFILE}")
    report = check()
    assert report["findings"] == []
    assert {(one["rule"], one["reason"]) for one in report["suppressed"]} == {
        ("DK102", "gosu"),
        ("DK243", "gosu"),
    }


def test_comments_at_all_services_hide_it_at_the_stage_and_one_of_them_does_not() -> None:
    one = SERVICES.replace("  api:", f"  {IGNORE_SERVICE}\n  api:")
    write(compose=one)
    assert found() == [("DK102", "api/Dockerfile")]
    write(compose=one.replace("  web:", f"  {IGNORE_SERVICE}\n  web:"))
    assert found() == []


def test_a_config_that_ignores_the_rule_of_the_dockerfile_means_its_services() -> None:
    write(config="ignore: [DK102]\n", compose=SERVICES + "  job:\n    image: python:3.13\n")
    report = check(flags=SelectionFlags())
    roots = [one["subject"] for one in report["findings"] if one["rule"] in ("DK102", "DK243")]
    assert roots == ["job"]
    assert [(one["by"], one["findings"]) for one in report["summary"]["hidden"]] == [("ignore", 3)]


def test_a_baseline_of_the_project_holds_for_each_file_alone() -> None:
    options = Options(flags=WHAT_ROOT_IS, baseline="known.json")
    assert write_baseline(options, Acceptance(), io.StringIO(), io.StringIO()) == 0
    for path in (".", "compose.yaml", "api/Dockerfile"):
        assert found(path, baseline="known.json") == []


def test_a_service_whose_dockerfile_ends_otherwise_keeps_its_own_verdict() -> None:
    write(compose=SERVICES.replace("build: api", "build: {context: api, target: dev}"))
    write(dockerfile=f"FROM node:22-bookworm-slim AS dev\n{DOCKERFILE}USER node\n")
    assert found() == [("DK102", "api/Dockerfile")]
    assert check()["findings"][0]["built_by"] == ["api"]


def test_a_fix_of_both_files_leaves_it_to_the_dockerfile_and_one_of_the_compose_file_says_it() -> None:
    for paths, said in (((".",), {"DK102 "}), (("compose.yaml",), {"DK243 "}), (("api",), {"DK102 "})):
        out = io.StringIO()
        run_fix(Options(paths=paths, flags=WHAT_ROOT_IS), Tier.SAFE, True, io.StringIO(), out)
        assert {one for one in ("DK102 ", "DK243 ") if one in out.getvalue().split("select")[0]} == said


def in_editor(path: str) -> list[tuple[str, str, list[int]]]:
    """What an open file is told: rule, file, and the lines of the other places."""
    session = EditorSession(EditorSettings(select=WHAT_ROOT_IS.select), (str(Path.cwd()),))
    one = OpenText(Path(path).as_uri(), path, "", Path(path).read_text(), "utf-16")
    session.opened(one)
    try:
        report = session.report(one)
        assert report is not None
        found = report.findings
        assert all(each.finding.fix is None for each in found if each.finding.span.source)
        return [(each.finding.rule.id, each.place.path, [one.line for one in each.parts]) for each in found]
    finally:
        session.closed(one.uri)


def test_an_editor_shows_it_at_the_dockerfile_whichever_of_both_is_open(project: Path) -> None:
    assert in_editor(str(project / "compose.yaml")) == [("DK102", "api/Dockerfile", [2, 4])]
    assert in_editor(str(project / "api/Dockerfile")) == [("DK102", "api/Dockerfile", [])]
    write(config="exclude: [api]\n")
    assert [rule for rule, *_ in in_editor(str(project / "compose.yaml"))] == ["DK243", "DK243"]
