"""A run of `fix`: files in, fixed files or their differences out, and one number that says how it went."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TextIO

from dockerlint.errors import UserError
from dockerlint.findings import Finding, Refused, Tier
from dockerlint.fixing.folder import FixFolder, folder_of
from dockerlint.fixing.neighbours import Listings
from dockerlint.fixing.results import Result
from dockerlint.held import hold, let_go
from dockerlint.report.fixes.text import about, difference
from dockerlint.report.fixes.totals import FixTally
from dockerlint.report.screen import complaint
from dockerlint.run.check import FAILED, Options, candidates_of, home_of, linter_for, threshold_of
from dockerlint.run.file import FileLinter, internal_error, kind_of
from dockerlint.run.fixing.one import Begun, FixOptions
from dockerlint.run.output import Progress, tell_of_facts
from dockerlint.run.stdin import read_stdin
from dockerlint.text import Source, decode
from dockerlint.workspace.discovery import STDIN, Candidate, forget
from dockerlint.workspace.door import LARGEST, Unreadable, read_bytes
from dockerlint.workspace.keptout import let_in
from dockerlint.workspace.newfiles import Planned
from dockerlint.workspace.writing import Unwritable, write_all

if TYPE_CHECKING:  # most runs fix one Compose file at most
    from dockerlint.run.fixing.projects import SharedProjects


@dataclass(slots=True)
class FixedFile:
    """What happened to one file."""

    path: str
    source: Source | None = None
    result: Result | None = None
    obstacle: str = ""
    """Why it was not linted, or not written."""
    files: list[Planned] = field(default_factory=list)
    """Other files that are made or completed."""

    @property
    def is_changed(self) -> bool:
        """Whether it, or another file, is to be written."""
        is_other = (
            self.source is not None and self.result is not None and self.result.text != self.source.text
        )
        return is_other or bool(self.files)


def run_fix(
    options: Options,
    least: Tier,
    is_diff: bool,
    stdout: TextIO,
    stderr: TextIO,
    only: Callable[[Finding], bool] | None = None,
) -> int:
    """Fix and tell; returns the exit code. What cannot be done is one line on `stderr`.

    With `only` no other findings than these are fixed.
    """
    try:
        return _FixRun(options, least, is_diff, stdout, stderr, only).run()
    except UserError as error:
        stderr.write(complaint(str(error)))
        return FAILED


@dataclass(slots=True)
class _FixRun:
    options: Options
    least: Tier
    is_diff: bool
    stdout: TextIO
    stderr: TextIO
    only: Callable[[Finding], bool] | None = None
    planned: dict[str, Planned] = field(default_factory=dict)
    """Other files that fixes of this run make, by path."""
    listings: Listings = field(default_factory=Listings)
    held: list[str] = field(default_factory=list)
    """Files of which the run shows a difference: the next ones are fixed beside what they would become."""
    shared: SharedProjects | None = None
    """What fixes the Compose files of a project together; None where there is one at most."""

    def run(self) -> int:
        try:
            return self._run()
        finally:
            for path in self.held:
                let_go(path)
            if self.shared is not None:
                self.shared.drop()

    def _run(self) -> int:
        options = self.options
        linter = linter_for(options)
        config = linter.configs.of_folder(home_of(options))
        tally = FixTally(threshold_of(options, config))
        tally.mistakes |= dict.fromkeys(linter.check(config))
        began, progress = time.perf_counter(), Progress(self.stderr)
        for done in self._fixed_files(linter, tally):
            tally.add(done.result, done.obstacle)
            progress.clear()
            self._tell(done)
            progress.tell(tally.files, time.perf_counter() - began)
        progress.clear()
        for mistake in tally.mistakes:
            self.stderr.write(complaint(str(mistake)))
        if not tally.files:
            places = ", ".join(options.paths)
            self.stderr.write(complaint(f"nothing to fix: no Dockerfile or Compose file in {places}"))
            self.stderr.write(tally.omission_line())
            return FAILED if options.require_files or tally.mistakes else 0
        to_stderr = self.is_diff or STDIN in options.paths
        out = self.stderr if to_stderr else self.stdout
        out.write(tally.line(self.least, self.is_diff) + tally.omission_line())
        tell_of_facts(options.today, out, self.stderr)
        return tally.exit_code

    def _tell(self, done: FixedFile) -> None:
        if self.is_diff and done.source is not None and done.result is not None:
            self.stdout.write(difference(done.path, done.source, done.result, done.files))
        to_stderr = self.is_diff or done.path == STDIN
        out = self.stderr if to_stderr else self.stdout
        result = done.result
        if result is not None and self.options.quiet:
            result = replace(result, left=())
        out.write(
            about(
                done.path,
                done.source,
                result,
                done.files,
                done.obstacle,
                self.least,
                is_verbose=self.options.is_verbose,
                is_diff=self.is_diff,
            )
        )

    def _fixed_files(self, linter: FileLinter, tally: FixTally) -> Iterator[FixedFile]:
        candidates = candidates_of(self.options, linter, tally.omissions.exclude)
        if STDIN in self.options.paths:
            yield self._stdin(next(candidates), linter)
        every = list(candidates)
        if len([one for one in every if one.kind == "compose"]) > 1:
            from dockerlint.run.fixing.projects import SharedProjects

            self.shared = SharedProjects(linter, every, self.least, self.only, self._beside)
        for candidate in every:
            yield self._file(candidate, linter)

    def _beside(self, path: str) -> Mapping[str, str]:
        """What the run makes of files beside that of an absolute path."""
        return folder_of(path, self.planned, self.listings).texts()

    def _file(self, candidate: Candidate, linter: FileLinter) -> FixedFile:
        if candidate.obstacle:
            return FixedFile(candidate.path, obstacle=candidate.obstacle)
        begun = None if self.shared is None else self.shared.begun(candidate)
        try:
            data = read_bytes(candidate.path, candidate.root)
        except Unreadable as error:
            return FixedFile(candidate.path, obstacle=str(error))
        if self.shared is not None and begun is not None and begun.data != data:
            self.shared.drop()
            begun = None
        done = self._fixed(data, candidate, linter, begun)
        if done.result is None or done.source is None or done.obstacle:
            return done
        if self.is_diff:
            self._plan(done)
        elif done.is_changed:
            self._write(done, data)
        if done.is_changed and not (begun and begun.is_done):
            self._forget(linter, "dockerfile" if candidate.kind == "dockerfile" and not done.files else "")
        return done

    def _fixed(self, data: bytes, candidate: Candidate, linter: FileLinter, begun: Begun | None) -> FixedFile:
        """What becomes of a file; of one that was begun with others, of what is left of it."""
        if begun is not None and begun.is_done:
            return FixedFile(candidate.path, decode(data, candidate.path), begun.result)
        folder = folder_of(candidate.path, self.planned, self.listings)
        done = _fix_data(data, candidate, linter, self.least, folder, self.only, begun)
        if begun is not None and done.result is None:
            return FixedFile(candidate.path, done.source, begun.result)
        if done.result is not None and any(one.dockerfile for one in done.result.left):
            from dockerlint.run.review.onefile import without_told

            done.result.left = without_told(done.path, done.result.left, linter)
        return done

    def _write(self, done: FixedFile, data: bytes) -> None:
        """Write a file, and others that it needs; where that fails, those that wait are fixed without it."""
        assert done.source is not None
        assert done.result is not None
        try:
            write_all(done.source, done.result.text, data, done.files)
            self.listings.written((done.source.path, *(new.path for new in done.files)))
        except Unwritable as error:
            done.obstacle = str(error)
            if self.shared is not None:
                self.shared.drop()

    def _forget(self, linter: FileLinter, kind: str) -> None:
        """Let what is fixed next be read beside what a file has become."""
        linter.forget(kind)
        if not self.is_diff:
            forget()
            let_in.cache_clear()

    def _plan(self, done: FixedFile) -> None:
        """Let other files of the run see what this one would become, as they do where it is written."""
        self.planned.update((new.path, new) for new in done.files)
        if done.source is not None and done.result is not None and done.result.text != done.source.text:
            path = os.path.abspath(done.source.path)
            hold(path, done.source.encode(done.result.text))
            self.held.append(path)

    def _stdin(self, candidate: Candidate, linter: FileLinter) -> FixedFile:
        """Standard input comes out fixed, or as it was where it could not be linted."""
        try:
            data = read_stdin(LARGEST)
        except Unreadable as error:
            return FixedFile(STDIN, obstacle=str(error))
        done = _fix_data(data, candidate, linter, self.least)
        if not self.is_diff:
            is_fixed = done.source is not None and done.result is not None and not done.source.notes
            fixed = done.source.encode(done.result.text) if is_fixed else data  # type: ignore[union-attr]
            self.stdout.flush()
            self.stdout.buffer.write(fixed)
        done.path = STDIN
        return done


def _fix_data(
    data: bytes,
    candidate: Candidate,
    linter: FileLinter,
    least: Tier,
    folder: FixFolder | None = None,
    only: Callable[[Finding], bool] | None = None,
    begun: Begun | None = None,
) -> FixedFile:
    """Lint and fix bytes under the name of the candidate. Never raises."""
    source = decode(data, candidate.path)
    try:
        kind = kind_of(candidate, source.text)
        result = linter.fix(source, kind, FixOptions(least, folder, only, is_lasting=True, begun=begun))
        files = folder.plans(result.files) if folder else []
    except (UserError, Refused) as error:
        return FixedFile(candidate.path, source, obstacle=str(error))
    except Exception as error:
        if os.environ.get("DOCKERLINT_DEBUG"):
            raise
        return FixedFile(candidate.path, source, obstacle=internal_error(error))
    obstacle = source.notes[0] if source.notes and (files or result.text != source.text) else ""
    return FixedFile(candidate.path, source, result, obstacle, files)
