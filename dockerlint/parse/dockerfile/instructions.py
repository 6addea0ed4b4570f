"""One statement of a stage → its instruction node; the state of the stage moves on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dockerlint.model.dockerfile.expose import Expose, ExposedPort
from dockerlint.model.dockerfile.instruction import (
    Instruction,
    Maintainer,
    Onbuild,
    Stopsignal,
    User,
    Volume,
    VolumePath,
    Workdir,
)
from dockerlint.model.dockerfile.repeated import with_repeated
from dockerlint.parse.dockerfile.arguments import (
    ArgumentText,
    read_flags,
    read_words,
)
from dockerlint.parse.dockerfile.context import FileState, Reading, StageState
from dockerlint.parse.dockerfile.copying import read_add, read_copy
from dockerlint.parse.dockerfile.effects import advance, directory_of
from dockerlint.parse.dockerfile.running import (
    read_cmd,
    read_entrypoint,
    read_healthcheck,
    read_run,
    read_shell,
)
from dockerlint.parse.dockerfile.settings import read_arg, read_env, read_label
from dockerlint.parse.dockerfile.statements import Statement
from dockerlint.regex import pattern
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown

KNOWN_FLAGS: Final[dict[str, frozenset[str]]] = {
    "FROM": frozenset(("platform",)),
    "RUN": frozenset(("mount", "network", "security", "device")),
    "COPY": frozenset(("from", "chown", "chmod", "link", "parents", "exclude")),
    "ADD": frozenset(("chown", "chmod", "link", "checksum", "keep-git-dir", "exclude", "unpack")),
    "HEALTHCHECK": frozenset(("interval", "timeout", "start-period", "start-interval", "retries")),
}
"""Flags by instruction (docs.docker.com/reference/dockerfile)."""

_PORT = pattern(r"(?P<host>.*:)?(?P<first>\d+)(?:-(?P<last>\d+))?(?:/(?P<protocol>\w+))?\Z")
_PROTOCOLS: Final = frozenset(("tcp", "udp", "sctp"))
_ABSOLUTE = pattern(r"/|\\|[A-Za-z]:")
_MAY_BE_BARE: Final = frozenset(("CMD", "ENTRYPOINT"))


def read_instruction(statement: Statement, file: FileState, stage: StageState) -> Instruction | None:
    """The node of a statement; None, and a problem, when Docker knows no such instruction."""
    written = statement.written_keyword
    keyword = ArgumentText(written, 0, len(written))
    node = _read(keyword, statement, file, stage, is_onbuild=False)
    if node is not None:
        advance(stage, node)
    return node


def cut(
    keyword: ArgumentText, statement: Statement, file: FileState, stage: StageState, *, is_onbuild: bool
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
    keyword: ArgumentText, statement: Statement, file: FileState, stage: StageState, *, is_onbuild: bool
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


def _report_unknown(keyword: ArgumentText, statement: Statement, file: FileState) -> None:
    hint = ""
    if file.budget.suggestions > 0:
        file.budget.suggestions -= 1
        hint = suggest(keyword.text.upper(), frozenset(READERS) | {"FROM"})
    shown = keyword.text if len(keyword.text) <= 40 else keyword.text[:40] + "…"
    span = statement.span(keyword.start, keyword.end)
    file.report("unknown-instruction", f"unknown instruction {shown}", span, hint and f"did you mean {hint}?")


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
        absolute=directory_of(reading.stage, value) if "$" not in rest.text else None,
        **reading.common(),
    )


def _read_expose(reading: Reading) -> Expose:
    words = read_words(reading.text, reading.start)
    ports = (_port(text, word, reading) for word in words for text in reading.locate_fields(word))
    return Expose(ports=with_repeated(ports, reading.stage.ports), **reading.common())


def _port(text: Located[str], word: ArgumentText, reading: Reading) -> ExposedPort:
    if isinstance(text.value, Unknown):
        return ExposedPort(text, UNKNOWN, UNKNOWN, UNKNOWN, text.span)
    matched = _PORT.match(text.value)
    if not matched:
        reading.report(
            "bad-port", f"{text.value[:40]!r} is not a port", word, "write a number, or a range 8000-8010"
        )
        return ExposedPort(text, UNKNOWN, UNKNOWN, UNKNOWN, text.span)
    first, last = matched["first"][:9], (matched["last"] or matched["first"])[:9]
    protocol = (matched["protocol"] or "tcp").lower()
    if protocol not in _PROTOCOLS:
        reading.report("bad-port", f"unknown protocol {protocol[:40]}", word, "write tcp, udp or sctp")
    return ExposedPort(text, int(first), int(last), protocol, text.span, has_host_part=bool(matched["host"]))


def _read_volume(reading: Reading) -> Volume:
    words = reading.list_at(reading.start)
    if words is None:
        words = read_words(reading.text, reading.start)
        reading.note_list(reading.start, runs=False)
    return Volume(paths=tuple(_volume_path(word, reading) for word in words), **reading.common())


def _volume_path(word: ArgumentText, reading: Reading) -> VolumePath:
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
    "ENV": read_env,
    "EXPOSE": _read_expose,
    "HEALTHCHECK": read_healthcheck,
    "LABEL": read_label,
    "MAINTAINER": _read_maintainer,
    "ONBUILD": _read_onbuild,
    "RUN": read_run,
    "SHELL": read_shell,
    "STOPSIGNAL": _read_stopsignal,
    "USER": _read_user,
    "VOLUME": _read_volume,
    "WORKDIR": _read_workdir,
}
