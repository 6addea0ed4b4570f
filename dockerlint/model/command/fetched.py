"""Programs and archives that are downloaded and used, and that nothing compares with a checksum.

The steps of a stage, or the command of a service, are read in the order in which they run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from dockerlint.data import ordered_words, word_list
from dockerlint.model.command.download import DOWNLOADERS, FILTERS, runner
from dockerlint.model.command.moving import is_moving_address
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.text import Span

_CHECKERS: Final = word_list("commands", "checksum-programs")
_UNPACKERS: Final = word_list("commands", "archive-programs")
_LOADERS: Final = word_list("commands", "program-loaders")
_DOCUMENTS: Final = ordered_words("commands", "documents-of-a-download")
_ADDRESS: Final = pattern(r"(?:https?|ftp)://(?:[^/@\s]*@)?([^/?#\s]+)([^?#\s]*)")
_FIXED: Final = pattern(
    r"\d\.\d|\b[0-9a-f]{40}\b|\$\{?\w*(?:ver|tag|commit|sha|rev|release)\w*", re.IGNORECASE
)
_OWN: Final = pattern(r"localhost|127\.|\[::1\]|host\.docker\.internal")
_MAKES_PROGRAM: Final = pattern(r"[0-7]*[1357][0-7]{0,2}\Z|[ugoa]*[+=][rwst]*[xX]")
_COPIES: Final = frozenset(("mv", "cp", "ln", "install"))
_INSTALLS: Final = frozenset(
    ("pip", "apt-get", "apt", "dnf", "yum", "microdnf", "apk", "npm", "gem", "zypper")
)
_OUTPUTS: Final = {"curl": ("-o", "--output")}
_OTHER_OUTPUTS: Final = ("-O", "--output-document", "-o", "--output", "--out")
_NAMED_BY_SERVER: Final = ("-O", "--remote-name", "-J", "--remote-name-all")
MOST_FILES: Final = 50
"""Downloads that are kept in mind at a time."""


@dataclass(frozen=True, slots=True)
class FetchedProgram:
    """A download that is unpacked, installed, made executable or run without a look at what came."""

    KINDS: ClassVar[tuple[str, ...]] = ("fetched_program",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    downloader: str
    """The program that fetches it."""
    host: str
    """The server that it comes from."""
    use: str
    """What is done with it: the name of the program that does it, or `run`."""
    is_plain_http: bool
    """It comes without TLS."""
    is_fixed: bool
    """Its address names a version or a commit, so that another day brings the same from an honest server."""
    span: Span = field(compare=False)
    """The address."""


class _Pending:
    """Downloads by the names of their files that nothing has used yet."""

    def __init__(self) -> None:
        self._files: dict[str, FetchedProgram] = {}

    def keep(self, name: str, found: FetchedProgram) -> None:
        if name and len(self._files) < MOST_FILES:
            self._files[name] = found

    def get(self, name: str) -> FetchedProgram | None:
        return self._files.get(name)

    def take(self, name: str) -> FetchedProgram | None:
        found = self._files.pop(name, None)
        if found is not None:
            self._files = {key: one for key, one in self._files.items() if one != found}
        return found

    def rename(self, old: str, new: str) -> None:
        if old in self._files:
            self.keep(new, self._files[old])

    def forget(self) -> None:
        self._files.clear()

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def __bool__(self) -> bool:
        return bool(self._files)


def fetched_programs(commands: Iterable[SimpleCommand]) -> tuple[FetchedProgram, ...]:
    """The downloads that are used unseen; a check of any checksum or signature clears what came before it.

    What is only made executable may be checked further down, before anything runs it.
    """
    found: list[FetchedProgram] = []
    pending, made = _Pending(), dict[str, FetchedProgram]()
    for command in commands:
        if is_verification(command):
            pending.forget()
            made.clear()
        elif command.tool in DOWNLOADERS:
            found += _downloaded(command, pending)
        elif pending and command.tool == "chmod":
            made |= _made_programs(command, pending)
        elif pending:
            found += _used(command, pending)
    used = {one.span for one in found}
    found += [one for one in made.values() if one.span not in used]
    return tuple(sorted(found, key=lambda one: one.span))


def is_verification(command: SimpleCommand) -> bool:
    """Whether a command compares a file with a checksum or a signature."""
    if command.tool in ("gpg", "gpg2"):
        return command.option("--verify", "--verify-files", "-d", "--decrypt") is not None
    if command.tool == "openssl":
        return command.words[1:2] != () and command.words[1].text in ("dgst", "sha256", "sha512", "cms")
    if command.tool == "rpm":
        return command.option("-K", "--checksig") is not None
    if command.tool == "gh":
        return any(word.text == "attestation" for word in command.words)
    return command.tool in _CHECKERS


def _downloaded(command: SimpleCommand, pending: _Pending) -> Iterator[FetchedProgram]:
    """What a download gives to an unpacker by a pipe; its file is kept in mind."""
    word = next((one for one in command.words[1:] if _ADDRESS.match(one.text)), None)
    address = _ADDRESS.match(word.text) if word is not None else None
    if word is None or address is None or _OWN.match(address[1]) or runner(command) is not None:
        return
    is_plain = not word.text.startswith("https:")
    is_fixed = bool(_FIXED.search(word.text)) and not is_moving_address(word.text)
    made = FetchedProgram(command.tool, address[1], "run", is_plain, is_fixed, word.span)
    for reader in _readers(command):
        if reader.tool in _UNPACKERS:
            yield _of_use(made, reader.tool)
        elif reader.tool == "tee" and reader.arguments:
            pending.keep(_name(reader.arguments[0]), made)
    if command.reader is not None:
        return
    name = _file_of(command, address[2])
    if not name.endswith(_DOCUMENTS):
        pending.keep(name, made)


def _readers(command: SimpleCommand) -> Iterator[SimpleCommand]:
    """What reads the download: filters, and what stands behind them."""
    reader = command.reader
    for _ in range(8):
        if reader is None:
            return
        yield reader
        reader = reader.reader if reader.tool in FILTERS else None


def _file_of(command: SimpleCommand, path: str) -> str:
    for entry in command.redirections:
        if entry.operator in (">", ">>", ">|"):
            return _name(entry.target.text)
    option = command.option(*_OUTPUTS.get(command.tool, _OTHER_OUTPUTS))
    if option is not None and option.value is not None:
        return "" if option.value.text in ("-", "/dev/null") else _name(option.value.text)
    is_named = command.tool != "curl" or command.option(*_NAMED_BY_SERVER) is not None
    return _name(path) if is_named else ""


def _used(command: SimpleCommand, pending: _Pending) -> Iterator[FetchedProgram]:
    if command.tool in _COPIES and len(command.words) > 2:
        yield from _copied(command, pending)
        return
    program = command.words[0].text if command.words else ""
    if "/" in program and (found := pending.take(_name(program))):
        yield found
        return
    if command.tool in _UNPACKERS or command.tool in _LOADERS or command.tool in _INSTALLS:
        for word in command.words[1:]:
            if (found := pending.take(_name(word.text))) is not None:
                yield _of_use(found, command.tool)
    elif _name(program) in pending and (found := pending.take(_name(program))):
        yield found


def _made_programs(command: SimpleCommand, pending: _Pending) -> dict[str, FetchedProgram]:
    """The downloads that it makes executable."""
    if not any(_MAKES_PROGRAM.match(word.text) for word in command.words[1:]):
        return {}
    named = ((name, pending.get(name)) for word in command.words[1:] if (name := _name(word.text)))
    return {name: _of_use(one, command.tool) for name, one in named if one is not None}


def _copied(command: SimpleCommand, pending: _Pending) -> Iterator[FetchedProgram]:
    """A copy has another name; `install` makes a program of it."""
    *sources, target = command.arguments or ("",)
    for source in sources:
        if command.tool == "install" and (found := pending.take(_name(source))) is not None:
            yield _of_use(found, command.tool)
        else:
            pending.rename(_name(source), _name(target))


def _of_use(found: FetchedProgram, tool: str) -> FetchedProgram:
    return replace(found, use=tool)


def _name(path: str) -> str:
    """The last part of a path; `\\` divides those of Windows."""
    return path.rstrip("/").replace("\\", "/").rpartition("/")[2].removesuffix("}") or ""
