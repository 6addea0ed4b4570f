"""Files that Docker Compose merges are judged together; each report tells of what stands in its file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.cli.explainfile import explain_file
from dockerlint.findings import Tier
from dockerlint.run import members
from dockerlint.run.check import Options, linter_for, run
from dockerlint.run.fix import run_fix
from dockerlint.run.named import NamedProject
from dockerlint.run.projects import Projects
from dockerlint.workspace.config import Config
from dockerlint.workspace.discovery import Candidate
from dockerlint.workspace.roots import Roots

NGINX = "services:\n  web:\n    image: nginx:1.31\n"
OPEN = "services:\n  web:\n    privileged: true\n"


pytestmark = pytest.mark.usefixtures("in_a_folder")


def check(texts: dict[str, str], *paths: str, **line: Any) -> tuple[dict[str, Any], int]:
    """The JSON report of a check of these files, and its exit code."""
    for name, text in texts.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    out, err = io.StringIO(), io.StringIO()
    code = run(options_of(CheckLine(paths=paths, format=("json",), jobs=1, **line)), out, err)
    assert out.getvalue(), err.getvalue()
    return json.loads(out.getvalue()), code


def places(report: dict[str, Any], rule: str) -> list[tuple[str, int]]:
    return [(one["path"], one["line"]) for one in report["findings"] if one["rule"] == rule]


@pytest.mark.parametrize(
    ("base", "override"),
    [
        ("compose.yaml", "compose.override.yaml"),
        ("compose.yml", "compose.override.yaml"),
        ("docker-compose.yaml", "compose.override.yml"),
        ("docker-compose.yml", "docker-compose.override.yml"),
    ],
)
def test_an_override_is_told_of_at_its_own_place_and_the_base_of_what_both_lack(
    base: str, override: str
) -> None:
    report, _ = check({base: NGINX, override: OPEN})
    assert places(report, "DK200") == [(override, 3)]
    assert places(report, "DK223") == [(base, 2)]
    found = next(one for one in report["findings"] if one["rule"] == "DK200")
    assert found["project"] == f"{base} + {override}"
    assert found["chain"] == [{"path": base, "line": 2}, {"path": override, "line": 2}]


def test_the_first_default_name_is_the_project_and_the_others_stand_alone() -> None:
    report, _ = check({"compose.yaml": NGINX, "docker-compose.yml": NGINX, "compose.override.yaml": OPEN})
    assert places(report, "DK223") == [("compose.yaml", 2), ("docker-compose.yml", 2)]
    assert all("project" not in one for one in report["findings"] if one["path"] == "docker-compose.yml")


def test_what_an_override_sets_is_not_missing_from_the_base() -> None:
    override = "services:\n  web:\n    security_opt: [no-new-privileges:true]\n    mem_limit: 1g\n"
    report, _ = check({"compose.yaml": NGINX, "compose.override.yaml": override})
    assert places(report, "DK223") == places(report, "DK226") == []
    assert places(report, "DK225") == [("compose.yaml", 2)]


def test_compose_file_of_the_env_file_names_the_project() -> None:
    texts = {
        ".env": "COMPOSE_FILE=a.yaml;b.yaml\nCOMPOSE_PATH_SEPARATOR=;\n",
        "a.yaml": NGINX,
        "b.yaml": OPEN,
    }
    report, _ = check(texts, "a.yaml", "b.yaml")
    assert places(report, "DK200") == [("b.yaml", 3)]
    assert places(report, "DK223") == [("a.yaml", 2)]


def test_the_command_line_names_a_project_in_its_order() -> None:
    hardened = "services:\n  web:\n    read_only: false\n"
    texts = {"a.yaml": "services:\n  web:\n    image: nginx:1.31\n    read_only: true\n", "b.yaml": hardened}
    report, _ = check(texts, compose_file=("a.yaml", "b.yaml"))
    assert {one["path"] for one in report["files"]} == {"a.yaml", "b.yaml"}
    assert len(places(report, "DK225")) == 1
    report, _ = check(texts, compose_file=("b.yaml", "a.yaml"))
    assert places(report, "DK225") == []


def test_the_config_names_projects() -> None:
    texts = {
        ".dockerlint.yaml": "projects:\n  - compose.yaml + deploy/prod.yaml\n",
        "compose.yaml": NGINX,
        "deploy/prod.yaml": OPEN,
    }
    report, _ = check(texts, "compose.yaml", "deploy/prod.yaml")
    assert places(report, "DK200") == [("deploy/prod.yaml", 3)]
    assert places(report, "DK223") == [("compose.yaml", 2)]


def test_files_that_no_search_finds_are_told_of_by_the_one_that_takes_them_in() -> None:
    texts = {
        "compose.yaml": "services:\n  web:\n    extends: {file: parts/base.yml, service: base}\n",
        "parts/base.yml": "services:\n  base:\n    image: nginx:1.31\n    privileged: true\n",
    }
    report, _ = check(texts)
    assert places(report, "DK200") == [("parts/base.yml", 4)]
    assert [one["subject"] for one in report["findings"] if one["rule"] == "DK200"] == ["web"]
    assert [one["path"] for one in report["files"]] == ["compose.yaml"]


def test_an_included_file_is_not_judged_on_its_own() -> None:
    """The service of its own that it lacks a limit for has one where it is included."""
    texts = {
        "compose.yaml": "include: [{path: [db/compose.yaml, limits.yaml]}]\n",
        "limits.yaml": "services:\n  db: {mem_limit: 1g}\n",
        "db/compose.yaml": "services:\n  db:\n    image: postgres:17.5\n",
    }
    report, _ = check(texts)
    assert places(report, "DK226") == []
    assert ("db/compose.yaml", 2) in places(report, "DK223")
    Path("compose.yaml").unlink()
    assert places(check({})[0], "DK226") == [("db/compose.yaml", 2)]


def test_a_changed_file_alone_is_judged_with_the_others_of_its_project() -> None:
    texts = {
        "compose.yaml": NGINX + "    security_opt: [no-new-privileges:true]\n",
        "compose.override.yaml": OPEN,
    }
    report, _ = check(texts, "compose.override.yaml")
    assert places(report, "DK200") == [("compose.override.yaml", 3)]
    assert {one["path"] for one in report["findings"]} == {"compose.override.yaml"}


def test_a_comment_hides_what_stands_in_its_own_file() -> None:
    override = OPEN.replace("true\n", "true  # dockerlint:ignore [DK200]\n")
    report, _ = check({"compose.yaml": NGINX, "compose.override.yaml": override})
    assert places(report, "DK200") == []
    assert [(one["rule"], one["path"]) for one in report["suppressed"]] == [
        ("DK200", "compose.override.yaml")
    ]


def test_a_secret_of_one_file_is_hidden_in_the_report_on_another() -> None:
    word = "kaefer-im-" + "glas"
    base = f"services:\n  db:\n    image: postgres:17.5\n    command: [run, {word}]\n    privileged: true\n"
    override = f"services:\n  db:\n    environment: {{POSTGRES_PASSWORD: {word}}}\n"
    report, _ = check({"compose.yaml": base, "compose.override.yaml": override})
    assert places(report, "DK200") == [("compose.yaml", 5)]
    assert word not in json.dumps(report)


def test_what_was_not_read_is_told_once_and_fails_where_all_must_be_read() -> None:
    texts = {"compose.yaml": "services:\n  web:\n    extends: {file: gone.yml, service: base}\n"}
    report, code = check(texts)
    gaps = [one for one in report["problems"] if "unread" in one]
    assert ([(one["path"], one["line"]) for one in gaps], code) == ([("compose.yaml", 3)], 0)
    assert check(texts, require_complete=True)[1] == 2
    assert check(texts, untrusted="")[1] == 2


def test_nothing_outside_of_the_project_is_read_unless_the_config_allows_it(tmp_path: Path) -> None:
    base = {"../shared/base.yml": "services:\n  base:\n    image: nginx:1.31\n    privileged: true\n"}
    Path("app/.git").mkdir(parents=True)
    Path("app/.git/HEAD").touch()
    import os

    os.chdir("app")
    kid = "services:\n  web:\n    extends: {file: ../shared/base.yml, service: base}\n"
    report, _ = check({**base, "compose.yaml": kid})
    assert (places(report, "DK200"), report["summary"]["gaps"]) == ([], 1)
    report, _ = check({".dockerlint.yaml": "allow-outside: [../shared]\n"})
    assert (places(report, "DK200"), report["summary"]["gaps"]) == ([("../shared/base.yml", 4)], 0)
    assert places(check({}, untrusted="")[0], "DK200") == []


def test_a_service_that_no_active_profile_starts_says_its_profile() -> None:
    text = "services:\n  web:\n    image: nginx:1.31\n    privileged: true\n    profiles: [tools]\n"
    report, _ = check({"compose.yaml": text})
    assert report["findings"][0]["profiles"] == ["tools"]
    report, _ = check({".env": "COMPOSE_PROFILES=tools\n"})
    assert "profiles" not in report["findings"][0]


def fixed(texts: dict[str, str], *paths: str) -> dict[str, str]:
    """What `fix --harden` makes of these files."""
    for name, text in texts.items():
        Path(name).write_text(text)
    run_fix(options_of(CheckLine(paths=paths)), Tier.HARDEN, False, io.StringIO(), io.StringIO())
    return {name: Path(name).read_text() for name in texts}


def test_hardening_goes_to_the_first_file_that_declares_the_service_and_never_into_two() -> None:
    after = fixed({"compose.yaml": NGINX, "compose.override.yaml": "services:\n  web:\n    init: true\n"})
    assert "no-new-privileges" in after["compose.yaml"]
    assert "security_opt" not in after["compose.override.yaml"]


def test_hardening_goes_to_the_file_that_the_config_names() -> None:
    config = "projects: compose.yaml + compose.prod.yaml\nfix: {write-to: compose.prod.yaml}\n"
    prod = "services:\n  web:\n    init: true\n"
    after = fixed({".dockerlint.yaml": config, "compose.yaml": NGINX, "compose.prod.yaml": prod})
    assert after["compose.yaml"] == NGINX
    assert "no-new-privileges" in after["compose.prod.yaml"]


def test_a_file_that_two_projects_include_gets_advice_that_names_them() -> None:
    for name in ("a", "b"):
        Path(f"compose.{name}.yaml").write_text("include: [db.yaml]\n")
    text = "services:\n  db:\n    image: postgres:17.6\n    security_opt: []\n"
    assert fixed({"db.yaml": text}, "db.yaml")["db.yaml"] == text
    out = io.StringIO()
    run_fix(options_of(CheckLine(paths=("db.yaml",))), Tier.HARDEN, True, out, out)
    assert "compose.a.yaml and compose.b.yaml both include this file" in out.getvalue()


def test_explain_file_names_the_projects_that_hold_a_file() -> None:
    check({"compose.yaml": NGINX, "compose.override.yaml": OPEN, "compose.dev.yaml": OPEN})
    told = io.StringIO()
    explain_file("compose.yaml", told, told)
    lines = [line.split(None, 1)[1] for line in told.getvalue().splitlines() if line.startswith("project")]
    assert lines == [
        "compose.yaml + compose.override.yaml",
        "compose.yaml + compose.dev.yaml: perhaps, so fixes are tried on it",
    ]


def told(format: str, texts: dict[str, str]) -> str:
    for name, text in texts.items():
        Path(name).write_text(text)
    out = io.StringIO()
    run(options_of(CheckLine(format=(format,), jobs=1)), out, io.StringIO())
    return out.getvalue()


KID = """\
services:
  web:
    extends: {file: base.yml, service: base}
  other:
    extends: {file: gone.yml, service: x}
"""
BASE = "services:\n  base:\n    image: nginx:1.31\n    privileged: true\n"


@pytest.mark.parametrize(
    ("format", "gap"),
    [
        ("text", "not read: 5:21  gone.yml is not there"),
        ("github", "::warning file=compose.yaml,line=5,title=dockerlint::gone.yml is not there"),
        ("json", '"unread": true, "path": "compose.yaml", "line": 5'),
        ("sarif", '"level": "warning", "message": {"text": "gone.yml is not there'),
        ("statistics", "compose.yaml: not read: gone.yml is not there"),
    ],
)
def test_every_format_tells_of_a_gap_once(format: str, gap: str) -> None:
    assert told(format, {"compose.yaml": KID, "base.yml": BASE}).count(gap) == 1


def test_the_chain_of_a_service_stands_in_the_text_and_in_sarif() -> None:
    texts = {"compose.yaml": KID, "base.yml": BASE}
    assert "service web of compose.yaml  (base.yml -> compose.yaml)" in told("text", texts)
    results = json.loads(told("sarif", texts))["runs"][0]["results"]
    (found,) = [one for one in results if one["ruleId"] == "DK200"]
    places = [one["physicalLocation"] for one in found["relatedLocations"]]
    assert [one["artifactLocation"]["uri"] for one in places] == ["base.yml", "compose.yaml"]
    assert [one["region"]["startLine"] for one in places] == [2, 2]


def test_a_dockerfile_is_checked_without_what_joins_compose_files() -> None:
    Path("Dockerfile").write_text("FROM alpine:3.22\nUSER 1000\n")
    code = (
        "import sys; sys.argv = ['dockerlint', 'check', 'Dockerfile']\n"
        "from dockerlint.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "names = ('dockerlint.link.resolve', 'dockerlint.yaml.tree', 'dockerlint.run.projects')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("given", [(), ("prod.env",)])
def test_the_env_file_names_the_project_and_its_profiles(given: tuple[str, ...]) -> None:
    Path(".env").write_text("COMPOSE_PROJECT_NAME=other\nCOMPOSE_PROFILES=other\n")
    Path(*given or [".env"]).write_text("COMPOSE_PROJECT_NAME=shop\nCOMPOSE_PROFILES=one,two\n")
    Path("compose.prod.yaml").write_text(NGINX)
    projects = Projects(Roots(), lambda path: Path(path).read_text(), NamedProject(env_files=given))
    (held,) = projects.of("compose.prod.yaml", Config())
    assert (held.files.name, held.files.profiles) == ("shop", ("one", "two"))


def test_a_secret_in_the_repository_is_told_where_it_is_set() -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    texts = {
        "app.env": "LEVEL=3\nDB_PASSWORD=kaefer-im-glas\n",
        "pw.txt": "kaefer-am-hang\n",
        "kept.txt": "kaefer-im-sand\n",
        "blank.txt": "<password>\n",
        "compose.yaml": (
            f"{NGINX}    env_file: ./app.env\n    environment: {{DB_PASSWORD: x}}\n"
            "secrets:\n  pw: {file: ./pw.txt}\n  kept: {file: kept.txt}\n  blank: {file: blank.txt}\n"
        ),
    }
    check(texts)
    subprocess.run(["git", "add", "app.env", "pw.txt", "blank.txt"], check=True)
    report, _ = check({})
    assert places(report, "DK541") == [("compose.yaml", 7), ("app.env", 2)]
    assert "kaefer" not in json.dumps(report)


def test_an_overlay_in_a_folder_below_is_judged_with_the_default_file_above_it() -> None:
    overlay = "services:\n  web:\n    volumes: [/var/run/docker.sock:/var/run/docker.sock]\n"
    report, _ = check({"compose.yaml": NGINX, "ci/plain/compose.yaml": overlay}, ".")
    assert places(report, "DK000") == []
    assert places(report, "DK201") == [("ci/plain/compose.yaml", 3)]
    found = next(one for one in report["findings"] if one["rule"] == "DK201")
    assert [one["path"] for one in found["chain"]] == ["compose.yaml", "ci/plain/compose.yaml"]
    assert places(report, "DK223") == [("compose.yaml", 2)]


def test_an_overlay_whose_service_stands_nowhere_above_is_still_refused() -> None:
    overlay = "services:\n  web: {}\n  jobs: {}\n"
    report, _ = check({"compose.yaml": NGINX, "ci/compose.yaml": overlay}, ".")
    assert places(report, "DK000") == [("ci/compose.yaml", 2), ("ci/compose.yaml", 3)]


def test_a_file_that_can_start_alone_is_not_judged_with_one_above_it() -> None:
    report, _ = check({"compose.yaml": NGINX, "shop/compose.yaml": NGINX}, ".")
    assert sorted(places(report, "DK223")) == [("compose.yaml", 2), ("shop/compose.yaml", 2)]


@pytest.mark.parametrize("needed", ["[web]", "{web: {condition: service_started}}"])
def test_a_file_whose_service_starts_after_one_of_the_base_is_judged_with_it(needed: str) -> None:
    extra = f"services:\n  probe:\n    image: busybox:1.37\n    depends_on: {needed}\n"
    report, _ = check({"compose.yaml": NGINX, "compose.probe.yaml": extra}, ".")
    assert places(report, "DK000") == []
    assert "compose.probe.yaml" in {one["path"] for one in report["findings"]}


def test_findings_of_no_service_come_before_the_first_heading() -> None:
    text = (
        NGINX.replace("nginx:1.31", "nginx:latest")
        + "    privileged: true\nvolumes:\n  data:\n    colour: red\n"
    )
    Path("compose.yaml").write_text(text)
    out = io.StringIO()
    run(options_of(CheckLine(jobs=1)), out, io.StringIO())
    lines = out.getvalue().splitlines()
    assert next(at for at, line in enumerate(lines) if "DK000" in line) < lines.index("  service web")


def test_a_file_that_is_missing_is_told_once_however_often_it_is_named() -> None:
    services = "".join(f"  s{number}: {{image: 'nginx:1.31', env_file: gone.env}}\n" for number in range(3))
    report, code = check({"compose.yaml": f"services:\n{services}"}, ".", require_complete=True)
    gaps = [one for one in report["problems"] if "unread" in one]
    assert ([(one["path"], one["line"]) for one in gaps], code) == ([("compose.yaml", 2)], 2)


def test_labels_of_a_label_file_are_judged_and_a_name_of_no_model_is_told() -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "a1B2c3"
    texts = {
        "compose.yaml": NGINX + "    label_file: [app.labels]\n    models: [llm]\n",
        "app.labels": f"com.example.api.token={token}\n",
    }
    report, _ = check(texts, ".")
    assert "DK528" in {one["rule"] for one in report["findings"]} or "DK523" in {
        one["rule"] for one in report["findings"]
    }
    assert token not in json.dumps(report)
    assert places(report, "DK000") == [("compose.yaml", 5)]
    texts["compose.yaml"] += "models:\n  llm: {model: ai/smollm2}\n"
    assert places(check(texts, ".")[0], "DK000") == []


def test_a_refusal_names_every_project_that_includes_the_file() -> None:
    texts = {f"compose.{name}.yaml": "include: [db.yaml]\n" for name in "abc"}
    out = io.StringIO()
    for name, text in {**texts, "db.yaml": "services:\n  db:\n    image: postgres:17.5\n"}.items():
        Path(name).write_text(text)
    run_fix(options_of(CheckLine(paths=("db.yaml",))), Tier.HARDEN, True, out, out)
    assert "compose.a.yaml, compose.b.yaml and compose.c.yaml all include this file" in out.getvalue()


def test_a_difference_is_shown_beside_what_other_files_would_become() -> None:
    texts = {"compose.yaml": NGINX, "compose.override.yaml": NGINX.replace("image", "hostname")}
    shown = {}
    for is_diff in (True, False):
        for name, text in texts.items():
            Path(name).write_text(text)
        out = io.StringIO()
        run_fix(options_of(CheckLine(paths=(".",))), Tier.HARDEN, is_diff, out, io.StringIO())
        shown[is_diff] = out.getvalue()
    written = [line.strip() for name in texts for line in Path(name).read_text().splitlines()]
    added = [line[1:].strip() for line in shown[True].splitlines() if line[:1] == "+" and line[:3] != "+++"]
    assert added
    assert set(added) <= set(written)
    assert Path("compose.yaml").read_text().count("security_opt") == 1


def test_overlays_in_a_folder_are_judged_with_the_default_file_above_and_what_they_need_beside_them() -> None:
    texts = {
        "compose.yaml": NGINX + "  job:\n    image: busybox:1.37\n",
        "more/compose.a.yaml": "services:\n  web: {restart: always}\n",
        "more/compose.b.yaml": "services:\n  web: {privileged: true}\n",
        "more/compose.cache.yaml": "services:\n  cache: {image: 'redis:8.2'}\n  job: {restart: always}\n",
        "more/compose.job.yaml": "services:\n  late: {image: 'busybox:1.37', depends_on: [job]}\n",
        "more/compose.z.yaml": "services:\n  job: {init: true}\n  cache: {init: true}\n",
        "more/compose.x.yaml": "services:\n  gone: {init: true}\n  web: {init: true}\n",
    }
    report, _ = check(texts, ".")
    assert places(report, "DK000") == [("more/compose.x.yaml", 2)]
    (found,) = (one for one in report["findings"] if one["rule"] == "DK200")
    assert [one["path"] for one in found["chain"]] == ["compose.yaml", "more/compose.b.yaml"]


def test_a_file_with_a_dash_in_its_name_is_tried_on_the_base_whose_name_it_begins_with() -> None:
    heir = "services:\n  web:\n    extends: {file: base.yaml, service: other}\n"
    base = "services:\n  other:\n    image: nginx:1.31\n"
    after = fixed({"compose-more.yaml": NGINX, "compose.yaml": heir, "base.yaml": base}, ".")
    assert sum("security_opt" in text for text in after.values()) == 1


def test_a_file_with_the_name_of_another_and_a_word_more_is_put_upon_that() -> None:
    mail = "services:\n  mail:\n    image: mail:1.0\nnetworks: {back: {}}\n"
    texts = {
        "docker-compose.ci.yml": mail + NGINX.removeprefix("services:\n").replace("  web", "x-web"),
        "docker-compose.ci.mysql.yml": "services:\n  mail:\n    networks: [back]\n",
        "docker-compose.ci.pg.yml": "services:\n  mail:\n    networks: [other]\nnetworks: {other: {}}\n",
    }
    report, _ = check(texts)
    assert not places(report, "DK000")


def test_the_only_file_lacks_an_image_unless_its_name_says_that_it_is_put_upon_another() -> None:
    text = "services:\n  web:\n    networks: [front]\nnetworks: {front: {}}\n"
    report, _ = check({"a/compose.yaml": text, "b/docker-compose.traefik.yml": text})
    assert places(report, "DK000") == [("a/compose.yaml", 2)]


def test_what_docker_would_refuse_of_a_template_is_not_told_unless_a_stranger_wrote_it() -> None:
    template = "FROM alpine:3.22\nRUN a; \\\\\n  b\n<% if (x) { %>\nUSER 1000\n"
    report, _ = check({"Dockerfile": template})
    assert not places(report, "DK000")
    assert "line 4 is part of a template" in json.dumps(report["problems"])
    assert places(check({}, untrusted="")[0], "DK000")
    whole = "FROM alpine:3.22\nRUN <<X\n<% echo %>\nX\nUSER 1000\nUSER\n"
    assert places(check({"Dockerfile": whole.replace("USER\n", "")})[0], "DK000") == []


def test_one_lint_serves_the_reports_on_all_files_and_each_edit_counts_in_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    linted: list[str] = []

    def counting(*args: Any, **more: Any) -> Any:
        linted.append(more["path"])
        return lint_whole(*args, **more)

    lint_whole = members.lint_whole
    monkeypatch.setattr(members, "lint_whole", counting)
    inline = "    build:\n      dockerfile_inline: |\n        FROM alpine:3.22\n        RUN sudo id\n"
    report, _ = check(
        {
            "compose.yaml": f"# of both\n{NGINX}    ports: ['5432:5432']\n",
            "compose.override.yaml": f"{OPEN}    ports: ['6379:6379']\n  job:\n{inline}",
        }
    )
    assert len(linted) == 1
    mended: dict[tuple[str, str], str] = {}
    for one in report["findings"]:
        for edit in one["fix"]["edits"] if one["fix"] else ():
            text = Path(one["path"]).read_text()
            text = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
            mended[one["path"], one["rule"]] = text
    assert "['127.0.0.1:5432:5432']" in mended["compose.yaml", "DK231"]
    assert "['127.0.0.1:6379:6379']" in mended["compose.override.yaml", "DK231"]
    assert mended["compose.override.yaml", "DK162"].endswith("        RUN id\n")
    assert mended["compose.yaml", "DK228"].endswith("    pids_limit: 200\n")


def test_a_text_that_nobody_has_put_there_says_nothing_of_the_other_files_of_its_project() -> None:
    override = "services:\n  web:\n    volumes: ['data:/d']\n"
    check({"compose.yaml": NGINX, "compose.override.yaml": override})
    linter = linter_for(Options(paths=("compose.yaml", "compose.override.yaml")), edits=False)
    linter.data(f"{NGINX}volumes: {{data: {{}}}}\n".encode(), Candidate("compose.yaml", "compose"))
    report = linter.file(Candidate("compose.override.yaml", "compose"))
    assert [one.finding.message for one in report.findings if one.finding.rule.id == "DK000"]


def test_a_file_that_only_the_second_document_includes_is_part_of_the_project() -> None:
    report, _ = check(
        {
            "compose.yaml": f"{NGINX}---\ninclude: [parts/db.yaml]\n",
            "parts/db.yaml": OPEN.replace("web", "db"),
        }
    )
    found = next(one for one in report["findings"] if one["rule"] == "DK200")
    assert found["path"] == "parts/db.yaml"
    projects = Projects(Roots(["."]), lambda path: Path(path).read_text(), NamedProject())
    held = projects.of("parts/db.yaml", Config())
    assert [one.files.paths for one in held] == [("compose.yaml",)]
