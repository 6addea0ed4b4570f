"""Which variables are set at a point of a Dockerfile, and what a text says once they are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dockerlint.model.dockerfile.instruction import UndefinedVariable
from dockerlint.parse.dockerfile.arguments import ArgumentText
from dockerlint.parse.dockerfile.expand import BadSubstitution, Lexer, Use
from dockerlint.parse.dockerfile.inherited import Variables
from dockerlint.parse.dockerfile.statements import Statement
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown

_PLATFORM_PARTS: Final = ("PLATFORM", "OS", "ARCH", "VARIANT", "OSVERSION")
PLATFORM_ARGS: Final = frozenset(
    ["TARGETSTAGE", *(side + part for side in ("TARGET", "BUILD") for part in _PLATFORM_PARTS)]
)
"""Set by BuildKit for FROM, and in a stage once ARG names them.

Source: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope.
"""

_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
PROXY_ARGS: Final = frozenset((*_PROXIES, *(name.lower() for name in _PROXIES)))
"""May be given to any build without a declaration."""

_BUILDER_ARGS: Final = frozenset(
    ("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE", "SOURCE_DATE_EPOCH", "BUILDKIT_SYNTAX")
)
_ALWAYS_SET: Final[dict[str, str | Unknown | None]] = dict.fromkeys(
    (*PROXY_ARGS, "PATH", *_BUILDER_ARGS), UNKNOWN
)
GLOBAL_START: Final[dict[str, str | Unknown | None]] = {
    **_ALWAYS_SET,
    **dict.fromkeys(PLATFORM_ARGS, UNKNOWN),
}


_PLAIN_USE: Final = pattern(r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")


class Filled(NamedTuple):
    """A text with its variables filled in."""

    value: str
    """UNRESOLVED stands for each part that is not known."""
    undefined: tuple[UndefinedVariable, ...] = ()

    @property
    def known(self) -> str | Unknown:
        """The value, or UNKNOWN when any part of it is."""
        return UNKNOWN if UNRESOLVED in self.value else self.value


@dataclass
class Budget:
    """What one file may cost, whatever its variables do."""

    characters: int
    """How many more characters may come out of variables."""
    suggestions: int = 20
    """For how many more names a similar one is looked for."""


@dataclass
class Scope:
    """ARG and ENV so far: name to value, UNKNOWN when set outside the file, None when it has none."""

    budget: Budget

    values: Variables[str | Unknown | None] = field(default_factory=lambda: Variables(_ALWAYS_SET))
    from_env: Variables[bool] = field(default_factory=lambda: Variables({}))
    """Names that ENV set: ARG does not change them."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Build arguments, which take the place of defaults."""
    is_global: bool = False
    """The scope of FROM and of what stands above it."""

    def copy(self) -> Scope:
        """A scope that goes its own way."""
        return Scope(self.budget, self.values.copy(), self.from_env.copy(), self.given)

    def set_env(self, name: str, value: str) -> None:
        self.values[name] = UNKNOWN if UNRESOLVED in value else value
        self.from_env[name] = True

    def declare(self, name: str, default: str | Unknown | None) -> None:
        """ARG in a stage."""
        if name not in self.from_env:
            default = self.given.get(name, default) if self.given else default
            self.values[name] = UNKNOWN if name in PLATFORM_ARGS else default

    def fill(self, piece: ArgumentText, statement: Statement, escape: str) -> Filled:
        """Resolve a piece of an instruction, quotes taken out; what Docker cannot read stays unresolved."""
        text = piece.text
        if "$" not in text and "'" not in text and '"' not in text and escape not in text:
            return Filled(text)
        lexer = Lexer(text, self.values, escape, longest=self.budget.characters)
        try:
            value = lexer.whole()
        except BadSubstitution:
            return Filled(UNRESOLVED)
        self.budget.characters -= max(len(value) - len(text), 0)
        return Filled(value, tuple(self._undefined(lexer.uses, piece, statement)))

    def fields(self, piece: ArgumentText, statement: Statement, escape: str) -> tuple[Filled, ...]:
        """The words that a word becomes where Docker cuts what a variable holds, as in EXPOSE."""
        filled = self.fill(piece, statement, escape)
        if "$" not in piece.text or filled.value == UNRESOLVED:
            return (filled,)
        lexer = Lexer(piece.text, self.values, escape, longest=self.budget.characters)
        words = lexer.fields()
        return tuple(Filled(word, () if at else filled.undefined) for at, word in enumerate(words))

    def locate(self, piece: ArgumentText, statement: Statement, escape: str) -> tuple[Located[str], Filled]:
        """The same with its place."""
        filled = self.fill(piece, statement, escape)
        return Located(filled.known, statement.span(piece.start, piece.end)), filled

    def undefined_in(self, text: str, start: int, end: int, escape: str) -> Iterable[UndefinedVariable]:
        """Variables that a text without quotes reads and nothing sets."""
        for use in _PLAIN_USE.finditer(text, start, end):
            name = use[1] or use[2]
            if name not in self.values and text[use.start() - 1] != escape:
                yield UndefinedVariable(name, Span(*use.span()), suggestion=self._nearest(name))

    def _undefined(
        self, uses: Iterable[Use], piece: ArgumentText, statement: Statement
    ) -> Iterable[UndefinedVariable]:
        for use in uses:
            # `$1` and `$?` are no variables of a build.
            if (
                use.has_default
                or use.name in self.values
                or not (use.name[0].isalpha() or use.name[0] == "_")
            ):
                continue
            span = statement.span(piece.start + use.start, piece.start + use.end)
            yield UndefinedVariable(use.name, span, self.is_global, suggestion=self._nearest(use.name))

    def _nearest(self, name: str) -> str:
        """A name of the file that differs only in case or in one character."""
        if len(self.values) > 200 or self.budget.suggestions <= 0:
            return ""
        self.budget.suggestions -= 1
        from difflib import get_close_matches

        own = [each for each in self.values if each not in _ALWAYS_SET]
        return next(iter(get_close_matches(name, own, 1, 0.8)), "")
