"""The choice of the user that a stage runs as."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from dockerlint.data import word_list
from dockerlint.findings import Refusal
from dockerlint.hardening.user.base_server import is_php_server, serves, why_base_stays
from dockerlint.hardening.user.evidence import is_proven
from dockerlint.hardening.user.fitting import FittingUser, StaysRoot
from dockerlint.hardening.user.new import NAME, NUMBER, creation, made_users, powerful_group, taken_groups
from dockerlint.hardening.user.root_need import why_root
from dockerlint.hardening.user.root_programs import Look, why_asked
from dockerlint.images.privilege import FIRST_UNPRIVILEGED_PORT, starts_as_root
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import is_data_folder, is_within
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.folders import steps_below
from dockerlint.model.dockerfile.instruction import Instruction, User, Volume
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.startscript import find_script
from dockerlint.model.dockerfile.written import file_effects
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.values import Unknown, known

_READY: Final = word_list("images", "images-with-a-meant-user")
"""Images whose ready-made user is meant for programs that are put upon them."""
_CHANGERS: Final = frozenset(("userdel", "deluser", "usermod"))
MOST_STEPS: Final = 1000
"""Instructions and commands of a stage, with those it builds on, that are looked at."""
_DISTROLESS: Final = "gcr.io/distroless/"
_ACCOUNT = pattern(r"[a-z_][a-z0-9_-]*\Z")
_VERSION = pattern(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


def fitting_user(stage: Stage) -> FittingUser | StaysRoot:
    """The user without rights that a stage can run as, or why it must stay root."""
    return stage.remember("fitting_user", _choose)


def _choose(stage: Stage) -> FittingUser | StaysRoot:
    base = stage.base
    if base is None or stage.is_windows is not False:
        return StaysRoot("its base image is not known")
    chain = stage.all_instructions
    if len(chain) + len(_commands(chain)) > MOST_STEPS:
        return StaysRoot("it has too many steps to analyse")
    back = _turned_back(stage, chain)
    return _needs_root(stage, base, chain, back) or _user_of(stage, base, chain, back)


def _needs_root(
    stage: Stage, base: Image, chain: Sequence[Instruction], back: FittingUser | None
) -> StaysRoot | None:
    """What in the steps or the start of a stage calls for root; None for nothing."""
    starts = tuple(start for start in (stage.entrypoint, stage.cmd) if start is not None)
    server = is_php_server(stage, base)
    refusal = why_asked([one for start in starts for one in start.commands]) or why_root(
        chain,
        () if server else starts,
        has_step_down=stage.has_step_down,
        knows_start=((server or serves(base)) and _brings_program(chain))
        or (stage.user is not None and _starts_unprivileged(base)),
        look=_look(stage, chain),
    )
    if refusal is None:
        return None
    return StaysRoot((refusal if starts else why_base_stays(base) or refusal).reason)


def _user_of(
    stage: Stage, base: Image, chain: Sequence[Instruction], back: FittingUser | None
) -> FittingUser | StaysRoot:
    """Who a stage that needs no root can run as: `back`, the user before root, or another one."""
    user = back or _made(stage, chain) or _built_in(base) or _new(base, chain)
    if isinstance(user, StaysRoot):
        return user
    if lost := next((one.tool for one in _commands(chain) if _takes_away(one, user.name)), None):
        return StaysRoot(f"{lost} changes the user {user.name}")
    server = is_php_server(stage, base)
    if back is None and not server and (other := _other_owner(chain, user)):
        return StaysRoot(f"a step gives files to {other[:40]}, who may be meant to run it")
    if back is None and not server and _keeps_volume(stage, chain, user):
        return StaysRoot("its volume cannot be given to another user")
    return user._replace(
        caveat=_caveat(stage, user),
        owns_files=user.owns_files and not server,
        is_proven=not any(one.has_host_folders for one in stage.builders)
        and (server or serves(base) or is_proven(stage, user)),
    )


def _look(stage: Stage, chain: Sequence[Instruction]) -> Look:
    steps = steps_below(stage)
    volumes = (one.path.known or "" for each in chain if isinstance(each, Volume) for one in each.paths)
    own = tuple(path for path in volumes if is_data_folder(path))
    return Look(partial(find_script, stage), steps[-1].folder if steps else None, own)


def _takes_away(command: Command, name: str) -> bool:
    return command.tool in _CHANGERS and any(word.text == name for word in command.words)


def _commands(chain: Sequence[Instruction]) -> list[Command]:
    return [command for each in chain if isinstance(each, Run) for command in each.commands]


def _turned_back(stage: Stage, chain: Sequence[Instruction]) -> FittingUser | None:
    """The user that was in force before root was: of an earlier USER, or of the base image."""
    if stage.user is None or stage.base is None:
        return None
    for each in reversed(chain):
        if isinstance(each, User) and each.is_root is False:
            return _back(known(each.text) or "", "the user set before")
    default = stage.base.default_user
    if isinstance(default, str) and not starts_as_root(default):
        return _back(default, "the user of the base image")._replace(is_of_base=True)
    return None


def _starts_unprivileged(base: Image) -> bool:
    """The base image starts something of its own, and not as root."""
    return isinstance(base.default_user, str) and not starts_as_root(base.default_user)


def _back(name: str, origin: str) -> FittingUser:
    return FittingUser(name, name, origin, owns_files=False)


def _made(stage: Stage, chain: Sequence[Instruction]) -> FittingUser | StaysRoot | None:
    """The user that the file makes and does not use."""
    users = made_users(_commands(chain))
    if users is None or len(users) > 1:
        return StaysRoot("it creates several users, and which of them is meant is not clear")
    if not users:
        return None
    user, since = users[0], 0
    if group := powerful_group(_commands(chain), user.name):
        return StaysRoot(f"the user that it creates has the rights of group {group}")
    for number, each in enumerate(stage.instructions):
        if isinstance(each, Run) and made_users(each.commands):
            since = number
    owner = f"{user.name}:{user.group}" if user.group else user.name
    return FittingUser(user.name, owner, "the user created in this file", since=since)


def _built_in(base: Image) -> FittingUser | None:
    """A user that the base image has for this."""
    name = "" if isinstance(base.name, Unknown) else base.name
    if base.is_scratch is True:
        owner = f"{NUMBER}:{NUMBER}"
        return FittingUser(
            owner, owner, "a numeric ID, since an empty image has no user names", owns_files=False
        )
    user = base.facts.unprivileged_user if base.facts else None
    if user and name.startswith(_DISTROLESS):
        return FittingUser(user, user, "the user of the base image", owns_files=False, is_of_base=True)
    if user and name in _READY and _has_ready(name, known(base.tag) or ""):
        owner = f"{user}:{user}"
        return FittingUser(user, owner, "the user of the base image", is_built_in=True, is_of_base=True)
    return None


def _has_ready(name: str, tag: str) -> bool:
    """Whether this tag has it: .NET since 8, node since 8."""
    version = _VERSION.match(tag)
    return version is None or name not in ("node", *_DOTNET) or int(version[1]) >= 8


_DOTNET: Final = tuple(name for name in _READY if name.startswith("mcr."))


def _new(base: Image, chain: Sequence[Instruction]) -> FittingUser | StaysRoot:
    """A user that the stage must make for itself."""
    command = creation(base)
    if isinstance(command, Refusal):
        return StaysRoot(command.reason)
    if command is None:
        owner = f"{NUMBER}:{NUMBER}"
        return FittingUser(owner, owner, "a numeric ID, since the base image cannot create users")
    if NAME in taken_groups(_commands(chain)):
        return StaysRoot(f"a group named {NAME} exists already")
    return FittingUser(NAME, f"{NAME}:{NAME}", "a new unprivileged user", command)


def _brings_program(chain: Sequence[Instruction]) -> bool:
    """It puts files upon its base, so that it is more than a base for others."""
    runs = (each for each in chain if isinstance(each, Run))
    filled = (effect.kind == "filled" for each in runs for effect in file_effects(each, "/", {}))
    return any(isinstance(each, Copy) for each in chain) or any(filled)


def _caveat(stage: Stage, user: FittingUser) -> str:
    name = user.name.partition(":")[0]
    parts = [f"existing volumes and mounted directories must be writable for {name}"]
    ports = (port.first for port in stage.exposed_ports)
    if any(not isinstance(port, int) or port < FIRST_UNPRIVILEGED_PORT for port in ports):
        parts.append(f"ports below {FIRST_UNPRIVILEGED_PORT} need Docker 20.10 or newer")
    if user.name.partition(":")[0].isdecimal():
        parts.append("it has no home directory")
    return "; ".join(parts)


def _other_owner(chain: Sequence[Instruction], user: FittingUser) -> str | None:
    """Somebody else than root and the user, by name, to whom steps give files."""
    names = [one.arguments[0] for one in _commands(chain) if one.tool == "chown" and one.arguments]
    names += [known(one.owner) or "" for one in chain if isinstance(one, Copy) and one.owner is not None]
    owners = (name.replace(".", ":").partition(":")[0] for name in names)
    own = (user.name.partition(":")[0], "root", "")
    return next((one for one in owners if one not in own and _ACCOUNT.match(one)), None)


def _keeps_volume(stage: Stage, chain: Sequence[Instruction], user: FittingUser) -> bool:
    """A volume that no step of the stage can hand over: of an earlier stage, or where there is no shell."""
    own = () if not user.owns_files else stage.instructions
    paths = (
        one.path.known or ""
        for each in chain
        if isinstance(each, Volume) and each not in own
        for one in each.paths
    )
    return any(not is_within(path, "/tmp") for path in paths)
