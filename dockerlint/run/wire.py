"""Reports on their way from one process to another: a rule travels once, then by its number.

The prose of a rule is longer than a finding of it, and a run finds the same few rules thousands of times.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from typing import Any

from dockerlint.findings import RuleInfo


class Sender:
    """Turns objects into bytes for one receiver."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._known: list[RuleInfo] = []
        self._sent = 0

    def pack(self, value: object) -> bytes:
        """The bytes of a value, with the rules in it that have not been sent before."""
        body = io.BytesIO()
        _Pickler(body, self._number_of).dump(value)
        # Only now: what a value held that could not be packed has not been sent.
        fresh, self._sent = self._known[self._sent :], len(self._known)
        return pickle.dumps((fresh, body.getvalue()), protocol=pickle.HIGHEST_PROTOCOL)

    def _number_of(self, value: object) -> int | None:
        """The number of a rule; None for everything else, which is sent as it is."""
        if not isinstance(value, RuleInfo):
            return None
        number = self._numbers.setdefault(id(value), len(self._known))
        if number == len(self._known):
            self._known.append(value)  # kept, so that no other object can get its id
        return number


class Receiver:
    """Turns the bytes of one sender back, in their order."""

    def __init__(self) -> None:
        self._rules: list[RuleInfo] = []

    def unpack(self, data: bytes) -> Any:
        """The value that was packed."""
        fresh, body = pickle.loads(data)
        self._rules += fresh
        return _Unpickler(io.BytesIO(body), self._rules).load()


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, number_of: Callable[[object], int | None]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._number_of = number_of

    def persistent_id(self, obj: object) -> int | None:
        return self._number_of(obj)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, rules: Sequence[RuleInfo]) -> None:
        super().__init__(file)
        self._rules = rules

    def persistent_load(self, pid: int) -> RuleInfo:
        return self._rules[pid]
