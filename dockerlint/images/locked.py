"""One image of a project's dockerlint.lock."""

from __future__ import annotations

from typing import Final, NamedTuple

MOST_REPLACED: Final = 10
"""Digests of earlier days that an entry remembers."""


class LockedImage(NamedTuple):
    """The digest that a project has settled on for a tag."""

    digest: str
    """`sha256:…` or `sha512:…`: that of the index where the image has several platforms, unless one was
    asked for."""
    date: str = ""
    """The day on which the tag had this digest, `2026-08-22`; "" where nobody wrote it down."""
    platform: str = ""
    """`linux/arm64` where the digest is of one platform; "" for all of them."""
    replaces: tuple[str, ...] = ()
    """Digests that this one took the place of, newest first: files that still have one are to be moved."""
