"""What a project holds that its config may want to speak of."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dockerlint.data import word_list
from dockerlint.errors import UserError
from dockerlint.kinds import nobody
from dockerlint.linting.linter import parse
from dockerlint.linting.nodes.walk import walk
from dockerlint.linting.purpose import Purpose
from dockerlint.migration.peerfiles import PEER_FILES
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.run.check import Options, candidates_of, linter_for
from dockerlint.run.file import FileLinter, kind_of
from dockerlint.text import Source, decode
from dockerlint.workspace.discovery import METADATA, Candidate
from dockerlint.workspace.door import read_bytes

_DEEPEST: Final = 3
_MOST_ENTRIES: Final = 5_000
_LOCAL: Final = ("localhost", "127.", "[::1]")


@dataclass(slots=True)
class Inventory:
    """What stands in the working directory and below."""

    kinds: Counter[str] = field(default_factory=Counter)
    """How many files there are of each kind."""
    purposes: dict[Purpose, list[str]] = field(default_factory=dict)
    """The files that are for something else than production, by what says so."""
    registries: set[str] = field(default_factory=set)
    """Where images come from, besides the registries that are trusted anyway."""
    vendored: list[str] = field(default_factory=list)
    """Folders that a search leaves out."""
    peer_files: list[str] = field(default_factory=list)
    """Configs of other tools."""


def take_inventory() -> Inventory:
    """Look at the project; a file that cannot be read says nothing."""
    found = Inventory(
        vendored=sorted(_vendored(os.curdir, 0)),
        peer_files=[name for name in PEER_FILES if os.path.isfile(name)],
    )
    options = Options()
    linter = linter_for(options, edits=False)
    for candidate in candidates_of(options, linter, lambda _: None):
        try:
            _look_at(candidate, linter, found)
        except UserError:
            continue
    return found


def _look_at(candidate: Candidate, linter: FileLinter, found: Inventory) -> None:
    if candidate.obstacle:
        return
    source = decode(read_bytes(candidate.path, candidate.root), candidate.path)
    kind = kind_of(candidate, source.text)
    found.kinds[kind] += 1
    purpose = linter.purpose(source, kind)
    if purpose.is_other:
        found.purposes.setdefault(purpose, []).append(candidate.path)
    found.registries |= set(_registries(source, kind, linter))


def _registries(source: Source, kind: str, linter: FileLinter) -> Iterator[str]:
    trusted = load_bundle()["words"]["trusted-registries"]
    ruleset = linter.selection(linter.configs.of(source.path)).everything
    with linter.within_budget():
        document: Any = parse(source.text, kind, ruleset, nobody)
        for node, _ in walk(document):
            registry = getattr(node, "registry", None) if "image" in node.KINDS else None
            if isinstance(registry, str) and registry not in trusted and not registry.startswith(_LOCAL):
                yield registry


def _vendored(folder: str, depth: int) -> Iterator[str]:
    names = word_list("purposes", "default-excludes")
    try:
        with os.scandir(folder) as listing:
            entries = [entry for entry, _ in zip(listing, range(_MOST_ENTRIES), strict=False)]
    except OSError:
        return
    for entry in entries:
        if entry.name in METADATA or entry.is_symlink() or not entry.is_dir():
            continue
        path = os.path.normpath(entry.path).replace(os.sep, "/")
        if entry.name in names:
            yield path
        elif depth < _DEEPEST:
            yield from _vendored(entry.path, depth + 1)
