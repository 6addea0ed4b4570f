"""One text, linted with the fixes of its findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dockerlint.findings import Finding
from dockerlint.kinds import TextOf, nobody
from dockerlint.linting.linted import Linted, Telling
from dockerlint.linting.linter import lint
from dockerlint.linting.member import Member
from dockerlint.linting.nodes.findings import Fixes
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.ruleset.ruleset import Ruleset

if TYPE_CHECKING:
    from dockerlint.linting.warm.file import WarmFile
    from dockerlint.linting.warm.project import WarmProject
    from dockerlint.model.container.limits import Bounds


def lint_text(
    text: str,
    kind: str,
    ruleset: Ruleset,
    *,
    path: str = "",
    text_of: TextOf = nobody,
) -> list[Finding]:
    """Findings in a text, in the order of their places. Suppression comments are not applied.

    Raises OverBudget for a text that expands to too much or takes too long.
    """
    return lint_whole(text, kind, ruleset, path=path, text_of=text_of).findings


def lint_whole(
    text: str,
    kind: str,
    ruleset: Ruleset,
    *,
    path: str = "",
    text_of: TextOf = nobody,
    edits: bool = True,
    edits_in: str = "",
    bounds: Callable[[str | None], Bounds] | None = None,
    standing_of: Callable[[str], str] | None = None,
    member: Member | None = None,
    builders: Sequence[BuildingService] = (),
    telling: Telling = Telling.NOTHING,
    warm: WarmFile | WarmProject | None = None,
) -> Linted:
    """The same with what suppression and masking need.

    Without `edits` a fix says its tier and title only, which is quicker; `edits_in` names the one file of a
    project whose findings get any. For what else the arguments say see `lint`.
    """
    fixes: Fixes
    if edits:
        from dockerlint.fixing.offer import Offers

        fixes = Offers(edits_in)
    else:
        from dockerlint.linting.promises import Promises

        fixes = Promises()
    return lint(
        text,
        kind,
        ruleset,
        fixes,
        path=path,
        text_of=text_of,
        bounds=bounds,
        standing_of=standing_of,
        member=member,
        builders=builders,
        telling=telling,
        warm=warm,
    )
