"""Programs that run another command or a program text: sudo, env, xargs, bash -c, python - …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from dockerlint.data import table, word_list
from dockerlint.regex import pattern
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


_ASSIGNMENT = pattern(r"[A-Za-z_]\w*=")


class _Wrapper(NamedTuple):
    valued: frozenset[str] = frozenset()
    """Options that take the next word as their value."""
    skipped: int = 0
    """Operands in front of the command: a user, a duration, a directory."""
    assigns: bool = False
    """`NAME=value` words may stand in front of the command."""


# Operands and options from the manual page of each program.
def _wrapper(row: Mapping[str, Any]) -> _Wrapper:
    options = frozenset(row.get("options", "").split())
    return _Wrapper(options, row.get("skipped", 0), row.get("assigns", False))


_WRAPPERS: Final = {program: _wrapper(row) for program, row in table("commands", "wrappers").items()}
_FIND_ACTIONS = frozenset({"-exec", "-execdir", "-ok", "-okdir"})


def wrapped_words(program: str, words: Sequence[Word]) -> Sequence[Word]:
    """The words of the command that `words` asks `program` to run; empty when it runs none."""
    if program == "find":
        return _after_find(words)
    wrapper = _WRAPPERS.get(program)
    if wrapper is None or (program == "command" and len(words) > 1 and words[1].text in ("-v", "-V")):
        return ()
    at, skipped = 1, wrapper.skipped
    while at < len(words):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if text.startswith("-") and len(text) > 1:
            at += 2 if text in wrapper.valued else 1
        elif wrapper.assigns and _ASSIGNMENT.match(text):
            at += 1
        elif skipped:
            at, skipped = at + 1, skipped - 1
        else:
            break
    return words[at + skipped :] if at < len(words) and words[at - 1].text == "--" else words[at:]


def _after_find(words: Sequence[Word]) -> Sequence[Word]:
    for at, word in enumerate(words):
        if word.text in _FIND_ACTIONS:
            rest = words[at + 1 :]
            stop = next((index for index, end in enumerate(rest) if end.text in (";", "+")), len(rest))
            return rest[:stop]
    return ()


def script_words(program: str, words: Sequence[Word]) -> Sequence[Word]:
    """The words that together are a script in shell language; empty when there is none."""
    if program == "eval":
        return words[1:]
    if program in SHELLS:
        return _after_shell_c(words)
    if program in ("su", "runuser", "script", "scl"):
        return _after_su_c(words)
    return ()


def _after_shell_c(words: Sequence[Word]) -> Sequence[Word]:
    """The first operand of a shell that has the option c, alone or in a cluster such as -lc."""
    at, wanted = 1, False
    while at < len(words):
        text = words[at].text
        if text[:1] not in ("-", "+") or len(text) < 2:
            return words[at : at + 1] if wanted else ()
        wanted = wanted or (text[0] == "-" and text[1] != "-" and "c" in text)
        at += 2 if takes_value(text) else 1
    return ()


def _after_su_c(words: Sequence[Word]) -> Sequence[Word]:
    """The value of -c, wherever it stands; su takes the user before or after it."""
    for at, word in enumerate(words):
        text = word.text
        is_cluster = text[:1] == "-" and text[1:2] != "-" and text.endswith("c")
        if is_cluster or text in ("--command", "--session-command"):
            return words[at + 1 : at + 2]
    return ()
