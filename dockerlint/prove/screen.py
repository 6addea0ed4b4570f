"""What a person sees of the trials: a line for each, and what is under way on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, TextIO

from dockerlint.masking.mask import hide_alone
from dockerlint.prove.trials.trial import TrialResult
from dockerlint.report.screen import harmless, visible

_WIDTH: Final = 56
_LONGEST: Final = 160


class TrialScreen:
    """Writes to the outputs of a run; `mask` says what may be shown of what services have said."""

    def __init__(self, stdout: TextIO, stderr: TextIO, mask: Callable[[str], str] = hide_alone) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self.mask = mask
        self._began = time.monotonic()

    def line(self, text: str) -> None:
        """A line of the report."""
        self.clear()
        self._stdout.write(harmless(f"{visible(self.mask(text))}\n"))
        self._stdout.flush()

    def lines(self, texts: Iterable[str]) -> None:
        """Some of them."""
        for text in texts:
            self.line(text)

    def begin(self, number: int, said: str) -> None:
        """What is tried now, where standard error is a terminal."""
        if self._stderr.isatty():
            took = time.monotonic() - self._began
            text = visible(f"trial {number}, {took:.0f} s: {said}")[: _WIDTH + 20]
            self._stderr.write(f"\r\x1b[K{text} …")
            self._stderr.flush()

    def clear(self) -> None:
        """Leave no trace of that."""
        if self._stderr.isatty():
            self._stderr.write("\r\x1b[K")
            self._stderr.flush()

    def trial(self, number: int, said: str, verdict: TrialResult) -> None:
        """A trial that has ended."""
        how = "works" if verdict.works else f"fails   {verdict.phase}: {self.mask(verdict.line)[:_LONGEST]}"
        self.line(f"  {number:3}  {said:{_WIDTH}} {verdict.seconds:5.1f} s  {how}")
