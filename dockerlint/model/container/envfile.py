"""Files of variables that Compose hands to services, or reads for itself, with the secrets in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span


@dataclass(frozen=True, slots=True)
class EnvFile:
    """One file of `env_file`, or the `.env` of the project, told where it is used first."""

    KINDS: ClassVar[tuple[str, ...]] = ("env_file",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    path: str
    """From the folder of the Compose file."""
    secrets: tuple[str, ...]
    """Names of its variables that hold a literal secret."""
    is_guessable: bool
    """All of them are among the passwords that are tried first."""
    span: Span = field(compare=False)
    is_tracked: bool = True
    """It is part of the repository; false where git does not say so."""

    @property
    def first_secret(self) -> str | None:
        """The name of the first secret."""
        return self.secrets[0] if self.secrets else None
