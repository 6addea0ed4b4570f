"""One file costs so much and no more, whoever judges it; the next one is judged as if nothing had been."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dockerlint import budget
from dockerlint.budget import OverBudget, budgeted, spend
from dockerlint.cli.arguments import CheckLine, UsageError, options_of
from dockerlint.cli.plain import plain_check
from dockerlint.findings import Tier
from dockerlint.linting.selection import SelectionFlags
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run import pool
from dockerlint.run.check import FEW, Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.run.text import lint_text
from dockerlint.yaml.tree import parse_yaml

ROOT = str(Path(__file__).parent.parent)
BAD = "FROM node:latest\n"
COSTLY = "FROM node:latest\n# costly\n"
LIMIT = 0.5
HOPELESS = re.compile(r"(a|a)*b")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other things makes no file late."""
    monkeypatch.setattr(budget, "WAITING", 60.0)
    monkeypatch.setattr(pool, "GRACE", 1000.0)


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def compute() -> None:
    while True:
        pass


def match() -> None:
    HOPELESS.match("a" * 60)


def wait() -> None:
    """Half a minute on the wall, by an alarm that rings fifty times as often."""
    signal.setitimer(signal.ITIMER_REAL, LIMIT / 200, LIMIT / 200)
    time.sleep(600)


def expand() -> None:
    while True:
        spend(1_000_000, "variables of .env")


def spend_for_ever() -> None:
    while True:
        spend(1, "nothing")


@pytest.fixture
def costly(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Let every text that says so cost what it is told to."""

    def make(cost: Callable[[], None]) -> None:
        from dockerlint.linting import linter as lint

        parse = lint.parse

        def slow(text: str, *others: Any) -> Any:
            if "costly" in text:
                cost()
            return parse(text, *others)

        monkeypatch.setattr(lint, "parse", slow)

    return make


def check(limit: float = LIMIT, **options: Any) -> tuple[int, dict[str, Any]]:
    stdout = io.StringIO()
    given: dict[str, Any] = {"formats": (Format("json"),), "flags": SelectionFlags(select=("DK502",))}
    code = run(Options(time_limit=limit, **{**given, **options}), stdout, io.StringIO())
    return code, json.loads(stdout.getvalue())


SLOW = f"too slow: stopped after {LIMIT} s (--time-limit)"
COSTS = [
    (compute, SLOW),
    (match, SLOW),
    (wait, SLOW),
    (expand, "too much work: variables of .env"),
]


@pytest.mark.parametrize(("cost", "reason"), COSTS)
@pytest.mark.parametrize("neighbours", [2, 2 * FEW])
def test_a_file_over_its_budget_is_unjudged_and_its_neighbours_are_judged(
    cost: Callable[[], None], reason: str, neighbours: int, costly: Callable[[Any], None]
) -> None:
    costly(cost)
    for number in range(neighbours):
        write(f"{number:03}/Dockerfile", BAD)
    write("001x/Dockerfile", COSTLY)
    code, report = check(jobs=2)
    assert code == 2
    assert [(one["path"], one["message"]) for one in report["problems"]] == [("001x/Dockerfile", reason)]
    assert len(report["findings"]) == report["summary"]["judged"] == neighbours


@pytest.mark.parametrize(("cost", "reason"), COSTS)
def test_fix_leaves_a_file_over_its_budget_alone_and_fixes_its_neighbours(
    cost: Callable[[], None], reason: str, costly: Callable[[Any], None]
) -> None:
    costly(cost)
    fixable = "FROM debian:13\nADD app /srv/\nUSER 1000\n"
    write("a/Dockerfile", fixable + "# costly\n")
    write("b/Dockerfile", fixable)
    stdout = io.StringIO()
    code = run_fix(Options(time_limit=LIMIT), Tier.SAFE, False, stdout, io.StringIO())
    assert code == 2
    assert Path("a/Dockerfile").read_text() == fixable + "# costly\n"
    assert Path("b/Dockerfile").read_text() == fixable.replace("ADD", "COPY")
    assert f"a/Dockerfile\n  not fixed: {reason}\n" in stdout.getvalue()
    assert stdout.getvalue().rstrip().endswith("1 not linted")


def test_an_error_that_somebody_catches_comes_again() -> None:
    """Twice caught, the third time it gets through."""
    caught = 0

    def work() -> None:
        nonlocal caught
        while True:
            try:
                compute()
            except OverBudget:
                caught += 1
                if caught == 3:
                    raise

    with pytest.raises(OverBudget, match="too slow"), budgeted(seconds=0.1):
        work()
    assert caught == 3


def test_a_budget_leaves_no_alarm_behind() -> None:
    with pytest.raises(OverBudget), budgeted(seconds=0.05):
        compute()
    with budgeted(seconds=0.05):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
    time.sleep(0.1)


def test_time_in_which_the_process_did_not_compute_is_not_counted_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The alarm rings each half second on the wall: by hand here, for three and for seven times the limit."""
    monkeypatch.setattr(budget, "WAITING", 6.0)
    with budgeted(seconds=100):
        ring(3 * 200)
        with pytest.raises(OverBudget, match="too slow"):
            ring(4 * 200)


def ring(times: int) -> None:
    for _ in range(times):
        signal.raise_signal(signal.SIGALRM)


def test_an_alarm_of_somebody_else_is_left_alone_and_the_time_is_seen_where_steps_are_spent() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _: rung.append(number))
    try:
        with pytest.raises(OverBudget, match="too slow"), budgeted(seconds=0.05):
            spend_for_ever()
        signal.raise_signal(signal.SIGALRM)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert rung == [signal.SIGALRM]


def test_outside_of_the_main_thread_the_time_is_seen_where_steps_are_spent() -> None:
    caught: list[str] = []

    def work() -> None:
        try:
            with budgeted(seconds=0.05):
                spend_for_ever()
        except OverBudget as error:
            caught.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(300)
    assert caught == ["too slow: stopped after 0.05 s (--time-limit)"]


def test_a_budget_inside_another_is_that_of_the_other() -> None:
    with budgeted(steps=10):
        with budgeted(steps=1000):
            spend(9, "this")
        with pytest.raises(OverBudget):
            spend(2, "this")


def test_whoever_calls_the_library_has_a_budget_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from dockerlint.linting import linter as lint

    monkeypatch.setattr(lint, "parse", lambda *_: expand())
    with pytest.raises(OverBudget):
        lint_text("", "dockerfile", load_ruleset())


def test_no_place_at_which_a_file_is_given_up_changes_what_the_next_one_gives() -> None:
    """Given up in the C code of the YAML reader, in regular expressions, in the middle of our caches."""
    rules = load_ruleset()
    services = "".join(
        f"  s{number}:\n    image: a:{number}\n    ports: ['80']\n    environment: ['A=${{B:-c}}']\n"
        for number in range(30)
    )
    text = f"services:\n{services}"
    expected = lint_text(text, "compose", rules)
    parse_yaml.cache_clear()
    began = time.thread_time()
    lint_text(text, "compose", rules)
    whole = time.thread_time() - began
    given_up = 0
    for part in range(24):
        parse_yaml.cache_clear()
        try:
            with budgeted(seconds=whole * (part + 1) / 30):
                lint_text(f"# {part}\n{text}", "compose", rules)
        except OverBudget:
            given_up += 1
        if part % 4 == 0:
            assert lint_text(text, "compose", rules) == expected
    assert given_up > 5


@pytest.mark.parametrize("said", ["0", "-1", "nan", "inf", "ten", "1e9", ""])
def test_a_time_limit_is_a_number_of_seconds(said: str) -> None:
    with pytest.raises(UsageError, match=r"--time-limit: .* is not a number of seconds between 0 and 86,400"):
        options_of(CheckLine(time_limit=said))


def test_the_time_limit_is_read_with_and_without_typer() -> None:
    written = plain_check(["check", "--time-limit", "2.5"])
    assert written is not None
    assert options_of(written).time_limit == 2.5
    assert options_of(CheckLine()).time_limit == budget.SECONDS


@pytest.mark.parametrize("command", ["check", "check --jobs 2", "fix --diff"])
def test_the_time_limit_of_the_command_line_reaches_every_file(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ROOT)
    for number in range(2 * FEW if "jobs" in command else 2):
        write(f"{number:03}/Dockerfile", BAD)
    write("x/Dockerfile", COSTLY)
    script = (
        "from dockerlint.cli import main as cli\n"
        "from dockerlint.linting import linter as lint\n"
        "parse = lint.parse\n"
        "def slow(text, *others):\n"
        "    while 'costly' in text: pass\n"
        "    return parse(text, *others)\n"
        "lint.parse = slow; cli.main()"
    )
    arguments = [*command.split(), "--time-limit", "2"]
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True)
    assert done.returncode == 2
    assert "too slow: stopped after 2 s (--time-limit)" in done.stdout + done.stderr
    assert (done.stdout + done.stderr).count("too slow") == 1
