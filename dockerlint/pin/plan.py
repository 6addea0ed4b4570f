"""What a lock comes to: what it has, what the files say, and what a registry has answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from dockerlint.images.locked import MOST_REPLACED, LockedImage
from dockerlint.pin.images import ImageMention


class Verb(Enum):
    """What happens to an entry."""

    NEW = "new"
    MOVED = "moved"
    DROPPED = "dropped"
    UNKNOWN = "unknown"
    """It stays away, because nobody knows its digest."""
    FAILED = "failed"
    """It stays as it is, because a registry did not answer."""


class LockChange(NamedTuple):
    """What happens to one entry, and why."""

    verb: Verb
    key: str
    digest: str = ""
    place: str = ""
    """The first place that names the image."""
    why: str = ""


class Wish(NamedTuple):
    """What a run is to find out."""

    resolve: bool = False
    update: bool = False
    platform: str = ""
    """"" for what an entry has, or an index."""
    day: str = ""


@dataclass(slots=True)
class LockPlan:
    """The entries of one lock, on their way from what they were to what they are to be."""

    old: Mapping[str, LockedImage]
    mentions: Mapping[str, Sequence[ImageMention]]
    """By the keys of the lock."""
    is_whole: bool
    """The run went over everything that the lock is for, so that what no file names can go."""
    wish: Wish
    new: dict[str, LockedImage] = field(default_factory=dict)
    changes: list[LockChange] = field(default_factory=list)

    def __post_init__(self) -> None:
        for key, entry in self.old.items():
            if key in self.mentions or not self.is_whole:
                self.new[key] = entry
            else:
                self.changes.append(LockChange(Verb.DROPPED, key, entry.digest, why="no file names it"))
        for key in self.mentions:
            self._take_over(key)

    def _take_over(self, key: str) -> None:
        """Let the lock follow files that have moved on, by somebody else's hand."""
        entry, written = self.new.get(key), self.written(key)
        strange = [one for one in written if entry is None or one not in (entry.digest, *entry.replaces)]
        if len(strange) == 1 and (entry is None or not self._is_held(key, entry)):
            self._settle(key, strange[0])

    def _is_held(self, key: str, entry: LockedImage) -> bool:
        """Whether some file has the digest of the lock, so that files disagree."""
        return entry.digest in self.written(key)

    def written(self, key: str) -> tuple[str, ...]:
        """The digests that files have for a tag, each once."""
        return tuple(dict.fromkeys(one.digest for one in self.mentions.get(key, ()) if one.digest))

    def asked(self) -> Iterable[str]:
        """The keys that a registry is to be asked about."""
        for key in self.mentions:
            entry = self.new.get(key)
            is_other = entry is not None and self.wish.platform not in ("", entry.platform)
            if self.wish.update or (self.wish.resolve and (entry is None or is_other)):
                yield key

    def platform_of(self, key: str) -> str:
        """The platform that is asked for."""
        entry = self.new.get(key)
        return self.wish.platform or ("" if entry is None else entry.platform)

    def answer(self, key: str, digest: str) -> None:
        """Take up what a registry says a tag has."""
        entry, platform = self.new.get(key), self.platform_of(key)
        if entry is None or (entry.digest, entry.platform) != (digest, platform):
            self._settle(key, digest, platform, keeps_old=True)

    def fail(self, key: str, why: str) -> None:
        """Take up that there is no answer."""
        self.changes.append(LockChange(Verb.FAILED, key, place=self.place(key), why=why))

    def finish(self) -> None:
        """Tell what has no entry in the end."""
        failed = {one.key for one in self.changes if one.verb is Verb.FAILED}
        for key in self.mentions:
            if key not in self.new and key not in failed:
                several = len(self.written(key)) > 1
                why = "files have several digests for it" if several else "no digest is known"
                self.changes.append(LockChange(Verb.UNKNOWN, key, place=self.place(key), why=why))

    def _settle(self, key: str, digest: str, platform: str = "", *, keeps_old: bool = False) -> None:
        """Give a tag a digest. What it takes the place of is remembered where files are to follow."""
        entry = self.new.get(key)
        past = () if entry is None else (entry.digest, *entry.replaces)
        replaced = (*past, *self.written(key)) if keeps_old else ()
        kept = tuple(one for one in dict.fromkeys(replaced) if one != digest)[:MOST_REPLACED]
        self.new[key] = LockedImage(digest, self.wish.day, platform, kept)
        verb, why = (Verb.NEW, "") if entry is None else (Verb.MOVED, "" if keeps_old else "as in the file")
        self.changes = [one for one in self.changes if one.key != key]
        self.changes.append(LockChange(verb, key, digest, self.place(key), why))

    def place(self, key: str) -> str:
        """The first place that names an image, as messages have it."""
        first = self.mentions[key][0]
        return f"{first.path}:{first.line}"


def by_key(mentions: Iterable[ImageMention]) -> dict[str, list[ImageMention]]:
    """The places that name each image."""
    found: dict[str, list[ImageMention]] = {}
    for one in mentions:
        found.setdefault(one.key, []).append(one)
    return found
