"""Values by name that stages inherit: a copy costs nothing that grows with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Generic, TypeVar, overload

Value = TypeVar("Value")
Other = TypeVar("Other")

_BITS: Final = 5
_LEVELS: Final = 5
"""Room for 33 million names, more than a file of any size that is read can hold."""
_NOTHING: Final[Any] = object()


class Variables(Generic[Value]):
    """A mapping that many stages may copy and go on with, each for itself.

    What a copy inherits lies in a tree of small lists that is shared and never changed; what is set after
    that lies in a dictionary, until the next copy is made.
    """

    __slots__ = ("_inherited", "_names", "_numbers", "_own")

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._own: dict[str, Value] = dict(values)
        self._inherited: list[Any] | None = None
        self._names = len(values)
        """How many there are."""
        self._numbers: dict[str, int] = {}
        """The place of each name in the tree; all copies use one table."""

    def copy(self) -> Variables[Value]:
        """A mapping with the same values that goes its own way."""
        for name, value in self._own.items():
            number = self._numbers.setdefault(name, len(self._numbers))
            self._inherited = _planted(self._inherited, _LEVELS - 1, number, value)
        self._own = {}
        other: Variables[Value] = Variables({})
        other._inherited, other._names, other._numbers = self._inherited, self._names, self._numbers
        return other

    def __setitem__(self, name: str, value: Value) -> None:
        self._names += name not in self
        self._own[name] = value

    @overload
    def get(self, name: str) -> Value | None: ...
    @overload
    def get(self, name: str, default: Other) -> Value | Other: ...
    def get(self, name: str, default: object = None) -> object:
        """The value of a name, or the default."""
        if name in self._own:
            return self._own[name]
        found = self._find(name)
        return default if found is _NOTHING else found

    def __contains__(self, name: str) -> bool:
        return name in self._own or self._find(name) is not _NOTHING

    def __len__(self) -> int:
        return self._names

    def __iter__(self) -> Iterator[str]:
        """The names: inherited ones first, each group in the order in which the file sets them."""
        inherited = [name for name in self._numbers if self._find(name) is not _NOTHING]
        yield from inherited
        yield from (name for name in self._own if self._find(name) is _NOTHING)

    def _find(self, name: str) -> Any:
        node: Any = self._inherited
        number = self._numbers.get(name) if node is not None else None
        if number is None:
            return _NOTHING
        for level in range(_LEVELS - 1, -1, -1):
            node = node[number >> _BITS * level & (1 << _BITS) - 1]
            if node is _NOTHING:
                return _NOTHING
        return node


def _planted(node: Any, level: int, number: int, value: object) -> list[Any]:
    """The tree with one value more; what lies beside its way is shared with the tree that was there."""
    children = [_NOTHING] * (1 << _BITS) if node is None or node is _NOTHING else list(node)
    at = number >> _BITS * level & (1 << _BITS) - 1
    children[at] = value if level == 0 else _planted(children[at], level - 1, number, value)
    return children
