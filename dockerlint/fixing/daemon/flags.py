"""Requests on the flags of dockerd in a unit of systemd: they are exchanged and taken out in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dockerlint.findings import Edit, Refusal, Refused
from dockerlint.fixing.request import Request
from dockerlint.model.command.command import Command
from dockerlint.parse.daemon.commands import daemon_lines
from dockerlint.parse.flags import GivenFlag
from dockerlint.text import Span, written_places
from dockerlint.values import UNRESOLVED


def edits_of(request: Request) -> list[Edit]:
    """The edits that a request on a flag amounts to; raises Refused."""
    if request.action == "set":
        wanted = request.argument.items()
        return [_exchanged(request.text, _last(request, key), value) for key, value in wanted]
    flag = _at(request, request.span)
    if request.action == "replace":
        return [_exchanged(request.text, flag, request.argument)]
    text, start = request.text, flag.span.start
    blanks = len(text[:start]) - len(text[:start].rstrip(" \t"))
    return [Edit(Span(start - blanks, flag.span.end), "")]


def _flags(request: Request) -> list[GivenFlag]:
    """The flags of the unit; those of a process that is told cannot be changed."""
    found = [flag for one in daemon_lines(request.text) if one.is_unit for flag in one.line.flags]
    if not found:
        raise Refused("this is the command line of a running daemon; change the unit that starts it")
    return found


def _at(request: Request, span: Span) -> GivenFlag:
    for flag in _flags(request):
        if flag.span.start <= span.start and span.end <= flag.span.end:
            return flag
    raise Refused("it is not a flag of dockerd")


def _last(request: Request, key: str) -> GivenFlag:
    given = [flag for flag in _flags(request) if flag.key == key]
    if not given:
        raise Refused("set it in daemon.json")
    return given[-1]


def _exchanged(written: str, flag: GivenFlag, value: Any) -> Edit:
    if UNRESOLVED in flag.value or isinstance(value, (dict, list)):
        raise Refused("it contains a variable, or takes several flags")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not text or any(one.isspace() or one in "'\"\\$%" for one in text):
        raise Refused("the value needs quotes")
    if written[flag.span.start : flag.span.end] == flag.name:  # a switch
        return Edit(flag.span, f"{flag.name}={text}")
    if written[flag.value_span.start : flag.value_span.end] != flag.value:
        raise Refused("it shares a word with other flags, or is quoted")
    return Edit(flag.value_span, text)


def flags_differ(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """Words of the commands that no edit wrote or took away must be the same."""
    kept = _words(before, [edit.span for edit in edits])
    left = _words(after, [place for _, place in written_places(edits) if place.end > place.start])
    return None if kept == left else Refusal("other flags would change")


def _words(text: str, touched: Sequence[Span]) -> list[str]:
    commands: list[Command] = [one.command for one in daemon_lines(text)]
    words = [word for command in commands for word in command.words]
    return [
        word.text
        for word in words
        if not any(place.start < word.span.end and word.span.start < place.end for place in touched)
    ]
