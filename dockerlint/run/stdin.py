"""Standard input as a file: under which name, and never more of it than a file may have."""

from __future__ import annotations

import os
import sys

from dockerlint.kinds import kind_of_name, kind_of_template
from dockerlint.workspace.discovery import Candidate, shown
from dockerlint.workspace.door import LARGEST, TOO_LARGE, Unreadable


def stdin_candidate(filename: str | None, kind: str | None) -> Candidate:
    """Standard input under the name and the kind that the user gave it, if any."""
    if not filename:
        return Candidate("<stdin>", kind)
    name = os.path.basename(filename)
    return Candidate(shown(filename), kind or kind_of_name(name) or kind_of_template(name))


def read_stdin() -> bytes:
    """All of standard input; raises Unreadable where it is closed, cannot be read or is too large."""
    if sys.stdin is None:
        raise Unreadable("standard input is closed")
    try:
        data: bytes = sys.stdin.buffer.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"standard input cannot be read: {reason.lower()}") from error
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    return data
