"""Which facts about images a run goes by: ours, or newer ones that the user stored; and how old they are."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from dockerlint.ruleset.bundle import load_bases_data, load_day, load_knowledge_data
from dockerlint.ruleset.stored.place import stored_path

OLD: Final = 6
"""Months after which facts are called old: by then most release lines have moved on."""


class FactsInForce(NamedTuple):
    """The facts that a run goes by."""

    day: date
    stored: Any = None
    """What the user stored, a `StoredFacts`; None where our own are in force."""
    trouble: str = ""
    """Why what the user stored is not used, where it cannot be."""

    @property
    def origin(self) -> str:
        """Where they come from, in words."""
        return "built in" if self.stored is None else f"stored, sha256 {self.stored.digest[:12]}"

    def old_age(self, today: date) -> str:
        """One line about facts that are older than six months; "" for others."""
        now = (today.year * 12 + today.month - OLD, today.day)
        if now <= (self.day.year * 12 + self.day.month, self.day.day):
            return ""
        return (
            f"the facts about images are of {self.day}, more than six months old: "
            "upgrade dockerlint, or see dockerlint facts update --help"
        )


@cache
def facts_in_force() -> FactsInForce:
    """Asked once a process; where nothing is stored, that takes one look at the disk."""
    path = stored_path()
    if path is None or not os.path.lexists(path):
        return FactsInForce(load_day())
    from dockerlint.ruleset.stored.storage import UnusableFacts, read_stored

    ours = load_day()
    try:
        stored = read_stored(path)
    except UnusableFacts as error:
        return FactsInForce(ours, trouble=f"{error}; the built-in facts of {ours} are used")
    return FactsInForce(stored.day, stored) if stored.day >= ours else FactsInForce(ours)


def knowledge_in_force() -> dict[str, Any]:
    """The facts about images, as `compile_knowledge` gives them."""
    stored = facts_in_force().stored
    return load_knowledge_data() if stored is None else dict(stored.knowledge())


def bases_in_force() -> dict[str, Any]:
    """Tags, promises and packages, as `compile_bases` gives them."""
    stored = facts_in_force().stored
    return load_bases_data() if stored is None else dict(stored.bases())
