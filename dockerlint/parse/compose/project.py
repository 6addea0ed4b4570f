"""A Compose file into a project: https://docs.docker.com/reference/compose-file/"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf, nobody
from dockerlint.link.merge import with_unique_items
from dockerlint.link.resolve import ProjectFiles, Resolved, resolve
from dockerlint.link.shift import move_comment
from dockerlint.link.sources import SourceFile
from dockerlint.model.container.container import Container
from dockerlint.model.container.envfile import EnvFile
from dockerlint.model.container.project import Project
from dockerlint.model.container.resource import ComposeConfig, Include, Network, Secret, StoredFile
from dockerlint.model.container.runtime import is_remote
from dockerlint.model.secret.carried import carried_names
from dockerlint.model.secret.credential import find_credentials
from dockerlint.model.secret.text import small_letters
from dockerlint.parse.compose.envfiles import (
    PROJECT_FILE,
    read_config_files,
    read_env_files,
    read_secret_files,
    with_intakes,
)
from dockerlint.parse.compose.fronts import with_fronts
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.parse.compose.lines import is_section
from dockerlint.parse.compose.mounts import host_volumes
from dockerlint.parse.compose.references import reference_problems
from dockerlint.parse.compose.schema import MERGED_LISTS, compose_file
from dockerlint.parse.compose.service import Surroundings, read_service
from dockerlint.parse.compose.values import Values, own_keys
from dockerlint.syntax import Comment, Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known
from dockerlint.yaml.comments import read_comments
from dockerlint.yaml.nodes import DROPPED, Entry, Mapping, Node, Scalar, as_mapping
from dockerlint.yaml.nodes import Sequence as List
from dockerlint.yaml.shape import ShapeChecker

_Stored = TypeVar("_Stored", bound=StoredFile)

# Files of the first Compose format had services, and nothing else, at the top.
_SERVICE_KEYS = frozenset(("image", "build", "command", "ports", "volumes", "environment"))
_SERVICE_SOURCES = frozenset(("image", "build"))
"""Keys that services have and what else stands below a section has not."""
_ITSELF = ""
"""The path of a file that is read by itself."""
_TAKES_SERVICES = frozenset(("services", "jobs", "models", "include"))


def parse_compose(text: str, knowledge: Knowledge, text_of: TextOf = nobody) -> Project:
    """Read one Compose file by itself. Never raises: what Compose would refuse is a Problem.

    `text_of` gives the text of `.env`, and of Dockerfiles by their paths. Other Compose files (override,
    `extends`, `include`) are not followed.
    """

    def with_itself(path: str) -> str | None:
        return text if path == _ITSELF else text_of(path)

    resolved = resolve(ProjectFiles((_ITSELF,)), with_itself, COMPOSE, follow=False)
    return read_project(resolved, knowledge, text_of)


def parse_project(files: ProjectFiles, knowledge: Knowledge, text_of: TextOf) -> tuple[Project, Resolved]:
    """Read a project of several files, and what its places mean.

    `text_of` gives texts by their paths from the folder of the project's first file, None for what must not
    be read. Raises OverBudget.
    """
    resolved = resolve(files, text_of, COMPOSE)
    return read_project(resolved, knowledge, text_of), resolved


def read_project(resolved: Resolved, knowledge: Knowledge, text_of: TextOf = nobody) -> Project:
    """The model of a project whose files were put together. What Compose would refuse is a Problem."""
    text = resolved.sources.text
    values = Values(text, resolved.settings)
    for part in resolved.parts:
        for scalar in part.stream.dollars:
            # Compose puts variables in everywhere, also where nothing else is read.
            values.resolve(scalar)
    reader = _Reader(values, knowledge, resolved, text_of)
    containers = with_fronts(_with_local_images(tuple(reader.containers())))
    includes = tuple(reader.includes())
    problems = tuple(_problems(resolved, values))
    if not any(part.stream.problems for part in resolved.parts):
        problems = (*problems, *reference_problems(resolved, containers, values, text_of))
    comments = tuple(_comments(resolved, containers))
    return Project(
        name=reader.string("name"),
        version=reader.string("version"),
        keys=reader.keys(),
        containers=containers,
        networks=tuple(reader.networks.values()),
        secrets=tuple(reader.secrets.values()),
        configs=tuple(reader.configs.values()),
        includes=includes,
        extended=tuple(reader.extended()),
        env_files=tuple(with_intakes(_files_with_secrets(reader, containers), containers, text_of)),
        credentials=find_credentials(text, 0, [comment.span for comment in comments]),
        # What an alias or a merge key brings to several services is wrong in one place.
        problems=tuple({(one.code, one.span): one for one in reversed(problems)}.values())[::-1],
        comments=comments,
        shared=tuple(span for part in resolved.parts for span in part.stream.shared),
        span=Span(0, len(text)),
    )


def _files_with_secrets(reader: _Reader, containers: Sequence[Container]) -> Iterator[EnvFile]:
    text = reader.values.text
    carried = carried_names(text, small_letters(text)) if reader.text_of(PROJECT_FILE) else ()
    yield from read_env_files(containers, reader.text_of, reader.env_texts, carried=carried)
    yield from read_secret_files(reader.secrets.values(), reader.text_of)
    yield from read_config_files(reader.configs.values(), reader.text_of)


def _with_local_images(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """The services, with images marked that Compose does not pull (docker/compose: pull.go)."""
    images = (one.image for one in containers if one.build is not None)
    built = {image.reference for image in images if image is not None and image.is_resolved}
    return tuple(
        replace(one, image=replace(one.image, is_local=True))
        if one.image is not None
        and (one.image.reference in built or (known(one.pull_policy) or "") in ("build", "never"))
        else one
        for one in containers
    )


def _problems(resolved: Resolved, values: Values) -> Iterator[Problem]:
    """What is wrong with the texts, with how they go together, and with their values."""
    for part in resolved.parts:
        yield from part.stream.problems
    yield from structure_problems(resolved)
    yield from resolved.problems
    yield from values.problems


def _comments(resolved: Resolved, containers: Sequence[Container]) -> Iterator[Comment]:
    """The comments of every text."""
    blocks = {one.span for one in containers}
    for part in resolved.parts:
        start, written = part.file.start, part.written
        # Where a service is merged from several files, each has an entry of its own for it.
        own = blocks if len(resolved.parts) == 1 else _services_in(written.documents)
        for comment in read_comments(part.file.text, written.documents, written.covered, own):
            yield move_comment(comment, start) if start else comment


def _services_in(documents: Iterable[Node]) -> set[Span]:
    sections = (as_mapping(as_mapping(root).get("services")) for root in documents)
    return {entry.span for section in sections for entry in section.entries.values()}


def structure_problems(resolved: Resolved) -> Iterator[Problem]:
    """What does not have the shape of a Compose file."""
    for part in resolved.parts:
        is_empty = not part.stream.documents and not part.stream.problems
        # One of several files may be there for its comments alone.
        if is_empty and resolved.root is None:
            yield _emptiness(part.file)
        for document in part.stream.documents:
            if not isinstance(document, Mapping):
                message, hint = "a Compose file must be a mapping", "start with services:"
                yield Problem("not-a-mapping", message, hint, True, document.span)
    checker = ShapeChecker(MERGED_LISTS)
    for root in (*resolved.steps, *([] if resolved.root is None else [resolved.root])):
        if _is_first_format(root):
            hint = "put them below services:"
            first = next(iter(root.entries.values())).key.span
            yield Problem("no-services", "services are at the top level of the file", hint, True, first)
        else:
            checker.check(root, compose_file(), "the file")
    yield from checker.problems


def _emptiness(file: SourceFile) -> Problem:
    line = Span(file.start, file.start + len(file.text.split("\n", 1)[0]))
    code = "only-comments" if file.text.strip() else "no-services"
    return Problem(code, "the file is empty", "add services:", True, line)


def _is_first_format(root: Mapping) -> bool:
    bodies = [entry.value for key, entry in root.entries.items() if not key.startswith("x-")]
    services = [body for body in bodies if isinstance(body, Mapping) and _SERVICE_KEYS & body.entries.keys()]
    return bool(bodies) and len(services) == len(bodies) and "services" not in root.entries


def _services_at(key: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    """The services that an entry at the top of a file is or holds, where it should not."""
    body = as_mapping(entry.value)
    if not is_section(key) and _SERVICE_KEYS & body.entries.keys():
        yield key, entry
        return
    for name, inner in body.entries.items():
        if not inner.is_merged and _SERVICE_SOURCES & as_mapping(inner.value).entries.keys():
            yield name, inner


class _Reader:
    """The parts of a project."""

    def __init__(self, values: Values, knowledge: Knowledge, resolved: Resolved, text_of: TextOf) -> None:
        self.values = values
        self.root = as_mapping(resolved.root)
        if not resolved.is_alone:
            self.root = with_unique_items(self.root, resolved.settings)
        self._resolved = resolved
        self.text_of = text_of
        self.env_texts = resolved.env_texts
        self.networks = {key: self._network(entry) for key, entry in self._section("networks")}
        self.secrets = {key: self._stored(entry, Secret) for key, entry in self._section("secrets")}
        self.configs = {key: self._stored(entry, ComposeConfig) for key, entry in self._section("configs")}
        named = host_volumes(self.root.get("volumes"), values)
        self._around = Surroundings(
            *(values, knowledge, named, self.networks, self.secrets, self.configs, text_of),
            *(resolved, resolved.extending),
        )

    def string(self, key: str) -> Located[str] | None:
        """A string at the top of the file."""
        return self.values.string(self.root.get(key))

    def keys(self) -> tuple[Located[str], ...]:
        """The keys at the top of the first file; none where a stream has several documents."""
        parts = self._resolved.parts
        is_one = bool(parts) and len(parts[0].stream.documents) == 1
        return own_keys(self.root, self.values) if is_one else ()

    def containers(self) -> Iterator[Container]:
        """Every service."""
        for name, entry in (*self._section("services"), *self._misplaced()):
            if entry.value.tag != DROPPED:
                origins = self._located(self._resolved.origins(name) or (entry.key.span,))
                yield read_service(entry, self._around, origins, is_partial=not self._resolved.is_whole)

    def _located(self, keys: Iterable[Span]) -> tuple[Located[str], ...]:
        """The files in which these keys stand."""
        sources = self._resolved.sources
        return tuple(Located(sources.file_at(span.start).path, span) for span in keys)

    def _misplaced(self) -> Iterator[tuple[str, Entry]]:
        """Services outside of `services:`, whose key is missing or misspelt, or which a stray key took."""
        has_own = any(self.root.get(key) is not None for key in _TAKES_SERVICES)
        for key, entry in self.root.entries.items():
            if not (key in _TAKES_SERVICES or (has_own and key.startswith("x-"))):
                found = list(_services_at(key, entry))
                if found and key.startswith("x-"):
                    self._tell_misplaced(entry)
                yield from found

    def _tell_misplaced(self, entry: Entry) -> None:
        """Nothing else is wrong with what stands below a key that is free."""
        message = f"services are below {entry.key.text}"
        self.values.problems.append(Problem("no-services", message, "add services:", True, entry.key.span))

    def includes(self) -> Iterator[Include]:
        """Every file that `include` names."""
        node = self.root.get("include")
        for item in node.items if isinstance(node, List) else ():
            paths = item.get("path") if isinstance(item, Mapping) else item
            for path in self.values.strings(paths):
                yield self._include(path)

    def extended(self) -> Iterator[Located[str]]:
        """Every file that `extends` of a service names."""
        for origin in self._around.extending.values():
            path = self.values.string(origin.get("file")) if isinstance(origin, Mapping) else None
            if path is not None:
                yield path

    def _include(self, path: Located[str]) -> Include:
        remote = UNKNOWN if isinstance(path.value, Unknown) else is_remote(path.value)
        if remote is True and self._resolved.is_alone:
            message = "remote includes are not read"
            self.values.problems.append(
                Problem("not-read", message, "include a file of the project", False, path.span)
            )
        return Include(path, remote, path.span)

    def _section(self, key: str) -> Iterable[tuple[str, Entry]]:
        return as_mapping(self.root.get(key)).entries.items()

    def _network(self, entry: Entry) -> Network:
        values, body = (
            self.values,
            entry.value if isinstance(entry.value, Mapping) else Mapping({}, Span(0, 0)),
        )
        options = body.get("driver_opts")
        external, real_name = self._external(body)
        return Network(
            name=Located(entry.key.text, values.content(entry.key)),
            real_name=real_name,
            driver=values.string(body.get("driver")),
            is_external=external,
            is_internal=self._flag(body, "internal"),
            is_encrypted=isinstance(options, Mapping) and "encrypted" in options.entries,
            span=entry.span,
        )

    def _stored(self, entry: Entry, kind: type[_Stored]) -> _Stored:
        values, body = (
            self.values,
            entry.value if isinstance(entry.value, Mapping) else Mapping({}, Span(0, 0)),
        )
        return kind(
            name=Located(entry.key.text, values.content(entry.key)),
            file=values.place_of(body.get("file")),
            content=values.string(body.get("content")),
            environment=values.string(body.get("environment")),
            is_external=self._external(body)[0],
            span=entry.span,
        )

    def _external(self, body: Mapping) -> tuple[bool | Unknown, Located[str] | None]:
        """Whether it exists already, and its real name: `external: {name: x}` is an old way to give both."""
        node, name = body.get("external"), self.values.string(body.get("name"))
        if isinstance(node, Mapping):
            return True, self.values.string(node.get("name")) or name
        return self._flag(body, "external"), name

    def _flag(self, body: Mapping, key: str) -> bool | Unknown:
        node = body.get(key)
        flag = self.values.flag(node) if isinstance(node, Scalar) else None
        return False if flag is None else flag.value
