"""Reports of `trivy image --format json`. Source: pkg/types/report.go and detectedvulnerability of Trivy."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.scans.found import ImageReport, Vulnerability, digests_in, level_of
from dockerlint.scans.loose import below, day_at, items_at, text_at, texts_at


def is_trivy(document: object) -> bool:
    """Whether it is such a report."""
    return below(document, "SchemaVersion") is not None or bool(text_at(document, "ArtifactName"))


def read_trivy(document: object) -> Iterator[ImageReport]:
    """One image; of a file system no name is known."""
    is_image = text_at(document, "ArtifactType") == "container_image"
    names = (text_at(document, "ArtifactName"), *texts_at(document, "Metadata", "RepoTags"))
    repositories = tuple(texts_at(document, "Metadata", "RepoDigests"))
    yield ImageReport(
        "Trivy",
        tuple(dict.fromkeys(one for one in names if one)) if is_image else (),
        digests_in((*names, *repositories)),
        day_at(document, "CreatedAt"),
        tuple(_found(document)),
    )


def _found(document: object) -> Iterator[Vulnerability]:
    for result in items_at(document, "Results"):
        for one in items_at(result, "Vulnerabilities"):
            yield Vulnerability(
                text_at(one, "VulnerabilityID"),
                level_of(text_at(one, "Severity")),
                text_at(one, "PkgName"),
                text_at(one, "InstalledVersion"),
                text_at(one, "FixedVersion"),
            )
