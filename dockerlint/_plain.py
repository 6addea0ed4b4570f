"""What data classes and named tuples share where the build has written them out as plain classes.

Only the wheel imports this, see _writeout.py. It loads neither `dataclasses` nor `inspect`, which cost more
than a check, until somebody asks for what only they can give: an error, or the fields of a class.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from operator import itemgetter
from reprlib import recursive_repr
from typing import Any, NoReturn, TypeVar
from typing import ClassVar as ClassVar

try:
    from _collections import _tuplegetter as place  # type: ignore[import-not-found, unused-ignore]
except ImportError:

    def place(index: int, doc: str) -> Any:
        """A field of a named tuple."""
        return property(itemgetter(index), doc=doc)


Record = TypeVar("Record")

put = object.__setattr__
new_tuple = tuple.__new__
_UNEXPECTED = TypeError if sys.version_info >= (3, 13) else ValueError


class _Absent:
    def __repr__(self) -> str:
        return "<factory>"


ABSENT: Any = _Absent()
"""Stands for a value that a factory makes when none is given."""


def replace(record: Record, /, **changes: Any) -> Record:
    """A copy of an object with other values in some fields."""
    for name in _parameters(type(record)):
        if name not in changes:
            changes[name] = getattr(record, name)
    return type(record)(**changes)


def _parameters(cls: Any) -> tuple[str, ...]:
    if "__given__" in vars(cls):
        compiled: tuple[str, ...] = cls.__given__
        return compiled
    code = cls.__init__.__code__
    names: tuple[str, ...] = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    return names


class Fields:
    """`__dataclass_fields__`, made for those who ask: `dataclasses.fields`, `replace` and `asdict` do."""

    def __get__(self, record: object, cls: Any) -> Any:
        from dataclasses import field, make_dataclass

        hints: dict[str, str] = {}
        for one in reversed(cls.__mro__):
            hints |= getattr(one, "__annotations__", {})
        given, shown = _parameters(cls), cls.__shown__
        fields = [
            (name, hints[name], field(init=name in given, repr=name in shown, kw_only=True))
            for name in cls.__names__
        ]
        return make_dataclass(cls.__name__, fields).__dataclass_fields__  # type: ignore[attr-defined]


FIELDS = Fields()


@recursive_repr()
def show(self: Any) -> str:
    """`__repr__` of a data class."""
    shown = [f"{name}={getattr(self, name)!r}" for name in self.__shown__]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def refuse_change(self: object, name: str, value: object) -> NoReturn:
    """`__setattr__` of a frozen data class."""
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def refuse_removal(self: object, name: str) -> NoReturn:
    """`__delattr__` of a frozen data class."""
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def state(self: Any) -> list[Any]:
    """`__getstate__` of a frozen data class with slots."""
    return [getattr(self, name) for name in self.__names__]


def set_state(self: Any, values: list[Any]) -> None:
    """`__setstate__` of a frozen data class with slots."""
    for name, value in zip(self.__names__, values, strict=False):
        put(self, name, value)


def ordinary(cls: type[Record]) -> type[Record]:
    """The class itself; mypyc makes no class of its own of one that has a decorator."""
    return cls


def declare(cls: Any, fields: dict[str, str], answers: dict[str, str]) -> None:
    """Tell a compiled class its annotations, which the compiler throws away, and those of its properties."""
    cls.__annotations__, cls.__answers__ = fields, answers


def rebuilt(self: Any) -> tuple[Any, ...]:
    """`__reduce__` of a compiled data class, which is never empty: it is made from its arguments."""
    cls: Any = type(self)
    return partial(cls, **{name: getattr(self, name) for name in self.__given__}), ()


def complete(
    cls: Any,
    names: tuple[str, ...],
    shown: tuple[str, ...],
    given: tuple[str, ...],
    written: tuple[str, ...],
    is_frozen: bool,
) -> None:
    """Give a data class that mypyc has compiled what all others have.

    `given` are the parameters of its `__init__`, `written` the methods it defines itself.
    Compiled code does not ask `__setattr__`; mypy has seen that it changes nothing that is frozen.
    """
    cls.__names__, cls.__shown__, cls.__given__ = names, shown, given
    cls.__dataclass_fields__ = FIELDS
    cls.__reduce__ = rebuilt
    if "__repr__" not in written:
        cls.__repr__ = show
    if is_frozen:
        cls.__setattr__, cls.__delattr__ = refuse_change, refuse_removal
    elif "__hash__" not in written:
        cls.__hash__ = None


@classmethod  # type: ignore[misc]
def make(cls: Any, values: Iterable[Any]) -> Any:
    """`_make` of a named tuple."""
    made = new_tuple(cls, values)
    if len(made) != len(cls._fields):
        raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
    return made


def replaced(self: Any, /, **changes: Any) -> Any:
    """`_replace` of a named tuple."""
    made = self._make(map(changes.pop, self._fields, self))
    if changes:
        raise _UNEXPECTED(f"Got unexpected field names: {list(changes)!r}")
    return made


def as_dict(self: Any) -> dict[str, Any]:
    """`_asdict` of a named tuple."""
    return dict(zip(self._fields, self, strict=True))


def show_tuple(self: Any) -> str:
    """`__repr__` of a named tuple."""
    shown = [f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)]
    return f"{type(self).__name__}({', '.join(shown)})"


def new_arguments(self: Any) -> tuple[Any, ...]:
    """`__getnewargs__` of a named tuple."""
    return tuple(self)
