"""A run of `fix`: files in, fixed files or their differences out, and one number that says how it went."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

from dockerlint.budget import OverBudget
from dockerlint.findings import Tier
from dockerlint.fix.folder import Folder, folder_of
from dockerlint.fix.neighbours import Listings
from dockerlint.fix.rounds import Result
from dockerlint.records import dataclass, field
from dockerlint.report.complaints import complaint
from dockerlint.report.fix_totals import FixTally
from dockerlint.report.fixes import about, difference
from dockerlint.ruleset.rule import RuleError
from dockerlint.run.check import FAILED, Options, candidates_of, home_of, judge_for, threshold_of
from dockerlint.run.file import Judge, internal_error, kind_of
from dockerlint.run.stdin import read_stdin
from dockerlint.text import Source, decode
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.discovery import STDIN, Candidate, forget
from dockerlint.workspace.door import Unreadable, read_bytes
from dockerlint.workspace.keptout import let_in
from dockerlint.workspace.newfiles import Planned
from dockerlint.workspace.writing import Unwritable, write_all


@dataclass(slots=True)
class Mended:
    """What happened to one file."""

    path: str
    source: Source | None = None
    result: Result | None = None
    trouble: str = ""
    """Why it was not judged, or not written."""
    files: list[Planned] = field(default_factory=list)
    """Other files that are made or completed."""


def run_fix(options: Options, least: Tier, is_diff: bool, stdout: TextIO, stderr: TextIO) -> int:
    """Fix and tell; returns the exit code. What cannot be done is one line on `stderr`."""
    try:
        return _Run(options, least, is_diff, stdout, stderr).run()
    except (ConfigError, RuleError) as error:
        stderr.write(complaint(str(error)))
        return FAILED


@dataclass(slots=True)
class _Run:
    options: Options
    least: Tier
    is_diff: bool
    stdout: TextIO
    stderr: TextIO
    planned: dict[str, Planned] = field(default_factory=dict)
    """Other files that fixes of this run make, by path."""
    listings: Listings = field(default_factory=Listings)

    def run(self) -> int:
        options = self.options
        judge = judge_for(options)
        config = judge.configs.of_folder(home_of(options))
        tally = FixTally(threshold_of(options, config))
        tally.mistakes |= dict.fromkeys(judge.check(config))
        for mended in self._mended(judge, tally):
            tally.add(mended.result, mended.trouble)
            self._tell(mended)
        for mistake in tally.mistakes:
            self.stderr.write(complaint(str(mistake)))
        if not tally.files:
            places = ", ".join(options.paths)
            self.stderr.write(complaint(f"nothing to fix: no Dockerfile or Compose file in {places}"))
            self.stderr.write(tally.omission_line())
            return FAILED
        quiet = self.is_diff or STDIN in options.paths
        out = self.stderr if quiet else self.stdout
        out.write(tally.line(self.least, self.is_diff) + tally.omission_line())
        return tally.exit_code

    def _tell(self, mended: Mended) -> None:
        if self.is_diff and mended.source is not None and mended.result is not None:
            self.stdout.write(difference(mended.path, mended.source, mended.result, mended.files))
        to_stderr = self.is_diff or mended.path == STDIN
        out = self.stderr if to_stderr else self.stdout
        out.write(about(mended.path, mended.source, mended.result, mended.files, mended.trouble, self.least))

    def _mended(self, judge: Judge, tally: FixTally) -> Iterator[Mended]:
        candidates = candidates_of(self.options, judge, tally.omissions.exclude)
        if STDIN in self.options.paths:
            yield self._stdin(next(candidates), judge)
        for candidate in candidates:
            yield self._file(candidate, judge)

    def _file(self, candidate: Candidate, judge: Judge) -> Mended:
        if candidate.trouble:
            return Mended(candidate.path, trouble=candidate.trouble)
        try:
            data = read_bytes(candidate.path, candidate.root)
        except Unreadable as error:
            return Mended(candidate.path, trouble=str(error))
        mended = _mend(
            data, candidate, judge, self.least, folder_of(candidate.path, self.planned, self.listings)
        )
        if mended.result is None or mended.source is None or mended.trouble:
            return mended
        if not self.is_diff and (mended.files or mended.result.text != mended.source.text):
            try:
                write_all(mended.source, mended.result.text, data, mended.files)
                forget()
                let_in.cache_clear()
                self.listings.written((mended.source.path, *(file.path for file in mended.files)))
            except Unwritable as error:
                mended.trouble = str(error)
                return mended
        if self.is_diff:
            self.planned.update((file.path, file) for file in mended.files)
        return mended

    def _stdin(self, candidate: Candidate, judge: Judge) -> Mended:
        """Standard input comes out fixed, or as it was where it could not be judged."""
        try:
            data = read_stdin()
        except Unreadable as error:
            return Mended(STDIN, trouble=str(error))
        mended = _mend(data, candidate, judge, self.least)
        if not self.is_diff:
            is_fixed = mended.source is not None and mended.result is not None and not mended.source.notes
            fixed = mended.source.encode(mended.result.text) if is_fixed else data  # type: ignore[union-attr]
            self.stdout.flush()
            self.stdout.buffer.write(fixed)
        mended.path = STDIN
        return mended


def _mend(
    data: bytes, candidate: Candidate, judge: Judge, least: Tier, folder: Folder | None = None
) -> Mended:
    """Judge and fix bytes under the name of the candidate. Never raises."""
    source = decode(data, candidate.path)
    try:
        result = judge.mend(source, kind_of(candidate, source.text), least, folder)
        files = folder.plans(result.files) if folder else []
    except (Unreadable, ConfigError, RuleError, OverBudget) as error:
        return Mended(candidate.path, source, trouble=str(error))
    except Exception as error:
        if os.environ.get("DOCKERLINT_DEBUG"):
            raise
        return Mended(candidate.path, source, trouble=internal_error(error))
    trouble = source.notes[0] if source.notes and (files or result.text != source.text) else ""
    return Mended(candidate.path, source, result, trouble, files)
