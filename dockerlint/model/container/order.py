"""In which order a Compose file says things, where the order changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
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
    """The first port with a lower number than the one above it; None where a variable is among them."""
    numbers = [port.number for port in ports]
    if any(number is None for number in numbers):
        return None
    pairs = zip(pairwise(numbers), ports[1:], strict=True)
    return next((port for (above, number), port in pairs if (number or 0) < (above or 0)), None)


def misplaced_section(keys: Sequence[Located[str]]) -> Located[str] | None:
    """The first key at the top of a file that belongs before one above it."""
    return _misplaced(keys, _SECTIONS)


def misplaced_key(keys: Sequence[Located[str]]) -> Located[str] | None:
    """The first key of a service that belongs before one above it."""
    return _misplaced(keys, _KEYS)


def by_name(names: Sequence[str]) -> list[int]:
    """The places of names in alphabetical order, whatever their case."""
    return sorted(range(len(names)), key=lambda at: names[at].lower())


def by_number(numbers: Sequence[int]) -> list[int]:
    """The places of numbers from the lowest to the highest."""
    return sorted(range(len(numbers)), key=lambda at: numbers[at])


def sections_in_order(names: Sequence[str]) -> list[int]:
    """The places of the keys at the top of a file in the usual order."""
    return _ranked(names, _SECTIONS)


def keys_in_order(names: Sequence[str]) -> list[int]:
    """The places of the keys of a service in the usual order."""
    return _ranked(names, _KEYS)


def _ranked(names: Sequence[str], order: Sequence[str]) -> list[int]:
    """A key that the order does not name stays below the one above it; at the top, where it is."""
    ranks = _ranks(order)
    rank, placed = -1, []
    for at, name in enumerate(names):
        rank = ranks.get(_word(name), rank)
        placed.append((rank, at))
    return [at for _, at in sorted(placed)]


def _ranks(order: Sequence[str]) -> dict[str, int]:
    return {word: rank for rank, word in enumerate(order)}


def _word(name: str) -> str:
    """`x-` stands for all extensions."""
    return "x-" if name.startswith("x-") else name


def _misplaced(keys: Sequence[Located[str]], order: Sequence[str]) -> Located[str] | None:
    """Keys that the order does not name may stand anywhere."""
    ranks = _ranks(order)
    highest = -1
    for key in keys:
        rank = ranks.get(_word(known(key) or ""))
        if rank is None:
            continue
        if rank < highest:
            return key
        highest = rank
    return None
