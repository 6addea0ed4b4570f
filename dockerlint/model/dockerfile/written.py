"""What the RUNs of a stage leave in which folder: what they make, fill and take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from dockerlint.data import word_list
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import absolute
from dockerlint.model.dockerfile.running import Run
from dockerlint.regex import pattern

_INTERPRETERS: Final = word_list("commands", "program-runners")
_MODULES_OF_TOOLS: Final = word_list("commands", "python-tools")
_ODD: Final = frozenset("$*{}~?[")


_VARIABLE = pattern(r"\$(?:\{(\w+)\}|(\w+))")
SOMEWHERE: Final = "?"
"""The path of what is filled where a variable holds it."""


class FileEffect(NamedTuple):
    """What one command does to one folder."""

    kind: str
    """`made`, `filled`, `put`: a file written there; `gone`: removed or moved; `taken`: given to somebody."""
    path: str


def file_effects(run: Run, folder: str | None, variables: Mapping[str, str]) -> Iterator[FileEffect]:
    """What a RUN does to folders, as far as its words tell.

    `folder` is the WORKDIR there, `variables` are the values of those that ENV and ARG set.
    """
    for effect in _traces(run, folder):
        path = _VARIABLE.sub(lambda match: variables.get(match[1] or match[2], match[0]), effect.path)
        if not _ODD & set(path):
            yield FileEffect(effect.kind, absolute("/", path) or "/")
        elif effect.kind == "filled":
            yield FileEffect("filled", SOMEWHERE)


def _traces(run: Run, folder: str | None) -> Iterator[FileEffect]:
    for command in run.commands:
        words = [word.text for word in command.words[1:]]
        plain = [word for word in words if not word.startswith("-")]
        if command.tool == "cd":
            folder = _seen(folder, plain[0]) if plain else None
        elif command.tool == "mkdir":
            yield from (FileEffect("made", path) for word in plain if (path := _seen(folder, word)))
        elif command.tool == "chown":
            taken = (_seen(folder, word.removesuffix("*").rstrip("/") or ".") for word in plain)
            yield from (FileEffect("taken", path) for path in taken if path)
        filled = _filled(command, folder)
        if filled:
            yield FileEffect("filled", filled)
        yield from (FileEffect("put", path) for word in _files(command) if (path := _seen(folder, word)))
        if command.tool in ("rm", "rmdir", "mv"):
            gone = plain[:-1] if command.tool == "mv" else plain
            whole = (_seen(folder, word) for word in gone if not word.endswith("*"))
            yield from (FileEffect("gone", path) for path in whole if path)


def _files(command: Command) -> Iterator[str]:
    """The files that a command writes by their names."""
    if command.tool in ("curl", "wget"):
        name = _value(
            command, *(("-o", "--output") if command.tool == "curl" else ("-O", "--output-document"))
        )
        yield from [name] if name else []
    elif command.tool in ("touch", "tee"):
        yield from command.arguments
    elif command.tool == "cp" and command.arguments:
        yield command.arguments[-1]
    yield from (one.target.text for one in command.redirections if one.operator in (">", ">>"))


def _seen(folder: str | None, path: str) -> str | None:
    """A path in full; one that begins with a variable is taken for that."""
    return path if path.startswith("$") else absolute(folder, path)


def _filled(command: Command, folder: str | None) -> str | None:
    """The folder that a command unpacks into, or that a program is run in which may write there."""
    tool, operands = command.tool, command.arguments
    if tool == "tar":
        return _seen(folder, _value(command, "-C", "--directory") or ".")
    if tool == "unzip":
        return _seen(folder, _value(command, "-d") or ".")
    if tool == "git":
        return _cloned(command, folder)
    if tool == "mv" or (tool == "cp" and {"-r", "-R", "-a"} & set(command.options)):
        return _seen(folder, operands[-1]) if operands else None
    if command.words and command.words[0].text.startswith("./"):
        return folder
    if tool in ("npm", "yarn", "pnpm") and {"build", "run"}.intersection(operands):
        return folder
    return folder if runs_program(command) or (tool == "composer" and "create-project" in operands) else None


def runs_program(command: Command) -> bool:
    """An interpreter runs something else than a tool of its own."""
    words = [word.text for word in command.words[1:]]
    if command.tool not in _INTERPRETERS or not words or words[0] in ("-V", "-v", "-version", "--version"):
        return False
    return (
        not any(word in _MODULES_OF_TOOLS or word.endswith("composer.phar") for word in words)
        and "-c" not in words
    )


def _value(command: Command, *names: str) -> str:
    """The word behind an option, read from the words: `tar xzC /opt` hides it in a cluster."""
    words = [word.text for word in command.words]
    for at, word in enumerate(words[:-1]):
        is_cluster = (
            command.tool == "tar" and "C" in word and (at == 1 or word.startswith("-")) and "/" not in word
        )
        if word in names or (is_cluster and not word.startswith("--")):
            return words[at + 1]
    return next((word.partition("=")[2] for word in words if word.partition("=")[0] in names), "")


def _cloned(command: Command, folder: str | None) -> str | None:
    operands = [word.text for word in command.words[1:] if "clone" in [one.text for one in command.words]]
    places = [word for word in operands if not word.startswith("-")]
    url = next((at for at, word in enumerate(places) if "://" in word or word.startswith("git@")), None)
    if url is None:
        return None
    if url + 1 < len(places):
        return _seen(folder, places[url + 1])
    return _seen(folder, places[url].rstrip("/").rpartition("/")[2].removesuffix(".git"))
