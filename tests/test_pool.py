"""Several processes judge files: whatever becomes of the processes, every file answers, in its place."""

from __future__ import annotations

import errno
import gc
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from report_samples import sample

from dockerlint.linting.selection import SelectionFlags
from dockerlint.report.results import FileReport
from dockerlint.run import pool, worker
from dockerlint.run.file import FileLinter
from dockerlint.run.pool import AHEAD, CHUNK, lint_many
from dockerlint.run.wire import Receiver, Sender
from dockerlint.workspace.discovery import Candidate

ROOT = str(Path(__file__).parent.parent)
LONG = 300
"""Seconds after which what has not happened never will, on the slowest machine."""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="sends signals to processes made by fork"),
    pytest.mark.usefixtures("quick_forks"),
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds in earnest takes tenths here, but no process that computes is ever late."""
    monkeypatch.setattr(pool, "LOOK", 0.02)
    monkeypatch.setattr(pool, "STOPPED", 0.06)
    monkeypatch.setattr(pool, "GRACE", 1000.0)
    monkeypatch.setattr(worker, "_SECONDS_TO_DIE", LONG)


class Obedient(FileLinter):
    """Does to itself what the name of a file says, each time or only the first time."""

    def file(self, candidate: Candidate) -> FileReport:
        deed, _, once = candidate.path.partition(":")[0].partition("-")
        if once:
            with suppress(FileExistsError):
                os.close(os.open(f"{candidate.path}.done", os.O_CREAT | os.O_EXCL))
                self._do(deed)
        else:
            self._do(deed)
        return FileReport(candidate.path)

    def _do(self, deed: str) -> None:
        if deed == "slow":
            time.sleep(0.05)
        elif deed == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif deed == "exit":
            os._exit(3)
        elif deed == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        elif deed == "hang":
            Path("hanging").touch()
            time.sleep(2 * LONG)


@pytest.fixture
def obedient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Obedient:
    monkeypatch.chdir(tmp_path)
    return Obedient(SelectionFlags(), time_limit=0.05)


def told(reports: list[FileReport]) -> dict[str, str]:
    return {one.path: one.obstacle for one in reports if one.obstacle is not None}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The clock of the pool, which goes by `step` at each look at the processes and else stands still."""
    hand = SimpleNamespace(step=lambda: 0.0, now=0.0)

    def look(pipes: list[Any], seconds: float) -> list[Any]:
        hand.now += hand.step()
        return wait(pipes, min(seconds, 0.02))

    monkeypatch.setattr(pool, "wait", look)
    monkeypatch.setattr(pool, "time", SimpleNamespace(monotonic=lambda: hand.now))
    return hand


def numbered(*deeds: str) -> list[str]:
    return [f"{deed}:{number}" for number, deed in enumerate(deeds)]


def test_a_slow_first_file_drops_none_of_those_behind_the_window(obedient: Obedient) -> None:
    names = ["slow:0", *map(str, range(3 * AHEAD * CHUNK * 2))]
    reports = list(lint_many(obedient, map(Candidate, names), 2))
    assert [one.path for one in reports] == names


@pytest.mark.parametrize("seed", range(3))
def test_every_file_answers_once_and_in_order_whatever_becomes_of_the_processes(
    seed: int, obedient: Obedient
) -> None:
    chance = random.Random(seed)
    deeds = ["slow", "kill", "exit", "stop", "kill-once", "exit-once", "stop-once", "slow-once"]
    names = numbered(*(chance.choice(deeds) if chance.random() < 0.03 else "fine" for _ in range(200)))
    reports = list(lint_many(obedient, map(Candidate, names), chance.choice([1, 2, 3])))
    assert [one.path for one in reports] == names
    unlinted = {name for name in names if name.partition(":")[0] in ("kill", "exit", "stop")}
    assert set(told(reports)) == unlinted


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM])
def test_signals_to_processes_at_any_time_cost_no_file_its_report(
    sent: signal.Signals, obedient: Obedient
) -> None:
    """Busy ones, idle ones, all of them: what is hit is up to the clock."""
    names = numbered(*["fine"] * 500, *["slow"] * 6, *["fine"] * 500)
    is_over = threading.Event()
    attacker = threading.Thread(target=_attack, args=(sent, is_over))
    attacker.start()
    try:
        reports = list(lint_many(obedient, map(Candidate, names), 3))
    finally:
        is_over.set()
        attacker.join()
    assert [one.path for one in reports] == names


def _attack(sent: signal.Signals, is_over: threading.Event) -> None:
    chance = random.Random(7)
    for _ in range(30):
        if is_over.wait(0.01):
            return
        for child in children():
            if chance.random() < 0.5:
                with suppress(ProcessLookupError):
                    os.kill(child, sent)


def children() -> list[int]:
    """Processes that this one started, zombies included."""
    return [int(one) for one in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def test_a_process_that_is_killed_once_costs_nothing_but_a_line(obedient: Obedient) -> None:
    lines: list[str] = []
    names = numbered(*["fine"] * 20, "kill-once", *["fine"] * 20)
    reports = list(lint_many(obedient, map(Candidate, names), 2, lines.append))
    assert told(reports) == {}
    assert lines == ["a process was killed by SIGKILL; it is replaced"]


def test_a_process_that_is_stopped_is_replaced_long_before_one_that_computes(obedient: Obedient) -> None:
    obedient.time_limit = 1000.0
    lines: list[str] = []
    names = numbered("stop-once", *["fine"] * 20)
    assert told(list(lint_many(obedient, map(Candidate, names), 2, lines.append))) == {}
    assert lines == ["a process was stopped; it is replaced"]


def test_a_process_that_answers_nothing_is_killed_and_its_file_alone_given_up(
    obedient: Obedient, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time passes from when the file hangs until its process is replaced: only that can be late."""
    monkeypatch.setattr(pool, "LOOK", 0.5)
    monkeypatch.setattr(pool, "GRACE", 6.7)
    lines: list[str] = []
    clock.step = lambda: 0.5 if Path("hanging").exists() and not lines else 0.0
    names = numbered(*["fine"] * 3, "hang", *["fine"] * 30)
    reports = list(lint_many(obedient, map(Candidate, names), 1, lines.append))
    assert [one.path for one in reports] == names
    assert told(reports) == {"hang:3": "stopped after 7 s; please report it with the file"}
    assert lines == ["a process no longer answered; it is replaced"]


def test_an_idle_process_that_dies_costs_nothing_but_a_line(obedient: Obedient) -> None:
    lines: list[str] = []

    def files() -> Iterator[Candidate]:
        yield from map(Candidate, numbered(*["fine"] * CHUNK))
        yield from map(Candidate, numbered(*["slow"] * CHUNK))
        time.sleep(0.1)
        for child in children():
            os.kill(child, signal.SIGKILL)
        time.sleep(0.1)
        yield from map(Candidate, numbered(*["fine"] * 5 * CHUNK))

    reports = list(lint_many(obedient, files(), 2, lines.append))
    assert len(reports) == 7 * CHUNK
    assert told(reports) == {}
    assert lines
    assert set(lines) == {"a process was killed by SIGKILL; it is replaced"}


def test_files_at_which_processes_die_again_and_again_are_all_named(obedient: Obedient) -> None:
    lines: list[str] = []
    names = numbered(*["kill"] * 5, *["fine"] * 10)
    reports = list(lint_many(obedient, map(Candidate, names), 2, lines.append))
    assert list(told(reports)) == names[:5]
    assert set(told(reports).values()) == {
        "its process died 2 times, the last one was killed by SIGKILL; please report it with the file"
    }
    assert len(lines) == pool.TOLD


class Babbling(FileLinter):
    """Says what nobody can read, at one file."""

    def file(self, candidate: Candidate) -> FileReport:
        if candidate.path == "noise":
            _pipe().sendall(b"\0\0\0\4good")
        elif candidate.path == "cut":
            _pipe().sendall(b"\0\1\0\0half of it")
            os._exit(0)
        elif candidate.path == "stuck":
            _pipe().sendall(b"\0\1\0\0half of it")
            os.kill(os.getpid(), signal.SIGSTOP)
        elif candidate.path == "other":
            _pipe().sendall(worker._message(Sender().pack(99, FileReport("of another file"))))
        elif candidate.path == "thing":
            return FileReport("thing", notes=(lambda: "cannot be sent",))  # type: ignore[arg-type]
        return FileReport(candidate.path)


def _pipe() -> socket.socket:
    """The pipe of this process to the one that started it."""
    return next(one for one in gc.get_objects() if isinstance(one, socket.socket) and one.fileno() >= 0)


@pytest.mark.parametrize("name", ["noise", "cut", "stuck", "other", "thing"])
def test_a_message_that_cannot_be_read_is_the_trouble_of_its_file_alone(name: str) -> None:
    names = [*map(str, range(30)), name, *map(str, range(30, 60))]
    reports = list(lint_many(Babbling(SelectionFlags(), time_limit=0.05), map(Candidate, names), 2))
    assert [one.path for one in reports] == names
    assert list(told(reports)) == [name]


def test_a_report_that_could_not_be_sent_leaves_no_rule_unknown() -> None:
    """Rules travel once, so one that was lost with a report would be missing from all later ones."""
    sender, receiver = Sender(), Receiver()
    sound = sample()
    with pytest.raises(Exception, match="pickle"):
        sender.pack(1, sound._replace(notes=(lambda: None,)))  # type: ignore[arg-type]
    assert receiver.unpack(sender.pack(2, sound)) == (2, sound)


def refusing(after: int) -> Callable[..., None]:
    """A system that has so many processes to give and not one more."""
    started = 0
    start = worker._start_uninterrupted

    def refuse(process: Any) -> None:
        nonlocal started
        started += 1
        if started > after:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        start(process)

    return refuse


@pytest.mark.parametrize(("after", "going_on"), [(0, "continuing in this one"), (2, "continuing with 2")])
def test_a_run_goes_on_with_the_processes_that_could_be_started(
    after: int, going_on: str, obedient: Obedient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_start_uninterrupted", refusing(after))
    lines: list[str] = []
    names = numbered(*["fine"] * 300)
    reports = list(lint_many(obedient, map(Candidate, names), 4, lines.append))
    assert [one.path for one in reports] == names
    assert lines == [f"no more processes can be started: Resource temporarily unavailable; {going_on}"]


def test_a_file_that_killed_the_last_process_is_not_judged_in_this_one(
    obedient: Obedient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_start_uninterrupted", refusing(1))
    names = numbered(*["fine"] * 10, "kill", *["fine"] * 100)
    reports = list(lint_many(obedient, map(Candidate, names), 4))
    assert [one.path for one in reports] == names
    assert list(told(reports)) == ["kill:10"]


def test_no_more_processes_run_than_are_of_use(obedient: Obedient) -> None:
    seen: list[int] = []
    lines: list[str] = []
    others = len(children())  # such as what other tests have left to the interpreter
    for _ in lint_many(obedient, map(Candidate, numbered(*["fine"] * 2000)), 3000, lines.append):
        seen.append(len(children()) - others)
    most = pool.PER_CORE * (os.cpu_count() or 1)
    assert max(seen) <= most
    assert lines == [f"--jobs 3000: only {most} are used, because more would not be faster"]


def test_there_are_no_more_processes_than_batches(obedient: Obedient) -> None:
    before = len(children())
    names = numbered(*["fine"] * (CHUNK + 1))
    started = [len(children()) - before for _ in lint_many(obedient, map(Candidate, names), 4)]
    assert max(started) <= 2


def test_compose_files_of_a_folder_go_to_one_process_and_others_to_the_next() -> None:
    """A process that has linted a project for one of its files need not for the others."""
    files = [Candidate(f"a/compose.{number}.yaml", "compose") for number in range(CHUNK + 3)]
    files += [Candidate(f"b/Dockerfile.{number}", "dockerfile") for number in range(2 * CHUNK)]
    batches = pool._Pool(FileLinter(SelectionFlags()), iter(files), 1, print)
    taken = []
    while batch := batches._next_files():
        taken.append(batch)
    assert [one for batch in taken for one in batch] == files
    assert taken[0] == files[: CHUNK + 3]
    assert {len(batch) for batch in taken[1:]} <= set(range(1, CHUNK + 1))


def test_a_run_that_ends_early_leaves_no_process_and_no_zombie(obedient: Obedient) -> None:
    before = children()
    reports = lint_many(obedient, map(Candidate, numbered(*["fine"] * 500, "stop", *["hang"] * 5)), 3)
    next(reports)
    assert len(children()) > len(before)
    reports.close()  # type: ignore[attr-defined]
    assert children() == before


def test_time_in_which_this_process_was_not_there_makes_no_other_late(
    obedient: Obedient, clock: SimpleNamespace
) -> None:
    """As after ^Z and fg, or while a pager is not read on: nobody saw that there was no answer."""
    lines: list[str] = []
    reports = []
    clock.step = lambda: 1e6
    for report in lint_many(obedient, map(Candidate, numbered(*["slow"] * 40)), 2, lines.append):
        reports.append(report)
        clock.now += 1e6
    assert (len(reports), told(reports), lines) == (40, {}, [])


def test_files_that_vanish_on_the_way_answer_all_the_same(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.Dockerfile") for number in range(300)]
    for path in paths:
        Path(path).write_text("FROM scratch\n")

    def files() -> Iterator[Candidate]:
        for at, path in enumerate(paths):
            if at % 7 == 0:
                os.unlink(path)
            yield Candidate(path, "dockerfile")

    reports = list(lint_many(FileLinter(SelectionFlags(select=("DK502",))), files(), 2))
    assert [one.path for one in reports] == paths
    assert list(told(reports)) == paths[::7]


def test_a_spawned_process_judges_as_a_forked_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"{number}.Dockerfile" for number in range(20)]
    for at, path in enumerate(paths):
        path.write_text("FROM node:latest\n" if at % 3 else "FROM scratch\n")
    linter = FileLinter(SelectionFlags(select=("DK502",)), edits=False, time_limit=33.0)
    candidates = [Candidate(str(path), "dockerfile") for path in paths]
    forked = list(lint_many(linter, candidates, 2))
    monkeypatch.setattr(worker, "START", "spawn")
    monkeypatch.setattr(pool, "STOPPED", 3.0)
    monkeypatch.setenv("PYTHONPATH", ROOT)
    assert list(lint_many(linter, candidates, 2)) == forked
    assert sum(len(one.findings) for one in forked) == 13


def test_a_spawned_process_takes_no_module_from_the_working_directory(tmp_path: Path) -> None:
    checkout, marker = tmp_path / "checkout", tmp_path / "ran"
    checkout.mkdir()
    for number in range(30):
        (checkout / f"{number}.Dockerfile").write_text("FROM node:latest\n")
    for name in ("multiprocessing", "pickle", "socket", "dockerlint", "encodings", "os", "re", "runpy"):
        (checkout / f"{name}.py").write_text(f"open({str(marker)!r}, 'a').write(__name__ + '\\n')\n")
    program = tmp_path / "program.py"  # like the console script: its own folder is the first of the path
    program.write_text(
        "from dockerlint.cli.main import main\n"
        "from dockerlint.run import worker\n"
        "worker.START = 'spawn'\n"
        "if __name__ == '__main__':\n"
        "    main()\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, str(program), "check", "--format", "json", "--jobs", "2"],
        cwd=checkout,
        env=environment | {"PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
    )
    assert not marker.exists(), marker.read_text()
    assert json.loads(done.stdout)["summary"]["judged"] == 30


def test_everything_a_judge_is_made_with_travels_to_other_processes() -> None:
    import pickle

    made: dict[str, Any] = {"config": "c.yaml", "rules": ("r",), "edits": False, "time_limit": 3.5}
    travelling = set(FileLinter.__match_args__)
    copy = pickle.loads(pickle.dumps(FileLinter(SelectionFlags(select=("DK1",)), **made)))
    assert copy.flags == SelectionFlags(select=("DK1",))
    assert {name: getattr(copy, name) for name in made} == made
    assert {"flags", *made} <= travelling


PORTS = "services:\n  web:\n    image: a\n    ports:\n"
RANGE = '      - "127.0.0.1:1-65535:1-65535"\n'
FILES = 201


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A costly file in front of two hundred others."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ROOT)
    (tmp_path / ".git").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "compose.yaml").write_text(PORTS + RANGE * 20)
    for number in range(FILES - 1):
        folder = tmp_path / f"b{number:03}"
        folder.mkdir()
        (folder / "Dockerfile").write_text("FROM node:latest\n" * 4)
    return tmp_path


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dockerlint", "check", "--format", "json", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_heed_interrupts
    )


def _heed_interrupts() -> None:
    """A shell without job control starts what runs in the background with interrupts ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def workers_of(process: subprocess.Popen[str], count: int = 2) -> list[int]:
    """The processes of a run, once there are so many."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + LONG
    while time.monotonic() < until:
        found = [int(one) for one in listed.read_text().split()]
        if len(found) >= count:
            return found
        time.sleep(0.01)
    raise AssertionError("no process was started")


def ended(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any], str]:
    stdout, stderr = process.communicate(timeout=2 * LONG)
    return process.returncode, json.loads(stdout), stderr


def test_a_costly_file_in_front_drops_none_of_two_hundred(project: Path) -> None:
    (project / "a" / "compose.yaml").write_text(PORTS + RANGE * 600)
    code, report, errors = ended(started("--jobs", "2"))
    assert (code, errors) == (1, "")
    assert report["summary"]["judged"] == FILES
    assert [one["path"] for one in report["files"]] == sorted(one["path"] for one in report["files"])


@pytest.mark.parametrize(("sent", "hit"), [(signal.SIGSTOP, 1), (signal.SIGKILL, 2)])
def test_processes_that_are_stopped_or_killed_lose_no_file(
    sent: signal.Signals, hit: int, project: Path
) -> None:
    process = started("--jobs", "2")
    for one in workers_of(process)[:hit]:
        os.kill(one, sent)
    code, report, errors = ended(process)
    assert code == 1
    assert report["summary"]["judged"] == FILES
    assert len(report["files"]) == FILES
    fate = "was stopped" if sent == signal.SIGSTOP else "was killed by SIGKILL"
    assert errors == f"dockerlint: a process {fate}; it is replaced\n" * hit


def test_three_thousand_processes_are_asked_for_and_a_few_are_used(project: Path) -> None:
    code, report, errors = ended(started("--jobs", "3000"))
    assert (code, report["summary"]["judged"]) == (1, FILES)
    assert errors.startswith("dockerlint: --jobs 3000: only ")
    assert errors.count("\n") == 1


def test_a_run_whose_processes_cannot_be_started_judges_all_the_same(project: Path) -> None:
    """A limit of open files leaves room for no pipe."""
    limited = (
        "import resource, sys; from dockerlint.cli.main import main; resource.setrlimit(7, (4, 4)); main()"
    )
    command = [sys.executable, "-c", limited, "check", "--format", "json", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert json.loads(done.stdout)["summary"]["taken"] == FILES
    assert "no more processes can be started: Too many open files; continuing in this one" in done.stderr


def test_an_interrupt_ends_a_run_and_all_its_processes_with_one_line(project: Path) -> None:
    process = started("--jobs", "2")
    workers = workers_of(process)
    os.kill(workers[0], signal.SIGSTOP)
    for one in (*workers, process.pid):
        os.kill(one, signal.SIGINT)
    _, stderr = process.communicate(timeout=LONG)
    assert (process.returncode, stderr) == (130, "dockerlint: interrupted\n")
    assert [one for one in workers if os.path.exists(f"/proc/{one}")] == []


def test_processes_end_by_themselves_when_the_run_is_killed(project: Path) -> None:
    process = started("--jobs", "3")
    workers = workers_of(process, 3)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + LONG
    while any(is_running(one) for one in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [one for one in workers if is_running(one)] == []


def is_running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    return False


def test_only_a_closed_output_is_a_broken_pipe_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that breaks elsewhere is an error with a line, as all others are."""
    script = (
        "import sys; from dockerlint.cli import main as cli\n"
        "def fail(*_): raise BrokenPipeError(32, 'Broken pipe', 'something')\n"
        "cli._dispatch = fail; cli.main()"
    )
    monkeypatch.setenv("PYTHONPATH", ROOT)
    monkeypatch.delenv("DOCKERLINT_DEBUG", raising=False)
    done = subprocess.run([sys.executable, "-c", script, "check"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "dockerlint: something: Broken pipe\n")


def test_a_closed_error_output_is_no_traceback(project: Path) -> None:
    line = f"'{sys.executable}' -m dockerlint check gone --jobs 3000 2> >(head -c 1 >/dev/null) | cat"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 2
