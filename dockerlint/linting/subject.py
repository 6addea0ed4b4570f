"""What a finding is about: a container, a stage, an image, a network."""

from __future__ import annotations

from typing import Any, Final

from dockerlint.ruleset.rule import Scope
from dockerlint.values import known

_OTHERS: Final = (("image_config", "image"), ("host_network", "network"), ("missing_container", "service"))
"""Kinds of nodes, and what a report calls the subject that they are."""


def subject_of(scope: Scope) -> tuple[str | None, str, str]:
    """The subject by name, its kind, and what it is called without a name; None, "" and "" for a file."""
    container: Any = scope.get("container")
    if container is not None:
        return known(container.name), "service" if "project" in scope else "container", ""
    for node, kind in _OTHERS:
        found: Any = scope.get(node)
        if found is not None:
            return known(found.name), kind, ""
    if "daemon" in scope and "inspection" in scope:
        return "daemon", "daemon", ""
    stage: Any = scope.get("stage")
    if stage is None:
        return None, "", ""
    if name := known(stage.name):
        return name, "stage", ""
    return str(stage.index), "stage", "final stage" if stage.is_final else f"stage {stage.index}"
