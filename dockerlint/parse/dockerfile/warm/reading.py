"""Instructions of a Dockerfile as they were read before, where nothing that they depend on has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dockerlint.model.dockerfile.instruction import Arg, Env, Instruction
from dockerlint.model.dockerfile.running import Run
from dockerlint.parse.dockerfile.context import FileState, StageState, builds_as_root
from dockerlint.parse.dockerfile.effects import advance
from dockerlint.parse.dockerfile.instructions import read_instruction
from dockerlint.parse.dockerfile.statements import Layout, Statement
from dockerlint.parse.dockerfile.warm.stretch import StretchedText, TextRegion, stretched

_KEPT: Final = frozenset(
    ("RUN", "COPY", "ADD", "ARG", "ENV", "LABEL", "CMD", "ENTRYPOINT", "HEALTHCHECK", "WORKDIR", "USER")
)
"""Instructions that rest on no more than `_surroundings` tell."""
MOST_MARKS: Final = 20_000
"""Sets of variables that are told apart."""


class _Kept(NamedTuple):
    """An instruction, and what it was read with."""

    text: str
    """Of its region."""
    around: tuple[Any, ...]
    node: Instruction


class WarmReading:
    """Reads the versions of one Dockerfile; other texts and settings are the same for all of them."""

    def __init__(self) -> None:
        self.stretch = StretchedText([TextRegion(0, "", 0)])
        self._before: Sequence[TextRegion] = ()
        self._marks: dict[tuple[Any, ...], int] = {}
        self._known: dict[int, _Kept] = {}
        self._now: dict[int, _Kept] = {}
        self._names: tuple[tuple[str, int], ...] = ()
        """The stages above, as they were counted last."""

    def begin(self, text: str, layout: Layout) -> Layout:
        """Take up a version of the text; gives its lines with places in the stretched text."""
        self.stretch = stretched(text, layout, self._before)
        self._before = self.stretch.regions
        self._known, self._now, self._names = self._now, {}, ()
        if len(self._marks) > MOST_MARKS:
            self._marks, self._known = {}, {}
        return self.stretch.layout(layout)

    def read(self, statement: Statement, file: FileState, stage: StageState) -> Instruction | None:
        """As `read_instruction`; the same object as before where nothing changed."""
        if statement.keyword not in _KEPT:
            node = read_instruction(statement, file, stage)
        else:
            node = self._kept(statement, file, stage)
        if isinstance(node, (Env, Arg)):
            self._mark(stage, node)
        return node

    def _kept(self, statement: Statement, file: FileState, stage: StageState) -> Instruction | None:
        region = self.stretch.region_at(statement.start)
        around = self._surroundings(statement, file, stage)
        known = self._known.get(region.at)
        if known is not None and (known.text, known.around) == (region.text, around):
            self._now[region.at] = known
            advance(stage, known.node)
            return known.node
        told = len(file.problems), file.budget.suggestions
        node = read_instruction(statement, file, stage)
        if node is not None and (len(file.problems), file.budget.suggestions) == told:
            self._now[region.at] = _Kept(region.text, around, node)
        return node

    def _surroundings(self, statement: Statement, file: FileState, stage: StageState) -> tuple[Any, ...]:
        """All that these instructions are read with; what is found here is equal where it means the same."""
        base, above = stage.base, stage.previous
        if len(self._names) != len(file.stage_indexes):
            self._names = tuple(file.stage_indexes.items())
        return (
            *(file.escape, file.mostly_lower, file.is_foreign, file.contexts, self._names),
            *(stage.index, stage.name, stage.mark, None if base is None else base.workdir, stage.is_windows),
            *(builds_as_root(stage), stage.shell_words, stage.shell, stage.workdir is None, stage.directory),
            *(stage.has_absolute_workdir, stage.sees_whole_context, stage.has_npm_lock, stage.keeps_archives),
            stage.left.get(statement.keyword, 0) > 0,
            (above.flag_words, len(above.commands)) if isinstance(above, Run) else None,
        )

    def _mark(self, stage: StageState, node: Env | Arg) -> None:
        """Number the variables that are set now: where the number is the same, so are they."""
        values, from_env = stage.scope.values, stage.scope.from_env
        for name in (one.name for one in node.variables):
            key = stage.mark, name, values.get(name), name in from_env
            stage.mark = self._marks.setdefault(key, len(self._marks) + 1)
