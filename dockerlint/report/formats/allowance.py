"""How long a report may get whose reader refuses a longer one."""

from __future__ import annotations


class Allowance:
    """Gives out the room for entries, and counts those that found none."""

    def __init__(self, size: int) -> None:
        self._left = size
        self.cut = 0
        """Entries that were left out."""

    def takes(self, entry: str) -> bool:
        """Whether the entry may be written; after the first that may not, none may, so that the cut is one.

        The size is in bytes of UTF-8.
        """
        size = len(entry) if entry.isascii() else len(entry.encode("utf-8", "backslashreplace"))
        if self.cut or size > self._left:
            self.cut += 1
            return False
        self._left -= size
        return True
