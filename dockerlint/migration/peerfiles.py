"""Which file is the config of which tool."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from dockerlint.data import word_table

PEER_FILES: Final[Mapping[str, str]] = {
    name: peer for peer, names in word_table("peers", "peer-configs").items() for name in names
}
"""Names under which the tools look for their configs."""
_WORDS: Final = {
    "hadolint": "hadolint",
    "trivyignore": "trivy",
    "checkov": "checkov",
    "compose-lint": "compose-lint",
    "dclint": "dclint",
    "kics": "kics",
}
"""What another name for such a file holds."""


def peer_of(path: str) -> str | None:
    """The tool that a config is for, by its name; None for a name that says nothing."""
    name = os.path.basename(path).lower()
    if name in PEER_FILES:
        return PEER_FILES[name]
    return next((peer for word, peer in _WORDS.items() if word in name), None)
