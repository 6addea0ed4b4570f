"""Programs that run a program text: as a word, from a file, or from their standard input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dockerlint.data import word_list
from dockerlint.shell.words import Word

SHELLS: Final = word_list("commands", "shells")
WITH_PIPEFAIL: Final = word_list("commands", "shells-with-pipefail")
"""Those that take `set -o pipefail` in every release that is around."""
SCRIPTED: Final = word_list("commands", "script-interpreters")

SHELL_VALUED = frozenset({"-o", "+o", "-O", "+O", "--rcfile", "--init-file"})
_TEXT_OPTIONS = frozenset({"-c", "-m", "-e", "-E", "-r", "-p", "-n", "--eval", "--print", "-R", "-B"})
"""The program text, a module or a loop body stands in the command; what is piped in is data."""


def reads_script(program: str, words: Sequence[Word]) -> bool:
    """A shell without a script of its own runs what it reads from its standard input."""
    if program not in SHELLS:
        return False
    at = 1
    while at < len(words):
        text = words[at].text
        if text in ("-", "-s", "/dev/stdin") or (text[:1] == "-" and text[1:2] != "-" and "s" in text[1:]):
            return True
        if text[:1] not in ("-", "+") or (text[1:2] != "-" and "c" in text):
            return False
        at += 2 if takes_value(text) else 1
    return True


def takes_value(option: str) -> bool:
    """An option of a shell whose value is the next word: `-o pipefail`, also at the end of `-euo`."""
    return option in SHELL_VALUED or (option[1:2] not in ("-", "") and option[-1] in "oO")


def reads_program(tool: str, options: Sequence[str], words: Sequence[Word]) -> bool:
    """An interpreter that was given nothing but its standard input to run."""
    if tool not in SCRIPTED or not _TEXT_OPTIONS.isdisjoint(options):
        return False
    operand = next((word.text for word in words[1:] if word.text in ("-", "--") or word.text[:1] != "-"), "-")
    return operand in ("-", "--", "/dev/stdin")
