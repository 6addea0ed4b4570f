"""Requests on `docker run` and its like: flags are put in, exchanged and taken out where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Lookup
from functools import cache, lru_cache
from typing import Any, Final

from dockerlint.findings import Edit, Refusal, Refused
from dockerlint.fixing.dockerfile.image import retag
from dockerlint.fixing.request import Change, Outcome, Request
from dockerlint.model.container.container import Container
from dockerlint.model.container.port import Port
from dockerlint.parse.flags import GivenFlag
from dockerlint.parse.literal import LiteralValues
from dockerlint.parse.run.lines import RunLine, flag_rows, run_lines
from dockerlint.parse.run.scripts import commands_of
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED, known
from dockerlint.yaml.style import Value

_PLAIN: Final = pattern(r"[\w@%+=:,./-]+\Z")
_ONCE: Final = ("text", "switch")
"""Forms of flags of which the last one counts."""


def act(request: Request) -> Outcome:
    """The edits that a request on a line amounts to, or why there are none. Never raises."""
    carry_out = _ACTIONS.get(request.action)
    if carry_out is None:
        return Refusal("not supported in command lines")
    try:
        outcome = carry_out(request)
    except Refused as refused:
        return refused.refusal
    return outcome if isinstance(outcome, Change) else tuple(outcome)


def block(text: str, subject: str | None, wanted: Lookup[str, Value]) -> tuple[Edit, ...]:
    """The edits that give the only container of a name all these keys at once; raises Refused."""
    found = [one for one in _lines(text) if _name(one) == subject]
    if len(found) != 1:
        raise Refused("several commands make a container of that name")
    return tuple(_set_flags(text, found[0], wanted))


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[RunLine, ...]:
    return tuple(run_lines(commands_of(text, LiteralValues(text)), text))


def _name(line: RunLine) -> str:
    given = [flag.value for flag in line.line.flags if flag.key == "--name"]
    image = "" if line.image is None else line.image.text
    return (given[-1] if given else image) or "container"


def _line(request: Request) -> RunLine:
    container = request.scope.get("container")
    if isinstance(container, Container):
        for one in _lines(request.text):
            if one.span == container.span:
                return one
    raise Refused("it is not part of a command")


def _set(request: Request) -> list[Edit]:
    if isinstance(request.node, Port):
        return _bind(request, str(request.argument["host_ip"]))
    return _set_flags(request.text, _line(request), request.argument)


def _bind(request: Request, address: str) -> list[Edit]:
    """An address in front of the ports, in place of one that is there."""
    port = request.node
    assert isinstance(port, Port)
    flag = _flag_at(_line(request), port.span)
    if UNRESOLVED in flag.value or not _is_verbatim(request.text, flag):
        raise Refused("it contains a variable, or quotes inside of it")
    if port.host_ip is None:
        start = flag.value_span.start
        gap = "" if port.published is not None else ":"
        return [Edit(Span(start, start), f"{address}:{gap}")]
    return [Edit(port.host_ip.span, address)]


def _is_verbatim(text: str, flag: GivenFlag) -> bool:
    return text[flag.value_span.start : flag.value_span.end] == flag.value


@cache
def _flags_of_keys() -> dict[str, str]:
    """The flag that says what a key of Compose says."""
    rows = flag_rows("run-flags").items()
    return {
        row["key"]: flag for flag, row in reversed(rows) if "key" in row and row["form"] in (*_ONCE, "list")
    }


def _set_flags(text: str, line: RunLine, wanted: Lookup[str, Value]) -> list[Edit]:
    """The flags that a line lacks in front of its image; one that may be given once is exchanged."""
    if line.line.is_partial or line.image is None:
        raise Refused("a variable may bring more flags")
    if any(mark in line.image.text for mark in "\r\n'\"`"):
        raise Refused("a quote is never closed")
    if "cap_add" in wanted and not _drops_all(line, wanted):
        wanted = {key: value for key, value in wanted.items() if key != "cap_add"}
    edits: list[Edit] = []
    words: list[str] = []
    for key, value in wanted.items():
        flag = _flags_of_keys().get(key)
        if flag is None:
            raise Refused(f"dockerd has no flag for {key}")
        given = [one for one in line.line.flags if one.key == flag]
        if isinstance(value, list):
            words += _lacking(flag, given, value)
        elif isinstance(value, dict):
            raise Refused(f"{key} takes several flags")
        elif given:
            edits.append(_exchanged(text, given[-1], value))
        else:
            words += [flag] if value is True else [f"{flag}={_worded(value)}" if value is False else flag]
            words += [] if isinstance(value, bool) else [_worded(value)]
    if words:
        start = line.image.span.start
        edits.append(Edit(Span(start, start), " ".join(words) + " "))
    return edits


def _drops_all(line: RunLine, wanted: Lookup[str, Value]) -> bool:
    dropped = wanted.get("cap_drop")
    given = [flag.value.upper() for flag in line.line.flags if flag.key == "--cap-drop"]
    return "ALL" in given or (isinstance(dropped, list) and "ALL" in dropped)


def _lacking(flag: str, given: list[GivenFlag], value: list[str]) -> Iterator[str]:
    there = {_bare(one.value) for one in given}
    for one in value:
        if _bare(one) not in there:
            yield from (flag, _worded(one))


def _bare(item: str) -> str:
    """`no-new-privileges` of `no-new-privileges:true`; `CHOWN` of `cap_chown`."""
    return item.replace("=", ":").partition(":")[0].upper().removeprefix("CAP_")


def _exchanged(text: str, flag: GivenFlag, value: Value) -> Edit:
    if UNRESOLVED in flag.value:
        raise Refused("it contains a variable")
    if flag.value_span == flag.span:  # a switch
        raise Refused("it is a switch")
    return Edit(flag.value_span, _worded(value))


def _worded(value: Any) -> str:
    """A value as one word of a shell."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _PLAIN.match(text):
        return text
    if "'" in text:
        raise Refused("the value needs quotes inside of quotes")
    return f"'{text}'"


def _flag_at(line: RunLine, span: Span) -> GivenFlag:
    for flag in line.line.flags:
        if flag.span.start <= span.start and span.end <= flag.span.end:
            return flag
    raise Refused("it is not a flag of the command")


def _remove(request: Request) -> list[Edit]:
    line = _line(request)
    flag = _flag_at(line, request.span)
    text, start, end = request.text, flag.span.start, flag.span.end
    is_own = text.startswith(flag.name, start) and text[max(start - 1, 0) : start].isspace()
    is_switch = flag.value_span.end - flag.value_span.start == 1 and flag.value == "true"
    if not is_own or (is_switch and end - start > len(flag.name)):
        raise Refused("it shares a word with other flags")
    blanks = len(text[end:]) - len(text[end:].lstrip(" \t"))
    return [Edit(Span(start, end + blanks), "")]


def _replace(request: Request) -> list[Edit]:
    flag = _flag_at(_line(request), request.span)
    if UNRESOLVED in flag.value or "$" in request.written:
        raise Refused("it contains a variable")
    return [Edit(request.span, _worded(request.argument))]


def _replace_image(request: Request) -> list[Edit] | Change:
    line = _line(request)
    if line.image is None or known(getattr(request.scope.get("image"), "tag", None)) == UNRESOLVED:
        raise Refused("the image is not known")
    outcome = retag(request)
    if isinstance(outcome, Refusal):
        raise Refused(outcome.reason)
    return outcome if isinstance(outcome, Change) else list(outcome)


_ACTIONS: dict[str, Callable[[Request], list[Edit] | Change]] = {
    "set": _set,
    "remove": _remove,
    "replace": _replace,
    "replace_image": _replace_image,
}
