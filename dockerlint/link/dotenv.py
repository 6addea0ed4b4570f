"""Files of variables: `.env`, and those that `env_file` of a service or an include names.

As compose-go's dotenv reads them, https://docs.docker.com/compose/how-tos/environment-variables/.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockerlint.link.interpolation import interpolate
from dockerlint.regex import pattern
from dockerlint.text import Span

_ENTRY = pattern(
    r"[ \t\r\n]*(?:(?:export[ \t]+)?(?P<name>[\w.\[\]-]+)[ \t]*(?:[=:][ \t]*|(?P<bare>(?=\r?\n|\Z)))"
    r"|(?=[^ \t\r\n])[^\n]*)",
    re.ASCII,
)
_SINGLE = pattern(r"'(?:[^'\\]|\\[\s\S])*'")
_DOUBLE = pattern(r'"(?:[^"\\]|\\[\s\S])*"')
_LINE = pattern(r"[^\n]*")
_INLINE_COMMENT = pattern(r"[ \t]#")
_ESCAPE = pattern(r"\\([\s\S])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$$"}
_RAW = pattern(r"^[ \t]*(?P<name>[^\s#=][^\s=]*)(?:=(?P<value>[^\r\n]*))?", re.MULTILINE)


class EnvEntry(NamedTuple):
    """A variable that a file sets."""

    name: str
    value: str
    """UNRESOLVED stands for every variable without a value or default."""
    name_span: Span
    value_span: Span
    """The value as written, without its quotes."""


def read_env(text: str, outer: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that a file sets, as compose-go's dotenv reads it.

    `outer` are those that are set already: they come first where a value names one. A name without a value
    passes on what it has there.
    """
    return {entry.name: entry.value for entry in read_entries(text, outer or {})}


def read_entries(text: str, outer: Mapping[str, str]) -> Iterator[EnvEntry]:
    """The same with their places, in order; of a name that comes twice the last counts.

    Reading stops where Compose would refuse the file (a quote that never ends).
    """
    values: dict[str, str] = {}
    known = ChainMap(values) if not outer else ChainMap(dict(outer), values)
    at = int(text.startswith("\ufeff"))
    while entry := _ENTRY.match(text, at):
        at = entry.end()
        name = entry["name"]
        if name is None:
            continue
        if entry["bare"] is not None:
            found = (
                None
                if name not in known
                else EnvEntry(name, known[name], Span(*entry.span("name")), Span(at, at))
            )
        else:
            found, at = _assigned(text, entry, known)
            if found is None:
                return
        if found is not None:
            values[name] = found.value
            yield found


def read_raw_entries(text: str) -> Iterator[EnvEntry]:
    """The variables of a file in `format: raw`: all that follows `=` on a line is the value."""
    for match in _RAW.finditer(text, int(text.startswith("\ufeff"))):
        if match["value"] is not None:
            yield EnvEntry(
                match["name"], match["value"], Span(*match.span("name")), Span(*match.span("value"))
            )


def _assigned(text: str, entry: re.Match[str], known: Mapping[str, str]) -> tuple[EnvEntry | None, int]:
    """The variable whose value begins behind a match, and where its line ends; None for an open quote."""
    at = entry.end()
    if text[at : at + 1] in ("'", '"'):
        quoted = (_SINGLE if text[at] == "'" else _DOUBLE).match(text, at)
        if quoted is None:
            return None, at
        value, place, end = _unquote(quoted[0], known), Span(at + 1, quoted.end() - 1), quoted.end()
        return _entry(entry, value, place), _line_end(text, end)
    end = _line_end(text, at)
    bare = _INLINE_COMMENT.split(text[at:end], maxsplit=1)[0].rstrip()
    return _entry(entry, interpolate(bare, known).text, Span(at, at + len(bare))), end


def _entry(match: re.Match[str], value: str, place: Span) -> EnvEntry:
    return EnvEntry(match["name"], value, Span(*match.span("name")), place)


def _line_end(text: str, at: int) -> int:
    line = _LINE.match(text, at)
    return at if line is None else line.end()


def _unquote(quoted: str, known: Mapping[str, str]) -> str:
    inner = quoted[1:-1].replace("\r\n", "\n")
    if quoted[0] == "'":
        return inner.replace("\\'", "'")
    return interpolate(_ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[0]), inner), known).text
