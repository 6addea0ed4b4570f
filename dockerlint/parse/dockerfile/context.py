"""What readers of instructions share: the file, the stage so far, one statement cut into its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import ANY_CONTEXT, BAKED, BUILD_LINES, LAST_STAGES, TextOf, nobody
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.model.dockerfile.expose import ExposedPort
from dockerlint.model.dockerfile.instruction import Flag, Instruction, UndefinedVariable, User, Workdir
from dockerlint.model.dockerfile.running import Cmd, Entrypoint, Healthcheck, ShellProgram
from dockerlint.model.image import Image
from dockerlint.parse.dockerfile.arguments import (
    ArgumentText,
    RawFlag,
    behind_list,
    looks_like_list,
    read_json,
    read_protected_words,
)
from dockerlint.parse.dockerfile.heredoc import Heredoc
from dockerlint.parse.dockerfile.scope import Budget, Filled, Scope
from dockerlint.parse.dockerfile.statements import Statement
from dockerlint.parse.image import read_image
from dockerlint.patterns import Pattern
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown

POSIX_DEFAULT: Final = ("/bin/sh", "-c")
_SH: Final = ShellProgram("sh", False, True)
_FEWEST_WORDS: Final = {
    **dict.fromkeys(("USER", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL", "ENV", "LABEL", "ARG"), 1),
    **dict.fromkeys(("COPY", "ADD"), 2),
}
"""How many arguments an instruction has before a `#` can be meant as a comment; a shell knows comments."""
_PLAIN: Final = pattern(r"[a-z][a-z0-9_-]*\Z")
_PAIRED: Final = ("ENV", "LABEL")
"""Without an equals sign, their second word is a value."""
FARTHEST_CONTEXT: Final = 4
"""Folders above a Dockerfile that its build context is looked for in."""
WINDOWS_DEFAULT: Final = ("cmd", "/S", "/C")


@dataclass
class FileState:
    """One Dockerfile while it is read."""

    text: str
    escape: str
    knowledge: Knowledge
    budget: Budget
    ignored: Sequence[Pattern] | None = None
    """Patterns of the `.dockerignore`; None when there is none."""
    ignored_above: Sequence[Pattern] | None = None
    """Where none is beside the file: those of the nearest above it, in the folder of the context."""
    mostly_lower: bool = False
    """Most keywords of the file are lower case."""
    contexts: frozenset[str] = frozenset()
    """Names of build contexts, which take the place of images and stages of that name; lower case."""
    builders: Sequence[BuildingService] = ()
    """The services that build it."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Build arguments, which take the place of defaults."""
    is_foreign: bool = False
    """`# syntax=` names a frontend that is not Docker's own."""
    text_of: TextOf = nobody
    """Texts of files of the build context, by path; they are read when somebody asks."""
    around: dict[str, frozenset[str]] = field(default_factory=dict)
    """Names of contexts that other files of the project give, as far as somebody has asked; lower case."""
    problems: list[Problem] = field(default_factory=list)
    stage_indexes: dict[str, int] = field(default_factory=dict)
    """Lower-case name of every stage so far."""

    def image(self, text: Located[str], origin: str, written: str = "") -> Image:
        """The image that a reference names; one of which nothing is known where a named context takes its
        place, or where another frontend reads what Docker would refuse.
        """
        found = read_image(text, origin, self.knowledge, written=written)
        is_open = self.is_context(text.known or "") or (self.is_foreign and found.problem is not None)
        return read_image(Located(UNKNOWN, text.span), origin, self.knowledge) if is_open else found

    def is_context(self, name: str) -> bool:
        """Whether a build context takes the place of the image or stage of this name.

        Scripts and CI files are read for a plain name alone: few builds replace an image with a tag.
        """
        lower = name.lower()
        if lower in self.contexts or lower in self._around(BAKED):
            return True
        return _PLAIN.match(lower) is not None and lower in self._around(BUILD_LINES)

    def is_stage_beside(self, name: str) -> bool:
        """Whether another Dockerfile of the folder ends with this stage: a script may join the two."""
        return name.lower() in self._around(LAST_STAGES)

    def may_be_context(self, name: str) -> bool:
        """Whether CI or a script computes a name of a context, which may be this one."""
        return _PLAIN.match(name) is not None and ANY_CONTEXT in self._around(BUILD_LINES)

    def _around(self, source: str) -> frozenset[str]:
        if source not in self.around:
            self.around[source] = frozenset((self.text_of(source) or "").lower().split("\n"))
        return self.around[source]

    def report(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Note a place that Docker refuses; another frontend has a grammar of its own."""
        if self.is_foreign:
            return
        self.problems.append(Problem(code, message, hint, True, span))


@dataclass
class StageState:
    """What is in force at a point of a stage."""

    index: int
    name: str
    scope: Scope
    globals: Scope
    """Global ARGs, which `ARG NAME` brings into the stage."""
    base: Image | None = None
    is_windows: bool | Unknown = False
    user: User | None = None
    shell_words: tuple[str, ...] = POSIX_DEFAULT
    shell: ShellProgram = _SH
    workdir: Workdir | None = None
    has_absolute_workdir: bool = False
    directory: str | None = None
    """The working directory, where no variable decides it."""
    healthcheck: Healthcheck | None = None
    cmd: Cmd | None = None
    entrypoint: Entrypoint | None = None
    sees_whole_context: bool = False
    has_npm_lock: bool = False
    has_step_down: bool = False
    keeps_archives: bool = False
    previous: Instruction | None = None
    """The instruction above."""
    ports: list[ExposedPort] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)
    """How many instructions of each keyword are still to come."""
    mark: int = 0
    """Where a file is read again and again: stands for the variables that are set."""


@dataclass
class Reading:
    """One instruction, or the trigger of an ONBUILD, cut into keyword, flags and arguments."""

    file: FileState
    stage: StageState
    statement: Statement
    keyword: ArgumentText
    raw_flags: list[RawFlag]
    start: int
    """Where the arguments begin in the statement's text."""
    is_onbuild: bool = False
    undefined: list[UndefinedVariable] = field(default_factory=list)
    unread_list: Located[str] | None = None
    """Brackets that are no JSON, as a reader of the arguments found them."""
    dropped: Located[str] | None = None
    """What stands behind those that are."""

    @property
    def text(self) -> str:
        return self.statement.text

    @property
    def rest(self) -> ArgumentText:
        """All arguments as one piece."""
        return ArgumentText(self.text[self.start :], self.start, len(self.text))

    @property
    def span(self) -> Span:
        return Span(self.statement.place(self.keyword.start), self.statement.end)

    def at(self, piece: ArgumentText | RawFlag) -> Span:
        """Where a part stands in the file."""
        return self.statement.span(piece.start, piece.end)

    def fill(self, piece: ArgumentText) -> Filled:
        """Resolve variables, and remember those that nothing sets."""
        filled = self.stage.scope.fill(piece, self.statement, self.file.escape)
        if filled.undefined:
            self.undefined.extend(filled.undefined)
        return filled

    def note_undefined(self, heredoc: Heredoc) -> None:
        """Remember the variables of a heredoc's body that nothing sets; quotes in it are plain characters."""
        if not heredoc.marker.is_quoted:
            text, scope = self.file.text, self.stage.scope
            self.undefined.extend(scope.undefined_in(text, heredoc.start, heredoc.end, self.file.escape))

    def locate(self, piece: ArgumentText) -> Located[str]:
        """The piece with its variables resolved, and its place."""
        return Located(self.fill(piece).known, self.at(piece))

    def locate_fields(self, piece: ArgumentText) -> tuple[Located[str], ...]:
        """The words that the piece becomes once its variables are resolved, all at its place."""
        found = self.stage.scope.fields(piece, self.statement, self.file.escape)
        self.undefined.extend(one for filled in found for one in filled.undefined)
        return tuple(Located(filled.known, self.at(piece)) for filled in found)

    def located_rest(self) -> Located[str] | None:
        """All arguments as one text, variables resolved; None when there are none."""
        return self.locate(self.rest) if self.rest.text else None

    def flag(self, name: str) -> Located[str] | None:
        """The value of the last flag of this name, variables resolved."""
        found = [flag.value for flag in self.raw_flags if flag.name == name and flag.value]
        return self.locate(found[-1]) if found else None

    def report(
        self, code: str, message: str, piece: ArgumentText | RawFlag | None = None, hint: str = ""
    ) -> None:
        """Note a place of this instruction that Docker refuses."""
        self.file.report(code, message, self.at(piece or self.keyword), hint)

    def common(self) -> dict[str, Any]:
        """The fields that every instruction has; call it last, when all variables were met."""
        word = self.keyword.text
        return {
            "keyword": Located(word.upper(), self.at(self.keyword)),
            "span": self.span,
            "flags": tuple(self._flag(flag) for flag in self.raw_flags) if self.raw_flags else (),
            "undefined": tuple(self.undefined) if self.undefined else (),
            "is_onbuild": self.is_onbuild,
            "has_odd_case": not self.is_onbuild
            and word != (word.lower() if self.file.mostly_lower else word.upper()),
            "unread_list": self.unread_list,
            "dropped": self.dropped,
            "remark": self._remark() if "#" in self.text else None,
            "is_repeated": not self.is_onbuild and self.stage.left.get(word.upper(), 0) > 0,
        }

    def list_at(self, start: int) -> list[ArgumentText] | None:
        """The strings of a JSON list, with a note of what Docker drops behind it; None without one."""
        words = read_json(self.text, start)
        behind = None if words is None else behind_list(self.text, words, start)
        self.dropped = None if behind is None else self.locate(behind)
        return words

    def note_list(self, start: int, *, runs: bool) -> None:
        """Remember arguments that are written like a JSON list; `runs`: a shell reads them."""
        piece = ArgumentText(self.text[start:].rstrip(), start, len(self.text.rstrip()))
        if looks_like_list(piece.text, runs=runs):
            self.unread_list = Located(piece.text, self.at(piece))

    def _remark(self) -> Located[str] | None:
        """Words from `#` on, where at least the first argument stands in front of them."""
        fewest = _FEWEST_WORDS.get(self.keyword.text.upper())
        if fewest is None or read_json(self.text, self.start) is not None:
            return None
        words = list(read_protected_words(self.text, self.start, self.file.escape))
        fewest += (
            bool(words) and fewest == 1 and self.keyword.text.upper() in _PAIRED and "=" not in words[0].text
        )
        at = next((word.start for word in words[fewest:] if word.text[0] == "#"), None)
        if at is None:
            return None
        piece = ArgumentText(self.text[at:], at, len(self.text))
        return Located(piece.text, self.at(piece))

    def image(self, text: Located[str], origin: str, written: str = "") -> Image:
        """The image that a reference names; see FileState.image."""
        return self.file.image(text, origin, written)

    def _flag(self, flag: RawFlag) -> Flag:
        value = None
        if flag.value is not None:
            filled = self.stage.scope.fill(flag.value, self.statement, self.file.escape)
            value = Located(filled.known, self.at(flag.value))
        return Flag(flag.name, value, self.at(flag))


def builds_as_root(stage: StageState) -> bool | Unknown:
    """During a build no entrypoint drops root, so the user is what USER or the base image says."""
    if stage.is_windows is not False:
        return False if stage.is_windows is True else UNKNOWN
    if stage.user is not None:
        return stage.user.is_root
    return UNKNOWN if stage.base is None else stage.base.starts_as_root
