"""What an editor offers at a place: fixes as `dockerlint fix` writes them, comments that hide findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lsprotocol import types

from dockerlint.findings import Finding, Tier
from dockerlint.lsp.abilities import Abilities
from dockerlint.lsp.comments import KINDS_WITH_COMMENTS, comment_for
from dockerlint.lsp.deeds import FIX, FIX_ALL, HARDEN, IGNORE, Deed
from dockerlint.lsp.diagnostics import FileDiagnostics
from dockerlint.lsp.edits import ClientEdits
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.session import EditorSession
from dockerlint.report.results import Diagnostic, FileReport

ALL: Final = f"{types.CodeActionKind.SourceFixAll.value}.dockerlint"
"""What a client may do whenever a file is saved."""
ALL_HARDENING: Final = f"{types.CodeActionKind.Source.value}.dockerlint.harden"
"""What it does when it is told to: a running program may notice."""
ASK_REASON: Final = "dockerlint.askReason"
"""A command of clients that can ask the user for a text: with a deed, which they complete and send back."""


class CodeActions:
    """What can be done with one open text."""

    def __init__(
        self, session: EditorSession, one: OpenText, report: FileReport, abilities: Abilities
    ) -> None:
        self._session = session
        self._one = one
        self._report = report
        self._abilities = abilities
        self._edits = ClientEdits(session, one, report.kind, abilities)

    def between(self, start: int, end: int) -> Iterator[Any]:
        """For each finding that touches a range of offsets: its fix, and a comment that hides it."""
        for diagnostic in self._report.findings:
            finding, span = diagnostic.finding, diagnostic.finding.span
            if span.source or span.start > end or start > span.end:
                continue
            if finding.fix is not None and finding.fix.tier > Tier.ADVICE:
                yield from self._offered(self._fixing(diagnostic))
            if self._report.kind in KINDS_WITH_COMMENTS:
                yield from self._ignoring(diagnostic)

    def everywhere(self, kinds: tuple[str, ...]) -> Iterator[Any]:
        """For the whole text: all safe fixes, as `dockerlint fix` makes them by itself, and all that harden.

        Only actions of these kinds.
        """
        for kind, tier in ((ALL, Tier.SAFE), (ALL_HARDENING, Tier.HARDEN)):
            if kind in kinds and self._has_fix(tier):
                deed = Deed(FIX_ALL, self._one.uri, self._one.version, tier=str(tier))
                title = "fix all" if tier is Tier.SAFE else "fix all that hardens"
                yield from self._offered(types.CodeAction(f"{title} [{tier}]", kind, data=deed.as_data()))

    def edit_for(self, deed: Deed) -> Any:
        """The edit that does something, complete; None where it cannot be done."""
        if deed.what == IGNORE:
            return self._comment(deed)
        if deed.what == FIX_ALL:
            return self._edits.fix(Tier.SAFE if deed.tier == str(Tier.SAFE) else Tier.HARDEN)
        if deed.what == HARDEN:
            return self._edits.fix(Tier.HARDEN, deed.is_about_subject, is_lasting=True)
        return self._edits.fix(Tier.UNPROVEN, deed.is_about) if deed.what == FIX else None

    def _has_fix(self, least: Tier) -> bool:
        fixes = (one.finding.fix for one in self._report.findings)
        return any(fix is not None and fix.tier >= least for fix in fixes)

    def _offered(self, action: Any) -> Iterator[Any]:
        """An action with its edit, unless the client asks for that later; none for one that does nothing."""
        if not self._abilities.asks_for_edits:
            action.edit = self.edit_for(Deed.of_data(action.data))
            action.data = None
            if action.edit is None:
                return
        yield action

    def _fixing(self, diagnostic: Diagnostic) -> Any:
        fix = diagnostic.finding.fix
        assert fix is not None
        return types.CodeAction(
            title=f"{fix.title} [{fix.tier}]",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self._told(diagnostic)],
            is_preferred=fix.tier is Tier.SAFE,
            data=self._deed(FIX, diagnostic.finding).as_data(),
        )

    def _ignoring(self, diagnostic: Diagnostic) -> Iterator[Any]:
        rule = diagnostic.finding.rule
        deed = self._deed(IGNORE, diagnostic.finding)
        action = types.CodeAction(
            title=f"ignore {rule.name} here, with a reason",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[self._told(diagnostic)],
            data=deed.as_data(),
        )
        if self._session.settings.asks_reasons:
            action.command = types.Command(action.title, ASK_REASON, arguments=[deed.as_data()])
            action.data = None
            yield action
        else:
            yield from self._offered(action)

    def _deed(self, what: str, finding: Finding) -> Deed:
        span = finding.span
        return Deed(what, self._one.uri, self._one.version, finding.rule.id, span.start, span.end)

    def _comment(self, deed: Deed) -> Any:
        shown = (one.finding for one in self._report.findings)
        finding = next(filter(deed.is_about, shown), None)
        if finding is None:
            return None
        comment = comment_for(self._session, self._one, self._report, finding, deed.reason)
        return None if comment is None else self._edits.insert(*comment)

    def _told(self, diagnostic: Diagnostic) -> Any:
        return FileDiagnostics(self._session, self._one, self._report, self._abilities).of(diagnostic)[1]
