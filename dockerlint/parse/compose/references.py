"""Names that a Compose file uses and nothing declares, and services that wait for each other.

https://docs.docker.com/reference/compose-file/ and what `docker compose config` refuses.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.kinds import DECLARED, TextOf, kind_of_name, nobody
from dockerlint.link.resolve import Resolved
from dockerlint.model.container.container import Container
from dockerlint.parse.compose.companions import (
    DEFAULT_NAMES,
    SOURCES,
    STORED,
    added_sections,
    has_source,
    is_completed_above,
    is_default_file,
    sections_of,
)
from dockerlint.parse.compose.values import Values
from dockerlint.syntax import Problem
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED, known
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, as_mapping
from dockerlint.yaml.nodes import Sequence as List

_ALWAYS_THERE: Final = {"networks": frozenset(("default",))}
_NAMESPACES: Final = ("network_mode", "ipc", "pid")

LONGEST_SHOWN: Final = 100
"""Characters of names in a message."""


class _Mention(NamedTuple):
    """A name under a key of a service."""

    section: str
    """The section at the top of the file that declares it."""
    name: str
    span: Span
    waits: bool = False
    """The service is started behind the one that it names."""


def reference_problems(
    resolved: Resolved, containers: Sequence[Container], values: Values, text_of: TextOf
) -> Iterator[Problem]:
    """What Compose refuses once it has the whole project, so nothing for a file that may be a part of one."""
    root = resolved.root
    is_open = resolved.gaps or (resolved.is_alone and root is not None and root.get("include") is not None)
    if root is None or is_open:
        return
    sections = sections_of([root])
    services = sections["services"]
    uses = {name: list(_uses(as_mapping(entry.value), values)) for name, entry in services.items()}
    for container in containers:
        uses.setdefault(str(container.name.value), []).extend(_volumes(container))
    added = added_sections(text_of if resolved.is_alone else nobody)
    declared = {name: {**more, **sections[name]} for name, more in added.items()}
    found = [
        *_undeclared(uses, declared, "this file" if len(resolved.parts) == 1 else "the project", text_of),
        *_cycles(uses),
        *(problem for name in STORED for problem in _without_source(name, sections[name])),
        *_exclusive(services),
        *_unbuilt_platforms(services, values),
    ]
    missing = [] if _may_be_overlay(resolved) else [*_without_image(services, added["services"])]
    if not (found or missing) or any(entry.value.tag for entry in services.values()):
        return
    if missing and resolved.is_alone and is_completed_above(services, text_of):
        return
    is_default = not resolved.is_alone or is_default_file(sections, text_of)
    if is_default is True or (is_default is None and not missing):
        yield from found
    if is_default is True:
        yield from missing


def _uses(body: Mapping, values: Values) -> Iterator[_Mention]:
    """Every name that a service uses; those in which a variable is open are left out."""
    for section in ("networks", "secrets", "configs", "models"):
        yield from _named(section, body.get(section), values)
    yield from _named("secrets", as_mapping(body.get("build")).get("secrets"), values)
    yield from _waits(body, values)
    extends = body.get("extends")
    if not isinstance(extends, Mapping) or extends.get("file") is None:
        base = extends.get("service") if isinstance(extends, Mapping) else extends
        yield from (_Mention("services", name, span) for name, span in _text(base, values))


def _volumes(container: Container) -> Iterator[_Mention]:
    for mount in container.mounts:
        if mount.type == "volume" and mount.source is not None and (name := known(mount.source)):
            yield _Mention("volumes", name, mount.source.span)


def _waits(body: Mapping, values: Values) -> Iterator[_Mention]:
    needed = body.get("depends_on")
    for use in _named("services", needed, values):
        condition = as_mapping(as_mapping(needed).get(use.name))
        required = condition.get("required")
        if not isinstance(required, Scalar) or required.value is not False:
            yield use._replace(waits=True)
    for key in ("links", "volumes_from"):
        for item in _items(body.get(key)):
            for text, span in _text(item, values):
                if not text.startswith("container:"):
                    yield _Mention("services", text.partition(":")[0], span, waits=True)
    for key in _NAMESPACES:
        for text, span in _text(body.get(key), values):
            if text.startswith("service:"):
                yield _Mention("services", text.partition(":")[2], span, waits=True)


def _named(section: str, node: Node | None, values: Values) -> Iterator[_Mention]:
    """Names of a list, of its long form with `source`, or the keys of a mapping."""
    if isinstance(node, Mapping):
        yield from (
            _Mention(section, name, entry.key.span) for name, entry in node.entries.items() if "$" not in name
        )
    for item in _items(node):
        named = item.get("source") if isinstance(item, Mapping) else item
        yield from (_Mention(section, name, span) for name, span in _text(named, values))


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, List) else ()


def _shown(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"


def _text(node: Node | None, values: Values) -> Iterator[tuple[str, Span]]:
    located = values.text_of(node)
    if located is not None and UNRESOLVED not in str(located.value):
        yield str(located.value), located.span


def _undeclared(
    uses: dict[str, list[_Mention]], sections: dict[str, dict[str, Entry]], whole: str, text_of: TextOf
) -> Iterator[Problem]:
    """A name that a file of another folder declares is none: this one may be put upon that."""
    elsewhere: set[str] | None = None
    for use in (one for used in uses.values() for one in used):
        declared = sections[use.section].keys() | _ALWAYS_THERE.get(use.section, frozenset())
        if use.name not in declared:
            elsewhere = set((text_of(DECLARED) or "").split("\n")) if elsewhere is None else elsewhere
            if f"{use.section} {use.name}" in elsewhere:
                continue
            kind = use.section.removesuffix("s")
            hint = f"add it below {use.section}: at the top of the file" if kind != "service" else ""
            yield Problem("undeclared", f"{kind} {use.name} is not declared in {whole}", hint, True, use.span)


def _cycles(uses: dict[str, list[_Mention]]) -> Iterator[Problem]:
    """The first circle of services that wait for each other, said where it is closed."""
    done: set[str] = set()
    for start in uses:
        path: dict[str, Iterator[_Mention]] = {}
        name: str | None = start
        while name is not None:
            if name not in path:
                path[name] = (one for one in uses.get(name, ()) if one.waits and one.name not in done)
            use = next(path[name], None)
            if use is not None and use.name in path:
                circle = [*path][[*path].index(use.name) :]
                names = " → ".join([*circle, use.name])
                yield Problem(
                    "dependency-cycle", f"services depend on each other: {names}", "", True, use.span
                )
                return
            if use is None:
                done.add(name)
                del path[name]
            name = use.name if use is not None else next(reversed(path), None)


def _without_source(section: str, entries: dict[str, Entry]) -> Iterator[Problem]:
    sources = STORED[section]
    for name, entry in entries.items():
        body = as_mapping(entry.value)
        if (
            entry.value.tag
            or body.is_partial
            or not body.entries.keys().isdisjoint((*sources, "external", "driver"))
        ):
            continue
        hint = f"add {', '.join(sources[:-1])} or {sources[-1]}"
        message = f"{section.removesuffix('s')} {name} does not say where its content comes from"
        yield Problem("missing-key", message, hint, True, entry.key.span)


def _exclusive(services: dict[str, Entry]) -> Iterator[Problem]:
    for entry in services.values():
        body = as_mapping(entry.value)
        mode, networks = body.entries.get("network_mode"), body.get("networks")
        if mode is not None and networks is not None and not mode.value.tag and not networks.tag:
            yield Problem(
                "exclusive-keys", "network_mode excludes networks", "remove one of them", True, mode.key.span
            )
        build = as_mapping(body.get("build"))
        if build.get("dockerfile") is not None and build.get("dockerfile_inline") is not None:
            place = build.entries["dockerfile_inline"].key.span
            message = "dockerfile_inline excludes dockerfile"
            yield Problem("exclusive-keys", message, "remove one of them", True, place)


def _may_be_overlay(resolved: Resolved) -> bool:
    """The one file has the name of a Compose file with a word more, so another one may be put below it.

    A name that says nothing of the kind is that of the text itself.
    """
    if len(resolved.parts) != 1:
        return False
    name = posixpath.basename(resolved.parts[0].file.path)
    return name not in DEFAULT_NAMES and kind_of_name(name) == "compose"


def _unbuilt_platforms(services: dict[str, Entry], values: Values) -> Iterator[Problem]:
    for entry in services.values():
        body = as_mapping(entry.value)
        built = list(_items(as_mapping(body.get("build")).get("platforms")))
        names = [name for item in built for name, _ in _text(item, values)]
        for platform, span in _text(body.get("platform"), values):
            if names and len(names) == len(built) and platform not in names:
                message = f"platform {platform} is none of build.platforms"
                yield Problem("exclusive-keys", message, "add it there", True, span)


def _without_image(services: dict[str, Entry], added: dict[str, Entry]) -> Iterator[Problem]:
    for name, entry in services.items():
        body = as_mapping(entry.value)
        if name in added and has_source(added[name]):
            continue
        if not body.is_partial and body.entries.keys().isdisjoint((*SOURCES, "profiles")):
            yield Problem("missing-key", f"service {name} needs image or build", "", True, entry.key.span)
