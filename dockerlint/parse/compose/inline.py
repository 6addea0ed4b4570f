"""The Dockerfile that a service is built from: below the Compose file, or in it as `dockerfile_inline`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf, nobody
from dockerlint.model.container.built import Built
from dockerlint.model.container.runtime import ServiceBuild
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.parse.compose.builtfiles import Asked, read_or_known
from dockerlint.parse.compose.values import Values
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED, Located, known
from dockerlint.yaml.nodes import Node, Scalar

if TYPE_CHECKING:
    from dockerlint.model.container.container import Container
    from dockerlint.model.dockerfile.build import Build


Offsets = tuple[tuple[int, int], ...]

_ESCAPE = pattern(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^\r\n])")


def inline_dockerfile(node: Node | None, values: Values) -> tuple[Located[str] | None, Offsets]:
    """The Dockerfile after Compose has put its variables in, and pairs of offsets.

    Places are true to the character in a literal block (`|`) and in double quotes on one line, without
    variables. Behind a variable on the same line they are off by its change of length, and in other styles
    every line begins where the value does.
    """
    located = values.text_of(node)
    if located is None or not isinstance(node, Scalar) or not isinstance(located.value, str):
        return None, ()
    # A variable with a line break inside would move all lines behind it.
    text = located.value if located.value.count("\n") == node.text.count("\n") else node.text
    if node.style == '"' and text == node.text:
        escapes = _behind_escapes(values.text, located.span.start, located.span.end)
        if escapes is not None and _length(escapes, located.span.end) == len(text):
            return Located(text, located.span), escapes
    starts = [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
    if node.style != "|":
        return Located(text, located.span), tuple((start, located.span.start) for start in starts)
    return Located(text, located.span), tuple(
        zip(starts, _line_offsets(node, values, len(starts)), strict=True)
    )


def _behind_escapes(outer: str, start: int, end: int) -> Offsets | None:
    """The first offset of a double-quoted string and those behind its escapes; None where it is folded."""
    if outer.find("\n", start, end) >= 0:
        return None
    offsets, shift = [(0, start)], start
    for escape in _ESCAPE.finditer(outer, start, end):
        shift += escape.end() - escape.start() - 1
        offsets.append((escape.end() - shift, escape.end()))
    return tuple(offsets)


def _length(offsets: Offsets, end: int) -> int:
    inline, file = offsets[-1]
    return inline + end - file


def _line_offsets(node: Scalar, values: Values, count: int) -> list[int]:
    """Where the content of each line of a literal block begins in the file."""
    lines = node.text.split("\n")
    begin = values.text.find("\n", node.span.start, node.span.end) + 1
    offsets: list[int] = []
    for line in (lines + [""] * count)[:count]:
        end = values.text.find("\n", begin)
        end = len(values.text) if end < 0 else end
        carriage = 1 if end > begin and values.text[end - 1] == "\r" else 0
        offsets.append(max(end - carriage - len(line), begin))
        begin = min(end + 1, len(values.text))
    return offsets


def read_built(
    build: ServiceBuild | None,
    inline: Located[str] | None,
    knowledge: Knowledge,
    text_of: TextOf,
) -> Built | None:
    """What a service builds, to be read when it is needed; None where it builds nothing we could read."""
    if build is None or (build.target is not None and known(build.target) is None):
        return None
    path = None if inline is not None else dockerfile_of(build)
    if inline is None and path is None:
        return None

    def text() -> str | None:
        return known(inline) if path is None else text_of(path)

    def read() -> Build | None:
        written = text()
        if written is None:
            return None
        return read_or_known(Asked(written, build.contexts, None), knowledge, nobody)

    def read_as_built() -> Build | None:
        written = text()
        if written is None:
            return None
        folder = "." if build.context is None else known(build.context)
        asked = Asked(written, build.contexts, folder, tuple(_given(build).items()))
        return read_or_known(asked, knowledge, context_of(build, text_of))

    unknown = frozenset(one.name for one in build.arguments) - _given(build).keys()
    # One inside of the file is linted too, and is read once for both.
    return Built(
        cache(read) if path is None else read,
        read_as_built,
        known(build.target),
        unknown,
        path or "",
        text,
    )


def _given(build: ServiceBuild) -> dict[str, str]:
    """The build arguments whose values are known."""
    values = ((one.name, None if one.value is None else one.value.known) for one in build.arguments)
    return {name: value for name, value in values if value is not None}


def context_of(build: ServiceBuild, text_of: TextOf) -> TextOf:
    """Texts of files by their paths in the build context; ignore files are no part of it."""
    folder = "." if build.context is None else known(build.context)
    if folder is None or build.is_remote is not False or UNRESOLVED in folder:
        return nobody

    def text(name: str) -> str | None:
        path = posixpath.normpath(posixpath.join(folder, name))
        return None if posixpath.basename(path).startswith(".") or path.startswith("/") else text_of(path)

    return text


def dockerfile_of(build: ServiceBuild) -> str | None:
    """The path of its Dockerfile from the project's folder, also above it; None if absolute or not known."""
    context = "." if build.context is None else known(build.context)
    return None if build.is_remote is not False else _path_below(context, build)


def _path_below(context: str | None, build: ServiceBuild) -> str | None:
    name = "Dockerfile" if build.dockerfile is None else known(build.dockerfile)
    if context is None or name is None or UNRESOLVED in context + name:
        return None
    path = posixpath.normpath(posixpath.join(context, name))
    return None if path.startswith("/") else path


def builder_of(service: Container) -> BuildingService:
    """What a service with a `build` says of the image that it builds."""
    build = service.build
    return BuildingService(
        str(known(service.name)),
        None if build is None else known(build.target),
        () if build is None else build.contexts,
        is_unprivileged=service.has_user is True and service.is_root is False,
        has_healthcheck=service.has_healthcheck is True,
        has_entrypoint=service.has_entrypoint,
        has_command=service.has_command,
        has_stop_signal=service.stop_signal is not None,
        has_host_folders=any(one.is_bind is not False and not one.is_read_only for one in service.mounts),
    )


def _built_path(build: ServiceBuild) -> str | None:
    return _path_below(build.context_pattern, build) if build.context_pattern else dockerfile_of(build)


def builders_of(services: Iterable[Container]) -> tuple[tuple[str, BuildingService], ...]:
    """The services that build a Dockerfile of its own, each behind its path from the project's folder, in
    which `*` stands for what a variable brings.
    """
    building = (one for one in services if one.build is not None and one.inline_dockerfile is None)
    named = ((_built_path(one.build), one) for one in building if one.build is not None)
    return tuple((path, builder_of(one)) for path, one in named if path is not None)
