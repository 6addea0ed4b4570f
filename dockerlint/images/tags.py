"""The tags that an image is published under, who promises that a newer one keeps them, and its packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlint.regex import pattern

_FULL = pattern(r"\d[\w.+]*(?:-b\d+)?\Z")
"""A version alone, also of Java: `8u502-b07`."""

IsLine = Callable[[str], bool]
"""Whether a version such as `3.24` is one to stay on: a release line, or a version of one."""


@dataclass(frozen=True, slots=True)
class Tags:
    """All tags of one image on one day."""

    rows: tuple[tuple[str, ...], ...]
    """Tags that name one and the same image stand in one row."""

    def has(self, tag: str) -> bool:
        """The image was published under this tag."""
        return any(tag in row for row in self.rows)

    def beside(self, tag: str) -> tuple[str, ...]:
        """Every tag of the image that this one names, itself included; () where it names none."""
        return next((row for row in self.rows if tag in row), ())

    def behind(self, moving: str, is_line: IsLine, lines: frozenset[str]) -> str | None:
        """The tag that says the version of what a moving one names, its variant kept: `lts-slim` → `24-slim`.

        `lines` are the versions to choose if they are there; None where no tag says a version.
        """
        alike = self._versions(moving, moving) or self._versions(moving, cut(moving)[1])
        found = [version for version in alike if is_line(cut(version)[0])]
        found.sort(key=lambda one: (cut(one)[0] not in lines, cut(one)[0].count(".") == 0, len(one)))
        return found[0] if found else None

    def _versions(self, moving: str, variant: str) -> list[str]:
        """The tags in the row of a moving one that say a version and have this variant."""
        return [tag for tag in self.beside(moving) if tag[:1].isdigit() and cut(tag)[1] == variant]

    def exact(self, tag: str) -> str:
        """The longest version that the image of a tag has, in the same variant; the tag itself at worst."""
        variant = cut(tag)[1]
        end = f"-{variant}" if variant else ""
        longer = (one for one in self.beside(tag) if one.endswith(end) and _FULL.match(one.removesuffix(end)))
        return max(longer, key=len, default=tag)


def cut(tag: str) -> tuple[str, str]:
    """Version and variant: `3.24` and `slim` of `3.24-slim`; the variant may be empty."""
    head, _, variant = tag.partition("-")
    return head, variant


def join(version: str, variant: str) -> str:
    """The tag of a version in a variant."""
    return f"{version}-{variant}" if variant else version


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
