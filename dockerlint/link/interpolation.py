"""`$VAR` and `${VAR:-default}` in Compose files.

https://docs.docker.com/reference/compose-file/interpolation/ and compose-go's template.go. The environment of
the shell is never read: what nothing in the project sets is UNRESOLVED, unless the text has a default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockerlint.budget import OverBudget, spend
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED

VARIABLES = "variables"
"""What is said to expand to too much."""
MAX_DEPTH = 50
"""Defaults inside defaults."""

_NAME = pattern(r"[_a-zA-Z][_a-zA-Z0-9]*")
_OPERATOR = pattern(r":?[-?+]")
_BRACE = pattern(r"\{[\s\S]?|\}")


class Interpolated(NamedTuple):
    """A text after its variables are put in."""

    text: str
    """UNRESOLVED stands for every variable without a value or default."""
    error: int | None = None
    """Offset of the first `${` that Compose refuses; from there on the text is as written."""


LONGEST = 1 << 20
"""Characters that variables may bring into one text; a program is given no variable of an eighth of that."""


class _BadVariable(Exception):
    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


def interpolate(text: str, values: Mapping[str, str]) -> Interpolated:
    """Put variables in, as Compose would with these values and no other environment.

    Raises OverBudget, before the text is built, where the variables expand to too much.
    """
    if "$" not in text:
        return Interpolated(text)
    pieces: list[str] = []
    try:
        _Interpolator(text, values).read(0, len(text), pieces, 0)
    except _BadVariable as bad:
        return Interpolated("".join(pieces) + text[bad.offset :], bad.offset)
    return Interpolated("".join(pieces))


class Expansion(NamedTuple):
    """A variable in a text, or `$$`."""

    start: int
    end: int
    text: str
    """What takes its place; UNRESOLVED may stand inside."""


def expansions(text: str, values: Mapping[str, str]) -> Iterator[Expansion]:
    """Every variable of a text in order, up to the first that Compose refuses. Raises OverBudget."""
    reader, at = _Interpolator(text, values), 0
    while (dollar := text.find("$", at)) >= 0:
        pieces: list[str] = []
        try:
            at = reader.variable(dollar, len(text), pieces, 0)
        except _BadVariable:
            return
        yield Expansion(dollar, at, "".join(pieces))


class _Interpolator:
    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        self.text = text
        self.values = values
        self.closing = _closing_braces(text)
        self.left = LONGEST

    def read(self, at: int, end: int, pieces: list[str], depth: int) -> None:
        """Append the pieces of text[at:end]; raises _BadVariable at a `${` that Compose refuses."""
        while True:
            dollar = self.text.find("$", at, end)
            if dollar < 0:
                pieces.append(self.text[at:end])
                return
            pieces.append(self.text[at:dollar])
            at = self.variable(dollar, end, pieces, depth)

    def variable(self, dollar: int, end: int, pieces: list[str], depth: int) -> int:
        """Append what the `$` stands for; the offset behind it."""
        if self.text.startswith("$", dollar + 1) and dollar + 1 < end:
            pieces.append("$")
            return dollar + 2
        if self.text.startswith("{", dollar + 1) and dollar + 1 < end:
            return self._braced(dollar, end, pieces, depth)
        name = _NAME.match(self.text, dollar + 1, end)
        # A dollar before anything else is just a dollar.
        pieces.append("$" if name is None else self._brought(self.values.get(name[0], UNRESOLVED)))
        return dollar + 1 if name is None else name.end()

    def _braced(self, dollar: int, end: int, pieces: list[str], depth: int) -> int:
        close = self._closing(dollar + 1, end)
        name = _NAME.match(self.text, dollar + 2, close)
        if name is None or depth > MAX_DEPTH:
            raise _BadVariable(dollar)
        operator = _OPERATOR.match(self.text, name.end(), close)
        if operator is None and name.end() != close:
            raise _BadVariable(dollar)
        word = (operator.end() if operator else close, close)
        self._choose(name[0], operator[0] if operator else "", word, pieces, depth)
        return close + 1

    def _closing(self, brace: int, end: int) -> int:
        """Where `{` is closed: in pairs, else by the last `}` of the line; raises _BadVariable."""
        close = self.closing.get(brace)
        if close is None or close >= end:
            line = self.text.find("\n", brace, end)
            close = self.text.rfind("}", brace, end if line < 0 else line)
        if close < 0 or self.text.find("\n", brace, close) >= 0:
            raise _BadVariable(brace - 1)
        return close

    def _choose(
        self, name: str, operator: str, place: tuple[int, int], pieces: list[str], depth: int
    ) -> None:
        """Append the value of the variable, or the word that its operator puts in its place."""
        value = self.values.get(name)
        is_set = value is not None and (bool(value) or not operator.startswith(":"))
        word: list[str] = []
        self.read(*place, word, depth + 1)
        if operator.endswith("+"):
            pieces += word if is_set else ()
        elif is_set and value is not None:
            pieces.append(self._brought(value))
        elif operator.endswith("-"):
            pieces += word
        else:
            pieces.append(UNRESOLVED)

    def _brought(self, value: str) -> str:
        """The value of a variable, once its length is paid for: variables of variables double a text."""
        spend(len(value), VARIABLES)
        self.left -= len(value)
        if self.left < 0:
            raise OverBudget(f"too costly: {VARIABLES} expand to more than {LONGEST:,} characters")
        return value


def _closing_braces(text: str) -> dict[int, int]:
    """Where each `{` is closed. Compose skips the character behind a `{`, so `{{` opens one level only."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(text):
        if match[0] != "}":
            opened.append(match.start())
        elif opened:
            closing[opened.pop()] = match.start()
    return closing


def parted(item: str) -> tuple[str, str, str]:
    """The name, `=` and value of an item; what stands between the braces of a variable parts nothing."""
    if "$" not in item:
        return item.partition("=")
    depth = 0
    for at, character in enumerate(item):
        if character == "{" and (depth or item[at - 1 : at] == "$"):
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == "=" and not depth:
            return item[:at], "=", item[at + 1 :]
    return item, "", ""


def given(item: str, environment: Mapping[str, str]) -> tuple[str, str, bool]:
    """The name and value of an item in which a variable gives `=` as well, and whether the text itself does.

    What it does not give itself is not written there, so nothing there has to be hidden.
    """
    filled = interpolate(item, environment).text
    name, _, value = filled.partition("=")
    return name, value, interpolate(item, {}).text == filled
