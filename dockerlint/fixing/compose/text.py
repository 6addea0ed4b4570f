"""A Compose file read for editing: its services, and which of them may be changed by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dockerlint.findings import Refused
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.yaml.document import Document, Path, open_document
from dockerlint.yaml.nodes import Mapping, Node, Scalar, as_mapping

BOUNDS = ("mem_limit", "cpus", "pids_limit")
"""The keys of a service that say how much it may use."""


@dataclass(frozen=True)
class ComposeText(Document):
    """One Compose file."""

    def called(self, path: Path) -> str:
        """By its keys within the service, or by the name of the service."""
        inner = path[2 if len(path) > 2 else 1 :] if path[:1] == ("services",) else path
        return ".".join(map(str, inner or path)) or "the file"

    @cached_property
    def services(self) -> dict[str, Mapping]:
        """What stands under each service."""
        services = as_mapping(self.root.get("services")).entries
        return {name: as_mapping(entry.value) for name, entry in services.items()}

    @cached_property
    def is_built_here(self) -> bool:
        """The folder of the file, or one above it, is what a service is built from."""
        return any(_is_here(body.get("build")) for body in self.services.values())

    @cached_property
    def extended_by(self) -> dict[str, list[str]]:
        """For every service that others of this file extend, their names."""
        bases: dict[str, list[str]] = {}
        for name, body in self.services.items():
            base = body.get("extends")
            if isinstance(base, Mapping):
                base = None if "file" in base.entries else base.get("service")
            if isinstance(base, Scalar):
                bases.setdefault(base.text, []).append(name)
        return bases

    @cached_property
    def bounds_below_deploy(self) -> bool:
        """Services bound what they use below `deploy`, and none by keys of its own."""
        deploys = [as_mapping(body.get("deploy")) for body in self.services.values()]
        if not any("limits" in as_mapping(one.get("resources")).entries for one in deploys):
            return False
        return not any(key in body.entries for body in self.services.values() for key in BOUNDS)


def _is_here(build: Node | None) -> bool:
    context = build.get("context") if isinstance(build, Mapping) else build
    if isinstance(build, Mapping) and context is None:
        return True
    return isinstance(context, Scalar) and context.text.strip().rstrip("/") in (".", "./.")


def service_path(file: ComposeText, name: str, *, is_known: bool = False) -> Path:
    """The path of a service that may be changed by itself; raises Refused with the reason else.

    `is_known` says that what it extends was read, so that all it sets is known.
    """
    path: Path = ("services", name)
    body = file.mapping(path)
    if body.is_partial:
        raise Refused("part of the service cannot be parsed")
    if "extends" in body.entries and not is_known:
        raise Refused("the service extends another one, which may set more")
    if others := file.extended_by.get(name):
        raise Refused(f"{services_called(others)} {'extends' if len(others) == 1 else 'extend'} this one")
    return path


def services_called(names: Sequence[str]) -> str:
    """`service a`; `services a, b and c`."""
    if len(names) == 1:
        return f"service {names[0]}"
    return f"services {', '.join(names[:-1])} and {names[-1]}"


@lru_cache(maxsize=4)
def open_compose(text: str) -> ComposeText:
    """A text read as a Compose file, each of the last few once; raises Refused as `open_document` does."""
    one = open_document(text, COMPOSE)
    return ComposeText(one.text, one.root, one.shared, one.covered)
