"""Scripts of the build context, read as commands."""

from __future__ import annotations

from collections.abc import Callable

from dockerlint.kinds import TextOf
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.script import Script
from dockerlint.parse.commands import parse_shell
from dockerlint.parse.dockerfile.running import shell_program
from dockerlint.regex import pattern

_SHEBANG = pattern(r"#!\s*(\S+)(?:[ \t]+(\S+))?")


def script_reader(text_of: TextOf) -> Callable[[str], Script | None]:
    """What reads a script by its path in the build context; one for no POSIX shell has no commands."""

    def read(path: str) -> Script | None:
        text = text_of(path)
        return None if text is None else Script(path, _commands(text), text)

    return read


def _commands(text: str) -> tuple[Command, ...]:
    shebang = _SHEBANG.match(text)
    program = shebang[2] if shebang and shebang[1].endswith("/env") and shebang[2] else None
    shell = (program or (shebang[1] if shebang else "sh"),)
    return parse_shell(text, 0, shell=shell) if shell_program(shell).is_posix is True else ()
