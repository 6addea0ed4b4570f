"""Which file is the config of which tool."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

PEER_FILES: Final[Mapping[str, str]] = {
    ".hadolint.yaml": "hadolint",
    ".hadolint.yml": "hadolint",
    ".trivyignore": "trivy",
    ".trivyignore.yaml": "trivy",
    ".trivyignore.yml": "trivy",
    ".checkov.yaml": "checkov",
    ".checkov.yml": "checkov",
    ".compose-lint.yml": "compose-lint",
    ".compose-lint.yaml": "compose-lint",
    ".dclintrc": "dclint",
    ".dclintrc.json": "dclint",
    ".dclintrc.yaml": "dclint",
    ".dclintrc.yml": "dclint",
    "kics.config": "kics",
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
