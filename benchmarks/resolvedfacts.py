"""Facts about a Compose project that two readings of it are compared by.

Both end in plain dictionaries. Two things stand for "whatever Docker says": UNKNOWN, and UNRESOLVED inside a
string, where a variable has no value in the project.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from dockerlint.model.command.command import Command
from dockerlint.values import UNKNOWN, UNRESOLVED

Facts = dict[str, Any]

HOME: Final = "/judge-home"
"""The home folder of the judge: `~` and `$HOME`."""
FLAGS: Final = ("privileged", "read_only", "init", "use_api_socket", "oom_kill_disable")
NAMES: Final = ("container_name", "pull_policy", "platform", "isolation", "runtime")
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)")
_WINDOWS: Final = re.compile(r"[A-Za-z]:[\\/]|\\\\")
_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Bag(tuple[Any, ...]):
    """Values in any order."""

    __slots__ = ()


class Script:
    """The words of commands."""

    def __init__(self, commands: Iterable[Command]) -> None:
        words = [word for one in commands for word in one.words]
        self.words = [tuple(word.text for word in one.words) for one in commands]
        self.is_open = any(word.value is UNKNOWN for word in words)
        """A variable is among them: of Compose's, which may bring any number of words, or of the shell."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Script) and (self.is_open or self.words == other.words)

    def __repr__(self) -> str:
        return repr(self.words)


def absolute(path: str, folder: str) -> str:
    """A path of the host as Compose prints it."""
    if _WINDOWS.match(path):
        return path
    if path == "~" or path.startswith("~/"):
        path = HOME + path[1:]
    return path if path.startswith(UNRESOLVED) else posixpath.normpath(posixpath.join(folder, path))


def cleaned(path: Any) -> Any:
    """Compose cleans targets of mounts."""
    return posixpath.normpath(path) if isinstance(path, str) and path else path


def seconds(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    parts = _DURATION.findall(text)
    return (
        round(sum(float(number) * _SECONDS.get(unit, 604800) for number, unit in parts), 9) if parts else text
    )


def differences(ours: Any, theirs: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    """Every place where the two disagree, as `services.web.ports`, and what each says."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in (*ours, *(key for key in theirs if key not in ours)):
            mine, other = ours.get(key), theirs.get(key)
            if key in ours and key in theirs:
                yield from differences(mine, other, (*path, key))
            else:
                yield ".".join((*path, key)), mine, other
    elif not agree(ours, theirs):
        yield ".".join(path), ours, theirs


def counted(value: Any) -> tuple[int, int]:
    """How many values there are that say something, and how many of them leave the word to Docker."""
    if isinstance(value, Script):
        return len(value.words), len(value.words) if value.is_open else 0
    if isinstance(value, (dict, tuple, list)):
        parts = [counted(one) for one in (value.values() if isinstance(value, dict) else value)]
        return sum(some for some, _ in parts), sum(open_ for _, open_ in parts)
    is_open = value is UNKNOWN or (isinstance(value, str) and UNRESOLVED in value)
    return (1, int(is_open)) if is_open or value else (0, 0)


def agree(ours: Any, theirs: Any) -> bool:
    """Whether Docker's word is one that ours leaves open."""
    if ours is UNKNOWN or ours == theirs:
        return True
    if isinstance(ours, Bag) and isinstance(theirs, Bag):
        return len(ours) == len(theirs) and _pairs_up(list(ours), list(theirs))
    if isinstance(ours, (tuple, list)) and isinstance(theirs, (tuple, list)):
        return len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(agree(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, str) and UNRESOLVED in ours:
        pieces = ".*".join(map(re.escape, ours.split(UNRESOLVED)))
        return re.fullmatch(pieces, theirs or "", re.DOTALL) is not None
    return False


def _pairs_up(ours: list[Any], theirs: list[Any]) -> bool:
    """Each finds one of its own; the certain ones choose first."""
    for one in [each for each in ours if each in theirs]:
        if one in theirs:
            ours.remove(one)
            theirs.remove(one)
    for one in ours:
        match = next((at for at, other in enumerate(theirs) if agree(one, other)), None)
        if match is None:
            return False
        del theirs[match]
    return True
