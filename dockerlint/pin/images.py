"""The images that the files of a project name, each with its place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from dockerlint.errors import UserError
from dockerlint.kinds import nobody
from dockerlint.link.inline import to_file
from dockerlint.linting.linter import parse
from dockerlint.linting.nodes.walk import walk
from dockerlint.model.image import Image
from dockerlint.parse.compose.project import parse_project
from dockerlint.run.file import FileLinter, internal_error, kind_of, largest_of
from dockerlint.run.projects import Held
from dockerlint.text import Source, Span, decode
from dockerlint.values import Unknown, known
from dockerlint.workspace.discovery import Candidate, shown
from dockerlint.workspace.door import read_bytes

if TYPE_CHECKING:
    from dockerlint.model.container.project import Project
    from dockerlint.model.dockerfile.build import Build


class ImageMention(NamedTuple):
    """A place that names an image with a tag, or without one, which means `latest`."""

    key: str
    """Familiar name and tag, as locks have it: `node:22`."""
    registry: str
    name: str
    tag: str
    digest: str
    """The one that the text has; "" where it has none."""
    path: str
    """Of the file as shown."""
    line: int


class Unpinned(NamedTuple):
    """What stands in the way of pinning an image, or all of a file."""

    path: str
    line: int
    why: str


@dataclass(slots=True)
class FoundImages:
    """What the files of a run name."""

    mentions: list[ImageMention] = field(default_factory=list)
    open: list[Unpinned] = field(default_factory=list)
    """Images of which a variable holds a part, so that nobody knows which they are."""
    obstacles: list[Unpinned] = field(default_factory=list)
    """Files that could not be read."""
    built: set[str] = field(default_factory=set)
    """Names of images that services of the project build."""
    files: int = 0

    def wanted(self) -> Iterator[ImageMention]:
        """The mentions of what is pulled."""
        return (one for one in self.mentions if one.key not in self.built and one.name not in self.built)


@dataclass(slots=True)
class ImageFinder:
    """Finds the images that files name, of each project once."""

    linter: FileLinter
    found: FoundImages = field(default_factory=FoundImages)
    _seen: set[Held] = field(default_factory=set)

    def look_at(self, candidate: Candidate) -> None:
        """Take up what one file names. Never raises: what goes wrong is told with the file."""
        self.found.files += 1
        if candidate.obstacle:
            self._complain(candidate.path, candidate.obstacle)
            return
        try:
            with self.linter.within_budget():
                self._read(candidate)
        except UserError as error:
            self._complain(candidate.path, str(error))
        except Exception as error:
            if os.environ.get("DOCKERLINT_DEBUG"):
                raise
            self._complain(candidate.path, internal_error(error))

    def _complain(self, path: str, why: str) -> None:
        self.found.obstacles.append(Unpinned(path, 0, why))

    def _read(self, candidate: Candidate) -> None:
        data = read_bytes(candidate.path, candidate.root, largest_of(candidate))
        source = decode(data, candidate.path)
        kind = kind_of(candidate, source.text)
        if kind == "compose":
            self._projects(source)
        elif kind in ("dockerfile", "run"):
            ruleset = self.linter.selection(self.linter.configs.of(source.path)).everything
            path = os.path.abspath(source.path)
            builders = self.linter.builders.of(path) if kind == "dockerfile" else ()
            self._take(parse(source.text, kind, ruleset, nobody, builders), source)

    def _projects(self, source: Source) -> None:
        """The images of every project that a Compose file belongs to, as Compose would put it together."""
        path, members = os.path.abspath(source.path), self.linter.members
        config = self.linter.configs.of(source.path)
        for held in members.projects.of(path, config):
            if held in self._seen or path in held.witness_for:
                continue
            self._seen.add(held)
            around = members.setup_of(shown(held.first)).neighbours
            knowledge = self.linter.selection(config).everything.knowledge
            project, resolved = parse_project(held.files, knowledge, around.text_of)
            for image, span in _images_in_project(project):
                file, local = resolved.sources.home(span)
                place = shown(os.path.normpath(os.path.join(held.folder, file.path)))
                self._mention(image, place, Source(place, file.text).position(local.start).line)

    def _take(self, document: Build | Project, source: Source) -> None:
        for image in _images(document):
            self._mention(image, source.path, source.position(image.span.start).line)

    def _mention(self, image: Image, path: str, line: int) -> None:
        name, tag = image.name, "latest" if image.tag is None else image.tag.value
        if image.is_built:
            if isinstance(name, str) and isinstance(tag, str):
                self.found.built.add(f"{name}:{tag}")
            return
        if image.is_local or image.is_scratch is True or image.problem is not None:
            return
        if isinstance(name, Unknown) or isinstance(tag, Unknown) or isinstance(image.registry, Unknown):
            self.found.open.append(Unpinned(path, line, "a variable holds a part of the image"))
            return
        if image.digest is not None and (image.tag is None or image.digest.known is None):
            return  # it is pinned without a tag, or by a variable
        if image.is_unpublished and image.digest is None:
            why = f"Docker Hub has no image {name}; it may be one that is built before"
            self.found.open.append(Unpinned(path, line, why))
            return
        digest = known(image.digest) or ""
        self.found.mentions.append(
            ImageMention(f"{name}:{tag}", image.registry, name, tag, digest, path, line)
        )


def _images(document: Build | Project) -> Iterator[Image]:
    return (node for node, _ in walk(document) if isinstance(node, Image))


def _images_in_project(project: Project) -> Iterator[tuple[Image, Span]]:
    """The images of a project and where they stand, also those of Dockerfiles inside of services."""
    for image in _images(project):
        yield image, image.span
    for container in project.containers:
        built = container.built
        if container.inline_offsets and built is not None and not built.path and built.document is not None:
            for image in _images(built.document):
                yield image, to_file(image.span, container.inline_offsets)
