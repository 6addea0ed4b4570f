"""Files beside a project with secrets in them: variables for services or Compose itself, and secret files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class EnvFile:
    """One file of `env_file` or of `secrets`, or the `.env` of the project, with the first secret in it.

    It is told where that is set, or else where the file is named first.
    """

    KINDS: ClassVar[tuple[str, ...]] = ("env_file",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    path: str
    """From the folder of the Compose file."""
    secrets: tuple[str, ...]
    """Names of its variables that hold a literal secret, or of the secret that it is."""
    is_guessable: bool
    """All of them are among the passwords that are tried first."""
    span: Span = field(compare=False)
    secret_spans: tuple[Span, ...] = field(default=(), compare=False)
    """What no report may show."""
    is_tracked: bool = True
    """It is part of the repository; false where git does not say so."""

    @property
    def first_secret(self) -> str | None:
        """The name of the first secret."""
        return self.secrets[0] if self.secrets else None
