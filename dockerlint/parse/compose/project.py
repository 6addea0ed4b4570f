"""A Compose file into a project: https://docs.docker.com/reference/compose-file/"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf, nobody
from dockerlint.link.interpolation import read_env
from dockerlint.model.container.container import Container
from dockerlint.model.container.project import Project
from dockerlint.model.container.resource import Config, Include, Network, Secret, StoredFile
from dockerlint.model.container.runtime import is_remote
from dockerlint.model.secret.credential import find_credentials
from dockerlint.parse.compose.envfiles import read_env_files
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.parse.compose.lines import is_section
from dockerlint.parse.compose.mounts import host_volumes
from dockerlint.parse.compose.references import reference_problems
from dockerlint.parse.compose.schema import MERGED_LISTS, compose_file
from dockerlint.parse.compose.service import Surroundings, read_service
from dockerlint.parse.compose.values import Values, own_keys
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown
from dockerlint.yaml.comments import read_comments
from dockerlint.yaml.nodes import DROPPED, Entry, Mapping, Scalar, Sequence, as_mapping
from dockerlint.yaml.shape import ShapeChecker
from dockerlint.yaml.tree import Stream, parse_yaml

_Stored = TypeVar("_Stored", bound=StoredFile)

# Files of the first Compose format had services, and nothing else, at the top.
_SERVICE_KEYS = frozenset(("image", "build", "command", "ports", "volumes", "environment"))
_SERVICE_SOURCES = frozenset(("image", "build"))
"""Keys that services have and what else stands below a section has not."""
_TAKES_SERVICES = frozenset(("services", "jobs", "models", "include"))


def parse_compose(text: str, knowledge: Knowledge, text_of: TextOf = nobody) -> Project:
    """Read one Compose file by itself. Never raises: what Compose would refuse is a Problem.

    `text_of` gives the text of `.env`, and of Dockerfiles by their paths. Other Compose files (override,
    `extends`, `include`) are not followed.
    """
    stream = parse_yaml(text, COMPOSE)
    values = Values(text, read_env(text_of(".env") or ""))
    for scalar in stream.dollars:
        # Compose puts variables in everywhere, also where nothing else is read.
        values.resolve(scalar)
    documents = [root for root in stream.documents if isinstance(root, Mapping)]
    reader = _Reader(values, knowledge, documents, text_of)
    containers = tuple(reader.containers())
    includes = tuple(reader.includes())
    problems = (*stream.problems, *structure_problems(stream, text), *values.problems)
    if not stream.problems:
        problems = (*problems, *reference_problems(documents, containers, values, text_of))
    comments = read_comments(text, stream.documents, stream.covered, {one.span for one in containers})
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
        env_files=tuple(read_env_files(containers, text_of)),
        credentials=find_credentials(text, 0, [comment.span for comment in comments]),
        # What an alias or a merge key brings to several services is wrong in one place.
        problems=tuple({(one.code, one.span): one for one in reversed(problems)}.values())[::-1],
        comments=comments,
        shared=stream.shared,
        span=Span(0, len(text)),
    )


def structure_problems(stream: Stream, text: str) -> Iterator[Problem]:
    """What does not have the shape of a Compose file."""
    if not stream.documents and not stream.problems:
        whole = Span(0, len(text.split("\n", 1)[0]))
        code = "only-comments" if text.strip() else "no-services"
        yield Problem(code, "the file is empty", "add services:", True, whole)
    for root in stream.documents:
        if not isinstance(root, Mapping):
            yield Problem(
                "not-a-mapping", "a Compose file must be a mapping", "start with services:", True, root.span
            )
        elif _is_first_format(root):
            hint = "put them below services:"
            first = next(iter(root.entries.values())).key.span
            yield Problem("no-services", "services are at the top level of the file", hint, True, first)
        else:
            checker = ShapeChecker(MERGED_LISTS)
            checker.check(root, compose_file(), "the file")
            yield from checker.problems


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
    """The parts of one file; the documents of a stream are one project."""

    def __init__(
        self, values: Values, knowledge: Knowledge, documents: list[Mapping], text_of: TextOf
    ) -> None:
        self.values = values
        self.documents = documents
        self.networks = {key: self._network(entry) for key, entry in self._section("networks")}
        self.secrets = {key: self._stored(entry, Secret) for key, entry in self._section("secrets")}
        self.configs = {key: self._stored(entry, Config) for key, entry in self._section("configs")}
        volumes = (document.get("volumes") for document in documents)
        named = {name: bound for node in volumes for name, bound in host_volumes(node, values).items()}
        self._around = Surroundings(
            values, knowledge, named, self.networks, self.secrets, self.configs, text_of
        )

    def string(self, key: str) -> Located[str] | None:
        """A string at the top of the file."""
        found = (self.values.string(document.get(key)) for document in self.documents)
        return next((one for one in found if one is not None), None)

    def keys(self) -> tuple[Located[str], ...]:
        """The keys at the top of a file; none where a stream has several documents."""
        return own_keys(self.documents[0], self.values) if len(self.documents) == 1 else ()

    def containers(self) -> Iterator[Container]:
        """Every service; one that two documents describe is two parts, of which neither is all."""
        entries = [*self._section("services"), *self._misplaced()]
        parts = Counter(name for name, _ in entries)
        for name, entry in entries:
            if entry.value.tag != DROPPED:
                yield read_service(entry, self._around, is_partial=parts[name] > 1)

    def _misplaced(self) -> Iterator[tuple[str, Entry]]:
        """Services outside of `services:`, whose key is missing or misspelt, or which a stray key took."""
        has_own = any(document.get(key) is not None for document in self.documents for key in _TAKES_SERVICES)
        for document in self.documents:
            for key, entry in document.entries.items():
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
        for node in (document.get("include") for document in self.documents):
            for item in node.items if isinstance(node, Sequence) else ():
                paths = item.get("path") if isinstance(item, Mapping) else item
                for path in self.values.strings(paths):
                    yield self._include(path)

    def extended(self) -> Iterator[Located[str]]:
        """Every file that `extends` of a service names."""
        for _, entry in self._section("services"):
            origin = entry.value.get("extends") if isinstance(entry.value, Mapping) else None
            path = self.values.string(origin.get("file")) if isinstance(origin, Mapping) else None
            if path is not None:
                yield path

    def _include(self, path: Located[str]) -> Include:
        remote = UNKNOWN if isinstance(path.value, Unknown) else is_remote(path.value)
        if remote is True:
            message = "remote includes are not read"
            self.values.problems.append(
                Problem("not-read", message, "include a file of the project", False, path.span)
            )
        return Include(path, remote, path.span)

    def _section(self, key: str) -> Iterator[tuple[str, Entry]]:
        for document in self.documents:
            section = document.get(key)
            if isinstance(section, Mapping):
                yield from section.entries.items()

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
            file=values.path_of(body.get("file")),
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
