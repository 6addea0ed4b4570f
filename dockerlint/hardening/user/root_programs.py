"""Programs that must be started by root, and scripts that hide what they start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from dockerlint.data import table, word_list
from dockerlint.findings import Refusal
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import is_within
from dockerlint.model.dockerfile.script import Script, script_word
from dockerlint.model.dockerfile.startscript import why_script
from dockerlint.regex import pattern
from dockerlint.shell.wrappers import SHELLS
from dockerlint.values import Unknown

_SELF_DROPPING: Final = word_list("privileges", "programs-that-leave-root")
"""Programs that start as root and leave it by themselves."""
_ROOT_PROGRAMS: Final = word_list("privileges", "programs-that-need-root")
"""Programs that need root for what they do: Vault locks its memory, scanners open raw sockets, …"""
_SOCKET_PROGRAMS: Final = word_list("privileges", "programs-of-the-docker-socket")
"""Programs whose work is to talk to the Docker daemon."""
_PLAIN_WRAPPERS: Final = word_list("privileges", "plain-starters")
_ASKS: Final = table("privileges", "options-that-ask-for-root")
"""Options by which somebody has said that it is to be root."""
_SCRIPT = pattern(r".*\.(?:sh|bash|ash)\Z|.*(?:entrypoint|start|run|init|boot)[\w.-]*\Z")
_USER_OPTIONS: Final = word_list("privileges", "user-options")
_SERVICE_USERS: Final = word_list("privileges", "service-users")
_BUILDS_AT_START: Final = word_list("privileges", "programs-that-build-at-start")
_INTERPRETERS: Final = word_list("privileges", "interpreters-that-ask")
"""Programs that, started alone, ask a person what to do."""
_WAITERS: Final = word_list("privileges", "waiting-scripts")
"""Scripts that many projects bring along, which wait for a port."""
_KNOWN_SCRIPTS: Final = word_list("privileges", "known-scripts")
"""Scripts of official images that only start what they are given (docker-library/php, …/tomcat)."""
_LANGUAGES: Final = word_list("commands", "program-runners") | {"node", "bun", "deno"}
SYSTEM_PATH: Final = pattern(r"[\"'`](/(?:etc|var/(?:lib|log|run|spool|cache|opt)|run|root|usr)/[\w./-]+)")
_WRITES: Final = pattern(
    r"(?i)write|mkdir|makedirs|append|rename|unlink|chmod|chown|touch|copyfile|createfile|open\([^)]*[\"'][wax]"
)
"""Calls that change files, by their names in the languages that programs are interpreted in."""
_MOST_LINES: Final = 5000
_LONGEST_LINE: Final = 400
_SOCKETS: Final = frozenset(("/var/run/docker.sock", "/run/docker.sock"))


class Look(NamedTuple):
    """How to look into scripts that are started."""

    find: Callable[[str], Script | None]
    """By a word of the start; None for what is not in sight."""
    home: str | None
    """The folder that it starts in."""
    own: tuple[str, ...] = ()
    """Folders that would be its user's: volumes."""


def why_asked(commands: Sequence[Command]) -> Refusal | None:
    """An option by which the text says that root is meant."""
    for command in commands:
        options = _ASKS.get(command.tool or "", "").split()
        if found := next((word.text for word in command.words if word.text in options), None):
            return Refusal(f"{command.tool} {found} says that root is meant")
    return None


def why_programs(commands: Sequence[Command], look: Look) -> Refusal | None:
    """Why one of the commands that are started needs root; None for none."""
    for number, command in enumerate(commands):
        is_alone = number == len(commands) - 1 and all(map(_goes_on, commands[:number]))
        if refusal := _of_command(command, look, is_alone=is_alone):
            return refusal
    return None


def _goes_on(command: Command) -> bool:
    """An entrypoint that starts what CMD says."""
    return _is_script(command) or command.program in _PLAIN_WRAPPERS


def _of_command(command: Command, look: Look, *, is_alone: bool) -> Refusal | None:
    words = [word.text for word in command.words]
    if not isinstance(command.program, str):
        return Refusal("what it starts is a variable")
    if refusal := _of_program(command.program, words):
        return refusal
    if is_alone and command.tool in _INTERPRETERS and set(words[1:]) <= {"-a", "-i"}:
        return Refusal(f"{command.program} without arguments waits for input: this looks like a base image")
    if _is_script(command):
        return _of_script(command, look)
    if command.tool in _LANGUAGES and (refusal := _of_source(command, look)):
        return refusal
    if _SOCKETS.isdisjoint(words):
        return None
    return Refusal("it uses the Docker socket, which belongs to root")


def _of_program(program: str, words: Sequence[str]) -> Refusal | None:
    if program in _SELF_DROPPING:
        return Refusal(_self_dropping(program))
    if program in _ROOT_PROGRAMS:
        return Refusal(f"{program} needs root")
    if program in _SOCKET_PROGRAMS:
        return Refusal(f"{program} uses the Docker socket, which belongs to root")
    if program == "uv" and words[1:2] == ["run"] and "--no-sync" not in words:
        return Refusal("uv run may install at every start, in directories that belong to root")
    if program in _BUILDS_AT_START or (program == "dotnet" and words[1:2] in (["run"], ["watch"])):
        return Refusal(f"{program} builds at every start, in directories that belong to root")
    return Refusal(f"{program} is given the user to switch to") if _names_user(words) else None


def _of_script(command: Command, look: Look) -> Refusal | None:
    word = script_word(command)
    script = look.find(word) if word else None
    if script is None:
        what = f"the script {word}" if word else f"the {command.program} that it starts"
        return Refusal(f"what {what} does is not known; it may need root")
    if reason := why_script(script, look.home, look.own):
        return Refusal(reason)
    for each in script.commands:
        words = [one.text for one in each.words]
        program = str(each.program)
        if refusal := _of_program(program, words):
            return Refusal(f"{word}: {refusal.reason}")
        if _is_script(each) and program not in _WAITERS and not isinstance(each.program, Unknown):
            return Refusal(f"{word} runs {words[0][:40]}, whose content is not known")
    return None


def _of_source(command: Command, look: Look) -> Refusal | None:
    """What a program in sight writes, by the paths that stand in it as strings."""
    word = next((word.text for word in command.words[1:] if word.text[:1] != "-"), "")
    script = look.find(word if "/" in word else f"./{word}") if word else None
    for line in () if script is None else script.text.splitlines()[:_MOST_LINES]:
        found = SYSTEM_PATH.search(line[:_LONGEST_LINE])
        if (
            found
            and _WRITES.search(line[:_LONGEST_LINE])
            and not any(is_within(found[1], one) for one in look.own)
        ):
            return Refusal(f"{word} writes {found[1][:40]}, which belongs to root")
    return None


def _names_user(words: Sequence[str]) -> bool:
    """`--user NAME`, `-u nobody`: the program leaves root by itself."""
    pairs = pairwise(words)
    return any(word.partition("=")[0] in _USER_OPTIONS for word in words[1:]) or any(
        option == "-u" and value in _SERVICE_USERS for option, value in pairs
    )


def _self_dropping(program: str) -> str:
    what = f"{program} starts as root and drops it by itself"
    return f"{what}; nginxinc/nginx-unprivileged is a base image without root" if program == "nginx" else what


def _is_script(command: Command) -> bool:
    """A shell script by its name, or a shell that is not told its commands there, as by `sh -c TEXT`.

    `/opt/x/bin/x start` is how programs that go into the background are started, by scripts in most cases.
    """
    program = str(command.program)
    words = [word.text for word in command.words[:2]]
    if len(words) > 1 and words[0].startswith("/") and words[1] == "start":
        return True
    if program in SHELLS:
        return not any(word.text in ("-c", "-lc", "-ec", "-xc", "-exc") for word in command.words[1:2])
    if program in _KNOWN_SCRIPTS or program in _PLAIN_WRAPPERS or not command.words:
        return False
    return bool(_SCRIPT.match(program)) or bool(_SCRIPT.match(command.words[0].text))
