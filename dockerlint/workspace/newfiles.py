"""Files that fixes make beside the changed one, and what they are to hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dockerlint.findings import NewFile
from dockerlint.text import Source


class Conflict(Exception):
    """Two fixes want different things of one file; the text says which file."""


def merged(files: Iterable[NewFile]) -> tuple[NewFile, ...]:
    """Each file once; lines that several fixes add come together. Raises Conflict."""
    found: dict[str, NewFile] = {}
    for file in files:
        there = found.get(file.path)
        found[file.path] = file if there is None else _joined(there, file)
    return tuple(found.values())


def _joined(first: NewFile, second: NewFile) -> NewFile:
    if first == second:
        return first
    if second.how == "create" and first.how == "add_line":
        first, second = second, first
    if second.how == "create" or first.is_secret or second.is_secret:
        raise Conflict(f"another fix creates {second.path} with other content")
    text = completed(first.text, second.text)
    expects = tuple(dict.fromkeys((*first.expects, *second.expects)))
    return NewFile(
        first.path, text if first.how == "create" else text.rstrip("\r\n"), first.how, expects=expects
    )


def opposed(old: str, lines: str) -> str:
    """The line of an ignore file that lets in what another one would leave out; "" where there is none."""
    held = (line.strip() for line in old.splitlines())
    wanted = {line.strip().strip("/") for line in lines.splitlines()}
    return next((line for line in held if line[:1] == "!" and line[1:].strip("/") in wanted), "")


def completed(old: str, lines: str) -> str:
    """A text with the lines that it lacks, in its own line breaks; a last line without one stays so."""
    held = {line.strip().strip("/") for line in old.splitlines()}
    lacking = [line for line in lines.splitlines() if line.strip().strip("/") not in held]
    if not lacking:
        return old
    newline = "\r\n" if "\r\n" in old else "\n"
    if old and not old.endswith("\n"):
        return newline.join([old, *lacking])
    return old + "".join(line + newline for line in lacking)


@dataclass(slots=True)
class Planned:
    """A file as it is to be written."""

    path: str
    """Where, as the system spells it."""
    shown: str
    """From the folder of the changed file."""
    source: Source | None
    """What it holds now; None where it is not there."""
    data: bytes
    """The bytes of that."""
    text: str
    asked: str = ""
    """The path that the fix gave, which may stand for another name."""
    is_secret: bool = False
