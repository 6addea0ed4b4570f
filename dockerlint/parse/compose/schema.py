"""The keys of a Compose file and what may stand under each, made from rules/compose."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from dockerlint.data import COMPOSE, number, records, word_list
from dockerlint.regex import pattern
from dockerlint.yaml.shape import Shape

MERGED_LISTS: Final = frozenset(word_list(COMPOSE, "merged-lists"))
"""Lists whose equal items `docker compose` makes one of, although the schema forbids them."""


@cache
def compose_file() -> Shape:
    """A whole file."""
    made: list[Shape] = []
    for row in records(COMPOSE, "rows"):  # a row stands behind those that it names by their number
        made.append(_shape(row, made))
    return made[number(COMPOSE, "file")]


@cache
def service() -> Shape:
    """One service."""
    services = (compose_file().fields or {})["services"]
    return services.values or Shape()


def _shape(row: Mapping[str, Any], made: list[Shape]) -> Shape:
    told = dict(row)
    for field in ("scalars", "required"):
        told[field] = tuple(row.get(field, ()))
    for field in ("items", "values"):
        if field in row:
            told[field] = made[row[field]]
    for field in ("pattern", "names"):
        if field in row:
            told[field] = pattern(row[field])
    if "fields" in row:
        told["fields"] = {key: made[one] for key, one in row["fields"].items()}
    if "one_of" in row:
        told["one_of"] = frozenset(row["one_of"])
    return Shape(**told)
