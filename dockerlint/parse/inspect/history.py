"""The steps of the history of an image, as engines and builders write them down.

`ENV NAME=value` and the arguments of a build (`|1 NAME=value /bin/sh -c …`) stand there without their quotes;
what follows `-c` is the script, as the shell got it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from dockerlint.model.host.inspection import ImageLayer
from dockerlint.model.variable import Variable
from dockerlint.parse.commands import parse_shell
from dockerlint.parse.inspect.fields import text_at
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import Located
from dockerlint.yaml.nodes import Node

_SETS: Final = pattern(r"(?:/bin/sh[ \t]+-c[ \t]+#\(nop\)[ \t]+)?(?:ENV|ARG|LABEL)[ \t]+")
_ARGUMENTS: Final = pattern(r"(?:RUN[ \t]+)?\|\d{1,4}[ \t]+")
_SHELL: Final = pattern(
    r"(?<!\S)\S{0,200}sh(?:[ \t]+-\S{1,40}(?:[ \t]+pipefail)?){0,9}?[ \t]+-\w{0,9}c[ \t]+"
)
_STEP: Final = pattern(r"RUN[ \t]+")
_OTHER: Final = pattern(r"(?:/bin/sh[ \t]+-c[ \t]+#\(nop\)|[A-Z]{3,11}[ \t])")
_SETTING: Final = pattern(r"(?<!\S)([A-Za-z_][\w.-]{0,200})=((?s:.*?))(?=[ \t][A-Za-z_][\w.-]{0,200}=|\Z)")
_MOST_SET: Final = 50
_LONGEST: Final = 100_000
"""Characters of a step that are read."""


def read_layer(item: Node) -> ImageLayer | None:
    """One step of a history: of Podman's inspect, or a line of `docker history --format json`."""
    for key in ("created_by", "CreatedBy"):
        command = text_at(item, key)
        if command is not None and command.known:
            return _layer(command)
    return None


def _layer(command: Located[str]) -> ImageLayer:
    text = str(command.value)[:_LONGEST]
    settings, script = _parts(text)
    commands = parse_shell(text[script:], script)
    typed = (secret for one in commands for secret in one.typed_secrets)
    places = tuple(span for secret in typed for span in secret.secret_spans)
    found = [*_settings(text, settings), *(one for each in commands for one in each.variables)]
    is_literal = len(str(command.value)) == command.span.end - command.span.start
    place = command.span.start if is_literal else None
    return ImageLayer(
        command=command,
        variables=tuple(_moved(islice(found, _MOST_SET), command.span, place)),
        secret_spans=tuple(_at(span, command.span, place) for span in places),
        span=command.span,
    )


def _parts(text: str) -> tuple[Span, int]:
    """Where variables are set in front of a script, and where the script begins; it may be empty."""
    sets, arguments = _SETS.match(text), _ARGUMENTS.match(text)
    if sets is not None:
        return Span(sets.end(), len(text)), len(text)
    start = 0 if arguments is None else arguments.end()
    shell = _SHELL.search(text, start)
    if arguments is not None:
        return Span(start, len(text) if shell is None else shell.start()), (
            len(text) if shell is None else shell.end()
        )
    step = _STEP.match(text)
    if shell is not None and shell.start() == (0 if step is None else step.end()):
        return Span(0, 0), len(text) if _OTHER.match(text) and step is None else shell.end()
    if step is None and _OTHER.match(text):
        return Span(0, 0), len(text)
    return Span(0, 0), 0 if step is None else step.end()


def _settings(text: str, where: Span) -> Iterator[Variable]:
    for match in _SETTING.finditer(text, where.start, where.end):
        value = match[2].rstrip()
        quote = value[0] if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0] else ""
        start, end = match.start(2) + len(quote), match.start(2) + len(value) - len(quote)
        yield Variable(
            match[1],
            Located(text[start:end], Span(start, end)),
            "history",
            Span(*match.span(1)),
            Span(match.start(), match.start(2) + len(value)),
        )


def _moved(variables: Iterable[Variable], whole: Span, start: int | None) -> Iterator[Variable]:
    """Variables with their places in the file: all of the step where it is written with escapes."""
    for one in variables:
        value = None if one.value is None else Located(one.value.value, _at(one.value.span, whole, start))
        places = _at(one.name_span, whole, start), _at(one.span, whole, start)
        yield Variable(one.name, value, "history", *places)


def _at(span: Span, whole: Span, start: int | None) -> Span:
    return whole if start is None else Span(span.start + start, span.end + start)
