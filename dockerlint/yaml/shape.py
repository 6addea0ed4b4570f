"""A small language for the shape of a YAML document, and the check of a document against it."""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field

from dockerlint.quoting import closest
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Mapping, Node, Scalar, Sequence

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_ARTICLES = {"boolean": "true or false", "integer": "an integer"}
_HIDDEN_PREFIX = "x-"


@dataclass(frozen=True)
class Shape:
    """What may stand at a place: some kinds of scalar, a list, a mapping, or several of them."""

    scalars: tuple[str, ...] = ()
    """`string`, `integer`, `number`, `boolean`, `null`."""
    items: Shape | None = None
    """A list of these."""
    fields: Lookup[str, Shape] | None = None
    """A mapping with these keys and no others."""
    values: Shape | None = None
    """A mapping with any keys and these values."""
    required: tuple[str, ...] = ()
    one_of: frozenset[str] = frozenset()
    """The words a string may be; empty means any."""
    pattern: re.Pattern[str] | None = None
    """What a string must match."""
    hint: str = ""
    """What to write where it does not."""
    at_least: int | None = None
    at_most: int | None = None
    names: re.Pattern[str] | None = None
    """What the keys of `values` must match."""
    is_open: bool = True
    """Keys that begin with `x-` may stand among the fields."""
    is_closed: bool = True
    """Keys beside the fields, or with names that do not match, are wrong; else they are let be."""
    is_unique: bool = False
    """No item of the list may stand there twice."""
    is_free: bool = False
    """Anything may stand here."""
    title: str = ""
    """What its keys belong to, for a sentence: `service`."""

    def expected(self) -> str:
        """What may stand here, in words."""
        words = [_ARTICLES.get(word, f"a {word}") for word in self.scalars if word != "null"]
        words += ["a list"] if self.items is not None else []
        words += ["a mapping"] if self.fields is not None or self.values is not None else []
        return " or ".join(words)


@dataclass
class ShapeChecker:
    """Collects what does not fit; every place is one problem."""

    forgiven: frozenset[str] = frozenset()
    """Lists in which an item that stands there twice is not worth stopping for."""
    problems: list[Problem] = field(default_factory=list)
    suggestions: int = 20
    """For how many more words a similar one is looked for."""
    _checked: set[tuple[int, int]] = field(default_factory=set)
    """Collections that were compared already, by way of another alias."""

    def check(self, node: Node, shape: Shape, name: str) -> None:
        """Compare a node, called `name` in messages, with what may stand there."""
        if shape.is_free or node.tag == DROPPED:
            return
        if isinstance(node, Scalar):
            self._scalar(node, shape, name)
            return
        place = (id(node), id(shape))
        if place in self._checked:
            return
        self._checked.add(place)
        if isinstance(node, Sequence):
            self._list(node, shape, name)
        else:
            self._mapping(node, shape, name)

    def _scalar(self, node: Scalar, shape: Shape, name: str) -> None:
        value = node.value
        if isinstance(value, str) and "$" in value and shape.scalars:
            return
        fits = any(
            isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
            for kind in shape.scalars
        ) or (isinstance(value, float) and value.is_integer() and "integer" in shape.scalars)
        if not fits:
            self._wrong(node.span, name, shape)
        elif isinstance(value, str):
            self._word(node, value, shape, name)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            self._bounds(node, value, shape, name)

    def _word(self, node: Scalar, value: str, shape: Shape, name: str) -> None:
        if shape.one_of and value not in shape.one_of:
            words = ", ".join(sorted(shape.one_of))
            self._add(
                "wrong-value",
                f"{name} must be one of {words}",
                node.span,
                self._suggestion(value, shape.one_of),
            )
        elif shape.pattern is not None and not shape.pattern.search(value):
            message = f"{name} has a value that Compose does not accept"
            self._add("wrong-value", message, node.span, shape.hint)

    def _bounds(self, node: Scalar, value: int | float, shape: Shape, name: str) -> None:
        if shape.at_least is not None and value < shape.at_least:
            self._add("wrong-value", f"{name} must be {shape.at_least} or more", node.span)
        elif shape.at_most is not None and value > shape.at_most:
            self._add("wrong-value", f"{name} must be {shape.at_most} or less", node.span)

    def _list(self, node: Sequence, shape: Shape, name: str) -> None:
        if shape.items is None:
            self._wrong(node.span, name, shape)
            return
        seen: set[tuple[object, ...]] = set()
        for item in node.items:
            self.check(item, shape.items, f"an item of {name}")
            identity = _identity(item) if shape.is_unique else None
            if identity in seen:
                message = f"duplicate item in {name}"
                self.problems.append(
                    Problem("duplicate-item", message, "", name not in self.forgiven, item.span)
                )
            if identity is not None:
                seen.add(identity)

    def _mapping(self, node: Mapping, shape: Shape, name: str) -> None:
        for entry in node.entries.values():
            if not isinstance(entry.key.value, str):
                self._add("wrong-type", f"a key in {name} must be a text", entry.key.span, "put it in quotes")
        if shape.fields is not None:
            self._fields(node, shape, shape.fields, name)
        elif shape.values is not None:
            for key, entry in node.entries.items():
                if shape.names is not None and not shape.names.search(key):
                    if not shape.is_closed:
                        continue
                    self._add(
                        "bad-name",
                        f"a name in {name} has only letters, digits, . _ and -",
                        entry.key.span,
                    )
                else:
                    self.check(entry.value, shape.values, key if not shape.title else f"{shape.title} {key}")
        else:
            self._wrong(node.span, name, shape)

    def _fields(self, node: Mapping, shape: Shape, fields: Lookup[str, Shape], name: str) -> None:
        for key, entry in node.entries.items():
            known = fields.get(key)
            if known is not None:
                self.check(entry.value, known, key)
            elif shape.is_closed and not (shape.is_open and key.startswith(_HIDDEN_PREFIX)):
                self._add(
                    "unknown-key",
                    f"unknown key {_shown(key)} in {name}",
                    entry.key.span,
                    self._suggestion(key, fields),
                )
        for key in shape.required:
            if key not in node.entries and not node.is_partial:
                self._add("missing-key", f"{name} needs {key}", node.span)

    def _suggestion(self, word: str, known: Lookup[str, Shape] | frozenset[str]) -> str:
        if self.suggestions <= 0:
            return ""
        self.suggestions -= 1
        close = closest(word, known)
        return "" if close is None else f"did you mean {close}?"

    def _wrong(self, span: Span, name: str, shape: Shape) -> None:
        self._add("wrong-type", f"{name} must be {shape.expected()}", span)

    def _add(self, code: str, message: str, span: Span, hint: str = "") -> None:
        self.problems.append(Problem(code, message, hint, True, span))


def _shown(key: str) -> str:
    return key if len(key) <= 60 else key[:60] + "…"


def _identity(item: Node) -> tuple[object, ...] | None:
    """What makes an item of a list equal to another, by type and value; None for one with variables."""
    if isinstance(item, Scalar):
        return None if "$" in item.text else (type(item.value), item.value)
    if isinstance(item, Mapping):
        pairs = [(key, _identity(entry.value)) for key, entry in item.entries.items()]
        return (
            None
            if any(value is None for _, value in pairs)
            else ("mapping", *sorted(pairs, key=lambda p: p[0]))
        )
    values = [_identity(one) for one in item.items]
    return None if None in values else ("list", *values)
