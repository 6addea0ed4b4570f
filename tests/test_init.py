"""A first config, and what the configs of other tools amount to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from dockerlint.cli.init import CONFIG, LimitsPolicy, init
from dockerlint.migration.migrate import migrate
from dockerlint.migration.peerfiles import PEER_FILES
from dockerlint.migration.reading import MigrationError
from dockerlint.run.check import Options, run
from dockerlint.run.output import Format
from dockerlint.workspace.configfile import parse_config

TODAY = date(2026, 11, 30)
NO_LIMITS = LimitsPolicy()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def started(
    *peer_files: str, limits: LimitsPolicy = NO_LIMITS, only_print: bool = False
) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = init(peer_files, limits, only_print, (StringIO(), out, err))
    return code, out.getvalue(), err.getvalue()


def verdict(**files: str) -> tuple[int, set[str]]:
    """The exit code of a check here, and the ids that it reports."""
    for name, text in files.items():
        Path({"dockerfile": "Dockerfile", "compose": "compose.yaml"}[name]).write_text(text)
    out = StringIO()
    code = run(Options(formats=(Format("json"),)), out, StringIO())
    return code, {one["rule"] for one in json.loads(out.getvalue())["findings"]}


def carried(name: str, text: str, **files: str) -> tuple[int, set[str]]:
    """The same below what a config of another tool amounts to."""
    Path(name).write_text(text)
    code, _, err = started(name)
    assert (code, err) == (0, ""), err
    return verdict(**files)


UNTIDY = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN cd /srv\n"
"""hadolint: DL3003 and DL3008 are warnings, DL3009, DL3015 and DL3059 are for information."""
TIDY = 'FROM debian:12\nWORKDIR /srv\nCMD ["bash"]\n'


def test_a_clean_file_stays_clean_although_dockerlint_would_ask_for_more() -> None:
    assert verdict(dockerfile=TIDY)[0] == 1
    assert carried(".hadolint.yaml", "ignored: []\n", dockerfile=TIDY) == (0, set())


@pytest.mark.parametrize(
    ("config", "code", "silent", "told"),
    [
        ("ignored: [DL3008]\n", 1, {"DK189"}, {"DK182", "DK174", "DK175"}),
        (
            "ignored: [DL3003, DL3008, DL3009, DL3015, DL3059]\n",
            0,
            {"DK182", "DK189", "DK174", "DK175"},
            set(),
        ),
        ("failure-threshold: error\n", 0, set(), {"DK182", "DK189"}),
        ("failure-threshold: error\noverride: {error: [DL3003]}\n", 1, set(), {"DK182"}),
        ("failure-threshold: warning\nignored: [DL3003, DL3008]\n", 0, {"DK182", "DK189"}, {"DK175"}),
        ("failure-threshold: warning\nignored: [DL3003]\n", 1, {"DK182"}, {"DK189"}),
        ("no-fail: true\n", 0, set(), {"DK182", "DK189"}),
        ("", 1, {"DK102"}, {"DK182", "DK189"}),
    ],
)
def test_a_config_of_hadolint_gives_its_verdict(
    config: str, code: int, silent: set[str], told: set[str]
) -> None:
    ended, found = carried(".hadolint.yml", config, dockerfile=UNTIDY)
    assert (ended, found & silent, told - found) == (code, set(), set())


def test_labels_and_registries_of_hadolint_become_lists_of_words() -> None:
    text = (
        "label-schema: {owner: text, rev: hash}\nstrict-labels: true\n"
        'trustedRegistries: [docker.io, "*.acme.example", acme.example:5000]\ndisable-ignore-pragma: true\n'
    )
    code, found = carried(".hadolint.yaml", text, dockerfile=f"{TIDY}LABEL rev=x tittle=y\n")
    assert (code, found) == (1, {"DK1040", "DK1041", "DK1043"})
    config = parse_config(Path(CONFIG).read_bytes(), CONFIG)
    assert config.words["trusted-registries"] == ("docker.io", "acme.example:5000")
    assert config.forbid_inline
    assert "*.acme.example: trusted-registries are names without wildcards" in Path(CONFIG).read_text()


def test_what_cannot_be_carried_over_is_told_with_the_reason_and_in_the_file() -> None:
    Path(".hadolint.yaml").write_text("ignored: [SC2086, DL9999, DL3013]\nformat: json\nnope: 1\n")
    code, out, _ = started(".hadolint.yaml")
    text = Path(CONFIG).read_text()
    assert code == 0
    for told in (text, out):
        assert "SC2086: ShellCheck runs only with --shellcheck" in told
        assert "DL9999: no rule of dockerlint answers it" in told
        assert "DL3013 alone: DK192 language-package-without-version is ignored" in told
        assert "format: the command line says how a report looks" in told
        assert "nope: not a key of hadolint" in told


PORTS = """\
services:
  web:
    image: nginx:1.27.1
    ports: ["80:80"]
  db:
    image: postgres:17.2
    privileged: true
"""


@pytest.mark.parametrize(
    ("config", "code", "silent", "told"),
    [
        ("rules: {}\n", 1, set(), {"DK200", "DK234"}),
        ("rules: {CL-0002: {enabled: false, reason: by hand}}\n", 0, {"DK200"}, {"DK234"}),
        ("rules: {CL-0002: {exclude_services: [db]}}\n", 0, {"DK200"}, {"DK234"}),
        ("rules: {CL-0002: {exclude_services: {web: not that one}}}\n", 1, set(), {"DK200"}),
        ("rules: {CL-0002: {severity: low}}\n", 0, set(), {"DK200"}),
        ("rules: {CL-0002: {enabled: false}, CL-0005: {severity: critical}}\n", 1, {"DK200"}, {"DK234"}),
    ],
)
def test_a_config_of_compose_lint_gives_its_verdict(
    config: str, code: int, silent: set[str], told: set[str]
) -> None:
    ended, found = carried(".compose-lint.yml", config, compose=PORTS)
    assert (ended, found & silent, told - found) == (code, set(), set())


@pytest.mark.parametrize(
    ("config", "code", "silent", "told"),
    [
        ('{"rules": {}}', 1, {"DK200"}, {"DK234", "DK305"}),
        ('{"rules": {"no-unbound-port-interfaces": 1}}', 0, set(), {"DK234"}),
        (
            '{"rules": {"no-unbound-port-interfaces": 0, "require-project-name-field": 2}}',
            1,
            {"DK234"},
            {"DK305"},
        ),
        (
            '{"rules": {"no-unbound-port-interfaces": [0, {"a": 1}]}, "exclude": ["x"]}',
            0,
            {"DK234"},
            {"DK305"},
        ),
        ("rules: {no-unbound-port-interfaces: 0}\n", 0, {"DK234"}, {"DK350"}),
    ],
)
def test_a_config_of_dclint_gives_its_verdict(
    config: str, code: int, silent: set[str], told: set[str]
) -> None:
    ended, found = carried(".dclintrc", config, compose=PORTS)
    assert (ended, found & silent, told - found) == (code, set(), set())


ROOT = "FROM debian:latest\nUSER root\nEXPOSE 22\n"


@pytest.mark.parametrize(
    ("name", "config", "silent", "told"),
    [
        (".trivyignore", "# reason\nAVD-DS-0002\nCVE-2020-1\n", {"DK101"}, {"DK502", "DK112"}),
        (".trivyignore", "DS002 exp:2999-01-31\n", {"DK101"}, {"DK502"}),
        (".trivyignore", "DS-0002 exp:2020-01-31\n", set(), {"DK101"}),
        (".trivyignore.yaml", "misconfigurations: [{id: AVD-DS-0001}]\n", {"DK502"}, {"DK101"}),
        (
            ".trivyignore.yaml",
            "misconfigurations: [{id: DS-0001, paths: [a/Dockerfile]}]\n",
            set(),
            {"DK502"},
        ),
        (
            ".trivyignore.yaml",
            "misconfigurations: [{id: DS-0001, paths: ['Docker*']}]\n",
            {"DK502"},
            {"DK101"},
        ),
        (
            ".trivyignore.yaml",
            "misconfigurations: [{id: DS-0001, paths: ['{x,Dockerfile}']}]\n",
            {"DK502"},
            set(),
        ),
        (
            ".trivyignore.yaml",
            "misconfigurations: [{id: DS-0001, expired_at: 2020-01-31}]\n",
            set(),
            {"DK502"},
        ),
    ],
)
def test_what_trivy_ignores_is_ignored(name: str, config: str, silent: set[str], told: set[str]) -> None:
    _, found = carried(name, config, dockerfile=ROOT)
    assert (found & silent, told - found) == (set(), set())


def test_a_statement_and_a_day_of_trivy_stand_in_the_override() -> None:
    text = "misconfigurations: [{id: DS-0001, paths: [a/Dockerfile], expired_at: 2999-02-01, statement: s}]\n"
    carried(".trivyignore.yaml", text, dockerfile=ROOT)
    (override,) = parse_config(Path(CONFIG).read_bytes(), CONFIG).overrides
    assert (override.reason, override.until) == ("s", date(2999, 1, 31))


def test_an_override_holds_to_the_end_of_its_last_day() -> None:
    for day, holds in ((date.today(), True), (date(2020, 1, 1), False)):
        config = parse_config(f"overrides: [{{files: ['*'], ignore: [DK1], until: {day}}}]".encode(), CONFIG)
        assert bool(config.overrides_for("Dockerfile")) is holds


@pytest.mark.parametrize(
    ("config", "code", "silent", "told"),
    [
        ("skip-check: [CKV_DOCKER_7]\n", 1, {"DK502"}, {"DK101", "DK112"}),
        ("skip-check: CKV_DOCKER_7,CKV_DOCKER_8\n", 1, {"DK502", "DK101"}, {"DK112"}),
        ("check: [CKV_DOCKER_1]\n", 1, {"DK502", "DK101"}, {"DK112"}),
        ("check: [CKV2_DOCKER_*]\n", 0, {"DK502", "DK101", "DK112"}, set()),
        ("soft-fail: true\n", 0, set(), {"DK502", "DK101"}),
        ("hard-fail-on: [CKV_DOCKER_7]\n", 1, set(), {"DK502"}),
        ("hard-fail-on: [CKV_DOCKER_9]\n", 0, set(), {"DK502", "DK101"}),
        ("soft-fail-on: [CKV_DOCKER_*]\n", 0, set(), {"DK502", "DK101"}),
        ("soft-fail-on: [CKV_DOCKER_7]\n", 1, set(), {"DK502", "DK101"}),
        ("skip-path: [Docker]\n", 0, {"DK502", "DK101"}, set()),
        ("skip_path: ['^nothing/']\n", 1, set(), {"DK502"}),
    ],
)
def test_a_config_of_checkov_gives_its_verdict(
    config: str, code: int, silent: set[str], told: set[str]
) -> None:
    ended, found = carried(".checkov.yaml", config, dockerfile=ROOT)
    assert (ended, found & silent, told - found) == (code, set(), set())


LATEST, ROOTED = "f45ea400-6bbe-4501-9fc7-1c3d75c32067", "67fd0c4a-68cf-46d7-8c41-bc9fba7e40ae"


@pytest.mark.parametrize(
    ("config", "code", "silent", "told"),
    [
        (f'{{"exclude-queries": "{LATEST}"}}', 1, {"DK502"}, {"DK101"}),
        (f"exclude-queries: [{LATEST}, {ROOTED}]\n", 1, {"DK502", "DK101"}, set()),
        (f'include-queries = ["{LATEST}"]\n', 1, {"DK101"}, {"DK502"}),
        (f'"exclude-queries" = "{LATEST}"\n"verbose" = true\n', 1, {"DK502"}, {"DK101"}),
        ("exclude-severities: high,medium\n", 1, {"DK101", "DK502"}, {"DK107"}),
        (f"include-queries: {LATEST}\nfail-on: high\n", 0, set(), {"DK502"}),
        (f"include-queries: {ROOTED}\nfail-on: high\n", 1, set(), {"DK101"}),
        ("ignore-on-exit: results\n", 0, set(), {"DK101"}),
        ("exclude-paths: ['./Docker*']\n", 0, {"DK101"}, set()),
    ],
)
def test_a_config_of_kics_gives_its_verdict(config: str, code: int, silent: set[str], told: set[str]) -> None:
    ended, found = carried("kics.config", config, dockerfile=ROOT)
    assert (ended, found & silent, told - found) == (code, set(), set())


def test_several_configs_become_one_with_the_threshold_of_each() -> None:
    """hadolint fails for information, compose-lint does not for what is medium."""
    Path(".hadolint.yaml").write_text("ignored: [DL3003, DL3008, DL3009, DL3059]\n")
    Path(".compose-lint.yml").write_text("rules: {CL-0002: {enabled: false}}\n")
    assert started(".hadolint.yaml", ".compose-lint.yml")[0] == 0
    assert verdict(compose=PORTS) == (0, {"DK222", "DK223", "DK225", "DK226", "DK227", "DK234", "DK504"})
    assert verdict(dockerfile=UNTIDY)[0] == 1


DEEP = "[" * 5_000 + "]" * 5_000
BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (".hadolint.yaml", "ignored: {a: 1}\n", ".hadolint.yaml:1: ignored must be a list of strings"),
        (".hadolint.yaml", "\noverride: [1]\n", ".hadolint.yaml:2: override must be a mapping"),
        (".hadolint.yaml", "failure-threshold: often\n", "failure-threshold must be one of error, warning"),
        (".hadolint.yaml", "no-fail: perhaps\n", "no-fail must be true or false"),
        (".hadolint.yaml", "- a\n", ".hadolint.yaml:1: the config must be a mapping"),
        (".hadolint.yaml", "a: [\n", ".hadolint.yaml:"),
        (".hadolint.yaml", BOMB, "expand to too much"),
        (".dclintrc", DEEP, ".dclintrc:1: "),
        (".dclintrc", '{"rules": ' + DEEP + "}", ".dclintrc:1: "),
        (".dclintrc", '{"rules": {"no-version-field": 7}}', "rules.no-version-field must be 0, 1 or 2"),
        (".dclintrc.js", "module.exports = {}", "a program, which is not run"),
        (".compose-lint.yml", "rules: {CL-0001: {enabled: 'x'}}\n", "enabled must be true or false"),
        (".compose-lint.yml", "rules: {CL-0001: {reason: [a]}}\n", "reason must be a text"),
        (".trivyignore", "DS-0002 exp:soon\n", ".trivyignore:1: 'soon' is not a date"),
        (".trivyignore.yaml", "misconfigurations: [{paths: [a]}]\n", "has no id"),
        ("kics.config", 'a = "x" {\n', "neither TOML nor HCL with plain values"),
        ("settings.yaml", "a: b\n", "not a known config file name"),
        (".hadolint.yaml", "x" * 2_000_000, "too large"),
    ],
)
def test_a_config_that_cannot_be_read_is_an_error_and_nothing_is_written(
    name: str, text: str, told: str
) -> None:
    Path(name).write_text(text)
    code, out, err = started(name)
    assert (code, out) == (2, "")
    assert told in err
    assert not os.path.lexists(CONFIG)


def test_what_a_file_says_stays_text_in_the_config_and_on_the_screen() -> None:
    secret = "ghp_" + "".join(chr(97 + 7 * at % 26) for at in range(36))
    reason = f'{secret} "\x1b[31m\n- x: {{'
    Path(".compose-lint.yml").write_text(
        "rules: "
        + json.dumps(
            {
                "CL-0002": {"enabled": False, "reason": reason},
                "CL-0001": {"exclude_services": {'a"b': reason}},
                f"k{secret}": {},
            }
        )
    )
    code, out, _ = started(".compose-lint.yml")
    text = Path(CONFIG).read_text()
    assert code == 0
    assert secret not in out + text
    assert "\x1b" not in out + text
    assert parse_config(text.encode(), CONFIG).overrides[0].services == ('a"b',)


def test_a_pattern_that_is_no_line_is_not_carried_over() -> None:
    Path("kics.config").write_text('{"exclude-paths": ["a\\nb", "c"]}')
    assert started("kics.config")[0] == 0
    assert "exclude:\n  - /c\n" in Path(CONFIG).read_text()


@pytest.mark.parametrize("there", [".dockerlint.yaml", ".dockerlint.yml", "pyproject.toml"])
def test_a_config_that_is_there_is_left_as_it_is(there: str) -> None:
    Path(there).write_text("[tool.dockerlint]\nprofile = 'strict'\n" if there.endswith("toml") else "{}\n")
    before = Path(there).read_text()
    code, out, err = started()
    assert (code, out) == (2, "")
    assert f"{there}: exists already" in err
    assert Path(there).read_text() == before
    assert started(only_print=True)[0] == 0


def test_a_link_is_not_followed_to_a_place_to_write() -> None:
    Path(CONFIG).symlink_to("elsewhere.yaml")
    assert started()[0] == 2
    assert not os.path.lexists("elsewhere.yaml")


def test_a_first_config_names_what_stands_in_the_project() -> None:
    for path, text in {
        "Dockerfile": "FROM registry.acme.example/base:1.2\n",
        "e2e/compose.yaml": "services:\n  a:\n    image: alpine:3.20\n",
        "vendor/x/Dockerfile": "FROM alpine\n",
        ".hadolint.yaml": "{}\n",
    }.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)
    code, out, err = started(limits=LimitsPolicy(memory="1g", pids="300"))
    text = Path(CONFIG).read_text()
    assert (code, err) == (0, "")
    assert text in out
    config = parse_config(text.encode(), CONFIG)
    assert config.fix == {"memory": "1g", "pids": 300}
    assert config.words == {"trusted-registries": ("registry.acme.example",)}
    assert "1 Dockerfile and 1 Compose file" in text
    assert '#   - files: ["/e2e/compose.yaml"]' in text.replace(
        "[/e2e/compose.yaml]", '["/e2e/compose.yaml"]'
    )
    assert "#     purpose: test" in text
    assert "A search leaves out vendor" in text
    assert "dockerlint init --from .hadolint.yaml" in text


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (LimitsPolicy(memory="much"), "--memory: memory must be 6m or more"),
        (LimitsPolicy(cpus="0"), "--cpus: cpus must be a number above 0"),
        (LimitsPolicy(pids="1]\nrules: [x"), "--pids: pids must be an integer"),
    ],
)
def test_a_limit_that_cannot_be_one_is_an_error(limits: LimitsPolicy, told: str) -> None:
    code, _, err = started(limits=limits)
    assert (code, told in err, os.path.lexists(CONFIG)) == (2, True, False)


def test_limits_are_asked_for_on_a_terminal() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    Path("compose.yaml").write_text("services:\n  a:\n    image: alpine:3.20\n")
    out = Terminal()
    assert init((), LimitsPolicy(pids="200"), False, (Terminal("much\n512m\n\n"), out, StringIO())) == 0
    assert parse_config(Path(CONFIG).read_bytes(), CONFIG).fix == {"memory": "512m", "pids": 200}
    assert "memory must be 6m or more" in out.getvalue()
    assert "pids:" not in out.getvalue().partition("wrote")[0]


@pytest.mark.parametrize("name", PEER_FILES)
def test_an_empty_config_of_every_tool_becomes_one_that_loads(name: str) -> None:
    Path(name).write_text("")
    assert started(name)[0] == 0
    assert verdict(dockerfile=TIDY)[0] in (0, 1)


def test_a_file_that_is_missing_is_an_error() -> None:
    with pytest.raises(MigrationError, match=r"\.hadolint\.yaml: no such file"):
        migrate([".hadolint.yaml"], "", TODAY)


def test_the_command_line_writes_a_config() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dockerlint", "init", "--memory", "1g"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "  memory: 1g\n" in Path(CONFIG).read_text()
