"""What is told of a text beside its findings, where somebody asks: passes, verdicts, images, a census."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from dockerlint.linting.linted import Telling
from dockerlint.linting.passing import Checked, Passing
from dockerlint.model.node import Node
from dockerlint.ruleset.rule import Scope
from dockerlint.ruleset.ruleset import Ruleset

Nodes: TypeAlias = Iterator[tuple[Node, Scope]]


class OutcomeListener:
    """Listens to the lint of one text, and goes over it again for what that does not ask."""

    def __init__(self, ruleset: Ruleset, telling: Telling) -> None:
        self._ruleset = ruleset
        self._telling = telling
        self._passing: Final = Passing(ruleset) if telling & Telling.PASSES else None

    def note(self, node: Node, scope: Scope, said: Mapping[str, bool | None]) -> None:
        """Take up what the rules said that may fire on a node or cannot tell; the others do not fire."""
        if self._passing is not None:
            self._passing.note(node, scope, said)

    def told(self, nodes: Callable[[], Nodes], text: str | None) -> dict[str, Any]:
        """Fields of `Linted`; `text` is that of a file that belongs to no project."""
        told: dict[str, Any] = {"checked": self._checked(nodes)}
        if self._telling & Telling.IMAGES:
            told["images"] = tuple(_images(nodes()))
        if self._telling & Telling.CENSUS:
            from dockerlint.linting.census import census_of

            told["census"] = census_of(nodes(), text)
        return told

    def _checked(self, nodes: Callable[[], Nodes]) -> tuple[Checked, ...]:
        if self._passing is not None:
            passed = self._passing.checked()
            if not self._telling & Telling.UNDECIDED:
                return passed
            from dockerlint.linting.undecided import undecided

            rules = undecided(nodes(), self._ruleset)
            return tuple(
                one._replace(undecided=rules.get((one.subject, one.subject_kind), ())) for one in passed
            )
        if not self._telling & Telling.VERDICTS:
            return ()
        from dockerlint.linting.judging import judged

        return judged(nodes(), self._ruleset)


def _images(nodes: Nodes) -> Iterator[str]:
    """The images that are named in full."""
    for node, _ in nodes:
        if "image" in node.KINDS:
            image: Any = node
            if image.is_resolved and image.is_scratch is False and image.problem is None:
                yield image.reference
