"""What a client asks to be done: named in an action or a command, and sent back when somebody wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from dockerlint.findings import Finding

FIX: Final = "fix"
"""Fix one finding."""
FIX_ALL: Final = "fix-all"
"""Fix what a tier promises in the whole text."""
HARDEN: Final = "harden"
"""Fix all that hardens one service or stage."""
IGNORE: Final = "ignore"
"""Hide one finding by a comment."""


class Deed(NamedTuple):
    """One thing to be done to a version of an open text."""

    what: str
    uri: str
    version: int | None = None
    rule: str = ""
    start: int = 0
    """Where the finding stands, as an offset into the text."""
    end: int = 0
    subject_kind: str = ""
    subject: str = ""
    tier: str = ""
    reason: str = ""

    @classmethod
    def of_data(cls, data: object) -> Deed:
        """A deed as it came back from the client; raises ValueError for anything else."""
        if not isinstance(data, Mapping) or not all(
            isinstance(data.get(key), str) for key in ("what", "uri")
        ):
            raise ValueError("data of an action: expected what the server sent")
        known = {key: value for key, value in data.items() if key in cls._fields}
        if not all(isinstance(value, _TYPES.get(key, str)) for key, value in known.items()):
            raise ValueError("data of an action: expected what the server sent")
        return cls(**known)

    def as_data(self) -> dict[str, Any]:
        """What the client keeps of it."""
        return {key: value for key, value in self._asdict().items() if value not in ("", None)}

    def is_about(self, finding: Finding) -> bool:
        """Whether a finding is the one that is meant."""
        return (finding.rule.id, *finding.span) == (self.rule, self.start, self.end, "")

    def is_about_subject(self, finding: Finding) -> bool:
        """Whether a finding is about the service or stage that is meant."""
        return (finding.subject_kind, finding.subject) == (self.subject_kind, self.subject)


_TYPES: Final[Mapping[str, Any]] = {"version": (int, type(None)), "start": int, "end": int}
