"""What the commands of one RUN leave in its layer: package lists, caches, packages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from dockerlint.model.packages import PackageStep
from dockerlint.text import Span

if TYPE_CHECKING:
    from dockerlint.model.command import Command


@dataclass(frozen=True, slots=True)
class Leftover:
    """Files of a package manager that stay in the layer and serve nothing there."""

    KINDS: ClassVar = ("leftover",)
    CHILDREN: ClassVar = ()

    manager: str
    step: PackageStep = field(repr=False)
    """The call that left them."""
    path: str
    """Where they are."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class KeptPackage:
    """A package that is installed and not removed again in the same RUN."""

    KINDS: ClassVar = ("kept_package",)
    CHILDREN: ClassVar = ()

    manager: str
    name: str
    span: Span = field(compare=False)


class _Cache(NamedTuple):
    actions: tuple[str, ...]
    """What fills it."""
    shown: str
    covers: tuple[tuple[str, ...], ...]
    """Folders: mounts over all of one group keep it out of the layer."""
    removed: tuple[str, ...]
    """Beginnings of the paths whose removal empties it."""
    cleaners: tuple[str, ...] = ()
    """Calls of the same program that empty it, as the words behind the program."""


_RPM = _Cache(
    ("install", "upgrade", "dist-upgrade"),
    "/var/cache",
    (
        ("/var/cache/yum",),
        ("/var/cache/dnf",),
        ("/var/cache/libdnf5",),
        ("/root/.cache/libdnf5",),
        ("/var/cache/tdnf",),
    ),
    ("/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf", "/var/cache"),
    ("clean all", "all"),
)
_APT = _Cache(
    ("update",),
    "/var/lib/apt/lists",
    (("/var/lib/apt/lists",), ("/var/lib/apt",)),
    ("/var/lib/apt/lists", "/var/lib/apt", "/var/lib/apt/"),
    ("dist-clean", "distclean"),
)
_CACHES = {
    **dict.fromkeys(("apt-get", "apt", "aptitude"), _APT),
    **dict.fromkeys(("yum", "dnf", "dnf5", "microdnf", "tdnf"), _RPM),
    "apk": _Cache(("install",), "/var/cache/apk", (("/var/cache/apk",), ("/etc/apk/cache",)), ("/var/cache/apk",)),
    "zypper": _Cache(
        ("install", "remove", "upgrade", "dist-upgrade"), "/var/cache/zypp", (("/var/cache/zypp",),), ("/var/cache/zypp",),
        ("clean", "cc"),
    ),
    "pip": _Cache(("install",), "~/.cache/pip", (("/.cache/pip",), ("/.cache",)), ("/root/.cache", "~/.cache"), ("cache purge",)),
    "yarn": _Cache(
        ("install",), "~/.cache/yarn", (("/.cache/yarn",), ("/usr/local/share/.cache",), ("/.yarn",)),
        ("/usr/local/share/.cache", "/root/.cache", "~/.cache"), ("cache clean",),
    ),
}  # fmt: skip


def leftovers(commands: Sequence[Command], mounted: Sequence[str]) -> tuple[Leftover, ...]:
    """What stays, one entry for each call that fills a cache which nothing later in the RUN empties."""
    found: list[Leftover] = []
    emptied: set[str] = set()
    for command in reversed(commands):
        step = command.step
        if step is None:
            emptied |= _emptied_by(command)
            continue
        cache = _CACHES.get(step.manager)
        if cache is None:
            continue
        if _cleans(command, cache):
            emptied.add(step.manager)
        elif step.action in cache.actions and not step.keeps_no_cache and step.manager not in emptied:
            if not _is_covered(cache, mounted):
                found.append(Leftover(step.manager, step, cache.shown, step.span))
    return tuple(reversed(found))


def _cleans(command: Command, cache: _Cache) -> bool:
    read = command.read
    words = " ".join(word.text for word in (*([read.subcommand] if read.subcommand else []), *read.operands))
    return any(words == cleaner or words.startswith(cleaner + " ") for cleaner in cache.cleaners)


def _emptied_by(command: Command) -> set[str]:
    """Managers whose cache an `rm -r` or a `find -delete` takes away."""
    if command.tool not in ("rm", "find"):
        return set()
    paths = [word.text.rstrip("/*") for word in command.words[1:] if word.text[:1] in "/~"]
    return {
        manager
        for manager, cache in _CACHES.items()
        if any(
            path == start or path.startswith(start + "/") for path in paths for start in _removal_paths(cache)
        )
    }


def _removal_paths(cache: _Cache) -> Iterator[str]:
    return (path.rstrip("/") for path in cache.removed)


def _is_covered(cache: _Cache, mounted: Sequence[str]) -> bool:
    return any(
        all(
            any(target.endswith(folder) or _is_below(folder, target) for target in mounted)
            for folder in group
        )
        for group in cache.covers
    )


def _is_below(folder: str, target: str) -> bool:
    return folder.startswith(target.rstrip("/") + "/")


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


_USES_LISTS = frozenset({"install", "upgrade", "dist-upgrade"})


def _family(step: PackageStep) -> str:
    return {"apt": "apt-get", "aptitude": "apt-get"}.get(step.manager, step.manager)


def kept_packages(commands: Sequence[Command]) -> tuple[KeptPackage, ...]:
    """System packages that are still there when the RUN is over."""
    kept: list[KeptPackage] = []
    for command in commands:
        step = command.step
        if step is None or step.manager not in _SYSTEM:
            continue
        if step.action == "install":
            virtual = command.option("-t", "--virtual") if step.manager == "apk" else None
            if (
                virtual is not None
                and virtual.value is not None
                and _is_deleted(virtual.value.text, commands)
            ):
                continue
            kept += [KeptPackage(step.manager, package.name, package.span) for package in step.packages]
        elif step.action == "remove":
            gone = set(command.arguments)
            kept = [package for package in kept if package.name not in gone]
    return tuple(kept)


_SYSTEM = frozenset({"apt-get", "apt", "aptitude", "apk", "yum", "dnf", "dnf5", "microdnf", "tdnf", "zypper"})


def _is_deleted(name: str, commands: Sequence[Command]) -> bool:
    return any(
        command.step is not None and command.step.action == "remove" and name in command.arguments
        for command in commands
        if command.tool == "apk"
    )


def unguarded_pipe(commands: Sequence[Command], *, has_pipefail: bool) -> Command | None:
    """The first command whose failure a pipe hides; `set -o pipefail` in front of it shows it again."""
    for command in commands:
        if command.tool == "set" and "pipefail" in [word.text for word in command.words]:
            has_pipefail = True
        if command.reader is not None and not has_pipefail and not command.wrappers:
            return command
    return None
