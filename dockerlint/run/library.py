"""What `import dockerlint` offers: a text is linted and fixed without a config or files around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from dockerlint.budget import SECONDS, STEPS, budgeted
from dockerlint.findings import Finding, NewFile, Refusal, Tier
from dockerlint.fixing.results import Linter, LintResult
from dockerlint.fixing.rounds import fix_text
from dockerlint.kinds import SUPPORTED
from dockerlint.linting.selection import Selection, SelectionFlags
from dockerlint.linting.suppression import Policy
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.file import ROUNDS_OF_FIX
from dockerlint.run.setup import Setup
from dockerlint.run.text import lint_whole
from dockerlint.workspace.config import Config
from dockerlint.workspace.neighbours import Neighbours

_NOTHING: Mapping[str, str] = {}


def lint(text: str, kind: str) -> list[Finding]:
    """See `dockerlint.lint`."""
    setup = _setup(kind)
    linted = lint_whole(text, kind, setup.choice.asked)
    return setup.part(linted, text).kept


def fix(text: str, kind: str, *, harden: bool = False, unproven: bool = False) -> str:
    """See `dockerlint.fix`."""
    alone = _Alone(kind, _setup(kind))
    least = Tier.asked(harden=harden, unproven=unproven)
    with budgeted(STEPS * ROUNDS_OF_FIX, SECONDS):
        return fix_text(text, kind, least, alone.linted, alone).text


class _Alone(NamedTuple):
    """The surroundings of a text that lies in no directory."""

    kind: str
    setup: Setup

    def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
        return Refusal("a text alone has no directory for other files")

    def linter(self, files: Sequence[NewFile]) -> Linter:
        return self.linted

    def linted(self, text: str) -> LintResult:
        whole = lint_whole(text, self.kind, self.setup.selection.everything)
        asked_for = {rule.id for rule in self.setup.choice.asked.rules}
        asked = replace(whole, findings=[one for one in whole.findings if one.rule.id in asked_for])
        return LintResult(self.setup.part(asked, text).kept, whole.findings, whole.mask)


@cache
def _setup(kind: str) -> Setup:
    if kind not in SUPPORTED:
        raise ValueError(f"kind {kind!r} is not supported; use {' or '.join(SUPPORTED)}")
    config, selection = Config(), Selection(load_ruleset(), SelectionFlags())
    choice, nobody = selection.choice(config, ()), Neighbours("", _NOTHING)
    return Setup("", kind, config, (), selection, choice, nobody, (), Policy(False, False))
