"""One Compose file laid over another: https://docs.docker.com/reference/compose-file/merge/"""

from __future__ import annotations

from collections.abc import Iterable

from dockerlint.budget import spend
from dockerlint.link import forms
from dockerlint.link.gaps import Objections
from dockerlint.link.identity import Identity
from dockerlint.link.mergetable import ROOT, SERVICE, MergeRule
from dockerlint.link.space import Settings
from dockerlint.text import Span
from dockerlint.yaml.nodes import DROPPED, Entry, Mapping, Node, Scalar, Sequence, collections_in

OVERRIDE = "!override"
"""The tag of a value that takes the place of what is there, whatever both hold."""
DEEPEST_MERGED = 50
"""Mappings inside mappings; people stay below 10."""
_MERGED = "values that are merged"


class Merger:
    """Merges nodes of which every one keeps the place that wrote it."""

    def __init__(self, settings: Settings, told: Objections, *, keeps_marks: bool = False) -> None:
        """`settings` are those of the nodes.

        Where marks are kept, what takes a value away does so in what the result is laid over, too.
        """
        self._settings = settings
        self._told = told
        self._keeps_marks = keeps_marks
        self._depth = 0

    def files(self, base: Mapping, over: Mapping) -> Mapping:
        """A whole file over another one."""
        return self._mappings(base, over, ROOT)

    def entry(self, base: Entry, over: Entry, section: str) -> Entry:
        """What one file declares in a section over what another one declares by the same name."""
        return self._entry(base, over, ROOT.field(section).field(over.key.text))

    def services(self, base: Mapping, over: Mapping) -> Mapping:
        """A service over the one that it extends."""
        return self._mappings(base, over, SERVICE)._replace(span=over.span)

    def _node(self, base: Node, over: Node, rule: MergeRule, name: str) -> Node:
        if over.tag == OVERRIDE or (rule.replaces is not None and rule.replaces(base, over)):
            return over
        if is_null(over):
            return base
        if rule.form is not None:
            base, over = rule.form(base), rule.form(over)
        if rule.by_name and (isinstance(base, Mapping) or isinstance(over, Mapping)):
            base, over = (
                forms.pairs(one, self._settings) if isinstance(one, Sequence) else one for one in (base, over)
            )
        if isinstance(base, Mapping) and isinstance(over, Mapping):
            return self._deeper(base, over, rule)
        if isinstance(base, Sequence) and isinstance(over, Sequence):
            return self._sequences(base, over, rule.identity)
        if not isinstance(base, Scalar):
            self._clash(name, base, over.span)
        return over

    def _sequences(self, base: Sequence, over: Sequence, identity: Identity | None) -> Sequence:
        spend(1 + len(base.items) + len(over.items), _MERGED)
        items = (*_kept(base.items), *_kept(over.items))
        return base._replace(items=items if identity is None else _unique(items, identity, self._settings))

    def _deeper(self, base: Mapping, over: Mapping, rule: MergeRule) -> Mapping:
        if self._depth > DEEPEST_MERGED:
            message = f"mappings of several files are merged to a depth of {DEEPEST_MERGED}"
            self._told.gap("too-deep", message, over.span)
            return over
        self._depth += 1
        merged = self._mappings(base, over, rule)
        self._depth -= 1
        return merged

    def _mappings(self, base: Mapping, over: Mapping, rule: MergeRule) -> Mapping:
        spend(1 + len(over.entries), _MERGED)
        entries = dict(base.entries)
        for key, entry in over.entries.items():
            first = entries.get(key)
            if entry.value.tag == DROPPED and not self._keeps_marks:
                entries.pop(key, None)
            elif entry.value.tag == DROPPED or first is None or first.value.tag == DROPPED or rule.by_name:
                entries[key] = entry
            else:
                entries[key] = self._entry(first, entry, rule.field(key))
        return base._replace(entries=entries, is_partial=base.is_partial or over.is_partial)

    def _entry(self, base: Entry, over: Entry, rule: MergeRule) -> Entry:
        value = self._node(base.value, over.value, rule, over.key.text)
        if value is over.value:
            return over
        if value is base.value:
            return base
        # Of files the first one declares it, of a service and its base the service.
        return (over if self._keeps_marks else base)._replace(value=value)

    def _clash(self, name: str, base: Node, span: Span) -> None:
        kind = "a mapping" if isinstance(base, Mapping) else "a list"
        message = f"{name} is {kind} in the file that this one is merged with"
        self._told.problem("wrong-type", message, span)


def with_unique_items(root: Mapping, settings: Settings) -> Mapping:
    """A project without the items of lists of which a later one takes the place, as in Compose.

    The very same where there are none, as in most files.
    """
    section = root.entries.get("services")
    if section is None or not isinstance(section.value, Mapping):
        return root
    changed: dict[str, Entry] = {}
    for name, entry in section.value.entries.items():
        service = _with_unique_items(entry.value, settings) if isinstance(entry.value, Mapping) else None
        if service is not None and service is not entry.value:
            changed[name] = entry._replace(value=service)
    if not changed:
        return root
    services = section.value._replace(entries={**section.value.entries, **changed})
    return root._replace(entries={**root.entries, "services": section._replace(value=services)})


def _with_unique_items(service: Mapping, settings: Settings) -> Mapping:
    changed: dict[str, Entry] = {}
    for key, entry in service.entries.items():
        value = entry.value
        if isinstance(value, Sequence) and len(value.items) > 1:
            identity = SERVICE.field(key).identity
            items = value.items if identity is None else _unique(value.items, identity, settings)
            if len(items) < len(value.items):
                changed[key] = entry._replace(value=value._replace(items=items))
    return service._replace(entries={**service.entries, **changed}) if changed else service


def _unique(items: Iterable[Node], identity: Identity, settings: Settings) -> tuple[Node, ...]:
    """The items without those of which a later one takes the place."""
    places: dict[str, int] = {}
    unique: list[Node] = []
    for item in items:
        same = identity(item, settings)
        at = None if same is None else places.setdefault(same, len(unique))
        if at is None or at == len(unique):
            unique.append(item)
        else:
            unique[at] = item
    return tuple(unique)


def is_null(node: Node) -> bool:
    """Nothing, as `key:` without a value."""
    return isinstance(node, Scalar) and node.value is None and node.tag != DROPPED


def _kept(items: Iterable[Node]) -> Iterable[Node]:
    return (item for item in items if item.tag != DROPPED)


def without_marks(root: Mapping) -> Mapping:
    """A mapping as its own file leaves it: without what is taken away, and without the marks that do it."""
    found: dict[int, Node] = {}
    for node in collections_in(root):
        spend(1, _MERGED)
        found[id(node)] = _unmarked(node, found)
    clean = found[id(root)]
    assert isinstance(clean, Mapping)
    return clean


def _unmarked(node: Sequence | Mapping, inner: dict[int, Node]) -> Node:
    """A list or mapping, of whose lists and mappings the clean ones are there already."""
    tag = "" if node.tag == OVERRIDE else node.tag
    if isinstance(node, Sequence):
        return node._replace(items=tuple(_clean(item, inner) for item in _kept(node.items)), tag=tag)
    entries = {one.key.text: one._replace(value=_clean(one.value, inner)) for one in node.kept}
    return node._replace(entries=entries, tag=tag)


def _clean(node: Node, inner: dict[int, Node]) -> Node:
    if isinstance(node, Scalar):
        return node._replace(tag="") if node.tag == OVERRIDE else node
    return inner[id(node)]
