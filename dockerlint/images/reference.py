"""How the text of an image reference falls apart.

Grammar and defaults: github.com/distribution/reference, regexp.go and normalize.go. UNRESOLVED may stand in
the text for a variable; a part that contains it is UNKNOWN.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dockerlint.regex import pattern
from dockerlint.values import UNKNOWN, UNRESOLVED, Unknown

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = pattern(rf"{_COMPONENT}(?:/{_COMPONENT})*\Z")
_TAG = pattern(r"\w[\w.-]{0,127}\Z", re.ASCII)
_PINNING_DIGEST = pattern(r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})\Z")
_SERVER = pattern(r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?\Z")


class Parts(NamedTuple):
    """A reference cut at its tag and digest; UNRESOLVED may stand inside."""

    path: str
    tag: str | None
    digest: str | None


def whole(value: str) -> str | Unknown:
    """The value, or UNKNOWN when it contains a variable."""
    return UNKNOWN if UNRESOLVED in value else value


def cut(value: str) -> Parts:
    """Cut a reference: the colon of a port is none of a tag."""
    path, at, digest = value.partition("@")
    slash = path.rfind("/")
    colon = path.rfind(":")
    if colon > slash:
        return Parts(path[:colon], path[colon + 1 :], digest if at else None)
    # `${PREFIX}alpine` and `node${SUFFIX}` may bring a tag along; `${REGISTRY}/node` may not.
    tag = UNRESOLVED if UNRESOLVED in path[slash + 1 :] else None
    return Parts(path, tag, digest if at else None)


def normalise(path: str) -> tuple[str | Unknown, str | Unknown]:
    """Registry and familiar name: `docker.io/library/node` is `node` of `docker.io`."""
    host, rest = _host_and_rest(path)
    if UNRESOLVED in (path if "/" not in path else path.partition("/")[0]):
        return UNKNOWN, UNKNOWN
    if host and host not in ("docker.io", "index.docker.io"):
        return host, whole(path)
    short = rest.removeprefix("library/")
    return "docker.io", whole(rest if "/" in short else short)


def is_pinning(digest: str) -> bool:
    """The digest decides the content: sha256 or sha512 in full."""
    return bool(_PINNING_DIGEST.match(digest))


def is_server(text: str) -> bool:
    """A host name or address, with or without a port, and nothing else that an address may hold."""
    return len(text) <= 300 and bool(_SERVER.match(text))


def find_problem(value: str, parts: Parts) -> str | None:
    """Why Docker refuses the reference; None when it does not, or a variable decides."""
    if UNRESOLVED in value:
        return None
    path = parts.path
    if not _REPOSITORY.match(_host_and_rest(path)[1]):
        why = "must be lower case" if path != path.lower() else "is not a valid name"
        return f"image name {path!r} {why}" if path else "image name is empty"
    if parts.tag is not None and not _TAG.match(parts.tag):
        return f"image tag {parts.tag!r} is not valid"
    if parts.digest is not None and not is_pinning(parts.digest):
        return "image digest is not sha256: and 64 lower-case hexadecimal digits"
    return None


def _host_and_rest(path: str) -> tuple[str, str]:
    """splitDockerDomain: the first part is a host when it could not be part of a repository's name."""
    first, slash, rest = path.partition("/")
    is_host = "." in first or ":" in first or first == "localhost" or first != first.lower()
    return (first, rest) if slash and is_host else ("", path)
