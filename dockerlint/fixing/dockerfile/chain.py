"""The commands of one RUN as a chain: one more at either end, one less in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.lines import BLANKS, insertion, newline_of, without_line
from dockerlint.fixing.request import Outcome, Request
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.layer import uses_lists_first
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.parse.commands import separators
from dockerlint.regex import pattern
from dockerlint.text import Span

_GAP = pattern(r"(?:\s|\\(?=\s*\n))*(&&|;)(?:\s|\\(?=\s*\n))*\Z")
_BACKGROUND = pattern(r"(?<!&)&(?![&>])")
_LISTS: Final = "/var/lib/apt/lists"
_CLOSING = pattern(r"(?:\s|;|\\(?=\s*\n)|(?<![\w-])(?:done|fi|esac)(?![\w-])|[)}])*\Z")
"""Nothing but the ends of constructs."""
_CONTINUED = pattern(r"\\[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*")
_HEREDOC = pattern(r"[Rr][Uu][Nn](?:[ \t]+--\S+)*[ \t]+<<-?(['\"]?)\w+\1[ \t]*\r?\n")
_LEAVES_EARLY: Final = frozenset({"exit", "exec", "return", "break", "continue"})
_ANYBODY: Final = frozenset({"yarn"})
"""Package managers whose cache belongs to whoever runs them."""


@dataclass(frozen=True)
class Chain:
    """A RUN in shell form and the commands that are in no other one."""

    run: Run
    outer: list[Command]
    text: str
    """The whole file."""

    @cached_property
    def gaps(self) -> list[str]:
        """The text between each command and the next."""
        return [self.text[one.span.end : two.span.start] for one, two in pairwise(self.outer)]

    @cached_property
    def starts(self) -> list[int]:
        """Where the commands begin, in order."""
        return [one.span.start for one in self.outer]

    @cached_property
    def refusal_at_end(self) -> Refusal | None:
        """Why it cannot go on behind its last command; None where it can.

        What was opened before that command is closed there, whatever it is.
        """
        last, body = self.outer[-1], body_of(self.run, self.text)
        if not _CLOSING.match(self.text, last.span.end, body.span.end) or _reads_text(last):
            return Refusal("the RUN does not end with a command")
        if any(_BACKGROUND.search(gap) for gap in self.gaps):
            return Refusal("a command of the RUN runs in the background")
        return Refusal(f"{last.program} ends the RUN early") if last.program in _LEAVES_EARLY else None

    @cached_property
    def end(self) -> int:
        """Where it goes on: behind its last command and what closes the constructs round it."""
        text = self.text[: body_of(self.run, self.text).span.end]
        return max(len(text.rstrip()), self.outer[-1].span.end)

    @cached_property
    def separators(self) -> frozenset[str]:
        """What parts its commands where they stand in no loop, block or brackets."""
        span = body_of(self.run, self.text).span
        return separators(_CONTINUED.sub(" ", self.text[span.start : span.end]))

    @cached_property
    def joint(self) -> str:
        """` && ` as this RUN writes it: over two lines where it goes over lines."""
        broken = [gap for gap in self.gaps if gap.count("\n") == 1 and _GAP.match(gap)]
        if broken:
            gap = broken[-1]
            is_enough = "&&" in gap or self.stops_at_errors
            return gap if is_enough else re.sub(r"\s*;", " &&", gap, count=1)
        written = self.text[self.run.span.start : self.outer[-1].span.end]
        if "\n" not in written:
            return " && "
        line_break = newline_of(written)
        second = written.split("\n", 1)[1]
        indent = second[: len(second) - len(second.lstrip(BLANKS))] or "    "
        return f" \\{line_break}{indent}&& "

    def around(self, place: Span) -> int | None:
        """The number of the command that begins at a place or before it; None where none does."""
        before = bisect_right(self.starts, place.start)
        return before - 1 if before else None

    @cached_property
    def line_joint(self) -> str | None:
        """What joins the first two commands that stand on lines of their own; None where none do."""
        return next((gap for gap in self.gaps if gap.count("\n") == 1 and _GAP.match(gap)), None)

    @cached_property
    def stops_at_errors(self) -> bool:
        """It begins with `set -e`, so that `;` is as good as `&&`."""
        words = self.outer[0].words if self.outer[0].program == "set" else ()
        return any(word.text[:1] == "-" and "e" in word.text for word in words)


def chain_of(request: Request) -> Chain | Refusal:
    """The chain of the RUN that a request is about."""
    return request.shared.answer(_chain_of, request.scope.get("run"), request.text)


def _chain_of(run: object, text: str) -> Chain | Refusal:
    if not isinstance(run, Run) or run.form != "shell":
        return Refusal("the RUN is in exec form")
    if run.shell is None or run.shell.is_posix is not True:
        return Refusal("the shell of this RUN is not known")
    outer = list(_outermost(run))
    if not outer:
        return Refusal("the RUN has no commands")
    return Chain(run, outer, text)


def append(request: Request) -> Outcome:
    """One more command at the end of a RUN, joined in the manner of those that are there."""
    chain = chain_of(request)
    if isinstance(chain, Refusal):
        return chain
    run, step = chain.run, getattr(request.node, "step", None)
    is_anybody = step is not None and step.manager in _ANYBODY
    if not is_anybody and (run.as_root is False or (run.as_root is not True and _uses_sudo(run))):
        return Refusal("the RUN does not run as root")
    if step is not None and not _is_outermost(chain, step.span):
        return Refusal("the command is nested in another one")
    refusal = chain.refusal_at_end
    if refusal is None and _LISTS in str(request.argument) and _serves_later(request, run):
        refusal = Refusal("the lists are used by a later RUN, or by images built on this one")
    return refusal or _joined(request, chain)


def _serves_later(request: Request, run: Run) -> bool:
    """What a RUN fetches is meant for later ones, of its stage or of one that is built on it."""
    if run.lone_update is not None:
        return True
    stage, build = request.scope.get("stage"), request.scope.get("build")
    if not isinstance(stage, Stage) or not isinstance(build, Build):
        return False
    own = request.shared.answer(_uses_below, stage).get(id(run))
    return id(stage) in request.shared.answer(_used_above, build) if own is None else own


def _uses_below(stage: Stage) -> dict[int, bool | None]:
    """Whether the RUNs below each one install from lists before they update them, by identity."""
    found: dict[int, bool | None] = {}
    answer: bool | None = None
    for one in reversed(stage.instructions):
        if isinstance(one, Run):
            found[id(one)] = answer
            own = uses_lists_first(one.commands)
            answer = answer if own is None else own
    return found


def _used_above(build: Build) -> set[int]:
    """The stages from whose lists one that is built on them installs, by identity."""
    found: set[int] = set()
    for stage in reversed(build.stages):
        runs = (one for one in stage.instructions if isinstance(one, Run))
        if id(stage) in found or uses_lists_first([command for run in runs for command in run.commands]):
            found.add(id(stage.parent))
    return found


def _uses_sudo(run: Run) -> bool:
    return any("sudo" in one.wrappers for one in run.commands)


def _is_outermost(chain: Chain, step: Span) -> bool:
    """Whether a command of the chain is that step itself, or sudo with it."""
    at = chain.around(step)
    if at is None:
        return False
    outer = chain.outer[at]
    return outer.span.start == step.start or (outer.program == "sudo" and _holds(outer.span, step))


def _joined(request: Request, chain: Chain) -> Outcome:
    joint = " && " if body_of(chain.run, request.text).is_heredoc else chain.joint
    return (insertion(chain.end, f"{joint}{request.argument}"),)


class Body(NamedTuple):
    """Where the commands of a RUN stand."""

    span: Span
    is_heredoc: bool = False


def body_of(run: Run, text: str) -> Body:
    """What is behind RUN and its flags, or the lines of the one heredoc that stands there."""
    found = _HEREDOC.match(text, run.span.start, run.span.end)
    if found is None:
        flags = max((flag.span.end for flag in run.flags), default=run.keyword.span.end)
        return Body(Span(flags, run.span.end))
    return Body(Span(found.end(), text.rindex("\n", 0, run.span.end)), is_heredoc=True)


def _begins_with(first: Command, run: Run, text: str) -> bool:
    """Nothing stands between RUN with its flags and the command."""
    return not text[body_of(run, text).span.start : first.span.start].replace("\\", "").strip()


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


def drop(request: Request, command: Command) -> Outcome:
    """A RUN without one of its commands, and the file without a RUN that has no other one."""
    chain = chain_of(request)
    if isinstance(chain, Refusal):
        return chain
    at = chain.around(command.span)
    if at is None or chain.outer[at].span != command.span:
        return Refusal("the command is nested in another one")
    if len(chain.outer) == 1:
        is_whole = _begins_with(command, chain.run, request.text)
        is_whole = is_whole and not request.text[command.span.end : chain.run.span.end].strip()
        return without_line(request, chain.run.span) if is_whole else Refusal("the RUN does more than this")
    neighbours = chain.gaps[max(at - 1, 0) : at + 1]
    if not all(_GAP.match(gap) for gap in neighbours):
        return Refusal("the command is not joined to the next one by &&")
    if at + 1 < len(chain.outer):
        return (Edit(Span(command.span.start, chain.outer[at + 1].span.start), ""),)
    if request.text[command.span.end : chain.run.span.end].strip():
        return Refusal("the RUN does not end with a command")
    return (Edit(Span(chain.outer[at - 1].span.end, command.span.end), ""),)
