"""Where the texts of a project lie, and what each of them is read with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from dockerlint.budget import spend
from dockerlint.kinds import TextOf
from dockerlint.link.interpolation import interpolate
from dockerlint.link.shift import move_stream
from dockerlint.link.sources import SourceFile, Sources
from dockerlint.values import UNRESOLVED
from dockerlint.yaml.nodes import Scalar
from dockerlint.yaml.outline import FileLayout
from dockerlint.yaml.tree import Stream, parse_yaml

TextOfScalar: TypeAlias = "Callable[[Scalar], str]"
"""The text of a scalar with its variables put in."""
MARKS = ("!reset", "!override")
MOST_TEXTS = 1_000
"""Texts of one project; people who split theirs stay below 200."""


class TooManyTexts(Exception):
    """A project of more than `MOST_TEXTS` texts."""


class TextSetting(NamedTuple):
    """What the values of a text depend on, besides the text."""

    environment: Mapping[str, str]
    """The variables that are put in."""
    folder: str = ""
    """Where its relative paths begin, from the folder of the project's first file; "" is that folder."""
    home: str = ""
    """The same for what it does not write: the folder of the files that build upon it."""


_NOTHING_SET = TextSetting({})


class PlacedText(NamedTuple):
    """One text of a project, and what stands in it."""

    file: SourceFile
    setting: TextSetting
    written: Stream
    """As the text alone gives it."""
    stream: Stream
    """The same with places in the text space."""


class Settings:
    """Which setting holds where."""

    __slots__ = ("_found", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._found: list[TextSetting] = []

    def add(self, start: int, setting: TextSetting) -> None:
        """Let a setting hold for the text that begins at an offset."""
        at = bisect_right(self._starts, start)
        self._starts.insert(at, start)
        self._found.insert(at, setting)

    def at(self, offset: int) -> TextSetting:
        """The setting of the text that holds an offset."""
        if len(self._found) < 2:
            return self._found[0] if self._found else _NOTHING_SET
        return self._found[max(bisect_right(self._starts, offset) - 1, 0)]

    def fill(self, scalar: Scalar) -> str:
        """The text of a scalar with its variables put in; UNRESOLVED may stand inside."""
        if "$" not in scalar.text:
            return scalar.text
        return interpolate(scalar.text, self.at(scalar.span.start).environment).text

    def name(self, item: Scalar, written: str) -> str:
        """The name before the `=` of an item with its variables put in; as written where one is not known."""
        if "$" not in written:
            return written
        filled = interpolate(written, self.at(item.span.start).environment).text
        return written if UNRESOLVED in filled else filled


NO_SETTINGS = Settings()
"""For a text by itself."""


class TextSpace:
    """Lays texts one behind the other as they are asked for."""

    def __init__(self, text_of: TextOf, layout: FileLayout | None) -> None:
        self.parts: list[PlacedText] = []
        self.settings = Settings()
        self.has_marks = False
        """Some text takes away or replaces what others hold."""
        self._plain: list[SourceFile] = []
        self._text_of = text_of
        self._layout = layout
        self._end = 0
        self._known: dict[tuple[frozenset[tuple[str, str]], str, str], TextSetting] = {}
        self._placed: dict[tuple[str, int], PlacedText | None] = {}
        self._streams: dict[str, Stream] = {}

    def setting(self, environment: Mapping[str, str], folder: str, home: str) -> TextSetting:
        """What texts are read with; equal ones are one, so that a text is laid once for each."""
        spend(len(environment), "variables of included files")
        key = (frozenset(environment.items()), folder, home)
        return self._known.setdefault(key, TextSetting(environment, folder, home))

    def read(self, path: str, setting: TextSetting) -> PlacedText | None:
        """The Compose file of a path, read with a setting; None where there is no such text.

        Raises TooManyTexts, and OverBudget.
        """
        key = (path, id(setting))
        if key not in self._placed:
            text = self._text_of(path)
            self._placed[key] = None if text is None else self._part(path, text, setting)
        return self._placed[key]

    def look_at(self, path: str) -> Stream | None:
        """The Compose file of a path as its text alone gives it, without a place."""
        text = self._text_of(path)
        return None if text is None else self._stream(path, text)

    def _stream(self, path: str, text: str) -> Stream:
        if path not in self._streams:
            self._streams[path] = parse_yaml(text, self._layout)
        return self._streams[path]

    def plain(self, path: str) -> SourceFile | None:
        """The text of a path that is no YAML; raises TooManyTexts, and OverBudget."""
        text = self._text_of(path)
        if text is None:
            return None
        self._pay(text)
        file = SourceFile(path, text, self._place(text))
        self._plain.append(file)
        return file

    def _pay(self, text: str) -> None:
        if len(self.parts) + len(self._plain) >= MOST_TEXTS:
            raise TooManyTexts
        spend(len(text), "files of the project")

    def _part(self, path: str, text: str, setting: TextSetting) -> PlacedText:
        self._pay(text)
        start, written = self._place(text), self._stream(path, text)
        part = PlacedText(SourceFile(path, text, start), setting, written, move_stream(written, start))
        self.parts.append(part)
        self.settings.add(start, setting)
        self.has_marks = self.has_marks or any(mark in text for mark in MARKS)
        return part

    def _place(self, text: str) -> int:
        start = self._end
        self._end += len(text) + 1
        return start

    def sources(self) -> Sources:
        """Every text that was asked for."""
        files = (*(part.file for part in self.parts), *self._plain)
        ordered = sorted(files, key=lambda file: file.start)
        return Sources(tuple(ordered) or (SourceFile("", "", 0),))
