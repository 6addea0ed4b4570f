"""The texts around a file that what was read of it rests on."""

from __future__ import annotations

from dockerlint.kinds import TextOf


class SeenTexts:
    """Gives texts, and remembers which were asked for."""

    def __init__(self, text_of: TextOf) -> None:
        self._text_of = text_of
        self._seen: dict[str, str | None] = {}

    def text_of(self, name: str) -> str | None:
        """A text, which is the same from then on."""
        if name not in self._seen:
            self._seen[name] = self._text_of(name)
        return self._seen[name]

    def are_those_of(self, text_of: TextOf) -> bool:
        """Whether all texts are the same; if so, those that were not asked for come from there."""
        if any(text_of(name) != text for name, text in self._seen.items()):
            return False
        self._text_of = text_of
        return True
