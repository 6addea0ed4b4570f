"""Requests on daemon.json: text edits that keep its formatting; flags in a unit; or a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping as Lookup
from functools import lru_cache

from dockerlint.findings import Edit, Refusal, Refused
from dockerlint.fixing.daemon.flags import edits_of
from dockerlint.fixing.request import Outcome, Request
from dockerlint.json.edit import remove_at, scalar_at, set_keys
from dockerlint.json.reader import read_json
from dockerlint.model.daemon.daemon import Daemon
from dockerlint.parse.daemon.file import is_command
from dockerlint.yaml.nodes import Mapping
from dockerlint.yaml.style import Value


def act(request: Request) -> Outcome:
    """The edits that a request on daemon.json amounts to, or why there are none. Never raises."""
    carry_out = _ACTIONS.get(request.action)
    if carry_out is None:
        return Refusal("not supported in daemon.json")
    daemon = request.scope.get("daemon")
    if isinstance(daemon, Daemon) and daemon.is_report:
        return Refusal("this is what the daemon says about itself; change daemon.json or its flags")
    try:
        if is_command(request.text):
            return tuple(edits_of(request))
        return tuple(carry_out(_root(request.text), request))
    except Refused as refused:
        return refused.refusal


def block(text: str, subject: str | None, wanted: Lookup[str, Value]) -> tuple[Edit, ...]:
    """The edits that give the daemon all these keys at once; raises Refused."""
    return tuple(set_keys(text, _root(text), wanted))


@lru_cache(maxsize=4)
def _root(text: str) -> Mapping:
    """The object of a text that has no mistakes; raises Refused."""
    read = read_json(text)
    if read.problems:
        raise Refused("the file is not valid JSON")
    if len(read.values) != 1 or not isinstance(read.values[0], Mapping):
        raise Refused("the file is not one object")
    return read.values[0]


def _set(root: Mapping, request: Request) -> list[Edit]:
    return set_keys(request.text, root, request.argument)


def _remove(root: Mapping, request: Request) -> list[Edit]:
    return remove_at(root, request.span)


def _replace(root: Mapping, request: Request) -> list[Edit]:
    place = scalar_at(root, request.span).span
    return [Edit(place, json.dumps(request.argument, ensure_ascii=False))]


_ACTIONS: dict[str, Callable[[Mapping, Request], list[Edit]]] = {
    "set": _set,
    "remove": _remove,
    "replace": _replace,
}
