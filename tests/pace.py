"""How time grows with the input, in processor time, which a busy machine makes a little longer only."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

NOISE = 0.01
"""Seconds below which a measurement says nothing."""


def seconds(work: Callable[[T], object], given: T) -> float:
    """The processor time of one call."""
    gc.disable()
    started = time.process_time()
    try:
        work(given)
        return time.process_time() - started
    finally:
        gc.enable()


def grows_in_proportion(work: Callable[[T], object], make: Callable[[int], T], size: int) -> bool:
    """Ten times the input takes less than forty times as long; a square would take a hundred times."""
    small, large = (seconds(work, made) for made in (make(size), make(10 * size)))
    return large < 40 * max(small, NOISE)
