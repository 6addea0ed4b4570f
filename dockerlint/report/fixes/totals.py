"""The totals of a run of `fix`, counted file by file so that none has to be kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlint.findings import Severity, Tier
from dockerlint.fixing.results import Result
from dockerlint.report.omitted import omission_line
from dockerlint.report.screen import harmless, visible
from dockerlint.ruleset.rule import RuleMistake
from dockerlint.workspace.omissions import OmissionTally


@dataclass(slots=True)
class FixTally:
    """Counts what was fixed and what was not."""

    threshold: Severity | None
    """Findings from here on that are left make the run fail; None for never."""
    files: int = 0
    unlinted: int = 0
    unwritten: int = 0
    """Files that were linted, and could not be written."""
    changed: int = 0
    fixed: int = 0
    left: int = 0
    withheld: int = 0
    failures: int = 0
    """Rules that could not be evaluated on a file, counted for each file."""
    mistakes: dict[RuleMistake, None] = field(default_factory=dict)
    """Rules of users that cannot be used, each once."""
    offered: dict[Tier, int] = field(default_factory=dict)
    """Findings left whose fix promises less than was asked for, by its tier."""
    failing: int = 0
    """Findings left at or above the threshold."""
    omissions: OmissionTally = field(default_factory=OmissionTally)

    def add(self, result: Result | None, obstacle: str) -> None:
        """Count one file; `obstacle` says why it was not linted, or not written."""
        self.files += 1
        self.unlinted += result is None
        self.unwritten += result is not None and bool(obstacle)
        if result is None:
            return
        self.omissions.add(result.omissions)
        self.failures += len(result.failures)
        self.mistakes |= dict.fromkeys(result.mistakes)
        at_least = self.threshold
        self.failing += sum(at_least is not None and one.severity >= at_least for one in result.left)
        if not obstacle:
            self.changed += bool(result.applied)
            self.fixed += len(result.applied)
            self.left += len(result.left)
            self.withheld += len(result.withheld)
            for tier in [one.fix.tier for one in result.left if one.fix is not None]:
                self.offered[tier] = self.offered.get(tier, 0) + 1

    @property
    def exit_code(self) -> int:
        """2 where a file or rule was left out or a file not written, 1 where findings reach the threshold."""
        is_whole = not (self.unlinted or self.unwritten or self.failures or self.mistakes)
        return int(self.failing > 0) if is_whole else 2

    def line(self, least: Tier, is_diff: bool) -> str:
        """One line about the whole run, which fixed what promises `least` or more."""
        files = "1 file" if self.changed == 1 else f"{self.changed} files"
        parts = [f"{self.fixed} {'would be ' if is_diff else ''}fixed in {files}", f"{self.left} left"]
        if self.unlinted:
            parts.append(f"{self.unlinted} not linted")
        if self.withheld:
            parts.append(f"{self.withheld} withheld")
        for tier, option in ((Tier.HARDEN, "--harden"), (Tier.UNPROVEN, "--harden --unproven")):
            if self.offered.get(tier) and least > tier:
                parts.append(f"{self.offered[tier]} more with `{option}`")
        return "   ".join(parts) + "\n"

    def omission_line(self) -> str:
        """One line about what the run left out; "" for nothing."""
        line = harmless(visible(omission_line(self.omissions.total())))
        return f"{line}\n" if line else ""
