"""Values of a Compose file: variables put in, types as Compose casts them, spans inside quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Lookup
from typing import NamedTuple

from dockerlint.link.interpolation import Expansion, Interpolated, expansions, given, interpolate, parted
from dockerlint.link.places import below
from dockerlint.link.space import NO_SETTINGS, Settings
from dockerlint.model.variable import Variable
from dockerlint.parse.compose.scalars import text_of_scalar
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown
from dockerlint.yaml.nodes import DROPPED, Mapping, Node, Scalar, Sequence

_BOOLEANS = {
    **dict.fromkeys(("true", "y", "yes", "on"), True),
    **dict.fromkeys(("false", "n", "no", "off"), False),
}
# go-units, RAMInBytes.
_SIZE = pattern(r"(-?\d+(?:\.\d+)?)\s?([kmgtp])?i?b?\Z", re.IGNORECASE)
_LARGEST_DIGITS = 30
_PASSED_ON = ("environment", "build-arg")
"""Where a name alone stands for the variable of that name."""
_PLACES = {"HOME": "~", "PWD": "."}
"""The folders every shell knows: the user's home, and the project."""
_BLANKS = pattern(r"[ \t\r\n]*")


class Pair(NamedTuple):
    """A name and a value, from `NAME=value` in a list or from a mapping."""

    name: str
    name_span: Span
    value: Located[str] | None
    """UNRESOLVED may stand inside; None when the name stands alone."""
    written: str
    """What this file alone makes of the value, without `.env`, where that is another text; else ""."""
    span: Span


class Values:
    """Reads nodes of a project; collects what is wrong with their variables."""

    def __init__(self, text: str, settings: Settings = NO_SETTINGS) -> None:
        """`text` is that of the whole project, in which the nodes have their places."""
        self.text = text
        self.problems: list[Problem] = []
        self._settings = settings
        self._filled: dict[tuple[int, str], Interpolated] = {}
        """Texts that were filled in before: aliases bring the same one to many places."""
        self._refused: set[Span] = set()

    def resolve(self, node: Scalar) -> str:
        """The text of a scalar with its variables put in; UNRESOLVED may stand inside."""
        if "$" not in node.text:
            return node.text
        environment = self._environment(node)
        key = (id(environment), node.text)
        result = self._filled.get(key)
        if result is None:
            result = self._filled[key] = interpolate(node.text, environment)
        if result.error is not None and node.span not in self._refused:
            self._refused.add(node.span)
            place = self.part(node, result.error, len(node.text))
            self.problem("interpolation", "invalid variable", place, "write $$ for a literal dollar sign")
        return result.text

    def expansions(self, node: Scalar, raw: str) -> Iterator[Expansion]:
        """The variables in the text of a node as it stands in the file, `raw`.

        UNRESOLVED is the text of those that are set elsewhere: a secret in `.env` is no secret of this file.
        """
        for set_, alone in zip(expansions(raw, self._environment(node)), expansions(raw, {}), strict=False):
            yield set_ if set_.text == alone.text else set_._replace(text=UNRESOLVED)

    def is_set_elsewhere(self, node: Scalar) -> bool:
        """A variable in the text of a node has a value that is set elsewhere."""
        return "$" in node.text and interpolate(node.text, {}).text != self.resolve(node)

    def _environment(self, node: Scalar) -> Lookup[str, str]:
        """The variables of the text in which a node stands."""
        return self._settings.at(node.span.start).environment

    def problem(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Note something that Compose refuses."""
        self.problems.append(Problem(code, message, hint, True, span))

    def content(self, node: Node) -> Span:
        """The span of a node without quotes or the header of a block."""
        span = node.span
        if not isinstance(node, Scalar) or not node.style:
            return span
        if node.style in "'\"":
            return Span(span.start + 1, max(span.end - 1, span.start + 1))
        line = self.text.find("\n", span.start, span.end)
        if line < 0:
            return span
        blanks = _BLANKS.match(self.text, line + 1, span.end)
        return Span(blanks.end() if blanks else line + 1, span.end)

    def part(self, node: Scalar, start: int, end: int) -> Span:
        """The span of a part of a scalar's text; the whole, where escapes or folds make places unclear."""
        span = self.content(node)
        if span.end - span.start != len(node.text):
            return span
        return Span(span.start + start, span.start + end)

    def text_of(self, node: Node | None) -> Located[str] | None:
        """A string in which UNRESOLVED may stand; None for null and for what is no scalar."""
        if not isinstance(node, Scalar) or (node.value is None and not node.style) or node.tag == DROPPED:
            return None
        return Located(self.resolve(node), self.content(node))

    def path_of(self, node: Node | None) -> Located[str] | None:
        """The same for a path of the host, where `$HOME` is `~` and `$PWD` is the project."""
        located = self.text_of(node)
        if located is None or not isinstance(node, Scalar) or "$" not in node.text:
            return located
        places = {**_PLACES, **self._environment(node)}
        return Located(interpolate(node.text, places).text, located.span)

    def place_of(self, node: Node | None) -> Located[str] | None:
        """The same for a path that begins in the folder of its text, seen from the folder of the project."""
        located = self.path_of(node)
        if located is None:
            return None
        return Located(self.below(str(located.value), located.span), located.span)

    def below(self, path: str, span: Span) -> str:
        """A path that stands in a text, seen from the folder of the project."""
        return below(self._settings.at(span.start).folder, path)

    def home_of(self, node: Node) -> str:
        """The folder of the files that build upon the text of a node; "" for the folder of the project."""
        return self._settings.at(node.span.start).home

    def string(self, node: Node | None) -> Located[str] | None:
        """A string, UNKNOWN when some of it is unresolved."""
        located = self.text_of(node)
        if located is None or UNRESOLVED not in str(located.value):
            return located
        return Located(UNKNOWN, located.span)

    def flag(self, node: Node | None) -> Located[bool] | None:
        """A boolean: also the words that Compose casts to one."""
        if isinstance(node, Scalar) and isinstance(node.value, bool) and node.tag != DROPPED:
            return Located(node.value, node.span)
        located = self.string(node)
        if located is None or isinstance(located.value, Unknown):
            return None if located is None else Located(UNKNOWN, located.span)
        value = _BOOLEANS.get(located.value.lower())
        if value is None:
            self.problem("wrong-type", "must be true or false", located.span)
        return Located(UNKNOWN if value is None else value, located.span)

    def number(self, node: Node | None) -> Located[float] | None:
        """A number; UNKNOWN when it is unresolved or none."""
        located = self.string(node)
        if located is None:
            return None
        return Located(_number(located.value), located.span)

    def integer(self, node: Node | None) -> Located[int] | None:
        """A whole number; UNKNOWN when it is unresolved or none."""
        located = self.number(node)
        if located is None:
            return None
        return Located(
            located.value if isinstance(located.value, Unknown) else int(located.value), located.span
        )

    def size(self, node: Node | None) -> Located[int] | None:
        """Bytes: `512m`, `1.5g`, `1073741824`."""
        located = self.string(node)
        if located is None:
            return None
        size = _bytes(located.value)
        if isinstance(size, Unknown) and located.known is not None:
            self.problem("bad-size", "invalid amount of memory", located.span, "write 512m or 1g")
        return Located(size, located.span)

    def strings(self, node: Node | None) -> tuple[Located[str], ...]:
        """The strings of a list, or a single string as a list of one."""
        nodes = node.items if isinstance(node, Sequence) else () if node is None else (node,)
        found = (self.string(item) for item in nodes)
        return tuple(one for one in found if one is not None)

    def keys(self, node: Node | None) -> tuple[Located[str], ...]:
        """The names of a list, or the keys of a mapping: `networks`, `depends_on`."""
        if isinstance(node, Mapping):
            return tuple(Located(entry.key.text, self.content(entry.key)) for entry in node.kept)
        return self.strings(node)

    def pairs(self, node: Node | None) -> Iterator[Pair]:
        """Names and values of `environment`, `labels`, `args` and their like, in both forms."""
        if isinstance(node, Mapping):
            for entry in node.kept:
                key, value = entry.key.text, entry.value
                text, written = self._text_of_value(value)
                yield Pair(key, self.content(entry.key), text, written, entry.span)
        elif isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Scalar) and item.text:
                    yield self._pair(item)

    def _text_of_value(self, node: Node) -> tuple[Located[str] | None, str]:
        """The value of a name in a mapping; what this file alone makes of it, where that is another text."""
        text = self.text_of(node)
        if text is None or not isinstance(node, Scalar):
            return text, ""
        if "$" in node.text:
            return text, _alone(node.text, text)
        said = text_of_scalar(node)
        return Located(said, text.span), node.text if said != node.text else ""

    def _pair(self, item: Scalar) -> Pair:
        written, equals, raw = parted(item.text)
        span = self.content(item)
        name, name_span = self._settings.name(item, written), self.part(item, 0, len(written))
        if "=" in name:
            name, told, is_here = given(item.text, self._environment(item))
            place = span if is_here else Span(span.end, span.end)
            return Pair(name, span, Located(told, place), "" if is_here else UNRESOLVED, span)
        if not equals:
            return Pair(name, name_span, None, "", span)
        # Quotes round the value are a part of it, to Docker.
        place = self.part(item, len(written) + 1, len(item.text))
        value = Located(interpolate(raw, self._environment(item)).text, place)
        return Pair(name, name_span, value, _alone(raw, value), span)

    def variables(self, node: Node | None, origin: str) -> tuple[Variable, ...]:
        """The same as nodes of the model; a variable that stands alone passes on what the project sets."""
        passes_on = origin in _PASSED_ON
        return tuple(
            self._passed_on(pair, origin) if passes_on and pair.value is None else _variable(pair, origin)
            for pair in self.pairs(node)
        )

    def _passed_on(self, pair: Pair, origin: str) -> Variable:
        value = self._settings.at(pair.span.start).environment.get(pair.name)
        if value is None:
            return _variable(pair, origin)
        # Nothing of it is written here, so nothing here has to be hidden.
        nowhere = Span(pair.name_span.end, pair.name_span.end)
        return _variable(pair._replace(value=Located(value, nowhere), written=UNRESOLVED), origin)


def _variable(pair: Pair, origin: str) -> Variable:
    value, written = pair.value, pair.written
    text = None if value is None else value.known
    if value is not None and text is not None and UNRESOLVED in text:
        value, written = Located(UNKNOWN, value.span), written or text
    return Variable(pair.name, value, origin, pair.name_span, pair.span, written)


def _alone(raw: str, value: Located[str] | None) -> str:
    """The value with the defaults of its variables and nothing else; "" when that is the value."""
    alone = interpolate(raw, {}).text if "$" in raw else raw
    return "" if value is None or alone == value.value else alone


def _number(value: str | Unknown) -> float | Unknown:
    if isinstance(value, Unknown) or len(value) > _LARGEST_DIGITS:
        return UNKNOWN
    try:
        number = float(value)
    except ValueError:
        return UNKNOWN
    return number if abs(number) < float("inf") else UNKNOWN


def _bytes(value: str | Unknown) -> int | Unknown:
    match = None if isinstance(value, Unknown) else _SIZE.match(value.strip()[:_LARGEST_DIGITS])
    if match is None:
        return UNKNOWN
    return int(float(match[1]) * 1024.0 ** (" kmgtp".index((match[2] or " ").lower())))


def known_text(text: str) -> str | Unknown:
    """The text, UNKNOWN when some of it is unresolved."""
    return UNKNOWN if UNRESOLVED in text else text


def own_keys(node: Mapping, values: Values) -> tuple[Located[str], ...]:
    """The keys that stand in a mapping itself, in the order of the text; what others bring are none."""
    start, end = node.span.start, node.span.end
    entries = [
        entry
        for entry in node.entries.values()
        if not entry.is_merged and start <= entry.key.span.start < end
    ]
    entries.sort(key=lambda entry: entry.key.span.start)
    return tuple(Located(entry.key.text, values.content(entry.key)) for entry in entries)
