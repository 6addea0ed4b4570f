"""What a registry keeps under a tag: an index of several platforms, or the manifest of one. Pure.

https://github.com/opencontainers/image-spec (image-index.md, manifest.md) and
https://distribution.github.io/distribution/spec/manifest-v2-2/.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from dockerlint.images.reference import is_pinning
from dockerlint.regex import pattern
from dockerlint.registry.errors import RegistryError

LARGEST: Final = 4_000_000
"""Bytes of a manifest; the distribution specification wants registries to take 4 MiB."""
INDEXES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS: Final = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
ACCEPT: Final = ", ".join((*INDEXES, *MANIFESTS))
_OLD: Final = pattern(r"application/vnd\.docker\.distribution\.manifest\.v1\+")
_PLATFORM_WORD: Final = pattern(r"[a-z0-9_]{1,20}\Z")
_MOST_SHOWN: Final = 12


class Manifest(NamedTuple):
    """What a tag names."""

    digest: str
    document: dict[str, Any]

    @property
    def is_index(self) -> bool:
        """It names a manifest for each of several platforms."""
        return isinstance(self.document.get("manifests"), list)


def read_manifest(body: bytes, content_type: str, promised: str) -> Manifest:
    """A manifest and its digest, which is that of its bytes.

    `promised` is what the registry calls the digest, "" where it says nothing. Raises RegistryError for what
    is no manifest of an image, and where the registry promised another digest.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if _OLD.match(kind):
        raise RegistryError(
            "its manifest has the old schema 1, whose digest pins nothing; push the image again"
        )
    document = _document(body, kind)
    if promised and not is_pinning(promised):
        raise RegistryError("the registry sent an invalid digest")
    algorithm = promised.partition(":")[0] or "sha256"
    digest = f"{algorithm}:{hashlib.new(algorithm, body).hexdigest()}"
    if promised and digest != promised:
        raise RegistryError("the content from the registry does not match its digest")
    return Manifest(digest, document)


def _document(body: bytes, kind: str) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        what = "a page" if kind == "text/html" else "something else"
        raise RegistryError(f"the response is {what}, not a manifest; is there a registry at this address?")
    if document.get("schemaVersion") == 1:
        raise RegistryError(
            "its manifest has the old schema 1, whose digest pins nothing; push the image again"
        )
    said = document.get("mediaType")
    if not any(one in (*INDEXES, *MANIFESTS) for one in (kind, said)):
        raise RegistryError("the content type of the response is not that of an image manifest")
    return document


def digest_for(manifest: Manifest, platform: str) -> str:
    """The digest of the manifest for `linux/arm64` or `linux/arm/v7`; raises RegistryError without one.

    An image of one platform is taken for what it is.
    """
    if not manifest.is_index:
        return manifest.digest
    rows = list(_rows(manifest.document["manifests"]))
    exact = [digest for name, digest in rows if name == platform]
    alike = [digest for name, digest in rows if name.startswith(f"{platform}/")]
    for digest in (*exact, *alike):
        return digest
    names = sorted({name for name, _ in rows})[:_MOST_SHOWN]
    there = f"; there are {', '.join(names)}" if names else ""
    raise RegistryError(f"the image has no platform {platform}{there}")


def _rows(manifests: list[Any]) -> Iterator[tuple[str, str]]:
    """Platform and digest of each entry that says both."""
    for one in manifests:
        platform = one.get("platform") if isinstance(one, dict) else None
        digest = one.get("digest") if isinstance(one, dict) else None
        if not isinstance(platform, dict) or not isinstance(digest, str) or not is_pinning(digest):
            continue
        given = (platform.get(key) for key in ("os", "architecture", "variant"))
        words = [word for word in given if isinstance(word, str) and _PLATFORM_WORD.match(word)]
        if len(words) > 1 and words[0] != "unknown":  # attestations have no platform
            yield "/".join(words), digest
