"""The flags of one line into the keys of a Compose service.

Source: cli/command/container/opts.go of docker/cli, which turns the same flags into what the Engine is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dockerlint.images.facts import Knowledge
from dockerlint.model.container.container import Container
from dockerlint.parse.alone import entry, read_alone
from dockerlint.parse.flags import GivenFlag, value_of
from dockerlint.parse.literal import LiteralValues
from dockerlint.parse.run.lines import RunLine, flag_rows
from dockerlint.shell.words import Word
from dockerlint.text import Span
from dockerlint.values import UNRESOLVED
from dockerlint.yaml.nodes import Entry, Mapping, Node, Scalar, Sequence

_MODES: Final = ("bridge", "host", "none", "default", "private", "slirp4netns", "pasta")
_FALSE: Final = ("false", "0", "f", "F", "FALSE", "False")


def read_run(found: RunLine, values: LiteralValues, knowledge: Knowledge) -> Container:
    """The container that a line makes."""
    grouped: dict[str, list[GivenFlag]] = {}
    for flag in found.line.flags:
        grouped.setdefault(flag.key, []).append(flag)
    name = _name(found, grouped)
    keys = [*_merged(_keys(grouped)), *_image_and_command(found)]
    is_partial = found.line.is_partial
    return read_alone(name, keys, found.span, values, knowledge, is_partial=is_partial)


def _name(found: RunLine, grouped: dict[str, list[GivenFlag]]) -> Scalar:
    """`--name`, else the image; what is absent is underlined at `docker run`."""
    given = grouped.get("--name", ())
    text = given[-1].value if given else "" if found.image is None else value_of(found.image)
    return Scalar(text.replace(UNRESOLVED, "…") or "container", found.place)


def _image_and_command(found: RunLine) -> Iterator[Entry]:
    if found.image is None:
        return
    image, *command = found.line.arguments
    yield entry("image", _word(image))
    if command:
        span = Span(command[0].span.start, command[-1].span.end)
        yield entry("command", Sequence(tuple(map(_word, command)), span))


def _word(word: Word) -> Scalar:
    return Scalar(value_of(word), word.between(0, len(word.text)).span)


def _keys(grouped: dict[str, list[GivenFlag]]) -> Iterator[Entry]:
    for name, flags in grouped.items():
        row = flag_rows("run-flags").get(name, {})
        form = _FORMS.get(row.get("form", ""))
        if form is not None and "key" in row:
            yield from form(row["key"], flags)


def _merged(entries: Iterator[Entry]) -> list[Entry]:
    """Entries of one key, which several flags may give, as one: lists grow, mappings are joined."""
    found: dict[str, Entry] = {}
    for one in entries:
        there = found.get(one.key.text)
        found[one.key.text] = one if there is None else there._replace(value=_joined(there.value, one.value))
    return list(found.values())


def _joined(first: Node, second: Node) -> Node:
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        items = sorted((*first.items, *second.items), key=lambda item: item.span.start)
        return first._replace(items=tuple(items))
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first._replace(entries={**first.entries, **second.entries})
    return second


def _scalar(flag: GivenFlag) -> Scalar:
    return Scalar(flag.value, flag.value_span)


def _around(flags: list[GivenFlag]) -> Span:
    return Span(flags[0].span.start, max(flag.span.end for flag in flags))


def _switch(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    last = flags[-1]
    text = "false" if last.value in _FALSE else last.value if UNRESOLVED in last.value else "true"
    yield entry(key, Scalar(text, last.value_span), last.span)


def _text(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    yield entry(key, _scalar(flags[-1]), flags[-1].span)


def _list(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    yield entry(key, Sequence(tuple(map(_scalar, flags)), _around(flags)), flags[0].span)


def _entrypoint(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    """An empty one takes that of the image away."""
    words = (_scalar(flags[-1]),) if flags[-1].value else ()
    yield entry(key, Sequence(words, flags[-1].span), flags[-1].span)


def _device(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    """`--device /dev/a:r` is a mode, where Compose sees a path (parseLinuxDevice in docker/cli)."""
    items = tuple(_scalar(flag)._replace(text=_with_target(flag.value)) for flag in flags)
    yield entry(key, Sequence(items, _around(flags)), flags[0].span)


def _with_target(device: str) -> str:
    source, colon, mode = device.partition(":")
    is_mode = bool(mode) and set(mode) <= set("rwm") and len(mode) == len(set(mode))
    return f"{source}:{source}:{mode}" if colon and is_mode else device


def _health(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    told = {key: entry(key, _scalar(flags[-1]), flags[-1].span)}
    yield entry("healthcheck", Mapping(told, flags[-1].span), flags[-1].span)


def _health_off(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    told = {key: entry(key, Scalar("true", flags[-1].span))}
    yield entry("healthcheck", Mapping(told, flags[-1].span), flags[-1].span)


def _logging(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    value: Node = _scalar(flags[-1])
    if key == "options":
        value = Sequence(tuple(map(_scalar, flags)), _around(flags))
    yield entry("logging", Mapping({key: entry(key, value)}, _around(flags)), flags[0].span)


def _ulimit(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    told: dict[str, Entry] = {}
    for flag in flags:
        name, _, limits = flag.value.partition("=")
        soft, _, hard = limits.partition(":")
        parts = {
            "soft": entry("soft", Scalar(soft, flag.value_span)),
            "hard": entry("hard", Scalar(hard or soft, flag.value_span)),
        }
        told[name] = entry(name, Mapping(parts, flag.value_span))
    yield entry(key, Mapping(told, _around(flags)))


def _network(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    """The mode of the network, or the networks that it joins; `name=web,alias=db` is a form of one."""
    names = [flag._replace(value=_network_name(flag.value)) for flag in flags]
    modes = [flag for flag in names if flag.value in _MODES or ":" in flag.value or UNRESOLVED in flag.value]
    if modes:
        yield from _text("network_mode", modes)
    joined = [flag for flag in names if flag not in modes]
    if joined:
        yield from _list(key, joined)


def _network_name(value: str) -> str:
    parts = dict(part.split("=", 1) for part in _fields(value) if "=" in part)
    return parts.get("name", value)


def _fields(value: str) -> list[str]:
    """The fields of a value that the program reads as a line of CSV; quotes may stand around one."""
    if '"' not in value:
        return value.split(",")
    import csv

    try:
        return next(csv.reader([value]), [])
    except csv.Error:
        return value.split(",")


def _mount(key: str, flags: list[GivenFlag]) -> Iterator[Entry]:
    items = tuple(_mount_of(flag) for flag in flags)
    yield entry(key, Sequence(items, _around(flags)), flags[0].span)


def _mount_of(flag: GivenFlag) -> Mapping:
    """`--mount type=bind,source=/a,target=/b,readonly`: https://docs.docker.com/engine/storage/bind-mounts/"""
    names = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}
    told: dict[str, Entry] = {}
    for part in _fields(flag.value):
        name, _, value = part.strip().partition("=")
        name = names.get(name.lower(), name.lower())
        scalar = Scalar(value, flag.value_span)
        is_read_only = "false" if value in _FALSE else "true"
        if name in ("type", "source", "target"):
            told[name] = entry(name, scalar)
        elif name == "readonly":
            told["read_only"] = entry("read_only", scalar._replace(text=is_read_only))
        elif name == "bind-propagation":
            shared = Mapping({"propagation": entry("propagation", scalar)}, flag.value_span)
            told["bind"] = entry("bind", shared)
    told.setdefault("type", entry("type", Scalar("volume", flag.value_span)))
    return Mapping(told, flag.value_span)


_FORMS: Final[dict[str, Callable[[str, list[GivenFlag]], Iterator[Entry]]]] = {
    "switch": _switch,
    "text": _text,
    "list": _list,
    "entrypoint": _entrypoint,
    "device": _device,
    "health": _health,
    "health-off": _health_off,
    "logging": _logging,
    "ulimit": _ulimit,
    "network": _network,
    "mount": _mount,
}
"""By the word in the table."""
