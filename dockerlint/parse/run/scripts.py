"""Where shell commands stand in a text: a script, a Makefile, Markdown, a unit of systemd, a file of CI.

Which of them it is, its content says: the same text may come from a pipe.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.data import word_list
from dockerlint.model.command.command import Command
from dockerlint.parse.commands import parse_shell
from dockerlint.parse.compose.command import of_script
from dockerlint.parse.literal import LiteralValues
from dockerlint.regex import pattern
from dockerlint.yaml.nodes import Node, Scalar, Sequence
from dockerlint.yaml.tree import parse_yaml

_FENCE: Final = pattern(r"(?m)^([ \t]*)(```+|~~~+)[ \t]*([\w+-]*)[^\n]*\n")
_SHELL_FENCES: Final = word_list("run", "fences-of-commands")
_PROMPT: Final = pattern(r"(?m)^[ \t]*(?:[\w.@~:/-]*[$#%>][ \t]+(?=\S))")
_UNIT: Final = pattern(r"(?m)^\[(?:Service|Unit|Container)\][ \t]*\r?$")
_EXEC: Final = pattern(r"(?m)^Exec\w+[ \t]*=[ \t]*[-@:+!|]*((?:[^\\\r\n]|\\\r?\n|\\.)*)")
_RECIPE: Final = pattern(r"(?m)^\t[ \t]*[@+-]*((?:[^\\\r\n]|\\\r?\n|\\.)*)")
_TARGET: Final = pattern(
    r"(?m)^[\w./%$(){}@-]+(?:[ \t]+[\w./%$(){}@-]+)*[ \t]*::?(?=[ \t\r\n])[^\n]*(?:\n(?:[ \t]*#[^\n]*)?)*\n\t"
)
_CI: Final = pattern(
    r"(?m)^[ \t]*(?:-[ \t]+)?(?:run|script|before_script|after_script|commands)[ \t]*:(?=\s|$)"
)
_SCRIPT_KEYS: Final = frozenset(("run", "script", "before_script", "after_script", "commands"))
_FILLER: Final = "\0"


def commands_of(text: str, values: LiteralValues) -> Iterator[Command]:
    """Every command of the text, in its order."""
    if text.startswith("#!"):
        yield from parse_shell(text)
    elif _UNIT.search(text):
        for match in _EXEC.finditer(text):
            yield from parse_shell(match[1].replace("%%", _FILLER + "%"), match.start(1))
    elif _FENCE.search(text):
        yield from _of_markdown(text)
    elif _TARGET.search(text):
        for match in _RECIPE.finditer(text):
            yield from parse_shell(match[1].replace("$$", _FILLER + "$"), match.start(1))
    elif _CI.search(text):
        for root in parse_yaml(text).documents:
            yield from _of_node(root, values, False)
    else:
        yield from parse_shell(text)


def _of_markdown(text: str) -> Iterator[Command]:
    at = 0
    while fence := _FENCE.search(text, at):
        closing = text.find(f"\n{fence[1]}{fence[2]}", fence.end() - 1)
        end = len(text) if closing < 0 else closing + 1
        if not fence[3] or fence[3].lower() in _SHELL_FENCES:
            block = _PROMPT.sub(lambda found: _FILLER * len(found[0]), text[fence.end() : end])
            yield from parse_shell(block, fence.end())
        at = end + len(fence[1]) + len(fence[2])


def _of_node(node: Node, values: LiteralValues, is_script: bool) -> Iterator[Command]:
    """Scalars below keys that hold scripts; the depth of a document is bounded by its reader."""
    if isinstance(node, Scalar):
        yield from of_script(node, values) if is_script else ()
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _of_node(item, values, is_script)
    else:
        for key, one in node.entries.items():
            yield from _of_node(one.value, values, key in _SCRIPT_KEYS)
