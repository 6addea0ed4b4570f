"""`command:`, `entrypoint:`, health tests and hooks of a Compose service, as commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeGuard

from dockerlint.link.interpolation import Expansion
from dockerlint.model.command.command import Command
from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.shell.sourcemap import FILLER, Places, SourcePiece
from dockerlint.shell.words import Word
from dockerlint.values import UNKNOWN, UNRESOLVED
from dockerlint.yaml.nodes import Node, Scalar, Sequence

_BREAK = pattern(r"\r?\n")


def read_command(node: Node | None, values: Values) -> tuple[Command, ...]:
    """A string, which Compose splits as a shell would, or a list of words."""
    if isinstance(node, Sequence):
        return _behind_entrypoint(of_words(node.items, values))
    return _behind_entrypoint(of_script(node, values)) if _is_said(node) else ()


def _is_said(node: Node | None) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and node.value is not None


def _behind_entrypoint(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """Options alone are given to the entrypoint of the image: a program that nobody here knows."""
    if not commands or not commands[0].words or not commands[0].words[0].text.startswith("-"):
        return commands
    first = commands[0]
    program = Word(UNKNOWN, "", first.span._replace(end=first.span.start))
    return (replace(first, program=UNKNOWN, words=(program, *first.words)), *commands[1:])


def read_test(node: Node | None, values: Values) -> tuple[Command, ...]:
    """`healthcheck.test`: a script, or a list whose first word says how to run the rest."""
    if not isinstance(node, Sequence) or not node.items:
        return of_script(node, values) if _is_said(node) else ()
    how, rest = node.items[0], node.items[1:]
    if isinstance(how, Scalar) and how.text == "CMD":
        return of_words(rest, values)
    script = rest[0] if rest and isinstance(how, Scalar) and how.text == "CMD-SHELL" else None
    return of_script(script, values) if isinstance(script, Scalar) else ()


def of_words(items: tuple[Node, ...], values: Values) -> tuple[Command, ...]:
    """The commands of a list; `["sh", "-c", "…"]` is looked into."""
    from dockerlint.parse.commands import command_of_words

    return command_of_words([_word(item, values) for item in items if isinstance(item, Scalar)])


def _word(item: Scalar, values: Values) -> Word:
    """A word of a list; UNKNOWN where a variable has no value, or one that is set elsewhere."""
    text, span = values.resolve(item), values.content(item)
    if values.is_set_elsewhere(item):
        return Word(UNKNOWN, item.text, span)
    return Word(UNKNOWN if UNRESOLVED in text else text, _as_shell(text), span)


def of_script(node: Scalar, values: Values) -> tuple[Command, ...]:
    """The commands of a string."""
    from dockerlint.parse.commands import parse_script

    values.resolve(node)
    raw = in_place(node, values)
    if raw is None:
        return ()
    return parse_script(Places(_pieces(raw, values.content(node).start, values.expansions(node, raw))))


def in_place(node: Scalar, values: Values) -> str | None:
    """The content of a scalar at its own offsets, U+0000 for what does not belong to it.

    None where the text has escapes or folds that cannot be undone in place.
    """
    start, end = values.content(node)[:2]
    text = values.text[start:end]
    if node.style == "'":
        text = text.replace("''", FILLER + "'")
    elif node.style == '"':
        text = text.replace('\\"', FILLER + '"')
    if node.style != "|":
        text = _BREAK.sub(lambda match: " " * len(match[0]), text)
    return text if text.replace(FILLER, "").split() == node.text.split() else None


def _pieces(raw: str, base: int, expansions: Iterable[Expansion]) -> Iterator[SourcePiece]:
    """The script that Compose hands on. Variables that are set elsewhere stay as they are written."""
    at = 0
    for start, end, text in expansions:
        yield from _verbatim(raw, at, start, base)
        if text == "$":
            # What is left of $$ is a dollar of the shell.
            yield SourcePiece(text, base + end - 1, base + end)
        elif UNRESOLVED in text:
            yield from (piece._replace(is_open=True) for piece in _verbatim(raw, start, end, base))
        else:
            yield SourcePiece(text.replace(FILLER, ""), base + start, base + end)
        at = end
    yield from _verbatim(raw, at, len(raw), base)


def _verbatim(raw: str, start: int, end: int, base: int) -> Iterator[SourcePiece]:
    for part in raw[start:end].split(FILLER):
        yield SourcePiece(part, base + start, base + start + len(part))
        start += len(part) + 1


def _as_shell(text: str) -> str:
    return text.replace(UNRESOLVED, "${…}")
