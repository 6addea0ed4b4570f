"""Searches texts for regular expressions; a program of its own, so that a search can be ended from outside.

It is started by its path and imports nothing but the standard library. Each line that it reads is JSON, an
expression and a text; each line that it writes is whether the text holds it, and the seconds that took. A
search that computes for longer than its argument says is its end: the system kills it, or it exits.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from typing import BinaryIO


def watch(seconds: float) -> tuple[Callable[[], object], Callable[[], object]]:
    """What begins and ends the time of one search."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        timer = signal.ITIMER_VIRTUAL
        return lambda: signal.setitimer(timer, seconds), lambda: signal.setitimer(timer, 0)
    import faulthandler

    return (
        lambda: faulthandler.dump_traceback_later(seconds, exit=True),
        faulthandler.cancel_dump_traceback_later,
    )


def serve(questions: BinaryIO, answers: BinaryIO, seconds: float) -> None:
    """Answer until there are no more questions."""
    compiled: dict[str, re.Pattern[str]] = {}
    begin, end = watch(seconds)
    for line in questions:
        expression, text = json.loads(line)
        began = time.process_time()
        begin()
        if expression not in compiled:
            compiled[expression] = re.compile(expression, re.ASCII)
        found = compiled[expression].search(text) is not None
        end()
        answers.write(json.dumps([found, time.process_time() - began]).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, float(sys.argv[1]))
