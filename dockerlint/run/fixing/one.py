"""One file, fixed by itself: from its text and what it is linted with to what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from dockerlint.findings import Finding, Tier
from dockerlint.fixing.folder import Around, FixFolder
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.linting.failures import told
from dockerlint.run.fixing.views import FileFixes, ProjectFixes
from dockerlint.run.found import shown_mistake
from dockerlint.run.projects import Held
from dockerlint.run.setup import Setup
from dockerlint.text import Source


class Begun(NamedTuple):
    """A Compose file that was fixed together with others of its projects."""

    data: bytes
    """The file as it was."""
    projects: tuple[Held, ...]
    """Those that held it then."""
    result: Result
    is_done: bool
    """Nothing is left that a fix of the file by itself could do."""

    def copy(self) -> Result:
        """The result, to be gone on with."""
        return replace(self.result, applied=list(self.result.applied))


class FixOptions(NamedTuple):
    """What is to be fixed of a file."""

    least: Tier
    folder: FixFolder | None = None
    """Where other files are made; None where none may be."""
    only: Callable[[Finding], bool] | None = None
    """No more than these findings; None for all."""
    is_lasting: bool = False
    """`only` also holds for what shows up once they are gone, which is left alone otherwise."""
    begun: Begun | None = None
    """What was done to the file together with others, to be gone on with."""


def fix_one(source: Source, setup: Setup, fixes: FileFixes | ProjectFixes, options: FixOptions) -> Result:
    """What `FileLinter.fix` says, with what lints the file for it."""
    only, begun = options.only, options.begun

    def lint_chosen(text: str, neighbours: Mapping[str, str]) -> LintResult:
        result = fixes.lint(text, neighbours)
        is_asked = options.is_lasting or text == source.text
        chosen = [one for one in result.wanted if only and is_asked and only(one)]
        return result._replace(wanted=chosen)

    around = Around(options.folder, fixes.lint if only is None else lint_chosen)
    before = None if begun is None else begun.copy()
    result = fix_text(source.text, setup.kind, options.least, around.linter(()), around, before)
    if begun is None:
        result.omissions = fixes.parted[0].omissions
    result.failures = told(fixes.failures)
    result.mistakes = tuple(map(shown_mistake, setup.selection.everything.mistakes))
    return result
