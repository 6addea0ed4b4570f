"""ENV, ARG and LABEL: names and values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dockerlint.model.dockerfile.instruction import (
    Arg,
    Env,
    Label,
)
from dockerlint.model.variable import Variable
from dockerlint.parse.dockerfile.arguments import (
    ArgumentText,
    Assignment,
    read_declarations,
    read_pairs,
    read_protected_words,
)
from dockerlint.parse.dockerfile.context import Reading
from dockerlint.text import Span
from dockerlint.values import Located


def read_variable(pair: Assignment, origin: str, reading: Reading) -> Variable:
    """One name and value of ENV, ARG or LABEL."""
    name = reading.fill(pair.name).value if origin == "label" else pair.name.text
    name_span = reading.at(pair.name)
    if pair.value is None:
        return Variable(name, None, origin, name_span, name_span)
    inner = _unquoted(pair.value)
    value: Located[str] = Located(reading.fill(pair.value).known, reading.at(inner))
    is_literal = inner is not pair.value and pair.value.text[0] == "'"
    written = inner.text if "$" in inner.text and not is_literal else ""
    span = Span(name_span.start, reading.at(pair.value).end)
    return Variable(name, value, origin, name_span, span, written)


def _unquoted(piece: ArgumentText) -> ArgumentText:
    """Without the quotes that stand around the whole of it."""
    text = piece.text
    quote = text[:1]
    if len(text) >= 2 and quote in ("'", '"') and text.endswith(quote) and text.count(quote) == 2:
        return ArgumentText(text[1:-1], piece.start + 1, piece.end - 1)
    return piece


def _variables(reading: Reading, origin: str) -> dict[str, Any]:
    pairs, is_legacy = read_pairs(reading.text, reading.start, reading.file.escape)
    for pair in pairs:
        if pair.value is None:
            name = reading.keyword.text.upper()
            message = f"{name} needs a value for {pair.name.text[:40]}"
            reading.report("missing-value", message, pair.name, "write NAME=value")
    variables = tuple(read_variable(pair, origin, reading) for pair in pairs)
    if reading.undefined and len(pairs) > 1:
        names = {variable.name for variable in variables}
        reading.undefined = [replace(one, is_set_beside=one.name in names) for one in reading.undefined]
    with_equals = _with_equals(pairs[0], reading.file.escape) if is_legacy else None
    return {
        "variables": variables,
        "is_legacy": is_legacy,
        "with_equals": with_equals,
        **reading.common(),
    }


def _with_equals(pair: Assignment, escape: str) -> str | None:
    """A legacy pair in the other form, where quotes mean the same and blanks end a word."""
    if pair.value is None or any(mark in pair.name.text for mark in ("'", '"', escape)):
        return None
    value = pair.value.text
    words = list(read_protected_words(value, 0, escape))
    if len(words) == 1 and words[0].text == value:
        return f"{pair.name.text}={value}"
    return None if any(mark in value for mark in ("'", '"', escape)) else f'{pair.name.text}="{value}"'


def read_env(reading: Reading) -> Env:
    return Env(**_variables(reading, "env"))


def read_label(reading: Reading) -> Label:
    return Label(**_variables(reading, "label"))


def read_arg(reading: Reading) -> Arg:
    """ARG of a stage, or a global one."""
    pairs = read_declarations(reading.text, reading.start, reading.file.escape)
    return Arg(variables=tuple(read_variable(pair, "arg", reading) for pair in pairs), **reading.common())
