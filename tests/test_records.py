"""Our cheap `dataclass` does what the one of the standard library does."""

from __future__ import annotations

import copy
import pickle
from functools import cached_property
from typing import Any, ClassVar

import pytest

from dockerlint.records import FrozenError, dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Plain:
    KINDS: ClassVar = ("plain",)

    name: str
    """What it is called."""
    size: int = 3
    tags: list[str] = field(default_factory=list)
    place: int = field(default=0, compare=False)
    hidden: str = field(init=False, default="x", repr=False)
    memo: dict[str, int] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def title(self) -> str:
        return self.name.title()


@dataclass(frozen=True, slots=True)
class Heir(Plain):
    KINDS: ClassVar = ("plain", "heir")

    also: bool = field(default=False, kw_only=True)
    size: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    first: int
    second: int = 2

    def __post_init__(self) -> None:
        if self.first > self.second:
            raise ValueError("first is larger")


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


def test_values_come_by_place_by_name_and_by_default() -> None:
    one = Plain("a", tags=["t"])
    assert (one.name, one.size, one.tags, one.place, one.hidden, one.memo) == ("a", 3, ["t"], 0, "x", {})
    assert Plain("a").tags is not Plain("a").tags
    assert one.title == "A"
    assert Plain.KINDS == ("plain",)


@pytest.mark.parametrize("arguments", [(), ("a", 1, [], 0, "hidden")])
def test_wrong_arguments_are_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError):
        Plain(*arguments)


def test_an_heir_keeps_the_order_of_fields_and_may_change_defaults() -> None:
    heir = Heir("a", also=True)
    assert (heir.size, heir.also, heir.title) == (4, True, "A")
    with pytest.raises(TypeError):
        Heir("a", 1, [], 0, True)  # type: ignore[misc]


def test_keyword_only_fields_and_the_check_after_making_hold() -> None:
    assert Named(first=1).second == 2
    with pytest.raises(TypeError):
        Named(1)  # type: ignore[misc]
    with pytest.raises(ValueError, match="larger"):
        Named(first=3)


def test_equality_and_hash_look_at_compared_fields_of_the_same_class() -> None:
    assert Plain("a", place=1) == Plain("a", place=2)
    assert Plain("a") != Plain("b")
    assert Plain("a", 4) != Heir("a")
    assert Plain("a") != ("a", 3, [], "x")
    assert hash(Named(first=1)) == hash(Named(first=1))
    assert Nothing() == Nothing()


def test_objects_are_frozen_and_have_no_other_attributes() -> None:
    one = Plain("a")
    for name in ("name", "other"):
        with pytest.raises(FrozenError):
            setattr(one, name, "b")
    with pytest.raises(FrozenError):
        del one.name  # type: ignore[misc]
    assert not hasattr(one, "__dict__")


def test_they_can_be_changed_into_others_and_matched() -> None:
    assert replace(Heir("a"), name="b", also=True) == Heir("b", also=True)
    match Plain("a", 5):
        case Plain(name, size):
            assert (name, size) == ("a", 5)


def test_they_can_be_copied_and_sent() -> None:
    for one in (Heir("a", tags=["t"], place=7), Named(first=1), Nothing()):
        assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    assert pickle.loads(pickle.dumps(Plain("a", place=7))).place == 7


@dataclass(frozen=True)
class WithCache:
    size: int = 2

    @cached_property
    def double(self) -> int:
        return 2 * self.size


@dataclass(slots=True)
class Changing:
    size: int = 2
    parts: list[int] = field(default_factory=list)


def test_frozen_ones_without_slots_may_cache() -> None:
    one = WithCache(3)
    assert (one.double, vars(one)["double"], WithCache.size) == (6, 6, 2)
    with pytest.raises(FrozenError):
        one.size = 4  # type: ignore[misc]
    assert one == WithCache(3)
    assert hash(one) == hash(WithCache(3))


def test_changing_ones_change_and_have_no_hash() -> None:
    one = Changing()
    one.size = 5
    assert one == Changing(5)
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(AttributeError):
        one.other = 1  # type: ignore[attr-defined]


def test_they_show_their_fields() -> None:
    assert repr(Named(first=1)) == "Named(first=1, second=2)"
    assert repr(Plain("a")) == "Plain(name='a', size=3, tags=[], place=0)"
