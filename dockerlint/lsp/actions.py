"""What an editor offers at a place: the fix of each finding there, as `dockerlint fix` would write it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lsprotocol import types
from pygls.uris import from_fs_path

from dockerlint.errors import UserError
from dockerlint.findings import Finding, Refused, Tier
from dockerlint.fixing.results import Result
from dockerlint.lsp.diagnostics import FileDiagnostics, range_of
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.positions import TextPoints
from dockerlint.lsp.session import EditorSession
from dockerlint.report.results import Diagnostic, FileReport
from dockerlint.text import Span
from dockerlint.workspace.newfiles import Planned


class FixActions:
    """The fixes for one open text."""

    def __init__(self, session: EditorSession, one: OpenText, report: FileReport, makes_files: bool) -> None:
        """`makes_files` says whether the client can make files in an edit."""
        self._session = session
        self._one = one
        self._report = report
        self._makes_files = makes_files

    def between(self, start: int, end: int) -> Iterator[Any]:
        """A quick fix for each finding that touches a range of offsets and can be fixed there."""
        for diagnostic in self._report.findings:
            finding, span = diagnostic.finding, diagnostic.finding.span
            is_here = not span.source and span.start <= end and start <= span.end
            if is_here and finding.fix is not None and finding.fix.tier > Tier.ADVICE:
                edit = self._edit_for(finding)
                if edit is not None:
                    yield self._action(diagnostic, edit)

    def everywhere(self) -> Iterator[Any]:
        """All safe fixes of the text at once, as `dockerlint fix` without options makes them."""
        edit = self._edit(Tier.SAFE)
        if edit is not None:
            yield types.CodeAction("fix all [safe]", types.CodeActionKind.SourceFixAll, edit=edit)

    def _action(self, diagnostic: Diagnostic, edit: Any) -> Any:
        fix = diagnostic.finding.fix
        assert fix is not None
        _, told = FileDiagnostics(self._session, self._one, self._report).of(diagnostic)
        return types.CodeAction(
            title=f"{fix.title} [{fix.tier}]",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[told],
            is_preferred=fix.tier is Tier.SAFE,
            edit=edit,
        )

    def _edit_for(self, finding: Finding) -> Any:
        """What fixes a finding, complete; None where it stays, with whatever reason."""

        def is_it(other: Finding) -> bool:
            return (other.rule.id, other.span) == (finding.rule.id, finding.span)

        return self._edit(Tier.UNPROVEN, is_it)

    def _edit(self, least: Tier, only: Callable[[Finding], bool] | None = None) -> Any:
        try:
            result, files = self._session.fixed(self._one, self._report.kind, least, only)
        except (UserError, Refused):
            return None
        return self.edit_of(result, files)

    def edit_of(self, result: Result, files: Sequence[Planned]) -> Any:
        """A result as an edit; None for one that changes nothing, or that the client must not make.

        A file with a secret must be made with rights of its own, which no edit can say.
        """
        if any(file.is_secret for file in files) or (files and not self._makes_files):
            return None
        if not files and not result.changes.stretches:
            return None
        changes = [
            types.TextEdit(self._range(start, end), result.text[new_start:new_end])
            for start, end, new_start, new_end in result.changes.stretches
        ]
        if not self._makes_files:
            return types.WorkspaceEdit(changes={self._one.uri: changes})
        document = types.OptionalVersionedTextDocumentIdentifier(self._one.uri, self._one.version)
        made = [step for file in files for step in self._made(file)]
        return types.WorkspaceEdit(document_changes=[*made, types.TextDocumentEdit(document, changes)])

    def _made(self, file: Planned) -> Iterator[Any]:
        """The steps that make or complete another file."""
        uri = from_fs_path(file.path)
        old = "" if file.source is None else file.source.text
        if file.source is None:
            yield types.CreateFile(uri)
        whole = range_of((0, 0), TextPoints(old, self._one.encoding).point(len(old)))
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, None)
        yield types.TextDocumentEdit(identifier, [types.TextEdit(whole, file.text)])

    def _range(self, start: int, end: int) -> Any:
        lead = self._one.lead
        return range_of(*self._one.points.points(Span(start + lead, end + lead)))
