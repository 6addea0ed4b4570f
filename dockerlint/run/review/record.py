"""Where a record of a review goes, and the one that stands there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from functools import partial

from dockerlint.kinds import ORIGIN
from dockerlint.masking.mask import hide_alone
from dockerlint.review.record import Recorder
from dockerlint.review.recordfile import Record, RecordError, as_json, as_markdown, read_record
from dockerlint.run.file import FileLinter
from dockerlint.workspace.door import LARGEST_RECORD, Unreadable, read_bytes
from dockerlint.workspace.roots import project_root, repository_top
from dockerlint.workspace.target import write_file

_MARKDOWN = ".md"
_HOST = "<docker>"
"""What an audit calls the answers of the docker program of this host."""


def recorder(path: str, linter: FileLinter, home: str, given: Sequence[str]) -> Recorder:
    """What records a run over `home`; raises RecordError where there is something else than a record."""
    beside = f"{path.removesuffix(_MARKDOWN)}.json"
    today = str(linter.today or date.today())
    return Recorder(today, _about(linter, home, given), _last(beside), partial(_write, path, beside), path)


def _about(linter: FileLinter, home: str, given: Sequence[str]) -> str:
    """The host, where docker was asked; else the project."""
    if _HOST in given:
        import platform

        return f"host {hide_alone(platform.node()) or 'without a name'}"
    origin = linter.origins.of(os.path.join(home, "x")).get(ORIGIN)
    return f"project {hide_alone(origin or os.path.basename(project_root(home)) or home)}"


def _last(path: str) -> Record | None:
    if not os.path.lexists(path):
        return None
    try:
        return read_record(read_bytes(path, largest=LARGEST_RECORD), path)
    except Unreadable as error:
        raise RecordError(f"{path}: {error}") from error


def _write(path: str, beside: str, record: Record) -> None:
    """The data first: without them the next record would be compared with an older one."""
    write_file(beside, as_json(record), repository_top)
    write_file(path, as_markdown(record), repository_top)
