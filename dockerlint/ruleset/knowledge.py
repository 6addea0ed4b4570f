"""rules/images/*.yaml → the compact document of the bundle → facts, made when somebody asks for an image.

`releases.yaml`, `official.yaml` and `deprecated.yaml` are tables over many images, `bases` has three more;
every other file is about one image and its namesakes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from dockerlint.images.bases import Bases
from dockerlint.images.facts import TESTED, ImageFacts, ImageNeeds, Knowledge, Release
from dockerlint.records import dataclass, field
from dockerlint.ruleset.bases import TABLES as BASE_TABLES
from dockerlint.ruleset.bases import our_bases

TABLES = ("releases", "official", "deprecated", *BASE_TABLES)

BASES = {
    "almalinux": "almalinux",
    "alpine": "alpine-linux",
    "centos": "centos",
    "debian": "debian",
    "fedora": "fedora",
    "rockylinux": "rocky-linux",
    "ubuntu": "ubuntu",
}
"""An operating system as tags spell it (`alpine` in `alpine3.18`), and its product in releases.yaml."""

_WITH_CODENAMES = ("debian", "ubuntu")
_STRONG = ("read", "documented", "measured", "tested")
"""How a fact was found; what is only known counts for nothing but the root of a base image."""
_RAISING = ("memory", "processes")
"""Facts that only make a bound wider, or keep one from being written: any strength will do."""


def compile_knowledge(rules_dir: str) -> dict[str, Any]:
    """The facts below `rules_dir`/images as one document; raises RuleError at the first mistake in them."""
    from dockerlint.ruleset.imagefiles import read_image_files
    from dockerlint.ruleset.load import read_plain_file, rule_paths

    files = {os.path.basename(path)[:-5]: path for path in rule_paths(os.path.join(rules_dir, "images"))}
    releases, official, deprecated = (
        read_plain_file(files.pop(name)).data if name in files else {} for name in TABLES[:3]
    )
    for name in BASE_TABLES:
        files.pop(name, None)
    products: dict[str, Any] = releases.get("products") or {}
    images: dict[str, dict[str, Any]] = {}
    facts: list[str] = []
    for data in read_image_files(files.values()):
        for name in data["images"]:
            images[name] = {"facts": len(facts)}
        facts.append(json.dumps(_facts(data), ensure_ascii=False, separators=(",", ":")))
    for product, table in products.items():
        for name in table["images"]:
            images.setdefault(name, {})["product"] = product
    for name in official.get("images") or ():
        images.setdefault(name, {})["official"] = True
    for name, note in (deprecated.get("images") or {}).items():
        images.setdefault(name, {})["deprecated"] = [note["since"], note.get("replacement", "")]
    packed = {name: _pack(table) for name, table in products.items()}
    return {"images": images, "facts": facts, "products": packed}


def load_knowledge(today: date) -> Knowledge:
    """Our facts, judged on a day; nothing is read before the first question."""
    store = _Store(today)
    return Knowledge(today, _Images(store), store.find_base, Bases(our_bases))


def read_knowledge(data: Mapping[str, Any], today: date) -> Knowledge:
    """Facts from the document that `compile_knowledge` made, judged on a day."""
    store = _Store(today, data)
    return Knowledge(today, _Images(store), store.find_base, Bases(our_bases))


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says, without where it has it from; kept as a text of its own until somebody asks."""
    facts: dict[str, Any] = {key: data[key] for key in ("role", "ports", "servers") if key in data}
    user = data.get("user") or {}
    if user.get("start") and user.get("strength") in ("read", *TESTED):
        facts["start"] = user["start"]
    if user.get("strength") in _STRONG or (user.get("default") == "root" and data.get("role") == "base"):
        drops_root, by_tag = bool(user.get("drops_root")), user.get("by_tag") or {}
        facts["user"] = [user["default"], drops_root, user.get("ready"), by_tag]
    if "needs" in data:
        facts["needs"] = _without_origin(data["needs"])
    if "writable" in data:
        facts["writable"] = _without_origin(data["writable"])
    for block in ("secrets", "healthcheck", "mounts", "credentials"):
        if (data.get(block) or {}).get("strength") in _STRONG:
            facts[block] = _without_origin(data[block])
    for block in _RAISING:
        if block in data:
            facts[block] = _without_origin(data[block])
    return facts


def _without_origin(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key not in ("source", "date", "note")}


def _pack(table: Mapping[str, Any]) -> list[str]:
    """Title, then the releases as one string: thousands of small objects would be slow to read."""
    keys = ("line", "latest", "end", "lts", "codename")
    rows = ("|".join(_cell(release.get(key)) for key in keys) for release in table["releases"])
    return [table["title"], "\n".join(rows)]


def _cell(value: object) -> str:
    return "" if value is None or value is False else "yes" if value is True else str(value)


@cache
def _our_document() -> Mapping[str, Any]:
    from dockerlint.ruleset.bundle import load_knowledge_data

    return load_knowledge_data()


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
        secrets, health = raw.get("secrets", {}), raw.get("healthcheck", {})
        return ImageFacts(
            name=name,
            is_official=raw.get("official", False),
            default_user=default,
            users_by_tag=tuple(by_tag.items()),
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
            least_memory=raw.get("memory", {}).get("least", ""),
            least_processes=raw.get("processes", {}).get("least", 0),
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
