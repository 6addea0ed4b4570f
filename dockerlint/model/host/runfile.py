"""A file with commands that make containers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.container.container import Container
from dockerlint.model.container.envfile import EnvFile
from dockerlint.model.secret.credential import Credential
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFile:
    """A script, or a document or unit that holds commands, and the containers that these make."""

    KINDS: ClassVar[tuple[str, ...]] = ("run_file",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("containers", "credentials", "problems", "env_files")

    containers: tuple[Container, ...] = ()
    credentials: tuple[Credential, ...] = ()
    """Tokens and keys of a known shape."""
    problems: tuple[Problem, ...] = ()
    env_files: tuple[EnvFile, ...] = ()
    """Files of variables that a line names and that hold secrets."""
    comments: tuple[Comment, ...] = ()
    span: Span = field(compare=False)
