"""The methods that the standard library generates for data classes and named tuples, as source text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One field of a data class; `default` is source text, and so is `made`, a call of its factory."""

    name: str
    default: str = ""
    made: str = ""
    init: bool = True
    repr: bool = True
    compare: bool = True
    kw_only: bool = False

    @property
    def parameter(self) -> str:
        """How it stands among the parameters of `__init__`."""
        default = "_plain.ABSENT" if self.made else self.default
        return f"{self.name}={default}" if default else self.name

    def value(self, slots: bool) -> str:
        """What `__init__` puts into it; "" for nothing."""
        if self.made:
            return f"{self.made} if {self.name} is _plain.ABSENT else {self.name}" if self.init else self.made
        if self.init:
            return self.name
        return self.default if slots else ""  # else the class variable shows through


def data_methods(fields: list[Field], options: set[str], written: set[str]) -> Iterator[str]:
    """What the standard library generates for a data class."""
    frozen, slots = "frozen" in options, "slots" in options
    names, shown = [one.name for one in fields], [one.name for one in fields if one.repr]
    yield f"__names__ = {names_of(names)}"
    yield "__shown__ = __names__" if names == shown else f"__shown__ = {names_of(shown)}"
    yield f"__match_args__ = {names_of([one.name for one in fields if one.init and not one.kw_only])}"
    yield "__dataclass_fields__ = _plain.FIELDS"
    if "__repr__" not in written:
        yield "__repr__ = _plain.show"
    if frozen:
        yield "__setattr__ = _plain.refuse_change"
        yield "__delattr__ = _plain.refuse_removal"
    if frozen and slots and "__getstate__" not in written:
        yield "__getstate__ = _plain.state"
        yield "__setstate__ = _plain.set_state"
    yield from _init(fields, frozen, slots, "__post_init__" in written)
    yield from comparison([one.name for one in fields if one.compare], frozen, written)


def _init(fields: list[Field], frozen: bool, slots: bool, has_check: bool) -> Iterator[str]:
    parameters = ["self", *(one.parameter for one in fields if one.init and not one.kw_only)]
    keywords = [one.parameter for one in fields if one.init and one.kw_only]
    yield f"def __init__({', '.join([*parameters, *(['*', *keywords] if keywords else [])])}):"
    body = [
        f"    _plain_put(self, {one.name!r}, {value})" if frozen else f"    self.{one.name} = {value}"
        for one in fields
        if (value := one.value(slots))
    ]
    yield from body
    if has_check:
        yield "    self.__post_init__()"
    elif not body:
        yield "    pass"


def comparison(names: list[str], frozen: bool, written: set[str]) -> Iterator[str]:
    mine = "(" + "".join(f"self.{name}, " for name in names) + ")"
    if "__eq__" not in written:
        yield "def __eq__(self, other):"
        yield "    if self is other:"
        yield "        return True"
        yield "    if other.__class__ is not self.__class__:"
        yield "        return NotImplemented"
        yield f"    return {mine} == {mine.replace('self.', 'other.')}"
    if "__hash__" in written:
        return
    if not frozen:
        yield "__hash__ = None"
    else:
        yield "def __hash__(self):"
        yield f"    return hash({mine})"


def tuple_methods(fields: list[Field]) -> Iterator[str]:
    """What `typing.NamedTuple` generates."""
    yield "__slots__ = ()"
    yield f"_fields = __match_args__ = {names_of([one.name for one in fields])}"
    yield f"def __new__({', '.join(['_cls', *(one.parameter for one in fields)])}):"
    yield f"    return _plain_new_tuple(_cls, ({''.join(f'{one.name}, ' for one in fields)}))"
    defaulted = [one.name for one in fields if one.default]
    values = f"dict(zip({names_of(defaulted)}, __new__.__defaults__))" if defaulted else "{}"
    yield f"_field_defaults = {values}"
    for at, one in enumerate(fields):
        yield f'{one.name} = _plain.place({at}, "Alias for field number {at}")'
    yield "_make, _replace, _asdict = _plain.make, _plain.replaced, _plain.as_dict"
    yield "__repr__, __getnewargs__ = _plain.show_tuple, _plain.new_arguments"


def indented(lines: Iterable[str]) -> str:
    """Lines of the body of a class."""
    return textwrap.indent("\n".join(lines) + "\n", "    ")


def names_of(names: Iterable[str]) -> str:
    return repr(tuple(names))
