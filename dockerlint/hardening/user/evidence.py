"""How well it is known that what a stage starts runs as a user without rights."""

from __future__ import annotations

import posixpath
from collections import deque
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
_IMPORT: Final = pattern(r"(?:\brequire\s?\(|\bfrom|\bimport)\s?\(?\s?[\"'](\.{1,2}/[\w./-]{1,200})[\"']")
_ENDINGS: Final = ("", ".js", ".mjs", ".cjs", ".ts", ".json", "/index.js", "/index.mjs", "/index.ts")
_LANGUAGES: Final = word_list("commands", "program-runners")
_TAKES: Final = pattern(r"\b(?:import|require|include|load|use|open|exec|eval|system|spawn|write|from)\b")
_MOST_SOURCES: Final = 60


def is_proven(stage: Stage, user: FittingUser) -> bool:
    """Its base image is meant to run as the user, and so is what starts in it.

    That is the base's own program, or sources in sight that name no folder of the system, whatever they do
    there. What a copied program writes, and whether a user that nobody has used can, no text tells.
    """
    starts = [one for start in (stage.entrypoint, stage.cmd) if start for one in start.commands]
    if not user.is_of_base:
        return bool(starts) and all(one.program in _STARTERS or _is_alone(one, stage) for one in starts)
    return all(one.program in _STARTERS or _is_read(one, stage) for one in starts)


def _is_alone(command: Command, stage: Stage) -> bool:
    """It runs one source in sight that takes in no other and opens nothing: anybody can run that."""
    if command.tool not in _RUNNERS | _LANGUAGES:
        return False
    word = next((word.text for word in command.words[1:] if word.text[:1] != "-"), "")
    source = find_script(stage, word if "/" in word else f"./{word}") if word else None
    return source is not None and not _TAKES.search(source.text) and not SYSTEM_PATH.search(source.text)


def _is_read(command: Command, stage: Stage) -> bool:
    """It runs JavaScript whose files are all in sight."""
    if command.tool not in _RUNNERS:
        return False
    steps = steps_below(stage)
    word = next((word.text for word in command.words[1:] if word.text[:1] != "-"), "")
    path = absolute(steps[-1].folder if steps else None, word) if word else None
    return path is not None and _all_in_sight(path, stage)


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
