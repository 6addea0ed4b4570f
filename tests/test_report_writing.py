"""A report goes where the user said, and no link of the project takes it elsewhere."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from program import as_text, program

from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.target import Target

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")

OURS = "export PATH=/usr/bin\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / ".git" / "hooks").mkdir(parents=True)
    (folder / ".git" / "HEAD").touch()
    (folder / "Dockerfile").write_text("FROM alpine:3.20\n")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.bashrc").write_text(OURS)
    monkeypatch.chdir(folder)
    return folder


def check(*targets: str, paths: tuple[str, ...] = ("Dockerfile",)) -> subprocess.CompletedProcess[str]:
    formats = [part for target in targets for part in ("--format", target)]
    return as_text(program("check", "--fail-on", "never", *paths, *formats))


def ours(tmp_path: Path) -> str:
    return (tmp_path / "home/.bashrc").read_text()


LINKS = {
    "dockerlint.sarif": "../home/.bashrc",
    "absolute.sarif": "{tmp}/home/.bashrc",
    "chain.sarif": "dockerlint.sarif",
    "new.sarif": "../home/new",
    "hook.sarif": ".git/hooks/pre-commit",
    "null.sarif": "/dev/null",
    "up.sarif": "./Dockerfile/../../home/.bashrc",
}


CASES = [(name, has_git) for name in LINKS for has_git in (True, False) if has_git or name != "hook.sarif"]


@pytest.mark.parametrize(("name", "has_git"), CASES)
def test_a_link_out_of_the_project_is_refused_and_nothing_is_written(
    tmp_path: Path, project: Path, name: str, has_git: bool
) -> None:
    if not has_git:
        os.rename(".git", "../git")
    for link, target in LINKS.items():
        Path(link).symlink_to(target.format(tmp=tmp_path))
    for spelling in (name, f"./{name}", str(project / name)):
        done = check(f"sarif:{spelling}")
        assert done.returncode == 2
        assert f"dockerlint: {spelling}: cannot be written: " in done.stderr
    assert ours(tmp_path) == OURS
    assert sorted(os.listdir(tmp_path / "home")) == [".bashrc"]
    assert [one for one in os.listdir(".") if one.endswith(".tmp")] == []


@pytest.mark.parametrize("target", ["../home", ".git/hooks"])
def test_a_folder_that_leads_out_is_refused(tmp_path: Path, target: str) -> None:
    Path("out").symlink_to(target)
    done = check("sarif:out/pre-commit")
    assert done.returncode == 2
    assert sorted(os.listdir(tmp_path / "home")) == [".bashrc"]
    assert os.listdir(".git/hooks") == []


def test_the_project_is_where_the_files_are_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started from elsewhere, without git: the link stands among the files that are linted."""
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/Dockerfile").write_text("FROM alpine:3.20\n")
    (tmp_path / "checkout/out").symlink_to(tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    assert check("sarif:../checkout/out/x.sarif", paths=("../checkout",)).returncode == 2
    assert sorted(os.listdir(tmp_path / "home")) == [".bashrc"]


def test_a_link_inside_the_project_is_followed(project: Path) -> None:
    Path("reports").mkdir()
    Path("out").symlink_to("reports")
    Path("link.json").symlink_to("reports/real.json")
    assert check("json:out/a.json", "json:link.json").returncode == 0
    assert Path("out").is_symlink()
    assert Path("link.json").is_symlink()
    assert sorted(os.listdir("reports")) == ["a.json", "real.json"]


def test_what_the_user_named_outside_the_project_is_written(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/current.json").symlink_to("first.json")
    done = check(
        "json:../out.json", f"json:{tmp_path}/reports/b.json", f"json:{tmp_path}/reports/current.json"
    )
    assert done.returncode == 0
    for name in ("out.json", "reports/b.json", "reports/first.json"):
        assert json.loads((tmp_path / name).read_text())["version"] == 1


def test_standard_streams_are_written_wherever_they_lead(tmp_path: Path) -> None:
    assert json.loads(check("json:/dev/stderr").stderr)["version"] == 1
    command = [sys.executable, "-m", "dockerlint", "check", "--fail-on=never", "Dockerfile"]
    for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        if not os.path.exists(name):
            continue
        with open(tmp_path / "log", "w") as log:
            log.write("before\n")
            log.flush()
            subprocess.run([*command, "-q", "--format", f"json:{name}"], stdout=log, timeout=300, check=True)
        assert (tmp_path / "log").read_text().startswith("before\n"), "the file is another one"
        assert '"version"' in (tmp_path / "log").read_text()


def test_a_pipe_and_a_device_are_written_and_stay() -> None:
    os.mkfifo("pipe")
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append(Path("pipe").read_text()), daemon=True)
    reader.start()
    assert check("json:pipe", "text:/dev/null").returncode == 0
    reader.join(10)
    assert json.loads(got[0])["version"] == 1
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


def test_a_folder_is_no_place_for_a_report() -> None:
    Path("out").mkdir()
    done = check("json:out")
    assert (done.returncode, "this is a directory" in done.stderr) == (2, True)


def test_a_link_that_comes_up_meanwhile_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target = Target()
    handle = target.open("out.json", lambda _: os.getcwd())
    os.write(handle, b"ours")
    os.close(handle)
    Path("out.json").symlink_to("../home/.bashrc")
    target.put_in_place()
    assert (Path("out.json").read_text(), Path("out.json").is_symlink()) == ("ours", False)
    assert ours(tmp_path) == OURS


def test_a_folder_that_is_moved_meanwhile_still_gets_the_report(tmp_path: Path) -> None:
    Path("out").mkdir()
    target = Target()
    handle = target.open("out/a.json", lambda _: os.getcwd())
    os.rename("out", "old")
    Path("out").symlink_to("../home")
    os.close(handle)
    target.put_in_place()
    assert (os.listdir("old"), sorted(os.listdir(tmp_path / "home"))) == (["a.json"], [".bashrc"])


def test_a_name_that_cannot_be_foreseen_is_taken_meanwhile() -> None:
    targets = Target(), Target()
    for target in targets:
        os.close(target.open("out.json", lambda _: os.getcwd()))
    names = [one for one in os.listdir(".") if one.endswith(".tmp")]
    assert len(names) == 2
    for target in targets:
        target.discard()
    assert [one for one in os.listdir(".") if one.endswith(".tmp")] == []


def test_a_link_whose_end_is_missing_is_told(tmp_path: Path) -> None:
    Path("loop").symlink_to("loop")
    with pytest.raises((Unreadable, OSError)):
        Target().open("loop", lambda _: os.getcwd())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_run_that_is_ended_leaves_nothing_behind(number: signal.Signals) -> None:
    os.mkfifo("hold")
    command = [sys.executable, "-m", "dockerlint", "check", "--format", "json:out.json", "-"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # `nohup` may have had it ignored
    )
    try:
        while not any(one.endswith(".tmp") for one in os.listdir(".")):
            assert process.poll() is None
        process.send_signal(number)
        process.wait(10)
    finally:
        process.kill()
        process.communicate()
    assert sorted(os.listdir(".")) == [".git", "Dockerfile", "hold"]
    assert process.returncode in (-number, 128 + number)


def test_the_folders_of_a_report_are_made_and_none_through_a_link(tmp_path: Path) -> None:
    assert check("json:out/deep/x.json").returncode == 0
    assert json.loads(Path("out/deep/x.json").read_text())["files"]
    outside = tmp_path / "elsewhere/deep/x.json"  # in no project
    assert check(f"json:{outside}").returncode == 0
    assert json.loads(outside.read_text())["files"]
    Path("away").symlink_to(tmp_path / "home")
    done = check("json:away/new/x.json")
    assert done.returncode == 2
    assert not (tmp_path / "home/new").exists()
