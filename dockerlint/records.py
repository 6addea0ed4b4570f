"""`dataclass(frozen=True, slots=True)` that costs a run almost nothing to define.

A run imports more than a hundred such classes. For each the standard library writes and compiles six methods;
here all but `__init__` are shared, and that one is compiled when the first object is made. Fields, `replace`,
inheritance, `__post_init__`, `match` and pickling are as with `dataclasses.dataclass`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

_MISSING = dataclasses.MISSING
_put = object.__setattr__


def _record(cls: Any, kw_only: bool) -> Any:
    """Make a class with annotated fields into a frozen data class with slots."""
    own = set(vars(cls))
    cls.__doc__ = cls.__doc__ or cls.__name__  # else the standard library derives one, at some expense
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    every = dataclasses.fields(made)
    made.__stored__ = tuple(one.name for one in every)
    made.__compared__ = tuple(one.name for one in every if one.compare)
    made.__shown__ = tuple(one.name for one in every if one.repr)
    for name, method in _SHARED.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _init(self: Any, *values: Any, **named: Any) -> None:
    """Stands in until the first object of a class is made."""
    cls = type(self)
    cls.__init__ = _write_init(cls)
    cls.__init__(self, *values, **named)


def _write_init(cls: Any) -> Callable[..., None]:
    """`__init__` as one would write it by hand."""
    scope: dict[str, Any] = {"_put": _put, "_absent": _MISSING}
    positional: list[str] = []
    keywords: list[str] = []
    body: list[str] = []
    for one in dataclasses.fields(cls):
        parameter, value = _parameter(one, scope)
        if one.init:
            (keywords if one.kw_only else positional).append(parameter)
        if value:
            body.append(f" _put(self, {one.name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    parameters = ["self", *positional, *(["*", *keywords] if keywords else [])]
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(body or [" pass"]), scope)
    written: Callable[..., None] = scope["__init__"]
    return written


def _parameter(one: dataclasses.Field[Any], scope: dict[str, Any]) -> tuple[str, str]:
    """How a field stands among the parameters, and the expression that gives its value; "" for none."""
    name, default = one.name, f"_default_{one.name}"
    if one.default_factory is not _MISSING:
        scope[default] = one.default_factory
        value = f"{default}() if {name} is _absent else {name}" if one.init else f"{default}()"
        return f"{name}=_absent", value
    if one.default is not _MISSING:
        scope[default] = one.default
        return f"{name}={default}", name if one.init else default
    return name, name if one.init else ""


def _values(self: Any, names: Iterable[str]) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in names])


def _eq(self: Any, other: Any) -> Any:
    if self is other:
        return True
    if type(other) is not type(self):
        return NotImplemented
    return _values(self, self.__compared__) == _values(other, self.__compared__)


def _hash(self: Any) -> int:
    return hash(_values(self, self.__compared__))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__shown__)
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _getstate(self: Any) -> tuple[Any, ...]:
    return _values(self, self.__stored__)


def _setstate(self: Any, state: tuple[Any, ...]) -> None:
    for name, value in zip(self.__stored__, state, strict=True):
        _put(self, name, value)


_SHARED = {
    "__init__": _init,
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Any:
        """As in the standard library; only `frozen=True, slots=True` is cheaper."""
        if frozen and slots:
            return lambda cls: _record(cls, kw_only)
        return dataclasses.dataclass(frozen=frozen, slots=slots, kw_only=kw_only)
