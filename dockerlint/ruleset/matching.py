"""Which engine runs the regular expressions of users' rules: RE2 where it is installed, else a process.

RE2 takes linear time. Python's engine may take for ever, so it gets a process that can be ended. Our own
rules need neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dockerlint.budget import OverBudget, charge
from dockerlint.ruleset.patternreader import PatternError, PatternReader
from dockerlint.ruleset.regexprocess import SECONDS, NoAnswer, RegexProcess, TooSlow
from dockerlint.ruleset.rule import RuleError


class UserPattern(NamedTuple):
    """A regular expression of a user's rule."""

    expression: str
    rule: str
    """The id of that rule."""


def risk_of(expression: object) -> Iterator[str]:
    """Say why an expression is refused: not of the common syntax, too large, or exponential in Python."""
    if not isinstance(expression, str):
        yield "'matches' takes a regular expression"
        return
    try:
        reader = PatternReader(expression, "")
        reader.read()
        if reader.nests:
            yield "a repeat inside a repeat can take exponential time if RE2 is not installed; unnest it"
    except PatternError as error:
        yield f"not a regular expression that rules can have: {error}"


def python_spelling(expression: str) -> str:
    """The expression for Python's `re` with the flag ASCII; raises PatternError."""
    return PatternReader(expression, r"\Z").read()


def re2_spelling(expression: str) -> str:
    """The expression for RE2; raises PatternError."""
    return PatternReader(expression, r"\z").read()


Search = Callable[[str], bool]

_LONGEST_KEPT: Final = 256
"""Characters of a text whose answer is kept; a longer one seldom comes twice."""
_process: Final = RegexProcess()


def searcher(pattern: UserPattern) -> Search:
    """Whether a text holds the pattern. The search raises OverBudget or RuleError, see `python_searcher`."""
    re2 = installed_re2()
    return python_searcher(pattern) if re2 is None else re2_searcher(pattern, re2)


def installed_re2() -> Any:
    """The module of google-re2, or None; another module of that name has no `Options`."""
    try:
        import re2
    except ImportError:
        return None
    return re2 if hasattr(re2, "Options") else None


def re2_searcher(pattern: UserPattern, re2: Any) -> Search:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    search = re2.compile(re2_spelling(pattern.expression).encode(), options).search
    return lambda text: search(text.encode("utf-8", "replace")) is not None


def python_searcher(pattern: UserPattern) -> Search:
    """Search in another process, whose time counts as that of the file.

    The search raises OverBudget where it takes too long, and RuleError where there can be no process.
    """
    expression = python_spelling(pattern.expression)

    def search(text: str) -> bool:
        ask = _ask_once if len(text) <= _LONGEST_KEPT else _ask
        try:
            return ask(expression, text.encode("utf-8", "replace").decode())
        except TooSlow:
            message = f"too slow: 'matches' of {pattern.rule} took more than {SECONDS:g} s"
            raise OverBudget(f"{message}; simplify it, or install dockerlint[re2]") from None
        except NoAnswer as error:
            raise RuleError(f"{pattern.rule}: {error}; install dockerlint[re2]") from error

    return search


def _ask(expression: str, text: str) -> bool:
    found, seconds = _process.search(expression, text)
    charge(seconds)
    return found


_ask_once = lru_cache(maxsize=4096)(_ask)
