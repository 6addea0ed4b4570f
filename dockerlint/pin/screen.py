"""What a run of `pin` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, TextIO

from dockerlint.pin.images import FoundImages
from dockerlint.pin.lockfiles import LockFile
from dockerlint.pin.plan import LockChange, LockPlan, Verb
from dockerlint.report.screen import complaint, harmless, visible

_SHORT: Final = 19
"""Characters of a digest that are shown: those of its algorithm, and twelve more."""
_ORDER: Final = tuple(Verb)


class PinScreen:
    """Writes to the two outputs: what was done to one, what was not to the other."""

    def __init__(self, stdout: TextIO, stderr: TextIO) -> None:
        self._stdout = stdout
        self._stderr = stderr

    def complain(self, why: str) -> None:
        """Say on standard error what is wrong."""
        self._stderr.write(complaint(why))

    def tell_unread(self, found: FoundImages) -> None:
        """Say what could not be read, and which images are not known."""
        for one in found.obstacles:
            self.complain(f"{one.path}: {one.why}")
        for one in found.open:
            self._line(f"{one.path}:{one.line}: not pinned: {one.why}")

    def tell(self, lock: LockFile, plan: LockPlan, *, is_written: bool) -> None:
        """Say what happens to the images of a lock."""
        changes = sorted(plan.changes, key=lambda one: (_ORDER.index(one.verb), one.key))
        self._line(f"{lock.shown}: {_sum(plan, changes)}")
        for one in changes:
            if one.verb is Verb.FAILED:
                self.complain(f"{one.place}: {one.key}: {one.why}")
            else:
                self._line("  " + _change(one))
        if is_written and any(one.verb in (Verb.NEW, Verb.MOVED) for one in changes):
            self._line("`dockerlint fix` writes the digests into the files")
        if any(one.verb is Verb.UNKNOWN for one in changes):
            self._line("`dockerlint pin --resolve` asks the registry for what is not known")

    def _line(self, text: str) -> None:
        self._stdout.write(f"{harmless(visible(text))}\n")


def _sum(plan: LockPlan, changes: Iterable[LockChange]) -> str:
    counts = Counter(one.verb for one in changes)
    images = len(plan.new)
    words = [f"{images} image{'' if images == 1 else 's'}"]
    words += [f"{counts[verb]} {verb.value}" for verb in _ORDER if counts[verb]]
    return ", ".join(words)


def _change(one: LockChange) -> str:
    digest = f"{one.digest[:_SHORT]}…" if one.digest else ""
    told = (f"{one.verb.value:8}{one.key}", digest, one.place, one.why and f"({one.why})")
    return "  ".join(word for word in told if word)
