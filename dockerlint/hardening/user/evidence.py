"""How well it is known that what a stage starts runs as a user without rights."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Iterable
from typing import Final

from dockerlint.data import word_list
from dockerlint.hardening.user.fitting import FittingUser
from dockerlint.hardening.user.root_programs import SYSTEM_PATH
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import absolute
from dockerlint.model.dockerfile.folders import steps_below
from dockerlint.model.dockerfile.script import Script
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.startscript import find_script
from dockerlint.regex import pattern

_STARTERS: Final = word_list("privileges", "plain-starters") | word_list("privileges", "known-scripts")
_RUNNERS: Final = word_list("privileges", "runners-of-javascript")
_PYTHON: Final = word_list("privileges", "runners-of-python")
_IMPORT: Final = pattern(r"(?:\brequire\s?\(|\bfrom|\bimport)\s?\(?\s?[\"'](\.{1,2}/[\w./-]{1,200})[\"']")
_ENDINGS: Final = ("", ".js", ".mjs", ".cjs", ".ts", ".json", "/index.js", "/index.mjs", "/index.ts")
_LANGUAGES: Final = word_list("commands", "program-runners")
_TAKES: Final = pattern(r"\b(?:import|require|include|load|use|open|exec|eval|system|spawn|write|from)\b")
_MOST_SOURCES: Final = 60


def is_proven(stage: Stage, user: FittingUser) -> bool:
    """What starts in it is known to run as the user.

    Where the base image is meant to run as the user: the base's own program, or sources in sight that name no
    folder of the system, whatever they do there. For all other users: sources in sight that write no file at
    all. What a copied program writes, and whether a user that nobody has used can, no text tells.
    """
    starts = [one for start in (stage.entrypoint, stage.cmd) if start for one in start.commands]
    if user.is_of_base:
        return all(one.program in _STARTERS or _is_read(one, stage) for one in starts)
    return bool(starts) and all(one.program in _STARTERS or _only_computes(one, stage) for one in starts)


def _is_alone(command: Command, stage: Stage) -> bool:
    """It runs one source in sight that takes in no other and opens nothing: anybody can run that."""
    path = _started_source(command, stage) if command.tool in _RUNNERS | _LANGUAGES else None
    source = None if path is None else find_script(stage, path)
    return source is not None and not _TAKES.search(source.text) and not SYSTEM_PATH.search(source.text)


def _is_read(command: Command, stage: Stage) -> bool:
    """It runs JavaScript whose files are all in sight, or what only computes."""
    path = _started_source(command, stage)
    is_script = path is not None and command.tool in _RUNNERS and _all_in_sight(path, stage)
    return is_script or _only_computes(command, stage)


def _started_source(command: Command, stage: Stage) -> str | None:
    steps = steps_below(stage)
    word = next((word.text for word in command.words[1:] if word.text[:1] != "-"), "")
    return absolute(steps[-1].folder if steps else None, word) if word else None


def _only_computes(command: Command, stage: Stage) -> bool:
    """It runs Python whose files are all in sight, write nothing and take in what writes nothing; in another
    language, one file that takes in no other."""
    if command.tool not in _PYTHON:
        return _is_alone(command, stage)
    path = _started_source(command, stage)
    if path is None:
        return False
    home = posixpath.dirname(path)
    waiting, seen = deque([path]), {path}
    while waiting:
        further = _taken_by(waiting.popleft(), home, stage)
        if further is None or len(seen) > _MOST_SOURCES:
            return False
        waiting.extend(sorted(further - seen))
        seen |= further
    return True


def _taken_by(path: str, home: str, stage: Stage) -> set[str] | None:
    """The files that a source in Python takes in; None where it, or what it takes in, may write."""
    from dockerlint.hardening.user.pythonsource import read_source

    source = find_script(stage, path)
    if source is None or SYSTEM_PATH.search(source.text):
        return None
    further: set[str] = set()
    taken = read_source(source.text, home, posixpath.dirname(path))
    for one in taken or ():
        found = _python_files(one.files, stage)
        if not found and not one.is_harmless:
            return None
        further |= found | _python_files(one.parents, stage)
    return None if taken is None else further


def _python_files(places: Iterable[str], stage: Stage) -> set[str]:
    paths = (place + ending for place in places for ending in (".py", "/__init__.py"))
    return {path for path in paths if find_script(stage, path) is not None}


def _all_in_sight(first: str, stage: Stage) -> bool:
    """A source and those that it takes in can be read, and none of them names a folder of the system."""
    waiting, seen = deque([first]), {first}
    while waiting:
        path = waiting.popleft()
        source = _source(path, stage)
        if source is None or len(seen) > _MOST_SOURCES or SYSTEM_PATH.search(source.text):
            return False
        for name in _IMPORT.findall(source.text):
            further = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if further not in seen:
                seen.add(further)
                waiting.append(further)
    return True


def _source(path: str, stage: Stage) -> Script | None:
    found = (find_script(stage, path + ending) for ending in _ENDINGS)
    return next((one for one in found if one is not None), None)
