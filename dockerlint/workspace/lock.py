"""dockerlint.lock: the digests that a project has settled on for the tags it uses.

    version: 1
    images:
      node:22.11:
        digest: sha256:…
        date: 2026-08-22
        platform: linux/arm64        # where the digest is of one platform
        replaces: [sha256:…]         # what `pin --update` moved from, so that `fix` moves files

Keys are names as people write them: `node:22.11`, `grafana/grafana:13.2.0`, `ghcr.io/team/app:1.4`. YAML or
JSON; docs/lock.schema.json has the shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from dockerlint.errors import UserError
from dockerlint.images.locked import MOST_REPLACED, LockedImage
from dockerlint.images.reference import cut, find_problem, is_pinning, normalise
from dockerlint.quoting import excerpt, name_of, plain_problem, shortened
from dockerlint.regex import pattern
from dockerlint.text import Source, Span
from dockerlint.yaml.tree import load_plain

VERSION = 1
_KEYS = ("version", "images")
_ENTRY = ("digest", "date", "platform", "replaces")
_DAY = pattern(r"\d{4}-\d{2}-\d{2}\Z")
_PLATFORM = pattern(r"[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9]+)?\Z")


class LockError(UserError):
    """A lock that cannot be used; the text is `line: what is wrong`."""


def is_platform(text: str) -> bool:
    """`OS/ARCHITECTURE`, or with a variant: `linux/arm/v7`."""
    return bool(_PLATFORM.match(text))


def read_lock(text: str) -> Mapping[str, str]:
    """Reference with tag to digest; raises LockError at the first mistake."""
    return {name: one.digest for name, one in read_locked(text).items()}


@lru_cache(maxsize=8)
def read_locked(text: str) -> Mapping[str, LockedImage]:
    """Reference with tag to what is locked for it; raises LockError at the first mistake."""
    data, places, problems = load_plain(text)
    source = Source("", text)
    for problem in problems:
        raise LockError(f"{source.position(problem.span.start).line}: {plain_problem(problem)}")
    for place, message in _mistakes(data):
        raise LockError(f"{source.position(_start_of(place, places, text)).line}: {message}")
    images: Mapping[str, Any] = data["images"]  # type: ignore[index,call-overload,assignment]
    return {_familiar(key): _locked(entry) for key, entry in images.items()}


def _locked(entry: Mapping[str, Any]) -> LockedImage:
    date, platform, replaces = (entry.get(name) or "" for name in _ENTRY[1:])
    return LockedImage(str(entry["digest"]), str(date), str(platform), tuple(map(str, replaces)))


def lock_text(images: Mapping[str, LockedImage]) -> str:
    """The text of a lock with these images, in the order of their names."""
    lines = ["# Written by `dockerlint pin`; `dockerlint fix` puts the digests into the files.", "version: 1"]
    lines.append("images:" if images else "images: {}")
    for name in sorted(images):
        lines += [f"  {_key(name)}:", *(f"    {line}" for line in _lines(images[name]))]
    return "\n".join(lines) + "\n"


def _lines(one: LockedImage) -> Iterator[str]:
    yield f"digest: {one.digest}"
    if one.date:
        yield f"date: {one.date}"
    if one.platform:
        yield f"platform: {one.platform}"
    if one.replaces:
        yield "replaces:"
        yield from (f"  - {digest}" for digest in one.replaces[:MOST_REPLACED])


def _key(name: str) -> str:
    """A name as a key of YAML; one that begins with a bracket (an IPv6 address) needs quotes."""
    return name if name[:1].isalnum() else f'"{name}"'


def _start_of(place: tuple[str | int, ...], places: Mapping[tuple[str | int, ...], Span], text: str) -> int:
    """Where the innermost key of a path stands; the top for what is absent."""
    while place and place not in places:
        place = place[:-1]
    if not place:
        return 0
    value = places[place].start
    return max(text.rfind(str(place[-1]), 0, value), 0)


def _mistakes(data: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not isinstance(data, dict) or not isinstance(data.get("images"), dict):
        yield (), "a lock file contains 'version' and 'images'"
        return
    yield from (((key,), f"unknown key {name_of(key, _KEYS)}") for key in data if key not in _KEYS)
    if data.get("version") != VERSION:
        found = excerpt(data.get("version"))
        yield ("version",), f"version is {found}; this dockerlint reads version {VERSION}"
    for key, entry in data["images"].items():
        yield from (((("images", key, *place)), message) for place, message in _of_image(str(key), entry))


def _of_image(key: str, entry: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    parts, name = cut(key), shortened(key)
    if parts.tag is None or parts.digest is not None or find_problem(key, parts):
        yield (), f"{excerpt(key)} is not an image with a tag"
    if not isinstance(entry, dict):
        yield (), f"{name} has no 'digest'"
        return
    yield from (((one,), f"unknown key {name_of(one, _ENTRY)}") for one in entry if one not in _ENTRY)
    if not isinstance(entry.get("digest"), str) or not is_pinning(entry["digest"]):
        yield (
            ("digest",),
            f"the digest of {shortened(key)} is not sha256: and 64 lower-case hexadecimal digits",
        )
    if "date" in entry and not _DAY.match(str(entry["date"])):
        yield ("date",), f"the date of {name} is not in the form 2026-08-22"
    if "platform" in entry and not is_platform(str(entry["platform"])):
        yield ("platform",), f"the platform of {name} is not in the form linux/arm64"
    if not _are_digests(entry.get("replaces", [])):
        yield ("replaces",), f"'replaces' of {name} is not a list of digests"


def _are_digests(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and is_pinning(one) for one in value)


def _familiar(key: str) -> str:
    """`docker.io/library/node:22` is node:22."""
    parts = cut(key)
    return f"{normalise(parts.path)[1]}:{parts.tag}"
