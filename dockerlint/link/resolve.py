"""The files of a project as the one that Compose makes of them.

Nothing is read but through `text_of`, and every value stays a node of the text that set it: variables are put
in by whoever reads it, with the setting of its text. https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import dirname, normpath
from typing import Final, NamedTuple

from dockerlint.kinds import TextOf
from dockerlint.link.dotenv import read_env
from dockerlint.link.envfiles import env_files
from dockerlint.link.extends import Extender, Services
from dockerlint.link.gaps import NOWHERE, Gap, Objections
from dockerlint.link.include import DEEPEST, Inclusion, Named, imported, inclusions
from dockerlint.link.interpolation import interpolate
from dockerlint.link.merge import Merger, is_null, without_marks
from dockerlint.link.sources import SourceFile, Sources
from dockerlint.link.space import MOST_TEXTS, PlacedText, Settings, TextSetting, TextSpace, TooManyTexts
from dockerlint.regex import pattern
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.yaml.nodes import Mapping as Body
from dockerlint.yaml.nodes import Node, Scalar, as_mapping
from dockerlint.yaml.outline import FileLayout

ENV_FILES: Final = (".env",)
"""The files of variables that Compose reads by itself."""
_NAME: Final = "COMPOSE_PROJECT_NAME"
_NOT_IN_NAMES: Final = pattern(r"[^a-z0-9_-]")
_NOTHING: Final = "/dev/null"
"""What is named where none is to be read."""


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


class Resolved(NamedTuple):
    """A project as it is deployed, each value of it in the place that set it."""

    sources: Sources
    settings: Settings
    root: Body | None
    """What all files come to; None where none of them is a mapping."""
    parts: tuple[PlacedText, ...]
    """Its texts, in the order in which they were read."""
    steps: tuple[Body, ...]
    """What the files come to after each one, those of an include apart: Compose holds each to its schema."""
    environment: Mapping[str, str]
    """The variables for all of it."""
    env_files: tuple[str, ...]
    """The paths of the files of variables that were read for its texts, those of `include` among them."""
    env_texts: dict[str, SourceFile]
    """The files that `env_file` and `label_file` of services name and that could be read, by their paths."""
    is_alone: bool
    """No file was read that another one names."""
    is_whole: bool
    """Every file that makes the project was read; else any service may be more than is known."""
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]
    """What Compose refuses about how the files go together."""
    declared: dict[str, tuple[Span, ...]]
    """For every service its key in each file that declares it, in the order in which they are merged."""

    @property
    def extending(self) -> dict[str, Node]:
        """For every service that extends another one, what it says about that."""
        found: dict[str, Node] = {}
        for document in (root for part in self.parts for root in part.stream.documents):
            for name, entry in as_mapping(as_mapping(document).get("services")).entries.items():
                extends = as_mapping(entry.value).get("extends")
                if extends is not None and entry.key.span in self.declared.get(name, ()):
                    found[name] = extends
        return found

    def origins(self, service: str) -> tuple[Span, ...]:
        """The keys of the service that its values come from; none where nothing declares it."""
        return self.declared.get(service, ())


def resolve(
    files: ProjectFiles,
    text_of: TextOf,
    layout: FileLayout | None = None,
    *,
    follow: bool = True,
) -> Resolved:
    """Read a project through `text_of`, which answers None for what is not there or must not be read.

    `layout` tells the reader of YAML about Compose files. Without `follow` no file is read that another one
    names: the places of a file alone are offsets into its text. Raises OverBudget.
    """
    return _Resolver(files, text_of, TextSpace(text_of, layout), follow).resolve()


class _Resolver:
    def __init__(self, files: ProjectFiles, text_of: TextOf, space: TextSpace, follow: bool) -> None:
        self.files = files
        self.text_of = text_of
        self.space = space
        self.follow = follow
        self.told = Objections()
        self.is_whole = True
        self._models: dict[tuple[tuple[str, ...], int], Body | None] = {}
        """What included files come to, for each setting: several files may include the same."""
        self.declared: dict[str, list[Span]] = {}
        self.env_files: dict[str, None] = {}
        self.steps: list[Body] = []
        fill = space.settings.fill
        self.merger = Merger(space.settings, self.told)
        marking = Merger(space.settings, self.told, keeps_marks=True)
        self.extender = Extender(marking, fill, self.told, self._services_of, self._clean)

    def resolve(self) -> Resolved:
        environment = self._project_environment()
        folder = self.files.project_directory
        setting = self.space.setting(environment, folder, folder)
        root: Body | None = None
        env_texts: dict[str, SourceFile] = {}
        try:
            root = self._model([Named(path, NOWHERE) for path in self.files.paths], setting, ())
            env_texts = self._env_texts(root)
        except TooManyTexts:
            self.is_whole = False
            self.told.gap("too-many", f"more than {MOST_TEXTS:,} files are not read together", NOWHERE)
        return Resolved(
            sources=self.space.sources(),
            settings=self.space.settings,
            root=root,
            parts=tuple(self.space.parts),
            steps=tuple(self.steps),
            environment=environment,
            env_files=tuple(self.env_files),
            env_texts=env_texts,
            is_alone=not self.follow,
            is_whole=self.is_whole,
            gaps=self.told.gaps,
            problems=self.told.problems,
            declared={name: tuple(spans) for name, spans in self.declared.items()},
        )

    def _model(self, files: Iterable[Named], setting: TextSetting, above: tuple[str, ...]) -> Body | None:
        """What files come to, merged in order; `above` are those that include them."""
        merged: Body | None = None
        for path, span in files:
            part = self.space.read(path, setting)
            if part is None:
                self.is_whole = self.is_whole and bool(above)
                self.told.missing(path, span)
                continue
            for document in part.stream.documents:
                if isinstance(document, Body):
                    document = self._document(document, part, (*above, path)) if self.follow else document
                    self._declare(document)
                    merged = document if merged is None else self.merger.files(merged, document)
                    self.steps.append(merged)
        return merged

    def _document(self, document: Body, part: PlacedText, above: tuple[str, ...]) -> Body:
        """A document with what it includes, and with what its services extend."""
        fill, setting = self.space.settings.fill, part.setting
        for inclusion in inclusions(document, setting.folder, fill, self.told):
            model = self._included(inclusion, setting, above)
            if model is not None:
                document = imported(document, self._clean(model), self.merger, self.told)
        entry = document.entries.get("services")
        if entry is None or not isinstance(entry.value, Body):
            if entry is not None and is_null(entry.value):
                self.told.problem("wrong-type", "services must be a mapping", entry.value.span)
            return document
        services = self.extender.extended(Services(document.span.start, setting, entry.value))
        if services is entry.value:
            return document
        return document._replace(entries={**document.entries, "services": entry._replace(value=services)})

    def _included(self, inclusion: Inclusion, setting: TextSetting, above: tuple[str, ...]) -> Body | None:
        """What the files of an item of `include` come to; None where they cannot be read."""
        for path, span in inclusion.paths:
            if path in above:
                names = " → ".join([*above[above.index(path) :], path])
                self.told.problem("include-cycle", f"files include each other: {names}", span)
                return None
        if len(above) > DEEPEST:
            message = f"files that include each other are read to a depth of {DEEPEST}"
            self.told.gap("too-many", message, inclusion.paths[0].span)
            return None
        named = inclusion.env_files
        paths = (f"{inclusion.folder or '.'}/.env",) if named is None else [one.path for one in named]
        own = self._environment(map(normpath, paths), setting.environment, is_default=named is None)
        inner = self.space.setting({**own, **setting.environment}, inclusion.folder, inclusion.folder)
        key = (tuple(path for path, _ in inclusion.paths), id(inner))
        if key not in self._models:
            self._models[key] = self._model(inclusion.paths, inner, above)
        return self._models[key]

    def _env_texts(self, root: Body | None) -> dict[str, SourceFile]:
        """The texts of the files of variables and of labels of all services."""
        found: dict[str, SourceFile] = {}
        section = as_mapping(None if root is None or not self.follow else root.get("services"))
        bodies = [as_mapping(entry.value) for entry in section.entries.values()]
        for node in (body.get(key) for body in bodies for key in ("env_file", "label_file")):
            for one in env_files(node, self.space.settings):
                if one.path not in found and self.told.can_be_read(one.path, one.span):
                    file = self.space.plain(one.path)
                    if file is not None:
                        found[one.path] = file
                    elif one.is_required:
                        self.told.missing(one.path, one.span)
        return found

    def _project_environment(self) -> dict[str, str]:
        paths = self.files.env_files
        values = self._environment(paths, {}, is_default=paths == ENV_FILES)
        name = self.files.name or values.get(_NAME) or self._written_name(values)
        return {**values, _NAME: name} if name else values

    def _written_name(self, values: Mapping[str, str]) -> str:
        """The name that the files give the project, as Compose cleans it; "" where the folder has to."""
        streams = (self.space.look_at(path) for path in self.files.paths)
        documents = (root for stream in streams if stream is not None for root in stream.documents)
        names = [root.get("name") for root in documents if isinstance(root, Body)]
        written = next((one.text for one in reversed(names) if isinstance(one, Scalar) and one.text), "")
        return _NOT_IN_NAMES.sub("", interpolate(written, values).text.lower()).lstrip("_-")

    def _environment(
        self, paths: Iterable[str], outer: Mapping[str, str], *, is_default: bool
    ) -> dict[str, str]:
        """The variables that files set, of which a later one wins; those of `outer` come before them."""
        values: dict[str, str] = {}
        for path in paths:
            text = self.text_of(path)
            if text is not None:
                self.env_files[path] = None
                values |= read_env(text, {**values, **outer})
            elif not is_default and path != _NOTHING:
                self.told.missing(path, NOWHERE)
        return values

    def _services_of(self, path: str, asking: Services) -> Services | None:
        """The services of another file, as it holds them itself."""
        asks = asking.setting
        part = self.space.read(path, self.space.setting(asks.environment, dirname(path), asks.home))
        if part is None:
            return None
        merged: Body | None = None
        for document in part.stream.documents:
            if isinstance(document, Body):
                merged = document if merged is None else self.merger.files(merged, document)
        services = as_mapping(None if merged is None else merged.get("services"))
        return Services(part.file.start, part.setting, services)

    def _clean(self, node: Body) -> Body:
        return without_marks(node) if self.space.has_marks else node

    def _declare(self, document: Body) -> None:
        for name, entry in as_mapping(document.get("services")).entries.items():
            bases = self.extender.origins.get((document.span.start, name), (entry.key.span,))
            known = self.declared.setdefault(name, [])
            known += [span for span in bases if span not in known]
