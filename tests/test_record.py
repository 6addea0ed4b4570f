"""Reviews on record: what was looked at and found, and what became of what the last record says."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, UsageError
from dockerlint.cli.audit import audit_options
from dockerlint.cli.commands import invoke
from dockerlint.run.check import run


def container(name: str, **host: Any) -> dict[str, Any]:
    limits = {"Memory": 1 << 29, "NanoCpus": 10**9, "PidsLimit": 100}
    return {
        "Name": f"/{name}",
        "Config": {"Image": "shop/app:1.0", "User": "1000"},
        "HostConfig": {**limits, **host},
    }


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def audit(*objects: Any, more: tuple[str, ...] = (), **said: Any) -> tuple[int, str, str]:
    """The exit code, the screen and what was said of errors."""
    Path("inspect.json").write_text(json.dumps(list(objects)))
    out, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    line = {name: said.pop(name) for name in list(said) if name in CheckLine.__match_args__}
    written = CheckLine(paths=["inspect.json", *more], today=line.pop("today", "2026-11-20"), **line)
    code = run(audit_options(written, (), **said), out, errors)
    out.seek(0)
    return code, out.read(), errors.getvalue()


def record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("review.json").read_text())
    return found


def test_a_record_says_what_was_looked_at_found_accepted_and_not_seen() -> None:
    Path(".dockerlint.yaml").write_text(
        "overrides: [{services: agent, ignore: DK200, reason: it mounts disks, until: 2999-01-31}]\n"
    )
    broken = {"Name": "/odd", "Config": 3, "HostConfig": {"Privileged": "maybe"}}
    _, screen, _ = audit(
        container("agent", Privileged=True), container("web", PidMode="host"), broken, record="review.md"
    )
    told = record()
    assert told["date"] == "2026-11-20"
    assert told["about"].startswith("project ")
    (looked_at,) = told["looked_at"]
    assert (looked_at["kind"], looked_at["subjects"][:2]) == ("inspect", ["container agent", "container web"])
    assert "DK235" in {one["rule"] for one in told["findings"] if one["subject"] == "web"}
    accepted = next(one for one in told["accepted"] if one["rule"] == "DK200")
    assert (accepted["reason"], accepted["by"], accepted["until"]) == (
        "it mounts disks",
        "override in the config",
        "2999-01-31",
    )
    assert any("container odd: not known:" in one for one in told["not_seen"])
    assert "review.md: " in screen
    page = Path("review.md").read_text()
    assert page.startswith("# Container security review of project ")
    for title in ("Looked at", "Findings", "Fixed", "Not looked at again", "Accepted", "Could not be seen"):
        assert f"## {title}" in page
    assert "| it mounts disks | override in the config | 2999-01-31 |" in page


def test_the_next_record_says_what_is_new_gone_and_still_there() -> None:
    audit(
        container("a", PidMode="host"),
        container("b", IpcMode="host"),
        container("c", UTSMode="host"),
        record="review.md",
    )
    _, screen, _ = audit(
        container("a", PidMode="host", UTSMode="host"), container("b"), today="2026-12-01", record="review.md"
    )
    told = record()
    states = {(one["rule"], one["subject"]): one["state"] for one in told["findings"]}
    assert states["DK235", "a"] == "still there"
    assert states["DK237", "a"] == "new"
    assert {(one["rule"], one["subject"]) for one in told["fixed"]} == {("DK236", "b")}
    assert {one["subject"] for one in told["not_looked_at"]} == {"c"}
    assert told["previous"] == "2026-11-20"
    assert "1 new" in screen
    assert "1 gone" in screen


def test_what_is_accepted_is_not_fixed_and_what_no_longer_is_shows_again() -> None:
    Path("b.json").write_text('{"version": 1, "findings": []}')
    audit(container("a", Privileged=True), record="review.md")
    assert (
        invoke(
            ["baseline", "write", "inspect.json", "--baseline", "b.json", "--reason", "lab", "--by", "ops"]
        )
        == 0
    )
    audit(container("a", Privileged=True), record="review.md", baseline="b.json")
    told = record()
    accepted = {one["rule"]: one for one in told["accepted"]}
    assert accepted["DK200"]["by"] == "baseline, ops"
    assert told["fixed"] == []
    audit(container("a", Privileged=True), record="review.md")
    assert {one["state"] for one in record()["findings"] if one["rule"] == "DK200"} == {"no longer accepted"}


def test_a_record_that_is_none_is_left_and_named() -> None:
    for text in (
        "{",
        "[]",
        '{"version": 1, "date": 3, "findings": [], "accepted": []}',
        '{"version": 1, "findings": [3]}',
    ):
        Path("review.json").write_text(text)
        code, _, said = audit(container("a"), record="review.md")
        assert (code, "review.json" in said) == (2, True)
        assert Path("review.json").read_text() == text


def test_the_data_file_cannot_be_named() -> None:
    with pytest.raises(UsageError, match="name a Markdown file"):
        audit(container("a"), record="review.json")


def test_neither_secrets_nor_markup_of_strangers_get_on_record() -> None:
    token = "ghp_" + "R2d9Kf7QxZ1mT8wLc4" + "Vb6Ny3Hs5Jp0GaUeXi"
    evil = container(f"<b>|x|</b>{token}\x1b[31m", Privileged=True)
    evil["Config"]["Env"] = [f"GITHUB_TOKEN={token}"]
    Path(".dockerlint.yaml").write_text(
        f"overrides: [{{services: '*', ignore: DK200, reason: 'see {token} | <i>'}}]\n"
    )
    audit(evil, record="review.md")
    page, data = Path("review.md").read_text(), Path("review.json").read_text()
    assert token not in page + data
    assert "<b>" not in page
    assert "<i>" not in page
    assert "\x1b" not in page + data


def test_programs_that_read_the_screen_are_not_disturbed() -> None:
    _, screen, said = audit(container("a"), record="review.md", format=["json"], all_clear=True)
    assert json.loads(screen)["version"] == 1
    assert "review.md: " in said
    assert "all clear: no" in said


DAEMON = '{"hosts": ["unix:///var/run/docker.sock"]}'


def cleared(
    *objects: Any, daemon: str | None = DAEMON, scan: bool = True, **said: Any
) -> tuple[int, dict[str, str]]:
    """The exit code of all-clear, and the mark of each condition."""
    more = []
    if daemon is not None:
        Path("daemon.json").write_text(daemon)
        more = ["daemon.json"]
    if scan:
        report = {
            "SchemaVersion": 2,
            "ArtifactName": "shop/app:1.0",
            "ArtifactType": "container_image",
            "Results": said.pop("results", []),
        }
        Path("scan.json").write_text(json.dumps(report))
        said["scan_report"] = ["scan.json"]
    code, screen, _ = audit(*objects, more=tuple(more), all_clear=True, **said)
    lines = screen[screen.index("all clear: ") :].splitlines()[1:]
    return code, {line.strip()[2:].split(":")[0]: line.strip()[0] for line in lines}


def test_all_is_clear_where_every_condition_holds_whatever_else_is_found() -> None:
    code, marks = cleared(container("web"), container("api"))
    assert (code, set(marks.values())) == (0, {"✔"})
    assert len(marks) == 7


@pytest.mark.parametrize(
    ("host", "condition"),
    [
        ({"Privileged": True}, "every privileged container has a written reason"),
        ({"NetworkMode": "host"}, "every host network has a written reason"),
        ({"Memory": 0}, "memory, CPU and processes are limited"),
        ({"PidsLimit": 0}, "memory, CPU and processes are limited"),
        ({"Binds": ["/etc:/host:rw"]}, "every sensitive mount has a written reason"),
        ({"Binds": ["/var/run/docker.sock:/s"]}, "every mount of the engine's socket has a written reason"),
    ],
)
def test_one_violation_is_enough_and_a_written_reason_clears_it(host: dict[str, Any], condition: str) -> None:
    bad = container("bad", **host)
    code, marks = cleared(container("web"), bad)
    assert code == 1
    assert {title for title, mark in marks.items() if mark != "✔"} == {condition}
    override = "overrides: [{services: bad, ignore: [DK2]%s}]\n"
    Path(".dockerlint.yaml").write_text(override % "")
    assert cleared(bad)[0] == 1
    Path(".dockerlint.yaml").write_text(override % ", reason: decided in the review of May")
    assert cleared(bad)[0] == 0
    Path(".dockerlint.yaml").write_text("ignore: [DK2]\n")
    assert cleared(bad)[0] == 1


def test_a_critical_vulnerability_and_plain_tcp_are_not_clear() -> None:
    found = [{"Vulnerabilities": [{"VulnerabilityID": "CVE-1", "Severity": "CRITICAL", "PkgName": "x"}]}]
    code, marks = cleared(container("web"), results=found)
    assert (code, marks["every critical vulnerability has a written reason"]) == (1, "✘")
    code, marks = cleared(container("web"), daemon='{"hosts": ["tcp://0.0.0.0:2375"]}')
    assert (code, marks["no daemon takes commands over plain TCP"]) == (1, "✘")


def test_what_is_unknown_is_not_clear() -> None:
    code, marks = cleared(container("web"), scan=False)
    assert (code, marks["every critical vulnerability has a written reason"]) == (1, "?")
    code, marks = cleared(container("web"), daemon=None)
    assert (code, marks["no daemon takes commands over plain TCP"]) == (1, "?")
    code, marks = cleared(container("web", Memory="lots"))
    assert (code, marks["memory, CPU and processes are limited"]) != (0, "✔")
    unnamed = container("web")
    del unnamed["Config"]["Image"]
    assert cleared(unnamed)[0] == 1
    options = audit_options(
        CheckLine(paths=["daemon.json"], scan_report=["scan.json"]),
        ("docker run -m 1g --cpus 1 --pids-limit 9 $MORE shop/app:1.0",),
        all_clear=True,
    )
    assert run(options, io.StringIO(), io.StringIO()) == 1


def test_nothing_to_judge_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert audit(all_clear=True)[0] == 2
    with pytest.raises(UsageError, match="nothing to audit"):
        audit_options(CheckLine(), (), all_clear=True)
    Path("broken.json").write_text("{")
    assert audit(container("web"), more=("gone.json",), all_clear=True)[0] == 2


@pytest.mark.parametrize("said", [{"select": ["DK1"]}, {"ignore": ["DK200"]}, {"min_confidence": "high"}])
def test_no_option_makes_it_look_away(said: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="--all-clear: cannot be combined"):
        audit(container("web"), all_clear=True, **said)
