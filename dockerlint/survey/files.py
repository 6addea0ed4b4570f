"""A file of a survey, and what lints it: a file of the disk, or a text that nothing stands beside."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from functools import partial
from typing import Final, NamedTuple

from dockerlint.budget import STEPS, budgeted
from dockerlint.errors import UserError
from dockerlint.kinds import kind_of_name, nobody
from dockerlint.linting.linted import Telling
from dockerlint.linting.purpose import Purpose, purpose_of_path
from dockerlint.linting.selection import SelectionFlags
from dockerlint.linting.suppression import Policy
from dockerlint.report.results import FileReport, unlinted
from dockerlint.run.file import FileLinter, internal_error, kind_of, largest_of
from dockerlint.run.found import Found
from dockerlint.run.setup import Setup
from dockerlint.run.text import lint_whole
from dockerlint.run.told import Told
from dockerlint.survey.settings import SurveySettings
from dockerlint.text import decode
from dockerlint.workspace.config import Config, Override
from dockerlint.workspace.discovery import Candidate
from dockerlint.workspace.door import too_large
from dockerlint.workspace.neighbours import Neighbours
from dockerlint.workspace.roots import Roots
from dockerlint.workspace.trust import Trust

_NOTHING: Final[Mapping[str, str]] = {}


class SurveyedFile(NamedTuple):
    """One file of the input, wherever its text comes from."""

    path: str
    """In its repository."""
    kind: str | None
    """As its name says; None where the text has to tell."""
    repository: str
    content: bytes | None = None
    """Its text; None for a file of the disk."""
    candidate: Candidate | None = None
    """The file of the disk."""
    obstacle: str = ""
    """Why there is nothing to judge."""


class _Nothing(Neighbours):
    """What stands beside a text that is no file."""

    def text_of(self, name: str) -> None:
        return None

    def standing_of(self, name: str) -> str:
        return ""


class SurveyLinter:
    """Lints the files of a survey; what they share is loaded once."""

    def __init__(self, settings: SurveySettings, folder: str = "") -> None:
        """`folder` is where files of the disk lie. Raises ConfigError or RuleError for unusable settings."""
        self.settings, self.folder = settings, folder
        self.time_limit = settings.time_limit
        self.files = FileLinter(
            SelectionFlags(settings.select, settings.ignore, settings.profile),
            settings.config,
            settings.rules,
            edits=False,
            trust=Trust(config=False, lock=False),
            roots=Roots([folder] if folder else []),
            time_limit=settings.time_limit,
            paths=(folder,) if folder else (),
            today=settings.day,
            telling=Telling.CENSUS,
        )

    def __reduce__(self) -> tuple[type[SurveyLinter], tuple[SurveySettings, str]]:
        """Another process loads for itself what cannot be sent."""
        return type(self), (self.settings, self.folder)

    def warm_up(self) -> None:
        """Load the rules."""
        self.files.selection(self._config())

    def file(self, one: SurveyedFile) -> FileReport:
        """The report on one file. Never raises: what goes wrong is the trouble of this file."""
        if one.obstacle:
            return unlinted(one.path, one.obstacle)
        if one.content is None:
            assert one.candidate is not None
            return self.files.file(one.candidate)
        try:
            return self._alone(one.content, Candidate(one.path, one.kind))
        except UserError as error:
            return unlinted(one.path, str(error))
        except Exception as error:
            if os.environ.get("DOCKERLINT_DEBUG"):
                raise
            return unlinted(one.path, internal_error(error))

    def strict_rules(self) -> frozenset[str]:
        """The ids of the rules that the default profile does not ask."""
        rules = self.files.selection(self._config()).everything.rules
        return frozenset(rule.id for rule in rules if rule.data.get("profile") == "strict")

    def _alone(self, content: bytes, candidate: Candidate) -> FileReport:
        """The report on a text that nothing stands beside; no file of the disk is asked for."""
        if len(content) > (most := largest_of(candidate)):
            return unlinted(candidate.path, too_large(most))
        with budgeted(STEPS, self.time_limit):
            source = decode(content, candidate.path)
            kind = kind_of(candidate, source.text)
            setup = self._setup(candidate.path, kind)
            linted = lint_whole(
                source.text,
                kind,
                setup.choice.asked,
                path=source.path,
                text_of=nobody,
                edits=False,
                telling=Telling.CENSUS,
            )
            return Found(source.text, setup, [Told("", setup, source.text, linted)]).report(source, kind)

    def _setup(self, path: str, kind: str) -> Setup:
        config = self._config()
        overrides = config.overrides_for(path)
        selection = self.files.selection(config)
        choice = selection.choice(config, overrides)
        policy = Policy(config.require_reasons, config.forbid_inline)
        purpose = partial(_purpose, path, overrides)
        around = _Nothing("", _NOTHING)
        return Setup("", kind, config, overrides, selection, choice, around, (), policy, purpose)

    def _config(self) -> Config:
        return self.files.configs.of_folder(os.getcwd())


def _purpose(path: str, overrides: tuple[Override, ...], content: Purpose) -> Purpose:
    """What a text is for: the config says it, else its path or content."""
    for override in reversed(overrides):
        if override.purpose:
            return Purpose(override.purpose, "the config")
    found = purpose_of_path(path)
    return found if found.name else content


def text_file(repository: str, path: str, content: bytes | None) -> SurveyedFile:
    """A text that the input holds, under the path that it has in its repository."""
    tidy = posixpath.normpath(path.replace("\\", "/").lstrip("/")) if path else ""
    obstacle = "" if content is not None else "the input has no content for it"
    if not path:
        obstacle = "the input has no path for it"
    kind = kind_of_name(posixpath.basename(tidy))
    return SurveyedFile(tidy, kind, repository, content or b"", obstacle=obstacle)
