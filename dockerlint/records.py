"""`dataclass`, `field` and `replace` that cost a run almost nothing.

A run imports more than a hundred such classes. For each the standard library writes and compiles six
methods, and it loads `inspect` to do so: together half of the start of a check. Here all methods but
`__init__` are shared, and that one is compiled when the first object is made. Fields, inheritance,
`__post_init__`, `match` and pickling are as with the standard library, whose types the type checker sees;
order and `InitVar` are not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

_put = object.__setattr__


class _Absent:
    """The type of `_ABSENT`, which says that no value was given."""


_ABSENT: Any = _Absent()


class Field:
    """What is said about one field of a class."""

    __slots__ = ("compare", "default", "default_factory", "init", "kw_only", "name", "repr")

    def __init__(
        self,
        default: Any = _ABSENT,
        default_factory: Any = _ABSENT,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
        kw_only: bool | None = None,
    ) -> None:
        self.name = ""
        self.default, self.default_factory = default, default_factory
        self.init, self.repr, self.compare, self.kw_only = init, repr, compare, kw_only


class FrozenError(AttributeError):
    """An attempt to change an object that does not change."""


def _define(cls: Any, frozen: bool, slots: bool, kw_only: bool) -> Any:
    own = _own_fields(cls, kw_only)
    inherited: dict[str, Field] = {}
    for base in reversed(cls.__mro__[1:]):
        inherited |= vars(base).get("__fields__", {})
    every = inherited | own
    body = {key: value for key, value in vars(cls).items() if key not in own}
    if slots:
        body = {key: value for key, value in body.items() if key not in ("__dict__", "__weakref__")}
        body["__slots__"] = tuple(name for name in own if name not in inherited)
    else:
        body |= {name: one.default for name, one in own.items() if one.default is not _ABSENT}
    body |= {
        "__qualname__": cls.__qualname__,
        "__fields__": every,
        "__match_args__": tuple(name for name, one in every.items() if one.init and not one.kw_only),
        "__given__": tuple([name for name, one in every.items() if one.init]),
        "__compared__": tuple(name for name, one in every.items() if one.compare),
    }
    for name, method in (_SHARED | _FROZEN if frozen else _SHARED).items():
        if name not in vars(cls) or vars(cls)[name] is None:
            body[name] = method
    if not slots:
        for name, value in body.items():
            if name not in ("__dict__", "__weakref__", "__doc__"):
                setattr(cls, name, value)
        return cls
    return type(cls)(cls.__name__, cls.__bases__, body)


def _own_fields(cls: Any, kw_only: bool) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for name, hint in vars(cls).get("__annotations__", {}).items():
        if "ClassVar" in str(hint).partition("[")[0]:
            continue
        given = vars(cls).get(name, _ABSENT)
        one = given if isinstance(given, Field) else Field(given)
        if type(given).__module__ == "dataclasses":
            raise TypeError(f"{cls.__name__}.{name}: take field from dockerlint.records")
        one.name = name
        one.kw_only = kw_only if one.kw_only is None else one.kw_only
        found[name] = one
    return found


def _init(self: Any, *values: Any, **named: Any) -> None:
    """Stands in until the first object of a class is made."""
    cls = type(self)
    cls.__init__ = _write_init(cls)
    cls.__init__(self, *values, **named)


def _write_init(cls: Any) -> Callable[..., None]:
    """`__init__` as one would write it by hand."""
    scope: dict[str, Any] = {"_put": _put, "_absent": _ABSENT}
    positional: list[str] = []
    keywords: list[str] = []
    body: list[str] = []
    for one in cls.__fields__.values():
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


def _parameter(one: Field, scope: dict[str, Any]) -> tuple[str, str]:
    """How a field stands among the parameters, and the expression that gives its value; "" for none."""
    name, default = one.name, f"_default_{one.name}"
    if one.default_factory is not _ABSENT:
        scope[default] = one.default_factory
        value = f"{default}() if {name} is _absent else {name}" if one.init else f"{default}()"
        return f"{name}=_absent", value
    if one.default is not _ABSENT:
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
    shown = [f"{name}={getattr(self, name)!r}" for name, one in self.__fields__.items() if one.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise FrozenError(f"cannot change field {name!r}")


def _getstate(self: Any) -> tuple[Any, ...]:
    return _values(self, self.__fields__)


def _setstate(self: Any, state: tuple[Any, ...]) -> None:
    for name, value in zip(self.__fields__, state, strict=True):
        _put(self, name, value)


_SHARED = {
    "__init__": _init,
    "__eq__": _eq,
    "__repr__": _repr,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}
_FROZEN = {"__hash__": _hash, "__setattr__": _refuse, "__delattr__": _refuse}

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    field = Field

    def dataclass(
        cls: Any = None, /, *, frozen: bool = False, slots: bool = False, kw_only: bool = False
    ) -> Any:
        """Make annotated names of a class its fields."""
        if cls is not None:
            return _define(cls, frozen, slots, kw_only)
        return lambda cls: _define(cls, frozen, slots, kw_only)

    def replace(record: Any, /, **changes: Any) -> Any:
        """A copy of an object with other values in some fields."""
        for name in record.__given__:
            if name not in changes:
                changes[name] = getattr(record, name)
        return type(record)(**changes)
