"""What a file is for, and what the default profile leaves out because of it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.explainfile import explain_file
from dockerlint.linting.purpose import PRODUCTION, purpose_of_content, purpose_of_path
from dockerlint.linting.selection import SelectionFlags
from dockerlint.parse.compose.project import parse_compose
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.check import Options, run
from dockerlint.run.output import Format
from dockerlint.workspace.config import PURPOSES
from dockerlint.workspace.trust import UNTRUSTED

HYGIENE_AND_DANGER = "FROM alpine:3.22\nADD a b\nRUN curl -k https://example.com/x -o /x\n"
KNOWLEDGE = load_ruleset().knowledge


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str = HYGIENE_AND_DANGER) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def check(**options: Any) -> dict[str, Any]:
    out = io.StringIO()
    run(Options(formats=(Format("json"),), **options), out, io.StringIO())
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def rules(report: dict[str, Any]) -> set[str]:
    return {one["rule"] for one in report["findings"]}


@pytest.mark.parametrize(
    ("path", "is_told"), [("compose.yaml", True), ("compose.dev.yaml", True), ("test/compose.yaml", False)]
)
def test_moving_tags_of_images_matter_where_they_are_used_again(path: str, is_told: bool) -> None:
    write(path, "services:\n  web:\n    image: nginx:latest\n")
    assert ("DK502" in rules(check())) is is_told


@pytest.mark.parametrize(
    ("path", "purpose"),
    [
        ("api/Dockerfile", ""),
        ("api/Dockerfile.dev", "development"),
        ("compose.test.yaml", "test"),
        ("docker-compose-ci.yml", "ci"),
        ("tests/e2e/Dockerfile", "test"),
        ("vendor/github.com/x/Dockerfile", "vendored"),
        (".examples/compose.yaml", "example"),
        (".cursor/Dockerfile", "development"),
        ("debug/compose.yaml", "development"),
        ("cypress/compose.yaml", "test"),
        ("demo-setups/compose.yaml", "example"),
        ("deploy/devcontainer-example/compose.yaml", "development"),
        ("developer-portal/compose.yaml", ""),
        ("docs/Dockerfile", "example"),
        (".devcontainer/Dockerfile", "development"),
        ("Dockerfile.build", "builder"),
        ("tests/Dockerfile.prod", "production"),
        ("examples/production/compose.yaml", "production"),
        ("latest/contest/Dockerfile", ""),
        ("e2e-tests/docker/compose.yaml", "test"),
        ("plugins/kibana/test_environment/compose.yaml", "test"),
        ("demo-setups/relay-compose.yaml", "example"),
        ("testament/demography/compose.yaml", ""),
        ("contrib/local-environment/compose.yaml", "development"),
        (".dev/compose.yaml", "development"),
        ("docker/develop/bookworm/Dockerfile", "development"),
        ("compose.gitpod.yaml", "development"),
        ("docker/dummy/webdav/Dockerfile", "test"),
        ("watcher/integrationtest/Dockerfile", "test"),
        ("docker/Dockerfile-Oldest", "test"),
        ("glpi-development-env/Dockerfile", "development"),
        ("integration/compose.yaml", "test"),
        ("archive/Dockerfile.xenial", "archived"),
        ("archivesspace/Dockerfile", ""),
    ],
)
def test_a_path_says_what_a_file_is_for(path: str, purpose: str) -> None:
    assert purpose_of_path(path).name == purpose


@pytest.mark.parametrize(
    ("remark", "purpose"),
    [
        ("For testing purposes only", "test"),
        ("This Dockerfile and the images produced are for testing headscale, and not for anyone.", "test"),
        (
            "NOTE: this Dockerfile is purely for local\n# development! it is *not* used for releases",
            "development",
        ),
        ("docker-compose for Pontoon development.", "development"),
        ("Not suitable for production use", "test"),
        ("Test environment with Matomo.\n# This should NEVER be used in production scenarios.", "test"),
        ("Production image, tested before each release", ""),
        ("syntax=docker/dockerfile:1", ""),
        ("Developed by Example Ltd", ""),
    ],
)
def test_the_comment_at_the_top_says_what_a_file_is_for(remark: str, purpose: str) -> None:
    build = parse_dockerfile(f"# {remark}\nFROM alpine:3.22\n", KNOWLEDGE)
    assert purpose_of_content(build).name == purpose
    project = parse_compose(f"# {remark}\nservices:\n  web:\n    image: a/b:1\n", KNOWLEDGE)
    assert purpose_of_content(project).name == purpose


def test_a_comment_further_down_is_about_something_else() -> None:
    build = parse_dockerfile("FROM alpine:3.22\n# for testing only\nRUN true\n", KNOWLEDGE)
    assert purpose_of_content(build).name == ""


def test_a_profile_says_nothing_where_profiles_ask_for_all_services() -> None:
    mail = "  mail:\n    image: axllent/mailpit:v1\n    profiles: [mail]\n"
    others = "  db:\n    image: postgres:17\n    profiles: [db]\n"
    assert purpose_of_content(parse_compose(f"services:\n{mail}{others}", KNOWLEDGE)).name == "development"
    always = others.replace("    profiles: [db]\n", "")
    assert purpose_of_content(parse_compose(f"services:\n{mail}{always}", KNOWLEDGE)).name == ""


def test_a_file_beside_the_one_of_an_editor_is_for_development() -> None:
    assert purpose_of_path("Dockerfile", ["devcontainer.json"]).name == "development"


@pytest.mark.parametrize(
    ("names", "purpose"),
    [
        (["compose.yaml", "backup_test.go", "README.md"], "test"),
        (["compose.yaml", "test_login.py", "conftest.py"], "test"),
        (["compose.yaml", "backup_test.go", "backup.go"], ""),
        (["compose.yaml", "README.md"], ""),
    ],
)
def test_a_compose_file_among_nothing_but_tests_is_for_them(names: list[str], purpose: str) -> None:
    assert purpose_of_path("backup/compose.yaml", names).name == purpose
    assert purpose_of_path("compose.yaml", names).name == ""
    assert purpose_of_path("backup/Dockerfile", names).name == ""


def test_the_names_beside_a_file_are_looked_at() -> None:
    write("backup/compose.yaml", "services:\n  web:\n    image: a/b:1\n    privileged: true\n")
    assert len(rules(check())) > 1
    write("backup/backup_test.go", "")
    assert rules(check()) == {"DK200"}


@pytest.mark.parametrize(
    ("service", "purpose"),
    [
        ("image: axllent/mailpit:1.27", "development"),
        ("image: acme/api:local", "development"),
        ("image: acme/local:1", ""),
        ("build: .\n    image: acme/api:local", ""),
        ("image: axllent/mailpit:1.27\n    profiles: [mail]", ""),
        ("build: .\n    volumes: ['.:/app']", "development"),
        ("build: ./api\n    volumes: ['./api:/app']", "development"),
        ("build: .\n    volumes: ['./src:/app/src']", "development"),
        ("build: .\n    volumes: ['.:/app:ro']", ""),
        ("build: .\n    volumes: ['./data:/data']", ""),
        ("image: a\n    volumes: ['./src:/app/src']", ""),
        ("image: a\n    command: npm run dev", "development"),
        ("image: a\n    command: [uvicorn, app:app, --reload]", "development"),
        ("image: a\n    command: tail -f /dev/null", ""),
        ("build: .\n    command: npm run --silent test:unit", "test"),
        ("image: a\n    command: [make, test_acceptance]", "test"),
        ("image: a\n    command: pytest -q", "test"),
        ("image: a\n    command: pytest -q\n    profiles: [test]", ""),
        ("image: a\n    command: [npm, run, start, latest]", ""),
        ("image: a\n    command: [test, -f, /ready]", ""),
        ("build: .\n    develop: {watch: []}", "development"),
        ("build: .", ""),
    ],
)
def test_a_service_shows_that_it_is_for_development(service: str, purpose: str) -> None:
    project = parse_compose(f"services:\n  web:\n    {service}\n", KNOWLEDGE)
    assert purpose_of_content(project).name == purpose


@pytest.mark.parametrize(
    ("start", "purpose"), [('["nodemon", "a.js"]', "development"), ('["node", "a.js"]', "")]
)
def test_the_command_of_an_image_shows_that_it_is_for_development(start: str, purpose: str) -> None:
    assert purpose_of_content(parse_dockerfile(f"FROM node:22\nCMD {start}\n", KNOWLEDGE)).name == purpose


def test_what_is_about_production_is_silent_elsewhere_and_counted() -> None:
    write("Dockerfile")
    assert rules(check()) == {"DK102", "DK108", "DK143"}
    Path("Dockerfile").unlink()
    write("tests/Dockerfile")
    report = check()
    assert rules(report) == {"DK143"}
    assert report["summary"]["hidden"] == [{"by": "purpose", "where": "test", "findings": 2}]


@pytest.mark.parametrize(
    "options",
    [
        {"flags": SelectionFlags(profile="strict")},
        {"flags": SelectionFlags(select=("DK102", "DK108", "DK143"))},
        {"trust": UNTRUSTED},
    ],
)
def test_rules_that_are_asked_for_and_strangers_get_everything(options: dict[str, Any]) -> None:
    write("tests/Dockerfile")
    assert rules(check(**options)) >= {"DK102", "DK108", "DK143"}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_config_decides(purpose: str) -> None:
    write(".dockerlint.yaml", f"overrides: [{{files: [tests/], purpose: {purpose}}}]\n")
    write("tests/Dockerfile")
    assert ("DK102" in rules(check())) == (purpose == PRODUCTION)


def test_content_counts_where_the_path_says_nothing() -> None:
    write("compose.yaml", "services:\n  web:\n    build: .\n    volumes: ['.:/app']\n    privileged: true\n")
    assert rules(check()) == {"DK200"}


def explained(path: str) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    return explain_file(path, out, errors), out.getvalue(), errors.getvalue()


def test_explain_file_says_what_a_file_is_taken_for() -> None:
    write(".git/HEAD", "ref: refs/heads/main\n")
    write(".dockerlint.yaml", "overrides: [{files: [ci/], purpose: production}]\n")
    for path, purpose in (
        ("tests/Dockerfile", "test: the directory tests; rules for production are silent here"),
        ("ci/Dockerfile", "production: the config"),
        ("Dockerfile", "unknown, so it is linted as if it were for production"),
    ):
        write(path)
        code, told, _ = explained(path)
        lines = dict(line.split(None, 1) for line in told.splitlines())
        assert (code, lines["purpose"], lines["kind"]) == (0, purpose, "dockerfile, by its name")
        assert lines["config"] == ".dockerlint.yaml (overrides)"
        assert lines["search"] == "found when its directory is searched"


def test_explain_file_says_why_a_search_leaves_a_file_out() -> None:
    write("vendor/Dockerfile")
    write("gen/Dockerfile")
    write(".gitignore", "gen/\n")
    assert "leaves out vendor" in explained("vendor/Dockerfile")[1]
    write("build/Dockerfile-notes", "no Dockerfile\n")
    assert "content does not fit its name" in explained("build/Dockerfile-notes")[2]


@pytest.mark.parametrize("path", ["gone", "."])
def test_what_is_no_file_cannot_be_explained(path: str) -> None:
    code, _, errors = explained(path)
    assert (code, errors.count("\n")) == (2, 1)


def test_passwords_of_a_file_matter_where_it_is_deployed_and_tokens_for_others_everywhere() -> None:
    text = "services:\n  db:\n    image: a/b:1\n    environment:\n"
    easy, hard = (
        "      DB_PASSWORD: shop\n      DB_URL: pg://a:b@db/x\n",
        "      DB_PASSWORD: wren4moss9fern\n",
    )
    write("compose.dev.yaml", text + easy)
    assert rules(check()) == set()
    write("compose.dev.yaml", text + hard)
    assert rules(check()) == set()
    write("compose.dev.yaml", text + "      SONAR_TOKEN: " + "b7" * 16 + "\n")
    assert rules(check()) == {"DK524"}
    Path("compose.dev.yaml").unlink()
    write("compose.yaml", text + easy)
    assert rules(check()) >= {"DK524", "DK527"}


def test_a_login_that_is_off_matters_for_tests_where_a_port_is_open() -> None:
    text = "services:\n  db:\n    image: postgres:18\n    environment: {POSTGRES_HOST_AUTH_METHOD: trust}\n"
    write("tests/compose.yaml", text)
    assert rules(check()) == set()
    write("tests/compose.yaml", text + "    ports: [5432:5432]\n")
    assert rules(check()) == {"DK231", "DK530"}


def test_an_old_release_matters_where_a_file_is_deployed() -> None:
    write("tests/Dockerfile", "FROM node:10\nUSER node\n")
    assert rules(check()) == set()
    write("Dockerfile", "FROM node:10\nUSER node\n")
    assert rules(check()) >= {"DK506"}


def test_folders_of_templates_are_left_out_of_a_search() -> None:
    write("{{ cookiecutter.slug }}/Dockerfile")
    write("app/Dockerfile")
    assert [one["path"] for one in check()["files"]] == ["app/Dockerfile"]
