"""The command line as a user meets it: another process, its streams and its exit code."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from program import as_text, program

from dockerlint.cli.arguments import options_of
from dockerlint.cli.commands import invoke
from dockerlint.cli.fixline import work_of
from dockerlint.cli.plain import plain_check, plain_fix
from dockerlint.ruleset.bundle import load_day, write_bundle
from dockerlint.run.check import Options

ROOT = str(Path(__file__).parent.parent)

CRITICAL = """\
services:
  watcher:
    image: registry.example.com/watcher:1.4.2
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
"""
HIGH = """\
services:
  vpn:
    image: registry.example.com/vpn:1.4.2
    network_mode: host
"""
ISSUE = 'FROM node:latest\nCOPY . /app\nRUN npm install\nCMD ["node", "app.js"]\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DOCKERLINT_DEBUG", raising=False)
    monkeypatch.setenv("PYTHONPATH", ROOT)
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def dockerlint(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return as_text(program(*arguments, stdin=stdin.encode()))


def test_a_mounted_docker_socket_fails_at_critical_and_a_host_network_does_not() -> None:
    write("socket/compose.yaml", CRITICAL)
    write("network/compose.yaml", HIGH)
    assert dockerlint("check", "--fail-on", "critical", "socket").returncode == 1
    assert dockerlint("check", "--fail-on", "critical", "network").returncode == 0
    assert dockerlint("check", "network").returncode == 1


def test_the_current_folder_is_checked_where_no_path_is_given() -> None:
    write("Dockerfile", ISSUE)
    done = dockerlint("check")
    assert done.returncode == 1
    assert "Dockerfile" in done.stdout.splitlines()[0]
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["check", "gone"], ""),
        (["check", "--require-files"], "nothing to lint: no Dockerfile or Compose file in ."),
        (["check", "--fail-on", "hihg"], "--fail-on: 'hihg' is not one of"),
        (["check", "--format", "yaml"], "--format: 'yaml' is not one of"),
        (["check", "--format", "json", "--format", "sarif"], "--format: only one can go to the screen"),
        (["check", "--kind", "swarm"], "--kind: 'swarm' is not one of"),
        (["check", "--select", "no-such-rule"], "unknown rule 'no-such-rule'"),
        (["check", "--select", "DL3007"], "unknown rule 'DL3007'; write hadolint:DL3007"),
        (["check", "--config", "gone.yaml"], "gone.yaml: no such file or directory"),
        (["check", "--rules", "gone"], "gone:1: "),
        (["check", "--jobs", "many"], "Invalid value for '--jobs' / '-j': 'many' is not a valid int"),
        (["check", "--no-such-option"], "No such option: --no-such-option"),
        (["chekc"], "No such command 'chekc'"),
        (["explain", "no-such-rule"], "unknown rule 'no-such-rule'"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line_and_exit_code_2(arguments: list[str], line: str) -> None:
    done = dockerlint(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    if line:
        assert done.stderr.startswith("dockerlint: ")
        assert line in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_missing_path_is_named() -> None:
    done = dockerlint("check", "gone/Dockerfile")
    assert done.returncode == 2
    assert "gone/Dockerfile" in done.stdout
    assert "no such file or directory" in done.stdout


def test_standard_input_takes_its_kind_from_an_option_or_a_name() -> None:
    for arguments in (["--kind", "dockerfile"], ["--stdin-filename", "app/Dockerfile"], []):
        done = dockerlint("check", "-", "--format", "json", *arguments, stdin=ISSUE)
        assert done.returncode == 1
        assert json.loads(done.stdout)["files"][0]["kind"] == "dockerfile"


def test_two_dashes_end_the_options() -> None:
    write("--config=x/Dockerfile", ISSUE)
    assert dockerlint("check", "--", "--config=x").returncode == 1


def test_a_report_goes_to_a_file_and_the_text_to_the_screen() -> None:
    write("Dockerfile", ISSUE)
    done = dockerlint("check", "--format", "sarif:out.sarif")
    assert json.loads(Path("out.sarif").read_text(encoding="utf-8"))["runs"]
    assert "why:" in done.stdout


def test_lists_of_rules_may_be_separated_by_commas() -> None:
    write("Dockerfile", ISSUE)
    report = json.loads(dockerlint("check", "--format", "json", "--select", "DK5, DK1").stdout)
    assert {one["rule"][:3] for one in report["findings"]} == {"DK1", "DK5"}


def test_a_reader_that_leaves_early_causes_no_traceback() -> None:
    for number in range(300):
        write(f"{number}/Dockerfile", ISSUE)
    command = f"'{sys.executable}' -m dockerlint check . | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_output_is_no_error_of_ours(closed: str) -> None:
    write("Dockerfile", ISSUE)
    command = f"'{sys.executable}' -m dockerlint check {closed}"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["check", "check --format json", "rules list", "explain DK101", "--help"])
def test_an_output_without_room_is_told(command: str) -> None:
    write("Dockerfile", ISSUE)
    command = f"'{sys.executable}' -m dockerlint {command} > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "dockerlint: output: No space left on device\n")


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write("Dockerfile", ISSUE)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[" not in dockerlint("check").stdout
    assert "\x1b[" in on_terminal("check")
    assert "\x1b[" not in on_terminal("check", "--no-color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in on_terminal("check")


def on_terminal(*arguments: str) -> str:
    """What a run writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "dockerlint", *arguments], stdout=theirs) as process:
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # how a terminal says that nobody is left to write
            pass
        process.wait()
    os.close(ours)
    return written.decode()


def test_a_screen_without_unicode_still_shows_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    write("Dockerfile", ISSUE.replace("app.js", "äpp.js"))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    command = [sys.executable, "-m", "dockerlint", "check", "--profile", "strict"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.isascii()


SPARED = (
    "typer",
    "asyncio",
    "jsonschema",
    "multiprocessing",
    "rich",
    "pydantic",
    "ruamel",
    "dockerlint.parse.compose.project",
)


def test_checking_one_dockerfile_loads_nothing_it_does_not_need() -> None:
    """A bundle is written first, as in an installed package: in a checkout the rules are read as YAML."""
    write("Dockerfile", ISSUE)
    script = (
        "import sys; from dockerlint import data; data.DOCUMENTS = sys.argv.pop(1)\n"
        "data.CHECKOUT = ''\n"
        "from dockerlint.cli import main as cli\n"
        "try: cli.main()\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    write_bundle(os.path.join(ROOT, "rules"), "bundle")
    command = [sys.executable, "-c", script, "bundle", "check", "Dockerfile"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    loaded = done.stderr.split()
    assert [name for name in SPARED if name in loaded] == []


def test_explain_prints_the_whole_rule_by_any_of_its_names() -> None:
    pages = [
        dockerlint("explain", name).stdout for name in ("DK502", "dk502", "latest-image", "hadolint:DL3007")
    ]
    assert len(set(pages)) == 1
    for part in ("DK502 latest-image", "why", "instead", "bad", "good", "hadolint:DL3007"):
        assert part in pages[0]
    assert dockerlint("explain", "DL3007").stdout == pages[0]


def test_rules_are_listed_in_order_of_their_ids() -> None:
    ids = [line.partition(" ")[0] for line in dockerlint("rules", "list").stdout.splitlines()]
    assert ids == sorted(ids, key=lambda id: int(id.removeprefix("DK")))
    assert ids.index("DK532") < ids.index("DK1000")


def test_the_schema_of_a_rule_is_printed() -> None:
    assert json.loads(dockerlint("rules", "schema").stdout)["title"] == "A dockerlint rule"


GOOD_RULE = """\
id: ACME001
name: old-tool
title: The old tool is used
severity: high
each: command
when: {program: old-tool}
message: this runs {program}
docs: {why: "The old tool is not kept up any more.", instead: "Use new-tool."}
examples:
  - bad: "RUN old-tool"
    flags: [old-tool]
  - good: "RUN new-tool"
"""


def test_examples_of_house_rules_are_run() -> None:
    write("house/old-tool.yaml", GOOD_RULE)
    done = dockerlint("rules", "test", "house")
    assert (done.returncode, done.stdout) == (0, "2 of 2 examples pass\n")
    write("house/old-tool.yaml", GOOD_RULE.replace("flags: [old-tool]", "flags: [RUN]"))
    done = dockerlint("rules", "test", "house")
    assert done.returncode == 1
    assert done.stdout.startswith("ACME001-1-bad: underlines ['old-tool'], not ['RUN']")


def test_a_mistake_in_a_house_rule_has_file_line_and_suggestion() -> None:
    write("house/old-tool.yaml", GOOD_RULE.replace("each: command", "each: comand"))
    done = dockerlint("rules", "test", "house")
    assert done.returncode == 2
    assert (
        done.stderr == "dockerlint: house/old-tool.yaml:5: unknown kind 'comand'; did you mean 'command'?\n"
    )


def test_the_version_is_printed_with_the_day_of_the_facts() -> None:
    from dockerlint import __version__

    said = dockerlint("--version", "--today", str(load_day())).stdout
    assert said == f"dockerlint {__version__}\nfacts about images: {load_day()} (built in)\n"


def test_the_version_is_told_without_typer() -> None:
    told = "from dockerlint.cli.main import _dispatch; _dispatch(['--version']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", f"import sys; {told}"], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("dockerlint ")
    assert not {"typer", "click", "dockerlint.cli.commands"} & set(lines[-1].split())


@pytest.mark.parametrize(
    "line",
    [
        "check",
        "check a b",
        "check -- --quiet",
        "check - --kind dockerfile --stdin-filename x",
        "check --format json --format sarif:out a --fail-on=critical",
        "check -q --no-color --config c.yaml --rules r --rules s",
        "check --select DK1 --select=DK2,DK3 --ignore x --profile strict --min-confidence low",
    ],
)
def test_a_plain_check_line_is_read_as_typer_reads_it(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Options] = []
    monkeypatch.setattr("dockerlint.cli.commands.run", lambda options, *_: read.append(options) or 0)
    written = plain_check(line.split())
    assert written is not None
    invoke(line.split())
    assert read == [options_of(written)]


@pytest.mark.parametrize(
    "line",
    [
        "fix",
        "fix a -- --diff",
        "fix --diff --harden --unproven --verbose a",
        "fix -q - --kind dockerfile --stdin-filename=x --fail-on never",
        "fix --select DK1 --rules r --untrusted=HEAD --no-config --require-complete --harden",
    ],
)
def test_a_plain_fix_line_is_read_as_typer_reads_it(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[object, ...]] = []
    monkeypatch.setattr("dockerlint.run.fix.run_fix", lambda *given: read.append(given) or 0)
    written = plain_fix(line.split())
    assert written is not None
    work_of(written)()
    invoke(line.split())
    assert read[0] == read[1]


@pytest.mark.parametrize("line", ["fix --help", "fix --format json", "fix -x", "fix --fail-on"])
def test_what_is_no_plain_fix_line_is_left_to_typer(line: str) -> None:
    assert plain_fix(line.split()) is None


@pytest.mark.parametrize(
    "line",
    ["", "version", "check --help", "check -j 2", "check --fail-on", "check --format --quiet", "check -x"],
)
def test_what_is_no_plain_check_line_is_left_to_typer(line: str) -> None:
    assert plain_check(line.split()) is None


@pytest.mark.parametrize("command", ["check", "fix"])
def test_the_examples_of_the_help_are_command_lines(command: str) -> None:
    options, _, shown = dockerlint(command, "--help").stdout.partition("Examples:\n")
    examples = [line.split() for line in shown.splitlines() if line]
    assert len(examples) >= 3
    for tool, name, *words in examples:
        assert (tool, name) == ("dockerlint", command)
        assert {word for word in words if word.startswith("--")} <= set(options.split())


def test_help_names_every_option_of_check() -> None:
    shown = dockerlint("check", "--help").stdout
    assert all(
        option in shown
        for option in ("--format", "--fail-on", "--stdin-filename", "--jobs", "--min-confidence")
    )
    assert dockerlint().returncode == 2
    assert "explain" in dockerlint("--help").stdout
