"""Statements → stages, each with what it inherits along `FROM <stage>`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.model.dockerfile.instruction import Arg, Instruction, UndefinedVariable
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.image import Image
from dockerlint.model.variable import Variable
from dockerlint.parse.dockerfile.arguments import ArgumentText
from dockerlint.parse.dockerfile.base import FromLine, find_parent, is_windows, read_base, read_from_line
from dockerlint.parse.dockerfile.context import WINDOWS_DEFAULT, FileState, StageState
from dockerlint.parse.dockerfile.effects import advance
from dockerlint.parse.dockerfile.inherited import Variables
from dockerlint.parse.dockerfile.instructions import cut, read_instruction
from dockerlint.parse.dockerfile.running import shell_program
from dockerlint.parse.dockerfile.scope import GLOBAL_START, Scope
from dockerlint.parse.dockerfile.scripts import script_reader
from dockerlint.parse.dockerfile.settings import read_arg
from dockerlint.parse.dockerfile.statements import Statement
from dockerlint.text import Span
from dockerlint.values import Located

ReadInstruction: TypeAlias = "Callable[[Statement, FileState, StageState], Instruction | None]"


class Plan(NamedTuple):
    """A stage before its instructions are read."""

    from_line: FromLine | None
    statements: list[Statement]
    parent: int | None
    """Index among the plans."""
    number: int
    """As `COPY --from=0` counts."""


class _ReadStage(NamedTuple):
    """A stage that is read, and what the next ones may inherit of it."""

    state: StageState
    base: Image | None
    instructions: tuple[Instruction, ...]


def plan_stages(
    statements: Sequence[Statement], file: FileState
) -> tuple[list[Variable], list[UndefinedVariable], list[Plan]]:
    """Global ARGs, and the statements of each stage with the stage it builds on."""
    has_from = any(statement.keyword == "FROM" for statement in statements)
    globals_ = Scope(file.budget, Variables(GLOBAL_START), given=file.given, is_global=True)
    outside = StageState(-1, "", globals_, Scope(file.budget))
    arguments: list[Variable] = []
    undefined: list[UndefinedVariable] = []
    plans: list[Plan] = []
    indexes: dict[str, int] = {}
    for statement in statements:
        if statement.keyword == "FROM":
            from_line = read_from_line(statement, file, globals_)
            plan = Plan(from_line, [], find_parent(from_line, indexes), _next_number(plans))
            if from_line.name is not None:
                indexes.setdefault((from_line.name.known or "").lower(), len(plans))
            plans.append(plan)
        elif not plans and has_from and statement.keyword == "ARG":
            node = _read_global(statement, file, outside)
            arguments += node.variables
            undefined += node.undefined
        else:
            if not plans:
                plans.append(Plan(None, [], None, 0 if not has_from else -1))
            plans[-1].statements.append(statement)
    return arguments, undefined, plans


def _next_number(plans: Sequence[Plan]) -> int:
    return plans[-1].number + 1 if plans else 0


def _read_global(statement: Statement, file: FileState, outside: StageState) -> Arg:
    written = statement.written_keyword
    keyword = ArgumentText(written, 0, len(written))
    node = read_arg(cut(keyword, statement, file, outside, is_onbuild=False))
    advance(outside, node)
    return node


def read_stages(
    plans: Sequence[Plan], file: FileState, read: ReadInstruction = read_instruction
) -> list[Stage]:
    """The stages of a file; `read` reads each of their instructions."""
    children = Counter(plan.parent for plan in plans if plan.parent is not None)
    builders = [_builders(plan, file, is_last=plan is plans[-1]) for plan in plans]
    finals = {at for at, found in enumerate(builders) if any(one.is_deployed for one in found)}
    finals |= {len(plans) - 1} if plans else set()
    shipped = _shipped(plans, finals)
    built: list[_ReadStage] = []
    stages: list[Stage] = []
    for position, plan in enumerate(plans):
        one = _build(plan, built, children, file, read)
        built.append(one)
        parent = None if plan.parent is None else stages[plan.parent]
        stage = _stage(plan, one, parent, is_final=position in finals, ships=position in shipped, file=file)
        stage = replace(stage, builders=builders[position], siblings=stages)
        stages.append(stage)
        if stage.name is not None:
            file.stage_indexes.setdefault((stage.name.known or "").lower(), plan.number)
    return stages


def _builders(plan: Plan, file: FileState, *, is_last: bool) -> tuple[BuildingService, ...]:
    """The services that build a stage."""
    name = (plan.from_line.name.known or "").lower() if plan.from_line and plan.from_line.name else ""
    return tuple(one for one in file.builders if one.builds(name, plan.number, is_last=is_last))


def _shipped(plans: Sequence[Plan], finals: Iterable[int]) -> set[int]:
    """The final stages and those they build on."""
    found: set[int] = set()
    for final in finals:
        at: int | None = final
        while at is not None and at not in found:
            found.add(at)
            at = plans[at].parent
    return found


def _build(
    plan: Plan, built: Sequence[_ReadStage], children: Counter[int], file: FileState, read: ReadInstruction
) -> _ReadStage:
    from_line = plan.from_line
    name = (from_line.name.known or "").lower() if from_line and from_line.name else ""
    if plan.parent is not None and from_line is not None:
        parent = built[plan.parent]
        children[plan.parent] -= 1
        state = _inherit(parent.state, plan.number, name, from_line, is_last=not children[plan.parent])
        base = parent.base
    else:
        base = read_base(from_line, file) if from_line else None
        state = _fresh(plan, name, base, file)
    state.left = Counter(statement.keyword for statement in plan.statements)
    nodes: list[Instruction] = [] if from_line is None else [from_line.node]
    for statement in plan.statements:
        state.left[statement.keyword] -= 1
        node = read(statement, file, state)
        if node is not None:
            nodes.append(node)
    return _ReadStage(state, base, tuple(nodes))


def _inherit(parent: StageState, index: int, name: str, from_line: FromLine, *, is_last: bool) -> StageState:
    """The last stage that builds on another takes over its variables; earlier ones copy them."""
    return StageState(
        index=index,
        name=name,
        scope=parent.scope if is_last else parent.scope.copy(),
        globals=from_line.globals,
        base=parent.base,
        is_windows=parent.is_windows,
        user=parent.user,
        shell_words=parent.shell_words,
        shell=parent.shell,
        workdir=parent.workdir,
        has_absolute_workdir=parent.has_absolute_workdir,
        directory=parent.directory,
        healthcheck=parent.healthcheck,
        cmd=parent.cmd,
        entrypoint=parent.entrypoint,
        sees_whole_context=parent.sees_whole_context,
        has_npm_lock=parent.has_npm_lock,
        has_step_down=parent.has_step_down,
        keeps_archives=parent.keeps_archives,
        mark=parent.mark,
    )


def _fresh(plan: Plan, name: str, base: Image | None, file: FileState) -> StageState:
    globals_ = plan.from_line.globals if plan.from_line else Scope(file.budget)
    state = StageState(plan.number, name, Scope(file.budget, given=file.given), globals_, base)
    platform = plan.from_line.node.platform if plan.from_line else None
    state.is_windows = is_windows(base, platform, file.escape)
    if state.is_windows is True:
        state.shell_words = WINDOWS_DEFAULT
        state.shell = shell_program(WINDOWS_DEFAULT, is_default=True)
    return state


def _stage(
    plan: Plan, one: _ReadStage, parent: Stage | None, *, is_final: bool, ships: bool, file: FileState
) -> Stage:
    from_line, state = plan.from_line, one.state
    last = plan.statements[-1].end if plan.statements else from_line.node.span.end if from_line else 0
    start = from_line.node.span.start if from_line else plan.statements[0].start
    name: Located[str] | None = from_line.name if from_line else None
    return Stage(
        index=plan.number,
        name=name,
        image=one.base if parent is None else None,
        parent=parent,
        is_final=is_final,
        instructions=one.instructions,
        span=Span(start, last),
        from_line=from_line.node if from_line else None,
        ships=ships,
        base=one.base,
        user=state.user,
        shell=state.shell,
        workdir=state.workdir,
        today=file.knowledge.today.isoformat(),
        healthcheck=state.healthcheck,
        cmd=state.cmd,
        entrypoint=state.entrypoint,
        is_windows=state.is_windows,
        has_step_down=state.has_step_down,
        exposed_ports=tuple(state.ports),
        name_is_taken=state.name in file.stage_indexes if state.name else False,
        script_at=script_reader(file.text_of),
    )
