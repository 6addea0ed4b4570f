"""The ports that a Dockerfile says its container listens on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known


@dataclass(frozen=True, slots=True)
class ExposedPort:
    """One port, or range of ports, of an EXPOSE."""

    KINDS: ClassVar[tuple[str, ...]] = ("exposed_port",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    text: Located[str]
    """The word as written, protocol included."""
    first: int | Unknown
    """The lowest port."""
    last: int | Unknown
    """The same as `first` unless the text is a range."""
    protocol: str | Unknown
    """Lower case; `tcp` when the text names none."""
    span: Span = field(compare=False)
    has_host_part: bool = False
    """`8080:80` or an address: EXPOSE takes none of it."""
    is_repeated: bool = False
    """The stage has exposed the same port before."""

    @property
    def is_written(self) -> bool:
        """It stands there as it is; a variable that holds it may hold more."""
        text = known(self.text)
        return text is not None and len(text) == self.span.end - self.span.start

    @property
    def container_part(self) -> str | None:
        """The port of the container with its protocol, which is all that EXPOSE takes.

        None where a variable holds it, which others may read as well.
        """
        text = known(self.text)
        return text.rpartition(":")[2] if text is not None and self.is_written else None

    @property
    def in_lower_case(self) -> str | None:
        """The word with its protocol in small letters."""
        text = known(self.text)
        return None if text is None else text.lower()

    @property
    def is_out_of_range(self) -> bool | Unknown:
        """Not within 0 and 65535, or a range that ends before it starts."""
        if isinstance(self.first, Unknown) or isinstance(self.last, Unknown):
            return UNKNOWN
        return not 0 <= self.first <= self.last <= 65535

    @property
    def includes_ssh(self) -> bool | Unknown:
        """Port 22 of TCP is among them; SSH speaks no other protocol."""
        if isinstance(self.first, Unknown) or isinstance(self.last, Unknown):
            return UNKNOWN
        if not self.first <= 22 <= self.last:
            return False
        return UNKNOWN if isinstance(self.protocol, Unknown) else self.protocol == "tcp"


@dataclass(frozen=True, slots=True)
class Expose(Instruction):
    """Says which ports the container listens on."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "expose")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "ports")

    ports: tuple[ExposedPort, ...] = ()
