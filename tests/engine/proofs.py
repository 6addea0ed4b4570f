"""The trials of `prove`, as these tests use them: with its own code, and no receipts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dockerlint.prove.host.composed import read_composed
from dockerlint.prove.host.engine import find_engine
from dockerlint.prove.host.marks import new_marks, remove
from dockerlint.prove.options import ProveOptions
from dockerlint.prove.project import ProvenProject, find_project
from dockerlint.prove.service import ProveSetting, open_sandbox, open_trials
from dockerlint.prove.trials.trial import TrialResult, Trials


class Told:
    """A screen that keeps the lines for whoever looks into a failure."""

    def begin(self, number: int, said: str) -> None:
        """Nobody waits for it."""

    def trial(self, number: int, said: str, result: TrialResult) -> None:
        print(f"{number} {said}: {result.phase or 'works'}: {result.line} ({result.seconds:.0f} s)")


@contextmanager
def opened(folder: Path, service: str, *tests: str) -> Iterator[tuple[Trials, ProvenProject]]:
    """What runs trials of a service of a folder's Compose file; nothing of them is left afterwards."""
    project, engine = find_project(str(folder)), find_engine()
    options = ProveOptions(str(folder), (service,), tests, with_data=True)
    composed = read_composed(engine, project.held.paths, project.env_files)
    setting = ProveSetting(engine, engine.version(), project, composed, options, io.StringIO())
    marks = new_marks(options.seconds)
    try:
        yield open_trials(open_sandbox(service, setting, marks), setting, marks), project
    finally:
        assert remove(engine, marks.token)
