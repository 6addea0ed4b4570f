"""Regular expressions that are compiled when they are first used.

A run defines some hundred of them and uses a third; compiling the others would be a tenth of its start-up.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Waiting:
    """Stands for a compiled pattern, and becomes as fast as one with its first use."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, later."""
    return cast("re.Pattern[str]", _Waiting(source, flags))
