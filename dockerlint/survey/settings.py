"""What a survey goes by, and what its parts are known by: the tool, the rules, the settings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from dockerlint import __version__
from dockerlint.budget import SECONDS
from dockerlint.data import every_document
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.documents.files import rule_paths
from dockerlint.ruleset.stored.inforce import bases_in_force, knowledge_in_force
from dockerlint.workspace.door import read_bytes

STRICT: Final = "strict"
"""The profile of a survey: every policy can be asked of its tables then."""


class SurveySettings(NamedTuple):
    """What decides the content of the tables, besides the input."""

    day: date
    """The day from which ages and ends of life are counted."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = STRICT
    config: str | None = None
    """The config that the user names; those in repositories do not count."""
    rules: tuple[str, ...] = ()
    """Folders with rules of the user."""
    time_limit: float = SECONDS
    """Seconds of the processor that one file may take."""


class Identity(NamedTuple):
    """What made a part, and what from: the same identity, the same rows."""

    tool: str
    """The version of dockerlint."""
    rules: str
    """SHA-256 of all rules, lists and facts in force, those of the user among them."""
    settings: str
    """SHA-256 of the settings, the config that they name included."""


@cache
def identity_of(settings: SurveySettings) -> Identity:
    """What the parts of a survey are known by; raises UserError where a file that it names is missing."""
    texts = [read_bytes(path) for folder in settings.rules for path in rule_paths(folder)]
    documents = [load_bundle(), knowledge_in_force(), bases_in_force(), every_document()]
    config = [read_bytes(settings.config)] if settings.config else []
    told = {
        **settings._asdict(),
        "day": str(settings.day),
        "config": [_sha256([one]) for one in config],
        "rules": len(settings.rules),
    }
    return Identity(__version__, _sha256([*map(_json, documents), *texts]), _sha256([_json(told)]))


def _json(document: Any) -> bytes:
    return json.dumps(document, sort_keys=True, default=str).encode()


def _sha256(texts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for text in texts:
        found.update(b"%d:" % len(text) + text)
    return found.hexdigest()
