"""What each operator of the rule language is for: the fields it asks, what it takes, and an example.

The closures are in `operators` and `compile`; this is for checking rules and for people who write them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

TEXT: Final = frozenset((str,))
NUMBER: Final = frozenset((int, float))
DEEPEST: Final = 40
"""Tests inside of tests; ours are five deep."""


@dataclass(frozen=True)
class Operator:
    """One operator."""

    takes: str
    """Its argument, in words."""
    accepts: Callable[[Any], bool]
    holds: str
    """When it holds, as a sentence."""
    example: str
    asks_list: bool | None = False
    """Whether it asks a list, or a single value; None for either."""
    types: frozenset[type] = frozenset()
    """The plain types that it can ask; empty for any."""


def _is_text(argument: Any) -> bool:
    return isinstance(argument, str) and not argument.startswith("$")


def _is_number(argument: Any) -> bool:
    return isinstance(argument, (int, float)) and not isinstance(argument, bool)


def _is_scalar(argument: Any) -> bool:
    return argument is None or isinstance(argument, (bool, int, float)) or _is_text(argument)


def _is_word(argument: Any) -> bool:
    return argument is None or isinstance(argument, (bool, int, float, str))


def _is_words(argument: Any) -> bool:
    return _is_word(argument) or (isinstance(argument, list) and all(map(_is_word, argument)))


def _is_list_of_words(argument: Any) -> bool:
    is_name = isinstance(argument, str) and argument.startswith("$")
    return is_name or (isinstance(argument, list) and _is_words(argument))


def _are_texts(argument: Any) -> bool:
    texts = argument if isinstance(argument, list) else [argument]
    return bool(texts) and all(isinstance(one, str) for one in texts)


def _is_test(argument: Any) -> bool:
    return isinstance(argument, Mapping) or _is_words(argument)


def _are_tests(argument: Any) -> bool:
    return isinstance(argument, list) and bool(argument) and all(map(_is_test, argument))


OPERATORS: Final[Mapping[str, Operator]] = {
    "equals": Operator(
        "a single value",
        _is_scalar,
        "The value is this one. A bare value means the same: `tool: apt-get`.",
        "tool: {equals: apt-get}",
    ),
    "in": Operator(
        "a list of values, or `$name` for a named list of words",
        _is_list_of_words,
        "The value is one of these. A bare list means the same: `tool: [curl, wget]`.",
        "first: {in: $datastore-ports}",
    ),
    "matches": Operator(
        "a regular expression",
        _is_text,
        "Some part of the text matches. `^` and `$` bind it to the ends.",
        "path: {matches: '^/tmp(/|$)'}",
        types=TEXT,
    ),
    "startswith": Operator(
        "a text, or a list of texts",
        _are_texts,
        "The text starts with this, or with one of these.",
        "path: {startswith: [/etc/, /usr/]}",
        types=TEXT,
    ),
    "above": Operator("a number", _is_number, "The number is greater.", "last: {above: 65535}", types=NUMBER),
    "below": Operator("a number", _is_number, "The number is smaller.", "first: {below: 1024}", types=NUMBER),
    "present": Operator(
        "true or false",
        lambda argument: isinstance(argument, bool),
        "There is a value, which may be one that the file does not decide; an empty text or list is none.",
        "user: {present: false}",
        asks_list=None,
    ),
    "has": Operator(
        "a value, a list of values, or `$name`",
        _is_words,
        "The list contains this value, or one of these.",
        "options: {has: [-k, --insecure]}",
        asks_list=True,
    ),
    "lacks": Operator(
        "a value, a list of values, or `$name`",
        _is_words,
        "The list contains none of these.",
        "dropped: {lacks: ALL}",
        asks_list=True,
    ),
    "some": Operator(
        "a test",
        _is_test,
        "The test holds for an item of the list.",
        "ports: {some: {published.first: 22}}",
        True,
    ),
    "none": Operator(
        "a test", _is_test, "The test holds for no item of the list.", "mounts: {none: {target: /data}}", True
    ),
    "every": Operator(
        "a test",
        _is_test,
        "The test holds for each item of the list, so also where it is empty.",
        "ports: {every: {is_loopback: true}}",
        True,
    ),
    "any": Operator(
        "a list of tests",
        _are_tests,
        "At least one of the tests holds for the same value.",
        "any: [{tool: curl}, {tool: wget}]",
        None,
    ),
    "all": Operator(
        "a list of tests",
        _are_tests,
        "All of the tests hold for the same value.",
        "path: {all: [{startswith: /}, {matches: 'tmp'}]}",
        None,
    ),
    "not": Operator("a test", _is_test, "The test does not hold.", "path: {not: {startswith: /}}", None),
}
"""Every operator by its name, in the order in which they are told."""
