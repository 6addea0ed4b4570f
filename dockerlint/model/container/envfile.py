"""Files beside a project with secrets in them: variables for services or Compose itself, files of secrets and
of configs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class EnvFile:
    """One file of `env_file`, `secrets` or `configs`, or the `.env` of the project, and its first secret.

    It is told where that is set, or else where the file is named first.
    """

    KINDS: ClassVar[tuple[str, ...]] = ("env_file",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    path: str
    """From the folder of the Compose file."""
    secrets: tuple[str, ...]
    """Names under which it holds a literal secret, or that of the secret that it is."""
    is_guessable: bool
    """All of them are among the passwords that are tried first."""
    span: Span = field(compare=False)
    secret_spans: tuple[Span, ...] = field(default=(), compare=False)
    """What no report may show."""
    standing: str = "tracked"
    """`tracked` where it is part of the repository, `open` where git would take it: no ignore file leaves it
    out; "" else."""
    context_of: tuple[str, ...] = ()
    """The services in whose build context it lies, where no `.dockerignore` leaves it out."""
    copied_for: tuple[str, ...] = ()
    """Those of them whose image copies it."""

    @property
    def receivers(self) -> str:
        """The services whose build gets it, for a sentence."""
        return ", ".join(self.copied_for or self.context_of)

    @property
    def first_secret(self) -> str | None:
        """The name of the first secret."""
        return self.secrets[0] if self.secrets else None
