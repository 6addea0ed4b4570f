"""A YAML stream, moved to where its text lies in the text space of a project."""

from __future__ import annotations

from dockerlint.link.sources import moved
from dockerlint.syntax import Comment, Problem
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, collections_in
from dockerlint.yaml.tree import Stream


def move_stream(stream: Stream, by: int) -> Stream:
    """The same documents and places, so many characters further on; what aliases share stays shared."""
    if not by:
        return stream
    mover = _Mover(by)
    return Stream(
        documents=tuple(map(mover.document, stream.documents)),
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

    def document(self, root: Node) -> Node:
        for node in collections_in(root):
            if id(node) not in self._moved:
                self._moved[id(node)] = self._collection(node)
        return self._node(root)

    def scalar(self, node: Scalar) -> Scalar:
        return node._replace(span=moved(node.span, self.by))

    def _node(self, node: Node) -> Node:
        return self.scalar(node) if isinstance(node, Scalar) else self._moved[id(node)]

    def _collection(self, node: Sequence | Mapping) -> Node:
        span = moved(node.span, self.by)
        if isinstance(node, Sequence):
            return node._replace(items=tuple(map(self._node, node.items)), span=span)
        return node._replace(entries={key: self._entry(one) for key, one in node.entries.items()}, span=span)

    def _entry(self, entry: Entry) -> Entry:
        span = moved(entry.span, self.by)
        return Entry(self.scalar(entry.key), self._node(entry.value), span, entry.is_merged)
