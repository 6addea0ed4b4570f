"""What is linted while an editor runs: its open texts, by the functions of the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from dockerlint.findings import Finding, Tier
from dockerlint.fixing.folder import folder_of
from dockerlint.fixing.results import Result
from dockerlint.held import hold, let_go
from dockerlint.kinds import SUPPORTED, kind_of_name, kind_of_template, kind_of_text, kind_of_wide_name
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.settings import EditorSettings
from dockerlint.report.results import Diagnostic, FileReport, unlinted
from dockerlint.run.check import excluded_by, kind_by_config, linter_for
from dockerlint.run.file import FileLinter, largest_of
from dockerlint.workspace import discovery
from dockerlint.workspace.discovery import Candidate
from dockerlint.workspace.door import too_large
from dockerlint.workspace.keptout import let_in
from dockerlint.workspace.newfiles import Planned
from dockerlint.workspace.roots import upwards

LANGUAGES: Final[Mapping[str, str]] = {
    "dockerfile": "dockerfile",
    "dockercompose": "compose",
    "docker-compose": "compose",
    "yaml.docker-compose": "compose",
}
"""What editors call the languages; a name that tells a kind goes before."""


@dataclass(slots=True)
class EditorSession:
    """The open texts, and what lints them."""

    settings: EditorSettings = EditorSettings()
    folders: tuple[str, ...] = ()
    """Those of the workspace."""
    open: dict[str, OpenText] = field(default_factory=dict)
    """By URI."""
    _linter: FileLinter | None = None

    @property
    def linter(self) -> FileLinter:
        """What lints; raises ConfigError for a config that cannot be used."""
        if self._linter is None:
            self._linter = linter_for(self.settings.options(self.folders), edits=False)
        return self._linter

    def opened(self, one: OpenText) -> None:
        """A text was opened, or has changed."""
        self.open[one.uri] = one
        if one.path:
            hold(one.path, one.data)
        self.forget()

    def closed(self, uri: str) -> None:
        """The disk counts again."""
        one = self.open.pop(uri, None)
        if one is not None and one.path:
            let_go(one.path)
        self.forget()

    def forget(self) -> None:
        """Read the files around anew, because one of them may have changed."""
        discovery.forget()
        let_in.cache_clear()
        if self._linter is not None:
            self._linter.forget()

    def renew(self, settings: EditorSettings | None = None) -> None:
        """Read configs, locks and rules anew, too."""
        self.settings = settings or self.settings
        self._linter = None
        self.forget()

    def kind_of(self, one: OpenText) -> str | None:
        """What a text is by its name, the config, the editor or what stands in it; None where it is none."""
        named = kind_of_name(one.name) or kind_by_config(self.linter, one.shown)
        kind = named or LANGUAGES.get(one.language) or kind_of_template(one.name)
        if kind is None and (wide := kind_of_wide_name(one.name)) == kind_of_text(one.text):
            kind = wide
        return kind if kind in SUPPORTED and not self._is_excluded(one) else None

    def _is_excluded(self, one: OpenText) -> bool:
        """Whether the config leaves out the file, or a folder above it."""
        if not one.path or not self.linter.configs.of(one.shown).exclude:
            return False
        return any(excluded_by(self.linter, path, path != one.path) for path in upwards(one.path))

    def report(self, one: OpenText) -> FileReport | None:
        """What `dockerlint check` says of a text; None for one that is not linted. Raises ConfigError."""
        kind = self.kind_of(one)
        if kind is None:
            return None
        candidate, data = Candidate(one.shown, kind), one.data
        if len(data) > (largest := largest_of(candidate)):
            return unlinted(one.shown, too_large(largest))
        report = self.linter.data(data, candidate)
        return report._replace(findings=tuple(d for d in report.findings if not self._is_deferred(d)))

    def _is_deferred(self, diagnostic: Diagnostic) -> bool:
        """Whether another tool that the editor runs reports the same."""
        peers = {alias.partition(":")[0] for alias in diagnostic.finding.rule.aliases}
        return not peers.isdisjoint(self.settings.defer_to)

    def fixed(
        self, one: OpenText, kind: str, least: Tier, only: Callable[[Finding], bool] | None = None
    ) -> tuple[Result, Sequence[Planned]]:
        """What `dockerlint fix` makes of a text, and of other files; of these findings only.

        Raises UserError and Refused where it cannot.
        """
        folder = folder_of(one.path) if one.path else None
        result = self.linter.fix(one.source, kind, least, folder, only)
        return result, folder.plans(result.files) if folder else ()

    def text_at(self, path: str) -> str:
        """The text of a file that a report names, from the working directory; "" where there is none."""
        return self.linter.text_at(os.path.abspath(path)) or ""
