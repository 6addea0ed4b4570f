"""What a Compose file says of other files, and whether it completes another one, before it is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.nodes import Mapping as Body
from dockerlint.yaml.nodes import Plain, as_mapping
from dockerlint.yaml.tree import parse_yaml, plain_of

_WORDS: Final = ("include", "extends")
_SOURCES: Final = ("image", "build")
_STANDS_ALONE: Final = frozenset((*_SOURCES, "extends", "provider"))
_ASKED: Final = (*_STANDS_ALONE, "depends_on")
"""The keys of a service that say what it needs of other files."""
KEPT: Final = 32
"""Files whose services are remembered: those of a folder are compared with each other."""

_Services = Mapping[str, Mapping[str, Plain]]


def references_of(text: str) -> tuple[str, ...]:
    """The paths under `include` and `extends`, as written; those with variables in them are left out."""
    if not any(word in text for word in _WORDS):  # as in most files, and quicker
        return ()
    return tuple(name for name in dict.fromkeys(_named(text)) if "$" not in name)


def completes(text: str, base: str) -> bool:
    """Whether the services of one file are parts of those of another, and not alternatives to them.

    They are where one of them cannot be started by itself, where one starts after a service that only the
    other file has, or where all that both describe run the same.
    """
    own, whole = _services(text), _services(base)
    shared = own.keys() & whole.keys()
    if any(name in whole and name not in own for body in own.values() for name in _awaited(body)):
        return True
    if not shared:
        return False
    if _parts(own):
        return True
    return all(_is_same(own[name], whole[name]) for name in shared)


def shares_services(text: str, other: str) -> bool:
    """Whether two files describe a service of the same name."""
    return not _services(text).keys().isdisjoint(_services(other))


def lacking_in(text: str) -> frozenset[str]:
    """The services that another file has to describe: parts, and those that others here start after."""
    own = _services(text)
    awaited = {name for body in own.values() for name in _awaited(body) if name not in own}
    return _parts(own) | awaited


def described_in(text: str) -> frozenset[str]:
    """The other services of a file."""
    services = _services(text)
    return frozenset(services) - _parts(services)


def is_part(text: str) -> bool:
    """Whether a service of a file cannot be started by itself, so that the file is made to be merged."""
    return bool(_parts(_services(text)))


def _parts(services: _Services) -> frozenset[str]:
    """The services that cannot be started by themselves, because another file describes them."""
    return frozenset(name for name, body in services.items() if _STANDS_ALONE.isdisjoint(body))


def _roots(text: str) -> Iterator[Body]:
    """The documents of a file."""
    return map(as_mapping, parse_yaml(text, COMPOSE).documents)


@lru_cache(maxsize=KEPT)
def _services(text: str) -> _Services:
    """What the services of a file say under the keys that are asked for."""
    found: dict[str, dict[str, Plain]] = {}
    for root in _roots(text):
        for name, entry in as_mapping(root.get("services")).entries.items():
            body = as_mapping(entry.value)
            said = ((key, body.get(key)) for key in _ASKED)
            found.setdefault(name, {}).update((key, plain_of(node)) for key, node in said if node is not None)
    return found


def _awaited(body: Mapping[str, Plain]) -> Iterator[str]:
    """The services that one starts after, but for those that may be missing (`required: false`)."""
    needed = body.get("depends_on")
    if isinstance(needed, list):
        yield from _strings(needed)
    elif isinstance(needed, dict):
        for name, how in needed.items():
            if not (isinstance(how, dict) and how.get("required") in (False, "false")):
                yield str(name)


def _named(text: str) -> Iterator[str]:
    for root in _roots(text):
        node = root.get("include")
        included = None if node is None else plain_of(node)
        for item in included if isinstance(included, list) else ():
            yield from _strings(item.get("path") if isinstance(item, dict) else item)
    for body in _services(text).values():
        origin = body.get("extends")
        yield from _strings(origin.get("file") if isinstance(origin, dict) else None)


def _strings(value: Plain) -> Iterator[str]:
    items = value if isinstance(value, list) else [value]
    yield from (item for item in items if isinstance(item, str))


def _is_same(part: Mapping[str, Plain], whole: Mapping[str, Plain]) -> bool:
    """Whether a service runs what another one does, as far as the first one says."""
    return all(part.get(key) == whole.get(key) for key in _SOURCES if key in part)
