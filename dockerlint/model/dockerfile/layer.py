"""What the commands of one RUN leave in its layer: packages; and which use package lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from dockerlint.data import word_list
from dockerlint.model.command.packages import PackageStep
from dockerlint.model.dockerfile.leftover import empties_lists
from dockerlint.text import Span

if TYPE_CHECKING:
    from dockerlint.model.command.command import Command


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


def lone_update(commands: Sequence[Command]) -> PackageStep | None:
    """An update of the package lists in a RUN that installs nothing from them; the last such call.

    `gem update --system` replaces the program gem itself, which has no lists.
    """
    found: PackageStep | None = None
    for command in commands:
        step = command.step
        if step is None or "--system" in step.options:
            continue
        if step.action == "update" or (step.action == "upgrade" and _is_routine(step)):
            found = step
        elif found is not None and _family(step) == _family(found) and _ends(command, step):
            found = None
    return found


def _ends(command: Command, step: PackageStep) -> bool:
    """The step uses the lists that an update has fetched, or takes them away again."""
    return step.action in _USES_LISTS or empties_lists(command, step)


def _is_routine(step: PackageStep) -> bool:
    """An upgrade of everything by the word that fetches the lists: `dnf update`, `pacman -Syu`."""
    return step.verb.value in ("update", "up") or ("-u" in step.options and step.is_from_file)


def installed_apart(steps: Sequence[Sequence[Command]]) -> PackageStep | None:
    """The first install from package lists that a RUN before it has fetched, and it has not."""
    fetched: set[str] = set()
    for commands in steps:
        calls = [command.step for command in commands if command.step is not None]
        first = {_family(call): call for call in reversed(calls) if call.action in {"update", *_USES_LISTS}}
        for family, call in first.items():
            if family in fetched and call.action == "install":
                return call
        if (update := lone_update(commands)) is not None:
            fetched.add(_family(update))
    return None


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
