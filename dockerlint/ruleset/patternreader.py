"""Reads regular expressions of users' rules, and spells them anew for Python or for RE2.

They are the part of RE2's syntax (https://github.com/google/re2/wiki/Syntax) that Python has too. What the
two read in different ways is written out: one meaning holds, whichever engine runs the expression, and it is
RE2's. `\\d`, `\\w`, `\\s` and `\\b` know ASCII only, `$` is the end of the text, and `(?i)` folds letters of
ASCII only.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from dockerlint.regex import pattern
from dockerlint.ruleset.charsets import NAMED, Ranges, complement, folded, spell_character, spell_set

LONGEST_PATTERN: Final = 500
MOST_REPEATS: Final = 1000
"""How often RE2 lets something be repeated by number, repeats inside repeats multiplied."""
LARGEST: Final = 2000
"""Characters with repeats by number written out; RE2 needs half a second for the worst of them."""
DEEPEST: Final = 40
"""Groups inside groups."""
_MANY: Final = 20
"""A repeat that may run more often than this counts as one without an end."""
_COUNT = pattern(r"\{(0|[1-9][0-9]{0,8})(,(0|[1-9][0-9]{0,8})?)?\}")
_AMBIGUOUS_COUNT = pattern(r"\{(,[0-9]*|[0-9]+(,[0-9]*)?)\}")
_LEADING_FLAGS = pattern(r"\(\?([A-Za-z]+)\)")
_GROUP = pattern(r"\(\?([a-z]*)(?:-([a-z]+))?:")
_NAMED_GROUP = pattern(r"\(\?P<([A-Za-z_][A-Za-z0-9_]*)>")
_HEX = pattern(r"[0-9A-Fa-f]{2}")
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_FLAGS: Final = frozenset("ims")
_INSTEAD: Final = "test with a second 'matches' or with 'not'"
_NOT_IN_RE2: Final = {
    "(?=": f"RE2 has no look-ahead: {_INSTEAD}",
    "(?!": f"RE2 has no look-ahead: {_INSTEAD}",
    "(?<=": f"RE2 has no look-behind: {_INSTEAD}",
    "(?<!": f"RE2 has no look-behind: {_INSTEAD}",
    "(?>": "RE2 has no atomic groups: write (?:…)",
    "(?(": "RE2 has no conditional groups: write both cases with |",
    "(?P=": f"RE2 has no back references: {_INSTEAD}",
    "(?<": "a named group is written (?P<name>…)",
}


class PatternError(Exception):
    """An expression outside the common syntax; the text says what is wrong and what to write."""


class _Part(NamedTuple):
    """A piece of the expression as it is spelled, ready to be repeated."""

    text: str
    size: int
    """Characters, with repeats by number written out."""
    repeats: int = 1
    """How often its most repeated piece is asked for by number."""
    is_unbounded: bool = False
    """Whether something in it may be repeated many times."""
    is_assertion: bool = False


class PatternReader:
    """Goes through an expression once and spells it anew."""

    def __init__(self, expression: str, end: str) -> None:
        self.expression, self.end = expression, end
        self.at = self.depth = 0
        self.names: set[str] = set()
        self.nests = False
        """Whether a repeat was met inside a repeat; Python's engine may take exponential time for it."""

    def read(self) -> str:
        if len(self.expression) > LONGEST_PATTERN:
            raise PatternError(f"longer than {LONGEST_PATTERN} characters")
        if any("\ud800" <= one <= "\udfff" for one in self.expression):
            raise PatternError("it contains an unpaired surrogate")
        part = self.alternatives(self.leading_flags())
        if self.at < len(self.expression):
            raise PatternError("unmatched ')'")
        if part.size > LARGEST:
            raise PatternError(f"with its repeats expanded it has more than {LARGEST} characters")
        return part.text

    def take(self, text: str) -> bool:
        """Step over `text` if it stands here."""
        stands = self.expression.startswith(text, self.at)
        self.at += len(text) if stands else 0
        return stands

    def character(self, wanted: str) -> str:
        """The next character; `wanted` names what is cut short without it."""
        if self.at >= len(self.expression):
            raise PatternError(f"{wanted} without its end")
        self.at += 1
        return self.expression[self.at - 1]

    def leading_flags(self) -> frozenset[str]:
        flags: frozenset[str] = frozenset()
        while found := _LEADING_FLAGS.match(self.expression, self.at):
            flags |= _known_flags(found[1])
            self.at = found.end()
        return flags

    def alternatives(self, flags: frozenset[str]) -> _Part:
        parts = [self.sequence(flags)]
        while self.take("|"):
            parts.append(self.sequence(flags))
        return _joined(parts, "|")

    def sequence(self, flags: frozenset[str]) -> _Part:
        parts = []
        while self.at < len(self.expression) and self.expression[self.at] not in "|)":
            parts.append(self.repeated(flags))
        return _joined(parts, "")

    def repeated(self, flags: frozenset[str]) -> _Part:
        part = self.atom(flags)
        times = self.repeat()
        if times is None:
            return part
        if part.is_assertion:
            raise PatternError("an anchor such as ^, $ or \\b cannot be repeated")
        mark, count = times
        mark += "?" if self.take("?") else ""
        if self.repeat() is not None:
            raise PatternError("a repeat of a repeat: use a group, (?:…)*")
        repeats = part.repeats * max(count, 1)
        if repeats > MOST_REPEATS:
            raise PatternError(f"counted repeats exceed {MOST_REPEATS}; use '+', '*' or smaller counts")
        is_unbounded = mark[0] in "*+" or ",}" in mark or count > _MANY
        self.nests |= is_unbounded and part.is_unbounded
        return _Part(part.text + mark, part.size * max(count, 1), repeats, is_unbounded or part.is_unbounded)

    def repeat(self) -> tuple[str, int] | None:
        """A repeat that begins here, and how often it writes its piece out."""
        for mark in "*+?":
            if self.take(mark):
                return mark, 1
        self.refuse_ambiguous_count()
        found = _COUNT.match(self.expression, self.at)
        if found is None:
            return None
        self.at = found.end()
        least, most = int(found[1]), int(found[3] or found[1])
        if most < least:
            raise PatternError(f"{found[0]} has its minimum above its maximum")
        return found[0], most

    def refuse_ambiguous_count(self) -> None:
        found = _AMBIGUOUS_COUNT.match(self.expression, self.at)
        if found and not _COUNT.match(self.expression, self.at):
            raise PatternError(f"{found[0]} is not a repeat in RE2: write {{0,n}}, without leading zeros")

    def atom(self, flags: frozenset[str]) -> _Part:
        if self.expression[self.at] == "(":
            return self.group(flags)
        if self.repeat() is not None:
            raise PatternError("nothing to repeat")
        one = self.character("the expression")
        if one == "[":
            return self.set(flags)
        if one == "\\":
            return self.escape(flags)
        if one == ".":
            return _Part("(?s:.)" if "s" in flags else r"[^\n]", 1)
        if one in "^$":
            begins_or_ends = r"\A" if one == "^" else self.end
            return _Part(f"(?m:{one})" if "m" in flags else begins_or_ends, 0, is_assertion=True)
        return _literal(one, flags)

    def group(self, flags: frozenset[str]) -> _Part:
        flags = self.opening(flags)
        self.depth += 1
        if self.depth > DEEPEST:
            raise PatternError(f"more than {DEEPEST} nested groups")
        part = self.alternatives(flags)
        if not self.take(")"):
            raise PatternError("missing ')'")
        self.depth -= 1
        return part._replace(text=f"(?:{part.text})")

    def opening(self, flags: frozenset[str]) -> frozenset[str]:
        """Step over what opens a group; the flags that hold in it."""
        found = _GROUP.match(self.expression, self.at)
        named = _NAMED_GROUP.match(self.expression, self.at)
        if found:
            self.at = found.end()
            return (flags | _known_flags(found[1])) - _known_flags(found[2] or "")
        if named:
            if named[1] in self.names:
                raise PatternError(f"duplicate group name {named[1]}")
            self.names.add(named[1])
            self.at = named.end()
            return flags
        for opening, message in _NOT_IN_RE2.items():
            if self.expression.startswith(opening, self.at):
                raise PatternError(message)
        if self.expression.startswith("(?", self.at):
            raise PatternError("groups are (…), (?:…) and (?P<name>…); flags are i, m and s at the beginning")
        self.at += 1
        return flags

    def escape(self, flags: frozenset[str]) -> _Part:
        one = self.character("a backslash")
        if one in "AzZb":
            text = {"A": r"\A", "b": r"\b"}.get(one, self.end)
            return _Part(text, 0, is_assertion=True)
        if one == "B":
            raise PatternError(r"\B works on bytes in RE2: write the characters that may be there")
        if one in NAMED:
            return _spelled_set(NAMED[one])
        if one in "123456789":
            raise PatternError(_NOT_IN_RE2["(?P="])
        return _literal(self.escaped(one), flags)

    def escaped(self, one: str) -> str:
        """The character that an escape stands for."""
        if one == "x":
            digits = _HEX.match(self.expression, self.at)
            if digits is None:
                raise PatternError(r"\x takes two hexadecimal digits")
            self.at = digits.end()
            return chr(int(digits[0], 16))
        if one in _CONTROLS:
            return _CONTROLS[one]
        if one.isalnum() or not one.isascii():
            raise PatternError(f"Python and RE2 have no \\{one} in common")
        return one

    def set(self, flags: frozenset[str]) -> _Part:
        is_negated = self.take("^")
        ranges = list(self.member())
        while not self.take("]"):
            ranges += self.member()
        if "i" in flags:
            ranges = [one for first, last in ranges for one in _folded(first, last)]
        if is_negated:
            ranges = list(complement(ranges))
        if not ranges:
            raise PatternError("an empty character set")
        return _spelled_set(tuple(ranges))

    def member(self) -> Ranges:
        """A character, a range or a named set inside of brackets."""
        first = self.end_of_range()
        is_range = (
            self.expression.startswith("-", self.at) and self.expression[self.at + 1 : self.at + 2] != "]"
        )
        if not is_range:
            return first
        self.at += 1
        last = self.end_of_range()
        if first[0][0] != first[-1][1] or last[0][0] != last[-1][1] or first > last:
            raise PatternError("a range in brackets must be ascending")
        return ((first[0][0], last[0][0]),)

    def end_of_range(self) -> Ranges:
        if self.expression.startswith("[:", self.at):
            raise PatternError("Python has no [:…:]: write \\d, \\w, \\s or the characters")
        one = self.character("a set in brackets")
        if one == "\\":
            one = self.character("a backslash")
            if one in NAMED:
                return NAMED[one]
            if one in "123456789":
                raise PatternError("a number after a backslash in brackets: write \\x and two digits")
            one = self.escaped(one)
        return ((ord(one), ord(one)),)


def _known_flags(letters: str) -> frozenset[str]:
    unknown = sorted({*letters} - _FLAGS)
    if unknown:
        raise PatternError(f"the flag {unknown[0]} is not common to Python and RE2; i, m and s are")
    return frozenset(letters)


def _joined(parts: list[_Part], by: str) -> _Part:
    text = by.join(part.text for part in parts)
    size = sum(part.size for part in parts)
    repeats = max((part.repeats for part in parts), default=1)
    return _Part(text, size, repeats, any(part.is_unbounded for part in parts))


def _literal(one: str, flags: frozenset[str]) -> _Part:
    if "i" not in flags:
        return _Part(spell_character(ord(one)), 1)
    forms = _folded(ord(one), ord(one))
    return _Part(spell_character(ord(one)), 1) if len(forms) == 1 else _spelled_set(forms)


def _folded(first: int, last: int) -> Ranges:
    for one in (chr(first), chr(last)):
        if not one.isascii() and (one.lower() != one or one.upper() != one):
            raise PatternError(f"(?i) is for ASCII letters: write both forms of {one}")
    return folded(first, last)


def _spelled_set(ranges: Ranges) -> _Part:
    return _Part(spell_set(ranges), 1 + len(ranges) // 4)
