"""What one file may cost: steps decide, time is the backstop.

A step is one unit of what a text expands to (a character that a variable brings, a node behind an alias, a
stage that inherits), so the same text costs the same on every machine. Code that multiplies its input spends
steps where it does so; a text that costs more than its budget is not linted, and its neighbours are.

Time is that of the processor, so that a slow, busy or suspended machine changes no verdict; only a file that
waits without computing is given up by the clock on the wall, at `WAITING` times the limit. In the main thread
of a POSIX process an alarm looks at both, which interrupts regular expressions too. Elsewhere `spend` does.
"""

from __future__ import annotations

import time
from contextvars import ContextVar, Token
from types import FrameType, TracebackType
from typing import Final

from dockerlint.errors import UserError

try:  # the module without its enumerations, whose making costs a run a hundredth
    import _signal as signal  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    import signal  # type: ignore[no-redef, unused-ignore]

STEPS: Final = 20_000_000
"""What one file may spend. The costliest of 6,000 public files spends less than a thousandth of it."""
SECONDS: Final = 10.0
"""Of the processor, for one file. The slowest of 6,000 public files takes a hundredth of it."""
WAITING: Final = 6.0
"""Seconds on the wall for every second of the limit."""
_TICK: Final = 0.5
_STEPS_UNSEEN: Final = 10_000
"""So many steps may be spent until the time is looked at where no alarm does it."""


class OverBudget(UserError):
    """A text that expands to too much, or takes too long; the text of the error says what does."""


class _Ledger:
    __slots__ = ("began", "is_due", "left", "look_at", "rings", "seconds", "tick")

    def __init__(self, steps: int, seconds: float) -> None:
        self.left, self.look_at = steps, steps
        self.seconds, self.tick = seconds, min(_TICK, seconds / 4)
        self.began = time.thread_time()
        self.rings = 0
        self.is_due = False

    def check_time(self) -> None:
        self.is_due = False
        spent = time.thread_time() - self.began
        if spent > self.seconds or self.rings * self.tick > self.seconds * WAITING:
            raise OverBudget(f"too slow: stopped after {self.seconds:g} s (--time-limit)")

    def look(self) -> None:
        """Check the time, but not at every step."""
        if self.is_due or self.left < self.look_at:
            self.look_at = self.left - _STEPS_UNSEEN
            self.check_time()


_active: ContextVar[_Ledger | None] = ContextVar("budget", default=None)
_watched: _Ledger | None = None
"""The budget that the alarm is set for."""


class budgeted:
    """`with budgeted():` bounds what is spent inside; a budget that is already running goes on.

    `seconds` are those of the processor. Raises OverBudget from any place inside, so that nothing may be
    changed there that another file will see half done.
    """

    __slots__ = ("_has_alarm", "_seconds", "_steps", "_token")

    def __init__(self, steps: int = STEPS, seconds: float = SECONDS) -> None:
        self._steps, self._seconds = steps, seconds
        self._token: Token[_Ledger | None] | None = None
        self._has_alarm = False

    def __enter__(self) -> None:
        global _watched
        if _active.get() is not None:
            return
        ledger = _Ledger(self._steps, self._seconds)
        self._token = _active.set(ledger)
        self._has_alarm = _set_alarm(ledger.tick)
        if self._has_alarm:
            _watched = ledger

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _watched
        if self._token is None:
            return
        if self._has_alarm:
            _watched = None
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
        _active.reset(self._token)


def spend(steps: int, on: str) -> None:
    """Take steps from the budget of the file, if one is running; raises OverBudget, naming `on`.

    `on` is the thing that grows, as a user would call it: `variables of .env`, `aliases`.
    """
    ledger = _active.get()
    if ledger is None:
        return
    ledger.left -= steps
    if ledger.left < 0:
        raise OverBudget(f"too much work: {on}")
    if ledger is not _watched or ledger.is_due:
        ledger.look()


def charge(seconds: float) -> None:
    """Count what another process computed for the file as its time; raises OverBudget."""
    ledger = _active.get()
    if ledger is not None:
        ledger.began -= seconds
        ledger.check_time()


def _set_alarm(tick: float) -> bool:
    """Let the alarm ring every so many seconds; False where it cannot, or where it is somebody else's."""
    if not hasattr(signal, "setitimer") or signal.getsignal(signal.SIGALRM) != signal.SIG_DFL:
        return False
    try:
        signal.signal(signal.SIGALRM, _ring)
    except ValueError:  # not the main thread
        return False
    signal.setitimer(signal.ITIMER_REAL, tick, tick)
    return True


def _ring(number: int, frame: FrameType | None) -> None:
    """Look at the time, unless this module is at work: it must not be left half done, and `spend` looks then.

    Around compiled code `spend` may be the only place where Python listens to an alarm. It rings on after a
    file was given up, in case that somebody on the way caught the error.
    """
    if _watched is None:
        return
    _watched.rings += 1
    if frame is not None and frame.f_globals is globals():
        _watched.is_due = True
    else:
        _watched.check_time()
