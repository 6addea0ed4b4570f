"""What marks everything that a run makes on an engine, so that it, and a later run, can remove it.

A run that was killed leaves its marks: whose process has ended, or whose time is long over, is swept away.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from contextlib import suppress
from typing import Final, NamedTuple

from dockerlint.prove.host.engine import Engine

LABEL: Final = "dockerlint.prove"
_OWNER: Final = f"{LABEL}.owner"
_UNTIL: Final = f"{LABEL}.until"
_GRACE: Final = 600.0
"""Seconds that a run gets beyond its own limit before others take it for dead."""
_ROUNDS: Final = 4
"""An engine may still be making what a killed command has asked for."""
_PAUSE: Final = 0.5
_SECONDS: Final = 60.0


class Marks(NamedTuple):
    """The marks of one run."""

    token: str
    owner: str
    until: int

    @property
    def labels(self) -> dict[str, str]:
        """For containers, networks, volumes and images."""
        return {LABEL: self.token, _OWNER: self.owner, _UNTIL: str(self.until)}

    def project(self, number: int) -> str:
        """The name of the Compose project of one trial, which no other run has."""
        return f"dockerlint-prove-{self.token}-{number}"


def new_marks(seconds: float) -> Marks:
    """Marks for a run that ends within so many seconds."""
    return Marks(secrets.token_hex(6), f"{_host()}:{os.getpid()}", int(time.time() + seconds + _GRACE))


class _Marked(NamedTuple):
    """One kind of object of an engine, and how it is listed and removed."""

    listing: tuple[str, ...]
    removing: tuple[str, ...]
    labels: str
    """A template for the labels of one that is listed."""


_LABELS: Final = f'{{{{.Label "{LABEL}"}}}} {{{{.Label "{_OWNER}"}}}} {{{{.Label "{_UNTIL}"}}}}'
_KINDS: Final = (
    _Marked(("ps", "-a", "--no-trunc"), ("rm", "-f", "-v"), f"{{{{.ID}}}} {_LABELS}"),
    _Marked(("network", "ls", "--no-trunc"), ("network", "rm"), f"{{{{.ID}}}} {_LABELS}"),
    _Marked(("volume", "ls"), ("volume", "rm", "-f"), f"{{{{.Name}}}} {_LABELS}"),
)
_IMAGES: Final = ("images", "-q", "--no-trunc")


def clear(engine: Engine, token: str) -> bool:
    """Remove the containers, networks and volumes that carry a token now; whether there were none."""
    found = [(kind.removing, ids) for kind in _KINDS if (ids := _ids(engine, kind, token))]
    for removing, ids in found:
        engine.ask(*removing, *ids, seconds=_SECONDS)
    return not found


def remove(engine: Engine, token: str) -> bool:
    """Remove all that carries a token, until nothing is left; whether that was reached."""
    for _ in range(_ROUNDS):
        if is_clear := clear(engine, token):
            break
        time.sleep(_PAUSE)
    if images := _images(engine, token):
        engine.ask("rmi", "-f", *images, seconds=_SECONDS)
    return is_clear


def sweep(engine: Engine) -> int:
    """Remove what runs left that are dead; the number of those runs."""
    rows = {tuple(row[1:4]) for kind in _KINDS for row in _marked(engine, kind, "") if len(row) == 4}
    dead = {token for token, owner, until in rows if _is_dead(owner, until)}
    for token in dead:
        remove(engine, token)
    return len(dead)


def _marked(engine: Engine, kind: _Marked, token: str) -> list[list[str]]:
    """Id, token, owner and end of each object that carries the token, or any where that is ""."""
    wanted = f"label={LABEL}={token}" if token else f"label={LABEL}"
    answer = engine.ask(*kind.listing, "--filter", wanted, "--format", kind.labels)
    return [line.split() for line in answer.out.splitlines() if line.strip()] if answer.works else []


def _ids(engine: Engine, kind: _Marked, token: str) -> list[str]:
    return [row[0] for row in _marked(engine, kind, token)]


def _images(engine: Engine, token: str) -> list[str]:
    """The images that were built for a run."""
    answer = engine.ask(*_IMAGES, "--filter", f"label={LABEL}={token}")
    return sorted(set(answer.out.split())) if answer.works else []


def _is_dead(owner: str, until: str) -> bool:
    """Its process on this host has ended, or its time is over."""
    if until.isdecimal() and int(until) < time.time():
        return True
    host, _, process = owner.rpartition(":")
    if host != _host() or not process.isdecimal() or os.name == "nt":
        return False  # there a signal of 0 is no question
    with suppress(PermissionError):
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
    return False


def _host() -> str:
    """This host, and whose numbers of processes these are: containers on it have their own."""
    try:
        space = os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        space = "0"
    return f"{socket.gethostname()}/{space}".replace(":", "-").replace(" ", "-")
