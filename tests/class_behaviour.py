"""Prints what every data class and named tuple of the package does, a line of JSON each.

    python tests/class_behaviour.py SEEDS

test_written_classes.py runs it on the sources and on what the build makes of them, and compares.
"""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import json
import pickle
import pkgutil
import random
import re
import sys
import weakref
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import dockerlint

BUILD_ONLY = {
    f"dockerlint.{name}"
    for name in ("_build", "_compile", "_methods", "_native", "_plain", "_writeout", "__main__")
}
VALUES: tuple[Any, ...] = (0, 1, -5, True, 2.5, "", "a", "é\n'", (), (1, "b"), frozenset({3}), range(4))


def classes() -> Iterator[Any]:
    """Every data class and named tuple, by name."""
    for module in sorted(one.name for one in pkgutil.walk_packages(dockerlint.__path__, "dockerlint.")):
        if module in BUILD_ONLY:
            continue
        for _, cls in sorted(vars(importlib.import_module(module)).items()):
            if isinstance(cls, type) and cls.__module__ == module and (is_record(cls) or is_tuple(cls)):
                yield cls


def is_record(cls: type) -> bool:
    return hasattr(cls, "__dataclass_fields__")


def is_tuple(cls: type) -> bool:
    return hasattr(cls, "_field_defaults")


def repeated(cls: type) -> set[str]:
    """The slots of its bases that a class makes once more, as Python 3.10 does in a data class."""
    own = vars(cls).get("__slots__") or ()
    return {name for base in cls.__mro__[1:] for name in getattr(base, "__slots__", ())} & set(own)


def outcome(act: Callable[[], object]) -> object:
    """What comes of it: a value as text, or the error."""
    try:
        return re.sub(r"0x[0-9a-f]+", "0x", repr(act()))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def shape(cls: Any) -> dict[str, object]:
    """What a class says of itself."""
    parameters = inspect.signature(cls).parameters.values()
    slots, again = vars(cls).get("__slots__"), repeated(cls)
    said: dict[str, object] = {
        "parameters": [(one.name, one.kind.name, one.default is not one.empty) for one in parameters],
        "match": cls.__match_args__,
        "hints": outcome(lambda: list(get_type_hints(cls).items())),
        "slots": [name for name in slots if name not in again] if slots is not None else None,
        "bases": [one.__name__ for one in cls.__mro__],
        "class variables": sorted(name for name in {*vars(cls)} - again if not name.startswith("_")),
        "hash": cls.__hash__ is None,
    }
    if is_tuple(cls):
        return said | {"fields": cls._fields, "defaults": outcome(lambda: cls._field_defaults)}
    fields = [(one.name, one.init, one.repr) for one in dataclasses.fields(cls)]
    return said | {"fields": fields, "is": dataclasses.is_dataclass(cls)}


def acts(cls: Any, chance: random.Random) -> dict[str, object]:
    """What an object of a class with values by chance does."""
    parameters = list(inspect.signature(cls).parameters.values())
    given = {one.name: chance.choice(VALUES) for one in parameters}
    needed = {one.name: given[one.name] for one in parameters if one.default is one.empty}
    by_place = [given[one.name] for one in parameters if one.kind is not one.KEYWORD_ONLY]
    by_name = {one.name: given[one.name] for one in parameters if one.kind is one.KEYWORD_ONLY}
    made: dict[str, object] = {
        "by place": outcome(lambda: cls(*by_place, **by_name)),
        "by name": outcome(lambda: cls(**given)),
        "by default": outcome(lambda: cls(**needed)),
        "too many": outcome(lambda: cls(*by_place, 1, 2, **by_name)).__class__.__name__,
        "unknown": str(outcome(lambda: cls(**given, no_field=1))).partition(":")[0],
    }
    try:
        one = cls(**given)
    except Exception:
        return made  # a check after making refuses values by chance
    others = [_changed(one, cls, given, name, chance) for name in given]
    return made | _comparisons(one, others) | _copies(one) | _changes(one, list(given))


def _changed(one: Any, cls: Any, given: dict[str, Any], name: str, chance: random.Random) -> Any:
    value = chance.choice(VALUES)
    try:
        if is_tuple(cls):
            return one._replace(**{name: value})
        return dataclasses.replace(one, **{name: value})
    except Exception as error:
        return str(error)


def _comparisons(one: Any, others: list[Any]) -> dict[str, object]:
    return {
        "others": [outcome(lambda other=other: other) for other in others],
        "equal": [outcome(lambda other=other: (one == other, one != other)) for other in (*others, one, 1)],
        "hash": outcome(lambda: hash(one)),
        "hashes": [outcome(lambda other=other: hash(other)) for other in others],
    }


def _copies(one: Any) -> dict[str, object]:
    return {
        "pickled": [
            outcome(lambda number=number: pickle.loads(pickle.dumps(one, number))) for number in range(2, 6)
        ],
        "copied": outcome(lambda: (copy.copy(one), copy.deepcopy(one))),
        "copy is equal": outcome(lambda: copy.deepcopy(one) == one),
        "held weakly": outcome(lambda: weakref.ref(one)),
        "as dict": outcome(lambda: one._asdict() if is_tuple(type(one)) else dataclasses.asdict(one)),
    }


def _changes(one: Any, names: list[str]) -> dict[str, object]:
    def put(name: str) -> object:
        setattr(one, name, 7)
        return one

    def remove(name: str) -> object:
        delattr(one, name)
        return hasattr(one, name)

    return {
        "put": [outcome(lambda name=name: put(name)) for name in names],
        "removed": [outcome(lambda name=name: remove(name)) for name in names],
        # Only whether: some Pythons refuse it in a frozen class with slots by accident, with a TypeError.
        "takes another": "Error" in str(outcome(lambda: put("no_field"))),
        "attributes": sorted(getattr(one, "__dict__", {"has none": 1})),
    }


def main() -> None:
    for cls in classes():
        chance = random.Random(cls.__qualname__)
        seen = [acts(cls, chance) for _ in range(int(sys.argv[1]))]
        print(json.dumps([f"{cls.__module__}.{cls.__qualname__}", {**shape(cls), "acts": seen}]))


if __name__ == "__main__":
    main()
