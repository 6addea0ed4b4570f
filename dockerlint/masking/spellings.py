"""The spellings of one secret: as a file writes it, as programs read it, and each line of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockerlint.regex import pattern

# What stands around the literal text of `${NAME:-text}`, and names alone.
_EXPANSION = pattern(r"(?<![\\$])\$(?:\w+|\{\w+(?::?[-+?=])?|\{\w*\})|(?<=[^\\$])\}")
# Behind a dollar of a password that was not doubled: names of variables are in letters of one case.
_NOT_A_NAME = pattern(r"\$\{?(?=\w{0,99}[a-z])(?=\w{0,99}[A-Z])(\w{4,})")
_DOLLAR = pattern(r"\$\$|\\\$")
_ESCAPE = pattern(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|\r?\n[ \t]*|([^\r\n]))")
_SHORT_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f"}
_LARGEST_CHARACTER = 0x10FFFF


def spellings(written: str) -> set[str]:
    """Every text that stands for a secret which a file writes like this: with and without its quotes and
    escapes, each of its lines, and the literal parts where variables are part of it.
    """
    found: set[str] = set()
    for part in _literal_parts(written):
        for form in _decoded(part):
            lines = form.splitlines() if "\n" in form or "\r" in form else [form]
            found.update(line.strip().strip("\"'") for line in lines)
    return found


def _literal_parts(written: str) -> list[str]:
    bare = written.strip()
    if "$" not in bare:
        return [bare]
    # The whole as well: in single quotes, and in a password hash, a dollar is a dollar.
    parts = [part for part in _EXPANSION.split(bare) if part]
    return [bare, *parts, *_NOT_A_NAME.findall(bare)]


def _decoded(text: str) -> Iterator[str]:
    yield text
    plain = _DOLLAR.sub("$", text) if "$" in text else text
    yield plain
    if "\\" in plain:
        yield _ESCAPE.sub(_unescaped, plain)
        yield _ESCAPE.sub(lambda match: match[4] or "", plain)
    if "'\\''" in plain:
        yield plain.replace("'\\''", "'")  # how a shell writes a quote between quotes
    if "'" in plain[1:-1] or '"' in plain[1:-1]:
        yield plain.replace("'", "").replace('"', "")
    if "%" in plain:
        # Loaded from disk, and most secrets never need it.
        from urllib.parse import unquote

        yield unquote(plain)


def _unescaped(match: re.Match[str]) -> str:
    """What YAML and C read for a backslash and what follows."""
    code = match[1] or match[2] or match[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= _LARGEST_CHARACTER else ""
    sign = match[4] or ""
    return _SHORT_ESCAPES.get(sign, sign)
