"""A Compose project as the engine's own Compose understands it, and the services that one of them needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dockerlint.prove.host.engine import Engine, EngineError


class ComposedProject(NamedTuple):
    """What `compose config` prints. Values are secret where they are the user's: nothing here is shown."""

    name: str
    services: Mapping[str, Mapping[str, Any]]
    networks: Mapping[str, Any]
    secrets: Mapping[str, Any]
    configs: Mapping[str, Any]

    def needed_by(self, name: str) -> tuple[str, ...]:
        """A service and all that it depends on, near or far, in order of the names."""
        found, waiting = {name}, [name]
        while waiting:
            for other in _dependencies(self.services[waiting.pop()]):
                if other in self.services and other not in found:
                    found.add(other)
                    waiting.append(other)
        return tuple(sorted(found))


def read_composed(engine: Engine, paths: Sequence[str], env_files: Sequence[str]) -> ComposedProject:
    """Ask Compose for a project of these files; raises EngineError with what it says against them."""
    words = [word for path in paths for word in ("-f", path)]
    words += [word for path in env_files for word in ("--env-file", path)]
    said = engine.must("compose", *words, "--profile", "*", "config", "--format", "json")
    try:
        document: dict[str, Any] = json.loads(said)
    except ValueError as error:
        why = f"{engine.name} compose config prints no JSON; prove needs Docker Compose 2"
        raise EngineError(why) from error
    parts = (document.get(key) or {} for key in ("services", "networks", "secrets", "configs"))
    return ComposedProject(str(document.get("name") or ""), *parts)


def _dependencies(service: Mapping[str, Any]) -> Iterator[str]:
    """The names of the services that one is started behind, or whose network or other space it shares."""
    yield from service.get("depends_on") or ()
    for key in ("network_mode", "pid", "ipc"):
        kind, _, name = str(service.get(key) or "").partition(":")
        if kind == "service":
            yield name
    for link in service.get("links") or ():
        yield str(link).partition(":")[0]
