"""The order of keys and items in a Compose file: sorted where the text says the same afterwards."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from dockerlint.findings import Edit, Refused
from dockerlint.fixing.compose.text import ComposeText
from dockerlint.fixing.request import Request
from dockerlint.model.container.container import Container
from dockerlint.model.container.order import by_name, by_number, keys_in_order, sections_in_order
from dockerlint.parse.compose.layout import COMPOSE
from dockerlint.text import splice
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Plain, Scalar
from dockerlint.yaml.order import parts_of, reorder
from dockerlint.yaml.tree import load_plain


def sort(file: ComposeText, request: Request, service: str) -> list[Edit]:
    """Bring `services`, `sections`, `keys`, `depends_on` or `ports` into order; raises Refused else.

    `service` is the one whose keys or items they are; "" for the file.
    """
    path: Path = {"services": ("services",), "sections": (), "keys": ("services", service)}.get(
        request.argument, ("services", service, request.argument)
    )
    order = _order(file, request, path)
    edits = reorder(file, path, order)
    _refuse_other_values(file.text, edits, path)
    return edits


def _order(file: ComposeText, request: Request, path: Path) -> list[int]:
    if request.argument == "ports":
        return _order_of_ports(file, request, path)
    names = _names(file, path)
    if request.argument == "sections":
        return sections_in_order(names)
    return keys_in_order(names) if request.argument == "keys" else by_name(names)


def _names(file: ComposeText, path: Path) -> list[str]:
    """Keys of a mapping, or the words of a list, as far as they are written there."""
    body = file.node(path)
    if isinstance(body, Mapping):
        return [entry.key.text for entry in file.own_entries(body)]
    items = file.sequence(path).items
    words = [item.text for item in items if isinstance(item, Scalar)]
    if len(words) < len(items):
        raise Refused("not every item is a word")
    return words


def _order_of_ports(file: ComposeText, request: Request, path: Path) -> list[int]:
    ports = request.node.ports if isinstance(request.node, Container) else ()
    here = {request.here(port.span).start: port.number for port in ports if not port.span.source}
    starts = sorted(here)
    numbers: list[int] = []
    for part in parts_of(file, path):
        at = bisect_left(starts, part.start)
        number = here[starts[at]] if at < len(starts) and starts[at] < part.end else None
        if number is None:
            raise Refused("the number of a port is not known")
        numbers.append(number)
    return by_number(numbers)


def _refuse_other_values(text: str, edits: list[Edit], path: Path) -> None:
    """An alias must stay below its anchor, and every value what it was."""
    before, _, _ = load_plain(text, COMPOSE)
    after, _, problems = load_plain(splice(text, edits), COMPOSE)
    if problems:
        raise Refused("an alias would stand above its anchor")
    if _sorted_at(before, path) != _sorted_at(after, path):
        raise Refused("a value would change")


def _sorted_at(data: Plain, path: Path) -> tuple[Plain, Counter[str]]:
    """The data without the list at a path, and the items of that list, whatever their order."""
    inner: Plain = data
    for step in path[:-1]:
        inner = inner[step] if isinstance(inner, dict) and isinstance(step, str) else None
    if not path or not isinstance(inner, dict) or not isinstance(items := inner.get(str(path[-1])), list):
        return data, Counter()
    inner[str(path[-1])] = None
    return data, Counter(map(repr, items))
