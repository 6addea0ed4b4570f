"""What a Dockerfile means: build, stages, instructions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.command import Command
from dockerlint.model.image import Image
from dockerlint.model.shared import Comment, Located, Problem
from dockerlint.model.variable import Variable
from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; the subclasses add what their keyword means."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    keyword: Located[str]
    """Upper case; the span is the word as written."""
    span: Span = field(compare=False)
    """From the keyword to the last character, heredoc bodies included, final line break excluded."""
    is_onbuild: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Run(Instruction):
    KINDS: ClassVar = ("instruction", "run")
    CHILDREN: ClassVar = ("commands",)

    commands: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """From one FROM to the next."""

    KINDS: ClassVar = ("stage",)
    CHILDREN: ClassVar = ("image", "instructions")

    index: int
    name: Located[str] | None
    image: Image | None
    """The external base image; None when it builds on another stage or on scratch."""
    parent: Stage | None
    """The stage it builds on."""
    is_final: bool
    """The stage that is judged for what runs."""
    instructions: tuple[Instruction, ...]
    span: Span = field(compare=False)
    """The whole stage; `opening` is what a finding about the stage underlines."""


@dataclass(frozen=True, slots=True)
class Build:
    """A whole Dockerfile."""

    KINDS: ClassVar = ("build",)
    CHILDREN: ClassVar = ("arguments", "stages", "problems")

    arguments: tuple[Variable, ...]
    """Global ARGs, before the first FROM."""
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
    comments: tuple[Comment, ...]
    span: Span = field(compare=False)
