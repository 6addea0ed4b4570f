"""Why a stage must stay root, as far as its text tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dockerlint.data import word_list
from dockerlint.findings import Refusal
from dockerlint.hardening.user.root_home import why_home
from dockerlint.hardening.user.root_packages import why_packages
from dockerlint.hardening.user.root_programs import Look, why_programs
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import is_data_folder, is_within
from dockerlint.model.dockerfile.instruction import Instruction, Onbuild, Volume, Workdir
from dockerlint.model.dockerfile.running import Cmd, Entrypoint, Run
from dockerlint.model.dockerfile.written import file_effects, runs_program

_IDLE: Final = word_list("privileges", "idle-programs")
"""Programs that an image starts to say how it is meant to be used."""
_STATE: Final = ("/run/", "/var/run/", "/var/log/", "/var/lib/", "/var/spool/", "/var/cache/")
_STORES: Final = word_list("privileges", "store-programs")
"""Stores of data, which write below a folder that their packages make."""


def why_root(
    chain: Sequence[Instruction],
    starts: Sequence[Cmd | Entrypoint],
    *,
    has_step_down: bool,
    knows_start: bool,
    look: Look,
) -> Refusal | None:
    """Why a stage must stay root; None where nothing speaks against a user without rights.

    `chain` are its instructions and those of the stages it builds on, `starts` what it starts; `knows_start`
    says that the base image starts something that needs no root, `look` where scripts are.
    """
    if any(isinstance(each, Onbuild) for each in chain):
        return Refusal("its ONBUILD triggers are for images built on it, whose steps may need root")
    commands = [command for start in starts for command in start.commands]
    if all(one.program in _IDLE for one in commands) and not knows_start:
        return Refusal("it starts no program of its own, and images built on it may need root")
    if has_step_down:
        return Refusal("its entrypoint may drop root with the gosu or su-exec that it installs")
    return (
        why_programs(commands, look)
        or _of_data(chain, commands)
        or why_home(chain, commands)
        or _of_folders(chain, look.home)
        or _of_steps(chain)
        or why_packages(chain)
    )


def _of_data(chain: Sequence[Instruction], commands: Iterable[Command]) -> Refusal | None:
    """A folder of the system that it is told to write to, or a store of data without a folder of its own."""
    own = [effect.path for each in chain if isinstance(each, Run) for effect in file_effects(each, "/", {})]
    own += [one.path.known or "" for each in chain if isinstance(each, Volume) for one in each.paths]
    for command in commands:
        if command.words and command.words[0].text.startswith(("/usr/sbin/", "/sbin/")):
            return Refusal(f"{command.program} is in sbin, with the programs for root")
        if command.program in _STORES and not own:
            return Refusal(
                f"{command.program} keeps its data where only root or a user of its package can write"
            )
        for word in command.words[1:]:
            path = word.text.rpartition("=")[2]
            if path.startswith(_STATE) and not any(is_within(path, one) for one in own if one):
                return Refusal(f"it uses {path[:60]}, which belongs to root")
    return None


def _of_folders(chain: Sequence[Instruction], home: str | None) -> Refusal | None:
    if any(isinstance(each, Workdir) for each in chain) and home is not None and not _is_usable(home):
        return Refusal(f"its working directory {home} belongs to root")
    for each in chain:
        for one in each.paths if isinstance(each, Volume) else ():
            path = one.path.known or ""
            if is_within(path, "/tmp") or is_within(path, "/var/tmp"):
                continue
            if not is_data_folder(path):
                return Refusal(f"the volume {path or 'of a variable'} would still belong to root")
    return None


def _is_usable(home: str) -> bool:
    """A folder that its user may write or has no reason to."""
    return home == "/" or is_data_folder(home) or is_within(home, "/tmp") or home.endswith("/bin")


def _of_steps(chain: Iterable[Instruction]) -> Refusal | None:
    """A step that runs a program of the system, which may have left files where it is to write later."""
    for each in chain:
        for command in each.commands if isinstance(each, Run) else ():
            if command.tool == "ssh-keygen" or (command.tool == "openssl" and "req" in command.arguments):
                return Refusal(f"only root can read the key that {command.tool} creates in a step")
            script = next((word.text for word in command.words[1:] if word.text.startswith("/usr/")), None)
            if script and runs_program(command):
                return Refusal(f"a step runs {script[:60]} as root, and the files it writes belong to root")
    return None
