"""What the commands of one RUN leave in its layer: package lists, caches, packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from dockerlint.data import table, word_list
from dockerlint.model.command.packages import PackageStep, is_true
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


@dataclass(frozen=True, slots=True)
class KeptPackage:
    """A package that is installed and not removed again in the same RUN."""

    KINDS: ClassVar[tuple[str, ...]] = ("kept_package",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    manager: str
    """The package manager that installs it."""
    name: str
    """Its name without a version."""
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
    option: str = ""
    """The option that names another folder."""
    variables: tuple[tuple[str, str], ...] = ()
    """Environment variables that do, and what comes behind their value."""


def _cache(row: Mapping[str, Any]) -> _Cache:
    fills, mounts, removed = (tuple(row[key].split()) for key in ("fills", "mounts", "removed"))
    split = (text.partition("/") for text in row.get("variables", ()))
    variables = tuple((name, slash + behind) for name, slash, behind in split)
    cleaners = tuple(row.get("cleaners", ()))
    return _Cache(fills, row["shown"], mounts, removed, cleaners, row.get("option", ""), variables)


_CACHES: Final = {manager: _cache(row) for manager, row in table("commands", "package-caches").items()}

CACHE_VARIABLES: Final = frozenset(name for cache in _CACHES.values() for name, _ in cache.variables)
"""Environment variables by which package managers find their caches."""


def leftovers(
    commands: Sequence[Command],
    mounted: Sequence[str],
    environment: Mapping[str, str | None] = MappingProxyType({}),
    *,
    pip_cache_is_off: bool,
) -> tuple[Leftover, ...]:
    """What stays, one entry for each call that fills a cache which nothing later in the RUN empties.

    `environment` has those of CACHE_VARIABLES that are set, None where the value is not known.
    """
    found: list[Leftover] = []
    emptied = {"pip"} if pip_cache_is_off or _exports_no_pip_cache(commands) else set()
    for command in reversed(commands):
        step = command.step
        cache = _CACHES.get(step.manager) if step is not None else None
        if step is None or cache is None:
            emptied |= _emptied_by(command)
        elif _cleans(command, cache):
            emptied.add(step.manager)
        elif step.manager not in emptied and _fills(command, step, cache, mounted, environment):
            found.append(Leftover(step.manager, step, cache.shown, step.span))
    return tuple(reversed(found))


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
    read = command.read
    verb = [] if read.subcommand is None else [read.subcommand.text]
    words = " ".join([*verb, *command.arguments])
    return any(words == cleaner or words.startswith(cleaner + " ") for cleaner in cache.cleaners)


def _emptied_by(command: Command) -> set[str]:
    """Managers whose cache an `rm -r` or a `find -delete` takes away."""
    if command.tool not in ("rm", "find"):
        return set()
    paths = [word.text.rstrip("/*") for word in command.words[1:] if word.text[:1] in ("/", "~")]
    return {manager for manager, cache in _CACHES.items() if any(_takes_away(path, cache) for path in paths)}


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


def lone_update(commands: Sequence[Command]) -> PackageStep | None:
    """An update of the package lists in a RUN that installs nothing from them; the last such call."""
    found: PackageStep | None = None
    for command in commands:
        step = command.step
        if step is None:
            continue
        if step.action == "update" or (step.action == "upgrade" and step.verb.value in ("update", "up")):
            found = step
        elif found is not None and _family(step) == _family(found) and step.action in _USES_LISTS:
            found = None
    return found


def uses_lists_first(commands: Sequence[Command]) -> bool | None:
    """Whether apt installs something before it updates its lists; None where it does neither."""
    steps = (command.step for command in commands)
    for step in steps:
        if step is not None and _family(step) == "apt-get":
            if step.action == "update":
                return False
            if step.action in _USES_LISTS:
                return True
    return None


_USES_LISTS = frozenset({"install", "upgrade", "dist-upgrade"})


def _family(step: PackageStep) -> str:
    return {"apt": "apt-get", "aptitude": "apt-get"}.get(step.manager, step.manager)


def kept_packages(commands: Sequence[Command]) -> tuple[KeptPackage, ...]:
    """System packages that are still there when the RUN is over."""
    kept: list[KeptPackage] = []
    gone: set[str] = set()
    for command in reversed(commands):
        step = command.step
        if step is None or step.manager not in _SYSTEM:
            continue
        if step.action == "remove":
            gone.update(command.arguments)
        elif step.action == "install" and _virtual_name(command) not in gone:
            packages = (package for package in reversed(step.packages) if package.name not in gone)
            kept += [KeptPackage(step.manager, package.name, package.span) for package in packages]
    return tuple(reversed(kept))


_SYSTEM: Final = word_list("commands", "system-package-managers")


def _virtual_name(command: Command) -> str:
    """`apk add --virtual .build-deps …` gives all packages one name to delete them by."""
    option = command.option("-t", "--virtual") if command.tool == "apk" else None
    return option.value.text if option is not None and option.value is not None else ""


_NEVER_FAILS: Final = word_list("commands", "programs-that-never-fail")


def unguarded_pipes(commands: Sequence[Command], *, has_pipefail: bool) -> Iterator[Command]:
    """Commands whose failure a pipe hides; `set -o pipefail` in front of them shows it again."""
    for command in commands:
        if command.tool == "set" and "pipefail" in [word.text for word in command.words]:
            has_pipefail = True
        if command.reader is None or has_pipefail or command.wrappers:
            continue
        if command.tool not in _NEVER_FAILS:
            yield command


def second_of_two(commands: Sequence[Command], tools: tuple[str, str]) -> Command | None:
    """The first command that runs one of two programs after the other one has been run."""
    seen = ""
    for command in commands:
        if command.tool in tools:
            if seen and command.tool != seen:
                return command
            seen = command.tool
    return None
