"""RUN, CMD, ENTRYPOINT, HEALTHCHECK and SHELL: what is run, and by which shell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from dockerlint.model.command.command import Command
from dockerlint.model.command.packages import is_true
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.leftover import CACHE_VARIABLES
from dockerlint.model.dockerfile.running import (
    Cmd,
    Entrypoint,
    Healthcheck,
    Run,
    RunMount,
    Shell,
    ShellProgram,
)
from dockerlint.model.image import Image
from dockerlint.parse.commands import command_of_words, is_posix, parse_shell
from dockerlint.parse.dockerfile.arguments import (
    RawFlag,
    is_other_json_list,
    read_words,
    skip_blanks,
)
from dockerlint.parse.dockerfile.context import Reading, StageState, builds_as_root
from dockerlint.parse.dockerfile.copying import NO_VARIABLE
from dockerlint.parse.dockerfile.heredoc import Heredoc
from dockerlint.regex import pattern
from dockerlint.shell.words import Word
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED, Located

_SHEBANG = pattern(r"#!\s*(\S+)(?:[ \t]+(\S+))?")
_BROKEN_JSON: Final = pattern(r"\[\s*[\"'“”‘’]|\[.*\]\Z", re.DOTALL)
_FROM_VARIABLE: Final = pattern(r"(?:\A|,)[\s\"']*from=[^,]*\$", re.IGNORECASE)
_TRUE: Final = frozenset(("", "true", "1"))
_MOUNT_TYPES: Final = ("bind", "cache", "tmpfs", "secret", "ssh")
_NESTED_TARGETS: Final = ("target", "dst", "destination")


def read_run(reading: Reading) -> Run:
    """RUN, heredoc bodies included."""
    commands, form = _read_body(reading, reading.start)
    mounts = tuple(_read_mount(flag, reading) for flag in reading.raw_flags if flag.name == "mount")
    stage = reading.stage
    run = Run(
        commands=commands,
        form=form,
        shell=stage.shell if form == "shell" else None,
        scripts=_scripts(reading) if form == "shell" and is_posix(stage.shell_words) else (),
        mounts=mounts,
        images=tuple(image for mount in mounts if (image := _mounted_image(mount, reading))),
        network=reading.flag("network"),
        security=reading.flag("security"),
        as_root=builds_as_root(reading.stage),
        sees_whole_context=stage.sees_whole_context,
        has_npm_lock=stage.has_npm_lock,
        keeps_archives=stage.keeps_archives,
        cache_variables=tuple(_cache_variables(stage)),
        foreign_text=None if is_posix(stage.shell_words) else _whole_text(reading),
        pip_cache_is_off=is_true(str(stage.scope.values.get("PIP_NO_CACHE_DIR", ""))),
        **reading.common(),
    )
    return replace(run, repeats_run=True) if _repeats(run, stage.previous) else run


def _repeats(run: Run, above: Instruction | None) -> bool:
    return (
        isinstance(above, Run)
        and len(run.commands) == len(above.commands) == 1
        and run.flag_words == above.flag_words
    )


def _scripts(reading: Reading) -> tuple[Located[str], ...]:
    """The text of a shell form, or the bodies of heredocs that say of no other program that it reads them."""
    statement, start, text = reading.statement, reading.start, reading.file.text
    if start >= len(reading.text):
        return ()
    if statement.heredocs and _is_bare(reading, start):
        spans = [Span(one.start, one.end) for one in statement.heredocs]
        return tuple(
            Located(text[one.start : one.end], one) for one in spans if not text.startswith("#!", one.start)
        )
    raw, span = statement.raw(start, len(reading.text)), statement.span(start, len(reading.text))
    if statement.heredocs:
        raw += text[span.end : statement.end]
    return (Located(raw, Span(statement.place(start), statement.end)),)


def _cache_variables(stage: StageState) -> Iterator[tuple[str, str | None]]:
    for name in CACHE_VARIABLES:
        if name in stage.scope.values:
            value = stage.scope.values.get(name)
            yield name, value if isinstance(value, str) else None


def _whole_text(reading: Reading) -> Located[str]:
    """Everything behind the flags as it stands in the file, heredocs included."""
    span = reading.at(reading.rest)._replace(end=reading.statement.end)
    return Located(reading.file.text[span.start : span.end], span)


def read_cmd(reading: Reading) -> Cmd:
    """CMD."""
    return Cmd(**_start(reading))


def read_entrypoint(reading: Reading) -> Entrypoint:
    """ENTRYPOINT."""
    return Entrypoint(**_start(reading))


def _start(reading: Reading) -> dict[str, Any]:
    commands, form = _read_body(reading, reading.start)
    body = reading.rest
    return {
        "form": form,
        "commands": commands,
        "shell": reading.stage.shell if form == "shell" else None,
        "body": Located(body.text, reading.at(body)) if body.text else None,
        "is_broken_json": form == "shell" and bool(_BROKEN_JSON.match(body.text)),
        "has_shell": not reading.stage.shell.is_default,
        **reading.common(),
    }


def read_healthcheck(reading: Reading) -> Healthcheck:
    """HEALTHCHECK; its CMD is not the container's."""
    words = read_words(reading.text, reading.start)
    kind = words[0].text.upper() if words else ""
    commands: tuple[Command, ...] = ()
    form = "shell"
    if kind == "CMD":
        start = skip_blanks(reading.text, words[0].end)
        commands, form = _read_body(reading, start)
        if start >= len(reading.text):
            reading.report("missing-argument", "HEALTHCHECK CMD without a command")
    elif kind != "NONE" and words:
        reading.report(
            "unknown-healthcheck", f"unknown type {words[0].text!r}", words[0], "write CMD or NONE"
        )
    shell = reading.stage.shell if form == "shell" else None
    return Healthcheck(is_none=kind == "NONE", commands=commands, form=form, shell=shell, **reading.common())


def read_shell(reading: Reading) -> Shell:
    """SHELL, which Docker takes in JSON form only."""
    words = reading.list_at(reading.start)
    if words is None:
        if reading.rest.text:
            reading.report(
                "shell-form", "SHELL must be in JSON form", reading.rest, 'write ["/bin/sh", "-c"]'
            )
        words = []
    located = tuple(Located(word.text, reading.at(word)) for word in words)
    texts = tuple(word.text for word in words)
    return Shell(words=located, program=shell_program(texts) if texts else None, **reading.common())


def shell_program(words: tuple[str, ...], is_default: bool = False) -> ShellProgram:
    """The shell that some words of SHELL start."""
    name = re.split(r"[/\\]", words[0])[-1].lower().removesuffix(".exe")
    return ShellProgram(name, "pipefail" in words, is_default)


def _read_body(reading: Reading, start: int) -> tuple[tuple[Command, ...], str]:
    """Commands from `start` on, and the form they are written in."""
    words = reading.list_at(start)
    if words is not None:
        located = [Word(word.text, word.text, reading.at(word)) for word in words]
        found = sorted(command_of_words(located), key=lambda command: command.span.start)
        return tuple(found), "exec"
    if is_other_json_list(reading.text, start):
        reading.report("json-strings", "the JSON form takes strings only", reading.rest)
        return (), "shell"
    if start >= len(reading.text):
        return (), "shell"
    if reading.keyword.text.upper() in ("RUN", "HEALTHCHECK"):
        reading.note_list(start, runs=True)
    statement = reading.statement
    if statement.heredocs and _is_bare(reading, start):
        return tuple(
            command for each in statement.heredocs for command in _read_script(reading, each)
        ), "shell"
    raw = statement.raw(start, len(reading.text))
    if statement.heredocs:
        raw += reading.file.text[statement.span(start, len(reading.text)).end : statement.end]
    return parse_shell(raw, statement.place(start), shell=reading.stage.shell_words), "shell"


def _is_bare(reading: Reading, start: int) -> bool:
    """Nothing but heredocs: their bodies are the scripts. `RUN python <<EOF` gives its body to python."""
    words = read_words(reading.text, start)
    return [word.start for word in words] == [each.marker.start for each in reading.statement.heredocs]


def _read_script(reading: Reading, heredoc: Heredoc) -> tuple[Command, ...]:
    body = reading.file.text[heredoc.start : heredoc.end]
    shebang = _SHEBANG.match(body)
    shell = reading.stage.shell_words
    if shebang:
        program, argument = shebang.groups()
        shell = (argument if program.endswith("/env") and argument else program,)
        if not _reads_posix(shell[0]):
            return ()
    return parse_shell(body, heredoc.start, shell=shell)


def _reads_posix(program: str) -> bool:
    return shell_program((program,)).is_posix is True


def _read_mount(flag: RawFlag, reading: Reading) -> RunMount:
    """`--mount=type=cache,target=/x` (docs.docker.com/reference/dockerfile/#run---mount)."""
    text = reading.fill(flag.value).value if flag.value else ""
    options: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        options[name.lower()] = value
    if flag.value is not None and _FROM_VARIABLE.search(flag.value.text):
        reading.report("variable-in-from", NO_VARIABLE, flag, "name the image in a FROM … AS stage above")
    target = next((options[name] for name in _NESTED_TARGETS if name in options), None)
    kind = options.get("type", "bind").lower()
    if kind not in _MOUNT_TYPES and UNRESOLVED not in kind:
        message = f"unknown type {kind[:40]} of a mount"
        reading.report("unknown-mount", message, flag, f"write {', '.join(_MOUNT_TYPES)}")
    return RunMount(
        type=kind,
        target=target,
        source=options.get("source", options.get("src")),
        origin=options.get("from"),
        is_required=options.get("required", "false") in _TRUE,
        is_writable=any(options.get(name, "false") in _TRUE for name in ("rw", "readwrite")),
        span=reading.at(flag),
    )


def _mounted_image(mount: RunMount, reading: Reading) -> Image | None:
    """The image that `from=` names, when it is no stage."""
    stages = reading.file.stage_indexes
    if not mount.origin or mount.origin.lower() in stages or mount.origin.isdecimal():
        return None
    if reading.file.is_context(mount.origin):
        return None
    text = reading.file.text[mount.span.start : mount.span.end]
    at = text.find("from=" + mount.origin)
    span = mount.span
    if at >= 0:
        start = span.start + at + len("from=")
        span = span._replace(start=start, end=start + len(mount.origin))
    return reading.image(Located(mount.origin, span), "mount")
