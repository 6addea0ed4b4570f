"""Lines of a Dockerfile that mean nothing to the build, and something to those who read or check it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class EmptyContinuation:
    """Blank lines inside of one instruction, which a later version of Docker will refuse."""

    KINDS: ClassVar[tuple[str, ...]] = ("empty_continuation",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    gap: Span
    """The lines, with their line breaks."""
    span: Span = field(compare=False)
    """The escape character in front of them."""


@dataclass(frozen=True, slots=True)
class PeerPragma:
    """A comment by which another tool is told to be quiet: `# hadolint ignore=…`."""

    KINDS: ClassVar[tuple[str, ...]] = ("peer_pragma",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    tool: str
    """`hadolint`, `checkov`, `trivy`, `kics`, `tally` …"""
    span: Span = field(compare=False)
