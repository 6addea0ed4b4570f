"""The scripts that a stage starts: where in the build context they lie, and what in them calls for root."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from dockerlint.data import word_list
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import absolute, is_code_folder, is_within
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.folders import steps_below
from dockerlint.model.dockerfile.script import Script
from dockerlint.values import known

if TYPE_CHECKING:
    from dockerlint.model.dockerfile.stage import Stage

_PATH: Final = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_WRITERS: Final = word_list("commands", "path-writers")
_LOADERS: Final = frozenset((".", "source", "eval"))
_SCRATCH: Final = ("/tmp", "/dev", "/var/tmp")


def find_script(stage: Stage, word: str) -> Script | None:
    """The script behind a word of the start; None where it is not at hand."""
    found = (stage.script_at(path) for path in places_of(stage, word))
    return next((script for script in found if script is not None), None)


def places_of(stage: Stage, word: str) -> Iterator[str]:
    """Where in the build context a file of the container may come from, the last COPY first."""
    return _places(stage, word, set())


def _places(stage: Stage, word: str, seen: set[tuple[int, str]]) -> Iterator[str]:
    """The same, also by way of earlier stages; `seen` are the files of those that were looked for."""
    if (stage.index, word) in seen:
        return
    seen.add((stage.index, word))
    steps = steps_below(stage)
    folder = steps[-1].folder if steps else None
    paths = [absolute(folder, word)] if "/" in word else [f"{one}/{word}" for one in _PATH]
    for step in reversed(steps):
        if isinstance(step.node, Copy):
            target = absolute(step.folder, known(step.node.destination) or "/")
            for path in paths:
                if path is not None and target is not None and is_within(path, target):
                    yield from _brought(stage, step.node, path[len(target) :].lstrip("/"), seen)


def _brought(stage: Stage, node: Copy, below: str, seen: set[tuple[int, str]]) -> Iterator[str]:
    """What a COPY makes of a path below its destination, followed into the stage that it takes files from."""
    if node.copies_from is None:
        yield from _within(node, below, "context")
    elif (origin := _origin(stage, known(node.copies_from) or "")) is not None:
        for place in _within(node, below, "stage"):
            yield from _places(origin, f"/{place}", seen)


def _origin(stage: Stage, name: str) -> Stage | None:
    above = (one for one in reversed(stage.siblings) if one.index < stage.index)
    return next((one for one in above if name.lower() in (one.lower_name, str(one.index))), None)


def _within(node: Copy, below: str, origin: str) -> Iterator[str]:
    for source in node.sources:
        written = known(source.path) if source.origin == origin else None
        if written is None:
            continue
        place = posixpath.normpath(written.lstrip("/") or ".")
        if "*" in place:
            place = posixpath.dirname(place)
        elif not below or posixpath.basename(place) == below:
            yield place
            continue
        yield posixpath.normpath(posixpath.join(place, below))


def why_script(script: Script, home: str | None, own: Sequence[str] = ()) -> str:
    """What in a script calls for root; "" for nothing.

    Its relative paths lead into `home`; `own` are folders besides that which are to be its user's.
    """
    name = posixpath.basename(script.path)
    if not script.commands:
        return f"{name} is not a shell script"
    for command in script.commands:
        if command.tool in _LOADERS and command.words[1:]:
            return f"{name} runs {command.words[1].text[:40]}, whose content is not known"
        if command.words and command.words[0].text.startswith("$") and "@" not in command.words[0].text:
            return f"what {name} runs is a variable"
        for path in _written(command):
            if not _is_free(path, home, own):
                return f"{name} writes {path[:40]}, which belongs to root"
        if any(is_within(word.text, "/root") for word in command.words):
            return f"{name} uses the home directory of root"
    return ""


def _written(command: Command) -> Iterable[str]:
    """Paths that a command changes."""
    redirected = [entry.target.text for entry in command.redirections if ">" in entry.operator]
    redirected = [path for path in redirected if not path.isdecimal() and path != "-"]
    is_sed = command.tool == "sed" and any(one.startswith(("-i", "--in-place")) for one in command.options)
    if command.tool in _WRITERS or is_sed:
        scripts = max(1, sum(one in ("-e", "--expression") for one in command.options)) if is_sed else 0
        return [*redirected, *command.arguments[scripts:]]
    return redirected


def _is_free(path: str, home: str | None, own: Sequence[str]) -> bool:
    if path.startswith(("~/", "$HOME/", "&")) or any(is_within(path, one) for one in _SCRATCH):
        return True
    if "$" in path:
        return False
    whole = absolute(home, path)
    folders = [*own, *([home] if home is not None and is_code_folder(home) else [])]
    return whole is not None and any(is_within(whole, folder) for folder in folders)
