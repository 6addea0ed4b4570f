"""`dockerlint fix` as a user meets it: another process, its streams, its exit code, the files afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from program import program

ROOT = str(Path(__file__).parent.parent)
OLD = "FROM debian:13\nADD app /srv/\nRUN chmod 777 /srv/app\nUSER 1000\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ROOT)
    return tmp_path


def fix(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return program("fix", "--verbose", *arguments, stdin=stdin)


SERVICES = """\
services:
  db:
    image: postgres:17.6
    ports: ["5432:5432"]
  own:
    image: registry.example.com/own:1.4
    command: [/srv/own]
"""


def test_every_service_has_a_line_and_every_caveat_a_number() -> None:
    Path("compose.yaml").write_text(SERVICES)
    shown = program("fix", "--harden", "--unproven", "--diff").stderr.decode()
    done = program("fix", "--harden", "--unproven").stdout.decode()
    lines = [line.strip() for line in done.splitlines()]
    fixed = [line for line in lines if line.startswith("fixed  ")]
    assert [line.partition(":")[0] for line in fixed] == ["fixed  service db", "fixed  service own"]
    assert "; bind it to 127.0.0.1" in fixed[0]
    assert fixed[0].endswith("(harden, unproven)")
    noted = [line for line in lines if line.startswith("[")]
    assert [line.partition("]")[0] for line in noted] == [f"[{n}" for n in range(1, len(noted) + 1)]
    assert all(done.count(line.partition(" ")[0]) > 1 for line in noted)
    left = next(line for line in lines if line.startswith("left  ") and line.endswith("(advice)"))
    limits = "DK226 unlimited-memory, DK227 unlimited-cpu, DK228 unlimited-processes"
    assert left.startswith("left  service own: ")
    assert limits in left
    assert "would fix  service db" in shown
    assert "fixed  service" not in shown


def test_a_file_is_fixed_and_the_rest_is_told_with_the_way_on() -> None:
    Path("Dockerfile").write_text(OLD)
    done = fix("--fail-on", "medium")
    assert Path("Dockerfile").read_text() == OLD.replace("ADD", "COPY")
    assert b"fixed 2:1  [safe] DK108 add-for-local-files: replace ADD with COPY" in done.stdout
    assert b"(with --harden: let only the owner write)" in done.stdout
    assert (done.returncode, done.stderr) == (1, b"")


def test_nothing_left_is_exit_code_0() -> None:
    Path("Dockerfile").write_text(OLD)
    assert fix("--harden", "--fail-on", "low").returncode == 0
    assert Path("Dockerfile").read_text() == OLD.replace("ADD", "COPY").replace("777", "755")


def test_a_difference_is_shown_applies_and_writes_nothing() -> None:
    Path("Dockerfile").write_text(OLD)
    done = fix("--diff", "--harden")
    assert Path("Dockerfile").read_text() == OLD
    told = done.stdout.decode().splitlines()
    assert told[:2] == [
        "# [safe] DK108 add-for-local-files: replace ADD with COPY",
        "# [harden] DK163 world-writable-mode: let only the owner write;"
        " note: a program of another user that writes there must own it",
    ]
    subprocess.run(["git", "apply"], input=done.stdout, check=True)
    assert Path("Dockerfile").read_text() == OLD.replace("ADD", "COPY").replace("777", "755")


def test_every_change_of_a_long_file_is_a_patch_of_its_own() -> None:
    padding = "".join(f"LABEL n{number}=x\n" for number in range(20))
    text = f"FROM debian:13\nADD a /srv/\n{padding}ADD b /srv/\nUSER 1000"
    Path("Dockerfile").write_text(text)
    done = fix("--diff")
    assert done.stdout.count(b"# [safe] DK108") == 2
    subprocess.run(["git", "apply"], input=done.stdout, check=True)
    assert Path("Dockerfile").read_text() == text.replace("ADD", "COPY")


def test_caveat_is_told_once_and_a_change_of_two_services_says_what_is_done_to_which() -> None:
    services = "".join(f"  {name}:\n    image: traefik:3.5\n" for name in ("web", "api"))
    Path(".dockerlint.yaml").write_text("fix: {cpus: 1.0}\n")
    Path("compose.yaml").write_text(f"services:\n{services}")
    told = fix("--diff", "--harden", "--select", "DK223,DK227").stdout.decode().splitlines()
    assert told[1] == (
        "# [harden] DK227 unlimited-cpu (web, api): limit CPUs to 1.0;"
        " note: set it to the peak demand of the service"
    )
    Path("compose.yaml").write_text(f"services:\n{services}".replace("  api", "\n" * 9 + "  api"))
    told = fix("--diff", "--harden", "--select", "DK227").stdout.decode().splitlines()
    assert [line for line in told if line.startswith("#")][1].endswith("CPUs to 1.0; note as above")


def test_standard_input_comes_out_fixed_byte_by_byte() -> None:
    data = b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode()
    done = fix("-", stdin=data)
    assert done.stdout == data.replace(b"ADD", b"COPY")
    assert b"fixed 2:1" in done.stderr


def test_standard_input_that_cannot_be_judged_comes_out_as_it_was() -> None:
    done = fix("-", stdin=b"nothing\n")
    assert (done.returncode, done.stdout) == (2, b"nothing\n")


def test_a_suppressed_finding_is_not_fixed() -> None:
    text = OLD.replace("ADD", '# dockerlint: ignore[DK108] reason="here"\nADD')
    Path("Dockerfile").write_text(text)
    fix()
    assert Path("Dockerfile").read_text() == text


def test_rules_are_chosen_as_for_a_check() -> None:
    Path("Dockerfile").write_text(OLD)
    fix("--harden", "--select", "DK163")
    assert Path("Dockerfile").read_text() == OLD.replace("777", "755")


def test_a_file_that_must_not_be_written_is_exit_code_2() -> None:
    Path("real").write_text(OLD)
    Path("Dockerfile").symlink_to("real")
    done = fix("Dockerfile")
    assert (done.returncode, Path("real").read_text()) == (2, OLD)
    assert b"not fixed: a symbolic link" in done.stdout
    assert done.stdout.endswith(b"\n0 fixed in 0 files   0 left\n")


def test_nothing_to_fix_is_told_and_exit_code_2_where_files_are_required() -> None:
    for more, code in ([], 0), (["--require-files"], 2):
        done = fix(*more)
        assert (done.returncode, done.stdout) == (code, b"")
        assert done.stderr.startswith(b"dockerlint: nothing to fix")


def test_secrets_are_masked_in_differences() -> None:
    Path("Dockerfile").write_text(OLD + "ENV DB_PASSWORD=hunter2-not-real\n")
    done = fix("--diff", "--harden")
    assert b"hunter2" not in done.stdout + done.stderr
    assert os.listdir(".") == ["Dockerfile"]


UNKNOWN_IMAGE = "services:\n  shop:\n    image: example/shop:1.4\n"


def test_what_nobody_has_tried_is_asked_for_by_name() -> None:
    Path("compose.yaml").write_text(UNKNOWN_IMAGE)
    done = fix("--harden", "--select", "DK222", "--fail-on", "never")
    assert Path("compose.yaml").read_text() == UNKNOWN_IMAGE
    assert (
        b"(with --harden --unproven: drop all capabilities; note: what it needs is not known" in done.stdout
    )
    assert b"1 left   1 more with `--harden --unproven`\n" in done.stdout
    fix("--harden", "--unproven", "--select", "DK222")
    assert Path("compose.yaml").read_text() == UNKNOWN_IMAGE + "    cap_drop:\n      - ALL\n"


def test_unproven_fixes_are_part_of_the_hardening_ones() -> None:
    Path("compose.yaml").write_text(UNKNOWN_IMAGE)
    done = fix("--unproven")
    assert (done.returncode, Path("compose.yaml").read_text()) == (2, UNKNOWN_IMAGE)
    assert b"--unproven: only with --harden" in done.stderr


def test_limits_that_neither_the_config_nor_a_fact_names_are_advice() -> None:
    Path("compose.yaml").write_text(UNKNOWN_IMAGE)
    done = fix("--harden", "--unproven", "--select", "DK226,DK227,DK228")
    assert Path("compose.yaml").read_text() == UNKNOWN_IMAGE
    assert b"advice: limit memory to 2g; note: a limit is the project's policy" in done.stdout


def test_the_bounds_of_services_come_from_the_config() -> None:
    Path(".dockerlint.yaml").write_text(
        "fix: {memory: 256m, cpus: 2, pids: 100}\n"
        "overrides:\n  - services: [graph, big-*]\n    fix: {memory: 4g}\n"
    )
    Path("compose.yaml").write_text(
        "services:\n"
        "  web: {image: 'a:1'}\n  big-web: {image: 'a:1'}\n"
        "  sql: {image: 'mcr.microsoft.com/mssql/server:2022-CU14'}\n  graph: {image: 'neo4j:2026'}\n"
    )
    fix("--harden", "--select", "DK226,DK227,DK228")
    limits = [line.partition(", mem")[2] for line in Path("compose.yaml").read_text().splitlines()[1:]]
    assert limits == [
        "_limit: 256m, cpus: 2, pids_limit: 100}",
        "_limit: 4g, cpus: 2, pids_limit: 100}",
        "_limit: 2g, cpus: 2, pids_limit: 1000}",
        "_limit: 4g, cpus: 2, pids_limit: 100}",
    ]


SECRET = (
    "services:\n  db:\n    image: postgres:18\n    environment:\n      POSTGRES_PASSWORD: hunter2-not-real\n"
)
CONTEXT = "FROM node:24\nWORKDIR /app\nCOPY . .\nUSER node\n"


def test_a_difference_of_an_absolute_path_applies_too(folder: Path) -> None:
    Path("sub").mkdir()
    Path("sub/Dockerfile").write_text(OLD)
    done = fix("--diff", str(folder / "sub"))
    assert b"--- a/sub/Dockerfile\n+++ b/sub/Dockerfile\n" in done.stdout
    subprocess.run(["git", "apply"], input=done.stdout, check=True)
    assert "COPY" in Path("sub/Dockerfile").read_text()


def test_a_difference_outside_of_the_working_directory_has_no_double_slash(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("Dockerfile").write_text(OLD)
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    done = fix("--diff", str(folder / "Dockerfile"))
    assert f"--- a{folder}/Dockerfile\n+++ b{folder}/Dockerfile\n".encode() in done.stdout
    subprocess.run(["git", "apply"], input=done.stdout, check=True, cwd="/")
    assert "COPY" in Path(folder / "Dockerfile").read_text()


def test_what_is_no_patch_goes_to_the_other_stream() -> None:
    Path("Dockerfile").write_text(OLD)
    done = fix("--diff")
    assert all(line[:1] in b"#-+@ \\" for line in done.stdout.splitlines())
    assert b"1 would be fixed in 1 file" in done.stderr


@pytest.mark.parametrize("tool", [("git", "apply"), ("patch", "-s", "-p1")])
def test_the_difference_holds_new_and_completed_files(tool: tuple[str, ...]) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"there is no {tool[0]} here")
    for name in ("new", "old"):
        Path(name).mkdir()
        Path(name, "Dockerfile").write_text(CONTEXT)
    Path("old/.dockerignore").write_text("*.log")
    done = fix("--diff", "--harden")
    assert b"--- /dev/null\n+++ b/new/.dockerignore\n@@ -0,0 +1," in done.stdout
    subprocess.run(tool, input=done.stdout, check=True)
    assert Path("new/.dockerignore").read_text().splitlines()[1:3] == [".git", "**/.env"]
    assert Path("old/.dockerignore").read_text() == "*.log\n.git\n.env"
    assert b"0 would be fixed" in fix("--diff", "--harden").stderr


def test_a_change_that_holds_a_secret_is_left_out_and_named() -> None:
    Path("compose.yaml").write_text(SECRET)
    done = fix("--diff", "--harden", "--select", "DK524")
    assert b"hunter2" not in done.stdout + done.stderr
    assert (
        b"# secrets/postgres_password.txt would be created with the value, which is not shown: ****\n"
        in done.stdout
    )
    assert b"# compose.yaml:2: not shown: it contains a secret" in done.stdout
    assert os.listdir(".") == ["compose.yaml"]


def test_files_are_made_and_told_and_a_second_run_has_nothing_to_do() -> None:
    Path("compose.yaml").write_text(SECRET)
    done = fix("--harden", "--select", "DK524")
    assert b"  created: .gitignore\n  created secret: secrets/postgres_password.txt\n" in done.stdout
    assert b"hunter2" not in done.stdout + done.stderr
    assert Path("secrets/postgres_password.txt").read_text() == "hunter2-not-real"
    assert b"0 fixed in 0 files" in fix("--harden", "--select", "DK524").stdout


def test_ignore_file_is_not_made_where_a_started_script_shows_that_the_context_is_elsewhere() -> None:
    Path("Dockerfile").write_text('FROM debian:13\nCOPY . /src\nCMD ["/src/packaging/build.sh"]\n')
    assert b"packaging/build.sh is not next to the file" in fix("--harden", "--select", "DK103").stdout
    Path("packaging").mkdir()
    Path("packaging/build.sh").touch()
    assert b"  created: .dockerignore" in fix("--harden", "--select", "DK103").stdout


def test_standard_input_has_no_folder_for_other_files() -> None:
    done = fix("-", "--harden", "--select", "DK524", "--kind", "compose", stdin=SECRET.encode())
    assert done.stdout == SECRET.encode()
    assert b"fix withheld: it needs other files (.gitignore, secrets/postgres_password.txt)" in done.stderr
    assert os.listdir(".") == []


def test_a_file_that_cannot_be_made_withholds_its_fix_and_no_other() -> None:
    Path("compose.yaml").write_text(SECRET)
    Path("secrets").symlink_to("/")
    done = fix("--harden", "--select", "DK524,DK222")
    assert b"(fix withheld: secrets is a symbolic link)" in done.stdout
    text = Path("compose.yaml").read_text()
    assert "POSTGRES_PASSWORD: hunter2-not-real" in text
    assert "cap_drop" in text
    assert not Path(".gitignore").exists()


@pytest.mark.parametrize(
    ("path", "rule", "text"),
    [
        ("examples/compose.yaml", "DK524", SECRET),
        ("compose.dev.yaml", "DK524", SECRET),
        ("demo-setups/compose.yaml", "DK502", "services:\n  db: {image: 'redis:latest'}\n"),
    ],
)
def test_who_tries_something_out_starts_the_file_as_it_is(path: str, rule: str, text: str) -> None:
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text(text)
    done = fix("--harden", "--unproven", "--select", rule)
    assert Path(path).read_text() == text
    assert b"where everybody starts it as it is" in done.stdout
    Path(".dockerlint.yaml").write_text(f"overrides: [{{files: ['{path}'], purpose: production}}]\n")
    assert b"1 fixed in 1 file" in fix("--harden", "--select", rule).stdout


def test_a_value_that_stays_in_a_service_which_takes_no_file_is_moved_on_request_only() -> None:
    shop = "  shop:\n    image: example/shop:1\n    environment: {DATABASE_URL: 'postgres://a:NOT@db/a'}\n"
    Path("compose.yaml").write_text(SECRET + shop.replace("NOT", "hunter2-not-real"))
    assert b"0 fixed" in fix("--harden", "--select", "DK524").stdout
    assert b"1 fixed" in fix("--harden", "--unproven", "--select", "DK524").stdout


@pytest.mark.parametrize(
    ("path", "rule", "text"),
    [
        ("compose.yaml", "DK503", "services:\n  db: {image: 'mariadb:lts'}\n"),
        ("compose.yaml", "DK228", "services:\n  db: {image: 'redis:8.2'}\n"),
        ("compose.yaml", "DK223", "services:\n  db: {image: 'example/shop:8.2'}\n"),
        ("Dockerfile", "DK1012", "FROM alpine:3.22\nCOPY --chmod=666 a.env /app/\n"),
        ("Dockerfile", "DK102", 'FROM scratch\nCOPY shop /\nENTRYPOINT ["/shop"]\n'),
        ("Dockerfile", "DK175", "FROM example/base:1\nRUN apt-get update && apt-get install -y tzdata\n"),
    ],
)
def test_what_nobody_has_tried_is_done_on_request_only(path: str, rule: str, text: str) -> None:
    Path(path).write_text(text)
    done = fix("--harden", "--select", rule)
    assert Path(path).read_text() == text
    assert b"with --harden --unproven" in done.stdout
    assert b"1 fixed" in fix("--harden", "--unproven", "--select", rule).stdout


@pytest.mark.parametrize(
    ("path", "rule", "text"),
    [
        ("compose.yaml", "DK503", "services:\n  db: {image: 'redis:alpine'}\n"),
        ("compose.yaml", "DK226", "services:\n  db: {image: 'nginx:1.31'}\n"),
        ("compose.yaml", "DK223", "services:\n  db: {image: 'redis:8.2'}\n"),
        ("Dockerfile", "DK102", "FROM php:8.4-apache\nCOPY src/ /var/www/html/\n"),
    ],
)
def test_what_facts_and_the_build_in_sight_show_is_known_to_work(path: str, rule: str, text: str) -> None:
    Path(path).write_text(text)
    assert b"1 fixed" in fix("--harden", "--select", rule).stdout


def test_sources_in_sight_show_that_they_need_no_folder_of_the_system() -> None:
    Path("Dockerfile").write_text('FROM node:24\nWORKDIR /app\nCOPY src src\nCMD ["node", "src/index.js"]\n')
    Path("src/store").mkdir(parents=True)
    Path("src/index.js").write_text("const store = require('./store');\nrequire('express')().get('/data');\n")
    shown = ("--diff", "--harden", "--select", "DK102")
    assert b"0 would be fixed" in fix(*shown).stderr
    Path("src/store/index.js").write_text("module.exports = {place: process.env.DB || 'items.db'};\n")
    assert b"1 would be fixed" in fix(*shown).stderr
    Path("src/store/index.js").write_text(
        "module.exports = {place: process.env.DB || '/etc/items/items.db'};\n"
    )
    assert b"0 would be fixed" in fix(*shown).stderr


def test_a_line_that_a_comment_above_explains_stays() -> None:
    text = (
        "# Version 3 is what the playground reads.\nversion: '3'\nservices:\n  web: {image: 'nginx:1.31'}\n"
    )
    Path("compose.yaml").write_text(text)
    assert b"a comment above it mentions version" in fix("--select", "DK302").stdout
    assert Path("compose.yaml").read_text() == text
    licence = "# Licensed under the Example License, Version 2.0\n"
    Path("compose.yaml").write_text(licence + text.partition("\n")[2])
    assert b"1 fixed" in fix("--select", "DK302").stdout


def test_a_directory_below_the_top_of_a_repository_gets_one_for_the_secrets_that_are_made_there() -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    Path("web").mkdir()
    Path("web/Dockerfile").write_text(CONTEXT)
    Path("web/compose.yaml").write_text(
        "services:\n  api:\n    build: .\n"
        "  db:\n    image: postgres:17.6\n    environment:\n      POSTGRES_PASSWORD: hunter2-not-real\n"
    )
    fix("--harden", "--select", "DK524", "web/compose.yaml")
    assert "secrets/" in Path("web/.dockerignore").read_text()


def test_a_directory_below_the_top_of_a_repository_gets_no_ignore_file_for_nothing() -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    Path("web").mkdir()
    Path("web/Dockerfile").write_text(CONTEXT)
    assert b"nothing of what it would exclude" in fix("--harden", "--select", "DK103").stdout
    Path("web/.env").write_text("A=1\n")
    assert b"created: web/.dockerignore" in fix("--harden", "--select", "DK103").stdout


def test_a_password_that_everybody_guesses_is_moved_on_request_only() -> None:
    Path("compose.yaml").write_text(SECRET.replace("hunter2-not-real", "postgres"))
    assert b"0 fixed" in fix("--harden", "--select", "DK524").stdout
    assert b"1 fixed" in fix("--harden", "--unproven", "--select", "DK524").stdout


def test_two_files_of_one_folder_agree_on_what_is_made_in_it() -> None:
    Path("compose.yaml").write_text(SECRET)
    Path("compose.a.yaml").write_text(SECRET.replace(" db:", " db2:"))
    Path("compose.b.yaml").write_text(SECRET.replace(" db:", " db3:").replace("hunter2", "hunter3"))
    shown = fix("--diff", "--harden", "--select", "DK524")
    assert shown.stdout.count(b"+++ b/.gitignore") == 1
    done = fix("--harden", "--select", "DK524")
    reason = b"fix withheld: secrets/postgres_password.txt exists already with other content"
    assert shown.stderr.count(reason) == done.stdout.count(reason) == 1
    assert Path(".gitignore").read_text() == "/secrets/\n"


def test_the_report_for_programs_tells_of_other_files_but_not_what_a_secret_is() -> None:
    Path("compose.yaml").write_text(SECRET)
    for format in ("json", "sarif"):
        done = program("check", "--format", format)
        assert b"hunter2" not in done.stdout
    Path("Dockerfile").write_text(CONTEXT)
    done = program("check", "--format", "json")
    files = {one["rule"]: one["fix"]["files"] for one in json.loads(done.stdout)["findings"] if one["fix"]}
    assert files["DK524"] == [
        {"path": ".gitignore", "how": "add_line", "secret": False, "text": "/secrets/"},
        {"path": "secrets/postgres_password.txt", "how": "create", "secret": True, "text": None},
    ]
    assert files["DK103"][0]["path"] == ".dockerignore"


def test_advice_says_once_why_it_is_not_done() -> None:
    service = "image: example/app:1.0, user: root"
    Path("compose.yaml").write_text(f"services:\n  a: {{{service}}}\n  b: {{{service}}}\n")
    left = fix("--harden", "--select", "DK222").stdout.splitlines()[1:3]
    first, second = (line.rpartition(b"(")[2] for line in left)
    reason = b"it is set to run as root, and what it needs root for is not known"
    assert first == b"advice: drop all capabilities; note: %s)" % reason
    assert second == b"advice: drop all capabilities; note as above)"


@pytest.mark.parametrize(
    ("image", "rule", "reason"),
    [
        ("example/app", "DK501", b"its releases are not known"),
        ("ollama/ollama:0.12", "DK226", b"what it needs is not known, or depends on its settings"),
    ],
)
def test_what_is_not_known_about_an_image_is_the_reason(image: str, rule: str, reason: bytes) -> None:
    Path("compose.yaml").write_text(f"services:\n  a: {{image: '{image}'}}\n")
    assert b"(not fixed: %s)" % reason in fix("--harden", "--select", rule).stdout


def test_a_caveat_names_the_base_whose_sources_were_read() -> None:
    Path("Dockerfile").write_text("FROM nginx:1.28\nCOPY site /usr/share/nginx/html\n")
    Path("compose.yaml").write_text("services:\n  a: {build: .}\n")
    done = fix("--harden", "--diff", "--select", "DK222")
    assert b"note: taken from its Dockerfile and nginx:1.28 (its base image)" in done.stdout


@pytest.mark.parametrize(
    "other", ["DB_PASSWORD: hunter2-not-real", "URL: postgres://a:hunter2-not-real@db/a"]
)
def test_a_secret_that_moves_says_who_else_has_it(other: str) -> None:
    Path("compose.yaml").write_text(
        f"{SECRET}  app:\n    image: example/app:1.0\n    environment:\n      {other}\n"
    )
    name = other.partition(":")[0].encode()
    done = fix("--harden", "--select", "DK524")
    assert b"; service app has the same value in %s, so change both" % name in done.stdout
    assert b"hunter2" not in done.stdout + done.stderr


def test_quiet_tells_what_was_fixed_and_counts_what_is_left() -> None:
    Path("Dockerfile").write_text(OLD)
    Path("compose.yaml").write_text("services:\n  a:\n    image: acme/a:1.0\n    privileged: true\n")
    done = program("fix", "--quiet")
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"  fixed  " in done.stdout
    assert b"compose.yaml" not in done.stdout
    assert b"  left  " not in done.stdout
    assert b" left " in done.stdout.splitlines()[-1]
