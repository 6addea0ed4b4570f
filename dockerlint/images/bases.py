"""What may stand below a build: the tags of images, who promises that a newer one does, and its packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlint.images.tags import Tags


@dataclass(frozen=True, slots=True)
class Promise:
    """Why what runs on an image runs on another release line of it, or on another image."""

    image: str
    """The image to move to; most often the same one."""
    oldest: str = ""
    """The oldest release line that the promise reaches back to; "" for all of them."""
    tools: tuple[str, ...] = ()
    """Programs that do the same on both: those the promise is about, and others that both images bring."""
    is_system: bool = False
    """It is about a distribution, so that programs brought from elsewhere may miss a library."""
    files: str = ""
    """Where files that were made on it may go: `anywhere`, `static` for anywhere if they need no library."""


@dataclass(slots=True)
class Bases:
    """Looked up when a fix is wanted; the document is read with the first question."""

    load: Callable[[], Mapping[str, Any]] = dict
    _document: Mapping[str, Any] | None = None
    _tags: dict[str, Tags | None] = field(default_factory=dict)

    def tags(self, image: str) -> Tags | None:
        """Every tag of an official image; None for others."""
        if image not in self._tags:
            rows = self._of("tags").get(image)
            self._tags[image] = Tags(tuple(tuple(row.split()) for row in rows.split("\n"))) if rows else None
        return self._tags[image]

    def promise(self, image: str) -> Promise | None:
        """What the publisher of an image says about moving on; None where nothing is known."""
        raw = self._of("promises").get(image)
        if raw is None:
            return None
        return Promise(raw["to"], raw["from"], tuple(raw["tools"]), raw["system"], raw["files"])

    def packages(self, product: str, line: str) -> frozenset[str]:
        """Names of packages that a release of a distribution has, and its predecessors had."""
        return frozenset(self._of("packages").get(f"{product} {line}", "").split())

    def _of(self, part: str) -> Mapping[str, Any]:
        if self._document is None:
            self._document = self.load()
        found: Mapping[str, Any] = self._document.get(part, {})
        return found
