"""What fixes write, as edits of the protocol: complete, in the units that the client counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lsprotocol import types
from pygls.uris import from_fs_path

from dockerlint.errors import UserError
from dockerlint.findings import Finding, Refused, Tier
from dockerlint.fixing.results import Result
from dockerlint.lsp.abilities import Abilities
from dockerlint.lsp.diagnostics import range_of
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.positions import TextPoints
from dockerlint.lsp.session import EditorSession
from dockerlint.text import Span
from dockerlint.workspace.newfiles import Planned


class ClientEdits:
    """The edits of one open text, as its client takes them."""

    def __init__(self, session: EditorSession, one: OpenText, kind: str, abilities: Abilities) -> None:
        self._session = session
        self._one = one
        self._kind = kind
        self._abilities = abilities

    def fix(
        self, least: Tier, only: Callable[[Finding], bool] | None = None, is_lasting: bool = False
    ) -> Any:
        """What `dockerlint fix` writes at a tier; None where it writes nothing, with whatever reason.

        With `only` it is about these findings of the text; with `is_lasting` about those, too, which show up
        once they are gone.
        """

        def is_wanted(finding: Finding) -> bool:
            return self.can_make(finding) and (only is None or only(finding))

        try:
            result, files = self._session.fixed(
                self._one, self._kind, least, is_wanted, is_lasting or only is None
            )
        except (UserError, Refused):
            return None
        return self._whole(result, files)

    def can_make(self, finding: Finding) -> bool:
        """Whether an edit can carry all that a fix of a finding does.

        A file with a secret must be made with rights of its own, which no edit can say.
        """
        files = () if finding.fix is None else finding.fix.files
        return not files or (self._abilities.makes_files and not any(one.is_secret for one in files))

    def insert(self, offset: int, text: str, snippet: str = "") -> Any:
        """New text at an offset; the `snippet` says the same to a client that lets the user fill it in."""
        area = self._range(offset, offset)
        if snippet and self._abilities.fills_in:
            return self._documents([types.SnippetTextEdit(area, types.StringValue(snippet))])
        return self._edited([types.TextEdit(area, text)])

    def _whole(self, result: Result, files: Sequence[Planned]) -> Any:
        """A result as an edit; None for one that changes nothing, or that the client cannot make."""
        if files and (not self._abilities.makes_files or any(file.is_secret for file in files)):
            return None
        if not files and not result.changes.stretches:
            return None
        changes = [
            types.TextEdit(self._range(start, end), result.text[new_start:new_end])
            for start, end, new_start, new_end in result.changes.stretches
        ]
        return self._edited(changes, files)

    def _edited(self, changes: Sequence[Any], files: Sequence[Planned] = ()) -> Any:
        if self._abilities.versions_edits:
            return self._documents(changes, files)
        return types.WorkspaceEdit(changes={self._one.uri: changes})

    def _documents(self, changes: Sequence[Any], files: Sequence[Planned] = ()) -> Any:
        """Edits of the text as this version has it, behind the files that must be there before."""
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
