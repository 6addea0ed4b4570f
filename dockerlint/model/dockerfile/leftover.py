"""Files of package managers that one RUN leaves in its layer: package lists, caches, downloaded archives."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from dockerlint.data import table, word_list
from dockerlint.model.command.packages import PackageStep, is_true
from dockerlint.model.dockerfile.script import script_word
from dockerlint.text import Span
from dockerlint.values import Located, known

if TYPE_CHECKING:
    from dockerlint.model.command.command import Command


@dataclass(frozen=True, slots=True)
class Leftover:
    """Files of a package manager that stay in the layer and serve nothing there."""

    KINDS: ClassVar[tuple[str, ...]] = ("leftover",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    manager: str
    """The package manager that leaves them."""
    step: PackageStep = field(repr=False)
    """The call that left them."""
    path: str
    """Where they are."""
    span: Span = field(compare=False)


class _Cache(NamedTuple):
    fills: tuple[str, ...]
    """The actions that fill it."""
    shown: str
    mounts: tuple[str, ...]
    """Ends of the folders that keep it out of the layer when they are mounted."""
    removed: tuple[str, ...]
    """Beginnings of the paths whose removal empties it."""
    cleaners: tuple[str, ...] = ()
    """Calls of the same program that empty it, as the words behind the program."""
    printers: tuple[str, ...] = ()
    """Calls of the same program that print its folder: `rm -rf "$(yarn cache dir)"` empties it."""
    option: str = ""
    """The option that names another folder."""
    variables: tuple[tuple[str, str], ...] = ()
    """Environment variables that do, and what comes behind their value."""


def _cache(row: Mapping[str, Any]) -> _Cache:
    fills, mounts, removed = (tuple(row[key].split()) for key in ("fills", "mounts", "removed"))
    split = (text.partition("/") for text in row.get("variables", ()))
    variables = tuple((name, slash + behind) for name, slash, behind in split)
    cleaners = tuple(row.get("cleaners", ()))
    printers = tuple(row.get("printers", ()))
    return _Cache(fills, row["shown"], mounts, removed, cleaners, printers, row.get("option", ""), variables)


_CACHES: Final = {manager: _cache(row) for manager, row in table("commands", "package-caches").items()}

_LISTS: Final = _CACHES["apt-get"]
_ARCHIVES: Final = _cache(table("commands", "package-archives")["apt-get"])
_HOOKS: Final = word_list("commands", "apt-cleaning-hooks")
_KEEPS: Final = "keep-downloaded-packages"
CACHE_VARIABLES: Final = frozenset(name for cache in _CACHES.values() for name, _ in cache.variables)
"""Environment variables by which package managers find their caches."""


def leftovers(
    commands: Sequence[Command],
    mounted: Sequence[str],
    environment: Mapping[str, str | None] = MappingProxyType({}),
    *,
    pip_cache_is_off: bool,
    keeps_archives: bool = False,
) -> tuple[Leftover, ...]:
    """What stays, one entry for each call that fills a cache which nothing later in the RUN empties.

    `environment` has those of CACHE_VARIABLES that are set, None where the value is not known;
    `keeps_archives` says that apt keeps what it downloads.
    """
    found: list[Leftover] = []
    emptied = {"pip"} if pip_cache_is_off or _exports_no_pip_cache(commands) else set()
    for command in reversed(commands):
        step = command.step
        cache = _CACHES.get(step.manager) if step is not None else None
        if _is_cleaner(command):
            emptied |= _CACHES.keys()
        elif step is None or cache is None:
            emptied |= _emptied_by(command)
        elif _cleans(command, cache) or _names_removed(command, cache, commands):
            emptied.add(step.manager)
        elif step.manager not in emptied and _fills(command, step, cache, mounted, environment):
            found.append(Leftover(step.manager, step, cache.shown, step.span))
    return (*reversed(found), *_archives(commands, mounted, keeps=keeps_archives))


def _is_cleaner(command: Command) -> bool:
    """A script that cleans up, as its name tells; what it removes is not known."""
    word = script_word(command)
    return "/" in word and "clean" in posixpath.basename(word)


def _archives(commands: Sequence[Command], mounted: Sequence[str], *, keeps: bool) -> Iterator[Leftover]:
    """The archives of packages that apt keeps once the hook is gone with which images make it delete them."""
    left: PackageStep | None = None
    for command in commands:
        keeps = keeps or lets_apt_keep(command)
        step = command.step
        if step is None or step.manager not in _CACHES or _CACHES[step.manager].shown != _LISTS.shown:
            left = None if _removes(command, _ARCHIVES) else left
        elif _cleans(command, _ARCHIVES):
            left = None
        elif keeps and step.action in _ARCHIVES.fills:
            left = step
    if left is not None and not _is_covered(_ARCHIVES, mounted):
        yield Leftover(left.manager, left, _ARCHIVES.shown, left.span)


def lets_apt_keep(command: Command) -> bool:
    """It removes the hook, or writes the setting, by which apt deletes what it has downloaded."""
    texts = [word.text for word in command.words]
    if command.tool == "rm":
        return any(text in _HOOKS for text in texts)
    return any(_KEEPS in text.lower() and '"true"' in text.lower() for text in texts)


def _fills(
    command: Command,
    step: PackageStep,
    cache: _Cache,
    mounted: Sequence[str],
    environment: Mapping[str, str | None],
) -> bool:
    if step.action not in cache.fills or step.keeps_no_cache:
        return False
    folder = _own_folder(command, cache, environment) if mounted else ""
    if folder is None:
        return False  # which of the mounts it is, a variable decides
    return not (_is_below(folder, mounted) if folder else _is_covered(cache, mounted))


def _own_folder(command: Command, cache: _Cache, environment: Mapping[str, str | None]) -> str | None:
    """The folder that an option or a variable names instead; "" for none, None for unknown."""
    option = command.option(cache.option) if cache.option else None
    if option is not None and option.value is not None:
        return _folder(known(Located(option.value.value, option.value.span)))
    given = {variable.name: known(variable.value) for variable in command.variables}
    for name, behind in cache.variables:
        if name in given or name in environment:
            folder = given.get(name, environment.get(name))
            return None if folder is None else _folder(folder + behind)
    return ""


def _folder(path: str | None) -> str | None:
    return None if path is None or path[:1] in "~$" else path.rstrip("/")


def _is_below(folder: str, mounted: Sequence[str]) -> bool:
    """A relative folder is compared by its end."""
    tail = folder.removeprefix("./")
    return any(
        f"{folder}/".startswith(f"{target.rstrip('/')}/")
        or (folder[:1] != "/" and target.endswith(f"/{tail}"))
        for target in mounted
    )


def _exports_no_pip_cache(commands: Sequence[Command]) -> bool:
    exported = (variable for command in commands for variable in command.variables)
    return any(
        variable.name == "PIP_NO_CACHE_DIR"
        and variable.origin == "export"
        and is_true(known(variable.value) or "")
        for variable in exported
    )


def _cleans(command: Command, cache: _Cache) -> bool:
    words = _verb(command)
    return any(words == cleaner or words.startswith(cleaner + " ") for cleaner in cache.cleaners)


def empties_lists(command: Command, step: PackageStep) -> bool:
    """It takes away the lists of packages, as `dnf clean all` does, and not the archives alone."""
    cache = _CACHES.get(step.manager)
    return cache is not None and _cleans(command, cache)


def _names_removed(command: Command, cache: _Cache, commands: Sequence[Command]) -> bool:
    """It prints the folder for an `rm` that it is a substitution of."""
    if _verb(command) not in cache.printers:
        return False
    return any(one.tool == "rm" and one.span.start < command.span.start < one.span.end for one in commands)


def _verb(command: Command) -> str:
    """What it is told to do, with its arguments."""
    read = command.read
    verb = [] if read.subcommand is None else [read.subcommand.text]
    return " ".join([*verb, *command.arguments])


def _emptied_by(command: Command) -> set[str]:
    """Managers whose cache an `rm -r` or a `find -delete` takes away."""
    return {manager for manager, cache in _CACHES.items() if _removes(command, cache)}


def _removes(command: Command, cache: _Cache) -> bool:
    if command.tool not in ("rm", "find"):
        return False
    paths = (word.text.rstrip("/*") for word in command.words[1:] if word.text[:1] in ("/", "~"))
    return any(_takes_away(path, cache) for path in paths)


def _takes_away(path: str, cache: _Cache) -> bool:
    """The folder itself, all in it, or a folder above it."""
    return any(
        path == folder or path.startswith(folder + "/") or folder.startswith(path + "/")
        for folder in cache.removed
    )


def _is_covered(cache: _Cache, mounted: Sequence[str]) -> bool:
    return any(
        target.endswith(folder)
        or folder.startswith(target.rstrip("/") + "/")
        or (folder.count("/") > 1 and f"{folder}/" in target)
        for folder in cache.mounts
        for target in mounted
    )
