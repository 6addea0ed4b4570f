"""`command:`, `entrypoint:`, health tests and hooks of a Compose service, as commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from dockerlint.model.command.command import Command
from dockerlint.parse.compose.commandline import split_command
from dockerlint.parse.compose.placed import placed_text
from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.shell.sourcemap import Places
from dockerlint.shell.words import Word
from dockerlint.syntax import Problem
from dockerlint.values import UNKNOWN, UNRESOLVED
from dockerlint.yaml.nodes import Node, Scalar, Sequence

_OPERATOR = pattern(r"[;&|<>]+")


def read_command(node: Node | None, values: Values) -> tuple[Command, ...]:
    """A list of words, or a string that Compose splits into words."""
    if isinstance(node, Sequence):
        return _behind_entrypoint(of_words(node.items, values))
    return _behind_entrypoint(_of_line(node, values)) if _is_said(node) else ()


def _is_said(node: Node | None) -> TypeGuard[Scalar]:
    return isinstance(node, Scalar) and node.value is not None


def dropped_commands(node: Node | None, values: Values) -> tuple[Command, ...]:
    """What stands behind the first operator of a shell in a string, and so is not run."""
    from dockerlint.parse.commands import parse_script

    places = placed_text(node, values) if isinstance(node, Scalar) and _OPERATOR.search(node.text) else None
    cut = None if places is None else split_command(places).cut
    if places is None or cut is None:
        return ()
    return parse_script(Places(places.pieces(cut, len(places.text))))


def _of_line(node: Scalar, values: Values) -> tuple[Command, ...]:
    from dockerlint.parse.commands import command_of_words

    values.resolve(node)
    places = placed_text(node, values)
    if places is None:
        return ()
    line = split_command(places)
    if line.is_refused:
        message = "a quote or a parenthesis is not closed"
        values.problem("bad-command", message, node.span, "write a list of words")
    elif line.cut is not None:
        _tell_cut(places, line.cut, values)
    return command_of_words(line.words, line.pieces)


def _tell_cut(places: Places, cut: int, values: Values) -> None:
    operator = _OPERATOR.match(places.text, cut)
    assert operator is not None
    message = f"Compose starts no shell: it drops {operator[0]} and all that follows"
    span = places.span(*operator.span())
    values.problems.append(Problem("cut-command", message, 'write ["sh", "-c", "…"]', False, span))


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
    places = placed_text(node, values)
    return () if places is None else parse_script(places)


def _as_shell(text: str) -> str:
    return text.replace(UNRESOLVED, "${…}")
