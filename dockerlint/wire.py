"""Reports on their way from one process to another: a rule travels once, then by its number.

The prose of a rule is longer than a finding of it, and a run finds the same few rules thousands of times.
"""

from __future__ import annotations

import io
import pickle
from typing import Any

from dockerlint.findings import RuleInfo


class Sender:
    """Turns objects into bytes for one receiver."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._sent: list[RuleInfo] = []

    def pack(self, value: object) -> bytes:
        """The bytes of a value, with the rules in it that have not been sent before."""
        known = len(self._sent)
        body = io.BytesIO()
        pickler = pickle.Pickler(body, protocol=pickle.HIGHEST_PROTOCOL)
        pickler.persistent_id = self._number_of  # type: ignore[method-assign]
        pickler.dump(value)
        return pickle.dumps((self._sent[known:], body.getvalue()), protocol=pickle.HIGHEST_PROTOCOL)

    def _number_of(self, value: object) -> int | None:
        """The number of a rule; None for everything else, which is sent as it is."""
        if not isinstance(value, RuleInfo):
            return None
        number = self._numbers.setdefault(id(value), len(self._sent))
        if number == len(self._sent):
            self._sent.append(value)  # kept, so that no other object can get its id
        return number


class Receiver:
    """Turns the bytes of one sender back, in their order."""

    def __init__(self) -> None:
        self._rules: list[RuleInfo] = []

    def unpack(self, data: bytes) -> Any:
        """The value that was packed."""
        fresh, body = pickle.loads(data)
        self._rules += fresh
        unpickler = pickle.Unpickler(io.BytesIO(body))
        unpickler.persistent_load = self._rules.__getitem__  # type: ignore[method-assign]
        return unpickler.load()
