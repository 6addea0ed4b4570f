"""A container that no project surrounds: what it says in the words of a Compose service is read as one.

`docker run`, `docker inspect` and Compose say the same things with other names. Each reader puts what its
text says under Compose's keys, every value with its own place, so that one reader makes all containers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import nobody
from dockerlint.link.resolve import ProjectFiles, Resolved, resolve
from dockerlint.model.container.container import Container
from dockerlint.parse.compose.service import Surroundings, read_service
from dockerlint.parse.literal import LiteralValues
from dockerlint.text import Span
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar


@cache
def _no_project() -> Resolved:
    """A project that says nothing."""
    return resolve(ProjectFiles(("",)), {"": ""}.get, follow=False)


def read_alone(
    name: Scalar,
    keys: Iterable[Entry],
    span: Span,
    values: LiteralValues,
    knowledge: Knowledge,
    *,
    is_partial: bool,
) -> Container:
    """The container that some keys of a service describe; nothing is said about their order."""
    entries = {entry.key.text: entry for entry in keys}
    around = Surroundings(values, knowledge, {}, {}, {}, {}, nobody, _no_project())
    service = Entry(name, Mapping(entries, span, is_partial=is_partial), span)
    return replace(read_service(service, around, (), is_partial=is_partial), keys=())


def entry(key: str, node: Node, place: Span | None = None) -> Entry:
    """A value under a key of Compose; `place` is where the text says it, the value unless told otherwise."""
    span = node.span if place is None else place
    return Entry(Scalar(key, span), node, span)
