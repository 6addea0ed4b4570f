"""What a container fails without once it is hardened: the facts about its image, applied to how it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dockerlint.model.knowledge import TESTED, ImageNeeds
from dockerlint.model.shared import UNKNOWN, Unknown

if TYPE_CHECKING:
    from dockerlint.model.container import Container

_SHELLS = frozenset(("sh", "bash", "ash", "/bin/sh", "/bin/bash"))
_LAST_PRIVILEGED_PORT = 1023


def needed_capabilities(container: Container) -> tuple[str, ...] | Unknown:
    """Capabilities under `cap_drop: [ALL]`, in alphabetical order; UNKNOWN where nobody has found out."""
    needs, starts_as_root = _needs(container), _starts_as_root(container)
    if starts_as_root is False:
        return (*(() if needs is None else needs.as_user), *_for_low_ports(container))
    if needs is None or isinstance(starts_as_root, Unknown):
        return UNKNOWN
    names = needs.as_root_of(_tag(container))
    if names is None:
        return UNKNOWN
    found = {*names, *_for_low_ports(container), *_for_checks(container, needs)}
    if _mounts_foreign_folder(container, needs):
        found.update(needs.foreign)
    return tuple(sorted(found))


def read_only_capabilities(container: Container) -> tuple[str, ...] | Unknown:
    """The same once `needed_tmpfs` are there, which may take the place of folders of its own."""
    names, needs, folders = needed_capabilities(container), _needs(container), needed_tmpfs(container)
    if isinstance(names, Unknown) or isinstance(folders, Unknown) or needs is None:
        return UNKNOWN
    is_foreign = any(_is_below(entry.partition(":")[0], own) for entry in folders for own in needs.folders)
    more = needs.foreign if is_foreign and _starts_as_root(container) is not False else ()
    return tuple(sorted({*names, *more}))


def capability_evidence(container: Container) -> str:
    """`tested`, `read`, `derived`, `user`, `missing` or `none`: see Container.capability_evidence."""
    needs = _needs(container)
    if _starts_as_root(container) is False:
        return "user"
    if needs is not None and needed_capabilities(container) is not UNKNOWN:
        return "tested" if needs.is_tested else "derived" if needs.strength == "derived" else "read"
    image = container.image
    if image is None or image.facts is None:
        return "none"
    if image.drops_root is True or image.facts.needs is not None:
        return "missing"
    return "none"


def needed_tmpfs(container: Container) -> tuple[str, ...] | Unknown:
    """Folders of its own that it writes besides its volumes; UNKNOWN where nobody has found out."""
    needs = _needs(container)
    if needs is None or needs.tmpfs is None or needs.tmpfs_strength not in TESTED:
        return UNKNOWN
    if container.account is not None and needs.tmpfs:
        # A tmpfs takes owner and mode of the image's folder, which is root's.
        return UNKNOWN
    taken = {mount.target.known for mount in container.mounts if mount.target is not None}
    return tuple(entry for entry in needs.tmpfs if entry.partition(":")[0] not in taken)


def _needs(container: Container) -> ImageNeeds | None:
    """The facts, as far as the container runs what they were found with."""
    image = container.image
    if image is None or image.facts is None or container.build is not None or container.has_entrypoint:
        return None
    if any(command.program in _SHELLS for command in container.commands):
        return None
    return image.facts.needs


def _starts_as_root(container: Container) -> bool | Unknown:
    if container.account is not None:
        return container.account.is_root
    if container.image is None or container.build is not None or container.is_partial:
        return UNKNOWN
    user = container.image.default_user
    return UNKNOWN if isinstance(user, Unknown) else user.partition(":")[0] in ("root", "0", "")


def _tag(container: Container) -> str:
    image = container.image
    return "latest" if image is None or image.tag is None else image.tag.known or "latest"


def _for_low_ports(container: Container) -> tuple[str, ...]:
    """Only a network of its own has every port open to everybody."""
    facts = None if container.image is None else container.image.facts
    low = facts is not None and any(port <= _LAST_PRIVILEGED_PORT for port in facts.ports)
    return ("NET_BIND_SERVICE",) if low and container.uses_host_network is True else ()


def _for_checks(container: Container, needs: ImageNeeds) -> tuple[str, ...]:
    """A health check runs with what the container has."""
    check = container.healthcheck
    programs = set() if check is None else {command.program for command in check.commands}
    return tuple(name for program, names in needs.checks if program in programs for name in names)


def _mounts_foreign_folder(container: Container, needs: ImageNeeds) -> bool:
    """Such a folder comes with another owner than the image's own."""
    for mount in container.mounts:
        target = None if mount.target is None else mount.target.known
        own = target is not None and any(_is_below(target, folder) for folder in needs.folders)
        if own and (mount.is_bind is True or mount.is_tmpfs is True):
            return True
    return False


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
