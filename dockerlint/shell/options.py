"""Which words of a command are options, which are values of options, and which are operands.

The options that take the next word as their value are facts of each program's manual page.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final, NamedTuple

from dockerlint.data import word_list, word_table
from dockerlint.regex import pattern
from dockerlint.shell.words import Option, Word

ALWAYS_VALUED: Final = word_list("commands", "secret-options")
"""Whatever the program, these are given the secret they name."""
VALUED: Final = {
    program: frozenset(options) | ALWAYS_VALUED
    for program, options in word_table("commands", "valued-options").items()
}
SUBCOMMANDS: Final = word_list("commands", "programs-with-subcommands")
"""Programs whose first operand says what to do."""

_LONG_WITH_ONE_DASH: Final = word_list("commands", "one-dash-programs")
_NOT_CLUSTERED = {"wget": frozenset({"-nv", "-nc", "-nd", "-nH", "-np"})}
_HANDS_ON_THE_REST: Final = word_list("commands", "programs-that-pass-on")
"""What follows `--` is for somebody else: the build of an extension, a script."""
MOST_LETTERS = 32
"""Options that one word of letters is read as; no program takes more."""
_NUMBER = pattern(r"-\d+$")


class Arguments(NamedTuple):
    """The words after the program, told apart."""

    options: tuple[Option, ...]
    operands: tuple[Word, ...]
    subcommand: Word | None


def read_arguments(tool: str, words: Sequence[Word]) -> Arguments:
    """Tell the words after a program apart; `tool` is its normalised name."""
    valued = VALUED.get(tool, ALWAYS_VALUED)
    options: list[Option] = []
    operands: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        text = word.text
        if text == "--":
            operands += () if tool in _HANDS_ON_THE_REST else words[at:]
            break
        if len(text) < 2 or text[0] != "-" or _NUMBER.match(text):
            operands.append(word)
        elif text[1] == "-" or tool in _LONG_WITH_ONE_DASH or text in _NOT_CLUSTERED.get(tool, ()):
            option = _long(word)
            if option.value is None and option.name in valued and at < len(words):
                option, at = option._replace(value=words[at]), at + 1
            options.append(option)
        else:
            wants_value = _split_cluster(word, valued, options)
            if wants_value and at < len(words):
                options[-1], at = options[-1]._replace(value=words[at]), at + 1
    if tool in SUBCOMMANDS and operands:
        return Arguments(tuple(options), tuple(operands[1:]), operands[0])
    return Arguments(tuple(options), tuple(operands), None)


def _long(word: Word) -> Option:
    name = word.text.partition("=")[0]
    value = word.after(len(name) + 1) if len(name) < len(word.text) else None
    return Option(name, value, word.span)


def _split_cluster(word: Word, valued: Set[str], options: list[Option]) -> bool:
    """Add the letters of `-qy` or `-ofile`; whether the last one still wants its value."""
    text = word.text
    for at in range(1, min(len(text), MOST_LETTERS + 1)):
        name = f"-{text[at]}"
        behind = text[at + 1 : at + 2]
        if behind == "=":
            options.append(Option(name, word.after(at + 2), word.span))
            return False
        if name in valued:
            options.append(Option(name, word.after(at + 1) if behind else None, word.span))
            return not behind
        options.append(Option(name, None, word.span))
    return False
