"""A YAML stream, moved to where its text lies in the text space of a project."""

from __future__ import annotations

from dockerlint.link.sources import moved
from dockerlint.syntax import Comment, Problem
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence
from dockerlint.yaml.tree import Stream


def move_stream(stream: Stream, by: int) -> Stream:
    """The same documents and places, so many characters further on; what aliases share stays shared."""
    if not by:
        return stream
    mover = _Mover(by)
    return Stream(
        documents=tuple(map(mover.node, stream.documents)),
        problems=tuple(move_problem(one, by) for one in stream.problems),
        shared=tuple(moved(span, by) for span in stream.shared),
        covered=tuple(moved(span, by) for span in stream.covered),
        dollars=tuple(map(mover.scalar, stream.dollars)),
    )


def move_problem(problem: Problem, by: int) -> Problem:
    """The same problem, so many characters further on."""
    span = moved(problem.span, by)
    return Problem(problem.code, problem.message, problem.hint, problem.is_fatal, span)


def move_comment(comment: Comment, by: int) -> Comment:
    """The same comment and what it is about, so many characters further on."""
    owner, block = comment.owner, comment.block
    return Comment(
        comment.text,
        moved(comment.span, by),
        None if owner is None else moved(owner, by),
        None if block is None else moved(block, by),
    )


class _Mover:
    """Moves nodes; one that several places share is moved once."""

    def __init__(self, by: int) -> None:
        self.by = by
        self._moved: dict[int, Node] = {}

    def node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            return self.scalar(node)
        found = self._moved.get(id(node))
        if found is None:
            found = self._sequence(node) if isinstance(node, Sequence) else self._mapping(node)
            self._moved[id(node)] = found
        return found

    def scalar(self, node: Scalar) -> Scalar:
        return node._replace(span=moved(node.span, self.by))

    def _sequence(self, node: Sequence) -> Sequence:
        return node._replace(items=tuple(map(self.node, node.items)), span=moved(node.span, self.by))

    def _mapping(self, node: Mapping) -> Mapping:
        entries = {name: self._entry(entry) for name, entry in node.entries.items()}
        return node._replace(entries=entries, span=moved(node.span, self.by))

    def _entry(self, entry: Entry) -> Entry:
        return Entry(
            self.scalar(entry.key), self.node(entry.value), moved(entry.span, self.by), entry.is_merged
        )
