"""Secrets among the arguments of programs, in text that nobody parsed: `curl -u a:b`, `echo a:b | chpasswd`.

Commands stand in comments, labels, scripts inside values and broken files too. What options of many programs
share (`--password`, `--token`) is told by its name (`assigned_secret`); here are those that mean a secret to
some programs only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dockerlint.data import ordered_words, records, word_list
from dockerlint.model.secret.raw_value import argument, pieces
from dockerlint.model.secret.value import is_stand_in
from dockerlint.regex import pattern
from dockerlint.text import Span

LONGEST_COMMAND = 2000
"""Characters behind the name of a program in which its options are looked for."""

# Blanks, a continued line, the next string or item of a list.
_BLANK = r"(?:[ \t=]|\\\r?\n|\\{0,2}[\"'](?:,\s{0,99}\\{0,2}[\"'])?|\r?\n[ \t]{0,99}-[ \t]){1,9}"


# Names of programs, their options, what stands between option and value.
def _told(name: str) -> tuple[tuple[str, str, str], ...]:
    """Programs, their options, and what stands between an option and its value."""
    found = records("secrets", name)
    return tuple((row["programs"], row["options"], row.get("gap", _BLANK)) for row in found)


_CLIENTS: Final = word_list("secrets", "clients-with-password-letter")
_TABLE: Final = (
    *_told("password-options-in-text"),
    *((name, "-p|-P", _BLANK) for name in ordered_words("secrets", "clients-with-password-letter")),
)
# The same for options that take `user:password`.
_LOGINS: Final = _told("login-options-in-text")


def _of_program(table: tuple[tuple[str, str, str], ...]) -> dict[str, tuple[re.Pattern[str], ...]]:
    shapes: dict[str, tuple[re.Pattern[str], ...]] = {}
    for names, options, glue in table:
        for name in names.split():
            value = r"(?=[^\s|&])" if glue else r"(?:(?<![\"']..)(?=[^\s|&])|(?=[^\s|&\"']))"
            shape = pattern(rf"(?<![\w-])(?:{options}){glue}{value}")
            shapes[name] = (*shapes.get(name, ()), shape)
    return shapes


_VALUES, _PAIRS = _of_program(_TABLE), _of_program(_LOGINS)
_READERS: Final = ordered_words("secrets", "password-readers")
"""They take a password from what is piped into them; of sudo, only with `-S`."""
PROGRAMS = (*dict.fromkeys((*_VALUES, *_PAIRS)), *_READERS)
_BEFORE = pattern(r"[\w.-]")
_BEHIND = pattern(r"[\w.:/=@-]")
_NO_READER = pattern(r"(?:etc/|openssl[ \t]{1,9})\Z")
_ASKS_STDIN = pattern(r"[ \t]+(?:-\w+[ \t]+)?-\w*S\b")
_END = pattern(r"(?<!\\)\r?\n(?![ \t]*-[ \t])|&&|\|\|")
_WRITER = pattern(r"\b(?:echo|printf|yes)\b(?:[ \t]+-\w{1,3}(?=[ \t]))*")
_GAP = pattern(r"[ \t]+|\\\r?\n")
_HERE = pattern(r"<<<[ \t]*(?=\S)")
_HEREDOC = pattern(r"[ \t]*<<-?[ \t]*\\?[\"']?(\w{1,99})[\"']?[^\n]*\n")
_ACCOUNT = pattern(r"(?:^|\\n|\n)[ \t#]*[\w.$()\-{}]{1,99}:((?:(?!\\n)[^\n]){1,400})")
_NO_VALUE = pattern(r"(?:\d{1,5}|\d[\d.-]*:[\d.:-]+)(?:/\w{3,4})?\Z")


def secret_options(text: str, small: str, words: str) -> Iterator[Span]:
    """Values of such options, and passwords that are piped into a program. Linear: commands do not overlap.

    `small` is the text in small letters, `words` the words of it.
    """
    named = [name for name in PROGRAMS if name in words]
    found = sorted(place for name in named for place in _places(small, name))
    behind = 0
    for at, (start, end, name) in enumerate(found):
        following = found[at + 1][0] if at + 1 < len(found) else len(text)
        limit = min(following, end + LONGEST_COMMAND)
        if name not in _READERS:
            yield from _given(text, name, end, _end(text, end, limit))
        elif name != "sudo" or _ASKS_STDIN.match(text, end):
            yield from _piped(text, name, max(behind, start - LONGEST_COMMAND), start)
            yield from _fed(text, name, end, limit)
            behind = end


def _places(small: str, name: str) -> Iterator[tuple[int, int, str]]:
    """Where a program is named by a word of its own."""
    start = small.find(name)
    while start >= 0:
        end = start + len(name)
        is_word = not _BEHIND.match(small, end) and not (start and _BEFORE.match(small, start - 1))
        if is_word and not (name == "passwd" and _NO_READER.search(small[max(start - 20, 0) : start])):
            yield start, end, name
        start = small.find(name, end)


def _end(text: str, start: int, limit: int) -> int:
    end = _END.search(text, start, limit)
    return end.start() if end else limit


def _given(text: str, name: str, start: int, end: int) -> Iterator[Span]:
    for shape in _VALUES.get(name, ()):
        for match in shape.finditer(text, start, end):
            span = argument(text, match.end())
            if not _NO_VALUE.match(text, span.start, span.end) or name not in _CLIENTS:
                yield from _secret(text, span)
    for shape in _PAIRS.get(name, ()):
        for match in shape.finditer(text, start, end):
            span = argument(text, match.end())
            colon = text.find(":", span.start, span.end) + 1
            if colon:
                yield from _secret(text, span._replace(start=colon))


def _secret(text: str, span: Span) -> Iterator[Span]:
    for piece in pieces(text, span):
        value = text[piece.start : piece.end]
        if len(value) > 1 and not is_stand_in(value.strip("\"'\\")):
            yield piece


def _piped(text: str, reader: str, start: int, end: int) -> Iterator[Span]:
    """The words of `echo … |` in front of the reader."""
    writers = list(_WRITER.finditer(text, start, end))
    for writer in writers[-2:]:
        yield from _words(text, reader, writer.end(), end)


def _words(text: str, reader: str, at: int, end: int) -> Iterator[Span]:
    """The arguments of a command up to a sign that ends it."""
    while at < end:
        gap = _GAP.match(text, at)
        if gap:
            at = gap.end()
        word = argument(text, at) if at < end else Span(at, at)
        if word.end <= word.start:
            return
        yield from _read(text, reader, word)
        at = word.end


def _read(text: str, reader: str, word: Span) -> Iterator[Span]:
    """What a reader takes from a word: all of it, or the password behind the name of an account."""
    value = text[word.start : word.end]
    if "%" in value and "%s" in value:
        return
    accounts = list(_accounts(text, word)) if reader == "chpasswd" else []
    for account in accounts:
        yield from _secret(text, account)
    if not accounts and len(value) > 2:
        yield from _secret(text, word)


def _accounts(text: str, word: Span) -> Iterator[Span]:
    """The passwords of `name:password`, one a line."""
    for piece in pieces(text, word):
        for account in _ACCOUNT.finditer(text[piece.start : piece.end]):
            yield Span(piece.start + account.start(1), piece.start + account.end(1))


def _fed(text: str, reader: str, start: int, limit: int) -> Iterator[Span]:
    """A here-string or a heredoc behind the reader."""
    here = _HERE.search(text, start, _end(text, start, limit))
    document = _HEREDOC.match(text, start, limit)
    if here is not None:
        yield from _read(text, reader, argument(text, here.end()))
    elif document is not None and reader == "chpasswd":
        end = text.find("\n" + document[1], document.end() - 1, limit)
        yield from _read(text, reader, Span(document.end(), limit if end < 0 else end))
