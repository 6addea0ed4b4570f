"""Reports of `grype --output json`. Source: grype/presenter/models of Grype."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.scans.found import ImageReport, Vulnerability, digests_in, level_of
from dockerlint.scans.loose import below, day_at, items_at, text_at, texts_at


def is_grype(document: object) -> bool:
    """Whether it is such a report."""
    return isinstance(below(document, "matches"), list)


def read_grype(document: object) -> Iterator[ImageReport]:
    """One image; of a folder or a list of packages no name is known."""
    target = below(document, "source", "target")
    is_image = text_at(document, "source", "type") == "image"
    names = (text_at(target, "userInput"), *texts_at(target, "tags"))
    repositories = tuple(texts_at(target, "repoDigests"))
    manifest = text_at(target, "manifestDigest")
    yield ImageReport(
        "Grype",
        tuple(dict.fromkeys(one for one in names if one)) if is_image else (),
        (*digests_in((*names, *repositories)), *([manifest] if manifest else [])),
        day_at(document, "descriptor", "timestamp"),
        tuple(_found(document)),
    )


def _found(document: object) -> Iterator[Vulnerability]:
    for one in items_at(document, "matches"):
        yield Vulnerability(
            text_at(one, "vulnerability", "id"),
            level_of(text_at(one, "vulnerability", "severity")),
            text_at(one, "artifact", "name"),
            text_at(one, "artifact", "version"),
            next(texts_at(one, "vulnerability", "fix", "versions"), ""),
        )
