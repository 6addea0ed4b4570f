"""Two RUNs that belong together become one."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.chain import Chain, body_of, chain_of
from dockerlint.fixing.dockerfile.lines import insertion, newline_of
from dockerlint.fixing.request import Change, Outcome, Request
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
    if refusal := _refusal(first, second, request.text):
        return refusal
    if not {";", "||"} & second.separators:
        return _joined(first, second, request.text)
    if second.stops_at_errors and "||" not in second.separators:
        return _behind_set(first, second, request.text)
    return _in_braces(first, second, request.text)


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
    if "&" in second.separators:
        return Refusal("a command of the next RUN runs in the background")
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


def _behind_set(first: Chain, second: Chain, text: str) -> Outcome:
    """`set -e; X` becomes `set -e; update; X`: in front of `set`, its failure would be passed over."""
    between = text[first.run.span.end : second.run.span.start]
    if len(first.outer) > 1 or text[first.outer[0].span.start : first.run.span.end] != _written(first, text):
        return Refusal("the next RUN starts with set -e, and this one has several commands")
    if not _BETWEEN.match(between):
        return Refusal("there is text between the two RUNs")
    comments = [line.strip() for line in between.splitlines() if line.strip()]
    above = "".join(f"{comment}{newline_of(text)}" for comment in comments)
    moved = Edit(Span(first.run.span.start, second.run.span.start), above)
    return (moved, insertion(second.outer[0].span.end, second.gaps[0] + _written(first, text)))


def _written(chain: Chain, text: str) -> str:
    """Its first command as it is spelled."""
    span = chain.outer[0].span
    return text[span.start : span.end]


def _in_braces(first: Chain, second: Chain, text: str) -> Outcome:
    """`X; Y` becomes `update && { X; Y; }`: what follows a failed update is passed over as a whole."""
    if second.refusal_at_end is not None:
        return second.refusal_at_end
    joined = _joined(first, second, text)
    if isinstance(joined, (Refusal, Change)):
        return joined
    end = second.end
    closing = " }" if text[second.outer[-1].span.end : end].rstrip().endswith(";") else "; }"
    return (Edit(joined[0].span, joined[0].text + "{ "), insertion(end, closing))
