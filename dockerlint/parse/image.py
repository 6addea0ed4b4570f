"""The text of an image reference → the model's `Image`: one reading for every place where one may stand."""

from __future__ import annotations

import re
from typing import Final

from dockerlint.data import word_table
from dockerlint.images.facts import Knowledge, Release
from dockerlint.images.reference import Parts, cut, find_problem, normalise, whole
from dockerlint.model.image import Image
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown, known

_CHANNELS: Final = word_table("images", "distribution-channels")


def read_image(
    text: Located[str], origin: str, knowledge: Knowledge, *, written: str = "", is_built: bool = False
) -> Image:
    """Read a reference (distribution reference grammar). Never raises; what cannot be read is UNKNOWN.

    `text.value` is the reference after expansion, each variable that could not be resolved replaced by
    UNRESOLVED (or UNKNOWN as a whole). `written` is the text under the span when that differs from the value:
    tag and digest get spans of their own wherever they stand literally at its end, else the whole span.
    """
    if isinstance(text.value, Unknown):
        tag: Located[str] = Located(UNKNOWN, text.span)
        return Image(UNKNOWN, UNKNOWN, UNKNOWN, tag, None, origin, text.span, is_built=is_built)
    parts = cut(text.value)
    registry, name = normalise(parts.path)
    located_tag, located_digest = _locate(parts, written or text.value, text.span)
    facts = None if isinstance(name, Unknown) else knowledge.find(name)
    known_tag = known(located_tag)
    channel = _channel_of(known_tag, knowledge) if known_tag and "_" in known_tag else None
    release = facts.release_of(known_tag) if facts and known_tag and channel is None else None
    return Image(
        reference=whole(text.value),
        registry=registry,
        name=name,
        tag=located_tag,
        digest=located_digest,
        origin=origin,
        span=text.span,
        facts=facts,
        release=release,
        base=channel or _find_base(name, known_tag, release, knowledge),
        is_built=is_built,
        problem=find_problem(text.value, parts),
        knowledge=knowledge,
    )


def _channel_of(tag: str, knowledge: Knowledge) -> Release | None:
    """The release of a distribution that keeps up all it publishes in a channel: `6.6-24.04_edge`."""
    version, _, channel = tag.rpartition("_")
    for distribution, channels in _CHANNELS.items():
        facts = knowledge.find(distribution) if channel in channels else None
        if facts is not None:
            return facts.release_of(version.rpartition("-")[2])
    return None


def _locate(parts: Parts, written: str, span: Span) -> tuple[Located[str] | None, Located[str] | None]:
    """Tag and digest with their own spans where the text spells them out."""
    end = span.start + len(written) if len(written) == span.end - span.start else None
    tail = written
    digest = tag = None
    if parts.digest is not None:
        digest, tail, end = _take(parts.digest, "@", tail, end, span)
    if parts.tag is not None:
        tag, _, _ = _take(parts.tag, ":", tail, end, span)
    return tag, digest


def _take(
    value: str, mark: str, tail: str, end: int | None, span: Span
) -> tuple[Located[str], str, int | None]:
    """Cut `mark` + `value` from the end of the written text; without a place, the whole span it is."""
    if end is None or not tail.endswith(mark + value) or UNRESOLVED in value:
        return Located(whole(value), span), tail, None
    start = end - len(value)
    place = span._replace(start=start, end=end)
    return Located(value, place), tail[: -len(value) - 1], start - 1


def _find_base(
    name: str | Unknown, tag: str | None, release: Release | None, knowledge: Knowledge
) -> Release | None:
    """The operating system told by a tag such as `3.12-slim-buster` or a name such as `static-debian10`."""
    if isinstance(name, Unknown):
        return None
    words = [*re.split(r"[-_]", tag or "")[1:], *name.rpartition("/")[2].split("-")[1:]]
    base = next((base for word in words if (base := knowledge.find_base(word))), None)
    return None if base is not None and release is not None and base.product == release.product else base
