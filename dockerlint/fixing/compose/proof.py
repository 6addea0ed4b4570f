"""Is everything in a Compose file that no edit touched still what it was?"""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.findings import Edit, Refusal
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.comparison import yaml_differs


def differs(before: str, after: str, edits: Sequence[Edit]) -> Refusal | None:
    """What the edits did to a place they did not mean; None for nothing."""
    return yaml_differs(before, after, edits, COMPOSE)
