"""In which order a Compose file says things, where the order changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dockerlint.data import ordered_words
from dockerlint.model.container.port import Port
from dockerlint.values import Located, Unknown, known

_SECTIONS: Final = ordered_words("order", "sections-in-order")
_KEYS: Final = ordered_words("order", "service-keys-in-order")


def unsorted(names: Iterable[Located[str]]) -> Located[str] | None:
    """The first name that belongs before the one above it; None where a variable is among them."""
    found: Located[str] | None = None
    before = ""
    for name in names:
        if isinstance(name.value, Unknown):
            return None
        if found is None and name.value.lower() < before:
            found = name
        before = name.value.lower()
    return found


def unsorted_port(ports: Sequence[Port]) -> Port | None:
    """The first published port with a lower number than the one above it."""
    before = -1
    for port in ports:
        published = known(port.published)
        if published is None:
            continue
        if published.first < before:
            return port
        before = published.first
    return None


def misplaced_section(keys: Sequence[Located[str]]) -> Located[str] | None:
    """The first key at the top of a file that belongs before one above it."""
    return _misplaced(keys, _SECTIONS)


def misplaced_key(keys: Sequence[Located[str]]) -> Located[str] | None:
    """The first key of a service that belongs before one above it."""
    return _misplaced(keys, _KEYS)


def _misplaced(keys: Sequence[Located[str]], order: Sequence[str]) -> Located[str] | None:
    """Keys that the order does not name may stand anywhere; `x-` stands for all extensions."""
    ranks = {word: rank for rank, word in enumerate(order)}
    highest = -1
    for key in keys:
        name = known(key) or ""
        rank = ranks.get("x-" if name.startswith("x-") else name)
        if rank is None:
            continue
        if rank < highest:
            return key
        highest = rank
    return None
