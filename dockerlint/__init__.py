"""dockerlint: a linter and fixer for everything that decides how a container is built and run.

`dockerlint.lint("FROM node:latest", "dockerfile")` gives findings, `dockerlint.fix(text, "compose")` a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockerlint.findings import Finding

__version__ = "0.1.0"


def lint(text: str, kind: str) -> list[Finding]:
    """What `dockerlint check` reports of a text of kind `dockerfile` or `compose`, in the order of places.

    No config and no file around the text is read; comments that suppress findings are obeyed. Raises
    ValueError for another kind, and `dockerlint.budget.OverBudget` for a text that expands to too much or
    takes too long.
    """
    from dockerlint.run.library import lint

    return lint(text, kind)


def fix(text: str, kind: str, *, harden: bool = False, unproven: bool = False) -> str:
    """What `dockerlint fix` makes of such a text, with `--harden` and `--unproven` or without.

    No other file is made. The same text where nothing can be fixed. Raises as `lint` does, and ValueError for
    `unproven` without `harden`.
    """
    from dockerlint.run.library import fix

    return fix(text, kind, harden=harden, unproven=unproven)
