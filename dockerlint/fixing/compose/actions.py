"""Requests on Compose files: text edits in the style of the file, or a refusal.

Nothing is re-emitted: keys, list items and words are put in, taken out or exchanged where they stand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from collections.abc import Mapping as Lookup
from itertools import takewhile

from dockerlint.findings import Edit, Refusal, Refused
from dockerlint.fixing.compose.limits import limit_paths, refuse_conflicts
from dockerlint.fixing.compose.ordering import sort
from dockerlint.fixing.compose.ports import bind
from dockerlint.fixing.compose.secrets import move_to_secret
from dockerlint.fixing.compose.text import ComposeText, open_compose, service_path
from dockerlint.fixing.dockerfile.image import retag
from dockerlint.fixing.request import Change, Outcome, Request
from dockerlint.model.container.container import Container
from dockerlint.model.container.datanetwork import DataNetwork
from dockerlint.model.container.port import Port
from dockerlint.text import Span
from dockerlint.yaml.document import Path
from dockerlint.yaml.edit import insert_entries, remove_entry, replace_scalar, replacement, requoted
from dockerlint.yaml.lists import add_items, remove_item
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence
from dockerlint.yaml.style import Value

ORDERED = ("cap_add", "tmpfs")
"""Lists of a service that are written in alphabetical order."""
HARDENING = (
    *("user", "privileged", "read_only", "tmpfs", "cap_drop", "cap_add", "security_opt"),
    *("mem_reservation", "mem_limit", "memswap_limit", "cpus", "pids_limit", "healthcheck"),
)
"""The order of the keys of a service that say what it may do."""


def act(request: Request) -> Outcome:
    """The edits that a request on a Compose file amounts to, or why there are none. Never raises."""
    carry_out = _ACTIONS.get(request.action)
    if carry_out is None:
        return Refusal("not supported in Compose files")
    try:
        outcome = carry_out(open_compose(request.text), request)
    except Refused as refused:
        return refused.refusal
    return outcome if isinstance(outcome, Change) else tuple(outcome)


def block(text: str, service: str, wanted: Lookup[str, Value]) -> tuple[Edit, ...]:
    """The edits that give a service all these keys at once, each of which it may be given; raises Refused."""
    return tuple(set_keys(open_compose(text), service, wanted, is_known=True))


def set_keys(
    file: ComposeText, service: str, wanted: Lookup[str, Value], *, is_known: bool = False
) -> list[Edit]:
    """Give a service these keys; a list that is there gets what it lacks, another value is exchanged.

    `is_known` says that what it extends was read.
    """
    body_path = service_path(file, service, is_known=is_known)
    edits: list[Edit] = []
    missing: dict[Path, dict[str, Value]] = {}
    if "cap_add" in wanted and not _drops_all(file, body_path, wanted):
        wanted = {key: value for key, value in wanted.items() if key != "cap_add"}
    for key, value in wanted.items():
        refuse_conflicts(file, body_path, key, value)
        if value == []:
            continue
        for *above, name in limit_paths(file, body_path, key):
            path, written = (*body_path, *above), _typed(above, name, value)
            if file.has((*path, name)):
                edits += _complete(file, (*path, name), written)
            else:
                present, rest = _deepest(file, path, {name: written})
                _merge(missing.setdefault(present, {}), rest)
    for path, entries in missing.items():
        edits += insert_entries(file, path, entries, HARDENING if path == body_path else ())
    return edits


def _drops_all(file: ComposeText, service: Path, wanted: Lookup[str, Value]) -> bool:
    """Whether all capabilities are taken; else there is nothing to give back."""
    there = file.sequence((*service, "cap_drop")).items if file.has((*service, "cap_drop")) else ()
    names = [_name_of(one.text) for one in there if isinstance(one, Scalar)]
    dropped = wanted.get("cap_drop")
    return "ALL" in names or (isinstance(dropped, list) and "ALL" in dropped)


def _typed(above: list[str], key: str, value: Value) -> Value:
    """Below `deploy` Compose wants numbers of processors as strings."""
    return str(value) if above and key == "cpus" else value


def _deepest(file: ComposeText, path: Path, entries: dict[str, Value]) -> tuple[Path, dict[str, Value]]:
    """The part of a path that is there, and what to write below it."""
    while not file.has(path):
        path, entries = path[:-1], {str(path[-1]): dict(entries)}
    return path, entries


def _merge(entries: dict[str, Value], more: dict[str, Value]) -> None:
    """Add entries to others that may share their first keys."""
    for key, value in more.items():
        there = entries.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            _merge(there, value)
        else:
            entries[key] = value


def _complete(file: ComposeText, path: Path, value: Value) -> list[Edit]:
    """Bring what is written under a key to the value that is wanted."""
    file.entry(path)
    if not isinstance(value, list):
        if isinstance(value, dict):
            raise Refused(f"{path[-1]} exists already")
        return replace_scalar(file, path, value)
    items = file.sequence(path).items
    if not all(isinstance(item, Scalar) for item in items):
        raise Refused(f"{path[-1]} has items other than strings")
    edits: list[Edit] = []
    names = {_name_of(item.text): at for at, item in enumerate(items) if isinstance(item, Scalar)}
    for one in [one for one in value if _name_of(one) in names and path[-1] == "security_opt"]:
        edits += replace_scalar(file, (*path, names[_name_of(one)]), one)
    lacking = [one for one in value if _name_of(one) not in names]
    rank = _name_of if path[-1] in ORDERED else None
    return edits + (add_items(file, path, lacking, rank) if lacking else [])


def _name_of(item: str) -> str:
    """`no-new-privileges` of `no-new-privileges:true`; `CHOWN` of `cap_chown`."""
    return item.replace("=", ":").partition(":")[0].upper().removeprefix("CAP_")


def path_at(file: ComposeText, start: int, end: int) -> Path:
    """The path of the innermost value that holds a stretch of the text."""
    node: Node = file.root
    path: Path = ()
    while True:
        around = (one for one in _children(file, node, start) if one[1].start <= start and end <= one[1].end)
        step, _, child = next(around, (None, None, node))
        if step is None:
            return path
        node, path = child, (*path, step)


def _children(file: ComposeText, node: Node, offset: int) -> list[tuple[str | int, Span, Node]]:
    """Of a list the last item that begins at an offset or before, of a mapping the last such entry."""
    if isinstance(node, Mapping):
        entries = file.own_entries(node)
        at = bisect_right(entries, offset, key=lambda one: one.span.start)
        return [(one.key.text, one.span, one.value) for one in entries[max(at - 1, 0) : at]]
    if isinstance(node, Sequence) and (last := file.item_at(node, offset)) is not None:
        return [(last, node.items[last].span, node.items[last])]
    return []


def _set(file: ComposeText, request: Request) -> list[Edit]:
    if isinstance(request.node, DataNetwork):
        return insert_entries(file, ("networks", request.node.name), request.argument)
    service = _service(request)
    if isinstance(request.node, Port):
        path = service_path(file, service, is_known=_is_known(request))
        return bind(file, path, request.here(request.node.span), str(request.argument["host_ip"]))
    return set_keys(file, service, request.argument, is_known=_is_known(request))


def _service(request: Request) -> str:
    container = request.scope.get("container")
    if not isinstance(container, Container) or container.name.known is None:
        raise Refused("it is not part of a service")
    return container.name.known


def _is_known(request: Request) -> bool:
    """Whether all that the service sets was read, with the services that it extends."""
    container = request.scope.get("container")
    return isinstance(container, Container) and not container.is_partial


def _remove(file: ComposeText, request: Request) -> list[Edit]:
    path = path_at(file, request.span.start, request.span.end)
    if not path:
        raise Refused("the value to change is not in this file")
    if path[0] == "services" and len(path) > 2:
        service_path(file, str(path[1]), is_known=_is_known(request))
    if "$" in request.written:
        raise Refused("it contains a variable")
    edits = remove_item(file, path) if isinstance(path[-1], int) else remove_entry(file, path)
    if len(path) == 1 and _is_explained(file, str(path[0])):
        raise Refused(f"a comment above it mentions {path[0]}")
    if path[0] == "services" and any(_holds_comment(file, edit.span) for edit in edits):
        raise Refused("a comment next to it would be removed too")
    return edits


def _is_explained(file: ComposeText, key: str) -> bool:
    """A comment right above a key at the top names it, and no licence: it would speak of what is gone."""
    above = file.text[: file.entry((key,)).entry.key.span.start].splitlines()
    lines = takewhile(lambda line: line.lstrip()[:1] == "#", reversed(above))
    return any(key in line.lower() and "licen" not in line.lower() for line in lines)


def _holds_comment(file: ComposeText, span: Span) -> bool:
    at = bisect_left(file.comments, span.start)
    return at < len(file.comments) and file.comments[at] < span.end


def _replace(file: ComposeText, request: Request) -> list[Edit]:
    path = path_at(file, request.span.start, request.span.end)
    if path[:1] == ("services",) and len(path) > 2:
        service_path(file, str(path[1]), is_known=_is_known(request))
    node = file.node(path)
    if not isinstance(node, Scalar) or node.style in ("|", ">"):
        raise Refused("it spans several lines")
    quotes = 1 if node.style else 0
    inner = (node.span.start + quotes, node.span.end - quotes)
    if request.span[:2] in (inner, node.span[:2]):
        return [Edit(node.span, replacement(file, node, request.argument))]
    if "$" in request.written or "\\" in file.text[inner[0] : inner[1]]:
        raise Refused("it contains a variable")
    return [Edit(request.span, str(request.argument))]


def _replace_image(file: ComposeText, request: Request) -> list[Edit] | Change:
    """Another tag; registry, name and quotes stay as they are written."""
    path = service_path(file, _service(request), is_known=_is_known(request))
    body = file.mapping(path).entries
    if "image" not in body and "extends" in body:
        raise Refused("the service that it extends sets the image")
    file.entry((*path, "image"))
    outcome = retag(request)
    if isinstance(outcome, Refusal):
        raise Refused(outcome.reason)
    return outcome if isinstance(outcome, Change) else list(outcome)


def _move_to_secret(file: ComposeText, request: Request) -> Change:
    return move_to_secret(file, request, _service(request))


def _sort(file: ComposeText, request: Request) -> list[Edit]:
    return sort(file, request, _service(request) if isinstance(request.node, Container) else "")


def _quote(file: ComposeText, request: Request) -> list[Edit]:
    """A word with quotes, or without: the same word."""
    node = file.node(path_at(file, request.span.start, request.span.end))
    if not isinstance(node, Scalar):
        raise Refused("it is not a single word")
    return [Edit(node.span, requoted(file, node, with_quotes=request.argument))]


_ACTIONS: dict[str, Callable[[ComposeText, Request], list[Edit] | Change]] = {
    "set": _set,
    "remove": _remove,
    "replace": _replace,
    "replace_image": _replace_image,
    "move_to_secret": _move_to_secret,
    "sort": _sort,
    "quote": _quote,
}
