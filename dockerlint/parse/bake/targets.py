"""Targets of Bake files: which Dockerfile each builds, and which names its contexts take the place of.

https://docs.docker.com/build/bake/reference/
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from dockerlint.parse.bake.hcl import MOST_CHARACTERS, read_blocks
from dockerlint.values import UNKNOWN, Unknown

MOST_TARGETS: Final = 1000
MOST_ABOVE: Final = 50
"""Targets that one inherits from, itself counted."""
_DOCKERFILE: Final = "Dockerfile"
_REMOTE: Final = ("://", "git@")


class BakeTarget(NamedTuple):
    """What one target says of its build."""

    dockerfile: str | Unknown
    """The path of its Dockerfile from the folder that Bake is started in; "" for one that is no file here,
    UNKNOWN where an expression names it."""
    contexts: tuple[str, ...]
    """The names of its contexts; each stands for the image or the stage of that name."""


def read_bake(text: str, *, is_json: bool) -> tuple[BakeTarget, ...]:
    """The targets of a file with all that they inherit. Never raises: what is not understood says nothing."""
    if len(text) > MOST_CHARACTERS:
        return ()
    bodies = dict(_in_json(text) if is_json else _in_hcl(text))
    return tuple(_target(name, bodies) for name in list(bodies)[:MOST_TARGETS])


def _in_hcl(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    for block in read_blocks(text):
        if block.kind == "target" and block.labels:
            yield block.labels[0], block.attributes


def _in_json(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return
    for name, body in _mapping(_mapping(whole).get("target")).items():
        yield name, {key: _without_expressions(value) for key, value in _mapping(body).items()}


def _without_expressions(value: object) -> object:
    """JSON as HCL reads it: `${…}` in a string is an expression."""
    return UNKNOWN if isinstance(value, str) and "${" in value else value


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _target(name: str, bodies: Mapping[str, Mapping[str, object]]) -> BakeTarget:
    line = list(_line(name, bodies))
    contexts = dict.fromkeys(str(key) for one in line for key in _mapping(one.get("contexts")))
    folder, path = _first("context", ".", line), _first("dockerfile", _DOCKERFILE, line)
    if any("dockerfile-inline" in one for one in line):
        return BakeTarget("", tuple(contexts))
    if isinstance(folder, Unknown) or isinstance(path, Unknown):
        return BakeTarget(UNKNOWN, tuple(contexts))
    if any(mark in folder for mark in _REMOTE):
        return BakeTarget("", tuple(contexts))
    return BakeTarget(posixpath.normpath(posixpath.join(folder, path)), tuple(contexts))


def _line(name: str, bodies: Mapping[str, Mapping[str, object]]) -> Iterator[Mapping[str, object]]:
    """A target and those it inherits from, the one that counts most first; each once."""
    waiting, seen = [name], {name}
    while waiting:
        body = bodies.get(waiting.pop(0), {})
        yield body
        above = body.get("inherits")
        for one in reversed(above[:MOST_ABOVE]) if isinstance(above, list) else ():
            if isinstance(one, str) and one not in seen and len(seen) < MOST_ABOVE:
                seen.add(one)
                waiting.append(one)


def _first(key: str, default: str, line: list[Mapping[str, object]]) -> str | Unknown:
    found = next((one[key] for one in line if key in one), default)
    return found if isinstance(found, str) else UNKNOWN
