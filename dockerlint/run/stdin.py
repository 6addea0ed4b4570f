"""Standard input as a file: under which name, and never more of it than a file may have."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO, Final

from dockerlint.kinds import kind_of_name, kind_of_template
from dockerlint.termination import raise_if_told
from dockerlint.workspace.discovery import Candidate, shown
from dockerlint.workspace.door import Unreadable, too_large

_LOOK: Final = 0.2
"""Seconds between two looks whether the run is to end: a signal right before a read waits for its end."""


def stdin_candidate(filename: str | None, kind: str | None) -> Candidate:
    """Standard input under the name and the kind that the user gave it, if any."""
    if not filename:
        return Candidate("<stdin>", kind)
    name = os.path.basename(filename)
    return Candidate(shown(filename), kind or kind_of_name(name) or kind_of_template(name))


def read_stdin(largest: int) -> bytes:
    """All of standard input; raises Unreadable where it is closed, cannot be read or has more bytes."""
    if sys.stdin is None:
        raise Unreadable("standard input is closed")
    try:
        data = _read(sys.stdin.buffer, largest)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"standard input cannot be read: {reason.lower()}") from error
    if len(data) > largest:
        raise Unreadable(too_large(largest))
    return data


def _read(stream: BinaryIO, largest: int) -> bytes:
    """What stands there, up to one byte too many."""
    try:
        descriptor = stream.fileno()
    except OSError:  # no file behind it
        return stream.read(largest + 1)
    if os.name != "posix":  # elsewhere only sockets can be waited for
        return stream.read(largest + 1)
    import select

    pieces: list[bytes] = []
    left = largest + 1
    while left:
        while not select.select([descriptor], [], [], _LOOK)[0]:
            raise_if_told()
        piece = os.read(descriptor, min(left, 1 << 20))
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
