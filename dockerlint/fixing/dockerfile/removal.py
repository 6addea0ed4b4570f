"""Take something out of a Dockerfile: an instruction, a flag, a variable, a command, an option, a word."""

from __future__ import annotations

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.dockerfile.chain import drop
from dockerlint.fixing.dockerfile.lines import BLANKS, without_line
from dockerlint.fixing.request import Change, Outcome, Request
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.expose import Expose
from dockerlint.model.dockerfile.instruction import Arg, Flag, Instruction, Setting
from dockerlint.model.dockerfile.layout import EmptyContinuation
from dockerlint.model.variable import Variable
from dockerlint.regex import pattern
from dockerlint.shell.words import Option
from dockerlint.text import Span
from dockerlint.values import Located, known

_CLUSTER = pattern(r"-[A-Za-z0-9]{2,}")
_CONTINUED = pattern(r"[ \t]*\\[ \t]*\r?\n[ \t]*\Z")
_CONTINUES = pattern(r"[ \t]*\\[ \t]*\r?\n")
_QUOTES = ('"', "'")


def remove(request: Request) -> Outcome:
    """An instruction with its line, a word with the blank before it, a letter out of a cluster of options."""
    target, instruction = request.target, request.scope.get("instruction")
    if isinstance(target, Instruction):
        build = request.scope.get("build")
        if isinstance(build, Build) and build.problems:
            return Refusal("Docker cannot parse all of this file, so the others may not count")
        return without_line(request, target.span)
    if isinstance(target, Variable):
        return _remove_variable(request, target)
    if isinstance(request.node, EmptyContinuation):
        return (Edit(request.node.gap, ""),)
    if isinstance(target, Command):
        return drop(request, target)
    if type(target) is tuple:  # a Flag and a Word are tuples too
        return _remove_all(request, target)
    if isinstance(instruction, Expose) and sum(one.span == request.span for one in instruction.ports) > 1:
        return Refusal("a variable holds several ports")
    if isinstance(instruction, Expose) and len(instruction.ports) == 1:
        return without_line(request, instruction.span)
    flag = _flag_at(request.span, instruction)
    if flag is not None:
        return _remove_flag(request.text, flag)
    if isinstance(target, Located) and target.span == request.span:
        return _remove_located(request, str(known(target)))
    return _remove_word(request, request.span)


def _remove_all(request: Request, targets: tuple[object, ...]) -> Outcome:
    """Each of several places."""
    edits: list[Edit] = []
    for target in targets:
        span = target if isinstance(target, Span) else getattr(target, "span", None)
        if not isinstance(span, Span):
            return Refusal("the value to change is not in this file")
        outcome = remove(request._replace(target=target, span=span))
        if isinstance(outcome, (Refusal, Change)):
            return outcome
        edits += outcome
    return tuple(edits)


def _flag_at(span: Span, instruction: object) -> Flag | None:
    """The flag of an instruction that stands at a place, or whose value does."""
    flags = instruction.flags if isinstance(instruction, Instruction) else ()
    spans = ((flag, flag.value.span if flag.value is not None else flag.span) for flag in flags)
    return next((flag for flag, inner in spans if span in (flag.span, inner)), None)


def _remove_flag(text: str, flag: Flag) -> Outcome:
    """A flag and the blanks behind it, for something always follows one."""
    end = flag.span.end
    while text[end : end + 1] and text[end] in BLANKS:
        end += 1
    return (Edit(Span(flag.span.start, end), ""),)


def _remove_variable(request: Request, variable: Variable) -> Outcome:
    """A pair of ENV, LABEL or ARG, or what a command is given or exports."""
    instruction, command = request.scope.get("instruction"), request.scope.get("command")
    if variable.origin in ("assignment", "export") and isinstance(command, Command):
        is_all = not command.words if variable.origin == "assignment" else len(command.words) == 2
        return drop(request, command) if is_all else _remove_word(request, variable.span)
    if isinstance(instruction, (Setting, Arg)):
        if len(instruction.variables) == 1:
            return without_line(request, instruction.span)
        return _remove_pair(request, variable.span, instruction)
    return Refusal("how the variable is set is not understood")


def _remove_pair(request: Request, span: Span, instruction: Instruction) -> Outcome:
    """One of several pairs; the first draws the next up to the keyword."""
    following = _CONTINUES.match(request.text, span.end)
    is_first = not request.text[instruction.keyword.span.end : span.start].strip(BLANKS)
    if following and is_first:
        end = following.end()
        while request.text[end : end + 1] and request.text[end] in BLANKS:
            end += 1
        return (Edit(Span(span.start, end), ""),)
    return _remove_word(request, span)


def _remove_located(request: Request, name: str) -> Outcome:
    """An option by its name or by its value, or a word of its own."""
    if name.startswith("-"):
        return _remove_option(request, name)
    option = _option_of(request)
    if option is not None and option.value is not None:
        return _remove_with_value(request, option)
    if name != request.written:
        return Refusal("it is part of a longer word or option")
    return _remove_word(request, request.span)


def _option_of(request: Request) -> Option | None:
    """The option of the command that stands at the place, or whose value does."""
    command = request.scope.get("command")
    options = command.read.options if isinstance(command, Command) else ()
    return next(
        (one for one in options if one.value is not None and request.span in (one.span, one.value.span)), None
    )


def _remove_with_value(request: Request, option: Option) -> Outcome:
    assert option.value is not None
    written = request.text[option.span.start : option.span.end]
    if not written.startswith(option.name):
        return Refusal("it is part of a longer word or option")
    end = max(option.span.end, option.value.span.end)
    quotes = request.text[end : end + 1]
    if quotes in _QUOTES and request.text[option.value.span.start - 1 : option.value.span.start] == quotes:
        end += 1
    return _remove_word(request, option.span._replace(end=end))


def _remove_option(request: Request, name: str) -> Outcome:
    """`-k`, `--name`, `--name=value`, `--name value`, or one letter of `-fsSk`."""
    command = request.scope.get("command")
    if not isinstance(command, Command):
        return Refusal("it is not an option of a command")
    if request.written == name or request.written.startswith(name + "="):
        options = (one for one in command.read.options if one.span == request.span and one.name == name)
        value = next((one.value for one in options if one.value is not None), None)
        end = max(request.span.end, value.span.end) if value is not None else request.span.end
        return _remove_word(request, request.span._replace(end=end))
    if len(name) == 2 and _CLUSTER.match(request.written) and name[1] in request.written:
        place = request.span.start + request.written.index(name[1], 1)
        return (Edit(Span(place, place + 1), ""),)
    return Refusal("it is part of a longer word")


def _remove_word(request: Request, span: Span) -> Outcome:
    """A word and the blanks before it; where it stands alone on its line, that line."""
    text, start, end = request.text, span.start, span.end
    if text[start - 1 : start] in _QUOTES and text[end : end + 1] == text[start - 1]:
        return Refusal("the word is quoted")
    while text[start - 1 : start] and text[start - 1] in BLANKS:
        start -= 1
    if text[start - 1 : start] == "\n":
        return _remove_first_of_line(text, start, span)
    if start == span.start:
        while text[end : end + 1] and text[end] in BLANKS:
            end += 1
    return (Edit(Span(start, end), ""),)


def _remove_first_of_line(text: str, start: int, span: Span) -> Outcome:
    following = _CONTINUES.match(text, span.end)
    if following:
        return (Edit(Span(start, following.end()), ""),)
    line_break = text.find("\n", span.end)
    rest = text[span.end : line_break if line_break >= 0 else len(text)]
    if rest.strip():
        words = len(rest) - len(rest.lstrip(BLANKS))
        return (Edit(Span(span.start, span.end + words), ""),)
    above = _CONTINUED.search(text, max(0, start - 200), span.start)
    if not above:
        return Refusal("a comment separates the word from the rest of its instruction")
    return (Edit(Span(above.start(), span.end), ""),)
