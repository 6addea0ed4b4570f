"""Reports of `snyk container test --json`, one image or a list of them. Source: the CLI of Snyk."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.scans.found import ImageReport, Vulnerability, digests_in, level_of
from dockerlint.scans.loose import below, items_at, number_at, text_at, texts_at

_PROJECT = "docker-image|"


def is_snyk(document: object) -> bool:
    """Whether it is such a report, or a list of them."""
    parts = document if isinstance(document, list) else [document]
    return any(isinstance(below(one, "vulnerabilities"), list) for one in parts)


def read_snyk(document: object) -> Iterator[ImageReport]:
    """Every image; what is no container has no name."""
    for part in document if isinstance(document, list) else [document]:
        project = text_at(part, "projectName")
        is_image = isinstance(below(part, "docker"), dict) or project.startswith(_PROJECT)
        name = text_at(part, "path") or project.removeprefix(_PROJECT)
        found = [*_found(part), *(one for app in items_at(part, "applications") for one in _found(app))]
        names = (name,) if is_image and name else ()
        yield ImageReport("Snyk", names, digests_in(names), None, tuple(found))


def _found(part: object) -> Iterator[Vulnerability]:
    for one in items_at(part, "vulnerabilities"):
        fixed = next(texts_at(one, "fixedIn"), "") or text_at(one, "nearestFixedInVersion")
        yield Vulnerability(
            next(texts_at(one, "identifiers", "CVE"), "") or text_at(one, "id"),
            level_of(text_at(one, "severity")),
            text_at(one, "packageName"),
            text_at(one, "version"),
            fixed,
            number_at(one, "cvssScore"),
        )
