"""A read-only root file system, and the tmpfs that the service then needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dockerlint.data import ordered_words
from dockerlint.hardening.conditions import is_below
from dockerlint.prove.layers.hints import changed_folders, folders_in, written_folders
from dockerlint.prove.layers.proof import Note, Proof
from dockerlint.prove.layers.search import once, shrink

LAYER: Final = "read_only"
_USUAL: Final = ordered_words("prove", "usual-writable-folders")
_MOST_CLIMBS: Final = 6
OPEN: Final = "mode=1777"
"""A folder that belongs to root, and that everybody may write to: a tmpfs has no other owner by itself."""


def make_read_only(proof: Proof, mounted: Sequence[str]) -> None:
    """Prove `read_only` with the tmpfs it takes, or note why not; what is `mounted` is written as before."""
    verdict = None
    for entries in _Climb(proof, mounted):
        variant = proof.proven._replace(read_only=True, tmpfs=entries)
        verdict = proof.attempt(variant, " ".join(("read_only, tmpfs", *entries)) if entries else LAYER)
        if verdict.works:
            drop_idle_tmpfs(proof)
            return
    if verdict is not None:
        proof.notes.append(Note(LAYER, f"{verdict.phase}: {verdict.line}"))


def drop_idle_tmpfs(proof: Proof) -> None:
    """Take away each tmpfs that the service works without."""
    proof.lacks = [one for one in proof.lacks if not one.of.startswith("tmpfs ")]

    def works(entries: tuple[str, ...]) -> bool:
        gone = [one for one in proof.proven.tmpfs if one not in entries]
        lack = f"tmpfs {gone[0]}" if len(gone) == 1 else ""
        return proof.attempt(
            proof.proven._replace(tmpfs=entries), f"without tmpfs {' '.join(gone)}", lack
        ).works

    shrink(proof.proven.tmpfs, once(works))


class _Climb:
    """The sets of tmpfs to try one after another, each in the light of the last failure."""

    def __init__(self, proof: Proof, mounted: Sequence[str]) -> None:
        self._proof = proof
        self._mounted = tuple(mounted)
        self._changes = [one for one in proof.changes if not _is_in(one.path, mounted)]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        found = list(written_folders(self._changes))
        yield tuple(found)
        for _ in range(_MOST_CLIMBS):
            if not (more := self._more(found)):
                break
            found = _uppermost([*found, *more])
            yield tuple(found)
        yield tuple(f"{one}:{OPEN}" for one in found)
        yield tuple(f"{one}:exec,{OPEN}" for one in found)
        if found:
            yield ()
        for one in found if len(found) > 1 else ():
            yield tuple(other for other in found if other != one)

    def _more(self, found: Sequence[str]) -> list[str]:
        """The folders that the last failure names; where it names none, those that are likely."""
        taken = (*self._mounted, *found)
        for likely in (folders_in(self._proof.last.lines), changed_folders(self._changes), _USUAL):
            more = [one for one in likely if not _is_in(one, taken)]
            if more:
                return more
        return []


def _uppermost(folders: Sequence[str]) -> list[str]:
    return [one for one in folders if not any(one != other and is_below(one, other) for other in folders)]


def _is_in(path: str, folders: Sequence[str]) -> bool:
    return any(is_below(path, folder) for folder in folders)


def as_user(entries: Sequence[str]) -> tuple[str, ...]:
    """The same tmpfs for a user who is not root."""
    return tuple(one if OPEN in one else f"{one}{',' if ':' in one else ':'}{OPEN}" for one in entries)
