"""Texts with `{path}` places: the messages of rules, and the arguments of their fixes."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlint.regex import pattern
from dockerlint.ruleset.operators import plain
from dockerlint.ruleset.paths import compile_path
from dockerlint.ruleset.rule import Reader, Scope
from dockerlint.values import UNKNOWN

PLACEHOLDER = pattern(r"\{([a-z_][\w.]*)\}")
LONGEST_SHOWN = 120
"""Characters of a value that a message shows."""
LONGEST_LIST = 600
"""Characters after which a list in a message ends in an ellipsis."""


def compile_message(template: str) -> Reader:
    """A reader that fills `{path}` places; lists are joined, long values cut."""
    opening, *pieces = PLACEHOLDER.split(template)
    places = [(compile_path(path), behind) for path, behind in zip(pieces[::2], pieces[1::2], strict=True)]

    def render(value: object, scope: Scope) -> str:
        text = opening
        for read, behind in places:
            text += show(read(value, scope)) + behind
        return text

    return render


def show(value: object) -> str:
    """A value as a message shows it."""
    value = plain(value)
    if isinstance(value, range):
        return _show_range(value)
    if isinstance(value, tuple):
        return _joined(value)
    text = "?" if value is None else str(value)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _joined(items: tuple[object, ...]) -> str:
    """A list in words, cut like a long value: a message must not grow with what it is about."""
    shown: list[str] = []
    left = LONGEST_LIST
    for item in items:
        shown.append(show(item))
        left -= len(shown[-1])
        if left < 0 and len(shown) < len(items):
            return ", ".join([*shown, "…"])
    return ", ".join(shown)


def _show_range(numbers: range) -> str:
    if len(numbers) < 2:
        return str(numbers.start) if numbers else ""
    return f"{numbers[0]}-{numbers[-1]}"


def compile_argument(argument: object) -> Reader:
    """A reader of text with `{path}` places, or of a small value of such texts; nothing is cut short.

    A place that is the whole text may lead to a list or a number, and is that.

    It gives UNKNOWN where one of the places is absent or not known.
    """
    if isinstance(argument, str) and PLACEHOLDER.search(argument):
        alone = PLACEHOLDER.fullmatch(argument)
        return _compile_text(argument) if alone is None else _compile_place(compile_path(alone[1]))
    if isinstance(argument, list):
        items = [compile_argument(item) for item in argument]
        return lambda value, scope: _unless_unknown([read(value, scope) for read in items])
    if isinstance(argument, Mapping):
        entries = {str(key): compile_argument(item) for key, item in argument.items()}

        def read_entries(value: object, scope: Scope) -> object:
            filled = {key: read(value, scope) for key, read in entries.items()}
            return UNKNOWN if UNKNOWN in filled.values() else filled

        return read_entries
    return lambda value, scope: argument


def _unless_unknown(items: list[object]) -> object:
    return UNKNOWN if any(item is UNKNOWN for item in items) else items


def _compile_place(read: Reader) -> Reader:
    def fill(value: object, scope: Scope) -> object:
        found = plain(read(value, scope))
        if isinstance(found, tuple):
            return list(found)
        if isinstance(found, range):
            return _show_range(found)
        if found is None or found is UNKNOWN:
            return UNKNOWN
        return found if isinstance(found, (int, float)) else str(found)

    return fill


def _compile_text(template: str) -> Reader:
    pieces = PLACEHOLDER.split(template)
    readers = [compile_path(path) for path in pieces[1::2]]

    def fill(value: object, scope: Scope) -> object:
        filled = [plain(read(value, scope)) for read in readers]
        if any(one is None or one is UNKNOWN or isinstance(one, (tuple, range)) for one in filled):
            return UNKNOWN
        texts = [*map(str, filled), ""]
        return "".join(text for pair in zip(pieces[::2], texts, strict=True) for text in pair)

    return fill
