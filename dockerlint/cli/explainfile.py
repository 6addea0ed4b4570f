"""`dockerlint explain-file`: what is known about one file before any rule sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

from dockerlint.data import word_list
from dockerlint.errors import UserError
from dockerlint.kinds import kind_of_name
from dockerlint.masking.mask import hide_alone
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.run.check import FAILED, Options, candidates_of, linter_for
from dockerlint.run.file import FileLinter, kind_of
from dockerlint.text import decode
from dockerlint.workspace.config import Config
from dockerlint.workspace.discovery import Candidate, shown
from dockerlint.workspace.door import read_bytes
from dockerlint.workspace.omissions import Excluder

_WIDTH = 10


def explain_file(path: str, stdout: TextIO, stderr: TextIO) -> int:
    """Tell it; returns the exit code."""
    try:
        if os.path.isdir(path):
            raise UserError(f"{path}: is a directory; name a file")
        linter = linter_for(Options(paths=(path,)))
        candidate = next(iter(_candidates(path, linter, [])), None)
        if candidate is None:
            raise UserError(f"{path}: not linted, because its content does not fit its name; use --kind")
        for label, text in _told(candidate, linter):
            stdout.write(harmless(f"{label:{_WIDTH}}{visible(hide_alone(text))}\n"))
    except UserError as error:
        stderr.write(complaint(str(error)))
        return FAILED
    return 0


def _told(candidate: Candidate, linter: FileLinter) -> Iterator[tuple[str, str]]:
    if candidate.obstacle:
        raise UserError(f"{candidate.path}: {candidate.obstacle}")
    source = decode(read_bytes(candidate.path, candidate.root), candidate.path)
    kind = kind_of(candidate, source.text)
    by = "name" if kind_of_name(os.path.basename(candidate.path)) else "content"
    yield "file", candidate.path
    yield "kind", f"{kind}, by its {by}"
    purpose = linter.purpose(source, kind)
    if not purpose.name:
        yield "purpose", "unknown, so it is linted as if it were for production"
    elif purpose.is_other:
        yield "purpose", f"{purpose.name}: {purpose.reason}; rules for production are silent here"
    else:
        yield "purpose", f"{purpose.name}: {purpose.reason}"
    config = linter.configs.of(candidate.path)
    if kind == "compose":
        yield from _projects(candidate.path, linter, config)
    yield "config", f"{config.path} ({', '.join(config.keys)})" if config.path else "none"
    yield "search", _search(candidate.path, linter)


def _projects(path: str, linter: FileLinter, config: Config) -> Iterator[tuple[str, str]]:
    """The projects that it is judged with, and those that a fix of it must do no harm."""
    for held in linter.projects.of(path, config):
        files = " + ".join(shown(one) for one in held.paths)
        if os.path.abspath(path) in held.witness_for:
            yield "project", f"{files}: perhaps, so fixes are tried on it"
        elif os.path.abspath(path) in held.paths:
            yield "project", files
        else:
            yield "project", f"{files}, which includes or extends it"


def _search(path: str, linter: FileLinter) -> str:
    """Whether a search of its directory finds it, or what leaves it out."""
    excluded = word_list("purposes", "default-excludes")
    for folder in os.path.dirname(path).split("/"):
        if folder in excluded:
            return f"not found in a search, which leaves out {folder} (--no-default-excludes)"
    passed_over: list[Excluder] = []
    folder = os.path.dirname(path) or os.curdir
    if any(one.path == path for one in _candidates(folder, linter, passed_over)):
        return "found when its directory is searched"
    reasons = {
        f"{one.by} in {one.where}" if one.where else one.by for one in passed_over if not one.is_folder
    }
    return f"not found when its directory is searched ({', '.join(sorted(reasons)) or 'its name'})"


def _candidates(path: str, linter: FileLinter, passed_over: list[Excluder]) -> list[Candidate]:
    return list(candidates_of(Options(paths=(path,)), linter, passed_over.append))
