"""Short ways to look at a parsed Dockerfile in tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dockerlint.images.facts import ImageFacts, Knowledge
from dockerlint.linting.linter import walk
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.text import Span

KNOWLEDGE = Knowledge(
    today=date(2026, 8, 22),
    images={
        "node": ImageFacts("node", default_user="root", unprivileged_user="node"),
        "postgres": ImageFacts("postgres", default_user="root", drops_root=True, role="datastore"),
        "prom/prometheus": ImageFacts("prom/prometheus", default_user="nobody"),
    },
)


def build(text: str, neighbours: Mapping[str, str] | None = None) -> Build:
    return parse_dockerfile(text, KNOWLEDGE, (neighbours or {}).get)


def final(text: str) -> Stage:
    return build(text).stages[-1]


def words(text: str) -> list[str]:
    """The keywords of all stages, in order."""
    return [str(one.keyword.value) for stage in build(text).stages for one in stage.instructions]


def under(text: str, span: Span) -> str:
    return text[span.start : span.end]


def nodes(built: Build, kind: str) -> list[Any]:
    return [node for node, _ in walk(built) if kind in node.KINDS]


def only(text: str, kind: str, neighbours: Mapping[str, str] | None = None) -> Any:
    """The single node of a kind."""
    (node,) = nodes(build(text, neighbours), kind)
    return node


def problems(text: str) -> list[tuple[str, str]]:
    """Code and underlined text of every problem."""
    return [(one.code, under(text, one.span)) for one in build(text).problems]


def instructions(built: Build) -> Iterator[Instruction]:
    for stage in built.stages:
        yield from stage.instructions
