"""Findings that a change brought: on lines, in services or in stages that a revision of git has otherwise."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from dockerlint.budget import budgeted
from dockerlint.errors import UserError
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import KINDS, nobody
from dockerlint.recent import Recent
from dockerlint.report.results import Diagnostic, FileReport, Place
from dockerlint.review import Review
from dockerlint.review.changedlines import EVERYTHING, NOTHING, ChangedLines, changed_lines
from dockerlint.text import Source, decode
from dockerlint.values import known
from dockerlint.workspace.door import LARGEST_RECORD, Unreadable, read_bytes
from dockerlint.workspace.git import CommittedFile, GitError, committed_files, content
from dockerlint.workspace.omissions import Hider
from dockerlint.workspace.roots import repository_top

KEPT: Final = 64
"""Files whose changes are remembered: those of a project come one after another."""


class Extent(NamedTuple):
    """The lines of one service, container or stage."""

    name: str | None
    first: int
    last: int
    column: int
    """Where its first line begins."""
    is_stage: bool


class FileChange(NamedTuple):
    """What of a file is not as it was."""

    lines: ChangedLines
    blocks: tuple[Extent, ...] = ()

    def holds(self, place: Place, subject: str | None) -> bool:
        """Whether a finding at a place, about a subject, is part of it.

        A change of a service can bring any finding about it; one of a stage those about the stage as a whole.
        """
        if self.lines.touch(place.line, place.end_line):
            return True
        return any(self.lines.touch_block(one.first, one.last) for one in self._around(place, subject))

    def _around(self, place: Place, subject: str | None) -> Iterator[Extent]:
        for one in self.blocks:
            if one.is_stage:
                if (place.line, place.column) == (one.first, one.column):
                    yield one
            elif one.first <= place.line <= one.last or (subject is not None and one.name == subject):
                yield one


UNCHANGED: Final = FileChange(NOTHING)
NEW: Final = FileChange(EVERYTHING)


@dataclass(slots=True)
class Since(Review):
    """Hides what stood there before."""

    rev: str
    _trees: dict[str, dict[str, CommittedFile]] = field(default_factory=dict)
    """By the top of a repository: what the revision has of it."""
    _changes: Recent[str, FileChange] = field(default_factory=lambda: Recent(KEPT))

    def require(self, top: str) -> None:
        """Read what the revision has of a repository; raises GitError where there is no such commit."""
        if top not in self._trees:
            self._trees[top] = committed_files(top, self.rev)

    def see(self, report: FileReport) -> FileReport:
        """The report without findings that no change is about."""
        shown = [self._is_new(one, report.kind) for one in report.findings]
        if all(shown) and not report.suppressed:
            return report
        excused = [self._is_new(one, report.kind) for one in report.suppressed]
        return _without(report, shown, excused, Hider("since", f"--since {self.rev}"))

    def _is_new(self, diagnostic: Diagnostic, kind: str) -> bool:
        subject = diagnostic.finding.subject
        places = (diagnostic.place, *diagnostic.chain, *diagnostic.parts)
        return any(self._change_of(one.path, kind).holds(one, subject) for one in places)

    def _change_of(self, path: str, kind: str) -> FileChange:
        if path not in self._changes:
            self._changes[path] = self._compared(path, kind)
        return self._changes[path]

    def _compared(self, path: str, kind: str) -> FileChange:
        """What changed of a file by its path as shown; all of what no repository holds."""
        real = os.path.realpath(path)
        top = repository_top(os.path.dirname(real))
        if path.startswith("<") or top is None:
            return NEW
        self.require(top)
        try:
            data = read_bytes(real, top, LARGEST_RECORD)
        except Unreadable:
            return NEW
        name = os.path.relpath(real, top).replace(os.sep, "/")
        old = self._trees[top].get(name)
        if self._stood(data, old, top):
            return UNCHANGED
        if old is None:
            return NEW
        try:
            before = decode(content(top, self.rev, old)).text
        except GitError:
            return NEW
        source = decode(data, path)
        lines = changed_lines(before, source.text)
        return FileChange(lines, tuple(_blocks(source, kind))) if lines.ranges else UNCHANGED

    def _stood(self, data: bytes, old: CommittedFile | None, top: str) -> bool:
        """Whether the file is as it was, there or under the name of a file that is gone."""
        if old is not None:
            return old.name == _blob_name(data, len(old.name))
        others = (one for one in self._trees[top].values() if one.size == len(data))
        return any(
            one.name == _blob_name(data, len(one.name)) and not os.path.lexists(os.path.join(top, one.path))
            for one in others
        )


def _blob_name(data: bytes, length: int) -> str:
    """How git calls a content, in a repository whose names have so many digits."""
    made = hashlib.sha1 if length == 40 else hashlib.sha256
    return made(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _blocks(source: Source, kind: str) -> Iterator[Extent]:
    """The services, containers and stages of a text; none where it cannot be read in time."""
    if kind not in KINDS:
        return
    try:
        with budgeted():
            document: Any = KINDS[kind].part("parse")(source.text, Knowledge(date.today()), nobody)
    except UserError:
        return
    for name in ("containers", "stages"):
        for node in getattr(document, name, ()):
            if not node.span.source:
                first, last = source.position(node.span.start), source.position(max(node.span.end - 1, 0))
                title = None if node.name is None else known(node.name)
                yield Extent(title, first.line, last.line, first.column, name == "stages")


def _without(report: FileReport, shown: list[bool], excused: list[bool], hider: Hider) -> FileReport:
    """A report with the findings and the suppressed ones that are chosen by their numbers."""
    hidden = {**report.omissions.hidden}
    if count := shown.count(False):
        hidden[hider] = count
    revealed = report.revealed
    return report._replace(
        findings=tuple(one for one, stays in zip(report.findings, shown, strict=True) if stays),
        suppressed=tuple(one for one, stays in zip(report.suppressed, excused, strict=True) if stays),
        omissions=report.omissions._replace(hidden=hidden),
        revealed=None if revealed is None else _without(revealed, shown, excused, hider),
    )
