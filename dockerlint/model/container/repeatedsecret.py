"""The same secret in the text of several services, which has to be changed in all of these places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import known

if TYPE_CHECKING:
    from dockerlint.model.container.container import Container


@dataclass(frozen=True, slots=True)
class RepeatedSecret:
    """One secret that several services have in their environment, each in a place of its own."""

    KINDS: ClassVar[tuple[str, ...]] = ("repeated_secret",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    services: tuple[str, ...]
    """The names of the services."""
    is_easy: bool
    """A plain word or one that is tried first: it keeps nobody out, and nobody means it to."""
    span: Span = field(compare=False)
    """The first place."""
    others: tuple[Span, ...] = field(default=(), compare=False)
    """The other places."""

    @property
    def service_names(self) -> str:
        """The services, for a sentence."""
        return f"{', '.join(self.services[:-1])} and {self.services[-1]}"


def repeated_secrets(containers: Sequence[Container]) -> tuple[RepeatedSecret, ...]:
    """Every secret that is written down for more than one service, in order of the text."""
    found: dict[str, dict[Span, tuple[str, Variable]]] = {}
    for container in containers:
        name = known(container.name) or ""
        for text, place, variable in _secrets(container):
            found.setdefault(text, {}).setdefault(place, (name, variable))
    return tuple(one for places in found.values() for one in _repeated(places))


def _secrets(container: Container) -> Iterator[tuple[str, Span, Variable]]:
    for variable in container.variables:
        text, place = variable.secret_text, variable.secret_span
        if text is not None and place is not None:
            yield text, place, variable


def _repeated(places: dict[Span, tuple[str, Variable]]) -> Iterator[RepeatedSecret]:
    services = tuple(dict.fromkeys(name for name, _ in places.values()))
    if len(services) > 1:
        first, *others = places
        yield RepeatedSecret(services, places[first][1].is_easy, first, tuple(others))
