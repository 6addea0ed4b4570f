"""What a run has looked up lately."""

from __future__ import annotations

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(dict[Key, Value]):
    """A mapping of the newest entries only, so that a run over any number of folders needs no more memory."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __reduce__(self) -> tuple[type[Recent[Key, Value]], tuple[int]]:
        """Another process looks things up for itself."""
        return type(self), (self._most,)

    def __setitem__(self, key: Key, value: Value) -> None:
        if key not in self and len(self) >= self._most:
            del self[next(iter(self))]
        super().__setitem__(key, value)
