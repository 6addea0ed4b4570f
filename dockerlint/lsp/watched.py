"""Files that the findings of others rest on: those that a client is asked to tell of."""

from __future__ import annotations

from typing import Any, Final

from lsprotocol import types

RENEWING: Final = frozenset(
    (".dockerlint.yaml", ".dockerlint.yml", "pyproject.toml", "dockerlint.lock", ".dockerlint")
)
"""Names of files that say what is linted and how."""
_PATTERNS: Final = (
    "**/*.{yaml,yml}",
    "**/*.{env,json,lock,sh,toml}",
    "**/.env*",
    "**/*.dockerignore",
    "**/.npmrc",
    "**/*{ockerfile,ontainerfile}*",
    "**/*entrypoint*",
)
"""Compose files and what they include, files of variables, configs, Dockerfiles and the scripts they copy."""


def registration() -> Any:
    """What a client is sent to watch them."""
    watchers = [types.FileSystemWatcher(pattern) for pattern in _PATTERNS]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    return types.RegistrationParams([types.Registration(f"dockerlint/{method}", method, options)])
