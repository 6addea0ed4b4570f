"""The names in a file, which stay readable although one of them may be a password too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from dockerlint.data import word_list
from dockerlint.regex import pattern
from dockerlint.text import Span

# A key of YAML, a variable that is set, a stage.
_NAME = pattern(
    r"^[ \t]*(?:-[ \t]+)*[\"']?([\w.-]+)[\"']?[ \t]*:(?=\s)|(?<![\w.-])([\w.-]+)="
    r"|[ \t][aA][sS][ \t]+([\w.-]+)",
    re.MULTILINE,
)
# An image, a host, the name of one.
_REFERENCE = pattern(
    r"^[ \t]*(?:FROM(?:[ \t]+--\S+)*|COPY[ \t]+--from=|[\"']?(?:image|hostname|container_name)[\"']?[ \t]*:)"
    r"[ \t]*[\"']?([^\s\"']+)|://(?:[^\s/@]*@)?([\w.-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_PATH = pattern(r"(?:(?<=[\s\"'=:,\[])|^)(?:\.{0,2}|~)/[^\s\"':,\]]+", re.MULTILINE)
# What is handed to a program that asks for names of things: `service mysql-server start`.
_NAMING = pattern(
    r"(?:^|[\s;&|(])(?:" + "|".join(sorted(word_list("secrets", "programs-that-take-names"))) + r")"
    r"((?:[ \t]+[\w.+/-]+){1,30})",
    re.MULTILINE,
)
_BETWEEN_WORDS = pattern(r"[/:@]")


# Words of one case with few digits behind them: `inventory-db1`, `v2`; a generated password is none.
_LIKE_NAME = pattern(
    r"(?:[A-Z]?[a-z]+|[A-Z]+|v(?=\d))\d{0,4}(?:[-_.]+(?:(?:[A-Z]?[a-z]+|[A-Z]+)\d{0,4}|\d{1,4}))*\Z"
)


def is_like_name(text: str) -> bool:
    """Whether somebody might call a thing so."""
    return _LIKE_NAME.match(text) is not None


def names_around(text: str, secrets: Iterable[Span]) -> set[str]:
    """The names in a text outside its secrets, so that no part of one is taken for a name."""
    pieces: list[str] = []
    at = 0
    for start, end, _ in sorted(secrets):
        if end > at:
            pieces += (text[at : max(start, at)], "\0")
            at = end
    return names_in("".join([*pieces, text[at:]]))


def names_in(text: str) -> set[str]:
    """Services, stages, images, keys, variables, hosts, and the words of paths, by how they look in a text
    that need not parse.
    """
    return {name for name in _names(text) if name}


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        yield match[match.lastindex or 0]
    for match in _REFERENCE.finditer(text):
        yield from _BETWEEN_WORDS.split(match[match.lastindex or 0])
    for match in _NAMING.finditer(text):
        yield from _operands(match[1].split())
    for match in _PATH.finditer(text):
        yield from match[0].split("/")


def _operands(words: Sequence[str]) -> Iterator[str]:
    """The words of a command but for options and what is behind one: its value may be a secret."""
    for before, word in pairwise(("", *words)):
        if not before.startswith("-") and not word.startswith("-"):
            yield word
