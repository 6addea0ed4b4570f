"""The image of a service that is built: made for the trials under its own name, and removed behind them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Final

from dockerlint.model.container.container import Container
from dockerlint.prove.host.composed import ComposedProject
from dockerlint.prove.host.engine import Engine, EngineError
from dockerlint.prove.host.images import LocalImage, find_image
from dockerlint.prove.host.marks import Marks

_SECONDS: Final = 900.0
_LEFT_OUT: Final = frozenset(("cache_to", "entitlements", "privileged", "pull", "tags"))


def build_image(engine: Engine, project: ComposedProject, name: str, marks: Marks) -> LocalImage:
    """Build the image of a service; raises EngineError where that fails."""
    build = project.services[name]["build"]
    options = {key: value for key, value in build.items() if key not in _LEFT_OUT}
    labels = {**(options.get("labels") or {}), **marks.labels}
    tag = f"dockerlint-prove:{marks.token}-{name.lower()}"[:120]
    document = {"services": {name: {"image": tag, "build": {**options, "labels": labels}}}}
    if project.secrets:
        document["secrets"] = dict(project.secrets)
    words = ("compose", "-p", marks.project(0), "--env-file", os.devnull, "-f", "-", "build", name)
    engine.must(*words, seconds=_SECONDS, given=json.dumps(document))
    return find_image(engine, tag, may_pull=False)


def require_bases(engine: Engine, name: str, container: Container | None) -> None:
    """Raise EngineError where a build would pull an image, as far as its Dockerfile tells."""
    for base in _bases(container):
        if not engine.ask("image", "inspect", base).works:
            raise EngineError(f"base image {base} of {name} is not on this engine; use --pull")


def _bases(container: Container | None) -> Iterator[str]:
    """The images that its Dockerfile begins with, as far as they are known."""
    document = None if container is None or container.built is None else container.built.document
    for stage in () if document is None else document.stages:
        base = stage.base if stage.parent is None else None
        if base is not None and base.is_scratch is not True and isinstance(base.reference, str):
            yield base.reference
