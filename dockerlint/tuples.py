"""`NamedTuple` that costs a run almost nothing; see records.py for why.

The standard library compiles the annotations and a `__new__` of each class when it is made, ten times as
long. Here no annotation is looked at, and `__new__` is compiled for the first tuple. All else is as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, Any

try:
    from _collections import _tuplegetter as _place  # type: ignore[import-not-found, unused-ignore]
except ImportError:

    def _place(index: int, doc: str) -> Any:
        return property(itemgetter(index), doc=doc)


_new_tuple = tuple.__new__


class _Meta(type):
    """Makes a class whose annotated names are the places of a tuple."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> Any:
        if not bases:
            return super().__new__(cls, name, bases, body)
        names = tuple(body.get("__annotations__", ()))
        defaults = {one: body[one] for one in names if one in body}
        if tuple(defaults) != names[len(names) - len(defaults) :]:
            raise TypeError(f"{name}: a place without a default follows one with a default")
        places = {one: _place(at, "") for at, one in enumerate(names)}
        own = {key: value for key, value in body.items() if key not in defaults}
        named = {"_fields": names, "_field_defaults": defaults, "__match_args__": names, "__slots__": ()}
        return type(name, (tuple,), {**_SHARED, **own, **named, **places})


def _new(cls: Any, *values: Any, **named: Any) -> Any:
    """Stands in until the first tuple of a class is made."""
    cls.__new__ = _write_new(cls)
    return cls.__new__(cls, *values, **named)


def _write_new(cls: Any) -> Callable[..., Any]:
    """`__new__` as one would write it by hand."""
    scope: dict[str, Any] = {"_new_tuple": _new_tuple}
    parameters = ["_cls"]
    for name in cls._fields:
        has_default = name in cls._field_defaults
        parameters.append(f"{name}=_default_{name}" if has_default else name)
        scope[f"_default_{name}"] = cls._field_defaults.get(name)
    values = "".join(f"{name}, " for name in cls._fields)
    exec(f"def __new__({', '.join(parameters)}): return _new_tuple(_cls, ({values}))", scope)
    written: Callable[..., Any] = scope["__new__"]
    return written


@classmethod  # type: ignore[misc]
def _make(cls: Any, values: Iterable[Any]) -> Any:
    """A tuple of these values, one for each place."""
    made = _new_tuple(cls, values)
    if len(made) != len(cls._fields):
        raise TypeError(f"expected {len(cls._fields)} values, got {len(made)}")
    return made


def _replace(self: Any, /, **changes: Any) -> Any:
    """A tuple with other values in some places."""
    made = self._make(map(changes.pop, self._fields, self))
    if changes:
        raise ValueError(f"got unexpected names: {list(changes)}")
    return made


def _asdict(self: Any) -> dict[str, Any]:
    """The values by name."""
    return dict(zip(self._fields, self, strict=True))


def _repr(self: Any) -> str:
    shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
    return f"{type(self).__name__}({', '.join(shown)})"


def _getnewargs(self: Any) -> tuple[Any, ...]:
    return tuple(self)


_SHARED: dict[str, Any] = {
    "__new__": _new,
    "_make": _make,
    "_replace": _replace,
    "_asdict": _asdict,
    "__repr__": _repr,
    "__getnewargs__": _getnewargs,
}

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class NamedTuple(metaclass=_Meta):
        """A base whose annotated names become the places of a tuple."""
