"""Image references: one reading for FROM, COPY --from, RUN --mount=from= and Compose `image:`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.knowledge import ImageFacts, Knowledge
from dockerlint.model.shared import Located, Unknown
from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class Image:
    """A reference to an image, resolved as far as the text allows."""

    KINDS: ClassVar = ("image",)
    CHILDREN: ClassVar = ()

    reference: str | Unknown
    """The whole reference after expansion of variables."""
    registry: str | Unknown
    """`docker.io` when the text names none."""
    name: str | Unknown
    """Familiar name: `node`, `grafana/grafana`, `ghcr.io/owner/app`."""
    tag: Located[str] | None
    digest: Located[str] | None
    origin: str
    """Where it stands: `from`, `copy`, `mount`, `service`."""
    span: Span = field(compare=False)
    facts: ImageFacts | None = None


def read_image(text: Located[str], origin: str, knowledge: Knowledge) -> Image:
    """Read a reference (distribution reference grammar). Never raises; what cannot be read is UNKNOWN."""
    raise NotImplementedError
