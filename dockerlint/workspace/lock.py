"""dockerlint.lock: the digests that a project has settled on for the tags it uses.

    version: 1
    images:
      node:22.11:
        digest: sha256:…
        date: 2026-08-22

Keys are names as people write them: `node:22.11`, `grafana/grafana:13.2.0`, `ghcr.io/team/app:1.4`. YAML or
JSON; docs/lock.schema.json has the shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from dockerlint.errors import UserError
from dockerlint.images.reference import cut, find_problem, is_pinning, normalise
from dockerlint.quoting import excerpt, name_of, plain_problem, shortened
from dockerlint.regex import pattern
from dockerlint.text import Source, Span
from dockerlint.yaml.tree import load_plain

VERSION = 1
_KEYS = ("version", "images")
_ENTRY = ("digest", "date")
_DAY = pattern(r"\d{4}-\d{2}-\d{2}\Z")


class LockError(UserError):
    """A lock that cannot be used; the text is `line: what is wrong`."""


@lru_cache(maxsize=8)
def read_lock(text: str) -> Mapping[str, str]:
    """Reference with tag to digest; raises LockError at the first mistake."""
    data, places, problems = load_plain(text)
    source = Source("", text)
    for problem in problems:
        raise LockError(f"{source.position(problem.span.start).line}: {plain_problem(problem)}")
    for place, message in _mistakes(data):
        raise LockError(f"{source.position(_start_of(place, places, text)).line}: {message}")
    images: Mapping[str, Any] = data["images"]  # type: ignore[index,call-overload,assignment]
    return {_familiar(key): str(entry["digest"]) for key, entry in images.items()}


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


def _familiar(key: str) -> str:
    """`docker.io/library/node:22` is node:22."""
    parts = cut(key)
    return f"{normalise(parts.path)[1]}:{parts.tag}"
