"""What a Compose file says of other files, and whether it completes another one, before it is resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.nodes import Plain
from dockerlint.yaml.tree import load_plain

_WORDS: Final = ("include", "extends")
_SOURCES: Final = ("image", "build")
_STANDS_ALONE: Final = frozenset((*_SOURCES, "extends", "provider"))


def references_of(text: str) -> tuple[str, ...]:
    """The paths under `include` and `extends`, as written; those with variables in them are left out."""
    if not any(word in text for word in _WORDS):  # as in most files, and quicker
        return ()
    return tuple(name for name in dict.fromkeys(_named(_plain(text))) if "$" not in name)


def completes(text: str, base: str) -> bool:
    """Whether the services of one file are parts of those of another, and not alternatives to them.

    They are where one of them cannot be started by itself, where one starts after a service that only the
    other file has, or where all that both describe run the same.
    """
    own, whole = _services(_plain(text)), _services(_plain(base))
    shared = own.keys() & whole.keys()
    if any(name in whole and name not in own for body in own.values() for name in _awaited(body)):
        return True
    if not shared:
        return False
    if is_part(text):
        return True
    return all(_is_same(own[name], whole[name]) for name in shared)


def shares_services(text: str, other: str) -> bool:
    """Whether two files describe a service of the same name."""
    return not _services(_plain(text)).keys().isdisjoint(_services(_plain(other)))


def parts_in(text: str) -> frozenset[str]:
    """The services of a file that cannot be started by themselves, because another file describes them."""
    services = _services(_plain(text)).items()
    return frozenset(name for name, body in services if _STANDS_ALONE.isdisjoint(body))


def lacking_in(text: str) -> frozenset[str]:
    """The services that another file has to describe: parts, and those that others here start after."""
    own = _services(_plain(text))
    awaited = {name for body in own.values() for name in _awaited(body) if name not in own}
    return parts_in(text) | awaited


def described_in(text: str) -> frozenset[str]:
    """The other services of a file."""
    return frozenset(_services(_plain(text))) - parts_in(text)


def is_part(text: str) -> bool:
    """Whether a service of a file cannot be started by itself, so that the file is made to be merged."""
    return bool(parts_in(text))


def _plain(text: str) -> Mapping[str, Any]:
    plain = load_plain(text, COMPOSE)[0]
    return plain if isinstance(plain, dict) else {}


def _services(plain: Mapping[str, Any]) -> dict[str, Mapping[str, Plain]]:
    services = plain.get("services")
    named = services.items() if isinstance(services, dict) else ()
    return {str(name): body if isinstance(body, dict) else {} for name, body in named}


def _awaited(body: Mapping[str, Plain]) -> Iterator[str]:
    """The services that one starts after, but for those that may be missing (`required: false`)."""
    needed = body.get("depends_on")
    if isinstance(needed, list):
        yield from _strings(needed)
    elif isinstance(needed, dict):
        for name, how in needed.items():
            if not (isinstance(how, dict) and how.get("required") in (False, "false")):
                yield str(name)


def _named(plain: Mapping[str, Any]) -> Iterator[str]:
    included = plain.get("include")
    for item in included if isinstance(included, list) else ():
        yield from _strings(item.get("path") if isinstance(item, dict) else item)
    for body in _services(plain).values():
        origin = body.get("extends")
        yield from _strings(origin.get("file") if isinstance(origin, dict) else None)


def _strings(value: Plain) -> Iterator[str]:
    items = value if isinstance(value, list) else [value]
    yield from (item for item in items if isinstance(item, str))


def _is_same(part: Mapping[str, Plain], whole: Mapping[str, Plain]) -> bool:
    """Whether a service runs what another one does, as far as the first one says."""
    return all(part.get(key) == whole.get(key) for key in _SOURCES if key in part)
