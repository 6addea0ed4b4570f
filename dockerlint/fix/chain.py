"""The commands of one RUN as a chain: one more at either end, one less in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from dockerlint.expressions import pattern
from dockerlint.findings import Edit
from dockerlint.fix.lines import BLANKS, insertion, newline_of
from dockerlint.fix.order import Order, Outcome, Refusal
from dockerlint.model.command import Command
from dockerlint.model.running import Run
from dockerlint.text import Span

_GAP = pattern(r"(?:\s|\\(?=\s*\n))*(&&|;)(?:\s|\\(?=\s*\n))*\Z")
_LEAVES_EARLY: Final = frozenset({"exit", "exec", "return", "break", "continue"})
_ANYBODY: Final = frozenset({"yarn"})
"""Package managers whose cache belongs to whoever runs them."""


class Chain(NamedTuple):
    """A RUN in shell form and the commands that are in no other one."""

    run: Run
    outer: list[Command]
    gaps: list[str]
    """The text between each command and the next."""

    @property
    def is_plain(self) -> bool:
        """Nothing but `&&` or `;` joins the commands."""
        return all(_GAP.match(gap) for gap in self.gaps)


def chain_of(order: Order) -> Chain | Refusal:
    """The chain of the RUN that an order is about."""
    run = order.scope.get("run")
    if not isinstance(run, Run) or run.form != "shell":
        return Refusal("the RUN is written as a JSON list")
    if run.shell is None or run.shell.is_posix is not True:
        return Refusal("the shell of this RUN is not known")
    outer = list(_outermost(run))
    if not outer:
        return Refusal("the RUN has no commands")
    return Chain(run, outer, [order.text[one.span.end : two.span.start] for one, two in pairwise(outer)])


def append(order: Order) -> Outcome:
    """One more command at the end of a RUN, joined in the manner of those that are there."""
    chain = chain_of(order)
    if isinstance(chain, Refusal):
        return chain
    run, step = chain.run, getattr(order.node, "step", None)
    is_anybody = step is not None and step.manager in _ANYBODY
    if not is_anybody and (run.as_root is False or (run.as_root is not True and _uses_sudo(run))):
        return Refusal("the RUN is not run by root")
    if step is not None and not any(_starts_with(one, step.span) for one in chain.outer):
        return Refusal("the command stands inside another one")
    if not chain.is_plain:
        return Refusal("the commands of this RUN are not a plain chain of &&")
    return _joined(order, chain)


def _uses_sudo(run: Run) -> bool:
    return any("sudo" in one.wrappers for one in run.commands)


def _starts_with(outer: Command, step: Span) -> bool:
    """Whether a command is that step itself, or sudo with it."""
    is_sudo = outer.program == "sudo" and _holds(outer.span, step)
    return is_sudo or outer.span.start == step.start


def _joined(order: Order, chain: Chain) -> Outcome:
    run, first, last = chain.run, chain.outer[0], chain.outer[-1]
    if order.text[last.span.end : run.span.end].strip() or any(
        one.redirections for one in chain.outer if _reads_text(one)
    ):
        return Refusal("the RUN ends in something else than a command")
    if last.program in _LEAVES_EARLY:
        return Refusal(f"{last.program} ends the RUN before")
    if not _begins_with(first, run, order.text):
        return Refusal("the RUN starts with something else than a command")
    end = last.span.end
    return (insertion(end, f"{_joint(order.text[run.span.start : end], chain.gaps)}{order.argument}"),)


def _begins_with(first: Command, run: Run, text: str) -> bool:
    """Nothing but flags stands between RUN and its first command."""
    written = text[run.span.start : first.span.start]
    return not written.partition(" ")[2].replace("\\", "").split("--")[0].strip()


def _reads_text(command: Command) -> bool:
    return any(entry.operator.startswith("<<") for entry in command.redirections)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _outermost(run: Run) -> Iterator[Command]:
    """The commands that are in no other one, in order."""
    end = -1
    for command in sorted(run.commands, key=lambda one: (one.span.start, -one.span.end)):
        if command.span.start >= end:
            yield command
            end = command.span.end


def _joint(written: str, gaps: list[str]) -> str:
    """` && ` as this RUN writes it: over two lines where it goes over lines."""
    broken = [gap for gap in gaps if gap.count("\n") == 1]
    if broken:
        gap = broken[-1]
        return gap if "&&" in gap else re.sub(r"\s*;", " &&", gap, count=1)
    if "\n" not in written:
        return " && "
    line_break = newline_of(written)
    second = written.split("\n", 1)[1]
    indent = second[: len(second) - len(second.lstrip(BLANKS))] or "    "
    return f" \\{line_break}{indent}&& "


def drop(order: Order, command: Command) -> Outcome:
    """A RUN without one of its commands, and the file without a RUN that has no other one."""
    from dockerlint.fix.removal import remove_line

    chain = chain_of(order)
    if isinstance(chain, Refusal):
        return chain
    at = next((at for at, one in enumerate(chain.outer) if one.span == command.span), None)
    if at is None:
        return Refusal("the command stands inside another one")
    if len(chain.outer) == 1:
        is_whole = _begins_with(command, chain.run, order.text)
        is_whole = is_whole and not order.text[command.span.end : chain.run.span.end].strip()
        return remove_line(order, chain.run.span) if is_whole else Refusal("it is not all that the RUN does")
    beside = chain.gaps[max(at - 1, 0) : at + 1]
    if not all(_GAP.match(gap) for gap in beside):
        return Refusal("what joins the command to the next one is not a plain &&")
    if at + 1 < len(chain.outer):
        return (Edit(Span(command.span.start, chain.outer[at + 1].span.start), ""),)
    if order.text[command.span.end : chain.run.span.end].strip():
        return Refusal("the RUN ends in something else than a command")
    return (Edit(Span(chain.outer[at - 1].span.end, command.span.end), ""),)
