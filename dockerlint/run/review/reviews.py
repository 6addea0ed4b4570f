"""What the reports of a run go through, as the options and the config ask for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date

from dockerlint.review import Review
from dockerlint.review.baseline import Baseline
from dockerlint.review.baselinefile import BaselineError, read_baseline
from dockerlint.run.file import FileLinter
from dockerlint.workspace.config import Config
from dockerlint.workspace.discovery import shown
from dockerlint.workspace.door import LARGEST_RECORD, Unreadable, read_bytes


def reviews_of(
    baseline: str | None, since: str | None, linter: FileLinter, config: Config
) -> Sequence[Review]:
    """Them in their order, for a baseline and a revision that the user names; raises UserError."""
    reviews: list[Review] = []
    if (named := baseline_named_by(baseline, config)) is not None:
        reviews.append(baseline_at(*named, linter))
    if since is not None:
        from dockerlint.run.review.since import since_review

        reviews.append(since_review(since, linter))
    return reviews


def baseline_named_by(named: str | None, config: Config) -> tuple[str, str] | None:
    """The path of the baseline as shown and the absolute folder that its paths count from; None without."""
    if named is not None:
        path = named
    elif config.baseline:
        path = shown(os.path.join(config.folder, config.baseline))
    else:
        return None
    return path, os.path.dirname(os.path.realpath(path))


def baseline_at(path: str, folder: str, linter: FileLinter, *, may_be_missing: bool = False) -> Baseline:
    """Read a baseline; raises BaselineError. Of an untrusted checkout it is that of its trusted revision."""
    data = _read(path, linter, may_be_missing)
    baseline = Baseline(path, folder, linter.today or date.today())
    if data is not None:
        text = read_baseline(data, path)
        baseline.known, baseline.profile = {one.key: one for one in text.known}, text.profile
    return baseline


def _read(path: str, linter: FileLinter, may_be_missing: bool) -> bytes | None:
    if may_be_missing and not os.path.lexists(path):
        return None
    root = linter.roots.holding(path)
    try:
        if linter.trust.is_untrusted and root is not None:
            data = linter.tree().read(os.path.abspath(path)) if linter.trust.revision else None
            if data is None:
                raise Unreadable("--untrusted obeys none in the checkout, but that of a revision it names")
            return data
        return read_bytes(path, root or "", LARGEST_RECORD)
    except Unreadable as error:
        hint = "; dockerlint baseline write makes it" if not os.path.lexists(path) else ""
        raise BaselineError(f"{path}: {error}{hint}") from error
