"""What belongs to a project and was not read, and what Compose refuses about how its files go together."""

from __future__ import annotations

from typing import Final, NamedTuple

from dockerlint.model.container.runtime import is_remote
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED

NOWHERE: Final = Span(0, 0)
"""The place of what no text names."""


MISSING: Final = "missing"


class Gap(NamedTuple):
    """Something that belongs to a project and was not read: facts that depend on it are unknown."""

    code: str
    """`missing` (or forbidden), `remote`, `unresolved`, `too-many`, `too-deep`."""
    message: str
    """What was not read, without a full stop."""
    span: Span
    """What names it; of the length 0 where no file does."""


class Objections:
    """Gaps and problems, each once; of a file that is missing the first place that names it is told."""

    __slots__ = ("_gaps", "_problems")

    def __init__(self) -> None:
        self._gaps: dict[tuple[str, Span | str], Gap] = {}
        self._problems: dict[tuple[str, Span], Problem] = {}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """In the order in which they were found."""
        return tuple(self._gaps.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order in which they were found."""
        return tuple(self._problems.values())

    def gap(self, code: str, message: str, span: Span) -> None:
        """Note something that was not read."""
        self._gaps.setdefault((code, span), Gap(code, message, span))

    def problem(self, code: str, message: str, span: Span, hint: str = "") -> None:
        """Note something that Compose refuses."""
        self._problems.setdefault((code, span), Problem(code, message, hint, True, span))

    def can_be_read(self, path: str, span: Span) -> bool:
        """Whether a path leads to a file that may be here; else the gap is noted."""
        if UNRESOLVED in path:
            message = "a variable without a value stands in a path, so its file is not read"
            self.gap("unresolved", message, span)
        elif is_remote(path):
            self.gap("remote", "files of other hosts are not read", span)
        else:
            return True
        return False

    def missing(self, path: str, span: Span) -> None:
        """Note a file that is not there, or must not be read."""
        message = f"{path} is not there, or lies where nothing is read"
        self._gaps.setdefault((MISSING, path), Gap(MISSING, message, span))
