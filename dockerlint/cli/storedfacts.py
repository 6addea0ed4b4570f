"""`dockerlint facts`: which facts about images are in force, newer ones, and back to our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final, TextIO

from dockerlint import __version__
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.ruleset.bundle import load_day
from dockerlint.ruleset.stored.inforce import FactsInForce, facts_in_force
from dockerlint.ruleset.stored.place import stored_path
from dockerlint.ruleset.stored.storage import UnusableFacts, remove_stored, write_stored

_NO_FOLDER: Final = "no directory to store facts in: set XDG_DATA_HOME to an absolute path"
_CALLED: Final = {"tags": "tags", "releases": "ends of life", "images": "newest fact about an image"}


def update_facts(path: str, digest: str, today: date, stdout: TextIO) -> int:
    """Store the facts of a bundle; raises UserError, and then all is as it was."""
    from dockerlint.ruleset.stored.bundle import LARGEST, BundleError, checked_digest, read_bundle
    from dockerlint.workspace.door import Unreadable, read_bytes

    where = _path()
    wanted = checked_digest(digest)
    if "://" in path:
        raise BundleError(f"{path}: not a file; dockerlint downloads nothing, so download it first")
    try:
        facts = read_bundle(read_bytes(path, largest=LARGEST), wanted, today)
    except (Unreadable, BundleError) as error:
        raise BundleError(f"{path}: {error}") from error
    if facts.day < (ours := load_day()):
        raise BundleError(f"{path}: its facts of {facts.day} are older than the built-in ones of {ours}")
    write_stored(where, facts)
    stdout.write(harmless(f"facts about images of {facts.day} stored in {visible(where)}\n"))
    return 0


def show_facts(today: date, as_json: bool, stdout: TextIO, stderr: TextIO) -> int:
    """Print which facts are in force, where they come from and how old they are."""
    told = facts_in_force()
    if as_json:
        stdout.write(json.dumps(_as_json(told, today), indent=2) + "\n")
    else:
        stdout.write(harmless("".join(f"{visible(line)}\n" for line in _lines(told, today))))
    if told.trouble:
        stderr.write(complaint(told.trouble))
    return 0


def reset_facts(stdout: TextIO) -> int:
    """Remove the facts that are stored; those of this release are in force again. Raises UserError."""
    where = _path()
    try:
        was_there = remove_stored(where)
    except OSError as error:
        raise UnusableFacts(
            f"{where}: cannot be removed: {(error.strerror or str(error)).lower()}"
        ) from error
    done = "removed the stored facts about images" if was_there else "no facts about images are stored"
    stdout.write(harmless(f"{done}; the built-in ones of {load_day()} are in force\n"))
    return 0


def print_version(today: date, stdout: TextIO) -> int:
    """Print the version, and the day of the facts."""
    told = facts_in_force()
    warnings = (f"warning: {line}" for line in (told.trouble, told.old_age(today)) if line)
    lines = (f"dockerlint {__version__}", f"facts about images: {told.day} ({told.origin})", *warnings)
    stdout.write(harmless("".join(f"{visible(line)}\n" for line in lines)))
    return 0


def _path() -> str:
    if (path := stored_path()) is None:
        raise UnusableFacts(_NO_FOLDER)
    return path


def _lines(told: FactsInForce, today: date) -> Iterator[str]:
    yield f"facts about images: {told.day} ({'built in' if told.stored is None else 'stored'})"
    if told.stored is not None:
        yield f"sha256: {told.stored.digest}"
        yield from (f"{name}: {told.stored.dates[key]}" for key, name in _CALLED.items())
        yield f"built in: {load_day()}"
    yield f"{'stored in' if told.stored else 'a bundle would be stored in'}: {stored_path() or 'nowhere'}"
    if age := told.old_age(today):
        yield f"warning: {age}"


def _as_json(told: FactsInForce, today: date) -> dict[str, Any]:
    stored = told.stored
    return {
        "date": str(told.day),
        "origin": "built-in" if stored is None else "stored",
        "sha256": None if stored is None else stored.digest,
        "dates": None if stored is None else dict(stored.dates),
        "built_in": str(load_day()),
        "path": stored_path(),
        "is_old": bool(told.old_age(today)),
        "trouble": told.trouble or None,
    }
