"""One pattern of an ignore file as git reads it: names between slashes, each a row of characters and stars.

Source: wildmatch.c and dir.c of git 2.39; https://git-scm.com/docs/gitignore#_pattern_format.
"""

from __future__ import annotations

import re
from typing import Final

STAR: Final = "*"
"""Stands for any number of characters; all other parts of a Glob stand for one."""
Glob = list[str]
"""STAR, and for each other character what matches it as a regular expression."""
_CLASSES: Final = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\v\f\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def read_globs(pattern: str) -> list[Glob] | None:
    """The names of a pattern; None for one that can match nothing, because it breaks off."""
    globs: list[Glob] = [[]]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
            char = pattern[at : at + 1]
            if not char:
                return None
            if char != "/":
                globs[-1].append(re.escape(char))
        elif char == "[":
            read = _read_set(pattern, at + 1)
            if read is None:
                return None
            one, at = read
            globs[-1].append(one)
        elif char != "/":
            globs[-1].append({"*": STAR, "?": "."}.get(char) or re.escape(char))
        if char == "/":
            globs.append([])
        at += 1
    return globs


def _read_set(pattern: str, at: int) -> tuple[str, int] | None:
    """The characters between brackets from behind the first one, and where the last one stands."""
    is_negated = pattern[at : at + 1] in ("!", "^")
    first = at = at + is_negated
    members: list[str] = []
    before = ""
    while at == first or pattern[at : at + 1] != "]":
        char = pattern[at : at + 1]
        end = pattern.find("]", at + 2) if pattern.startswith("[:", at) else -1
        if char == "[" and pattern.startswith("[:", at) and end < 0:
            return None
        if end > at + 2 and pattern[end - 1] == ":":
            named = _CLASSES.get(pattern[at + 2 : end - 1])
            if named is None:
                return None
            members.append(named)
            before, at = "", end + 1
            continue
        if char == "-" and before and pattern[at + 1 : at + 2] not in ("", "]"):
            at += 1 + (pattern[at + 1] == "\\")
            last = pattern[at : at + 1]
            if not last:
                return None
            if before <= last:
                members.append(f"{re.escape(before)}-{re.escape(last)}")
            before, at = "", at + 1
            continue
        if char == "\\":
            at += 1
            char = pattern[at : at + 1]
        if not char:
            return None
        members.append(re.escape(char))
        before, at = char, at + 1
    return _set_of(members, is_negated), at


def _set_of(members: list[str], is_negated: bool) -> str:
    if not members:
        return "." if is_negated else r"(?!)"
    return f"[{'^' if is_negated else ''}{''.join(members)}]"


def is_any_depth(glob: Glob) -> bool:
    """Whether it is `**`, or more stars."""
    return len(glob) > 1 and all(part == STAR for part in glob)


def literal(glob: Glob) -> str | None:
    """The one name that a glob means; None where it means several."""
    plain = [part[-1] for part in glob if (len(part) == 1 and part not in (STAR, ".")) or len(part) == 2]
    return "".join(plain) if len(plain) == len(glob) else None


def expression(glob: Glob) -> str:
    """A regular expression for whole names, in which no star is tried twice."""
    pieces = [""]
    for part in glob:
        if part == STAR:
            pieces.append("")
        else:
            pieces[-1] += part
    first, *others = pieces
    if not others:
        return first + r"\Z"
    *middle, last = others
    # What is found in a look-ahead stays found: the leftmost place for a piece leaves most to the next one.
    found = [rf"(?=(.*?{piece}))\{number}" for number, piece in enumerate(filter(None, middle), 1)]
    return first + "".join(found) + f".*{last}" + r"\Z"
