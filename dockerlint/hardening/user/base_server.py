"""Images whose own start is a server: may somebody else than root start it?"""

from __future__ import annotations

import posixpath
from typing import Final

from dockerlint.data import table, word_list
from dockerlint.findings import Refusal
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.script import is_script, script_word
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.startscript import find_script
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.values import known

_VERSION = pattern(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_FOR_ANYBODY: Final = table("images", "servers-for-anybody")
_LEAVES: Final = word_list("privileges", "programs-that-leave-root") | word_list(
    "privileges", "programs-that-start-others"
)
_SERVERS: Final = word_list("privileges", "servers-that-leave-root")
_PHP_SERVERS: Final = word_list("privileges", "php-servers")


def why_base_stays(base: Image) -> Refusal | None:
    """Why what the base starts must be started by root; None where it starts nothing of its own."""
    tag = known(base.tag) or ""
    if base.name == "nginx":
        return Refusal("nginx drops root itself; nginxinc/nginx-unprivileged is a base image without root")
    is_php = _is_php(base, tag)
    if (base.name == "tomcat" and not serves(base)) or (is_php and not _starts_for_anybody("php", tag)):
        return Refusal(f"{base.name}:{tag or 'latest'} is too old to run as a user other than root")
    if base.name == "tomcat" or is_php:
        return Refusal("it adds no program to its base image, so it may be a base image itself")
    role = base.facts.role if base.facts is not None else ""
    if role in ("", "base"):
        return None
    return Refusal(f"{base.label} includes a server that starts as root")


def _is_php(base: Image, tag: str) -> bool:
    """php:apache or php:fpm, which bring a server."""
    return base.name == "php" and ("apache" in tag or "fpm" in tag)


def leaves_root(stage: Stage) -> bool:
    """What it starts, by itself or as its base does, is started by root and goes on as somebody else."""
    starts = [one for start in (stage.entrypoint, stage.cmd) if start for one in start.commands]
    if starts:
        # A script that is not at hand is what such a program was installed for.
        is_hidden = stage.has_step_down and any(map(is_script, starts))
        return is_hidden or any(_leaves(one) or _has_leaving_script(stage, one) for one in starts)
    base = stage.base
    if base is None or not isinstance(base.name, str):
        return False
    name = base.name.rpartition("/")[2]
    return name in _SERVERS or _is_php(base, known(base.tag) or "")


def _leaves(command: Command) -> bool:
    return not _LEAVES.isdisjoint((command.tool, command.program, *command.wrappers))


def _has_leaving_script(stage: Stage, start: Command) -> bool:
    """It starts a script of the build context in which something leaves root: `exec setpriv --reuid=app`."""
    word = script_word(start)
    # A link at the top often leads to the script among the programs.
    script = (find_script(stage, word) or find_script(stage, posixpath.basename(word))) if word else None
    return script is not None and any(map(_leaves, script.commands))


def is_php_server(stage: Stage, base: Image) -> bool:
    """php:apache and php:fpm of releases that may be started by any user, with their own start.

    Their workers are www-data's in any case.
    """
    tag = known(base.tag) or ""
    if not _is_php(base, tag) or not _starts_for_anybody("php", tag):
        return False
    commands = [one for start in (stage.entrypoint, stage.cmd) if start for one in start.commands]
    return all(one.program in _PHP_SERVERS for one in commands)


def serves(base: Image) -> bool:
    """tomcat, whose tree anybody may read and whose logs, temp and work anybody may write."""
    return base.name == "tomcat" and _starts_for_anybody("tomcat", known(base.tag) or "")


def _starts_for_anybody(name: str, tag: str) -> bool:
    """A tag of a release whose server any user may start; a shorter version is its newest release."""
    row, version = _FOR_ANYBODY[name], _VERSION.match(tag)
    if version is None:
        return bool(row.get("latest"))
    numbers = _numbers(version[0])
    if numbers in map(_numbers, row.get("moving", "").split()):
        return True
    firsts = [_numbers(one) for one in row["since"].split()]
    in_line = (first for first in firsts if first[:2] == numbers[:2] or first[: len(numbers)] == numbers)
    return numbers > max(firsts) or any(numbers >= first[: len(numbers)] for first in in_line)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
