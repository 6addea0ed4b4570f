"""A text of kind `run` into the containers that its commands make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf, nobody
from dockerlint.model.container.container import Container
from dockerlint.model.host.runfile import RunFile
from dockerlint.model.secret.credential import find_credentials
from dockerlint.parse.compose.envfiles import read_env_files
from dockerlint.parse.literal import LiteralValues
from dockerlint.parse.run.container import read_run
from dockerlint.parse.run.lines import RunLine, run_lines
from dockerlint.parse.run.scripts import commands_of
from dockerlint.regex import pattern
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span

_COMMENT: Final = pattern(r"(?m)^[ \t]*#[ \t]*([^\r\n]*)")


def parse_run(text: str, knowledge: Knowledge, text_of: TextOf = nobody) -> RunFile:
    """Read one text. Never raises; flags that nobody knows are Problems."""
    values = LiteralValues(text)
    lines = tuple(run_lines(commands_of(text, values), text))
    containers = tuple(read_run(one, values, knowledge) for one in lines)
    return RunFile(
        containers=containers,
        credentials=find_credentials(text),
        env_files=tuple(read_env_files(containers, text_of, is_project=False)),
        problems=(*_unknown(lines), *values.problems),
        comments=tuple(_comments(text, containers)),
        span=Span(0, len(text)),
    )


def _unknown(lines: Sequence[RunLine]) -> Iterator[Problem]:
    for one in lines:
        for flag in one.line.flags:
            if not flag.key:
                message, hint = f"unknown flag {flag.name[:40]}", "what follows it may be read wrongly"
                yield Problem("unknown-flag", message, hint, False, flag.span)


def _comments(text: str, containers: Sequence[Container]) -> Iterator[Comment]:
    """Comments on lines of their own; one above a command is about it."""
    starts = {text.rfind("\n", 0, one.span.start) + 1: one.span for one in containers}
    for match in _COMMENT.finditer(text):
        below = text.find("\n", match.end()) + 1
        owner = starts.get(below) if below else None
        hash_at = text.index("#", match.start())
        yield Comment(match[1].strip(), Span(hash_at, match.end()), owner, owner)
