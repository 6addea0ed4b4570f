"""Which image or tag takes the place of one that gets no more fixes, as far as the facts say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from dockerlint.images.facts import ImageFacts, Knowledge, Release
from dockerlint.images.tags import Promise, Tags, cut, join
from dockerlint.regex import pattern
from dockerlint.values import Located, Unknown, known

_NUMBERS = pattern(r"\d+(?:\.\d+)*")
_JAVA = pattern(r"(?P<line>\d+)(?P<rest>[u.][\w.]*)?(?P<words>(?:-[a-z][\w.]*)*)\Z")
_ON_DEBIAN = frozenset({"slim", "jessie", "stretch", "buster", "bullseye", "bookworm"})
_ALPINE = pattern(r"alpine[\d.]*\Z")
_DISTRIBUTIONS = frozenset({"alpine", "debian", "ubuntu"})
"""Images that are nothing but a distribution."""


@dataclass(frozen=True, slots=True)
class Successor:
    """Where to move, and what that rests on."""

    reference: str
    """Name and tag: `golang:1.27-alpine`."""
    promise: Promise
    system: Release | None
    """The distribution below it; None where the tags do not say."""
    is_leaner: bool = False
    """It brings fewer programs, so that a script may miss one."""


class NamedImage(Protocol):
    """What is asked of a reference to an image."""

    @property
    def registry(self) -> str | Unknown: ...
    @property
    def name(self) -> str | Unknown: ...
    @property
    def tag(self) -> Located[str] | None: ...
    @property
    def digest(self) -> Located[str] | None: ...
    @property
    def facts(self) -> ImageFacts | None: ...
    @property
    def release(self) -> Release | None: ...
    @property
    def is_end_of_life(self) -> bool | Unknown: ...
    @property
    def is_base_end_of_life(self) -> bool | Unknown: ...


def successor_of(image: NamedImage, knowledge: Knowledge) -> Successor | None:
    """The move that its publisher speaks for; None where there is none, or no such tag."""
    name, tag = _written(image)
    promise = knowledge.bases.promise(name) if name and tag else None
    if promise is None or image.digest is not None or image.registry != "docker.io":
        return None
    if promise.image != name:
        return _elsewhere(tag, promise, knowledge)
    tags, line = knowledge.bases.tags(name), _line(image, promise)
    if tags is None or line is None:
        return None
    found = _same_image(image, tag, line, tags, knowledge)
    return _made(promise, found, tags, knowledge) if found else None


def newest_of(image: NamedImage, knowledge: Knowledge) -> str | None:
    """The tag of the line to move to, promised or not, its variant kept; None where there is no such tag."""
    name, tag = _written(image)
    tags = knowledge.bases.tags(name) if name and tag else None
    if tags is None or image.facts is None:
        return None
    line = image.release if image.is_end_of_life is not True else image.facts.current
    found = None if line is None else _same_image(image, tag, line, tags, knowledge)
    return None if found == tag else found


def _written(image: NamedImage) -> tuple[str, str]:
    return ("" if isinstance(image.name, Unknown) else image.name, known(image.tag) or "")


def _made(promise: Promise, tag: str, tags: Tags, knowledge: Knowledge, is_leaner: bool = False) -> Successor:
    system = _system(promise.image, tag, tags, knowledge)
    return Successor(f"{promise.image}:{tag}", promise, system, is_leaner)


def _line(image: NamedImage, promise: Promise) -> Release | None:
    """The release line to be on: the same one while it is supported, else the one to start with."""
    release = image.release
    if release is None or image.facts is None:
        return None
    if not release.is_ended:
        return release if image.is_base_end_of_life is True else None
    if not promise.oldest or _numbers(release.cycle) < _numbers(promise.oldest):
        return None
    return image.facts.line_after(release)


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    return tuple(int(one) for one in found.group().split(".")) if found else ()


def _same_image(image: NamedImage, tag: str, line: Release, tags: Tags, knowledge: Knowledge) -> str | None:
    """The tag of a release line in the variant of another tag, on a distribution with support."""
    version, variant = cut(tag)
    head = line.codename if image.release and version == image.release.codename else line.cycle
    for words in _variants(variant, knowledge):
        found = join(head, words)
        if tags.has(found):
            is_exact = version.count(".") > line.cycle.count(".") and head == line.cycle
            return tags.exact(found) if is_exact else found
    return None


def _variants(variant: str, knowledge: Knowledge) -> Iterator[str]:
    """The variant, unless its distribution gets no more fixes; then with its later releases, newest first."""
    words = variant.split("-") if variant else []
    bases = [(at, word, base) for at, word in enumerate(words) if (base := knowledge.find_base(word))]
    if not any(base.is_ended for _, _, base in bases):
        yield variant
    for at, word, base in bases:
        for later in _later(word, base, knowledge):
            yield "-".join((*words[:at], later, *words[at + 1 :]))


def _later(word: str, base: Release, knowledge: Knowledge) -> Iterator[str]:
    """`trixie`, `bookworm` for `buster`; `alpine3.24`, `alpine3.23` … for `alpine3.7`."""
    facts = knowledge.find(re.split(r"\d", word, maxsplit=1)[0] or word) or _distribution(base, knowledge)
    for release in facts.releases if facts else ():
        if not release.is_ended:
            yield release.codename if word == base.codename else word.replace(base.cycle, release.cycle)


def _distribution(base: Release, knowledge: Knowledge) -> ImageFacts | None:
    """The facts of the image that is nothing but this distribution."""
    return knowledge.find(base.product.split()[0].lower())


def _elsewhere(tag: str, promise: Promise, knowledge: Knowledge) -> Successor | None:
    """What a tag of openjdk is called by eclipse-temurin: `8u342-jre-slim` → the newest `8u…-jre`."""
    read, tags = _JAVA.match(tag), knowledge.bases.tags(promise.image)
    if read is None or tags is None:
        return None
    words = [word for word in read["words"].split("-") if word and word not in _ON_DEBIAN]
    kind = next((word for word in words if word in ("jdk", "jre")), "jdk")
    systems = [word for word in words if word not in ("jdk", "jre")]
    if any(not _ALPINE.match(word) for word in systems) or not (systems or _stood_on_debian(read)):
        return None
    found = join(read["line"], f"{kind}-alpine" if systems else kind)
    if not tags.has(found):
        return None
    # The JDK on all of Debian stood on buildpack-deps:scm, which has ps, git and ssh.
    is_leaner = kind == "jdk" and not systems and "slim" not in tag
    return _made(promise, tags.exact(found) if read["rest"] else found, tags, knowledge, is_leaner)


def _stood_on_debian(read: re.Match[str]) -> bool:
    """Without a word that says so, openjdk stood on Debian up to 11, and from 12 on with `slim` only."""
    return int(read["line"]) <= 11 or any(word in _ON_DEBIAN for word in read["words"].split("-"))


def _system(name: str, tag: str, tags: Tags, knowledge: Knowledge) -> Release | None:
    """The distribution that the tags of one image name."""
    facts = knowledge.find(name)
    if name in _DISTRIBUTIONS and facts is not None:
        return facts.release_of(tag)
    words = {word for one in tags.beside(tag) for word in re.sub(r"alpine-(?=\d)", "alpine", one).split("-")}
    return next((base for word in sorted(words) if (base := knowledge.find_base(word))), None)
