"""YAML text into nodes with spans; the only module that knows which YAML library is used.

The library's events are turned into nodes here, without recursion: the depth of a document is bounded, and an
alias is the node it names, never a copy. https://yaml.org/spec/1.2.2/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.builder import Builder
from dockerlint.yaml.nodes import BrokenYaml, Mapping, Node, Plain, Scalar, Sequence
from dockerlint.yaml.outline import FileLayout, Outline
from dockerlint.yaml.recovery import Recovery, told_apart, without_foreign_lines

LONGEST_FOR_PURE_PYTHON = 500_000
"""Characters that the slow parser gets to read of one text, in all its pieces: about half a second."""

_COLON_IN_WORD = "found unexpected ':'"
_REFUSED_ASCII = pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REFUSED = pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What YAML 1.2 does not allow (5.1), named one by one: the set of all that it allows takes sixteen times as
long to compile, a tenth of a short run. Most texts are ASCII."""


MAX_RECOVERED = 1_000_000
MAX_LINES = 60_000
"""Characters and lines that are searched of a text that does not parse; where it goes on, that is told."""


class Stream(NamedTuple):
    """All documents of a text."""

    documents: tuple[Node, ...]
    problems: tuple[Problem, ...]
    shared: tuple[Span, ...] = ()
    """Nodes that an alias names: an edit there changes several places."""
    covered: tuple[Span, ...] = ()
    """Quoted and block scalars, in order: no comment begins there."""
    dollars: tuple[Scalar, ...] = ()
    """Values with a dollar in them."""


@lru_cache(maxsize=32)  # those of a project, which ask each other what they describe
def parse_yaml(text: str, layout: FileLayout | None = None) -> Stream:
    """Read a text, which may be anything: what is broken is a Problem, never an exception.

    With the layout of its kind, more is read around the broken places, and quotes closed too late are told.
    """
    readable, problems = _readable(text)
    builder = Builder(readable, layout)
    try:
        documents = _whole(builder, layout)
    except BrokenYaml as broken:
        builder, documents, found = _recovered(readable, layout, broken)
        problems += found
    covered = tuple(sorted(builder.covered))
    problems = told_apart([*problems, *builder.problems])
    return Stream(documents, tuple(problems), tuple(builder.shared), covered, tuple(builder.dollars))


def _whole(builder: Builder, layout: FileLayout | None) -> tuple[Node, ...]:
    """All documents; raises BrokenYaml where it is not YAML, or where it is by accident."""
    documents = tuple(_read_piece(builder, 0, len(builder.text)))
    if layout is not None and (len(documents) > 1 or _has_text_at_top(documents)):
        layout.refuse_swallowed(builder.text, documents)
    return documents


def _has_text_at_top(documents: tuple[Node, ...]) -> bool:
    root = documents[0] if documents else None
    entries = root.entries.values() if isinstance(root, Mapping) else ()
    return any(isinstance(one.value, Scalar) and one.value.style in ("|", ">") for one in entries)


def _recovered(
    text: str, layout: FileLayout | None, broken: BrokenYaml
) -> tuple[Builder, tuple[Node, ...], list[Problem]]:
    """What stands around the broken places, and a problem for each of these."""
    text, problems = without_foreign_lines(text)
    if problems:
        builder = Builder(text, layout)
        try:
            return builder, _whole(builder, layout), problems
        except BrokenYaml as further:
            broken = further
    text, cut = _searched(text)
    problems += cut
    found = Outline(text, [], []) if layout is None else layout.outline(text)
    builder = Builder(found.text, layout)
    recovery = Recovery(found.text, lambda start, end: _read_piece(builder, start, end), builder.name)
    root = recovery.read_sections(found.sections) if found.sections else recovery.read(0, len(text))
    problems += [*found.problems, *recovery.problems]
    return builder, () if root is None else (root,), problems or [broken.problem(len(text))]


def _searched(text: str) -> tuple[str, list[Problem]]:
    """As much of a text as is searched, and a problem where it goes on."""
    ends = islice(re.finditer("\n", text), MAX_LINES - 1, MAX_LINES)
    end = min(next((match.end() for match in ends), len(text)), MAX_RECOVERED)
    if end >= len(text):
        return text, []
    told = BrokenYaml(end, "syntax error, and the file is too long to go on from here")
    return text[:end], [told.problem(len(text))]


def _read_piece(builder: Builder, start: int, end: int) -> list[Node]:
    """The documents between two offsets; raises BrokenYaml."""
    if builder.text.startswith("\ufeff", start):
        # The library leaves a byte order mark out of its offsets.
        start += 1
    text = builder.text[start:end]
    try:
        return builder.attempt(_events(text, start, pure=False), start)
    except BrokenYaml as broken:
        # The C parser stops at the colon of `[80:80]`, which YAML 1.2 allows and the pure Python one takes.
        if not broken.message.startswith(_COLON_IN_WORD):
            raise
        builder.read_slowly += len(text)
        if builder.read_slowly > LONGEST_FOR_PURE_PYTHON:
            raise
    # From the start: the two do not end lines at the same characters, so their events may not fit together.
    return builder.attempt(_events(text, start, pure=True), start)


def load_plain(
    text: str, layout: FileLayout | None = None
) -> tuple[Plain, dict[tuple[str | int, ...], Span], tuple[Problem, ...]]:
    """Plain data of one document, the span of every value by its path, and what is wrong with the text.

    Positions hold the empty path for the whole document, `(*path, "key")` for values, numbers for list items.
    """
    stream = parse_yaml(text, layout)
    positions: dict[tuple[str | int, ...], Span] = {}
    problems = stream.problems
    if len(stream.documents) > 1:
        extra = stream.documents[1].span
        problems += (Problem("several-documents", "a second document starts here", "", True, extra),)
    return (_plain(stream.documents[0], (), positions) if stream.documents else None), positions, problems


def plain_of(node: Node) -> Plain:
    """Plain data of a node."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain_of(item) for item in node.items]
    return {key: plain_of(entry.value) for key, entry in node.entries.items()}


def _plain(node: Node, path: tuple[str | int, ...], positions: dict[tuple[str | int, ...], Span]) -> Plain:
    positions[path] = node.span
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [_plain(item, (*path, at), positions) for at, item in enumerate(node.items)]
    return {key: _plain(entry.value, (*path, key), positions) for key, entry in node.entries.items()}


def _readable(text: str) -> tuple[str, list[Problem]]:
    """The text with characters YAML forbids replaced one for one, and a problem at the first of them."""
    refused = _REFUSED_ASCII if text.isascii() else _REFUSED
    first = refused.search(text)
    if first is None:
        return text, []
    message = f"character U+{ord(first[0]):04X} is not allowed in YAML"
    problem = Problem("yaml-character", message, "", True, Span(*first.span()))
    return refused.sub("\ufffd", text), [problem]


def _events(text: str, base: int, *, pure: bool) -> Iterator[Any]:
    """Parser events of the C library, or of the pure Python one where the C one is missing or not wanted."""
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        yield from _pure_events(text) if pure else _parser()(text)
    except MarkedYAMLError as error:
        raise _broken(error, base, text) from None
    except YAMLError as error:
        raise BrokenYaml(base + getattr(error, "position", 0), str(getattr(error, "reason", error))) from None


@cache
def _parser() -> Callable[[str], Iterator[Any]]:
    """The C parser itself, or the pure Python one where it is missing.

    `YAML(pure=False).parse` would make a class for each text: slow to make, and never freed without the
    collector of cycles.
    """
    try:
        from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined, unused-ignore]
    except (ImportError, ValueError):
        return _pure_events

    def events(text: str) -> Iterator[Any]:
        parser = CParser(text)
        try:
            while parser.check_event():
                yield parser.get_event()
        finally:
            parser.dispose()

    return events


def _pure_events(text: str) -> Iterator[Any]:
    reader = _library()(typ="safe", pure=True)
    reader.Scanner = _scanner()
    yield from reader.parse(text)


@cache
def _library() -> type[Any]:
    """The library's reader, without the search of its folder for extensions that each new one would make."""
    from ruamel.yaml import YAML

    class YamlReader(YAML):  # type: ignore[misc, unused-ignore]
        def official_plug_ins(self) -> Any:
            return []

    return YamlReader


@cache
def _scanner() -> type[Any]:
    """The scanner of the pure Python parser that takes tabs between tokens where the C one does."""
    from ruamel.yaml.scanner import Scanner

    class TabScanner(Scanner):  # type: ignore[misc, unused-ignore]
        def scan_to_next_token(self) -> None:
            super().scan_to_next_token()
            while self.reader.peek() == "\t" and (self.flow_level or not self.allow_simple_key):
                self.reader.forward()
                super().scan_to_next_token()

    return TabScanner


def _broken(error: Any, base: int, text: str) -> BrokenYaml:
    """What the library complains about, at the place to look at: where the unfinished thing begins.

    `text` is the part of the file from the offset `base` on.
    """
    opens = error.context_mark is not None and str(error.context).startswith(_OPENING_IS_TO_BLAME)
    mark = error.context_mark if opens else error.problem_mark or error.context_mark
    message = f"{error.problem} {error.context}" if error.context and not opens else str(error.problem)
    at = mark.index if mark else 0
    if error.problem_mark and text[error.problem_mark.index : error.problem_mark.index + 1] == "\t":
        at, message = error.problem_mark.index, "a tab where YAML allows spaces only, as in front of a key"
    return BrokenYaml(base + at, message)


_OPENING_IS_TO_BLAME = (
    "while scanning a quoted scalar",
    "while scanning a simple key",
    "while parsing a flow",
)
