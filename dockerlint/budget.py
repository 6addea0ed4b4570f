"""What one file may cost: steps decide, time is the backstop.

A step is one unit of what a text expands to (a character that a variable brings, a node behind an alias, a
stage that inherits), so the same text costs the same on every machine. Code that multiplies its input spends
steps where it does so; a text that costs more than its budget is not judged, and its neighbours are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

STEPS: Final = 20_000_000
"""What one file may spend. The costliest of 6,000 public files spends less than a thousandth of it."""


class OverBudget(Exception):
    """A text that expands to too much; the text of the error says what does."""


class _Ledger:
    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps


_active: ContextVar[_Ledger | None] = ContextVar("budget", default=None)


@contextmanager
def budgeted(steps: int = STEPS) -> Iterator[None]:
    """Bound what is spent inside; a budget that is already running goes on."""
    if _active.get() is not None:
        yield
        return
    token = _active.set(_Ledger(steps))
    try:
        yield
    finally:
        _active.reset(token)


def spend(steps: int, on: str) -> None:
    """Take steps from the budget of the file, if one is running; raises OverBudget, naming `on`.

    `on` is the thing that grows, as a user would call it: `variables of .env`, `aliases`.
    """
    ledger = _active.get()
    if ledger is None:
        return
    ledger.left -= steps
    if ledger.left < 0:
        raise OverBudget(f"too costly: {on} expand to too much")
