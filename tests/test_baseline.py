"""Known findings: written down, hidden, counted, and found again after the file has changed around them."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.commands import invoke
from dockerlint.kinds import kind_of_name, kind_of_text
from dockerlint.review.baselinefile import BaselineError, Known, baseline_text, read_baseline
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.check import Options, run
from dockerlint.run.output import Format
from dockerlint.run.text import lint_text
from dockerlint.text import decode

FIXTURES = Path(__file__).parent.parent / "fixtures"
COMPOSE = """\
services:
  db:
    image: postgres:17
    ports:
      - "5432:5432"
  agent:
    image: registry.example.com/agent:1.0
    privileged: true
"""
LIST = "dockerlint-baseline.json"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(COMPOSE)
    return tmp_path


def baseline(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = invoke(["baseline", *words])
    return code, capsys.readouterr().out


def check(*paths: str, **options: Any) -> tuple[int, dict[str, Any], str]:
    out, errors = io.StringIO(), io.StringIO()
    code = run(Options(paths=paths or (".",), formats=(Format("json"),), **options), out, errors)
    return code, json.loads(out.getvalue() or "{}"), errors.getvalue()


def entries() -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(Path(LIST).read_text())["findings"]
    return found


def test_what_is_in_the_baseline_is_hidden_counted_and_no_longer_fails(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = check()
    assert before[0] == 1
    code, said = baseline(capsys, "write", "--reason", "lab network", "--by", "ops", "--until", "2999-01-31")
    assert (code, f"{len(before[1]['findings'])} findings" in said) == (0, True)
    code, report, _ = check(baseline=LIST)
    assert code == 0
    assert report["findings"] == []
    assert {one["by"] for one in report["suppressed"]} == {"baseline"}
    assert {(one["reason"], one["until"]) for one in report["suppressed"]} == {("lab network", "2999-01-31")}
    hidden = [{"by": "baseline", "where": LIST, "findings": len(before[1]["findings"])}]
    assert report["summary"]["hidden"] == hidden
    assert baseline(capsys, "check")[0] == 0


def test_only_what_is_new_is_shown_and_the_config_may_name_the_baseline(
    capsys: pytest.CaptureFixture[str],
) -> None:
    baseline(capsys, "write")
    Path(".dockerlint.yaml").write_text(f"baseline: {LIST}\n")
    Path("compose.yaml").write_text(COMPOSE + "    network_mode: host\n")
    code, report, _ = check()
    assert [one["name"] for one in report["findings"]] == ["host-network"]
    assert code == 1
    code, said = baseline(capsys, "check")
    assert code == 1
    assert "host-network" in said
    assert "1 new" in said


def test_lines_above_and_another_folder_bring_back_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    baseline(capsys, "write")
    Path("deploy").mkdir()
    Path("deploy/compose.yaml").write_text("# a remark\n" * 10 + COMPOSE)
    Path("compose.yaml").unlink()
    assert check(baseline=LIST)[1]["findings"] == []
    code, said = baseline(capsys, "check")
    assert (code, " 0 new, 0 gone" in said) == (0, True)
    baseline(capsys, "prune")
    assert {one["path"] for one in entries()} == {"deploy/compose.yaml"}


def test_a_copy_is_new_while_the_first_file_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    baseline(capsys, "write")
    Path("copy").mkdir()
    shutil.copy("compose.yaml", "copy/compose.yaml")
    findings = check(baseline=LIST)[1]["findings"]
    assert {one["path"] for one in findings} == {"copy/compose.yaml"}


def test_a_moved_file_is_taken_for_one_other_file_not_for_two(capsys: pytest.CaptureFixture[str]) -> None:
    baseline(capsys, "write")
    for name in ("one", "two"):
        Path(name).mkdir()
        shutil.copy("compose.yaml", f"{name}/compose.yaml")
    Path("compose.yaml").unlink()
    findings = check(baseline=LIST)[1]["findings"]
    assert {one["path"] for one in findings} == {"two/compose.yaml"}


def test_what_is_gone_is_told_and_pruned_and_keeps_the_reasons_of_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    baseline(capsys, "write", "--reason", "moves in June")
    Path("compose.yaml").write_text(COMPOSE.replace("    privileged: true\n", ""))
    code, said = baseline(capsys, "check")
    assert code == 1
    assert "gone: DK200 agent" in said
    assert baseline(capsys, "prune")[0] == 0
    assert {one["reason"] for one in entries()} == {"moves in June"}
    assert "DK200" not in {one["rule"] for one in entries()}


def test_a_run_over_one_file_leaves_the_entries_of_others(capsys: pytest.CaptureFixture[str]) -> None:
    Path("other").mkdir()
    Path("other/Dockerfile").write_text("FROM node\n")
    baseline(capsys, "write")
    for action in ("write", "prune"):
        baseline(capsys, action, "compose.yaml")
        assert {one["path"] for one in entries()} == {"compose.yaml", "other/Dockerfile"}


def test_a_stricter_profile_of_the_writer_is_not_gone(capsys: pytest.CaptureFixture[str]) -> None:
    baseline(capsys, "write", "--profile", "strict")
    count = len(entries())
    baseline(capsys, "prune")
    assert len(entries()) == count


def test_an_entry_whose_time_is_over_hides_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    baseline(capsys, "write", "--until", "2026-06-01")
    assert check(baseline=LIST, today=None)[1]["findings"]
    code, said = baseline(capsys, "check", "--today", "2026-06-02")
    assert (code, "expired" in said) == (1, True)
    assert baseline(capsys, "check", "--today", "2026-06-01")[0] == 0


def test_lines_on_the_command_line_and_standard_input_have_one_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "docker run --privileged -p 5432:5432 --name db postgres:17"
    assert baseline(capsys, "write", "--run", line)[0] == 0
    assert {one["path"] for one in entries()} == {"<run>"}
    assert invoke(["audit", "--run", line, "--baseline", LIST]) == 0
    record = json.dumps([{"Name": "/db", "Config": {"Image": "a:1"}, "HostConfig": {"Privileged": True}}])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(record.encode())))
    assert baseline(capsys, "write", "-")[0] == 0
    assert {one["path"] for one in entries()} == {"<run>", "<stdin>"}
    Path("inspect.json").write_text(record)
    assert check("inspect.json", baseline=LIST)[1]["findings"] == []


def test_no_secret_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    token = "ghp_" + "R2d9Kf7QxZ1mT8wLc4" + "Vb6Ny3Hs5Jp0GaUeXi"
    Path("compose.yaml").write_text(
        f"services:\n  {token}:\n    image: a:1\n    environment:\n      T: {token}\n"
    )
    baseline(capsys, "write", "--reason", f"old {token}")
    assert entries()
    assert token not in Path(LIST).read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "not JSON"),
        ('{"version": 2, "findings": []}', "not a baseline of version 1"),
        ('{"version": 1, "findings": {}}', "findings must be a list"),
        ('{"version": 1, "findings": [3]}', r"findings\[0\]: must be an object"),
        ('{"version": 1, "findings": [{"rule": 1}]}', "rule must be a string"),
        ('{"version": 1,\n"findings": [}', ":2: not JSON"),
    ],
)
def test_a_bad_baseline_is_an_error_with_its_place(text: str, said: str) -> None:
    with pytest.raises(BaselineError, match=said):
        read_baseline(text.encode(), "b.json")
    Path(LIST).write_text(text)
    code, _, told = check(baseline=LIST)
    assert (code, told.startswith(f"dockerlint: {LIST}:")) == (2, True)


def test_a_missing_baseline_is_an_error_that_says_how_it_is_made() -> None:
    code, _, told = check(baseline="gone.json")
    assert code == 2
    assert "dockerlint baseline write makes it" in told


def test_a_baseline_reads_back_as_it_was_written() -> None:
    known = [Known("DK1", "a", "s", "0" * 32), Known("DK2", "b", "", "1" * 32, "why", "who")]
    assert read_baseline(baseline_text(known[::-1], "strict").encode(), "b.json") == (known, "strict")


def test_a_strangers_baseline_hides_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    baseline(capsys, "write")
    from dockerlint.workspace.trust import UNTRUSTED

    code, _, told = check(baseline=LIST, trust=UNTRUSTED)
    assert (code, "--untrusted" in told) == (2, True)


def sources() -> list[tuple[str, str, str]]:
    """Every text of ours with its kind: fixtures, and the bad examples of all rules."""
    found = []
    for path in sorted(one for one in FIXTURES.rglob("*") if one.is_file()):
        text = decode(path.read_bytes()).text
        kind = kind_of_name(path.name) or kind_of_text(text)
        if kind is not None:
            found.append((str(path.relative_to(FIXTURES)), kind, text))
    return found


def test_ten_lines_above_change_no_fingerprint() -> None:
    ruleset = load_ruleset()
    texts = sources()
    assert len(texts) > 25
    for name, kind, text in texts:
        moved = shifted(text, kind)
        before, after = (
            [one.fingerprint for one in lint_text(each, kind, ruleset, path=path)]
            for each, path in ((text, name), (moved, f"elsewhere/{name}"))
        )
        assert before == after, name


def shifted(text: str, kind: str) -> str:
    """A text with ten lines more at its top, below what must stand first."""
    head = 0
    lines = text.splitlines(keepends=True)
    while kind == "dockerfile" and head < len(lines) and is_directive(lines[head]):
        head += 1
    above = "\n" * 10 if kind in ("inspect", "daemon") else "# a remark\n" * 9 + "\n"
    return "".join(lines[:head]) + above + "".join(lines[head:])


def is_directive(line: str) -> bool:
    name, equals, _ = line.lstrip("#\ufeff \t").partition("=")
    return (
        line.lstrip("\ufeff").startswith("#")
        and bool(equals)
        and name.strip() in ("syntax", "escape", "check")
    )
