"""The images that the services of a project run, as this engine has them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from dockerlint.images.reference import cut, normalise
from dockerlint.prove.host.engine import Engine, EngineError

_PULL_SECONDS: Final = 600.0


class LocalImage(NamedTuple):
    """An image on this engine."""

    reference: str
    """What a trial runs: the name as the service has it, or the id of what was built."""
    id: str
    """`sha256:…` of its configuration."""
    digest: str
    """`sha256:…` of what a registry has under its name; "" where it came from none."""
    user: str
    """The user that its configuration names; "" for root."""
    volumes: tuple[str, ...]
    """The folders that it declares as volumes."""
    healthcheck: tuple[str, ...]
    """The words of its own health check, each dollar doubled as Compose wants it."""


def find_image(engine: Engine, reference: str, *, may_pull: bool) -> LocalImage:
    """The image of a name; raises EngineError where it is not there, and must not or cannot be pulled."""
    answer = engine.ask("image", "inspect", reference)
    if not answer.works and may_pull:
        engine.must("pull", "-q", reference, seconds=_PULL_SECONDS)
        answer = engine.ask("image", "inspect", reference)
    if not answer.works:
        raise EngineError(f"image {reference} is not on this engine; use --pull")
    return _image(reference, json.loads(answer.out)[0])


def _image(reference: str, about: Mapping[str, Any]) -> LocalImage:
    config = about.get("Config") or {}
    check = (config.get("Healthcheck") or {}).get("Test") or ()
    return LocalImage(
        reference,
        _with_algorithm(str(about.get("Id", ""))),
        _digest(reference, about.get("RepoDigests") or ()),
        str(config.get("User") or ""),
        tuple(sorted(config.get("Volumes") or ())),
        tuple(word.replace("$", "$$") for word in check),
    )


def _with_algorithm(id: str) -> str:
    """Podman leaves out the algorithm."""
    return id if not id or ":" in id else f"sha256:{id}"


def _digest(reference: str, digests: Iterable[str]) -> str:
    """That of the repository which the name is from."""
    wanted = normalise(cut(reference).path)
    for one in digests:
        path, _, digest = one.partition("@")
        if normalise(path) == wanted:
            return digest
    return ""
