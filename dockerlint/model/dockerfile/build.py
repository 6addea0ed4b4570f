"""A whole Dockerfile: its stages, and the ARGs above them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from dockerlint.model.dockerfile.instruction import UndefinedVariable
from dockerlint.model.dockerfile.layout import DefinitionComment, EmptyContinuation, PeerPragma
from dockerlint.model.dockerfile.pipeline import Pipeline
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.unused import unused_stage
from dockerlint.model.secret.credential import Credential
from dockerlint.model.variable import Variable
from dockerlint.regex import pattern
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span

_PRAGMA = pattern(r"(hadolint|checkov|tally)(?:\s+ignore\s*=|:skip=|:ignore|\s+global\s+ignore)")


@dataclass(frozen=True, slots=True)
class Build:
    """A whole Dockerfile."""

    KINDS: ClassVar[tuple[str, ...]] = ("build",)
    CHILDREN: ClassVar[tuple[str, ...]] = (
        "undefined",
        "arguments",
        "stages",
        "problems",
        "credentials",
        "empty_continuations",
        "definition_comments",
        "peer_pragmas",
    )

    arguments: tuple[Variable, ...]
    """Global ARGs, before the first FROM."""
    stages: tuple[Stage, ...]
    problems: tuple[Problem, ...]
    comments: tuple[Comment, ...]
    span: Span = field(compare=False)
    undefined: tuple[UndefinedVariable, ...] = ()
    """Variables that a global ARG reads and nothing sets."""
    has_ignore_file: bool = False
    """A `.dockerignore` stands beside it."""
    ignore_remark: str | None = None
    """The first line of that file with a `#` behind its pattern, which makes it another pattern."""
    knows_contexts: bool = False
    """The Compose file that holds it names all build contexts that it can draw on."""
    is_started_unprivileged: bool = False
    """The service that it is written in names a user, and not root."""
    credentials: tuple[Credential, ...] = ()
    """Tokens and keys of a known shape anywhere in the file but in comments."""
    empty_continuations: tuple[EmptyContinuation, ...] = ()
    definition_comments: tuple[DefinitionComment, ...] = ()
    pipeline: Pipeline = field(default=Pipeline(), compare=False, repr=False)
    """What the repository runs in CI."""

    @property
    def peer_pragmas(self) -> tuple[PeerPragma, ...]:
        """Comments that tell other tools to be quiet."""
        found = ((_PRAGMA.match(comment.text), comment.span) for comment in self.comments)
        return tuple(PeerPragma(match[1], span) for match, span in found if match)

    @property
    def unused_stage(self) -> Stage | None:
        """The first stage that no later one builds on or takes files from."""
        return unused_stage(self.stages)

    @property
    def opening(self) -> Span:
        """Its first FROM, for what is about the whole file."""
        froms = (stage.from_line.span for stage in self.stages if stage.from_line is not None)
        return next(froms, self.span)
