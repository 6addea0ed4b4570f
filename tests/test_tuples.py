"""Our cheap `NamedTuple` does what the one of the standard library does."""

from __future__ import annotations

import copy
import pickle

import pytest

from dockerlint.tuples import NamedTuple


class Place(NamedTuple):
    """Where something is."""

    line: int
    column: int = 1
    source: str = ""
    """The file."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"

    @property
    def is_first(self) -> bool:
        return self.line == 1


class Empty(NamedTuple):
    pass


def test_values_come_by_place_by_name_and_by_default() -> None:
    assert Place(3) == (3, 1, "")
    assert Place(3, source="a", column=2) == (3, 2, "a")
    assert Place(line=3).column == 1
    assert Empty() == ()


@pytest.mark.parametrize("given", [(), (1, 2, "a", 4)])
def test_too_few_and_too_many_values_are_refused(given: tuple[object, ...]) -> None:
    for _ in range(2):  # the first tuple of a class is made in another way than the second
        with pytest.raises(TypeError):
            Place(*given)  # type: ignore[arg-type]


def test_it_is_a_tuple_with_methods_of_its_own() -> None:
    line, *rest = Place(1)
    assert (line, rest) == (1, [1, ""])
    assert isinstance(Place(1), tuple)
    assert (str(Place(2)), Place(1).is_first, Place.__doc__) == ("2:1", True, "Where something is.")
    assert repr(Place(1, source="a")) == "Place(line=1, column=1, source='a')"
    assert hash(Place(1)) == hash((1, 1, ""))
    assert sorted([Place(2), Place(1)]) == [Place(1), Place(2)]


def test_it_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Place(1).line = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Place(1).other = 2  # type: ignore[attr-defined]


def test_a_copy_may_have_other_values() -> None:
    assert Place(1)._replace(column=5) == (1, 5, "")
    assert type(Place(1)._replace(column=5)) is Place
    with pytest.raises(ValueError, match="other"):
        Place(1)._replace(other=5)  # type: ignore[call-arg]


def test_it_is_made_of_a_row_and_gives_its_names() -> None:
    assert Place._make([1, 2, "a"])._asdict() == {"line": 1, "column": 2, "source": "a"}
    assert Place._fields == ("line", "column", "source")
    with pytest.raises(TypeError, match="expected 3"):
        Place._make([1])


def test_it_goes_to_another_process_and_back() -> None:
    assert pickle.loads(pickle.dumps(Place(4, 2))) == Place(4, 2)
    assert type(copy.deepcopy(Place(4))) is Place


def test_match_takes_it_apart() -> None:
    match Place(7, 8):
        case Place(line, column):
            assert (line, column) == (7, 8)
        case _:
            pytest.fail("a tuple matches its own class")


def test_a_place_without_a_default_may_not_follow_one_with_a_default() -> None:
    with pytest.raises(TypeError, match="default"):
        # Made at run time, for a type checker says the same.
        type(NamedTuple)("Odd", (NamedTuple,), {"__annotations__": {"a": "int", "b": "int"}, "a": 1})  # type: ignore[misc]
