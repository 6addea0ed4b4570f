"""Copies of what services mount from the host, in volumes of a trial: nothing of the host itself is mounted.

The program of the engine reads the files and keeps their owners; no code of an image runs for it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.prove.host.composed import ComposedProject
from dockerlint.prove.host.engine import Engine
from dockerlint.prove.host.marks import Marks
from dockerlint.workspace.door import is_private

_SECONDS: Final = 120.0
_FOLDER: Final = "/dockerlint-copies"
_SECRETS: Final = "/run/secrets"


class HostFile(NamedTuple):
    """A path of the host that a service mounts."""

    service: str
    source: str
    target: str
    is_read_only: bool
    is_file: bool

    @property
    def place(self) -> str:
        """What a sandbox calls the mount."""
        return f"{self.service}:{self.target}"


class NotCopied(UserError):
    """A path of the host that is not copied; the text says which and why."""


def host_files(
    project: ComposedProject, names: Sequence[str], may_read: Callable[[str], bool]
) -> tuple[HostFile, ...]:
    """All that services mount from the host; raises NotCopied for what is not the project's."""
    found = [one for name in names for one in _of_service(project, name)]
    for _, source, target, *_ in found:
        _refuse(source, target, may_read)
    return tuple(one._replace(is_file=os.path.isfile(one.source)) for one in found)


def _of_service(project: ComposedProject, name: str) -> Iterator[HostFile]:
    service = project.services[name]
    for mount in service.get("volumes") or ():
        if mount.get("type") == "bind":
            read_only = bool(mount.get("read_only"))
            yield HostFile(name, str(mount.get("source")), str(mount.get("target")), read_only, False)
    for key, folder in (("secrets", _SECRETS), ("configs", "")):
        for one in service.get(key) or ():
            file = (getattr(project, key).get(one.get("source")) or {}).get("file")
            if file:
                target = os.path.join(f"{folder}/", str(one.get("target") or one["source"]))
                yield HostFile(name, str(file), target, True, True)


def _refuse(source: str, target: str, may_read: Callable[[str], bool]) -> None:
    if not may_read(source):
        raise NotCopied(f"{target}: {source} is outside of the project, and is not copied")
    try:
        mode = os.stat(source).st_mode
    except OSError as error:
        raise NotCopied(f"{target}: {source} cannot be copied: {(error.strerror or '').lower()}") from error
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise NotCopied(f"{target}: {source} is a socket, pipe or device, and is not copied")
    if is_private(source.split(os.sep)):
        raise NotCopied(f"{target}: {source} is in a version control directory")


@dataclass(frozen=True)
class Copier:
    """Makes fresh copies for each trial."""

    engine: Engine
    marks: Marks
    files: tuple[HostFile, ...]
    image: str
    """Any image that is there. What holds the volumes while they are filled is made from it."""

    def fresh(self, number: int) -> Mapping[str, Mapping[str, Any]]:
        """Mounts of new copies by the places that they are for; raises EngineError."""
        if not self.files:
            return {}
        labels = [word for key, value in self.marks.labels.items() for word in ("--label", f"{key}={value}")]
        names = [f"{self.marks.project(number)}-copy-{at}" for at in range(len(self.files))]
        for name in names:
            self.engine.must("volume", "create", *labels, name)
        mounts = [word for at, name in enumerate(names) for word in ("-v", f"{name}:{_FOLDER}/{at}")]
        holder = self.engine.must("create", *labels, *mounts, "--entrypoint", "true", self.image).strip()
        for at, file in enumerate(self.files):
            source = file.source if file.is_file else os.path.join(file.source, ".")
            self.engine.must(
                "cp",
                "-a",
                source,
                f"{holder}:{_FOLDER}/{at}{'/file' if file.is_file else ''}",
                seconds=_SECONDS,
            )
        self.engine.ask("rm", "-f", "-v", holder)
        return {file.place: _mount(file, name) for file, name in zip(self.files, names, strict=True)}


def _mount(file: HostFile, volume: str) -> dict[str, Any]:
    options = {"nocopy": True, **({"subpath": "file"} if file.is_file else {})}
    return {
        "type": "volume",
        "source": volume,
        "target": file.target,
        "read_only": file.is_read_only,
        "volume": options,
    }
