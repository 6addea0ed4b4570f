"""Docker's own small shell: words, quotes and variables outside RUN.

Source: moby/buildkit frontend/dockerfile/shell/lex.go.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, Protocol

from dockerlint.parse.dockerfile.substitution import Substitution
from dockerlint.regex import pattern
from dockerlint.values import UNKNOWN, UNRESOLVED, Unknown

DEEPEST_NESTING: Final = 20
"""`${A:-${B:-…}}` nested deeper than this is not resolved."""

_NAME = pattern(r"[^\W\d]\w*|\d+|[@*#?\-$!]")
_PLAIN = pattern(r"[^\s'\"$\\`]+")
_PLAIN_IN_BRACES = pattern(r"[^}'\"$\\`]+")
_PLAIN_IN_PATTERN = pattern(r"[^/'\"$\\`]+")


class Use(NamedTuple):
    """A variable read by a text, `$NAME` or `${NAME…}`, as offsets into that text."""

    name: str
    start: int
    end: int
    has_default: bool
    """A `-`, `+` or `?` form says what happens when the variable is not set."""


class ShellWord(NamedTuple):
    """A word after quotes and variables are taken out; UNRESOLVED stands for each part that is not known."""

    value: str
    start: int
    end: int


class BadSubstitution(ValueError):
    """Docker refuses the text: an open quote, an open brace, or a modifier that it does not know."""


class VariableMap(Protocol):
    """What the lexer needs of a mapping of variables."""

    def get(self, name: str, /) -> str | Unknown | None: ...


class Lexer:
    """Reads one text.

    `values` maps each declared name to its text, to UNKNOWN where it is set outside the file, or to None
    where it is declared without a value. With `raw`, quotes and escapes stay and unset variables too,
    which is how BuildKit looks for heredocs.
    """

    def __init__(
        self,
        text: str,
        values: VariableMap,
        escape: str = "\\",
        raw: bool = False,
        longest: int = 1 << 20,
    ) -> None:
        self._text = text
        self._left = longest
        self._values = values
        self._escape = escape
        self._raw = raw
        self._at = 0
        self._keeps_escapes = False
        self.uses: list[Use] = []

    def whole(self) -> str:
        """The text as one word, blanks included. Raises BadSubstitution."""
        pieces: list[str] = []
        while self._at < len(self._text):
            self._piece(pieces, 0)
        return "".join(pieces)

    def words(self) -> list[ShellWord]:
        """The text cut at blanks outside quotes. Raises BadSubstitution."""
        found: list[ShellWord] = []
        pieces: list[str] = []
        start, text = 0, self._text
        while self._at < len(text):
            if not text[self._at].isspace():
                self._piece(pieces, 0)
                continue
            if pieces:
                found.append(ShellWord("".join(pieces), start, self._at))
                pieces = []
            self._at += 1
            start = self._at
        if pieces:
            found.append(ShellWord("".join(pieces), start, len(text)))
        return found

    def fields(self) -> list[str]:
        """The text as EXPOSE takes it: what an unquoted variable holds is cut at its blanks too, and nothing
        stays of an empty one (`wordsStruct` of BuildKit). Raises BadSubstitution.
        """
        found: list[str] = []
        open_word = ""
        while self._at < len(self._text):
            is_variable = self._text[self._at] == "$"
            pieces: list[str] = []
            self._piece(pieces, 0)
            value = "".join(pieces)
            if not is_variable:
                open_word += value
                continue
            first, *others = re.split(r"\s", value)
            open_word += first
            for other in others:
                found.append(open_word)
                open_word = other
        return [word for word in (*found, open_word) if word]

    def _piece(self, pieces: list[str], depth: int) -> None:
        """Read one run of plain characters, one quoted part, one escape or one variable."""
        text, at = self._text, self._at
        char = text[at]
        if char == "$":
            pieces.append(self._dollar(depth))
        elif char == "'":
            pieces.append(self._single())
        elif char == '"':
            pieces.append(self._double(depth))
        elif char == self._escape:
            kept = text[at : at + 2]
            self._at += 2
            pieces.append(kept if self._raw or self._keeps_escapes else kept[1:])
        elif plain := _PLAIN.match(text, at):
            self._at = plain.end()
            pieces.append(plain.group())
        else:
            self._at += 1
            pieces.append(char)

    def _single(self) -> str:
        closed = self._text.find("'", self._at + 1)
        if closed == -1:
            raise BadSubstitution("unterminated single quote")
        start, self._at = self._at, closed + 1
        return self._text[start : closed + 1] if self._raw else self._text[start + 1 : closed]

    def _double(self, depth: int) -> str:
        text = self._text
        pieces = ['"'] if self._raw else []
        self._at += 1
        while self._at < len(text):
            char = text[self._at]
            if char == '"':
                self._at += 1
                return "".join([*pieces, '"']) if self._raw else "".join(pieces)
            if char == "$":
                pieces.append(self._dollar(depth))
            elif char == self._escape and text[self._at + 1 : self._at + 2] in ('"', "$", self._escape):
                pieces.append(text[self._at : self._at + 2] if self._raw else text[self._at + 1])
                self._at += 2
            elif plain := _PLAIN.match(text, self._at):
                pieces.append(plain.group())
                self._at = plain.end()
            else:
                pieces.append(char)
                self._at += 1
        raise BadSubstitution("unterminated double quote")

    def _dollar(self, depth: int) -> str:
        start = self._at
        is_braced = self._text[start + 1 : start + 2] == "{"
        name = _NAME.match(self._text, start + 2 if is_braced else start + 1)
        if name is None:
            if is_braced:
                raise BadSubstitution("bad substitution")
            self._at = start + 1
            return "$"
        self._at = name.end()
        if is_braced and self._text[self._at : self._at + 1] != "}":
            return self._modified(name.group(), start, depth)
        self._at += is_braced
        self.uses.append(Use(name.group(), start, self._at, False))
        return self._written(start) if self._raw else self._plain_value(name.group())

    def _written(self, start: int) -> str:
        return self._text[start : self._at]

    def _plain_value(self, name: str) -> str:
        value = self._values.get(name)
        return self._charge(value) if isinstance(value, str) else UNRESOLVED

    def _charge(self, value: str) -> str:
        """Variables that hold variables would double a text again and again."""
        self._left -= len(value)
        if self._left < 0:
            raise BadSubstitution("the text is too long after variable expansion")
        return value

    def _modified(self, name: str, start: int, depth: int) -> str:
        """`${NAME:-word}` and its relatives; the scanner stands behind the name."""
        takes_empty = self._text[self._at : self._at + 1] != ":"
        self._at += not takes_empty
        modifier = self._text[self._at : self._at + 1]
        if modifier not in ("-+?#%/" if takes_empty else "-+?") or not modifier:
            raise BadSubstitution(f"unsupported modifier ({modifier}) in substitution")
        self._at += 1
        if modifier in "#%/":
            return self._changed(name, modifier, start, depth)
        mark = len(self.uses)
        word = self._until("}", depth + 1)
        value = self._values.get(name)
        if modifier == "+":
            # The text is read where the variable is set, so there it is no variable without a value.
            self.uses[mark:] = [
                use._replace(has_default=True) if value is None or use.name == name else use
                for use in self.uses[mark:]
            ]
        self.uses.append(Use(name, start, self._at, True))
        if self._raw:
            return self._written(start)
        return self._choose(modifier, value, word, takes_empty)

    def _changed(self, name: str, modifier: str, start: int, depth: int) -> str:
        """`${NAME#pattern}`, `%`, `/pattern/text`; the scanner stands behind the first mark."""
        is_doubled = self._text[self._at : self._at + 1] == modifier
        self._at += is_doubled
        before, self._keeps_escapes = self._keeps_escapes, True
        wanted = self._until("/" if modifier == "/" else "}", depth + 1)
        text = self._until("}", depth + 1) if modifier == "/" else ""
        self._keeps_escapes = before
        self.uses.append(Use(name, start, self._at, False))
        value = self._values.get(name)
        if self._raw:
            return self._written(start)
        if not isinstance(value, str) or UNRESOLVED in value + wanted + text:
            return UNRESOLVED
        change = Substitution(modifier, is_doubled, wanted, text)
        found = change.of(value)
        return UNRESOLVED if found is None else self._charge(found)

    def _choose(self, modifier: str, value: str | Unknown | None, word: str, takes_empty: bool) -> str:
        is_set = value is not None and (takes_empty or value != "")
        if modifier == "+":
            # A value from outside may still be empty.
            return UNRESOLVED if value is UNKNOWN and not takes_empty else word if is_set else ""
        if modifier == "-" and not is_set:
            return word
        return self._charge(value) if isinstance(value, str) else UNRESOLVED

    def _until(self, stop: str, depth: int) -> str:
        if depth > DEEPEST_NESTING:
            raise BadSubstitution("substitutions are nested too deep")
        pieces: list[str] = []
        while self._at < len(self._text):
            if self._text[self._at] == stop:
                self._at += 1
                return "".join(pieces)
            plain = (_PLAIN_IN_BRACES if stop == "}" else _PLAIN_IN_PATTERN).match(self._text, self._at)
            if plain is None:
                self._piece(pieces, depth)
            else:
                pieces.append(plain.group())
                self._at = plain.end()
        raise BadSubstitution("missing closing brace")
