"""The difference that receipts make: what `fix --harden` writes for the proven services, shown or applied."""

from __future__ import annotations

from typing import TextIO

from dockerlint.findings import Confidence, Finding, Tier
from dockerlint.hardening.receipts import HERE
from dockerlint.linting.selection import SelectionFlags
from dockerlint.prove.project import LAYERS, ProvenProject
from dockerlint.run.check import Options
from dockerlint.run.fix import run_fix
from dockerlint.workspace.config import NEVER
from dockerlint.workspace.discovery import shown


def propose(
    project: ProvenProject, services: frozenset[str], writes: bool, stdout: TextIO, stderr: TextIO
) -> None:
    """Show what makes the services as they were proven, or write it, through the engine of fixes."""
    paths = tuple(shown(path) for path in project.held.paths)
    flags = SelectionFlags(select=LAYERS, min_confidence=Confidence.LOW)
    options = Options(paths=paths, flags=flags, fail_on=NEVER)

    def is_proven(finding: Finding) -> bool:
        fix = finding.fix
        return finding.subject in services and fix is not None and fix.caveat.startswith(HERE)

    run_fix(options, Tier.HARDEN, not writes, stdout, stderr, is_proven)
