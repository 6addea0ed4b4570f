"""Text of a Dockerfile → Build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from dockerlint.model.credential import find_credentials
from dockerlint.model.dockerfile import Build, Stage
from dockerlint.model.image import Image
from dockerlint.model.instruction import Arg, Instruction, UndefinedVariable
from dockerlint.model.knowledge import Knowledge
from dockerlint.model.shared import Comment, Located
from dockerlint.model.variable import Variable
from dockerlint.parse.arguments import Piece
from dockerlint.parse.dockerignore import parse_ignore_file
from dockerlint.parse.instructions import advance, cut, read_arg, read_instruction
from dockerlint.parse.opening import Opening, find_parent, is_windows, read_base, read_opening
from dockerlint.parse.reading import WINDOWS_DEFAULT, FileState, StageState
from dockerlint.parse.running import shell_program
from dockerlint.parse.scope import GLOBAL_START, Budget, Scope
from dockerlint.parse.statements import Layout, Statement, read_statements
from dockerlint.text import Span

IGNORE_FILE: Final = ".dockerignore"
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class _Plan(NamedTuple):
    """A stage before its instructions are read."""

    opening: Opening | None
    statements: list[Statement]
    parent: int | None
    """Index among the plans."""
    number: int
    """As `COPY --from=0` counts."""


class _Built(NamedTuple):
    """A stage that is read, and what the next ones may inherit of it."""

    state: StageState
    base: Image | None
    instructions: tuple[Instruction, ...]


def parse_dockerfile(text: str, knowledge: Knowledge, beside: Mapping[str, str] = _NOTHING) -> Build:
    """Read a Dockerfile. Never raises: each broken place is one Problem, and the rest is read.

    `beside` holds files that change its meaning: `.dockerignore`; without it there is none.
    """
    layout = read_statements(text)
    ignore = beside.get(IGNORE_FILE)
    file = FileState(
        text=text,
        escape=layout.escape,
        knowledge=knowledge,
        ignored=None if ignore is None else parse_ignore_file(ignore),
        budget=Budget(4 * len(text) + 100_000),
        mostly_lower=_is_mostly_lower(layout.statements),
    )
    _report_layout(layout, file)
    arguments, undefined, plans = _plan(layout.statements, file)
    stages = _read_stages(plans, file)
    spans = {stage.opening.span.start: stage.span for stage in stages if stage.opening}
    comments = tuple(_comments(layout, text, spans))
    return Build(
        arguments=tuple(arguments),
        stages=tuple(stages),
        problems=tuple(sorted(file.problems, key=lambda problem: problem.span)),
        comments=comments,
        span=Span(0, len(text)),
        undefined=tuple(undefined),
        has_ignore_file=ignore is not None,
        credentials=find_credentials(text, outside=(comment.span for comment in comments)),
    )


def _is_mostly_lower(statements: Sequence[Statement]) -> bool:
    """As BuildKit counts for ConsistentInstructionCasing: upper case wins a draw."""
    words = [statement.written_keyword for statement in statements]
    return sum(word.islower() for word in words) > sum(word.isupper() for word in words)


def _report_layout(layout: Layout, file: FileState) -> None:
    seen: set[str] = set()
    for directive in layout.directives:
        if directive.name in seen:
            message = f"only one {directive.name} directive can be used"
            file.report("repeated-directive", message, directive.span)
        elif directive.name == "escape" and directive.value not in ("\\", "`"):
            file.report("bad-escape", "the escape character is \\ or `", directive.span)
        seen.add(directive.name)
    for statement in layout.statements:
        if statement.unterminated:
            name = statement.unterminated[:40]
            message = f"the heredoc {name} has no end"
            file.report("unterminated-heredoc", message, _head(statement), f"end it with a line {name}")
    _report_missing_from(layout.statements, file)


def _head(statement: Statement) -> Span:
    return statement.span(0, len(statement.text))


def _report_missing_from(statements: Sequence[Statement], file: FileState) -> None:
    """Docker builds nothing before FROM; one problem says so."""
    first = next((each for each in statements if each.keyword not in ("ARG", "FROM")), None)
    opening = next((each for each in statements if each.keyword == "FROM"), None)
    if opening is None:
        span = statements[0].span(0, len(statements[0].written_keyword)) if statements else Span(0, 0)
        what = "there is no FROM" if statements else "there are no instructions"
        file.report("no-from", what, span, "start with FROM and an image")
    elif first is not None and first.start < opening.start:
        span = first.span(0, len(first.written_keyword))
        file.report("before-from", f"{first.keyword[:40]} stands before the first FROM", span)


def _plan(
    statements: Sequence[Statement], file: FileState
) -> tuple[list[Variable], list[UndefinedVariable], list[_Plan]]:
    """Global ARGs, and the statements of each stage with the stage it builds on."""
    has_from = any(statement.keyword == "FROM" for statement in statements)
    globals_ = Scope(file.budget, dict(GLOBAL_START), is_global=True)
    outside = StageState(-1, "", globals_, Scope(file.budget))
    arguments: list[Variable] = []
    undefined: list[UndefinedVariable] = []
    plans: list[_Plan] = []
    indexes: dict[str, int] = {}
    for statement in statements:
        if statement.keyword == "FROM":
            opening = read_opening(statement, file, globals_)
            plan = _Plan(opening, [], find_parent(opening, indexes), _next_number(plans))
            if opening.name is not None:
                indexes.setdefault((opening.name.known or "").lower(), len(plans))
            plans.append(plan)
        elif not plans and has_from and statement.keyword == "ARG":
            node = _read_global(statement, file, outside)
            arguments += node.variables
            undefined += node.undefined
        else:
            if not plans:
                plans.append(_Plan(None, [], None, 0 if not has_from else -1))
            plans[-1].statements.append(statement)
    return arguments, undefined, plans


def _next_number(plans: Sequence[_Plan]) -> int:
    return plans[-1].number + 1 if plans else 0


def _read_global(statement: Statement, file: FileState, outside: StageState) -> Arg:
    written = statement.written_keyword
    keyword = Piece(written, 0, len(written))
    node = read_arg(cut(keyword, statement, file, outside, is_onbuild=False))
    advance(outside, node)
    return node


def _read_stages(plans: Sequence[_Plan], file: FileState) -> list[Stage]:
    children = Counter(plan.parent for plan in plans if plan.parent is not None)
    shipped = _shipped(plans)
    built: list[_Built] = []
    stages: list[Stage] = []
    for position, plan in enumerate(plans):
        one = _build(plan, built, children, file)
        built.append(one)
        parent = None if plan.parent is None else stages[plan.parent]
        stage = _stage(
            plan, one, parent, is_final=position == len(plans) - 1, ships=position in shipped, file=file
        )
        stages.append(stage)
        if stage.name is not None:
            file.stage_indexes.setdefault((stage.name.known or "").lower(), plan.number)
    return stages


def _shipped(plans: Sequence[_Plan]) -> set[int]:
    """The final stage and those it builds on."""
    found: set[int] = set()
    at = len(plans) - 1 if plans else None
    while at is not None:
        found.add(at)
        at = plans[at].parent
    return found


def _build(plan: _Plan, built: Sequence[_Built], children: Counter[int], file: FileState) -> _Built:
    opening = plan.opening
    name = (opening.name.known or "").lower() if opening and opening.name else ""
    if plan.parent is not None and opening is not None:
        parent = built[plan.parent]
        children[plan.parent] -= 1
        state = _inherit(parent.state, plan.number, name, opening, is_last=not children[plan.parent])
        base = parent.base
    else:
        base = read_base(opening, file) if opening else None
        state = _fresh(plan, name, base, file)
    state.left = Counter(statement.keyword for statement in plan.statements)
    nodes: list[Instruction] = [] if opening is None else [opening.node]
    for statement in plan.statements:
        state.left[statement.keyword] -= 1
        node = read_instruction(statement, file, state)
        if node is not None:
            nodes.append(node)
    return _Built(state, base, tuple(nodes))


def _inherit(parent: StageState, index: int, name: str, opening: Opening, *, is_last: bool) -> StageState:
    """The last stage that builds on another takes over its variables; earlier ones copy them."""
    return StageState(
        index=index,
        name=name,
        scope=parent.scope if is_last else parent.scope.copy(),
        globals=opening.globals,
        base=parent.base,
        is_windows=parent.is_windows,
        user=parent.user,
        shell_words=parent.shell_words,
        shell=parent.shell,
        workdir=parent.workdir,
        has_absolute_workdir=parent.has_absolute_workdir,
        healthcheck=parent.healthcheck,
        cmd=parent.cmd,
        entrypoint=parent.entrypoint,
        sees_whole_context=parent.sees_whole_context,
        has_step_down=parent.has_step_down,
    )


def _fresh(plan: _Plan, name: str, base: Image | None, file: FileState) -> StageState:
    globals_ = plan.opening.globals if plan.opening else Scope(file.budget)
    state = StageState(plan.number, name, Scope(file.budget), globals_, base)
    platform = plan.opening.node.platform if plan.opening else None
    state.is_windows = is_windows(base, platform, file.escape)
    if state.is_windows is True:
        state.shell_words = WINDOWS_DEFAULT
        state.shell = shell_program(WINDOWS_DEFAULT, is_default=True)
    return state


def _stage(
    plan: _Plan, one: _Built, parent: Stage | None, *, is_final: bool, ships: bool, file: FileState
) -> Stage:
    opening, state = plan.opening, one.state
    last = plan.statements[-1].end if plan.statements else opening.node.span.end if opening else 0
    start = opening.node.span.start if opening else plan.statements[0].start
    name: Located[str] | None = opening.name if opening else None
    return Stage(
        index=plan.number,
        name=name,
        image=one.base if parent is None else None,
        parent=parent,
        is_final=is_final,
        instructions=one.instructions,
        span=Span(start, last),
        opening=opening.node if opening else None,
        ships=ships,
        base=one.base,
        user=state.user,
        shell=state.shell,
        workdir=state.workdir,
        healthcheck=state.healthcheck,
        cmd=state.cmd,
        entrypoint=state.entrypoint,
        is_windows=state.is_windows,
        has_step_down=state.has_step_down,
        exposed_ports=tuple(state.ports),
        name_is_taken=state.name in file.stage_indexes if state.name else False,
    )


def _comments(layout: Layout, text: str, stages: Mapping[int, Span]) -> Iterator[Comment]:
    """Comments with the instruction they stand in or right above, in the order of the text."""
    starting = {statement.first_line: statement for statement in layout.statements}
    inside = iter(layout.statements)
    current = next(inside, None)
    owners: list[Statement | None] = []
    for line in layout.comments:
        while current is not None and current.last_line < line.line:
            current = next(inside, None)
        owners.append(current if current is not None and current.first_line <= line.line else None)
    below: dict[int, Statement] = {}
    for position in range(len(owners) - 1, -1, -1):
        number = layout.comments[position].line
        owner = owners[position] or starting.get(number + 1) or below.get(number + 1)
        if owner is not None and owners[position] is None:
            below[number] = owner
        owners[position] = owner
    for line, owner in zip(layout.comments, owners, strict=True):
        yield _comment(text[line.start : line.end], Span(line.start, line.end), owner, stages)


def _comment(text: str, span: Span, owner: Statement | None, stages: Mapping[int, Span]) -> Comment:
    if owner is None:
        return Comment(text[1:].strip(), span)
    return Comment(text[1:].strip(), span, Span(owner.start, owner.end), stages.get(owner.start))
