"""References to images, and what is known about what they name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar, Final

from dockerlint.data import ordered_words, table, word_list
from dockerlint.images.facts import ImageFacts, Knowledge, Release
from dockerlint.images.privilege import starts_as_root
from dockerlint.images.reference import is_pinning
from dockerlint.images.scans import Scan
from dockerlint.images.successor import Successor, newest_of, successor_of
from dockerlint.images.tags import Tags
from dockerlint.images.tags import cut as tag_parts
from dockerlint.images.tags import join as tag_of
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known

_MOVING_WORDS: Final = word_list("images", "moving-tags")
"""Tags that name a moving channel, not a version; a flavour alone is the newest version in that flavour."""

_STAND_INS: Final = word_list("purposes", "stand-in-images")
_WITHOUT_VERSIONS: Final = ordered_words("images", "publishers-without-versions")
_RAPID: Final = table("images", "products-with-lines-of-weeks").keys()
_FAR_BEHIND: Final = timedelta(days=365)
"""So long after the end of its line an image is old, whatever it belongs to."""
_WINDOWS: Final = pattern(
    r"(?:^|/)windows(?:/|$)|nanoserver|servercore|windowsserver|-ltsc20\d\d", re.IGNORECASE
)
_WORDS: Final = pattern(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Image:
    """A reference to an image, resolved as far as the text allows."""

    KINDS: ClassVar[tuple[str, ...]] = ("image",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    reference: str | Unknown
    """The whole reference after expansion of variables."""
    registry: str | Unknown
    """`docker.io` when the text names none."""
    name: str | Unknown
    """Familiar name: `node`, `grafana/grafana`, `ghcr.io/owner/app`."""
    tag: Located[str] | None
    """None when the text has none; its value is UNKNOWN when a variable may hold it."""
    digest: Located[str] | None
    """The digest behind `@`, algorithm included."""
    origin: str
    """Where it stands: `from`, `copy`, `mount`, `service`."""
    span: Span = field(compare=False)
    facts: ImageFacts | None = None
    release: Release | None = None
    """The release line the tag names, when the facts know it."""
    base: Release | None = None
    """The release of the operating system that the tag names beside the version: `3.12-buster`."""
    is_built: bool = False
    """A service that has `build:` names its result here: nothing is pulled."""
    is_local: bool = False
    """Docker pulls nothing: another service builds it, or `pull_policy` says so."""
    problem: str | None = None
    """Why Docker refuses the reference; None when it does not."""
    knowledge: Knowledge | None = field(default=None, compare=False, repr=False)
    """Where more is looked up once a fix is wanted."""

    @property
    def label(self) -> str:
        """What a message calls it: its name, or `the image` where a variable holds that."""
        return "the image" if isinstance(self.name, Unknown) else self.name

    @property
    def is_scratch(self) -> bool | Unknown:
        """The empty image; it has no tag and nothing to lint."""
        return UNKNOWN if isinstance(self.reference, Unknown) else self.reference == "scratch"

    @property
    def is_windows(self) -> bool:
        """Its name or tag speaks of Windows."""
        names = (self.reference, self.name, None if self.tag is None else self.tag.value)
        return any(isinstance(name, str) and _WINDOWS.search(name) for name in names)

    @property
    def is_resolved(self) -> bool:
        """The whole reference is known."""
        return not isinstance(self.reference, Unknown)

    @property
    def is_pinned(self) -> bool | Unknown:
        """A well-formed digest decides the content; one that a variable holds is UNKNOWN."""
        if self.digest is not None:
            digest = self.digest.value
            return UNKNOWN if isinstance(digest, Unknown) else is_pinning(digest)
        # An unresolved variable at the end may bring the digest along.
        return UNKNOWN if self.tag is not None and isinstance(self.tag.value, Unknown) else False

    @property
    def is_untagged(self) -> bool | Unknown:
        """Neither tag nor digest: Docker takes `latest`."""
        if self.tag is None:
            return self.digest is None and self.is_scratch is not True
        return UNKNOWN if isinstance(self.tag.value, Unknown) and self.digest is None else False

    @property
    def is_latest(self) -> bool | Unknown:
        """The text says `latest`, and no digest decides instead."""
        return self._unless_pinned(lambda tag: tag == "latest")

    @property
    def is_floating(self) -> bool | Unknown:
        """What is pulled changes while the text does not: no tag, or a channel such as `latest` or `edge`."""
        if self.is_untagged is True:
            return True
        return self._unless_pinned(lambda tag: _names_a_channel(tag.lower()))

    @property
    def is_official(self) -> bool | Unknown:
        """One of Docker's official images."""
        if isinstance(self.name, Unknown):
            return UNKNOWN
        return self.facts is not None and self.facts.is_official

    @property
    def scan(self) -> Scan | Unknown | None:
        """What scanners found in it; UNKNOWN where no report is about it, None for the empty image."""
        if self.is_scratch is True:
            return None
        scans = None if self.knowledge is None else self.knowledge.scans
        if scans is None or not self._is_named:
            return UNKNOWN
        digest = None if self.digest is None else self.digest.known
        return scans.of(str(self.registry), str(self.name), known(self.tag), digest) or UNKNOWN

    @property
    def is_scanned(self) -> bool | Unknown:
        """A report of a scanner is about it; UNKNOWN where none was given, or a variable holds its name."""
        if self.knowledge is None or self.knowledge.scans is None or not self._is_named:
            return UNKNOWN
        return not isinstance(self.scan, Unknown)

    @property
    def _is_named(self) -> bool:
        """It is known which image it is, and there is something in it."""
        return self.is_resolved and self.is_scratch is False and self.problem is None

    @property
    def is_minimal(self) -> bool | Unknown:
        """It is made to hold little: empty, Alpine, slim, distroless; UNKNOWN for one that nobody knows."""
        if isinstance(self.name, Unknown) or self.is_scratch is True:
            return UNKNOWN if isinstance(self.name, Unknown) else True
        tag = "" if self.tag is None else self.tag.known
        if tag is None:
            return UNKNOWN
        words = {*_WORDS.split(self.name.lower()), *_WORDS.split(tag.lower())}
        if any(word.startswith(small) for word in words for small in ordered_words("images", "small-bases")):
            return True
        return False if self.facts is not None else UNKNOWN

    @property
    def is_own(self) -> bool:
        """The repository that the file lies in publishes it, or its owner does, as the names tell."""
        owner, _, name = (self.knowledge.origin if self.knowledge else "").partition("/")
        if not name or isinstance(self.name, Unknown) or "/" not in self.name:
            return False
        *_, namespace, last = map(_letters, self.name.split("/"))
        return namespace in (_letters(owner), _letters(name)) or last == _letters(name)

    @property
    def is_stand_in(self) -> bool:
        """It takes the place of what a program meets in production: a mail catcher, an emulator …"""
        return self.name in _STAND_INS

    @property
    def has_no_versions(self) -> bool:
        """Its publisher offers moving tags alone, so that nothing but a digest would pin it."""
        return isinstance(self.name, str) and self.name.startswith(_WITHOUT_VERSIONS)

    @property
    def is_unpublished(self) -> bool:
        """Docker Hub has no image of this name: all that it has without a namespace are official."""
        is_bare = isinstance(self.name, str) and "/" not in self.name and self.registry == "docker.io"
        return is_bare and self.facts is None and self.is_scratch is not True

    @property
    def is_datastore(self) -> bool | Unknown:
        """A database, broker, cache or search engine; UNKNOWN for an image that nothing is known about."""
        if self.facts is None or not self.facts.role:
            return UNKNOWN
        return self.facts.role == "datastore"

    @property
    def is_end_of_life(self) -> bool | Unknown:
        """The release line the tag names gets no more fixes; UNKNOWN when no line is recognised."""
        return UNKNOWN if self.release is None else self.release.is_ended

    @property
    def ended_of_late(self) -> bool:
        """Its line ended less than a year ago, and those of its product live for weeks, so that is normal."""
        line = self.release
        if line is None or line.end_of_life is None or self.knowledge is None:
            return False
        return line.product in _RAPID and self.knowledge.today - line.end_of_life < _FAR_BEHIND

    @property
    def end_of_life(self) -> date | None:
        """First day without fixes."""
        return None if self.release is None else self.release.end_of_life

    @property
    def supported_release(self) -> str | None:
        """The newer line to move to: with long-term support, else the newest that is supported."""
        if self.facts is None:
            return None
        line = self.facts.current if self.release is None else self.facts.line_after(self.release)
        return None if line is None else line.cycle

    @property
    def current_tag(self) -> str | None:
        """What its moving tag meant when the facts were collected: `3.24` for alpine:latest, `24-slim` for
        node:lts-slim.

        None where the facts do not say.
        """
        tag = "latest" if self.tag is None else self.tag.known
        if self.knowledge is None or self.facts is None or tag is None or self.is_floating is not True:
            return None
        tags = self.knowledge.bases.tags(self.facts.name) if self.registry == "docker.io" else None
        if tags is None:
            return None
        found = tags.behind(tag, self.facts.is_supported, self.facts.lines)
        return found or self._current_line(tag, tags)

    def _current_line(self, tag: str, tags: Tags) -> str | None:
        """The same by the line that a channel follows: debian:stable-slim is none of the tags of 13."""
        channel, variant = tag_parts(tag)
        line = None if self.facts is None else self.facts.line_of(channel)
        if line is None or (self.base is not None and self.base.is_ended):
            return None
        found = tag_of(line.cycle, variant)
        return found if tags.has(found) else None

    @property
    def successor(self) -> Successor | None:
        """The image that takes its place, as its publisher says; None where nobody says so."""
        return None if self.knowledge is None else successor_of(self, self.knowledge)

    @property
    def newest_tag(self) -> str | None:
        """The same variant of the line to move to, whether or not what runs on it will bear that."""
        return None if self.knowledge is None else newest_of(self, self.knowledge)

    @property
    def locked_tag(self) -> str | None:
        """Its tag with the digest that the project's lock has for it."""
        tag = "latest" if self.tag is None else self.tag.known
        if tag is None or isinstance(self.name, Unknown) or self.digest is not None:
            return None
        return self.locked(self.name, tag)

    @property
    def as_locked(self) -> str | None:
        """Its tag with the digest that the project's lock has for it, where the text has none, or one that
        the lock has moved on from."""
        if self.digest is None or self.knowledge is None:
            return self.locked_tag
        tag, digest = known(self.tag), known(self.digest)
        if tag is None or isinstance(self.name, Unknown):
            return None
        is_replaced = digest in self.knowledge.replaced.get(f"{self.name}:{tag}", ())
        found = self.locked(self.name, tag) if is_replaced else None
        return None if found == f"{tag}@{digest}" else found

    def locked(self, name: str, tag: str) -> str | None:
        """A tag with the digest that the project's lock has for it; None where it has none."""
        digest = None if self.knowledge is None else self.knowledge.digests.get(f"{name}:{tag}")
        return None if digest is None else f"{tag}@{digest}"

    @property
    def is_base_end_of_life(self) -> bool | Unknown:
        """The operating system that the tag names beside the version gets no more fixes."""
        return UNKNOWN if self.base is None else self.base.is_ended

    @property
    def is_deprecated(self) -> bool | Unknown:
        """Its publishers told everybody to move on."""
        if isinstance(self.name, Unknown):
            return UNKNOWN
        return self.facts is not None and self.facts.is_deprecated

    @property
    def replacement(self) -> str:
        """What its publishers point to instead; "" when nothing."""
        return "" if self.facts is None else self.facts.replacement

    @property
    def default_user(self) -> str | Unknown:
        """The user its configuration names for this tag; UNKNOWN when the facts do not say."""
        if self.facts is None or (
            self.facts.users_by_tag and self.tag is not None and self.tag.known is None
        ):
            return UNKNOWN
        user = self.facts.user_of(known(self.tag) or "latest")
        return UNKNOWN if user is None else user

    @property
    def starts_as_root(self) -> bool | Unknown:
        """The user that its configuration names is root, or nobody; its entrypoint may leave root then."""
        if self.is_scratch is True:
            return True
        return starts_as_root(self.default_user) if isinstance(self.default_user, str) else UNKNOWN

    @property
    def workdir(self) -> str | Unknown:
        """The directory that its configuration names for this tag; UNKNOWN when the facts do not say."""
        if self.is_scratch is True:
            return "/"
        if self.facts is None or (self.tag is not None and self.tag.known is None):
            return UNKNOWN
        return self.facts.workdir_of(known(self.tag) or "latest") or UNKNOWN

    @property
    def drops_root(self) -> bool | Unknown:
        """Starts as root, and its own entrypoint then continues as another user; UNKNOWN without facts."""
        if self.facts is None or self.facts.default_user is None:
            return UNKNOWN
        return self.facts.drops_root

    def _unless_pinned(self, holds: Callable[[str], bool]) -> bool | Unknown:
        """A fact about the tag, which counts only when no digest decides."""
        if self.is_pinned is not False:
            return False if self.is_pinned is True else UNKNOWN
        if self.tag is None:
            return False
        return UNKNOWN if isinstance(self.tag.value, Unknown) else holds(self.tag.value)


def _names_a_channel(tag: str) -> bool:
    """`latest`, `edge`, `stable-alpine`, `alpine`: the first word names a channel and no digit follows."""
    return tag.split("-", 1)[0] in _MOVING_WORDS and not any(map(str.isdigit, tag))


def _letters(name: str) -> str:
    """A name as it is compared: registries and code hosts spell the same one with and without dashes."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
