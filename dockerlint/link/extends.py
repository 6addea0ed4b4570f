"""Services that extend others: https://docs.docker.com/reference/compose-file/services/#extends"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dockerlint.budget import spend
from dockerlint.link.gaps import Objections
from dockerlint.link.merge import Merger
from dockerlint.link.places import file_below
from dockerlint.link.space import TextOfScalar, TextSetting
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED
from dockerlint.yaml.nodes import Mapping, Scalar, as_mapping


class Services(NamedTuple):
    """The services of one file, among which a base is looked for."""

    place: int
    """Where the text of the file begins."""
    setting: TextSetting
    """What the file is read with."""
    body: Mapping


class _Extending(NamedTuple):
    """A service on the way from one that extends to the last base."""

    key: tuple[int, str]
    body: Mapping
    place: Span
    """Its key."""


class Extender:
    """Puts into services what those hold that they extend."""

    def __init__(
        self,
        merger: Merger,
        text_of: TextOfScalar,
        told: Objections,
        services_of: Callable[[str, Services], Services | None],
        clean: Callable[[Mapping], Mapping],
    ) -> None:
        """`services_of` gives the services of the file of a path for those of another file.

        `clean` takes out of a base what its file marked for itself.
        """
        self.origins: dict[tuple[int, str], tuple[Span, ...]] = {}
        """The keys of the bases of a service, by the place of its file and its name; the last base first."""
        self._merger = merger
        self._text_of = text_of
        self._told = told
        self._services_of = services_of
        self._clean = clean
        self._done: dict[tuple[int, str], Mapping] = {}

    def extended(self, services: Services) -> Mapping:
        """The same services, each with what it extends; the very same where none extends another."""
        bodies = (as_mapping(entry.value) for entry in services.body.entries.values())
        if all("extends" not in body.entries for body in bodies):
            return services.body
        entries = {
            name: entry
            if as_mapping(entry.value).get("extends") is None
            else entry._replace(value=self._service(services, name))
            for name, entry in services.body.entries.items()
        }
        return services.body._replace(entries=entries)

    def _service(self, services: Services, name: str) -> Mapping:
        """One service, merged from its last base on."""
        way: list[_Extending] = []
        seen: set[tuple[int, str]] = set()
        here: tuple[Services, str] | None = (services, name)
        key = (services.place, name)
        while here is not None and key not in self._done:
            services, name = here
            entry = services.body.entries[name]
            if key in seen:
                self._tell_circle(way, key)
                break
            spend(1, "services that extend each other")
            seen.add(key)
            way.append(_Extending(key, as_mapping(entry.value), entry.key.span))
            here = self._base(services, way[-1].body)
            key = key if here is None else (here[0].place, here[1])
        return self._folded(way, key)

    def _folded(self, way: list[_Extending], last: tuple[int, str]) -> Mapping:
        """The first service of a way, each laid over the one behind it; `last` is the end of the way."""
        merged, keys = self._done.get(last), self.origins.get(last, ())
        for step in reversed(way):
            merged = step.body if merged is None else self._merged(merged, step.body)
            keys = (*keys, step.place)
            self._done[step.key], self.origins[step.key] = merged, keys
        assert merged is not None
        return merged

    def _merged(self, base: Mapping, body: Mapping) -> Mapping:
        entries = {key: entry for key, entry in body.entries.items() if key != "extends"}
        return self._merger.services(self._clean(base), body._replace(entries=entries))

    def _base(self, services: Services, body: Mapping) -> tuple[Services, str] | None:
        """What a service extends; None where it extends nothing, or what cannot be read."""
        extends = body.get("extends")
        name = extends.get("service") if isinstance(extends, Mapping) else extends
        file = extends.get("file") if isinstance(extends, Mapping) else None
        if not isinstance(name, Scalar):
            return None
        found: Services | None = services
        if isinstance(file, Scalar) and file.text:
            found = self._other(services, file)
        if found is None:
            return None
        wanted = self._text_of(name)
        if wanted in found.body.entries:
            return found, wanted
        if UNRESOLVED not in wanted:
            message = f"service {wanted} is not declared in {'that' if file else 'this'} file"
            self._told.problem("undeclared", message, name.span)
        return None

    def _other(self, services: Services, file: Scalar) -> Services | None:
        path = file_below(services.setting.folder, self._text_of(file))
        if not self._told.can_be_read(path, file.span):
            return None
        found = self._services_of(path, services)
        if found is None:
            self._told.missing(path, file.span)
        return found

    def _tell_circle(self, way: list[_Extending], key: tuple[int, str]) -> None:
        names = [step.key[1] for step in way]
        circle = names[[step.key for step in way].index(key) :]
        extends = way[-1].body.get("extends")
        message = f"services extend each other: {' → '.join([*circle, key[1]])}"
        self._told.problem("extends-cycle", message, way[-1].place if extends is None else extends.span)
