"""`dockerfile_inline`: the text of the Dockerfile, and where each of its lines stands in the Compose file."""

from __future__ import annotations

from dockerlint.model.shared import Located
from dockerlint.parse.composevalues import Values
from dockerlint.parse.yamlnodes import Node, Scalar

Offsets = tuple[tuple[int, int], ...]


def inline_dockerfile(node: Node | None, values: Values) -> tuple[Located[str] | None, Offsets]:
    """The Dockerfile after Compose has put its variables in, and a pair of offsets for each line.

    Places are true to the character in a literal block (`|`) without variables. Behind a variable on the same
    line they are off by its change of length, and in other styles every line begins where the value does.
    """
    located = values.text_of(node)
    if located is None or not isinstance(node, Scalar) or not isinstance(located.value, str):
        return None, ()
    # A variable with a line break inside would move all lines behind it.
    text = located.value if located.value.count("\n") == node.text.count("\n") else node.text
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    if node.style != "|":
        return Located(text, located.span), tuple((start, located.span.start) for start in starts)
    return Located(text, located.span), tuple(
        zip(starts, _line_offsets(node, values, len(starts)), strict=True)
    )


def _line_offsets(node: Scalar, values: Values, count: int) -> list[int]:
    """Where the content of each line of a literal block begins in the file."""
    lines = node.text.split("\n")
    begin = values.text.find("\n", node.span.start, node.span.end) + 1
    offsets: list[int] = []
    for line in (lines + [""] * count)[:count]:
        end = values.text.find("\n", begin)
        end = len(values.text) if end < 0 else end
        carriage = 1 if end > begin and values.text[end - 1] == "\r" else 0
        offsets.append(max(end - carriage - len(line), begin))
        begin = min(end + 1, len(values.text))
    return offsets
