"""What we know about well-known images, as given to the parsers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Release:
    """One release line of an image."""

    cycle: str
    """The line as it starts a tag: `22`, `3.20`, `bookworm`."""
    latest: str = ""
    """Newest version of the line on the day the facts were collected."""
    end_of_life: date | None = None
    """First day without support; None while no date is set."""
    is_ended: bool = False
    """The source says it has ended but gives no date."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Facts about one image; every one is optional, and absent means not known."""

    name: str
    """Familiar name without registry docker.io and library/: `node`, `grafana/grafana`."""
    is_official: bool = False
    default_user: str | None = None
    """The user its configuration names: `root`, `node`, `65532`; None when not known."""
    drops_root: bool = False
    """Starts as root; its own entrypoint then continues as another user."""
    unprivileged_user: str | None = None
    """A ready-made user that is not root."""
    role: str = ""
    """`datastore` for databases, brokers, caches and search engines; `proxy`, `base` …; "" when not known."""
    deprecated_since: date | None = None
    replacement: str = ""
    releases: tuple[Release, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All facts, and the day they are judged on."""

    today: date
    images: Mapping[str, ImageFacts] = field(default_factory=dict)
    """By every familiar name an image is known under."""
