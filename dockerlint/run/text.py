"""One text, linted with the fixes of its findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlint.findings import Finding
from dockerlint.kinds import TextOf, nobody
from dockerlint.linting.linter import Linted, lint
from dockerlint.ruleset.ruleset import Ruleset

if TYPE_CHECKING:
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
    bounds: Callable[[str | None], Bounds] | None = None,
) -> Linted:
    """The same with what suppression and masking need.

    Without `edits` a fix says its tier and title only, which is quicker.
    """
    if edits:
        from dockerlint.fixing.offer import Offers

        return lint(text, kind, ruleset, Offers(), path=path, text_of=text_of, bounds=bounds)
    from dockerlint.linting.promises import Promises

    return lint(text, kind, ruleset, Promises(), path=path, text_of=text_of, bounds=bounds)
