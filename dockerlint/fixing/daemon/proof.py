"""Is everything that no edit touched still what it was?"""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.daemon.flags import flags_differ
from dockerlint.json.comparison import json_differs
from dockerlint.parse.daemon.file import is_command


def differs(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """The values, or the flags, that no edit touches must say the same."""
    if is_command(before):
        return flags_differ(before, after, edits)
    return json_differs(before, after, edits)
