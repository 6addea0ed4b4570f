"""What reading a JSON text costs."""

from __future__ import annotations

import re
from typing import Final

from dockerlint.budget import STEPS, spend
from dockerlint.regex import pattern

_STEPS_PER_TOKEN: Final = 40
_LONG: Final = 3_000_000
"""Characters; of a longer text it is asked first whether it can be read at all."""
_QUOTED: Final = pattern(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_WHAT: Final = "the values of a JSON text"


def pay(tokens: int) -> None:
    """Spend what some tokens cost; raises OverBudget."""
    spend(_STEPS_PER_TOKEN * tokens, _WHAT)


def refuse_hopeless(text: str) -> None:
    """Spend what a long text costs at least where that is too much, before a second goes into reading it.

    Entries have a colon each, and of a list each item and its comma are tokens.
    """
    if len(text) <= _LONG:
        return
    bare = _QUOTED.sub("", text)
    entries, commas = bare.count(":"), bare.count(",")
    least = _STEPS_PER_TOKEN * max(entries + 2 * max(commas - entries, 0), bare.count("[") + bare.count("{"))
    if least > STEPS:
        spend(least, _WHAT)
