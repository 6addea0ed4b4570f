"""`dockerfile_inline`: the text of the Dockerfile, and where each of its lines stands in the Compose file."""

from __future__ import annotations

from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.values import Located
from dockerlint.yaml.nodes import Node, Scalar

Offsets = tuple[tuple[int, int], ...]

_ESCAPE = pattern(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\r\n])")


def inline_dockerfile(node: Node | None, values: Values) -> tuple[Located[str] | None, Offsets]:
    """The Dockerfile after Compose has put its variables in, and pairs of offsets.

    Places are true to the character in a literal block (`|`) and in double quotes on one line, without
    variables. Behind a variable on the same line they are off by its change of length, and in other styles
    every line begins where the value does.
    """
    located = values.text_of(node)
    if located is None or not isinstance(node, Scalar) or not isinstance(located.value, str):
        return None, ()
    # A variable with a line break inside would move all lines behind it.
    text = located.value if located.value.count("\n") == node.text.count("\n") else node.text
    if node.style == '"' and text == node.text:
        escapes = _behind_escapes(values.text, located.span.start, located.span.end)
        if escapes is not None and _length(escapes, located.span.end) == len(text):
            return Located(text, located.span), escapes
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    if node.style != "|":
        return Located(text, located.span), tuple((start, located.span.start) for start in starts)
    return Located(text, located.span), tuple(
        zip(starts, _line_offsets(node, values, len(starts)), strict=True)
    )


def _behind_escapes(outer: str, start: int, end: int) -> Offsets | None:
    """The first offset of a double-quoted string and those behind its escapes; None where it is folded."""
    if outer.find("\n", start, end) >= 0:
        return None
    offsets, shift = [(0, start)], start
    for escape in _ESCAPE.finditer(outer, start, end):
        shift += escape.end() - escape.start() - 1
        offsets.append((escape.end() - shift, escape.end()))
    return tuple(offsets)


def _length(offsets: Offsets, end: int) -> int:
    inline, file = offsets[-1]
    return inline + end - file


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
