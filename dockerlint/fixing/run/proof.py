"""Is every word that no edit touched still what it was?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dockerlint.findings import Edit, Refusal
from dockerlint.parse.literal import LiteralValues
from dockerlint.parse.run.scripts import commands_of
from dockerlint.text import Span, written_places

_ENDS: Final = ";&|<>)`"
"""What ends a word besides blanks."""


def differs(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """The words of all commands must be the same but for those that an edit wrote or took away."""
    kept = _words(before, [_reach(edit, before) for edit in edits if not _is_between(edit)])
    left = _words(after, [place for _, place in written_places(edits) if place.end > place.start])
    return None if kept == left else Refusal("other words of the command would change")


def _is_between(edit: Edit) -> bool:
    """Whole words are put in front of another one."""
    return edit.span.start == edit.span.end and edit.text.endswith(" ")


def _reach(edit: Edit, before: str) -> Span:
    """What an edit changes; one that only adds to the end of a word changes that word."""
    start, end = edit.span.start, edit.span.end
    behind = before[start : start + 1]
    is_end = start == end and (not behind or behind.isspace() or behind in _ENDS)
    is_more = is_end and not edit.text[:1].isspace() and not before[start - 1 : start].isspace()
    return Span(start - 1, end) if is_more else edit.span


def _words(text: str, touched: list[Span]) -> list[str]:
    """Every word that touches none of these places, in the order of the text."""
    words = {
        word.span.start: word for command in commands_of(text, LiteralValues(text)) for word in command.words
    }
    return [word.text for _, word in sorted(words.items()) if not _is_touched(word.span, touched)]


def _is_touched(span: Span, places: list[Span]) -> bool:
    """Whether a place lies in a word, or an empty one in it or at its beginning."""
    return any(place.start < span.end and span.start < max(place.end, place.start + 1) for place in places)
