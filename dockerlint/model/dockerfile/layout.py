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
class DefinitionComment:
    """A comment right above an ARG or a named stage, which Docker may show as its description."""

    KINDS: ClassVar[tuple[str, ...]] = ("definition_comment",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    names: tuple[str, ...]
    """The arguments, or the stage."""
    first_word: str
    """How the comment begins."""
    span: Span = field(compare=False)

    @property
    def name(self) -> str:
        """The first of the names."""
        return self.names[0]

    @property
    def begins_with_name(self) -> bool:
        """Docker takes it for a description then."""
        return self.first_word in self.names


@dataclass(frozen=True, slots=True)
class PeerPragma:
    """A comment by which another tool is told to be quiet: `# hadolint ignore=…`."""

    KINDS: ClassVar[tuple[str, ...]] = ("peer_pragma",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    tool: str
    """`hadolint`, `checkov`, `trivy`, `kics`, `tally` …"""
    span: Span = field(compare=False)
