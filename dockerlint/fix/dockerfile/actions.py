"""The actions as they are done in a Dockerfile: the file's own indent, line ends and chains are copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dockerlint.findings import Edit
from dockerlint.fix.dockerfile.chain import append
from dockerlint.fix.dockerfile.ignorefile import ignore
from dockerlint.fix.dockerfile.image import move, retag
from dockerlint.fix.dockerfile.joining import join_next
from dockerlint.fix.dockerfile.lines import BLANKS, above_comments, insertion, newline_of
from dockerlint.fix.dockerfile.mode import narrow
from dockerlint.fix.dockerfile.pipefail import guard_pipes
from dockerlint.fix.dockerfile.removal import remove
from dockerlint.fix.request import Order, Outcome, Refusal
from dockerlint.fix.user.plan import run_as
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Run


def act(order: Order) -> Outcome:
    """Carry out an order in a Dockerfile."""
    if "\n" in order.written and not isinstance(order.target, (Instruction, Command)):
        return Refusal("the text to change spans several lines")
    if _is_template(order):
        return Refusal("the instruction is part of a template")
    return _ACTIONS.get(order.action, _refuse)(order)


def _is_template(order: Order) -> bool:
    """`{{ … }}` in what no shell and no docker inspect reads."""
    instruction = order.scope.get("instruction")
    if not isinstance(instruction, Instruction) or isinstance(instruction, Run):
        return False
    return "{{" in order.text[instruction.span.start : instruction.span.end]


def _refuse(order: Order) -> Outcome:
    return Refusal(f"{order.action} is not supported in Dockerfiles")


def _replace(order: Order) -> Outcome:
    """The new text instead of the old; a keyword keeps its letter case."""
    new = str(order.argument)
    if "$" in order.written and "$" not in new:
        return Refusal("part of it is a variable")
    is_keyword = order.target is getattr(order.scope.get("instruction"), "keyword", None)
    if is_keyword and order.written.islower() and new.lower() != order.written:
        new = new.lower()
    if " " in new and _is_json(order) and new[:1] != "[":
        return Refusal("the words are in a JSON list")
    quote = order.written[:1]
    if quote in ('"', "'") and order.written.endswith(quote) and new[:1] != "[":
        new = f"{quote}{new}{quote}"
    return Refusal("nothing would change") if new == order.written else (Edit(order.span, new),)


def _insert_word(order: Order) -> Outcome:
    """A word of its own beside another one, quoted where the words are in a JSON list."""
    start, end, word = order.span.start, order.span.end, str(order.argument)
    is_after = order.anchor == "after"
    if _is_json(order) and order.written.startswith('"'):
        return (insertion(end, f', "{word}"') if is_after else insertion(start, f'"{word}", '),)
    if order.text[start - 1 : start] in ('"', "'") and order.text[end : end + 1] == order.text[start - 1]:
        return Refusal("the word next to it is quoted")
    return (insertion(end, f" {word}") if is_after else insertion(start, f"{word} "),)


def _is_json(order: Order) -> bool:
    return getattr(order.scope.get("instruction"), "form", "") == "exec"


def _insert_line(order: Order) -> Outcome:
    """Instructions of their own before or after another one, comments above that one left with it."""
    text, line_break = order.text, newline_of(order.text)
    start = text.rfind("\n", 0, order.span.start) + 1
    indent = text[start : order.span.start]
    if indent.strip(BLANKS):
        return Refusal("the instruction next to it does not start its line")
    lines = line_break.join(f"{indent}{line}" for line in str(order.argument).split("\n"))
    if order.anchor == "before":
        return (insertion(above_comments(text, start), f"{lines}{line_break}"),)
    return (insertion(order.span.end, f"{line_break}{lines}"),)


_ACTIONS: Final[dict[str, Callable[[Order], Outcome]]] = {
    "append": append,
    "ignore": ignore,
    "guard_pipes": guard_pipes,
    "join_next": join_next,
    "insert_line": _insert_line,
    "insert_word": _insert_word,
    "remove": remove,
    "replace": _replace,
    "replace_image": retag,
    "move_image": move,
    "run_as": run_as,
    "narrow_mode": narrow,
}
