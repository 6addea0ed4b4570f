"""The actions as they are done in a Dockerfile: the file's own indent, line ends and chains are copied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from dockerlint.expressions import pattern
from dockerlint.findings import Edit
from dockerlint.fix.image import retag
from dockerlint.fix.order import Order, Outcome, Refusal
from dockerlint.model.command import Command
from dockerlint.model.instruction import Expose, Instruction
from dockerlint.model.running import Run
from dockerlint.model.shared import Located, known
from dockerlint.text import Span

_BLANKS: Final = " \t"
_CLUSTER = pattern(r"-[A-Za-z0-9]{2,}")
_CONTINUED = pattern(r"[ \t]*\\[ \t]*\r?\n[ \t]*\Z")
_CONTINUES = pattern(r"[ \t]*\\[ \t]*\r?\n")
_GAP = pattern(r"(?:\s|\\(?=\s*\n))*(&&|;)(?:\s|\\(?=\s*\n))*\Z")
_LEAVES_EARLY: Final = frozenset({"exit", "exec", "return", "break", "continue"})


def act(order: Order) -> Outcome:
    """Carry out an order in a Dockerfile."""
    if "\n" in order.written and not isinstance(order.target, Instruction):
        return Refusal("the text to change goes over several lines")
    return _ACTIONS.get(order.action, _refuse)(order)


def _refuse(order: Order) -> Outcome:
    return Refusal(f"{order.action} is not known in Dockerfiles")


def _replace(order: Order) -> Outcome:
    """The new text instead of the old; a keyword keeps its letter case."""
    new = str(order.argument)
    is_keyword = order.target is getattr(order.scope.get("instruction"), "keyword", None)
    if is_keyword and order.written.islower() and new.lower() != order.written:
        new = new.lower()
    quote = order.written[:1]
    if quote in ('"', "'") and order.written.endswith(quote) and new[:1] != "[":
        new = f"{quote}{new}{quote}"
    return Refusal("nothing would change") if new == order.written else (Edit(order.span, new),)


def _insert_word(order: Order) -> Outcome:
    """A word of its own beside another one, quoted where the words stand in a JSON list."""
    start, end, word = order.span.start, order.span.end, str(order.argument)
    is_after = order.anchor == "after"
    if _is_json(order) and order.written.startswith('"'):
        return (_at(end, f', "{word}"') if is_after else _at(start, f'"{word}", '),)
    if order.text[start - 1 : start] in ('"', "'") and order.text[end : end + 1] == order.text[start - 1]:
        return Refusal("the word beside it is quoted")
    return (_at(end, f" {word}") if is_after else _at(start, f"{word} "),)


def _is_json(order: Order) -> bool:
    return getattr(order.scope.get("instruction"), "form", "") == "exec"


def _at(offset: int, text: str) -> Edit:
    return Edit(Span(offset, offset), text)


def _insert_line(order: Order) -> Outcome:
    """Instructions of their own before or after another one, comments above that one left with it."""
    text, line_break = order.text, newline_of(order.text)
    start = text.rfind("\n", 0, order.span.start) + 1
    indent = text[start : order.span.start]
    if indent.strip(_BLANKS):
        return Refusal("the instruction beside it does not start its line")
    lines = line_break.join(f"{indent}{line}" for line in str(order.argument).split("\n"))
    if order.anchor == "before":
        return (_at(_above_comments(text, start), f"{lines}{line_break}"),)
    return (_at(order.span.end, f"{line_break}{lines}"),)


def newline_of(text: str) -> str:
    """The line break that a file uses, by its first one."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _above_comments(text: str, start: int) -> int:
    """The start of the comment lines right above the line at `start`, or that line itself."""
    while start > 0:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _remove(order: Order) -> Outcome:
    """An instruction with its line, a word with the blank before it, a letter out of a cluster of options."""
    if isinstance(order.target, Instruction):
        return _remove_line(order, order.target.span)
    instruction = order.scope.get("instruction")
    if isinstance(instruction, Expose) and len(instruction.ports) == 1:
        return _remove_line(order, instruction.span)
    if isinstance(order.target, Located) and order.target.span == order.span:
        name = str(known(order.target))
        if name.startswith("-"):
            return _remove_option(order, name)
        if name != order.written or _is_value(order):
            return Refusal("what to remove is part of a longer word or option")
    return _remove_word(order, order.span)


def _is_value(order: Order) -> bool:
    command = order.scope.get("command")
    options = command.read.options if isinstance(command, Command) else ()
    return any(one.value is not None and one.value.span == order.span for one in options)


def _remove_line(order: Order, span: Span) -> Outcome:
    text = order.text
    start = text.rfind("\n", 0, span.start) + 1
    if text[start : span.start].strip(_BLANKS):
        return Refusal("the instruction does not start its line")
    end = text.find("\n", span.end)
    return (Edit(Span(start, len(text) if end < 0 else end + 1), ""),)


def _remove_option(order: Order, name: str) -> Outcome:
    """`-k`, `--name`, `--name=value`, `--name value`, or one letter of `-fsSk`."""
    command = order.scope.get("command")
    if not isinstance(command, Command):
        return Refusal("what to remove is no option of a command")
    if order.written == name or order.written.startswith(name + "="):
        options = (one for one in command.read.options if one.span == order.span and one.name == name)
        value = next((one.value for one in options if one.value is not None), None)
        end = max(order.span.end, value.span.end) if value is not None else order.span.end
        return _remove_word(order, order.span._replace(end=end))
    if len(name) == 2 and _CLUSTER.match(order.written) and name[1] in order.written:
        place = order.span.start + order.written.index(name[1], 1)
        return (Edit(Span(place, place + 1), ""),)
    return Refusal("what to remove is part of a longer word")


def _remove_word(order: Order, span: Span) -> Outcome:
    """A word and the blanks before it; where it stands alone on its line, that line."""
    text, start, end = order.text, span.start, span.end
    if text[start - 1 : start] in ('"', "'") and text[end : end + 1] == text[start - 1]:
        return Refusal("the word is quoted")
    while text[start - 1 : start] and text[start - 1] in _BLANKS:
        start -= 1
    if text[start - 1 : start] == "\n":
        return _remove_first_of_line(text, start, span)
    if start == span.start:
        while text[end : end + 1] and text[end] in _BLANKS:
            end += 1
    return (Edit(Span(start, end), ""),)


def _remove_first_of_line(text: str, start: int, span: Span) -> Outcome:
    following = _CONTINUES.match(text, span.end)
    if following:
        return (Edit(Span(start, following.end()), ""),)
    rest = text[span.end : text.find("\n", span.end) if "\n" in text[span.end :] else len(text)]
    if rest.strip():
        words = len(rest) - len(rest.lstrip(_BLANKS))
        return (Edit(Span(span.start, span.end + words), ""),)
    above = _CONTINUED.search(text, max(0, start - 200), span.start)
    if not above:
        return Refusal("a comment stands between the word and the rest of its instruction")
    return (Edit(Span(above.start(), span.end), ""),)


def _append(order: Order) -> Outcome:
    """One more command at the end of a RUN, joined in the manner of those that are there."""
    run = order.scope.get("run")
    if not isinstance(run, Run) or run.form != "shell":
        return Refusal("the RUN is written as a JSON list")
    if run.shell is None or run.shell.is_posix is not True:
        return Refusal("the shell of this RUN is not known")
    outer = list(_outermost(run))
    if not outer:
        return Refusal("the RUN has no commands")
    if run.as_root is False or (run.as_root is not True and _uses_sudo(run)):
        return Refusal("the RUN is not run by root")
    step = getattr(order.node, "step", None)
    if step is not None and not any(_starts_with(one, step.span) for one in outer):
        return Refusal("the command stands inside another one")
    gaps = [order.text[one.span.end : two.span.start] for one, two in pairwise(outer)]
    if not all(_GAP.match(gap) for gap in gaps):
        return Refusal("the commands of this RUN are not a plain chain of &&")
    return _joined(order, run, outer, gaps)


def _uses_sudo(run: Run) -> bool:
    return any("sudo" in one.wrappers for one in run.commands)


def _starts_with(outer: Command, step: Span) -> bool:
    """Whether a command is that step itself, or sudo with it."""
    is_sudo = outer.program == "sudo" and _holds(outer.span, step)
    return is_sudo or outer.span.start == step.start


def _joined(order: Order, run: Run, outer: list[Command], gaps: list[str]) -> Outcome:
    first, last = outer[0], outer[-1]
    if order.text[last.span.end : run.span.end].strip() or any(
        one.redirections for one in outer if _reads_text(one)
    ):
        return Refusal("the RUN ends in something else than a command")
    if last.program in _LEAVES_EARLY:
        return Refusal(f"{last.program} ends the RUN before")
    written = order.text[run.span.start : first.span.start]
    if written.partition(" ")[2].replace("\\", "").split("--")[0].strip():
        return Refusal("the RUN starts with something else than a command")
    end = last.span.end
    return (_at(end, f"{_joint(order.text[run.span.start : end], gaps)}{order.argument}"),)


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
    indent = second[: len(second) - len(second.lstrip(_BLANKS))] or "    "
    return f" \\{line_break}{indent}&& "


_ACTIONS: Final[dict[str, Callable[[Order], Outcome]]] = {
    "append": _append,
    "insert_line": _insert_line,
    "insert_word": _insert_word,
    "remove": _remove,
    "replace": _replace,
    "replace_image": retag,
}
