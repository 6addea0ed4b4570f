"""A rule, compiled: whom it looks at, when it fires, what it says and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dockerlint.findings import Confidence, RuleInfo, Severity
from dockerlint.model.shared import Node
from dockerlint.records import dataclass


class RuleError(Exception):
    """A rule file that cannot be used; the text starts with file and line."""


Scope = Mapping[str, Node]
"""The nodes around the one that is judged, and itself, by kind."""

Test = Callable[[object, Scope], "bool | None"]
"""A closure over one value: true, false, or None where the value does not decide."""

Reader = Callable[[object, Scope], object]
"""Follows a path from a value; gives a node, a plain value, a tuple, None or UNKNOWN."""


@dataclass(frozen=True, slots=True)
class Worse:
    """A circumstance that raises the severity."""

    test: Test
    severity: Severity
    message: Reader | None


@dataclass(frozen=True, slots=True)
class Unsure:
    """A circumstance that lowers the confidence."""

    test: Test
    confidence: Confidence
    message: Reader | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data; `compile_rule` makes it ready when the first node of its kind is met."""

    info: RuleInfo
    each: str
    data: Mapping[str, Any]
    """What its file says, examples left out."""
    words: Mapping[str, list[object]]
    """The named lists that `$name` in it stands for."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule, ready to be called on the nodes of its kind."""

    info: RuleInfo
    test: Test
    at: Reader | None
    message: Reader
    worse: tuple[Worse, ...] = ()
    unsure: tuple[Unsure, ...] = ()
