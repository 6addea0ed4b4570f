"""A run of `pin`: images of files in, locks out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, TextIO

from dockerlint.errors import UserError
from dockerlint.pin.images import FoundImages, ImageFinder
from dockerlint.pin.lockfiles import LockFile, LockFiles, read_lock_file, write_lock_file
from dockerlint.pin.options import PinOptions
from dockerlint.pin.plan import LockPlan, Verb, Wish, by_key
from dockerlint.pin.screen import PinScreen
from dockerlint.report.screen import complaint
from dockerlint.run.check import candidates_of, linter_for

FAILED: Final = 2
"""The exit code when what was asked could not be done."""
STALE: Final = 1
"""The exit code of `--check` where a lock would be written anew."""


def pin(options: PinOptions, stdout: TextIO, stderr: TextIO) -> int:
    """Pin and tell; returns the exit code. What cannot be done is one line on `stderr`."""
    try:
        return _PinRun(options, PinScreen(stdout, stderr)).run()
    except UserError as error:
        stderr.write(complaint(str(error)))
        return FAILED


@dataclass(slots=True)
class _PinRun:
    options: PinOptions
    screen: PinScreen
    plans: list[tuple[LockFile, LockPlan]] = field(default_factory=list)

    def run(self) -> int:
        options = self.options
        linter = linter_for(options.files, edits=False)
        finder = ImageFinder(linter)
        for candidate in candidates_of(options.files, linter, lambda _: None):
            finder.look_at(candidate)
        found = finder.found
        self._plan(found, LockFiles(linter.roots))
        if options.asks:
            self._ask()
        for _, plan in self.plans:
            plan.finish()
        self.screen.tell_unread(found)
        return max(self._exit_code(found), *(self._settle(*one) for one in self.plans), 0)

    def _plan(self, found: FoundImages, locks: LockFiles) -> None:
        options = self.options
        day = (options.today or date.today()).isoformat()
        wish = Wish(options.resolve, options.update, options.platform, day)
        for path, mentions in sorted(locks.grouped(found.wanted()).items()):
            lock = read_lock_file(path)
            is_whole = locks.is_whole(path, options.files.paths) and not found.obstacles
            self.plans.append((lock, LockPlan(lock.images, by_key(mentions), is_whole, wish)))

    def _ask(self) -> None:
        """Ask registries; the one place from which the room that uses the network is entered."""
        from dockerlint.pin.asking import ask

        ask([plan for _, plan in self.plans], self.options.network)

    def _settle(self, lock: LockFile, plan: LockPlan) -> int:
        """Write a lock, or say that it is stale; the exit code of that."""
        is_other = dict(plan.old) != plan.new
        if is_other and not self.options.check:
            write_lock_file(lock, plan.new)
        self.screen.tell(lock, plan, is_written=is_other and not self.options.check)
        verbs = {one.verb for one in plan.changes}
        if Verb.FAILED in verbs or (Verb.UNKNOWN in verbs and self.options.offline):
            return FAILED
        return STALE if self.options.check and (is_other or Verb.UNKNOWN in verbs) else 0

    def _exit_code(self, found: FoundImages) -> int:
        if not found.files:
            where = ", ".join(self.options.files.paths)
            self.screen.complain(f"nothing to pin: no Dockerfile or Compose file in {where}")
        return FAILED if found.obstacles else 0
