"""Is everything in daemon.json that no edit touched still what it was?"""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.findings import Edit, Refusal
from dockerlint.json.comparison import json_differs


def differs(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """The values that no edit touches must say the same."""
    return json_differs(before, after, edits)
