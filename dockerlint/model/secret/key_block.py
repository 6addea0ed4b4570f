"""The bodies of private keys in raw text: PEM, OpenSSH, PGP, SSH2, PuTTY, OpenVPN.

A key may stand on many lines, indented or behind `#`, or on one line with `\\n` between its parts. Each part
is a secret of its own, because a report shows single lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from dockerlint.regex import pattern
from dockerlint.text import Span

_MARKER = pattern(
    r"----[- ](?P<edge>BEGIN|END) (?P<label>[A-Za-z0-9 ]{1,60}?) ?-{4,5}"
    r"|Private-(?P<putty>Lines|MAC): ?\w{1,99}"
)
_PART = pattern(r"(?<!\\)\\+[nrt]|([A-Za-z0-9+/=]+)")
# Without an end, what still looks like key material: blanks, marks of comments and strings, long runs.
_RUN = pattern(r"(?:[\s#>|\"',+\\-]|\\[nrt]){0,99}([A-Za-z0-9+/=]{16,})")


def key_blocks(text: str) -> Iterator[Span]:
    """What stands between the first and the last line of each private key, part by part. Linear."""
    if "BEGIN " not in text and "Private-Lines" not in text:
        return
    marks = [
        (mark.end(), mark.start(), _opens(mark["edge"], mark["label"], mark["putty"]))
        for mark in _MARKER.finditer(text)
    ]
    marks.append((len(text), len(text), None))
    for (start, _, opens), (_, end, next_opens) in pairwise(marks):
        if opens:
            yield from _parts(text, start, end) if next_opens is False else _run(text, start, end)


def _opens(edge: str | None, label: str | None, putty: str | None) -> bool | None:
    """Whether a private key begins here; False where a block ends, None for one that is no secret."""
    if putty:
        return putty == "Lines"
    if edge == "END":
        return False
    return True if label and ("PRIVATE KEY" in label or "Static key" in label) else None


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    for part in _PART.finditer(text, start, end):
        if part[1]:
            yield Span(*part.span(1))


def _run(text: str, start: int, end: int) -> Iterator[Span]:
    part = _RUN.match(text, start, end)
    while part is not None:
        yield Span(*part.span(1))
        part = _RUN.match(text, part.end(), end)
