"""What a kind of file knows about its own layout, so that damage in one part cannot take the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dockerlint.syntax import Problem
from dockerlint.yaml.nodes import Node


@dataclass(slots=True)
class Anchor:
    """Where an entry begins whose neighbours must not suffer from it."""

    start: int
    indent: int
    name: str = ""
    """The word that stands there, where what is below it must be read without it."""
    is_hurt: bool = False
    """A line inside it was taken away, which may have said something about it."""


@dataclass(slots=True)
class Section:
    """What stands from the key of a section to the next one."""

    name: str
    start: int
    body: int
    """Where what is below the key begins."""
    line: int
    """The number of the line of its key, or of its first entry where the key is missing."""
    has_key: bool = True
    is_whole: bool = True
    """Its key can be read, so that it may be read in one piece."""
    end: int = 0
    anchors: list[Anchor] = field(default_factory=list)
    """Its entries, in the section whose entries are told apart; of others only the key is an anchor."""


@dataclass(slots=True)
class Outline:
    """The sections of one text, and what is in the way."""

    text: str
    """Lines that interrupt a section are blanked; the length is unchanged."""
    sections: list[Section]
    problems: list[Problem]


class FileLayout:
    """A kind of file whose sections can be told by their keys and indents."""

    def outline(self, text: str) -> Outline:
        """The sections of a text that does not parse."""
        raise NotImplementedError

    def refuse_swallowed(self, text: str, documents: Sequence[Node]) -> None:
        """Raise BrokenYaml for a text that is YAML, where one line takes the entries below it for its own."""
        raise NotImplementedError

    def swallows_keys(self, text: str, start: int, end: int) -> bool:
        """Whether a quoted scalar holds lines that are keys of the file."""
        raise NotImplementedError
