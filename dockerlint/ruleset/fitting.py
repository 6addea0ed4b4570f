"""Whether operators, values and texts of a rule fit the type of the field that they are about."""

from __future__ import annotations

from datetime import date
from typing import Final

from dockerlint.quoting import excerpt
from dockerlint.ruleset.fields import PLAIN, FieldType, names_of
from dockerlint.ruleset.grammar import Operator

IS_LIST: Final = "the field is a list: look into it with 'some', 'none', 'every', 'has' or 'lacks'"
PLAIN_NAMES: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "number",
    float: "number",
    date: "day",
}
"""What plain types are called for people."""


def misuse(key: str, operator: Operator, argument: object, here: FieldType) -> str | None:
    """Why an operator cannot ask a field, or cannot take what it is given; None where it can."""
    if operator.asks_list and not here.is_tuple:
        return f"{key!r} takes a list, and this field is not a list"
    if here.is_tuple and operator.asks_list is False:
        return f"{IS_LIST}, not {key!r}"
    if not operator.accepts(argument):
        return f"{key!r} takes {operator.takes}, not {excerpt(argument)}"
    if operator.types and here.classes and not operator.types & here.classes:
        wanted = " or ".join(sorted({_one(cls) for cls in operator.types}))
        return f"{key!r} asks {wanted}, and this field is {spoken(here)}; {_instead(here.classes)}"
    return None


def spoken(here: FieldType) -> str:
    """A type in words: `a text`, `a list of numbers`, the name of a class for nodes."""
    names = sorted({_one(cls) for cls in here.classes}) or ["anything"]
    told = " or ".join(names)
    return f"a list, each item {told}" if here.is_tuple else told


def _one(cls: type) -> str:
    name = PLAIN_NAMES.get(cls, cls.__name__)
    return name if cls not in PLAIN_NAMES or cls is bool else f"a {name}"


def which_is(here: FieldType) -> str:
    return f", which is {spoken(here)}"


def _instead(classes: frozenset[type]) -> str:
    if not all(cls in PLAIN for cls in classes):
        return f"ask one of its fields: {', '.join(names_of(classes)[:8])}"
    if bool in classes:
        return "write true or false for it"
    return "use 'equals', 'in' or 'present'"


def unshowable(path: str, there: FieldType) -> str | None:
    """Why what a path leads to cannot be part of a text; None where it can."""
    if all(map(_has_text, there.classes)):
        return None
    known = sorted(name for name in names_of(there.classes) if name != "span")
    hint = f"name one of its fields: {', '.join(known[:8])}" if known else "it has no text"
    return f"{{{path}}} cannot be shown{which_is(there)}; {hint}"


def _has_text(cls: type) -> bool:
    """Whether a value of a class can be shown: a plain one, or one that says how."""
    return cls in PLAIN or getattr(cls, "__str__", None) is not object.__str__


def may_equal(value: object, classes: frozenset[type]) -> bool:
    if value is None or not classes:
        return True
    if isinstance(value, bool):
        return bool in classes
    if isinstance(value, (int, float)):
        return bool({int, float} & classes)
    return isinstance(value, str) and str in classes
