"""One trial: a variant is started, used, started again on the same volumes and used again, then removed."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import Final, NamedTuple

from dockerlint.prove.host.engine import Engine, Reply
from dockerlint.prove.host.interrupts import held_back
from dockerlint.prove.host.marks import Marks, clear
from dockerlint.prove.host.observing import (
    Changed,
    Process,
    State,
    UseOfHost,
    changed_files,
    lines_of_log,
    processes_of,
    state_of,
    telling_line,
    use_of,
)
from dockerlint.prove.trials.copies import Copier
from dockerlint.prove.trials.sandbox import Sandbox
from dockerlint.prove.trials.variant import Variant

_POLL: Final = 0.25
_MOST_ATTEMPTS: Final = 3
"""A test that fails right after the start is tried so often where the service has no health check."""
_ENGINE_SECONDS: Final = 40.0
"""What the engine may take for its own part of a start."""
_STOP_SECONDS: Final = "5"
START, AGAIN = "start", "second start"


class Observed(NamedTuple):
    """What the container showed in one start, once it worked."""

    changes: tuple[Changed, ...]
    processes: tuple[Process, ...]
    rest: UseOfHost
    """Before the test."""
    peak: UseOfHost
    """Behind it."""


class TrialResult(NamedTuple):
    """How a trial ended."""

    works: bool
    phase: str
    """`start` or `second start`, and what of it failed: `start: test`; "" where it works."""
    line: str
    """What tells why, as it was written: it is masked by whoever shows it."""
    lines: tuple[str, ...]
    """All that was said, for hints."""
    seconds: float
    slowest: float
    """Seconds of the slower start of those that worked."""
    seen: tuple[Observed, ...] = ()
    processes: tuple[Process, ...] = ()
    """What ran in the second start; () where it cannot be seen."""


class _Failed(Exception):
    """A start did not work out; the phase, and what was said."""

    def __init__(self, phase: str, lines: list[str]) -> None:
        super().__init__(phase)
        self.phase = phase
        self.lines = lines


@dataclass
class Trials:
    """Runs the trials of one service, one after another."""

    engine: Engine
    sandbox: Sandbox
    marks: Marks
    copier: Copier
    tests: tuple[str, ...] = ()
    """Commands of the user, for a shell in the container."""
    count: int = 0

    def run(self, variant: Variant, seconds: float, *, observes: bool = False) -> TrialResult:
        """Try a variant, whose starts may take so many seconds each. Everything of it is gone afterwards.

        With `observes`, the verdict tells what the container showed of itself.
        """
        self.count += 1
        project = self.marks.project(self.count)
        began = time.monotonic()
        seen: list[Observed] = []
        slowest = 0.0
        processes: tuple[Process, ...] = ()
        try:
            copies = self.copier.fresh(self.count)
            document = json.dumps(self.sandbox.document(variant, int(seconds) + 1, copies))
            for phase, words in ((START, ()), (AGAIN, ("--force-recreate", "-t", _STOP_SECONDS))):
                started = time.monotonic()
                shown, processes = self._start(project, document, phase, words, seconds, observes)
                seen += [shown] if shown else []
                slowest = max(slowest, time.monotonic() - started)
        except _Failed as failed:
            lines = failed.lines
            took = time.monotonic() - began
            return TrialResult(
                False, failed.phase, telling_line(lines), tuple(lines), took, slowest, tuple(seen)
            )
        finally:
            with held_back():
                clear(self.engine, self.marks.token)
        took = time.monotonic() - began
        return TrialResult(True, "", "", (), took, slowest, tuple(seen), processes)

    def _start(
        self, project: str, document: str, phase: str, words: tuple[str, ...], seconds: float, observes: bool
    ) -> tuple[Observed | None, tuple[Process, ...]]:
        until = time.monotonic() + seconds + _ENGINE_SECONDS
        up = ("up", "-d", "--no-build", "--pull", "never", *words, self.sandbox.service)
        answer = self._compose(project, document, *up, seconds=seconds + _ENGINE_SECONDS)
        container = self._container(project)
        if not answer.works:
            raise _Failed(phase, [*_said(answer), *self._lines(container)])
        self._await(container, phase, min(until, time.monotonic() + seconds))
        rest = use_of(self.engine, container) if observes else UseOfHost(0, 0)
        self._test(container, phase, until)
        processes = processes_of(self.engine, container)
        seen = self._seen(container, rest, processes) if observes else None
        state = state_of(self.engine, container)
        if state is None or state.is_over or state.health == "unhealthy":
            raise _Failed(phase, self._lines(container, state))
        return seen, processes

    def _seen(self, container: str, rest: UseOfHost, processes: tuple[Process, ...]) -> Observed:
        peak = use_of(self.engine, container) if self.tests else rest
        return Observed(changed_files(self.engine, container), processes, rest, peak)

    def _await(self, container: str, phase: str, until: float) -> None:
        """Until it is healthy, or runs where nothing tells more; raises _Failed."""
        while True:
            state = state_of(self.engine, container)
            if state is None or state.is_over or state.health == "unhealthy":
                raise _Failed(phase, self._lines(container, state))
            if state.health == "healthy" or (state.status == "running" and not self.sandbox.has_check):
                return
            if time.monotonic() > until:
                raise _Failed(f"{phase}: not healthy in time", self._lines(container, state))
            time.sleep(_POLL)

    def _test(self, container: str, phase: str, until: float) -> None:
        """Run the user's commands; what cannot serve yet, as nothing tells that it can, is asked again."""
        number = "1" if phase == START else "2"
        words = ("exec", "-e", f"DOCKERLINT_START={number}", container, "sh", "-c")
        for command in self.tests:
            attempts = _MOST_ATTEMPTS if self.sandbox.has_check else 10 * _MOST_ATTEMPTS
            for attempt in range(attempts):
                answer = self.engine.ask(*words, command, seconds=_ENGINE_SECONDS)
                if answer.works:
                    break
                state = state_of(self.engine, container)
                is_last = attempt == attempts - 1 or time.monotonic() > until
                if is_last or state is None or state.is_over:
                    raise _Failed(f"{phase}: test", [*self._lines(container, state), *_said(answer)])
                time.sleep(2 * _POLL)

    def _container(self, project: str) -> str:
        """The id of the container of the service; "" where there is none."""
        labels = {"project": project, "service": self.sandbox.service}
        filters = [
            w
            for key, value in labels.items()
            for w in ("--filter", f"label=com.docker.compose.{key}={value}")
        ]
        return next(iter(self.engine.ask("ps", "-aq", "--no-trunc", *filters).out.split()), "")

    def _lines(self, container: str, state: State | None = None) -> list[str]:
        if not container:
            return []
        state = state or state_of(self.engine, container)
        lines = lines_of_log(self.engine, container)
        if state is not None:
            lines += [
                line.strip() for text in (state.check_output, state.error) for line in text.splitlines()
            ]
            if state.is_over:
                lines.insert(0, f"exited with {state.exit_code}")
        return [line for line in lines if line]

    def _compose(self, project: str, document: str, *words: str, seconds: float = 60) -> Reply:
        options = ("-p", project, "--env-file", os.devnull, "-f", "-")
        return self.engine.ask("compose", *options, *words, seconds=seconds, given=document)


def _said(answer: Reply) -> list[str]:
    return [line.strip() for line in f"{answer.out}\n{answer.said}".splitlines() if line.strip()]
