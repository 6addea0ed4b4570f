"""Hooks in `.pre-commit-config.yaml`: one that fixes, and one that tells what is left.

https://pre-commit.com/#adding-pre-commit-plugins-to-your-project
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.cli.start.addition import Addition, Existing, NotAdded, existing, proven
from dockerlint.cli.start.origin import PackageSource
from dockerlint.findings import Edit, Refused
from dockerlint.text import Span
from dockerlint.yaml.document import Document
from dockerlint.yaml.edit import insert_lines, line_end_after
from dockerlint.yaml.lists import dash_at
from dockerlint.yaml.nodes import Mapping, Sequence
from dockerlint.yaml.style import column, scalar_text
from dockerlint.yaml.tree import plain_of

PATH: Final = ".pre-commit-config.yaml"
QUOTE: Final = '"'
HOOKS: Final = {"dockerlint-fix": "dockerlint fix --quiet", "dockerlint": "dockerlint check"}
"""Ids and what they run, in their order: what is fixed needs no telling."""
_CODE: Final = "c|cs|go|java|js|json|kt|php|py|rb|rs|sh|swift|toml|ts|xml|ya?ml"
FILES: Final = (
    r"(?ix)(^|/)((dockerfile|containerfile)([-._][^/]+)?|[^/]+\.(dockerfile|containerfile)"
    r"|([^/]*compose[^/]*|([^/]*[._-])?stack([._-][^/]*)?)\.ya?ml|daemon\.json)$"
)
EXCLUDE: Final = (
    r"(?ix)(\.(adoc|html?|md|pdf|rst|txt|bak|dockerignore|lock|orig|rej|save|swp)"
    r"|\.(ejs|erb|gotmpl|in|j2|jinja2?|m4|mustache|template|tmpl|tpl)|~"
    r"|\.(ejs|erb|gotmpl|j2|jinja2?|mustache|tmpl|tpl)\.ya?ml)$"
    rf"|(^|/)(dockerfile|containerfile)[-_][^/]*\.({_CODE})$"
    rf"|(^|/)(?-i:(?!Dockerfile|Containerfile))(dockerfile|containerfile)\.({_CODE})$"
)
"""The files of `.pre-commit-hooks.yaml`, for hooks that no repository of ours describes."""


def hooks_addition(origin: PackageSource) -> Addition:
    """What the file of the working directory gets.

    Raises Unreadable where it cannot be read, and NotAdded where it can only be completed by a person.
    """
    note = ""
    if origin.is_placeholder:
        note = "the hooks run the dockerlint that is on the PATH; --source names a repository to get it from"
    there = existing(PATH)
    if there is None or not there.source.text.strip():
        text = "".join(f"{line}\n" for line in ("repos:", *_indented(_item(origin, 2), 2)))
        return Addition(PATH, text, there, (Edit(Span(0, 0), text),) if there else (), note)
    try:
        return _completed(there, origin, note)
    except Refused as why:
        raise NotAdded(PATH, why, "".join(f"{line}\n" for line in _item(origin, 0))) from None


def _completed(there: Existing, origin: PackageSource, note: str) -> Addition:
    """The file with the hooks behind the others; raises Refused."""
    document = there.document()
    if any(id in HOOKS for id in _ids(document)):
        return Addition(PATH, note="has hooks of dockerlint already, and is left as it is")
    body = document.sequence(("repos",))
    if not body.items:
        lines = _indented(_item(origin, 2), 2)
        edit = Edit(body.span, "".join(f"\n{line}" for line in lines))
    elif body.is_flow:
        raise Refused("its list of repositories is written in brackets")
    else:
        first, last = dash_at(document.text, body.items[0]), document.node(("repos", len(body.items) - 1))
        indent = column(document.text, first)
        key = column(document.text, document.entry(("repos",)).entry.key.span.start)
        lines = list(_item(origin, indent - key))
        edit = insert_lines(document.text, line_end_after(document.text, last.span, indent), indent, lines)
    return proven(PATH, "".join(f"{line}\n" for line in lines), there, [edit], note)


def _ids(document: Document) -> Iterator[str]:
    """The ids of all hooks."""
    repositories = document.root.entries.get("repos")
    for one in repositories.value.items if repositories and isinstance(repositories.value, Sequence) else ():
        hooks = plain_of(one).get("hooks") if isinstance(one, Mapping) else None  # type: ignore[union-attr]
        for hook in hooks if isinstance(hooks, list) else ():
            if isinstance(hook, dict):
                yield str(hook.get("id"))


def _indented(lines: Iterator[str], indent: int) -> list[str]:
    return [" " * indent + line for line in lines]


def _item(origin: PackageSource, offset: int) -> Iterator[str]:
    """The item of the list of repositories, whose own lists stand `offset` columns right of their keys."""
    is_local = not origin.address or origin.is_placeholder
    yield f"- repo: {'local' if is_local else origin.address}"
    if not is_local:
        yield f"  rev: {scalar_text(origin.revision, QUOTE)}"
    yield "  hooks:"
    for id in HOOKS:
        for at, line in enumerate(_described(id, origin) if is_local else (f"id: {id}",)):
            yield f"  {' ' * offset}{'  ' if at else '- '}{line}"


def _described(id: str, origin: PackageSource) -> Iterator[str]:
    yield f"id: {id}"
    yield f"name: {id}"
    yield f"entry: {HOOKS[id]}"
    yield 'args: ["--"]'
    if origin.is_placeholder:
        yield "language: system"
    else:
        yield "language: python"
        yield f"additional_dependencies: [{origin.requirement}]"
    yield f"files: '{FILES}'"
    yield f"exclude: '{EXCLUDE}'"
    yield "types: [text]"
    yield "require_serial: true"
