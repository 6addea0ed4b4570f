"""The text of a receipt → what it says, held to its schema (docs/receipt.schema.json).

Whoever proposes a change to a repository may write one. So it can name no capability that opens the host, no
root, and no folder or size that is not one. It speaks of the service that it names alone, and gives that no
capability that it does not have today.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from dockerlint.data import word_list
from dockerlint.errors import UserError
from dockerlint.images.privilege import is_root
from dockerlint.images.receipt import VERSION, Receipt
from dockerlint.images.reference import cut, find_problem
from dockerlint.quoting import excerpt, name_of, plain_problem
from dockerlint.regex import pattern
from dockerlint.text import Source
from dockerlint.yaml.tree import load_plain

_DANGEROUS: Final = word_list("prove", "capabilities-refused-in-trials")
_CAPABILITY: Final = pattern(r"[A-Z][A-Z_]{2,30}\Z")
_SERVICE: Final = pattern(r"[A-Za-z0-9._-]{1,200}\Z")
_DIGEST: Final = pattern(r"sha256:[0-9a-f]{64}\Z")
_HASH: Final = pattern(r"[0-9a-f]{64}\Z")
_SETUP: Final = pattern(r"[0-9a-f]{16}\Z")
_DAY: Final = pattern(r"20\d\d-\d\d-\d\d\Z")
_TMPFS: Final = pattern(
    r"/[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*(?::(?:exec|mode=1777)(?:,(?:exec|mode=1777))?)?\Z"
)
_ACCOUNT: Final = pattern(r"[A-Za-z0-9_-]{1,64}(?::[A-Za-z0-9_-]{1,64})?\Z")
_MEMORY: Final = pattern(r"[1-9]\d{1,5}m\Z")
_MOST: Final = 40
"""Entries of a list."""
_LONGEST: Final = 300
_MOST_PIDS: Final = 100_000

Check = Callable[[Any], bool]


class ReceiptError(UserError):
    """A receipt that cannot be used; the text is `line: what is wrong`."""


def _text(expression: Any) -> Check:
    return lambda value: isinstance(value, str) and expression.match(value) is not None


def _line(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _number(most: float) -> Check:
    return lambda value: (
        isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most
    )


def _listed(check: Check) -> Check:
    def told(value: Any) -> bool:
        return isinstance(value, list) and len(value) <= _MOST and all(map(check, value))

    return told


def _rows(checks: Mapping[str, Check]) -> Check:
    def is_row(value: Any) -> bool:
        return isinstance(value, dict) and all(
            key in checks and checks[key](one) for key, one in value.items()
        )

    return _listed(is_row)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_image(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST and find_problem(value, cut(value)) is None


def _is_user(value: Any) -> bool:
    return isinstance(value, str) and _ACCOUNT.match(value) is not None and not is_root(value)


_PROVEN: Final[dict[str, Check]] = {
    "read_only": _flag,
    "tmpfs": _listed(_text(_TMPFS)),
    "user": _is_user,
    "capabilities": _listed(lambda value: _text(_CAPABILITY)(value) and value not in _DANGEROUS),
    "no_new_privileges": _flag,
    "memory": _text(_MEMORY),
    "pids": lambda value: _number(_MOST_PIDS)(value) and isinstance(value, int) and value > 0,
}
_KEYS: Final[dict[str, Check]] = {
    "version": lambda value: value == VERSION and not isinstance(value, bool),
    "service": _text(_SERVICE),
    "image": _is_image,
    "digest": _text(_DIGEST),
    "id": _text(_DIGEST),
    "dockerfile": _text(_HASH),
    "setup": _text(_SETUP),
    "engine": _line,
    "date": lambda value: _DAY.match(str(value)) is not None,
    "seconds": _number(1e6),
    "trials": _number(1e4),
    "tested": _flag,
    "proven": lambda value: isinstance(value, dict),
    "measured": lambda value: isinstance(value, dict) and all(_number(1e15)(one) for one in value.values()),
    "fails_without": _rows({"what": _line, "phase": _line, "line": _line}),
    "not_proven": _rows({"layer": _line, "why": _line}),
}
_NEEDED: Final = ("version", "service", "setup", "engine", "date", "proven")


@lru_cache(maxsize=256)
def read_receipt(text: str, path: str) -> Receipt:
    """What a receipt says; raises ReceiptError at the first mistake."""
    data, places, problems = load_plain(text)
    source = Source("", text)
    for problem in problems:
        raise ReceiptError(f"{source.position(problem.span.start).line}: {plain_problem(problem)}")
    for place, message in _mistakes(data):
        while place and place not in places:
            place = place[:-1]
        at = places[place].start if place else 0
        raise ReceiptError(f"{source.position(at).line}: {message}")
    return _receipt(data, path)  # type: ignore[arg-type]


def _receipt(data: Mapping[str, Any], path: str) -> Receipt:
    proven = data["proven"]
    names = proven.get("capabilities")
    return Receipt(
        path,
        data["service"],
        data.get("image", ""),
        data.get("digest", ""),
        data.get("dockerfile", ""),
        data["setup"],
        str(data["date"]),
        data["engine"],
        read_only=proven.get("read_only", False),
        tmpfs=tuple(proven.get("tmpfs", ())),
        user=proven.get("user", ""),
        capabilities=None if names is None else tuple(sorted(set(names))),
        no_new_privileges=proven.get("no_new_privileges", False),
        memory=proven.get("memory", ""),
        pids=proven.get("pids", 0),
    )


def _mistakes(data: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    if not isinstance(data, dict):
        yield (), "a receipt is a mapping"
        return
    yield from (((), f"no {key!r}") for key in _NEEDED if key not in data)
    if "image" not in data and "dockerfile" not in data:
        yield (), "neither 'image' nor 'dockerfile'"
    yield from _wrong((), data, _KEYS)
    if isinstance(data.get("proven"), dict):
        yield from _wrong(("proven",), data["proven"], _PROVEN)


def _wrong(
    above: tuple[str, ...], data: Mapping[str, Any], checks: Mapping[str, Check]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in data.items():
        if key not in checks:
            yield (*above, key), f"unknown key {name_of(key, checks)}"
        elif not checks[key](value):
            yield (*above, key), f"{key}: {excerpt(value)} is not what a receipt may say"


def joined(texts: Mapping[str, str]) -> str:
    """Receipts by their paths as one text, which linters are given."""
    return json.dumps(texts)


@lru_cache(maxsize=16)
def read_joined(text: str) -> Mapping[str, tuple[Receipt, ...]]:
    """The receipts of such a text by the names of services; raises ReceiptError."""
    found: dict[str, tuple[Receipt, ...]] = {}
    for path, one in json.loads(text).items():
        receipt = read_receipt(one, path)
        found[receipt.service] = (*found.get(receipt.service, ()), receipt)
    return found
