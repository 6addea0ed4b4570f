"""Programs that run another command given as words or as a script: sudo, env, xargs, bash -c …"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.shell.interpreters import SHELLS, takes_value
from dockerlint.shell.words import Word

_ASSIGNMENT = pattern(r"[A-Za-z_]\w*=")


class _Wrapper(NamedTuple):
    valued: frozenset[str] = frozenset()
    """Options that take the next word as their value."""
    skipped: int = 0
    """Operands in front of the command: a user, a duration, a directory."""
    assigns: bool = False
    """`NAME=value` words may stand in front of the command."""


def _wrapper(valued: str = "", skipped: int = 0, *, assigns: bool = False) -> _Wrapper:
    return _Wrapper(frozenset(valued.split()), skipped, assigns)


# Operands and options from the manual page of each program.
_WRAPPERS = {
    "sudo": _wrapper(
        "-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot --role --type",
        assigns=True,
    ),
    "doas": _wrapper("-u -C"),
    "env": _wrapper("-u -C -S --unset --chdir", assigns=True),
    "exec": _wrapper("-a"),
    "builtin": _wrapper(),
    "command": _wrapper(),
    "busybox": _wrapper(),
    "nohup": _wrapper(),
    "setsid": _wrapper(),
    "eatmydata": _wrapper(),
    "fakeroot": _wrapper("-l -s -i -b"),
    "time": _wrapper("-f -o --format --output"),
    "nice": _wrapper("-n --adjustment"),
    "ionice": _wrapper("-c -n --class --classdata"),
    "chrt": _wrapper(skipped=1),
    "stdbuf": _wrapper("-i -o -e"),
    "timeout": _wrapper("-s -k --signal --kill-after", 1),
    "xargs": _wrapper("-n -I -P -d -L -s -a -E --max-args --max-procs --delimiter --arg-file --max-lines"),
    "gosu": _wrapper(skipped=1),
    "su-exec": _wrapper(skipped=1),
    "setpriv": _wrapper("--reuid --regid --groups --inh-caps --bounding-set"),
    "runuser": _wrapper("-u -g -G --user --group"),
    "chroot": _wrapper(skipped=1),
    "flock": _wrapper("-w -E --timeout", 1),
    "tini": _wrapper("-p -e"),
    "dumb-init": _wrapper(),
    "catatonit": _wrapper(),
}
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
