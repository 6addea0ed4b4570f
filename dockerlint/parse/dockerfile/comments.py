"""Comments of a Dockerfile, with what each stands above or in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dockerlint.parse.dockerfile.statements import Layout, Statement
from dockerlint.syntax import Comment
from dockerlint.text import Span


def read_comments(layout: Layout, text: str, stages: Mapping[int, Span]) -> Iterator[Comment]:
    """Comments with the instruction they stand in or right above, in the order of the text."""
    starting = {statement.first_line: statement for statement in layout.statements}
    inside = iter(layout.statements)
    current = next(inside, None)
    owners: list[Statement | None] = []
    for line in layout.comments:
        while current is not None and current.last_line < line.line:
            current = next(inside, None)
        owners.append(current if current is not None and current.first_line <= line.line else None)
    below: dict[int, Statement] = {}
    for position in range(len(owners) - 1, -1, -1):
        number = layout.comments[position].line
        owner = owners[position] or starting.get(number + 1) or below.get(number + 1)
        if owner is not None and owners[position] is None:
            below[number] = owner
        owners[position] = owner
    for line, owner in zip(layout.comments, owners, strict=True):
        yield _comment(text[line.start : line.end], Span(line.start, line.end), owner, stages)


def _comment(text: str, span: Span, owner: Statement | None, stages: Mapping[int, Span]) -> Comment:
    if owner is None:
        return Comment(text[1:].strip(), span)
    return Comment(text[1:].strip(), span, Span(owner.start, owner.end), stages.get(owner.start))
