"""Which service of a project is its front door: it starts after others, and no other one starts after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dockerlint.model.container.container import Container
from dockerlint.values import known


def with_fronts(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """The services, the front doors marked. What a service connects to says its `depends_on` or `links`."""
    names = {known(one.name) for one in containers}
    reached = {name: _needed(one) & names - {name} for one in containers if (name := known(one.name))}
    behind = set().union(*reached.values()) if reached else set()
    return tuple(
        replace(one, is_front_door=True)
        if reached.get(known(one.name) or "") and known(one.name) not in behind
        else one
        for one in containers
    )


def _needed(container: Container) -> set[str | None]:
    return {*_names(known(one) for one in container.depends_on), *_names(map(known, container.links))}


def _names(written: Iterable[str | None]) -> Iterable[str]:
    return (one.partition(":")[0] for one in written if one is not None)
