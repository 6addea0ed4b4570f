"""Two RUNs that belong together become one."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.chain import Chain, body_of, chain_of
from dockerlint.fixing.dockerfile.lines import newline_of
from dockerlint.fixing.request import Outcome, Request
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.layer import uses_lists_first
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.regex import pattern
from dockerlint.text import Span

_BETWEEN = pattern(r"\s*(?:#[^\n]*\n\s*)*\Z")
_STAYS_BEHIND: Final = frozenset(
    {"cd", "export", "set", "umask", "unset", "alias", ".", "source", "trap", ""}
)
"""What the commands after it would notice, were they in the same shell."""


def join_next(request: Request) -> Outcome:
    """The RUN right below, which installs from the lists that this one fetches, becomes part of it."""
    run, stage = request.scope.get("run"), request.scope.get("stage")
    if not isinstance(run, Run) or not isinstance(stage, Stage):
        return Refusal("it is not part of a RUN")
    below = request.shared.answer(_following, stage).get(id(run))
    if not isinstance(below, Run) or uses_lists_first(below.commands) is not True:
        return Refusal("the next instruction is not a RUN that installs from these lists")
    first, second = chain_of(request), chain_of(request._replace(scope={**request.scope, "run": below}))
    if isinstance(first, Refusal):
        return first
    if isinstance(second, Refusal):
        return second
    return _refusal(first, second, request.text) or _joined(first, second, request.text)


def _following(stage: Stage) -> dict[int, Instruction]:
    """The instruction below each one, by the identity of the one above."""
    return {id(one): below for one, below in pairwise(stage.instructions)}


def _refusal(first: Chain, second: Chain, text: str) -> Refusal | None:
    if first.run.flags or second.run.flags:
        return Refusal("one of the RUNs has flags")
    if body_of(first.run, text).is_heredoc or body_of(second.run, text).is_heredoc:
        return Refusal("one of the RUNs is a multi-line script")
    if any(one.program in _STAYS_BEHIND for one in first.run.commands):
        return Refusal("a setting of this RUN would affect the next one")
    if any(";" in gap for gap in second.gaps):
        return Refusal("the next RUN is not a chain of &&")
    if text[body_of(second.run, text).span.start : second.outer[0].span.start].replace("\\", "").strip():
        return Refusal("the next RUN does not start with a command")
    return first.refusal_at_end


def _joined(first: Chain, second: Chain, text: str) -> Outcome:
    """The comments between the two stay where they are; blank lines go."""
    start, end = first.run.span.end, second.outer[0].span.start
    between = text[start : second.run.span.start]
    if not _BETWEEN.match(between):
        return Refusal("there is text between the two RUNs")
    line_break = newline_of(text)
    joint = second.line_joint or first.line_joint or f" \\{line_break}    && "
    head, _, tail = joint.partition("\n")
    comments = [line.strip() for line in between.splitlines() if line.strip()]
    lines = [head.rstrip("\r"), *comments, tail]
    return (Edit(Span(start, end), line_break.join(lines)),)
