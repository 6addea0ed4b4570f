"""Archives that COPY brings and a later step unpacks, which ADD does in one instruction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Final

from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Run
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import Unknown, known

_ARCHIVE: Final = pattern(r".*\.(?:tar|tar\.\w+|tgz|tbz2?|txz|tlz|tzst)\Z")
_UNPACKS: Final = frozenset(("tar", "bsdtar", "gtar"))
MOST_ARCHIVES: Final = 50


@dataclass(frozen=True, slots=True)
class UnpackedCopy:
    """An archive of the build context that a RUN further down unpacks."""

    KINDS: ClassVar[tuple[str, ...]] = ("unpacked_copy",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """The last part of its path."""
    span: Span = field(compare=False)


def unpacked_copies(instructions: Iterable[Instruction]) -> Iterator[UnpackedCopy]:
    """The archives of a stage, in the order in which they are unpacked."""
    brought: dict[str, UnpackedCopy] = {}
    for instruction in instructions:
        if isinstance(instruction, Copy) and instruction.keyword.value == "COPY":
            for name, copied in _archives(instruction):
                if len(brought) < MOST_ARCHIVES:
                    brought[name] = copied
        elif isinstance(instruction, Run) and brought:
            for command in instruction.commands:
                if command.tool in _UNPACKS:
                    names = (_last_part(word.text) for word in command.words[1:])
                    yield from (found for name in names if (found := brought.pop(name, None)))


def _archives(copy: Copy) -> Iterator[tuple[str, UnpackedCopy]]:
    """The archives of one COPY by the names that they have in the image."""
    for source in copy.sources:
        path = source.path.value
        if source.origin != "context" or isinstance(path, Unknown) or not _ARCHIVE.match(path):
            continue
        name, target = _last_part(path), known(copy.destination) or ""
        there = _last_part(target) if _ARCHIVE.match(target) else name
        yield there, UnpackedCopy(name, source.span)


def _last_part(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
