"""The revision that a run looks back to."""

from __future__ import annotations

from typing import Final

from dockerlint.review.since import Since
from dockerlint.run.file import FileLinter
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.git import GitError
from dockerlint.workspace.roots import is_repository

_HINT: Final = "a shallow clone lacks it (fetch-depth: 0 for actions/checkout), and branches are origin/main"


def since_review(rev: str, linter: FileLinter) -> Since:
    """What shows the changes since a revision; raises ConfigError where no repository of the run has it."""
    tops = [one for one in sorted(linter.roots.given) if is_repository(one)]
    if not tops:
        raise ConfigError(f"--since {rev}: no git repository here")
    since = Since(rev)
    for top in tops:
        try:
            since.require(top)
        except GitError as error:
            raise ConfigError(f"--since {rev}: {error}; {_HINT}") from error
    return since
