"""Text of a Dockerfile → Build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf, nobody
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.model.dockerfile.layout import DefinitionComment, EmptyContinuation
from dockerlint.model.dockerfile.pipeline import Pipeline
from dockerlint.model.secret.credential import Credential, find_credentials
from dockerlint.parse.dockerfile.comments import read_comments
from dockerlint.parse.dockerfile.context import FARTHEST_CONTEXT, FileState
from dockerlint.parse.dockerfile.dockerignore import parse_ignore_file, remark_behind
from dockerlint.parse.dockerfile.instructions import READERS, read_instruction
from dockerlint.parse.dockerfile.scope import Budget
from dockerlint.parse.dockerfile.stages import plan_stages, read_stages
from dockerlint.parse.dockerfile.statements import Directive, Layout, Statement, read_statements
from dockerlint.patterns import Pattern
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span

if TYPE_CHECKING:  # most files are read once
    from dockerlint.parse.dockerfile.warm.reading import WarmReading

INSTRUCTIONS: Final = frozenset(READERS) | {"FROM"}
FEWEST_LINES: Final = 3
"""Lines that must all be no instruction before the file counts as something else."""
_OWN_FRONTEND: Final = pattern(r"(?:\A|/)docker/dockerfile(?:-[\w.-]+)?(?:[:@]|\Z)|\A[^/]*\$")
"""https://docs.docker.com/build/buildkit/frontend/#official-releases."""
IGNORE_FILE: Final = ".dockerignore"
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def parse_dockerfile(
    text: str,
    knowledge: Knowledge,
    text_of: TextOf = nobody,
    contexts: Iterable[str] = (),
    given: Mapping[str, str] = _NOTHING,
    builders: Sequence[BuildingService] = (),
    warm: WarmReading | None = None,
) -> Build:
    """Read a Dockerfile. Never raises: each broken place is one Problem, and the rest is read.

    `text_of` gives files that change its meaning: `.dockerignore`, without which there is none, and scripts
    that it starts. `contexts` are names of build contexts, which take the place of images and stages,
    `given` are build arguments, `builders` the services that build it. `warm` read the versions of this file
    before: all places are then those of its stretched text.
    """
    written, layout = text, read_statements(text)
    if warm is not None:
        layout = warm.begin(text, layout)
        text = warm.stretch.text
    theirs = (name for one in builders for name in one.contexts)
    ignore = text_of(IGNORE_FILE)
    file = replace(
        _file_state(text, layout, knowledge, len(written)),
        ignored=None if ignore is None else parse_ignore_file(ignore),
        ignored_above=_ignored_above(text_of) if ignore is None else None,
        contexts=frozenset(name.lower() for name in (*contexts, *theirs)),
        builders=builders,
        given=given,
        text_of=text_of,
    )
    _report_layout(layout, file)
    arguments, undefined, plans = plan_stages(layout.statements, file)
    stages = read_stages(plans, file, read_instruction if warm is None else warm.read)
    spans = {stage.from_line.span.start: stage.span for stage in stages if stage.from_line}
    comments = tuple(read_comments(layout, text, spans))
    return Build(
        arguments=tuple(arguments),
        stages=tuple(stages),
        problems=_told_once(file.problems, layout.statements),
        comments=comments,
        span=Span(0, len(text)),
        undefined=tuple(undefined),
        has_ignore_file=ignore is not None,
        ignore_remark=remark_behind(ignore or ""),
        definition_comments=tuple(_definition_comments(layout, text)),
        empty_continuations=tuple(EmptyContinuation(*gap) for gap in layout.gaps),
        credentials=_credentials(written, [comment.span for comment in comments], warm),
        pipeline=Pipeline(text_of),
    )


def _ignored_above(text_of: TextOf) -> Sequence[Pattern] | None:
    """The patterns of the nearest `.dockerignore` above the folder of the file; None where there is none."""
    texts = (text_of("../" * depth + IGNORE_FILE) for depth in range(1, FARTHEST_CONTEXT + 1))
    nearest = next((text for text in texts if text is not None), None)
    return None if nearest is None else parse_ignore_file(nearest)


def _credentials(text: str, comments: Sequence[Span], warm: WarmReading | None) -> tuple[Credential, ...]:
    """The credentials in a text, comments left out."""
    if warm is None:
        return find_credentials(text, outside=comments)
    found = find_credentials(text, outside=map(warm.stretch.home, comments))
    return tuple(replace(one, span=warm.stretch.moved_span(one.span)) for one in found)


def _file_state(text: str, layout: Layout, knowledge: Knowledge, length: int) -> FileState:
    """What the text alone says about the file."""
    return FileState(
        text=text,
        escape=layout.escape,
        knowledge=knowledge,
        budget=Budget(4 * length + 100_000),
        is_foreign=_is_foreign(layout.directives),
        mostly_lower=_is_mostly_lower(layout.statements),
    )


def _definition_comments(layout: Layout, text: str) -> Iterator[DefinitionComment]:
    """Comments on the line above an ARG or a FROM with a name."""
    directives = {one.span.start for one in layout.directives}
    by_line = {one.line: one for one in layout.comments if one.start not in directives}
    for statement in layout.statements:
        comment = by_line.get(statement.first_line - 1)
        names = _defined_names(statement) if comment is not None else ()
        if comment is not None and names:
            words = text[comment.start + 1 : comment.end].split()
            yield DefinitionComment(names, words[0] if words else "", Span(comment.start, comment.end))


def _defined_names(statement: Statement) -> tuple[str, ...]:
    words = statement.text.split()[1:]
    if statement.keyword == "ARG":
        return tuple(word.partition("=")[0] for word in words)
    is_named = statement.keyword == "FROM" and len(words) > 2 and words[-2].upper() == "AS"
    return (words[-1],) if is_named else ()


def _told_once(problems: Iterable[Problem], statements: Sequence[Statement]) -> tuple[Problem, ...]:
    """The problems in order; one alone where no line is an instruction, because that is no Dockerfile."""
    found = sorted(problems, key=lambda problem: problem.span)
    if len(statements) < FEWEST_LINES or any(each.keyword in INSTRUCTIONS for each in statements):
        return tuple(found)
    message = "no line of this file is an instruction, so it is not a Dockerfile"
    hint = "exclude it with `exclude` in the config, or rename it"
    return (Problem("no-dockerfile", message, hint, True, statements[0].span(0, len(statements[0].text))),)


def _is_foreign(directives: Iterable[Directive]) -> bool:
    """`# syntax=` names another frontend than Docker's, or a copy of that at another registry."""
    written = next((one.value for one in directives if one.name == "syntax"), "")
    return bool(written) and not _OWN_FRONTEND.search(written.split()[0])


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
            message = f"heredoc {name} is not terminated"
            file.report("unterminated-heredoc", message, _head(statement), f"end it with a line {name}")
    _report_missing_from(layout.statements, file)


def _head(statement: Statement) -> Span:
    return statement.span(0, len(statement.text))


def _report_missing_from(statements: Sequence[Statement], file: FileState) -> None:
    """Docker builds nothing before FROM; one problem says so."""
    first = next((each for each in statements if each.keyword not in ("ARG", "FROM")), None)
    from_line = next((each for each in statements if each.keyword == "FROM"), None)
    if from_line is None:
        span = statements[0].span(0, len(statements[0].written_keyword)) if statements else Span(0, 0)
        what = "no FROM" if statements else "no instructions"
        file.report("no-from", what, span, "start with FROM and an image")
    elif first is not None and first.start < from_line.start:
        span = first.span(0, len(first.written_keyword))
        file.report("before-from", f"{first.keyword[:40]} before the first FROM", span)
