"""No output commands the service that a run is part of, whatever files, folders and services are called."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from report_samples import COMPOSE, finding, written
from sources import nodes

from dockerlint.cli.main import main
from dockerlint.findings import Suppressed
from dockerlint.report import Style
from dockerlint.report.excerpts import file_report
from dockerlint.report.fixes.totals import FixTally
from dockerlint.report.results import FileReport
from dockerlint.report.screen import complaint, harmless, is_command
from dockerlint.report.summary import Summary
from dockerlint.report.text import TextReport
from dockerlint.text import Source
from dockerlint.workspace.omissions import Excluder, FileOmissions, Hider, InForce, Omissions

COMMANDS = [
    "::error file=x::y",
    " \t::add-mask::y",
    "::stop-commands::y",
    "##[error]y",
    "x ##[add-mask]y",
    "##vso[task.setvariable variable=a]y",
    "##teamcity[buildStop comment='y']",
]
FILE = "FROM debian\nUSER root\n"


def obeyed(output: str) -> list[str]:
    """The lines that a runner would obey: it trims, and breaks lines at carriage returns too."""
    lines = re.split(r"[\r\n]", output)
    return [line for line in lines if line.strip().startswith("::") or re.search(r"##\w*\[", line)]


def hostile(text: str) -> FileReport:
    one = finding(COMPOSE, "db", message=text, path=text, subject=text)
    report = file_report(
        Source(text, COMPOSE, notes=(text,)), "compose", [one], [Suppressed(one, text, "inline")]
    )
    return report._replace(obstacle=text)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("style", [Style(), Style(quiet=True), Style(colour=True), Style(ascii=True)])
def test_the_report_for_people_holds_no_command(command: str, style: Style) -> None:
    assert obeyed(written("text", hostile(command), style=style)) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", ["json", "sarif"])
def test_reports_for_programs_hold_no_command_either(name: str, command: str) -> None:
    assert obeyed(written(name, hostile(command))) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_annotations_command_what_they_are_for_and_nothing_else(command: str) -> None:
    lines = written("github", hostile(command)).splitlines()
    assert len(lines) == 3
    assert all(re.match(r"::(error|notice) file=", line) for line in lines)


@pytest.mark.parametrize("command", COMMANDS)
def test_standard_error_holds_no_command(command: str) -> None:
    assert obeyed(complaint(f"a\n{command}\r{command}")) == []
    assert complaint(f"a\n{command}").count("dockerlint: ") == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_what_was_left_out_is_told_without_a_command(command: str) -> None:
    in_force = InForce("default", config=command, keys=(command,))
    omissions = Omissions({Excluder(command, command, False): 1}, in_force=(in_force,))
    report = TextReport(Style())
    assert obeyed("".join(report.end(Summary(omissions=omissions)))) == []
    tally = FixTally(None)
    tally.omissions.add(FileOmissions({Hider(command, command): 1}, in_force=in_force))
    assert "hidden: 1 by" in tally.omission_line()
    assert obeyed(tally.omission_line()) == []


@pytest.mark.parametrize("path", [":", "::", ":::x"])
def test_a_path_of_colons_begins_no_line(path: str) -> None:
    assert obeyed(written("text", hostile(path), style=Style(quiet=True))) == []


@pytest.mark.parametrize(
    "text", ["a::b\n", "std::string ## x\n", "[##]\n", "", "a: b\n", " : x\n", "# #[x\n"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
    assert not is_command(text)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--quiet"),
        ("check", "--format", "json"),
        ("fix", "--diff", "--harden"),
        ("fix", "--harden"),
        ("check", "missing/{}"),
        ("check", "--format", "{}"),
        ("check", "--config", "{}"),
        ("explain", "{}"),
    ],
    ids=" ".join,
)
def test_a_folder_called_like_a_command_commands_nothing(
    arguments: tuple[str, ...],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(command).mkdir()
    Path(command, "Dockerfile").write_text(FILE)
    Path(command, "compose.yaml").write_text(f'services:\n  "{command}":\n    image: redis\n')
    monkeypatch.setattr(sys, "argv", ["dockerlint", *(each.replace("{}", command) for each in arguments)])
    with pytest.raises(SystemExit):
        main()
    output = capsys.readouterr()
    assert output.out + output.err
    assert obeyed(output.out) == obeyed(output.err) == []


WRITES_SAFELY = ("complaint(", "harmless(", "map(harmless,", "difference(", "about(", "tally.", "json.dumps(")
"""How what is written to a standard stream begins: each of these escapes commands, or is of our own words."""
STREAMS = ("stdout", "stderr", "out")


def writes() -> list[str]:
    """Every argument of a write to a standard stream in the program, with its file."""
    found = []
    for name, module in nodes().items():
        for node in module:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_write = node.func.attr in ("write", "writelines")
                if is_write and ast.unparse(node.func.value).split(".")[-1] in STREAMS:
                    found.append(f"{name}: {ast.unparse(node.args[0])}")
    return found


def test_whatever_is_written_to_a_standard_stream_went_through_the_guard() -> None:
    found = writes()
    assert [one for one in found if not one.partition(": ")[2].startswith(WRITES_SAFELY)] == []
    assert len(found) > 10
