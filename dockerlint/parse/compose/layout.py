"""What the reader of YAML is told about Compose files; the rest is loaded for a damaged one only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dockerlint.yaml.nodes import Node
from dockerlint.yaml.outline import FileLayout, Outline


class _ComposeLayout(FileLayout):
    """Sections at the top, services below one of them, keys of a service below each."""

    def outline(self, text: str) -> Outline:
        from dockerlint.parse.compose.outline import outline

        return outline(text)

    def refuse_swallowed(self, text: str, documents: Sequence[Node]) -> None:
        from dockerlint.parse.compose.outline import refuse_swallowed_services

        refuse_swallowed_services(text, documents)

    def swallows_keys(self, text: str, start: int, end: int) -> bool:
        from dockerlint.parse.compose.lines import swallows_keys

        return swallows_keys(text, start, end)


COMPOSE: Final[FileLayout] = _ComposeLayout()
