"""What a container is: the same nodes for a Compose service, `docker inspect` and `docker run`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.image import Image
from dockerlint.model.shared import Comment, Located, Problem
from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class Container:
    """One container, wherever it was declared."""

    KINDS: ClassVar = ("container",)
    CHILDREN: ClassVar = ("image",)

    name: str
    image: Image | None
    privileged: Located[bool] | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Project:
    """A whole Compose file."""

    KINDS: ClassVar = ("project",)
    CHILDREN: ClassVar = ("containers", "problems")

    containers: tuple[Container, ...]
    problems: tuple[Problem, ...]
    comments: tuple[Comment, ...]
    span: Span = field(compare=False)
