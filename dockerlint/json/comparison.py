"""What two JSON texts say differently: the proof of an edit."""

from __future__ import annotations

from collections.abc import Sequence as Order

from dockerlint.findings import Edit, Refusal
from dockerlint.json.reader import read_json
from dockerlint.text import Span
from dockerlint.yaml.comparison import unmeant
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Node, Plain, Scalar


def json_differs(before: str, after: str, edits: Order[Edit]) -> Refusal | None:
    """What edits did to a place they did not mean; None for nothing."""
    old, new = read_json(before), read_json(after)
    if new.problems and not old.problems:
        return Refusal(f"it would no longer parse: {new.problems[0].message}")
    if len(new.values) != len(old.values):
        return Refusal("it would no longer parse")
    old_spans: dict[Path, Span] = {}
    new_spans: dict[Path, Span] = {}
    told = [_plain(one, (at,), old_spans) for at, one in enumerate(old.values)]
    now = [_plain(one, (at,), new_spans) for at, one in enumerate(new.values)]
    return unmeant((told, old_spans), (now, new_spans), edits)


def _plain(node: Node, path: Path, spans: dict[Path, Span]) -> Plain:
    """The data of a node, no deeper than the reader goes; the place of each value by its path."""
    spans[path] = node.span
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: _plain(entry.value, (*path, key), spans) for key, entry in node.entries.items()}
    return [_plain(item, (*path, at), spans) for at, item in enumerate(node.items)]
