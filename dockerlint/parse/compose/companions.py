"""The Compose files that one is read with: what stands in them, by section, as far as names go."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from typing import Final

from dockerlint.kinds import TextOf
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.nodes import Entry, Mapping, as_mapping
from dockerlint.yaml.tree import parse_yaml

DEFAULT_NAMES: Final = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""What Compose reads when it is given no file."""
OVERRIDE_NAMES: Final = tuple(
    f"{base}.override{template}"
    for base in ("compose", "docker-compose")
    for ending in ("yaml", "yml")
    for template in (
        f".{ending}",
        *(f".{ending}.{word}" for word in ("example", "sample", "dist", "template", "tmpl")),
        *(f".{word}.{ending}" for word in ("example", "sample", "template")),
    )
)
"""What Compose reads besides a default file, and how templates of that are called."""
FARTHEST_BASE: Final = 3
"""Folders above a file in which the one that it is put upon is looked for."""


SOURCES: Final = frozenset(("image", "build", "extends", "provider"))
"""What says where the program of a service comes from."""
STORED: Final = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}
"""What says where the content of a secret or config comes from, one of which there must be."""

Sections = Table[str, dict[str, Entry]]


def sections_of(documents: Sequence[Mapping]) -> Sections:
    """The entries of each section of a file, by name."""
    return {
        name: _entries(documents, name) for name in ("services", "networks", "volumes", "models", *STORED)
    }


def has_source(entry: Entry) -> bool:
    """Whether a service says where its program comes from."""
    return not SOURCES.isdisjoint(as_mapping(entry.value).entries)


def added_sections(text_of: TextOf) -> Sections:
    """What the override beside the file adds, which Compose reads with it, or the template of one.

    A template says what everybody has to declare.
    """
    texts = (text_of(name) for name in OVERRIDE_NAMES)
    return sections_of([one for text in texts if text is not None for one in documents_of(text)])


def is_completed_above(services: dict[str, Entry], text_of: TextOf) -> bool:
    """A Compose file above describes a service that has no image here: this one is put upon it."""
    partial = {name for name, entry in services.items() if not has_source(entry)}
    names = ("../" * depth + name for depth in range(1, FARTHEST_BASE + 1) for name in DEFAULT_NAMES)
    texts = (text for name in names if (text := text_of(name)) is not None)
    return any(partial & sections_of(documents_of(text))["services"].keys() for text in texts)


def is_default_file(sections: Sections, text_of: TextOf) -> bool | None:
    """Compose reads this file when it is given none; None where no such file stands beside it.

    It is told by its outline, because the text at hand may be half repaired already.
    """
    outline = _outline(sections)
    beside = [text for name in DEFAULT_NAMES if (text := text_of(name)) is not None]
    if any(_outline(sections_of(documents_of(text))) == outline for text in beside):
        return True
    return False if beside else None


def documents_of(text: str) -> list[Mapping]:
    """The documents of a Compose file that are mappings."""
    return [root for root in parse_yaml(text, COMPOSE).documents if isinstance(root, Mapping)]


def _entries(documents: Sequence[Mapping], section: str) -> dict[str, Entry]:
    return {name: entry for one in documents for name, entry in as_mapping(one.get(section)).entries.items()}


def _outline(sections: Sections) -> dict[str, frozenset[str]]:
    """What a repair of a file leaves as it is: the names in it, and which services have an image."""
    sources = (
        f"{name}.{source}"
        for name, entry in sections["services"].items()
        for source in SOURCES & as_mapping(entry.value).entries.keys()
    )
    names = {section: frozenset(entries) for section, entries in sections.items() if section != "secrets"}
    return {**names, "sources": frozenset(sources)}
