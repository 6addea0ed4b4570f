"""The reports of scanners that a run is given."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from dockerlint.scans.found import ImageReport
from dockerlint.scans.report import LARGEST, ScanError, read_report
from dockerlint.scans.summary import summed_up
from dockerlint.workspace.config import Config
from dockerlint.workspace.discovery import shown
from dockerlint.workspace.door import Unreadable, read_bytes


def scans_text(written: Sequence[str], config: Config, named: Sequence[str]) -> str:
    """What the reports of the command line and those that a config names say; raises ScanError."""
    found = [report for one in written for report in _read(one, "")]
    found += [report for one in named for report in _read(one, config.folder)]
    return summed_up(found, config.scan_stale_after)


def _read(written: str, folder: str) -> Iterator[ImageReport]:
    """The images of `FILE`, or of `IMAGE=FILE` where no file is called so as a whole."""
    image, equals, name = written.partition("=")
    if not equals or os.path.lexists(os.path.join(folder, written)):
        image, name = "", written
    path = shown(os.path.join(folder, name)) if folder else name
    try:
        data = read_bytes(path, largest=LARGEST)
    except Unreadable as error:
        raise ScanError(f"{path}: {error}") from error
    yield from read_report(data, path, image)
