"""What a container fails without once it is hardened: the facts about its image, applied to how it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Final, TypeVar

from dockerlint.data import word_list
from dockerlint.hardening.conditions import hold, is_below, real_path, unmounted_path
from dockerlint.hardening.healthcheck import fitting_healthcheck
from dockerlint.hardening.receipts import TESTED as HERE
from dockerlint.hardening.receipts import proven_here, receipt_evidence
from dockerlint.images.facts import TESTED, ImageFacts, ImageNeeds
from dockerlint.images.privilege import FIRST_UNPRIVILEGED_PORT
from dockerlint.model.command.command import Command
from dockerlint.model.container.container import Container
from dockerlint.model.container.port import Port
from dockerlint.model.image import Image
from dockerlint.shell.wrappers import SHELLS
from dockerlint.values import UNKNOWN, Unknown

Told = TypeVar("Told")
_PRIVILEGED_PROGRAMS: Final = word_list("privileges", "programs-that-take-capabilities")
"""What they do takes capabilities, as root: other owners, other users, packages with files of others."""
_ROOT_PORTS: Final = word_list("privileges", "ports-of-root-services")
_FEW_PORTS: Final = 10
"""Of a range so many are looked at."""
_KEY_FILES = (".key", ".pem", ".p12", ".pfx")
"""Files of a host that only their owner may read, whoever that is there."""


def _once(tell: Callable[[Container], Told]) -> Callable[[Container], Told]:
    """The same of the container that was asked of last: rules ask of one many times in a row."""
    last: list[tuple[Container, Told]] = []

    @wraps(tell)
    def told(container: Container) -> Told:
        if not last or last[0][0] is not container:
            last[:] = [(container, tell(container))]
        return last[0][1]

    return told


@_once
def needed_capabilities(container: Container) -> tuple[str, ...] | Unknown:
    """Capabilities under `cap_drop: [ALL]`, in alphabetical order; UNKNOWN where nobody has found out."""
    if (receipt := proven_here(container)) is not None:
        return UNKNOWN if receipt.capabilities is None else not_dropped(receipt.capabilities, container)
    needs, starts_as_root = _start_needs(container), _starts_as_root(container)
    if starts_as_root is False:
        return not_dropped((*(() if needs is None else needs.as_user), *_for_low_ports(container)), container)
    if needs is None or isinstance(starts_as_root, Unknown):
        return UNKNOWN
    names = needs.as_root_of(_tag(container))
    if names is None:
        return UNKNOWN
    found = {*names, *_for_low_ports(container), *_for_checks(container, needs)}
    found.update(*_for_bound_folders(container, needs), *_for_words(container, needs))
    # What a build puts into folders of the image belongs to root, unless it says otherwise.
    if container.build is not None or _mounts_foreign_folder(container, needs):
        found.update(needs.foreign)
    return not_dropped(sorted(found), container)


def not_dropped(names: Iterable[str], container: Container) -> tuple[str, ...]:
    """Those that the text does not drop by name: it starts without them today."""
    dropped = {entry.value for entry in container.dropped}
    return tuple(name for name in names if name not in dropped)


def read_only_capabilities(container: Container) -> tuple[str, ...] | Unknown:
    """The same once `needed_tmpfs` are there, which may take the place of folders of its own."""
    if (receipt := proven_here(container)) is not None:
        return receipt.capabilities or ()
    names, needs, folders = needed_capabilities(container), image_needs(container), needed_tmpfs(container)
    if isinstance(names, Unknown) or isinstance(folders, Unknown) or needs is None:
        return UNKNOWN
    is_foreign = any(is_below(_folder(entry), own) for entry in folders for own in needs.folders)
    more = needs.foreign if is_foreign and _starts_as_root(container) is not False else ()
    if _all_or_unknown(more, container) is UNKNOWN:
        return UNKNOWN
    # Who lists some knows the others: what the service starts with today is enough without the tmpfs.
    return tuple(sorted({*(() if container.capabilities else names), *more}))


@_once
def capability_evidence(container: Container) -> str:
    """What `needed_capabilities` rest on.

    `tested`, `read` or `derived`: facts about its image. `built`: the build in sight, as a whole. `user`:
    facts about its program file, for a user who is not root; `unprivileged`: such a user, without facts.
    `missing`: it is known to need some, but not which. `none`: nothing is known. `here`: proven on an
    engine of the project; `line`: so with an older tag of its line; `failed`: tried there in vain.
    """
    if (receipt := proven_here(container)) is not None:
        return "failed" if receipt.capabilities is None else _evidence_here(container)
    needs = _start_needs(container)
    if _starts_as_root(container) is False:
        return "user" if needs is not None else "unprivileged"
    if needs is not None and needed_capabilities(container) is not UNKNOWN:
        strength = needs.strength
        if container.build is not None and strength != "derived":
            return "built"
        return "tested" if strength in TESTED else "derived" if strength == "derived" else "read"
    stage = None if container.built is None else container.built.stage
    image = container.image if container.build is None or stage is None else stage.base
    if any(map(_takes_privileges, _commands(container))) or (stage is not None and stage.has_step_down):
        return "missing"
    if any(map(_is_root_port, container.ports)):
        return "missing"
    if image is None or image.facts is None:
        return "none"
    if image.drops_root is True or (image.facts.needs is not None and image.facts.needs.as_root):
        return "missing"
    return "none"


@_once
def needed_tmpfs(container: Container) -> tuple[str, ...] | Unknown:
    """Entries of `tmpfs` for what it writes besides its volumes; UNKNOWN where nobody has found out."""
    if (receipt := proven_here(container)) is not None:
        return _not_mounted(receipt.tmpfs, container) if receipt.read_only else UNKNOWN
    needs, starts_as_root = image_needs(container), _starts_as_root(container)
    if needs is None or isinstance(starts_as_root, Unknown):
        return UNKNOWN
    is_own_user = container.account is not None and not starts_as_root
    # Where a writable folder is not needed at all, it does not matter whose it is.
    return _writable(needs, needs.tmpfs_as_user if is_own_user and needs.tmpfs else needs.tmpfs, container)


def _writable(
    needs: ImageNeeds, entries: tuple[str, ...] | None, container: Container
) -> tuple[str, ...] | Unknown:
    """What of these is not mounted; UNKNOWN where it may write elsewhere."""
    if entries is None or not hold(needs.tmpfs_conditions, container):
        return UNKNOWN
    if unmounted_path(container, (*needs.folders, *map(_folder, entries))) is not None:
        return UNKNOWN
    return _not_mounted(entries, container)


def tmpfs_evidence(container: Container) -> str:
    """`tested`, `documented`, `read` or `none`: how `needed_tmpfs` are known; or as `capability_evidence`."""
    if (receipt := proven_here(container)) is not None:
        return _evidence_here(container) if receipt.read_only else "failed"
    needs = image_needs(container)
    if needs is None or isinstance(needed_tmpfs(container), Unknown):
        return "none"
    if needs.tmpfs_strength in TESTED:
        return "tested"
    return "documented" if needs.tmpfs_strength == "documented" else "read"


def fitting_user(container: Container) -> str | None:
    """A user whom its entrypoint works for; None where none is known."""
    if (receipt := proven_here(container)) is not None and receipt.user:
        return receipt.user
    facts = None if container.image is None else container.image.facts
    return None if facts is None or image_needs(container) is None else facts.start_user or None


def check_capabilities(container: Container) -> tuple[str, ...] | Unknown:
    """What the health check that its image is known to pass needs as root; UNKNOWN where that is dropped."""
    needs, test = image_needs(container), fitting_healthcheck(container) or ()
    if needs is None or _starts_as_root(container) is False:
        return ()
    words = {word for text in test for word in text.split()}
    return _all_or_unknown((name for one, names in needs.checks if one in words for name in names), container)


def _all_or_unknown(names: Iterable[str], container: Container) -> tuple[str, ...] | Unknown:
    """These capabilities, if the text drops none of them by name."""
    wanted = tuple(names)
    return wanted if not_dropped(wanted, container) == wanted else UNKNOWN


def user_tmpfs(container: Container) -> tuple[str, ...] | Unknown:
    """What `fitting_user` needs as `tmpfs`, whether its file system is read-only or not."""
    if (receipt := proven_here(container)) is not None and receipt.user:
        return _not_mounted(receipt.tmpfs, container)
    needs = image_needs(container)
    return UNKNOWN if needs is None else _writable(needs, needs.tmpfs_as_user, container)


def user_capabilities(container: Container) -> tuple[str, ...] | Unknown:
    """What `fitting_user` needs under `cap_drop: [ALL]`."""
    if (receipt := proven_here(container)) is not None and receipt.user:
        return receipt.capabilities or ()
    needs = image_needs(container)
    return (
        UNKNOWN if needs is None else _all_or_unknown((*needs.as_user, *_for_low_ports(container)), container)
    )


def _not_mounted(entries: tuple[str, ...], container: Container) -> tuple[str, ...]:
    """The entries whose folder has no mount yet."""
    taken = {real_path(mount.target.known or "") for mount in container.mounts if mount.target is not None}
    return tuple(entry for entry in entries if real_path(_folder(entry)) not in taken)


def _folder(entry: str) -> str:
    """`/run` of `/run:mode=1777`."""
    return entry.partition(":")[0]


def _evidence_here(container: Container) -> str:
    return "here" if receipt_evidence(container) == HERE else "line"


@_once
def image_needs(container: Container) -> ImageNeeds | None:
    """What is known about its image, as far as the container runs what that was found with."""
    image = container.image
    if image is None or image.facts is None or not starts_image(container):
        return None
    needs = image.facts.needs
    return needs if needs is not None and hold(needs.conditions, container) else None


def starts_image(container: Container) -> bool:
    """It runs what its image starts: neither a build nor an entrypoint of its own, and no shell."""
    if container.image is None or container.build is not None or container.has_entrypoint:
        return False
    return not any(command.program in SHELLS for command in container.commands)


def _start_needs(container: Container) -> ImageNeeds | None:
    """What the entrypoint needs, also of an image that is built upon another and keeps its entrypoint."""
    if container.build is None:
        return image_needs(container)
    base = _image(container)
    if base is None or base.facts is None or container.has_entrypoint:
        return None
    if any(one.program in SHELLS for one in container.commands) or not _starts_base(container, base.facts):
        return None
    return base.facts.needs


def _starts_base(container: Container, facts: ImageFacts) -> bool:
    """The CMD of its Dockerfile, where it has one, is for the server of its base."""
    stage = None if container.built is None else container.built.stage
    commands = () if stage is None or stage.cmd is None else stage.cmd.commands
    if not commands or not facts.servers:
        return True
    return isinstance(commands[0].program, str) and facts.starts_server(commands[0].program)


def _image(container: Container) -> Image | None:
    """The image whose entrypoint runs."""
    if container.build is None:
        return container.image
    return None if container.built is None else container.built.base


def _commands(container: Container) -> tuple[Command, ...]:
    """What it starts, as far as it is written."""
    check = () if container.healthcheck is None else container.healthcheck.commands
    own = (*container.commands, *check)
    if container.built is None:
        return own
    started = container.built.with_scripts(own)
    return started if container.has_entrypoint else (*started, *container.built.commands)


@_once
def _starts_as_root(container: Container) -> bool | Unknown:
    if container.account is not None:
        return container.account.is_root
    stage = None if container.built is None else container.built.stage
    if stage is not None and stage.user is not None:
        return stage.user.is_root
    image = _image(container) if stage is None or stage.base is None else stage.base
    if image is None or container.is_partial:
        return UNKNOWN
    return image.starts_as_root


def _is_root_port(port: Port) -> bool:
    """A port of mail, names or time, whose servers start as root and go on as others."""
    return any(str(one) in _ROOT_PORTS for one in port.known_targets[:_FEW_PORTS])


def _takes_privileges(command: Command) -> bool:
    return not _PRIVILEGED_PROGRAMS.isdisjoint((command.program, *command.wrappers))


def _tag(container: Container) -> str:
    image = _image(container)
    return "latest" if image is None or image.tag is None else image.tag.known or "latest"


def _for_low_ports(container: Container) -> tuple[str, ...]:
    """Only a network of its own has every port open to everybody."""
    image = _image(container)
    facts = None if image is None else image.facts
    low = facts is not None and any(port < FIRST_UNPRIVILEGED_PORT for port in facts.ports)
    return ("NET_BIND_SERVICE",) if low and container.uses_host_network is True else ()


def _for_checks(container: Container, needs: ImageNeeds) -> tuple[str, ...]:
    """A health check runs with what the container has."""
    check = container.healthcheck
    programs = set() if check is None else {command.program for command in check.commands}
    return tuple(name for program, names in needs.checks if program in programs for name in names)


def _for_bound_folders(container: Container, needs: ImageNeeds) -> Iterator[tuple[str, ...]]:
    """A folder of the host belongs to anybody, also one that its command names; a key only to its owner."""
    told = {word.text.rpartition("=")[2] for command in container.commands for word in command.words}
    bound = [one.target.known or "" for one in container.mounts if one.target and one.is_bind is not False]
    for folder, names in needs.bound:
        if any(is_below(one, folder) or (one and one in told and "." not in one) for one in bound):
            yield names
    if any(target.endswith(_KEY_FILES) for target in bound):
        yield ("DAC_OVERRIDE",)


def _for_words(container: Container, needs: ImageNeeds) -> Iterator[tuple[str, ...]]:
    """What its command asks of it."""
    if not needs.words:
        return
    from fnmatch import fnmatchcase

    tag, told = _tag(container), [word.text for command in container.commands for word in command.words]
    for pattern, tags, names in needs.words:
        if fnmatchcase(tag, tags) and any(fnmatchcase(word, pattern) for word in told):
            yield names


def _mounts_foreign_folder(container: Container, needs: ImageNeeds) -> bool:
    """Such a folder comes with another owner than the image's own."""
    for mount in container.mounts:
        target = None if mount.target is None else mount.target.known
        own = target is not None and any(is_below(target, folder) for folder in needs.folders)
        if own and (mount.is_bind is not False or mount.is_tmpfs is True):
            return True
    return False
