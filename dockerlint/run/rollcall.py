"""Every file that a run takes up answers once: with its findings, or with the reason why there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from dockerlint.masking.mask import hide_alone
from dockerlint.text import MASK
from dockerlint.workspace.discovery import Candidate

UNANSWERED: Final = "found but never linted; please report it"
"""What is said of a file that no report came for."""
NAMED: Final = 10
"""So many missing files are named in one line; all of them stand in the reports."""


class RollCall:
    """Counts files as they are taken up and remembers each until its report comes.

    What is remembered is what is under way, so that it stays small in a run of any length.
    """

    def __init__(self, files: Iterable[Candidate]) -> None:
        self.taken = 0
        self.missing: list[str] = []
        """The first NAMED files that never answered, once `unanswered` has been read to its end."""
        self.count_missing = 0
        self._files = iter(files)
        self._awaited: dict[str, int] = {}

    def __iter__(self) -> Iterator[Candidate]:
        for candidate in self._files:
            self.taken += 1
            path = hide_alone(candidate.path)  # as its report names it
            self._awaited[path] = self._awaited.get(path, 0) + 1
            yield candidate

    def answer(self, path: str) -> None:
        """The report on a file came, under the path it shows; raises KeyError for no file of ours.

        A report hides credentials, in paths too. What is hidden in a file may stand in its path as well: then
        it is that of the file that has waited longest.
        """
        if path not in self._awaited:
            path = next((one for one in self._awaited if hide_alone(one) == path), path)
        if path not in self._awaited and MASK in path:
            path = next(iter(self._awaited), path)
        left = self._awaited.pop(path) - 1
        if left:
            self._awaited[path] = left

    def unanswered(self) -> Iterator[str]:
        """Every file without a report, and every file behind the last one that was taken up."""
        awaited = [path for path, times in self._awaited.items() for _ in range(times)]
        self._awaited = {}
        behind = (hide_alone(candidate.path) for candidate in self)
        for path in chain(awaited, behind):
            self._awaited.pop(path, None)
            self.count_missing += 1
            if len(self.missing) < NAMED:
                self.missing.append(path)
            yield path

    def complaint(self) -> str:
        """One line that names the missing files; "" where there are none."""
        if not self.count_missing:
            return ""
        more = self.count_missing - len(self.missing)
        listed = ", ".join(self.missing) + (f" and {more} more" if more else "")
        return f"{self.count_missing} of {self.taken} files {UNANSWERED}: {listed}"
