"""Whether a container tells its clients to come back to an address that is not this host's alone.

Brokers and clusters name the address under which they are to be found; who gives them one that other machines
know wants other machines to connect.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.data import records
from dockerlint.model.container.container import Container
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED

_SETTINGS: Final = tuple(pattern(row["pattern"]) for row in records("services", "advertised-addresses"))
_HOST: Final = pattern(r"(?:[\w+.-]*://)?(\[[^\]]*\]|[^:/]*)")
_HERE: Final = pattern(r"(?i)(?:|localhost|127\..*|\[?::1?\]?|0\.0\.0\.0|host\.docker\.internal)\Z")
_WORD: Final = pattern(r"[\w-]+\Z")
"""A name without a dot is one of a network of Docker, or a number."""


def advertises_elsewhere(container: Container) -> bool:
    """One of its settings names an address that is neither this host's own nor a service's.

    A value that nobody sees may be one.
    """
    return any(_is_elsewhere(value) for value in _told(container))


def _told(container: Container) -> Iterator[str]:
    """The values of such settings, UNRESOLVED for what is not known."""
    for variable in container.variables:
        if any(one.search(variable.name) for one in _SETTINGS):
            yield UNRESOLVED if variable.value is None else variable.value.known or UNRESOLVED
    for command in container.commands:
        words = [word.text for word in command.words]
        for at, word in enumerate(words):
            name, equals, value = word.partition("=")
            if name[:1] == "-" and any(one.search(name) for one in _SETTINGS):
                yield value if equals else words[at + 1] if at + 1 < len(words) else ""


def _is_elsewhere(value: str) -> bool:
    parts = (part.rpartition("=")[2].rpartition("@")[2] for part in value.replace(",", " ").split())
    hosts = map(_HOST.match, parts)
    return any(host is not None and not (_HERE.match(host[1]) or _WORD.match(host[1])) for host in hosts)
