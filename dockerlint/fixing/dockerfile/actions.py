"""The actions as they are done in a Dockerfile: the file's own indent, line ends and chains are copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.chain import append
from dockerlint.fixing.dockerfile.ignorefile import ignore
from dockerlint.fixing.dockerfile.image import move, retag
from dockerlint.fixing.dockerfile.joining import join_next
from dockerlint.fixing.dockerfile.lines import above_comments, indent_of, insertion, newline_of
from dockerlint.fixing.dockerfile.mode import narrow
from dockerlint.fixing.dockerfile.pipefail import guard_pipes
from dockerlint.fixing.dockerfile.removal import remove
from dockerlint.fixing.request import Outcome, Request
from dockerlint.fixing.user.plan import run_as
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Run


def act(request: Request) -> Outcome:
    """The edits that a request in a Dockerfile amounts to, or why there are none."""
    if "\n" in request.written and not isinstance(request.target, (Instruction, Command)):
        return Refusal("the text to change spans several lines")
    if _is_template(request):
        return Refusal("the instruction is part of a template")
    return _ACTIONS.get(request.action, _refuse)(request)


def _is_template(request: Request) -> bool:
    """`{{ … }}` in what no shell and no docker inspect reads."""
    instruction = request.scope.get("instruction")
    if not isinstance(instruction, Instruction) or isinstance(instruction, Run):
        return False
    return "{{" in request.text[instruction.span.start : instruction.span.end]


def _refuse(request: Request) -> Outcome:
    return Refusal(f"{request.action} is not supported in Dockerfiles")


def _replace(request: Request) -> Outcome:
    """The new text instead of the old; a keyword keeps its letter case."""
    new = str(request.argument)
    if "$" in request.written and "$" not in new:
        return Refusal("part of it is a variable")
    is_keyword = request.target is getattr(request.scope.get("instruction"), "keyword", None)
    if is_keyword and request.written.islower() and new.lower() != request.written:
        new = new.lower()
    if " " in new and _is_json(request) and new[:1] != "[":
        return Refusal("the words are in a JSON list")
    quote = request.written[:1]
    if quote in ('"', "'") and request.written.endswith(quote) and new[:1] != "[":
        new = f"{quote}{new}{quote}"
    return Refusal("nothing would change") if new == request.written else (Edit(request.span, new),)


def _insert_word(request: Request) -> Outcome:
    """A word of its own beside another one, quoted where the words are in a JSON list."""
    start, end, word = request.span.start, request.span.end, str(request.argument)
    is_after = request.anchor == "after"
    if _is_json(request) and request.written.startswith('"'):
        return (insertion(end, f', "{word}"') if is_after else insertion(start, f'"{word}", '),)
    if (
        request.text[start - 1 : start] in ('"', "'")
        and request.text[end : end + 1] == request.text[start - 1]
    ):
        return Refusal("the word next to it is quoted")
    return (insertion(end, f" {word}") if is_after else insertion(start, f"{word} "),)


def _is_json(request: Request) -> bool:
    return getattr(request.scope.get("instruction"), "form", "") == "exec"


def _insert_line(request: Request) -> Outcome:
    """Instructions of their own before or after another one, comments above that one left with it."""
    text, line_break = request.text, newline_of(request.text)
    indent = indent_of(text, request.span.start)
    if isinstance(indent, Refusal):
        return indent
    lines = line_break.join(f"{indent}{line}" for line in str(request.argument).split("\n"))
    if request.anchor == "before":
        return (insertion(above_comments(text, request.span.start - len(indent)), f"{lines}{line_break}"),)
    return (insertion(request.span.end, f"{line_break}{lines}"),)


_ACTIONS: Final[dict[str, Callable[[Request], Outcome]]] = {
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
