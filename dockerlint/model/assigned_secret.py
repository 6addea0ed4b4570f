"""Secret-like names and the literal values behind them, in text that nobody has parsed.

`NAME=value`, `NAME: value`, `"NAME": "value"`, `--name value`, `<name>value</name>` are read alike wherever
they stand: in comments, in broken YAML, in files inside files. Reports are masked by it, and no rule reports
what it finds: it takes more for a secret than a rule may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dockerlint.expressions import pattern
from dockerlint.model.secret_name import is_password_name, is_secret_name
from dockerlint.model.secret_value import is_placeholder, looks_secret
from dockerlint.text import Span
from dockerlint.tuples import NamedTuple

LONGEST_VALUE = 4000
"""Characters of one line that are read as a value."""
_DECIDES = 400
"""Characters of a value that are looked at; a longer one is no placeholder, path or number."""

# Read on text in small letters; the name goes on to the end of the word, so that nothing is tried twice.
_WORDS = ("pass", "pw", "psw", "psk", "secret", "token", "key", "cred", "auth", "salt")
_NAME = pattern(rf"(?:{'|'.join(_WORDS)})[\w.-]*")
_SIGN = pattern(
    r"\\?[\"'\]]{0,2}(?:[ \t]{0,40}(?P<sign>:=|=>|={1,2}|:)|[ \t]{0,9},\s{0,99}(?=[\"'\\])|>(?!=)"
    r"|\s{1,99}-[ \t](?=\S)|\s{1,99}value\\?[\"']?:|[ \t]{1,40})"
)
_NAME_START = pattern(r"[\w.-]{0,200}")
_PROPERTIES = pattern(r"[ \t]*(?:[&!][^\s,\]}]{0,200}[ \t]+){0,3}")
_QUOTED = {quote: pattern(rf"((?:[^{quote}\\\n]|\\[^\n])*){quote}?") for quote in "\"'"}
_ESCAPED = pattern(r"((?:[^\"'\\\n]|\\(?![\"'])|\\\\\\[\"'])*)")
_WORD = pattern(r"[^\s\"'`<>|]+(?:[\"'][^\s\"'`<>|]+)*")
_BLOCK = pattern(r"[|>][-+\d]{0,2}[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_DECLARING = pattern(
    r"(?:^|[\s;&|(\"'#])(?:env|arg|label|export|set|setx|declare|set[ \t]+[\w./-]{1,60})[ \t]+\Z"
)
_PURE_REFERENCE = pattern(
    r"(?:\$\{[A-Za-z_]\w*(?:[^{}:-]|:[?+=])?[^{}]*\}|\$\$?[A-Z_][A-Z0-9_]*|\$?\$\(.*\)?|\$\{\{.*\}\}|\{\{.*\}\}"
    r"|%\w+%|[:/@.\s_-])+\Z",
    re.DOTALL,
)
_DEFAULT = pattern(r"\$\{\w{1,200}:?[-+]([^{}$]+)\}")
_OTHER = pattern(r"(?:id|type|source|src|env|target)=|sha(?:256|512):")
_CLOSING = pattern(r"[,}]")
_NO_SCALAR = pattern(r"- |[\w.-]{1,99}:(?:\s|\Z)|#|[{\[]")
_LIST = pattern(r"[;&,)}\]]")
_PROSE = pattern(r"[A-Za-z]+[,.;:!?)]?(?:\s+[(\"']?[A-Za-z]+[,.;:!?)\"']{0,2})+\Z")


class _Line(NamedTuple):
    """The line that a name stands in."""

    start: int
    end: int
    indent: int
    is_comment: bool


def assigned_secrets(text: str, small: str) -> Iterator[Span]:
    """Values of secret-like names, quotes left out; one value may be given in several readings. Linear.

    `small` is the text in small letters.
    """
    if not [word for word in _WORDS if word in small]:
        return
    lines, behind = _Lines(text), 0
    for word in _NAME.finditer(small):
        sign = _SIGN.match(small, word.end()) if word.start() >= behind else None
        if sign is None:
            continue
        start = _name_start(text, word.start())
        name = text[start : word.end()]
        if not is_secret_name(name.strip("-.")) or not _is_given(text, start, name, sign):
            continue
        line = lines.at(start)
        if not sign["sign"] and sign[0][:1].isspace() and not _takes_blank(text, start, name, sign[0], line):
            continue
        for span in _values(text, sign, start, line):
            if _is_secret(text[span.start : min(span.end, span.start + _DECIDES)], name, line, start):
                behind = max(behind, span.end)
                yield from _readings(text, span)


class _Lines:
    """The lines of a text, asked for in order of place."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = self._read(0)

    def at(self, offset: int) -> _Line:
        while offset > self._line.end:
            self._line = self._read(self._line.end + 1)
        return self._line

    def _read(self, start: int) -> _Line:
        end = self._text.find("\n", start)
        end = len(self._text) if end < 0 else end
        indent = start
        while indent < end and self._text[indent] in " \t":
            indent += 1
        return _Line(start, end, indent - start, self._text.startswith("#", indent))


def _name_start(text: str, at: int) -> int:
    before = text[max(at - 200, 0) : at][::-1]
    found = _NAME_START.match(before)
    return at - (found.end() if found else 0)


def _is_given(text: str, start: int, name: str, sign: re.Match[str]) -> bool:
    """The sign gives the name a value: it is not read (`$TOKEN`), no part of a path, no closing tag."""
    before, bare = text[start - 1 : start], sign[0].strip("\\\"']")
    if before == "$" or text[start - 2 : start] == "${":
        return False
    if bare == ">":
        return before == "<"
    if bare.isspace() and bare != sign[0]:
        return False
    if before == "/":
        return bare != ":" or text[sign.end() : sign.end() + 1].isspace()
    return not (name.startswith("lib") and text[sign.end() : sign.end() + 1].isdigit())


def _takes_blank(text: str, start: int, name: str, blank: str, line: _Line) -> bool:
    """Whether a blank alone gives the name a value: `--token x`, `ENV TOKEN x`, `TOKEN x` on a line."""
    if name.startswith("-"):
        return True
    if "\n" in blank:
        return blank.endswith(":")
    before = text[max(start - 80, line.start) : start]
    if _DECLARING.search(before.lower()) or before.endswith("_") or name.startswith("_"):
        return True
    return name.isupper() and not before.strip(" \t#-")


def _values(text: str, sign: re.Match[str], name_start: int, line: _Line) -> Iterator[Span]:
    """The value behind a sign, or the lines of a block."""
    properties = _PROPERTIES.match(text, sign.end())
    at = properties.end() if properties else sign.end()
    if _BLOCK.match(text, at) or (at >= len(text) or text[at] in "\r\n"):
        if sign["sign"] == ":":
            yield from _block(text, at, line)
        return
    char, opening = text[at], text[name_start - 1 : name_start]
    if opening and opening in "\"'" and "," not in sign[0] and not sign[0].startswith(("\\", opening)):
        inside = _ESCAPED if text[name_start - 2 : name_start - 1] == "\\" else _QUOTED[opening]
        yield _span(inside.match(text, at, at + LONGEST_VALUE), at)
    elif char == "\\" and text[at + 1 : at + 2] in ("'", '"'):
        yield _span(_ESCAPED.match(text, at + 2, at + 2 + LONGEST_VALUE), at + 2)
    elif char in "\"'":
        yield from _quoted(text, at, line)
    elif sign[0].endswith(">") and sign["sign"] is None:
        end = text.find("<", at, at + LONGEST_VALUE)
        yield Span(at, end if end >= 0 else at)
    elif _goes_to_line_end(text, at, sign[0], name_start, line):
        yield _to_line_end(text, at, name_start)
    else:
        yield _span(_WORD.match(text, at, at + LONGEST_VALUE), at, 0)


def _span(match: re.Match[str] | None, at: int, group: int = 1) -> Span:
    return Span(*match.span(group)) if match else Span(at, at)


def _goes_to_line_end(text: str, at: int, sign: str, name_start: int, line: _Line) -> bool:
    """The value may hold blanks: YAML, an item of a list, `NAME = value`."""
    if sign.strip() and (text[at - 1] in " \t" or "\n" in sign):
        return True
    before = text[max(line.start, name_start - 80) : name_start].strip(" \t#")
    return before == "-"


def _quoted(text: str, at: int, line: _Line) -> Iterator[Span]:
    """The inside of quotes; where they stay open, also the deeper lines below."""
    span = _span(_QUOTED[text[at]].match(text, at + 1, at + 1 + LONGEST_VALUE), at + 1)
    yield span
    if span.end < len(text) and text[span.end] == "\n":
        for below in _block(text, span.end, line):
            quote = text.find(text[at], below.start, below.end)
            yield below if quote < 0 else Span(below.start, quote)
            if quote >= 0:
                return


def _to_line_end(text: str, at: int, name_start: int) -> Span:
    end = text.find("\n", at, at + LONGEST_VALUE)
    end = min(len(text), at + LONGEST_VALUE) if end < 0 else end
    comment = text.find(" #", at, end)
    end = end if comment < 0 else comment
    if text[name_start - 1 : name_start] in ("{", ",") or text[name_start - 2 : name_start] in ("{ ", ", "):
        closing = _CLOSING.search(text, at, end)
        end = closing.start() if closing else end
    while end > at and text[end - 1] in " \t\r":
        end -= 1
    return Span(at, end)


def _block(text: str, at: int, line: _Line) -> Iterator[Span]:
    """The lines below that are deeper than the line of the name; none where they are a mapping or list."""
    begin = text.find("\n", at) + 1
    first = True
    while begin:
        end = text.find("\n", begin)
        stop = len(text) if end < 0 else end
        start = begin
        while start < stop and text[start] in " \t":
            start += 1
        while stop > start and text[stop - 1] in " \t\r":
            stop -= 1
        if stop > start:
            if start - begin <= line.indent:
                return
            if first and not text[at : at + 1].strip() and _NO_SCALAR.match(text, start, stop):
                return
            yield Span(start, stop)
            first = False
        begin = end + 1


def _is_secret(value: str, name: str, line: _Line, start: int) -> bool:
    default = _DEFAULT.search(value)
    if default is not None:
        return looks_secret(default[1], is_password=is_password_name(name))
    if (
        not value.strip()
        or value.startswith("#")
        or is_placeholder(value)
        or _PURE_REFERENCE.match(value)
        or _OTHER.match(value)
    ):
        return False
    is_anchored = start <= line.start + line.indent + 3
    if (line.is_comment or not is_anchored) and _PROSE.match(value):
        return False
    return looks_secret(value, is_password=is_password_name(name))


def _readings(text: str, span: Span) -> Iterator[Span]:
    """The value as it stands, and what it is without a scheme in front or a list behind."""
    default = _DEFAULT.search(text, span.start, min(span.end, span.start + LONGEST_VALUE))
    if default is not None:
        yield Span(*default.span(1))
        if default.span() == (span.start, span.end):
            return
    yield span
    shorter = _LIST.search(text, span.start + 3, span.end) if default is None else None
    if shorter is not None:
        yield Span(span.start, shorter.start())
    blank = text.rfind(" ", span.start, span.end)
    if blank > span.start:
        yield Span(blank + 1, span.end)
