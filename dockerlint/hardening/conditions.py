"""Under which conditions a fact about an image holds for a container, and where its command has it write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.data import ordered_words
from dockerlint.images.facts import Conditions, is_before
from dockerlint.model.container.container import Container
from dockerlint.model.variable import Variable
from dockerlint.values import Unknown, known

_READ_ONLY: Final = ordered_words("folders", "read-only-trees")
"""Trees of a container that programs read from: a path there says nothing about writing."""


def hold(conditions: Conditions, container: Container) -> bool:
    """All conditions are seen to be met."""
    return (
        (conditions.since is None or _is_since(conditions.since, container))
        and all(_is_mounted(folder, container) for folder in conditions.needs_volume)
        and not any(_touches(folder, container) for folder in conditions.unless_mounted)
        and not any(_is_told(option, container) for option in conditions.unless_option)
    )


def unmounted_path(container: Container, writable: tuple[str, ...]) -> str | None:
    """A path in its command or variables which no mount and no folder of `writable` holds; None for none."""
    held = (*writable, *_READ_ONLY)
    loose = (path for path in _paths(container) if not any(is_below(path, folder) for folder in held))
    return next((path for path in loose if path != "/" and not _is_mounted(path, container)), None)


def is_below(path: str, folder: str) -> bool:
    """A path is the folder or in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _is_since(first: str, container: Container) -> bool:
    """A tag in a variable counts as old."""
    tag = None if container.image is None else container.image.tag
    if tag is not None and isinstance(tag.value, Unknown):
        return False
    return not is_before(known(tag) or "latest", first)


def real_path(path: str) -> str:
    """/var/run leads to /run in every image that follows the Filesystem Hierarchy Standard 3.0 (5.13)."""
    return path.removeprefix("/var") if is_below(path, "/var/run") else path


def _targets(container: Container) -> Iterator[str | None]:
    for mount in container.mounts:
        if mount.target is not None:
            yield None if mount.target.known is None else real_path(mount.target.known)


def _is_mounted(path: str, container: Container) -> bool:
    """A mount holds it."""
    return any(target is not None and is_below(real_path(path), target) for target in _targets(container))


def _touches(folder: str, container: Container) -> bool:
    """A mount holds the folder, lies in it, or may do so."""
    folder, targets = real_path(folder), _targets(container)
    return any(one is None or is_below(folder, one) or is_below(one, folder) for one in targets)


def _is_told(option: str, container: Container) -> bool:
    """Its command has such a word, or its variables such a setting; a file of variables may hold it."""
    from fnmatch import fnmatchcase

    if container.env_files and option[:1].isupper():
        return True
    words = [word.text for command in container.commands for word in command.words]
    words += [f"{one.name}={_text(one) or ''}" for one in container.variables]
    return any(fnmatchcase(word, option) for word in words)


def _paths(container: Container) -> Iterator[str]:
    """Absolute paths behind the program of its command, and those that are the value of a variable."""
    for command in container.commands:
        for word in command.words[1:]:
            yield from _path_in(word.text)
    for variable in container.variables:
        yield from _path_in(_text(variable) or "")


def _text(variable: Variable) -> str | None:
    return None if variable.value is None else variable.value.known


def _path_in(text: str) -> Iterator[str]:
    """`/var/log/x` of `--logfile=/var/log/x`."""
    path = text.rpartition("=")[2].strip("'\"")
    if path.startswith("/") and not path.startswith("//"):
        yield path.rstrip("/") or "/"
