"""The document of facts about images → facts, made when somebody asks for an image."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from dockerlint.data import table
from dockerlint.images.facts import Conditions, Demand, ImageFacts, ImageNeeds, Knowledge, Release
from dockerlint.images.tags import Bases
from dockerlint.ruleset.stored.inforce import bases_in_force, knowledge_in_force

BASES = table("images", "products-of-systems")
"""An operating system as tags spell it (`alpine` in `alpine3.18`), and its product in releases.yaml."""

_WITH_CODENAMES = ("debian", "ubuntu")


def load_knowledge(today: date) -> Knowledge:
    """The facts in force, as of a day; nothing is read before the first question."""
    store = _Store(today)
    return Knowledge(today, _Images(store), store.find_base, Bases(_our_bases))


def read_knowledge(data: Mapping[str, Any], today: date) -> Knowledge:
    """Facts from the document that `compile_knowledge` made, as of a day."""
    store = _Store(today, data)
    return Knowledge(today, _Images(store), store.find_base, Bases(_our_bases))


@cache
def _our_bases() -> Mapping[str, Any]:
    return bases_in_force()


@cache
def _our_document() -> Mapping[str, Any]:
    return knowledge_in_force()


@dataclass
class _Store:
    """The document, read when first needed, and the facts made from it so far."""

    today: date
    data: Mapping[str, Any] | None = None
    facts: dict[str, ImageFacts | None] = field(default_factory=dict)
    lines: dict[str, tuple[Release, ...]] = field(default_factory=dict)
    codenames: dict[str, Release] = field(default_factory=dict)

    def document(self) -> Mapping[str, Any]:
        if self.data is None:
            self.data = _our_document()
        return self.data

    def find(self, name: str) -> ImageFacts | None:
        if name not in self.facts:
            family, own = self.read(name.rpartition("/")[0] + "/*"), self.read(name)
            self.facts[name] = self.make({**family, **own}, name) if own or family else None
        return self.facts[name]

    def read(self, name: str) -> dict[str, Any]:
        """What the document holds under a name."""
        row = self.document()["images"].get(name, {})
        return {**json.loads(self.document()["facts"][row["facts"]]), **row} if "facts" in row else row

    def make(self, raw: Mapping[str, Any], name: str) -> ImageFacts:
        default, drops, ready, by_tag = raw.get("user", (None, False, None, {}))
        since, replacement = raw.get("deprecated", ("", ""))
        folder = raw.get("workdir", {})
        secrets, health = raw.get("secrets", {}), raw.get("healthcheck", {})
        return ImageFacts(
            name=name,
            is_official=raw.get("official", False),
            default_user=default,
            users_by_tag=tuple(by_tag.items()),
            workdir=folder.get("default"),
            workdirs_by_tag=tuple(folder.get("by_tag", {}).items()),
            drops_root=drops,
            unprivileged_user=ready,
            role=raw.get("role", ""),
            is_deprecated="deprecated" in raw,
            deprecated_since=date.fromisoformat(since) if since else None,
            replacement=replacement,
            ports=tuple(raw.get("ports", ())),
            servers=tuple(raw.get("servers", ())),
            needs=_needs(raw.get("needs"), raw.get("writable")),
            start_user=raw.get("start", ""),
            secret_files=tuple(secrets.get("variables", ())),
            secret_form=secrets.get("form", "{}_FILE"),
            secret_lines=tuple(secrets.get("since", {}).items()),
            healthchecks=tuple(_healthchecks(health)),
            has_healthcheck=health.get("in_image", False),
            mount_lines=tuple(raw.get("mounts", {}).get("last_line", {}).items()),
            memory=_demand(raw.get("memory")),
            processors=_demand(raw.get("processors")),
            processes=_demand(raw.get("processes")),
            credentials=tuple((pair[0], pair[1]) for pair in raw.get("credentials", {}).get("pairs", ())),
            releases=self.releases(raw["product"]) if "product" in raw else (),
        )

    def releases(self, product: str) -> tuple[Release, ...]:
        if product not in self.lines:
            title, rows = self.document()["products"].get(product, ("", ""))
            self.lines[product] = tuple(_release(row, title, self.today) for row in rows.splitlines())
        return self.lines[product]

    def find_base(self, word: str) -> Release | None:
        name = word.rstrip("0123456789.")
        if name in BASES and name != word:
            version = word[len(name) :]
            return next((release for release in self.releases(BASES[name]) if release.cycle == version), None)
        if not name.isalpha() or name != word:
            return None
        if not self.codenames:
            self.codenames.update(self.read_codenames())
        return self.codenames.get(word)

    def read_codenames(self) -> Iterator[tuple[str, Release]]:
        """Oldest releases left out: `bo` and `rex` were Debian once, and mean something else in a tag."""
        for product in _WITH_CODENAMES:
            for release in self.releases(product):
                if release.codename and (release.end_of_life is None or release.end_of_life.year >= 2014):
                    yield release.codename, release


class _Images(Mapping[str, ImageFacts]):
    """The facts by familiar name, made on demand."""

    def __init__(self, store: _Store) -> None:
        self._store = store

    def __getitem__(self, name: str) -> ImageFacts:
        if facts := self._store.find(name):
            return facts
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.document()["images"])

    def __len__(self) -> int:
        return len(self._store.document()["images"])


def _needs(raw: Mapping[str, Any] | None, writable: Mapping[str, Any] | None) -> ImageNeeds | None:
    if raw is None and writable is None:
        return None
    raw, writable = raw or {}, writable or {}
    return ImageNeeds(
        as_root=_optional(raw, "root"),
        as_root_by_tag=_by_word(raw.get("by_tag")),
        as_user=tuple(raw.get("user", ())),
        foreign=tuple(raw.get("foreign", ())),
        folders=tuple(raw.get("folders", ())),
        checks=_by_word(raw.get("checks")),
        bound=_by_word(raw.get("bound")),
        words=tuple((row["word"], row.get("tag", "*"), tuple(row["add"])) for row in raw.get("words", ())),
        gains_privileges=raw.get("gains", False),
        strength=raw.get("strength", ""),
        tmpfs=_optional(writable, "tmpfs"),
        tmpfs_as_user=_optional(writable, "tmpfs_as_user"),
        tmpfs_strength=writable.get("strength", ""),
        conditions=_conditions(raw),
        tmpfs_conditions=_conditions(writable),
    )


def _demand(raw: Mapping[str, Any] | None) -> Demand | None:
    return None if raw is None else Demand(raw["least"], raw["strength"], _conditions(raw))


def _conditions(raw: Mapping[str, Any]) -> Conditions:
    return Conditions(
        unless_mounted=tuple(raw.get("unless_mounted", ())),
        needs_volume=tuple(raw.get("needs_volume", ())),
        since=raw.get("since"),
        unless_option=tuple(raw.get("unless_option", ())),
    )


def _optional(raw: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    return tuple(raw[key]) if key in raw else None


def _healthchecks(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from raw.get("by_tag", {}).items()
    if "command" in raw:
        yield "*", raw["command"]


def _by_word(raw: Mapping[str, list[str]] | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((word, tuple(names)) for word, names in (raw or {}).items())


def _release(row: str, title: str, today: date) -> Release:
    line, latest, end, lts, codename = row.split("|")
    day = date.fromisoformat(end) if end and end != "yes" else None
    has_ended = end == "yes" or (day is not None and day <= today)
    return Release(line, latest, day, has_ended, bool(lts), title, codename)
