"""An inline Dockerfile's places, brought back to the Compose file that holds it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from dockerlint.syntax import Comment
from dockerlint.text import Span

Offsets = tuple[tuple[int, int], ...]
"""For every line: its offset in the inline text, and the offset of the same text in the file."""


def to_file(span: Span, offsets: Offsets) -> Span:
    """The span in the file of a span in the inline text."""
    return Span(_shift(span.start, offsets), _shift(span.end, offsets))


def comment_to_file(comment: Comment, offsets: Offsets) -> Comment:
    """The same comment with every span in the file."""
    return replace(
        comment,
        span=to_file(comment.span, offsets),
        owner=comment.owner and to_file(comment.owner, offsets),
        block=comment.block and to_file(comment.block, offsets),
    )


def _shift(offset: int, offsets: Offsets) -> int:
    inline, file = offsets[max(bisect_right(offsets, (offset, float("inf"))) - 1, 0)]
    return file + offset - inline
