"""One file of a scanner, whichever it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final

from dockerlint.errors import UserError
from dockerlint.scans.found import ImageReport, digests_in
from dockerlint.scans.grype import is_grype, read_grype
from dockerlint.scans.sarif import is_sarif, read_sarif
from dockerlint.scans.snyk import is_snyk, read_snyk
from dockerlint.scans.trivy import is_trivy, read_trivy

LARGEST: Final = 32_000_000
"""Bytes; the report on an image with some thousand vulnerabilities has a third."""
_FORMATS: Final = "Trivy JSON or SARIF, Grype JSON, Docker Scout SARIF or Snyk container JSON"
_READERS: Final[tuple[tuple[Callable[[object], bool], Callable[[object], Iterator[ImageReport]]], ...]] = (
    (is_sarif, read_sarif),
    (is_grype, read_grype),
    (is_trivy, read_trivy),
    (is_snyk, read_snyk),
)


class ScanError(UserError):
    """A scan report that cannot be used; the text names the file."""


def read_report(data: bytes, path: str, image: str = "") -> list[ImageReport]:
    """The images of a report; `image` is what the user calls the one of a report that names none.

    Raises ScanError.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ScanError(f"{path}{line}: not JSON; a scan report is {_FORMATS}") from error
    read = next((read for is_this, read in _READERS if is_this(document)), None)
    if read is None:
        raise ScanError(f"{path}: not a known scan report format: {_FORMATS}")
    found = list(read(document))
    if image:
        return [one._replace(images=(image,), digests=digests_in((image,))) for one in found]
    if not found or not all(one.images for one in found):
        raise ScanError(f"{path}: names no image; use --scan-report IMAGE={path}")
    return found
