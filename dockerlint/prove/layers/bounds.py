"""Limits with head-room over what a service was seen to take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dockerlint.prove.host.observing import UseOfHost
from dockerlint.prove.trials.trial import Observed

HEAD_ROOM: Final = 2
"""So many times what it took: a test is not what a busy day is."""
_MEMORY_STEP: Final = 64 << 20
_PIDS_STEP: Final = 50
_LEAST_PIDS: Final = 100


def bounds_of(seen: Sequence[Observed]) -> tuple[int, int]:
    """Bytes and processes to allow; 0 for what could not be measured."""
    peak = peak_of(seen)
    pids = _up(HEAD_ROOM * peak.pids, _PIDS_STEP)
    return _up(HEAD_ROOM * peak.memory, _MEMORY_STEP), max(pids, _LEAST_PIDS) if pids else 0


def peak_of(seen: Sequence[Observed]) -> UseOfHost:
    """The most that it took in any start."""
    return UseOfHost(max(one.peak.memory for one in seen), max(one.peak.pids for one in seen))


def rest_of(seen: Sequence[Observed]) -> UseOfHost:
    """The most that it took before it was used."""
    return UseOfHost(max(one.rest.memory for one in seen), max(one.rest.pids for one in seen))


def _up(number: int, step: int) -> int:
    return -(-number // step) * step
