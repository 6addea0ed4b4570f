"""YAML text into nodes with spans; the only module that knows which YAML library is used.

The library's events are turned into nodes here, without recursion: the depth of a document is bounded, and an
alias is the node it names, never a copy. https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from dockerlint.model.shared import Problem
from dockerlint.parse.yamlbuild import Builder
from dockerlint.parse.yamlnodes import BrokenYaml, Node, Plain, Scalar, Sequence
from dockerlint.text import Span

LONGEST_FOR_PURE_PYTHON = 500_000
"""Characters of a text that the slow parser gets to read: about half a second."""

_COLON_IN_WORD = "found unexpected ':'"
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Stream(NamedTuple):
    """All documents of a text."""

    documents: tuple[Node, ...]
    problems: tuple[Problem, ...]
    shared: tuple[Span, ...]
    """Nodes that an alias names: an edit there changes several places."""


def parse_yaml(text: str) -> Stream:
    """Read a text, which may be anything: what is broken is a Problem, never an exception."""
    readable, problems = _readable(text)
    builder = Builder(readable)
    try:
        documents = tuple(read_documents(builder, readable, 0))
    except BrokenYaml as broken:
        documents = ()
        problems.append(syntax_problem(broken, len(text)))
    return Stream(documents, (*problems, *builder.problems), tuple(builder.shared))


def read_documents(builder: Builder, text: str, base: int) -> Iterator[Node]:
    """The documents of `text`, a piece of a file that begins at offset `base`; raises BrokenYaml."""
    if text.startswith("\ufeff"):
        # The library leaves a byte order mark out of its offsets.
        return read_documents(builder, text[1:], base + 1)
    return builder.build(_events_of_1_2(text, base), base)


def _events_of_1_2(text: str, base: int) -> Iterator[Any]:
    """Events of the text; where the C parser stops at the colon of `[80:80]`, which YAML 1.2 allows, the
    pure Python parser goes on from there."""
    passed = 0
    try:
        for event in _events(text, base, pure=False):
            yield event
            passed += 1
    except BrokenYaml as broken:
        if not broken.message.startswith(_COLON_IN_WORD) or len(text) > LONGEST_FOR_PURE_PYTHON:
            raise
        yield from islice(_events(text, base, pure=True), passed, None)


def syntax_problem(broken: BrokenYaml, length: int) -> Problem:
    """The problem that a place which is not YAML amounts to."""
    start = min(broken.offset, max(length - 1, 0))
    return Problem("yaml-syntax", broken.message, "", True, Span(start, min(start + 1, length)))


def load_plain(text: str) -> tuple[Plain, dict[tuple[str | int, ...], Span], tuple[Problem, ...]]:
    """Plain data of one document, the span of every value by its path, and what is wrong with the text.

    Positions hold the empty path for the whole document, and `(*path, "key")` for values; list indices are integers.
    """
    stream = parse_yaml(text)
    positions: dict[tuple[str | int, ...], Span] = {}
    problems = stream.problems
    if len(stream.documents) > 1:
        extra = stream.documents[1].span
        problems += (Problem("several-documents", "a second document begins here", "", True, extra),)
    return (_plain(stream.documents[0], (), positions) if stream.documents else None), positions, problems


def _plain(node: Node, path: tuple[str | int, ...], positions: dict[tuple[str | int, ...], Span]) -> Plain:
    positions[path] = node.span
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_plain(item, (*path, at), positions) for at, item in enumerate(node.items)]
    return {key: _plain(entry.value, (*path, key), positions) for key, entry in node.entries.items()}


def _readable(text: str) -> tuple[str, list[Problem]]:
    """The text with characters YAML forbids replaced one for one, and a problem at the first of them."""
    first = _REFUSED.search(text)
    if first is None:
        return text, []
    message = f"character U+{ord(first[0]):04X} is not allowed in YAML"
    problem = Problem("yaml-character", message, "", True, Span(*first.span()))
    return _REFUSED.sub("\ufffd", text), [problem]


def _events(text: str, base: int, *, pure: bool) -> Iterator[Any]:
    """Parser events of the C library, or of the pure Python one where the C one is missing or not wanted."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from YAML(typ="safe", pure=pure).parse(text)
    except MarkedYAMLError as error:
        raise _broken(error, base) from None
    except YAMLError as error:
        raise BrokenYaml(base + getattr(error, "position", 0), str(getattr(error, "reason", error))) from None


def _broken(error: Any, base: int) -> BrokenYaml:
    """What the library complains about, at the place a reader would look: where the unfinished thing begins."""
    opens = error.context_mark is not None and str(error.context).startswith(_OPENING_IS_TO_BLAME)
    mark = error.context_mark if opens else error.problem_mark or error.context_mark
    message = f"{error.problem} {error.context}" if error.context and not opens else str(error.problem)
    return BrokenYaml(base + (mark.index if mark else 0), message)


_OPENING_IS_TO_BLAME = (
    "while scanning a quoted scalar",
    "while scanning a simple key",
    "while parsing a flow",
)

