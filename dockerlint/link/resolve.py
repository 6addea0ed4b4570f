"""The files of a project as the one that Compose makes of them.

Nothing is read but through `text_of`, and every value stays a node of the text that set it: variables are put
in by whoever reads it, with the setting of its text. https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.kinds import TextOf
from dockerlint.link.interpolation import read_env
from dockerlint.link.merge import Merger
from dockerlint.link.sources import Sources
from dockerlint.link.space import PlacedText, Settings, TextSetting, TextSpace, TooManyTexts
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import Mapping, as_mapping
from dockerlint.yaml.outline import FileLayout

ENV_FILES: Final = (".env",)
"""The files of variables that Compose reads by itself."""
_NOWHERE: Final = Span(0, 0)


class ProjectFiles(NamedTuple):
    """What a project is made of; every path from the folder of its first file, with `/`."""

    paths: tuple[str, ...]
    """In the order in which they are merged."""
    env_files: tuple[str, ...] = ENV_FILES
    """The files of variables for all of them; a later one wins."""
    profiles: tuple[str, ...] = ()
    """The profiles that are active."""
    project_directory: str = ""
    """Where relative paths begin; "" is the folder of the first file."""
    name: str = ""
    """`COMPOSE_PROJECT_NAME`, where it is set."""


class Gap(NamedTuple):
    """Something that belongs to a project and was not read: facts that depend on it are unknown."""

    code: str
    """`missing` (or forbidden), `remote`, `unresolved`, `too-many`."""
    message: str
    """What was not read, without a full stop."""
    span: Span
    """What names it."""


class Resolved(NamedTuple):
    """A project as it is deployed, each value of it in the place that set it."""

    sources: Sources
    settings: Settings
    root: Mapping | None
    """What all files come to; None where none of them is a mapping."""
    parts: tuple[PlacedText, ...]
    """Its texts, in the order in which they were read."""
    is_whole: bool
    """Every file that makes the project was read; else any service may be more than is known."""
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]
    """What Compose refuses about how the files go together."""
    declared: dict[str, tuple[Span, ...]]
    """For every service its key in each file that declares it, in the order in which they are merged."""

    def origins(self, service: str) -> tuple[Span, ...]:
        """The keys of the service that its values come from; none where nothing declares it."""
        return self.declared.get(service, ())


def resolve(
    files: ProjectFiles, text_of: TextOf, first: str | None = None, layout: FileLayout | None = None
) -> Resolved:
    """Read a project through `text_of`, which answers None for what is not there or must not be read.

    The text of the path `first` is laid first, so that places in it are offsets into it. `layout` tells the
    reader of YAML about Compose files. Raises OverBudget.
    """
    return _Resolver(files, text_of, first, layout).resolve()


class _Resolver:
    def __init__(
        self, files: ProjectFiles, text_of: TextOf, first: str | None, layout: FileLayout | None
    ) -> None:
        self.files = files
        self.text_of = text_of
        self.space = TextSpace(text_of, first, layout)
        self.merger = Merger(self.space.settings.fill)
        self.is_whole = True
        self.gaps: list[Gap] = []
        self.declared: dict[str, list[Span]] = {}

    def resolve(self) -> Resolved:
        setting = TextSetting(self._environment(), self.files.project_directory)
        try:
            root = self._model(self.files.paths, setting)
        except TooManyTexts:
            root, self.is_whole = None, False
            self._gap("too-many", "the project has more files than are read", _NOWHERE)
        return Resolved(
            sources=self.space.sources(),
            settings=self.space.settings,
            root=root,
            parts=tuple(self.space.parts),
            is_whole=self.is_whole,
            gaps=tuple(self.gaps),
            problems=tuple(self.merger.problems),
            declared={name: tuple(spans) for name, spans in self.declared.items()},
        )

    def _environment(self) -> dict[str, str]:
        """The variables that the files of the project set for all of its texts."""
        values: dict[str, str] = {}
        for path in self.files.env_files:
            text = self.text_of(path)
            if text is not None:
                values |= read_env(text)
            elif self.files.env_files != ENV_FILES:
                self._gap("missing", f"{path} is not there, or must not be read", _NOWHERE)
        if self.files.name:
            values["COMPOSE_PROJECT_NAME"] = self.files.name
        return values

    def _model(self, paths: tuple[str, ...], setting: TextSetting) -> Mapping | None:
        """What files come to, merged in order."""
        merged: Mapping | None = None
        for path in paths:
            part = self.space.read(path, setting)
            if part is None:
                self.is_whole = False
                self._gap("missing", f"{path} is not there, or must not be read", _NOWHERE)
            for document in () if part is None else _documents(part):
                self._declare(document)
                merged = document if merged is None else self.merger.files(merged, document)
        return merged

    def _declare(self, document: Mapping) -> None:
        for name, entry in as_mapping(document.get("services")).entries.items():
            self.declared.setdefault(name, []).append(entry.key.span)

    def _gap(self, code: str, message: str, span: Span) -> None:
        self.gaps.append(Gap(code, message, span))


def _documents(part: PlacedText) -> Iterator[Mapping]:
    """The documents of a text, each of which is merged like a file of its own."""
    return (root for root in part.stream.documents if isinstance(root, Mapping))
