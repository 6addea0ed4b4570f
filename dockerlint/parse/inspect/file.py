"""A text of kind `inspect`: objects of an engine in a list, alone, or one a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from dockerlint.data import records, word_list
from dockerlint.images.facts import Knowledge
from dockerlint.json.plain import PassedOver, passed_over
from dockerlint.json.reader import read_json
from dockerlint.kinds import AGAINST, TextOf, nobody
from dockerlint.model.container.container import Container
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.model.host.inspection import Inspection
from dockerlint.model.secret.credential import find_credentials
from dockerlint.parse.inspect.container import read_container
from dockerlint.parse.inspect.fields import text_at
from dockerlint.parse.inspect.history import read_layer
from dockerlint.parse.inspect.things import age_of, read_image_config, read_network
from dockerlint.parse.literal import LiteralValues
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import known
from dockerlint.yaml.nodes import Mapping, Node, Sequence

_MORE: Final = "docker inspect $(docker ps -aq) prints what is linted"


def parse_inspect(text: str, knowledge: Knowledge, text_of: TextOf = nobody) -> Inspection:
    """Read one text; what is no JSON, and what no inspect prints, is a Problem.

    Raises UserError where it is held to a project that cannot be read.
    """
    read, values = read_json(text, _unasked()), LiteralValues(text)
    objects = [(kind_of_object(one), one) for one in _objects(read.values)]
    images = {known(text_at(one, "Id")): one for kind, one in objects if kind == "image"}
    found = Inspection(
        containers=tuple(
            _with_age(read_container(one, values, knowledge), one, images, knowledge)
            for kind, one in objects
            if kind == "container"
        ),
        images=tuple(
            read_image_config(one, values, knowledge.today) for kind, one in objects if kind == "image"
        ),
        layers=tuple(
            layer for kind, one in objects if kind == "history" and (layer := read_layer(one)) is not None
        ),
        networks=tuple(read_network(one) for kind, one in objects if kind == "network"),
        daemons=_daemons(objects, values, knowledge),
        credentials=find_credentials(text),
        span=Span(0, len(text)),
    )
    found = replace(found, problems=(*read.problems, *_misfits(read.values, objects), *values.problems))
    written = text_of(AGAINST)
    if written is None:
        return found
    from dockerlint.parse.inspect.against import compared

    bodies = [one for kind, one in objects if kind == "container"]
    return compared(found, bodies, images, written, knowledge, text_of)


@cache
def _unasked() -> PassedOver:
    """What an engine says of containers beside what is linted."""
    inside = word_list("inspect", "inspect-passed-over")
    return passed_over(sorted(word_list("inspect", "inspect-unread")), ("", *inside))


def _objects(roots: tuple[Node, ...]) -> Iterator[Mapping]:
    for root in roots:
        items = root.items if isinstance(root, Sequence) else (root,)
        yield from (one for one in items if isinstance(one, Mapping))


def kind_of_object(one: Mapping) -> str:
    """What an engine printed: `container`, `image` …; "" for anything else."""
    keys = one.entries.keys()
    signs = ((row["kind"], row["keys"].split()) for row in records("inspect", "inspect-signs"))
    return next((kind for kind, names in signs if keys >= set(names)), "")


def _daemons(
    objects: list[tuple[str, Mapping]], values: LiteralValues, knowledge: Knowledge
) -> tuple[Daemon, ...]:
    answers = [one for kind, one in objects if kind == "info"]
    if not answers:
        return ()
    from dockerlint.parse.daemon.info import read_info

    return (read_info(answers, values, knowledge.today),)


def _with_age(
    container: Container, body: Mapping, images: dict[str | None, Mapping], knowledge: Knowledge
) -> Container:
    """The container with the age of its image, where that is part of the same text."""
    image = images.get(known(text_at(body, "Image")))
    if image is None or container.running is None:
        return container
    return replace(container, running=replace(container.running, image_age=age_of(image, knowledge.today)))


def _misfits(roots: tuple[Node, ...], objects: list[tuple[str, Mapping]]) -> Iterator[Problem]:
    """What is there and not linted; a list of containers is told once."""
    for root in roots:
        for one in root.items if isinstance(root, Sequence) else (root,):
            if not isinstance(one, Mapping):
                place = Span(one.span.start, min(one.span.start + 1, one.span.end))
                yield Problem("not-an-object", "docker inspect prints objects", _MORE, False, place)
    lists = [one for kind, one in objects if kind == "list"]
    for one in lists[:1]:
        place = Span(one.span.start, one.span.start + 1)
        yield Problem("not-read", "a list of containers says too little", _MORE, False, place)
    for kind, one in objects:
        if not kind:
            place = Span(one.span.start, one.span.start + 1)
            yield Problem(
                "not-read", "neither container, image, network, volume nor daemon", _MORE, False, place
            )
