"""One statement of a stage → its instruction node; the state of the stage moves on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from dockerlint.model.copying import Copy
from dockerlint.model.instruction import (
    Arg,
    Env,
    Expose,
    ExposedPort,
    Instruction,
    Label,
    Maintainer,
    Onbuild,
    Stopsignal,
    User,
    Volume,
    VolumePath,
    Workdir,
)
from dockerlint.model.running import Cmd, Entrypoint, Healthcheck, Run, Shell
from dockerlint.model.shared import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.model.variable import Variable
from dockerlint.parse.arguments import (
    Pair,
    Piece,
    read_declarations,
    read_flags,
    read_json,
    read_pairs,
    read_words,
)
from dockerlint.parse.copies import read_add, read_copy
from dockerlint.parse.reading import FileState, Reading, StageState
from dockerlint.parse.running import read_cmd, read_entrypoint, read_healthcheck, read_run, read_shell
from dockerlint.parse.statements import Statement
from dockerlint.text import Span

KNOWN_FLAGS: Final[dict[str, frozenset[str]]] = {
    "FROM": frozenset(("platform",)),
    "RUN": frozenset(("mount", "network", "security", "device")),
    "COPY": frozenset(("from", "chown", "chmod", "link", "parents", "exclude")),
    "ADD": frozenset(("chown", "chmod", "link", "checksum", "keep-git-dir", "exclude", "unpack")),
    "HEALTHCHECK": frozenset(("interval", "timeout", "start-period", "start-interval", "retries")),
}
"""Flags by instruction (docs.docker.com/reference/dockerfile)."""

MOST_PORTS: Final = 100
"""How many ports a stage remembers."""

_PORT = re.compile(r"(?P<host>.*:)?(?P<first>\d+)(?:-(?P<last>\d+))?(?:/(?P<protocol>\w+))?\Z")
_ABSOLUTE = re.compile(r"/|\\|[A-Za-z]:")
_MAY_BE_BARE: Final = frozenset(("CMD", "ENTRYPOINT"))


def read_instruction(statement: Statement, file: FileState, stage: StageState) -> Instruction | None:
    """The node of a statement; None, and a problem, when Docker knows no such instruction."""
    written = statement.written_keyword
    keyword = Piece(written, 0, len(written))
    node = _read(keyword, statement, file, stage, is_onbuild=False)
    if node is not None:
        advance(stage, node)
    return node


def cut(
    keyword: Piece, statement: Statement, file: FileState, stage: StageState, *, is_onbuild: bool
) -> Reading:
    """Take the flags off, and note those that the instruction does not have."""
    flags, start = read_flags(statement.text, keyword.end)
    reading = Reading(file, stage, statement, keyword, flags, start, is_onbuild)
    for flag in flags:
        known = KNOWN_FLAGS.get(keyword.text.upper(), frozenset[str]())
        if flag.name not in known:
            hint = suggest(flag.name, known)
            message = f"{keyword.text.upper()} has no flag --{flag.name}"
            reading.report("unknown-flag", message, flag, hint and f"did you mean --{hint}?")
    return reading


def suggest(word: str, known: frozenset[str]) -> str:
    """The known word that looks most like this one, or ""."""
    if len(word) > 30 or not known:
        return ""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, sorted(known), 1, 0.6)), "")


def _read(
    keyword: Piece, statement: Statement, file: FileState, stage: StageState, *, is_onbuild: bool
) -> Instruction | None:
    name = keyword.text.upper()
    reader = READERS.get(name)
    if reader is None:
        _report_unknown(keyword, statement, file)
        return None
    reading = cut(keyword, statement, file, stage, is_onbuild=is_onbuild)
    if not reading.rest.text and name not in _MAY_BE_BARE:
        reading.report("missing-argument", f"{name} needs an argument")
    return reader(reading)


def _report_unknown(keyword: Piece, statement: Statement, file: FileState) -> None:
    hint = ""
    if file.budget.suggestions > 0:
        file.budget.suggestions -= 1
        hint = suggest(keyword.text.upper(), frozenset(READERS) | {"FROM"})
    shown = keyword.text if len(keyword.text) <= 40 else keyword.text[:40] + "…"
    span = statement.span(keyword.start, keyword.end)
    file.report("unknown-instruction", f"unknown instruction {shown}", span, hint and f"did you mean {hint}?")


def advance(stage: StageState, node: Instruction) -> None:
    """What an instruction changes for those below it."""
    if isinstance(node, Env):
        for variable in node.variables:
            stage.scope.set_env(variable.name, _value(variable))
    elif isinstance(node, Arg):
        for variable in node.variables:
            stage.scope.declare(variable.name, _default(variable, stage))
    elif isinstance(node, User):
        stage.user = node
    elif isinstance(node, Workdir):
        stage.workdir = node
        stage.has_absolute_workdir |= node.is_relative is False
    elif isinstance(node, Shell):
        if node.program is not None:
            stage.shell = node.program
            stage.shell_words = tuple(word.known or "" for word in node.words)
    elif isinstance(node, Healthcheck):
        stage.healthcheck = node
    elif isinstance(node, Cmd):
        stage.cmd = node
    elif isinstance(node, Entrypoint):
        # Docker forgets the CMD of the base image, not one of this file that comes later.
        stage.entrypoint = node
    elif isinstance(node, Copy):
        stage.sees_whole_context |= node.brings_whole_context
    elif isinstance(node, Run):
        stage.has_step_down |= node.brings_step_down
    elif isinstance(node, Expose):
        stage.ports += node.ports[: MOST_PORTS - len(stage.ports)]


def _value(variable: Variable) -> str:
    value = variable.value.known if variable.value else ""
    return UNRESOLVED if value is None else value


def _default(variable: Variable, stage: StageState) -> str | Unknown | None:
    if variable.value is not None:
        return variable.value.value
    return stage.globals.values.get(variable.name)


def read_variable(pair: Pair, origin: str, reading: Reading) -> Variable:
    """One name and value of ENV, ARG or LABEL."""
    name = reading.fill(pair.name).value if origin == "label" else pair.name.text
    name_span = reading.at(pair.name)
    if pair.value is None:
        return Variable(name, None, origin, name_span, name_span)
    inner = _unquoted(pair.value)
    value: Located[str] = Located(reading.fill(pair.value).known, reading.at(inner))
    written = inner.text if "$" in inner.text else ""
    span = Span(name_span.start, reading.at(pair.value).end)
    return Variable(name, value, origin, name_span, span, written)


def _unquoted(piece: Piece) -> Piece:
    """Without the quotes that stand around the whole of it."""
    text = piece.text
    quote = text[:1]
    if len(text) >= 2 and quote in ("'", '"') and text.endswith(quote) and text.count(quote) == 2:
        return Piece(text[1:-1], piece.start + 1, piece.end - 1)
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
    return {"variables": variables, "is_legacy": is_legacy, **reading.common()}


def _read_env(reading: Reading) -> Env:
    return Env(**_variables(reading, "env"))


def _read_label(reading: Reading) -> Label:
    return Label(**_variables(reading, "label"))


def read_arg(reading: Reading) -> Arg:
    """ARG of a stage, or a global one."""
    pairs = read_declarations(reading.text, reading.start, reading.file.escape)
    return Arg(variables=tuple(read_variable(pair, "arg", reading) for pair in pairs), **reading.common())


def _read_user(reading: Reading) -> User:
    return User(text=reading.located_rest(), **reading.common())


def _read_workdir(reading: Reading) -> Workdir:
    rest = reading.rest
    value = reading.fill(rest).value
    path: Located[str] = Located(UNKNOWN if UNRESOLVED in value else value, reading.at(rest))
    is_relative: bool | Unknown = not _ABSOLUTE.match(value)
    if value.startswith(UNRESOLVED):
        is_relative = UNKNOWN
    return Workdir(
        path=path if rest.text else None,
        is_relative=is_relative if rest.text else False,
        has_absolute_before=reading.stage.has_absolute_workdir,
        **reading.common(),
    )


def _read_expose(reading: Reading) -> Expose:
    ports = tuple(_port(word, reading) for word in read_words(reading.text, reading.start))
    return Expose(ports=ports, **reading.common())


def _port(word: Piece, reading: Reading) -> ExposedPort:
    text = reading.locate(word)
    if isinstance(text.value, Unknown):
        return ExposedPort(text, UNKNOWN, UNKNOWN, UNKNOWN, text.span)
    matched = _PORT.match(text.value)
    if not matched:
        return ExposedPort(text, UNKNOWN, UNKNOWN, UNKNOWN, text.span, is_malformed=True)
    first, last = matched["first"][:9], (matched["last"] or matched["first"])[:9]
    protocol = (matched["protocol"] or "tcp").lower()
    return ExposedPort(text, int(first), int(last), protocol, text.span, has_host_part=bool(matched["host"]))


def _read_volume(reading: Reading) -> Volume:
    words = read_json(reading.text, reading.start)
    if words is None:
        words = read_words(reading.text, reading.start)
    return Volume(paths=tuple(_volume_path(word, reading) for word in words), **reading.common())


def _volume_path(word: Piece, reading: Reading) -> VolumePath:
    path = reading.locate(word)
    value = path.value if isinstance(path.value, Unknown) else path.value.rstrip("/") or "/"
    return VolumePath(Located(value, path.span), path.span)


def _read_stopsignal(reading: Reading) -> Stopsignal:
    return Stopsignal(signal=reading.located_rest(), **reading.common())


def _read_maintainer(reading: Reading) -> Maintainer:
    rest = reading.rest
    name: Located[str] | None = Located(rest.text, reading.at(rest)) if rest.text else None
    return Maintainer(name=name, **reading.common())


def _read_onbuild(reading: Reading) -> Onbuild:
    words = read_words(reading.text, reading.start)[:1]
    if not words:
        return Onbuild(**reading.common())
    word = words[0]
    keyword: Located[str] = Located(word.text.upper(), reading.at(word))
    trigger = None
    if keyword.value not in ("FROM", "MAINTAINER", "ONBUILD"):
        trigger = _read(word, reading.statement, reading.file, reading.stage, is_onbuild=True)
    return Onbuild(trigger=trigger, trigger_keyword=keyword, **reading.common())


READERS: Final[dict[str, Callable[[Reading], Instruction]]] = {
    "ADD": read_add,
    "ARG": read_arg,
    "CMD": read_cmd,
    "COPY": read_copy,
    "ENTRYPOINT": read_entrypoint,
    "ENV": _read_env,
    "EXPOSE": _read_expose,
    "HEALTHCHECK": read_healthcheck,
    "LABEL": _read_label,
    "MAINTAINER": _read_maintainer,
    "ONBUILD": _read_onbuild,
    "RUN": read_run,
    "SHELL": read_shell,
    "STOPSIGNAL": _read_stopsignal,
    "USER": _read_user,
    "VOLUME": _read_volume,
    "WORKDIR": _read_workdir,
}
