"""What is started, word for word: as an engine printed it, and as a Compose project says it."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.link.resolve import Resolved
from dockerlint.model.host.launch import Argv, Launch
from dockerlint.parse.compose.commandline import split_command
from dockerlint.parse.compose.placed import placed_text
from dockerlint.parse.compose.values import Values
from dockerlint.values import UNKNOWN, UNRESOLVED, known
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence, as_mapping


def printed_launch(body: Mapping) -> Launch:
    """What a container or an image starts; null stands for no words."""
    config = as_mapping(body.get("Config"))
    if not config.entries:
        return Launch()
    check = as_mapping(config.get("Healthcheck"))
    return Launch(
        entrypoint=_printed(config, "Entrypoint"),
        command=_printed(config, "Cmd"),
        test=_words(check.get("Test")) if check.entries else (),
    )


def _printed(config: Mapping, name: str) -> Argv:
    found = config.entries.get(name)
    return None if found is None else _words(found.value)


def _words(node: Node | None) -> Argv:
    if isinstance(node, Sequence) and all(isinstance(one, Scalar) for one in node.items):
        return tuple(one.text for one in node.items if isinstance(one, Scalar))
    return () if node is None or (isinstance(node, Scalar) and node.value is None) else UNKNOWN


def written_launches(resolved: Resolved, values: Values) -> Iterator[tuple[str, Launch]]:
    """What each service of a project starts."""
    for key, one in as_mapping(as_mapping(resolved.root).get("services")).entries.items():
        body = as_mapping(one.value)
        check = body.get("healthcheck")
        test = None if check is None else _test(as_mapping(check), values)
        entrypoint, command = (_written(body.get(name), values) for name in ("entrypoint", "command"))
        yield key, Launch(entrypoint, command, test)


def _written(node: Node | None, values: Values) -> Argv:
    """The words that Compose hands over; an empty list or text means different things to its releases."""
    if isinstance(node, Sequence):
        return tuple(_texts(node, values)) if node.items and _is_known(node, values) else UNKNOWN
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return None
    if not isinstance(node, Scalar) or not _is_set(node, values):
        return UNKNOWN
    places = placed_text(node, values)
    line = None if places is None else split_command(places)
    if line is None or line.is_refused or line.cut is not None or not line.words:
        return UNKNOWN
    words = [one.value for one in line.words]
    return tuple(map(str, words)) if UNKNOWN not in words else UNKNOWN


def _test(check: Mapping, values: Values) -> Argv:
    """The test of a health check; None where the image says it."""
    disable, test = values.flag(check.get("disable")), check.get("test")
    if disable is not None and known(disable) is not False:
        return ("NONE",) if known(disable) is True else UNKNOWN
    if isinstance(test, Sequence):
        return _written(test, values)
    if not isinstance(test, Scalar) or test.value is None:
        return None
    return ("CMD-SHELL", values.resolve(test)) if _is_set(test, values) else UNKNOWN


def _is_known(node: Sequence, values: Values) -> bool:
    return all(isinstance(one, Scalar) and _is_set(one, values) for one in node.items)


def _is_set(node: Scalar, values: Values) -> bool:
    return not values.is_set_elsewhere(node) and UNRESOLVED not in values.resolve(node)


def _texts(node: Sequence, values: Values) -> Iterator[str]:
    return (values.resolve(one) for one in node.items if isinstance(one, Scalar))
