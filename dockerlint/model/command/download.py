"""Downloads that are run before anybody has looked at them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from dockerlint.data import word_list
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.wrappers import SCRIPTED, SHELLS, reads_program, reads_script

DOWNLOADERS: Final = word_list("commands", "downloaders")

FILTERS: Final = word_list("commands", "filters")
"""Programs that hand on what they read, more or less as it is; a signature check is not among them."""

MOST_OPTIONS = 20
"""Options in front of the program of an interpreter that are looked through."""

_RUN_TEXT = frozenset({"eval", ".", "source"})


def runner(command: SimpleCommand) -> SimpleCommand | None:
    """The interpreter that runs what this command downloads, unseen; None when nothing does."""
    if command.tool not in DOWNLOADERS:
        return None
    return _at_end_of_pipe(command) or _around(command)


def _at_end_of_pipe(command: SimpleCommand) -> SimpleCommand | None:
    reader = command.reader
    for _ in range(8):
        if reader is None:
            return None
        if _runs_input(reader):
            return reader
        if reader.tool not in FILTERS:
            return None
        reader = reader.reader or reader.holder
    return None


def _runs_input(command: SimpleCommand) -> bool:
    if "xargs" in command.wrappers:
        return False
    return reads_script(command.tool, command.words) or reads_program(
        command.tool, command.options, command.words
    )


def _around(command: SimpleCommand) -> SimpleCommand | None:
    """`sh -c "$(curl …)"`, `eval`, `source <(…)`, `bash <(…)`, `bash <<< "$(…)"`, `python -c "$(…)"`."""
    holder = command.holder
    if holder is None or command.reader is not None:
        return None
    if any(
        _holds(entry.target.span, command) for entry in holder.redirections if entry.operator in ("<", "<<<")
    ):
        return holder if _runs_input(holder) else None
    at = bisect_right(holder.words, command.span.start, key=lambda word: word.span.start) - 1
    if at < 1 or not _holds(holder.words[at].span, command):
        return None
    if holder.tool in _RUN_TEXT:
        return holder if at == 1 or holder.tool == "eval" else None
    return holder if holder.tool in SHELLS | SCRIPTED and _is_program_word(holder, at) else None


def _holds(span: tuple[int, int, str], command: SimpleCommand) -> bool:
    return span[0] <= command.span.start < span[1]


def _is_program_word(holder: SimpleCommand, at: int) -> bool:
    """The word is the text behind -c or -e, or the file that is run: the first that is no option."""
    before = [word.text for word in holder.words[max(1, at - MOST_OPTIONS) : at]]
    if before and before[-1].startswith("-") and before[-1][-1:] in ("c", "e", "r"):
        return True
    return at <= MOST_OPTIONS and all(text.startswith("-") for text in before)
