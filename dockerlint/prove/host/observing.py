"""What a container shows of itself: its state, its log, its changed files, its processes, what it used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from dockerlint.data import ordered_words
from dockerlint.prove.host.engine import Engine

_TAIL: Final = "400"
_SIGNS: Final = tuple(word.replace("_", " ") for word in ordered_words("prove", "signs-of-trouble"))
_LONGEST_LINE: Final = 300
_OWN: Final = frozenset(("sh", "cat"))
"""What asks for the processes, and is one itself."""
_GROUPS: Final = "/sys/fs/cgroup"
_PEAKS: Final = (
    f"cd {_GROUPS}; cat memory.peak pids.peak || cat memory/memory.max_usage_in_bytes pids/pids.current"
)
"""What the kernel keeps of a control group of version 2, or of version 1."""
_UNITS: Final = {
    "kib": 1 << 10,
    "mib": 1 << 20,
    "gib": 1 << 30,
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "b": 1,
}


class State(NamedTuple):
    """How a container fares."""

    status: str
    """`running`, `exited`, `created` …"""
    health: str
    """`healthy`, `starting`, `unhealthy`; "" without a check."""
    exit_code: int
    error: str
    """Why the engine could not start it."""
    check_output: str
    """What its last health check printed."""

    @property
    def is_over(self) -> bool:
        """It has ended, or never ran."""
        return self.status in ("exited", "dead", "removing", "stopped")


class Process(NamedTuple):
    """One process in a container."""

    name: str
    pid: int
    uid: int
    gid: int
    is_stuck: bool
    """no-new-privileges is on."""


class UseOfHost(NamedTuple):
    """How much of its host a container took at most."""

    memory: int
    """Bytes, what its files keep in the cache included; 0 where that is not known."""
    pids: int
    """Processes and threads; 0 where that is not known."""


def state_of(engine: Engine, container: str) -> State | None:
    """Its state; None where there is no such container."""
    answer = engine.ask("inspect", "--type", "container", container)
    if not answer.works:
        return None
    state: dict[str, Any] = json.loads(answer.out)[0].get("State") or {}
    health = state.get("Health") or state.get("Healthcheck") or {}
    checks = health.get("Log") or []
    return State(
        str(state.get("Status", "")).lower(),
        str(health.get("Status") or "").lower().replace("none", ""),
        int(state.get("ExitCode") or 0),
        str(state.get("Error") or ""),
        str(checks[-1].get("Output") or "") if checks else "",
    )


def lines_of_log(engine: Engine, container: str) -> list[str]:
    """The last lines that it wrote, to either stream."""
    answer = engine.ask("logs", "--tail", _TAIL, container)
    return [
        line.strip()[:_LONGEST_LINE] for line in f"{answer.out}\n{answer.said}".splitlines() if line.strip()
    ]


def telling_line(lines: Sequence[str]) -> str:
    """The line that says best why something failed: the first sign of trouble counts, of equals the last."""
    for sign in _SIGNS:
        found = [line for line in lines if sign in line.lower()]
        if found:
            return found[-1]
    return lines[-1] if lines else ""


class Changed(NamedTuple):
    """A path that a container has changed in its own file system."""

    path: str
    is_new: bool


def changed_files(engine: Engine, container: str) -> tuple[Changed, ...]:
    """What `diff` lists, mounts apart; what is removed counts as changed."""
    answer = engine.ask("diff", container)
    rows = (line.partition(" ")[::2] for line in answer.out.splitlines()) if answer.works else ()
    return tuple(Changed(path, kind == "A") for kind, path in rows if path.startswith("/"))


def processes_of(engine: Engine, container: str) -> tuple[Process, ...]:
    """Everything that runs in it, as the kernel tells it; () where there is no shell to ask."""
    answer = engine.ask("exec", container, "sh", "-c", "cat /proc/[0-9]*/status")
    found = (_process(part) for part in answer.out.split("Name:\t")[1:])
    return tuple(one for one in found if one is not None and one.name not in _OWN)


def _process(text: str) -> Process | None:
    fields = {key: words.split() for line in text.splitlines() for key, _, words in [line.partition(":")]}
    if not fields.keys() >= {"Pid", "Uid", "Gid"}:
        return None
    return Process(
        name=text.partition("\n")[0].strip(),
        pid=int(fields["Pid"][0]),
        uid=int(fields["Uid"][1]),
        gid=int(fields["Gid"][1]),
        is_stuck=fields.get("NoNewPrivs") == ["1"],
    )


def use_of(engine: Engine, container: str) -> UseOfHost:
    """What it has used at most so far; where the kernel keeps no peaks, what it uses now."""
    answer = engine.ask("exec", container, "sh", "-c", _PEAKS)
    numbers = [int(line) for line in answer.out.split() if line.isdecimal()]
    if answer.works and len(numbers) == 2:
        return UseOfHost(*numbers)
    answer = engine.ask("stats", "--no-stream", "--format", "{{.MemUsage}}|{{.PIDs}}", container)
    memory, _, pids = answer.out.strip().partition("|")
    return UseOfHost(_bytes(memory.partition("/")[0]), int(pids) if pids.isdecimal() else 0)


def _bytes(text: str) -> int:
    found = re.match(r"\s*([\d.]+)\s*([A-Za-z]+)", text)
    return int(float(found[1]) * _UNITS.get(found[2].lower(), 0)) if found else 0


def refusals_in(lines: Sequence[str]) -> Iterator[str]:
    """The lines that tell of something that the kernel did not allow."""
    kernel = _SIGNS[: _SIGNS.index("noexec") + 1]
    yield from (line for line in lines if any(sign in line.lower() for sign in kernel))
