"""What a suppression comment means, once it is known what it hid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.text import Span
from dockerlint.values import Located


@dataclass(frozen=True, slots=True)
class SuppressedRule:
    """One rule that a comment of ours names, or `every rule` where it names none."""

    KINDS: ClassVar[tuple[str, ...]] = ("suppressed_rule",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """As written."""
    is_unknown: bool
    """No rule has this id or name, and no tool we know has it either."""
    suggestion: str
    """The rule that was probably meant, or ""."""
    is_unused: bool
    """The rule was evaluated here and gave nothing to hide."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One `# dockerlint: ignore` comment; other tools' comments are honoured and not linted."""

    KINDS: ClassVar[tuple[str, ...]] = ("suppression",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("rules",)

    rules: tuple[SuppressedRule, ...]
    """Never empty, but where the comment is malformed."""
    reason: str
    """The reason given; "" for none."""
    until: Located[str] | None
    """The last day on which it holds, as `YYYY-MM-DD`."""
    malformed: str
    """What of the comment is not understood, or ""; such a comment hides nothing."""
    is_expired: bool
    """The day behind `until` has passed."""
    lacks_reason: bool
    """Reasons are required by the config and it gives none."""
    is_forbidden: bool
    """The config forbids inline suppression; the comment hides nothing."""
    span: Span = field(compare=False)

    @property
    def is_malformed(self) -> bool:
        """Something of the comment is not understood."""
        return bool(self.malformed)
