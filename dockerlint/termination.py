"""SIGTERM and SIGHUP end a run as Ctrl-C does: what is half written is removed before the process dies."""

from __future__ import annotations

import os
from types import FrameType
from typing import Final

try:  # the module without its enumerations, whose making costs a run a hundredth
    import _signal as signal  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    import signal  # type: ignore[no-redef, unused-ignore]

_NAMES: Final = ("SIGTERM", "SIGHUP")


class Terminated(BaseException):
    """Somebody wants this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


_told: list[int] = []
"""The signal that came, if one did."""


def raise_if_told() -> None:
    """Raise Terminated once more: where the signal met a callback, Python dropped the first one."""
    if _told:
        raise Terminated(_told[0])


def raise_when_terminated() -> None:
    """Let the signals raise Terminated in this process, but for those that somebody ignores or handles.

    Processes that it forks die of them at once.
    """
    owner = os.getpid()

    def end(number: int, frame: FrameType | None) -> None:
        if os.getpid() != owner:
            die_of(number)
        signal.signal(number, signal.SIG_IGN)  # the first one is enough; others must not stop the removal
        _told.append(number)
        raise Terminated(number)

    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)


def die_of(number: int) -> None:
    """End this process the way the signal does where nobody handles it, so that its parent learns of it."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
