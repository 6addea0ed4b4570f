"""Whether a service still steps down from root: with too few capabilities some servers go on as root."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dockerlint.prove.host.observing import Process
from dockerlint.prove.trials.trial import TrialResult

PHASE: Final = "users"
"""The phase of a trial whose service works, but as root."""


def judged_by_users(result: TrialResult, before: Sequence[Process]) -> TrialResult:
    """The result of a trial, which does not work where a program runs as root only and did not before.

    Programs that are not seen in both prove nothing.
    """
    if not result.works:
        return result
    for name, uid in _stepped_down(before).items():
        users = {one.uid for one in result.processes if one.name == name}
        if users == {0}:
            line = f"{name} goes on as root, and not as user {uid}"
            return result._replace(works=False, phase=PHASE, line=line, lines=(line,))
    return result


def _stepped_down(processes: Sequence[Process]) -> dict[str, int]:
    """The programs that run as somebody else than root, with one such user each."""
    return {one.name: one.uid for one in processes if one.uid}
