"""Is everything in a Compose file that no edit touched still what it was?"""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.findings import Edit, Refusal
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.comparison import yaml_differs


def differs(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """The values that no edit touches must say the same, and every comment must be there."""
    return yaml_differs(before, after, edits, COMPOSE)
