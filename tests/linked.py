"""Projects of several files, written down as the texts of their paths."""

from __future__ import annotations

from collections.abc import Mapping as Texts
from datetime import date
from typing import Any

from dockerlint.images.facts import Knowledge
from dockerlint.link.resolve import ProjectFiles, Resolved, resolve
from dockerlint.model.container.container import Container
from dockerlint.model.container.project import Project
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.parse.compose.project import parse_project
from dockerlint.values import known
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence


def resolved(texts: Texts[str, str], *paths: str, **more: Any) -> Resolved:
    """The project of these paths; without any the first of the texts."""
    files = ProjectFiles(paths or (next(iter(texts)),), **more)
    return resolve(files, texts.get, COMPOSE)


def at(project: Resolved, *path: str | int) -> Node:
    """The node of the merged project at a path."""
    node: Node | None = project.root
    for step in path:
        node = (
            node.items[step] if isinstance(node, Sequence) and isinstance(step, int) else inside(node, step)
        )
    assert node is not None, path
    return node


def inside(node: Node | None, key: str | int) -> Node | None:
    return node.get(str(key)) if isinstance(node, Mapping) else None


def plain(node: Node) -> Any:
    """What a node comes to, variables put in nowhere."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {entry.key.text: plain(entry.value) for entry in node.kept}


def written(project: Resolved, node: Node) -> tuple[str, str]:
    """The file that holds a node, and what stands there."""
    file, span = project.sources.home(node.span)
    return file.path, file.text[span.start : span.end]


def project(texts: Texts[str, str], *paths: str, **more: Any) -> Project:
    """The model of the project of these paths; without any of the first of the texts that is no `.env`."""
    files = ProjectFiles(paths or (next(path for path in texts if path != ".env"),), **more)
    return parse_project(files, Knowledge(date(2026, 8, 22)), texts.get)[0]


def mounted(container: Container) -> list[str | None]:
    """What is mounted, where it comes from somewhere."""
    return [known(mount.source) for mount in container.mounts]


def context(container: Container) -> str | None:
    """The folder that is built."""
    return None if container.build is None else known(container.build.context)


def reference(container: Container) -> str:
    """The image, as it is pulled."""
    return "" if container.image is None else str(container.image.reference)
