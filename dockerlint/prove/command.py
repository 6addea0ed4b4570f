"""A run of `prove`: services in, trials on the user's engine, receipts and the proposed difference out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TextIO

from dockerlint.errors import UserError
from dockerlint.prove.host.composed import ComposedProject, read_composed
from dockerlint.prove.host.engine import find_engine
from dockerlint.prove.host.marks import sweep
from dockerlint.prove.layers.proof import NotProven
from dockerlint.prove.options import ProveOptions
from dockerlint.prove.project import find_project
from dockerlint.prove.proposal import propose
from dockerlint.prove.screen import TrialScreen
from dockerlint.prove.service import ProveSetting, prove_service
from dockerlint.prove.trials.secrecy import mask_of
from dockerlint.report.screen import complaint

FAILED: Final = 2
"""The exit code when what was asked could not be done."""


def prove(options: ProveOptions, stdout: TextIO, stderr: TextIO) -> int:
    """Prove and tell; returns the exit code. What cannot be done is one line on `stderr`."""
    try:
        return _ProveRun(options, stdout, stderr).run()
    except UserError as error:
        stderr.write(complaint(str(error)))
        return FAILED


@dataclass
class _ProveRun:
    options: ProveOptions
    stdout: TextIO
    stderr: TextIO

    def run(self) -> int:
        options = self.options
        project = find_project(options.path)
        engine = find_engine()
        version = engine.version()
        if not options.is_dry and (dead := sweep(engine)):
            self.stderr.write(complaint(f"removed what killed runs had left: {dead}"))
        composed = read_composed(engine, project.held.paths, project.env_files)
        around = ProveSetting(engine, version, project, composed, options, self.stdout)
        names = _names(options, composed)
        proven = frozenset(name for name in names if self._is_proven(name, around))
        if proven and not options.is_dry:
            propose(project, proven, options.writes, self.stdout, self.stderr)
        return 0 if len(proven) == len(names) else FAILED

    def _is_proven(self, name: str, around: ProveSetting) -> bool:
        """Prove one service; whether anything could be concluded."""
        screen = TrialScreen(self.stdout, self.stderr, mask_of(around.composed, name).text)
        try:
            prove_service(name, around, screen)
        except (NotProven, UserError) as error:
            screen.clear()
            self.stderr.write(complaint(screen.mask(f"{name}: {error}")))
            return False
        return True


def _names(options: ProveOptions, composed: ComposedProject) -> tuple[str, ...]:
    """The services to prove; raises UserError for one that there is not."""
    known = composed.services
    for name in options.services:
        if name not in known:
            from dockerlint.quoting import suggestion

            raise UserError(f"--service: no service {name!r} in the project{suggestion(name, known)}")
    return options.services or tuple(known)
