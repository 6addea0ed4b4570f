"""The keys of daemon.json, what may stand under each, and the flags of dockerd (rules/lists/daemon.yaml)."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from dockerlint.data import table, word_table
from dockerlint.parse.flags import FlagSpec
from dockerlint.yaml.shape import Shape

_TEXT: Final = Shape(("string",))
_SHAPES: Final = {
    "flag": Shape(("boolean",)),
    "string": _TEXT,
    "integer": Shape(("integer",)),
    "size": Shape(("string", "integer")),
    "strings": Shape(items=_TEXT),
    "map": Shape(values=_TEXT),
    "flags": Shape(values=Shape(("boolean",))),
    "any": Shape(is_free=True),
}
"""By the word in the table."""
NO_KEY: Final = "none"
"""The type of what is a flag and no key."""


@cache
def keys() -> dict[str, dict[str, Any]]:
    """The row of each key."""
    return table("daemon", "daemon-keys")


@cache
def daemon_file() -> Shape:
    """A whole daemon.json; the daemon refuses other keys."""
    modes = word_table("daemon", "daemon-modes")
    fields = {
        key: Shape(("string",), one_of=frozenset(modes[key])) if key in modes else _SHAPES[row["type"]]
        for key, row in keys().items()
        if row["type"] != NO_KEY
    }
    return Shape(fields=fields, is_open=False)


@cache
def dockerd_flags() -> dict[str, FlagSpec]:
    """The flags of dockerd by their spelling."""
    return {
        flag: FlagSpec(key, row.get("valued", row["type"] not in ("flag", NO_KEY)))
        for key, row in keys().items()
        for flag in row.get("flags", ())
    }
