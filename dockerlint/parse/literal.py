"""Values of texts in which a dollar is a dollar, as in JSON, or was read before, as in words of a shell."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.parse.compose.values import Pair, Values
from dockerlint.values import Located
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence


class LiteralValues(Values):
    """Reads nodes as they are: Docker puts no variables into JSON, and a shell has done so before.

    UNRESOLVED may stand in a node where a variable of a shell stood.
    """

    def resolve(self, node: Scalar) -> str:
        return node.text

    def path_of(self, node: Node | None) -> Located[str] | None:
        return self.text_of(node)

    def pairs(self, node: Node | None) -> Iterator[Pair]:
        if isinstance(node, Mapping):
            for entry in node.kept:
                yield Pair(entry.key.text, self.content(entry.key), self.text_of(entry.value), "", entry.span)
        elif isinstance(node, Sequence):
            yield from (self._split(item) for item in node.items if isinstance(item, Scalar) and item.text)

    def _split(self, item: Scalar) -> Pair:
        name, equals, raw = item.text.partition("=")
        place = self.part(item, 0, len(name))
        if not equals:
            return Pair(name, place, None, "", self.content(item))
        value = Located(raw, self.part(item, len(name) + 1, len(item.text)))
        return Pair(name, place, value, "", self.content(item))
