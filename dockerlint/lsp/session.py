"""What is linted while an editor runs: its open texts, by the functions of the command line."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dockerlint.errors import UserError
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
from dockerlint.run.fixing.one import FixOptions
from dockerlint.run.review.onefile import told_once
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
STALE: Final = 2.0
"""Seconds after which other files are read anew where nobody tells of them."""
_ALONE: Final = frozenset(("daemon", "inspect", "run"))
"""Kinds of files that no other one rests on."""


@dataclass(slots=True)
class EditorSession:
    """The open texts, and what lints them."""

    settings: EditorSettings = EditorSettings()
    folders: tuple[str, ...] = ()
    """Those of the workspace."""
    open: dict[str, OpenText] = field(default_factory=dict)
    """By URI."""
    is_told: bool = False
    """The client tells of files that change on the disk."""
    _linter: FileLinter | None = None
    _read_at: float = 0.0
    """When other files were read anew, by the monotonic clock."""

    @property
    def linter(self) -> FileLinter:
        """What lints; raises ConfigError for a config that cannot be used."""
        if self._linter is None:
            self._linter = linter_for(self.settings.options(self.folders), edits=False)
            self._linter.keep_warm()
        return self._linter

    def opened(self, one: OpenText) -> None:
        """A text was opened."""
        self.open[one.uri] = one
        if one.path:
            hold(one.path, one.data)
        self.forget()

    def changed(self, one: OpenText) -> None:
        """An open text is another one now; only what rests on its like is read anew."""
        if one.path:
            hold(one.path, one.data)
        kind = self._kind_by_name(one)
        if kind is None:
            self.forget()
        elif self._linter is not None and kind not in _ALONE:
            self._linter.forget(kind)

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
        self._read_at = time.monotonic()
        if self._linter is not None:
            self._linter.forget()

    def renew(self, settings: EditorSettings | None = None) -> None:
        """Read configs, locks and rules anew, too."""
        self.settings = settings or self.settings
        self._linter = None
        self.forget()

    def resting_on(self, changed: OpenText) -> Iterator[OpenText]:
        """The other open texts whose findings may be others now."""
        kind = self._kind_by_name(changed)
        if kind in _ALONE:
            return
        for one in self.open.values():
            is_other = one is not changed and (kind != "dockerfile" or self._kind_by_name(one) != kind)
            if is_other and self._are_together(one, changed):
                yield one

    def _are_together(self, one: OpenText, other: OpenText) -> bool:
        """Whether two files are of one repository, or of one folder that the user opened."""
        holding = self.linter.roots.holding
        return bool(one.path and other.path) and holding(one.path) == holding(other.path)

    def _kind_by_name(self, one: OpenText) -> str | None:
        """What a text is, as far as it is needed to know what rests on it; None for what is none of ours."""
        try:
            return self.kind_of(one)
        except UserError:
            return None

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
        if not self.is_told and time.monotonic() - self._read_at > STALE:
            self.forget()
        return self._report(one, one.data)

    def judged(self, one: OpenText, text: str) -> FileReport | None:
        """What it would say if the text were another one."""
        return self._report(one, text.encode("utf-8", "replace"))

    def document(self, one: OpenText, kind: str) -> Any:
        """The model of a text by itself; raises UserError."""
        return self.linter.document(one.source, kind)

    def _report(self, one: OpenText, data: bytes) -> FileReport | None:
        kind = self.kind_of(one)
        if kind is None:
            return None
        candidate = Candidate(one.shown, kind)
        if len(data) > (largest := largest_of(candidate)):
            return unlinted(one.shown, too_large(largest))
        report = self.linter.data(data, candidate)
        if one.path and any(found.finding.dockerfile for found in report.findings):
            report = told_once(report, self.linter)
        return report._replace(findings=tuple(d for d in report.findings if self._is_shown(d)))

    def _is_shown(self, diagnostic: Diagnostic) -> bool:
        """Whether it is bad enough, and no other tool that the editor runs reports the same."""
        settings, finding = self.settings, diagnostic.finding
        if settings.min_severity is not None and finding.severity < settings.min_severity:
            return False
        peers = {alias.partition(":")[0] for alias in finding.rule.aliases} if settings.defer_to else set()
        return peers.isdisjoint(settings.defer_to)

    def fixed(
        self,
        one: OpenText,
        kind: str,
        least: Tier,
        only: Callable[[Finding], bool] | None = None,
        is_lasting: bool = False,
    ) -> tuple[Result, Sequence[Planned]]:
        """What `dockerlint fix` makes of a text, and of other files; of these findings only.

        Raises UserError and Refused where it cannot.
        """
        folder = folder_of(one.path) if one.path else None
        result = self.linter.fix(one.source, kind, FixOptions(least, folder, only, is_lasting))
        return result, folder.plans(result.files) if folder else ()

    def text_at(self, path: str) -> str:
        """The text of a file that a report names, from the working directory; "" where there is none."""
        return self.linter.text_at(os.path.abspath(path)) or ""
