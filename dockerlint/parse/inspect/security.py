"""Which security options a container runs with, as far as a record says."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.parse.inspect.fields import flag_at, found_at, text_at
from dockerlint.values import known
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence, as_mapping


def read_security(body: Mapping) -> Iterator[Entry]:
    """The options, and `systempaths=unconfined`, which the program turns into two empty lists of paths."""
    found, unmasked = found_at(body, "HostConfig", "SecurityOpt"), _unmasked(body)
    options = None if found is None else _without_own_label(body, found.value)
    if unmasked is not None and (options is None or isinstance(options, Sequence)):
        word = Scalar("systempaths=unconfined", unmasked.span)
        given = () if options is None else options.items
        options = Sequence((*given, word), unmasked.span if options is None else options.span)
    place = found or unmasked
    if options is not None and place is not None:
        yield Entry(Scalar("security_opt", place.key.span), options, place.span)


def _unmasked(body: Mapping) -> Entry | None:
    """Where the record says that no path of /proc and /sys is hidden or read-only; null is no such list."""
    host = as_mapping(body.get("HostConfig")).entries
    paths = [host.get(name) for name in ("MaskedPaths", "ReadonlyPaths")]
    values = [None if one is None else one.value for one in paths]
    return paths[0] if all(isinstance(one, Sequence) and not one.items for one in values) else None


def _without_own_label(body: Mapping, options: Node) -> Node:
    """Without the `label=disable` that the Engine adds to what shares processes or memory with the host.

    generateSecurityOpt in daemon/create.go of moby.
    """
    shares = (known(text_at(body, "HostConfig", name)) == "host" for name in ("PidMode", "IpcMode"))
    is_privileged = known(flag_at(body, "HostConfig", "Privileged")) is True
    if not isinstance(options, Sequence) or not (is_privileged or any(shares)):
        return options
    kept = (one for one in options.items if not (isinstance(one, Scalar) and one.text == "label=disable"))
    return options._replace(items=tuple(kept))
