"""Which paths a run has come across, in little memory however many they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # most runs come across a few paths only
    from array import array

PLAIN: Final = 1000
"""Up to so many paths are kept as they are."""
_WORDS: Final = 2
"""Of 64 bits, in a digest: two paths with the same one will not be met."""


class Seen:
    """A set of paths.

    What it holds beyond the first ones are digests under a key that nobody can know before, in a table that
    is half empty at least: some 40 bytes a path, where Python's own set takes 200.
    """

    def __init__(self) -> None:
        self._plain: set[str] = set()
        self._table: array[int] | None = None
        self._count = 0
        self._key = b""

    def add(self, path: str) -> bool:
        """Note a path; says whether it is new."""
        if path in self._plain:
            return False
        if len(self._plain) < PLAIN:
            self._plain.add(path)
            return True
        if self._table is None or 2 * self._count * _WORDS >= len(self._table):
            self._table = self._grown(self._table or ())
        return self._put(self._table, *self._digest(path))

    def _digest(self, path: str) -> tuple[int, int]:
        from hashlib import blake2b

        self._key = self._key or os.urandom(16)
        digest = blake2b(os.fsencode(path), digest_size=16, key=self._key).digest()
        return int.from_bytes(digest[:8], "big") | 1, int.from_bytes(digest[8:], "big")  # 0 is an empty place

    def _put(self, table: array[int], first: int, second: int) -> bool:
        at = second * _WORDS % len(table)
        while table[at]:
            if table[at] == first and table[at + 1] == second:
                return False
            at = (at + _WORDS) % len(table)
        table[at], table[at + 1] = first, second
        self._count += 1
        return True

    def _grown(self, old: Sequence[int]) -> array[int]:
        from array import array

        table, self._count = array("Q", bytes(max(2 * len(old), 4096) * 8)), 0
        for at in range(0, len(old), _WORDS):
            if old[at]:
                self._put(table, old[at], old[at + 1])
        return table
