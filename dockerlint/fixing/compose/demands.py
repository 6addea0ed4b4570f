"""What the text of a service says about how much its program takes: memory, processes, a GPU."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dockerlint.data import records, word_list
from dockerlint.regex import pattern
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence, as_mapping

_SIZE: Final = pattern(r"(?:(?<![\w.])|-Xm[sxn])(\d+(?:\.\d+)?)\s?([kmgtKMGT])[iI]?[bB]?(?![\w-])")
"""`3gb`, `3072m`, `-Xmx4g`."""
_MEMORY: Final[tuple[tuple[re.Pattern[str], int], ...]] = tuple(
    (pattern(row["pattern"]), row["unit"]) for row in records("limits", "memory-amounts")
)
_BY_VARIABLE: Final = tuple(pattern(row["pattern"]) for row in records("limits", "memory-by-variable"))
_PROCESSES: Final = tuple(pattern(row["pattern"]) for row in records("limits", "process-amounts"))
_GPU: Final = word_list("limits", "gpu-words")
_SPOKEN: Final = ("environment", "command", "entrypoint")
_SHOWN: Final = 40
_LONGEST: Final = 12


def told_memory(body: Mapping, bound: int) -> str | None:
    """The first setting that gives its program more than half of so many bytes; None for none.

    A program needs more than its heap or its cache, so a bound has to leave room.
    """
    for text in _told(body):
        if any(one.search(text) for one in _BY_VARIABLE):
            return "a variable that says how much memory it takes"
        for found in _SIZE.finditer(text):
            if 2 * _bytes(found[1], found[2]) > bound:
                return found[0].strip()[:_SHOWN]
        for setting, unit in _MEMORY:
            for found in setting.finditer(text):
                if 2 * int(found[1]) * unit > bound:
                    return f"{found[1]} for its memory"
    return None


def told_processes(body: Mapping, bound: int) -> str | None:
    """The first setting that has its program start more than half of so many processes; None for none."""
    settings = (found for text in _told(body) for one in _PROCESSES for found in one.finditer(text))
    return next((found[0].strip()[-_SHOWN:] for found in settings if 2 * int(found[1]) > bound), None)


def works_on_gpu(body: Mapping) -> bool:
    """Its runtime, its devices or its variables name a GPU."""
    if "gpus" in body.entries:
        return True
    reserved = as_mapping(as_mapping(as_mapping(body.get("deploy")).get("resources")).get("reservations"))
    nodes = (body.get("runtime"), body.get("devices"), reserved.get("devices"), body.get("environment"))
    return any(not _GPU.isdisjoint(_words(text)) for node in nodes for text in _texts(node))


def _told(body: Mapping) -> Iterator[str]:
    """Its variables as `NAME=value`, and each command as one line."""
    for key in _SPOKEN:
        node = body.get(key)
        if key != "environment" and isinstance(node, Sequence):
            yield " ".join(_texts(node))
        else:
            yield from _texts(node)


def _texts(node: Node | None) -> Iterator[str]:
    """The texts below a node; what a mapping names stands as `name=text`."""
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            yield from (f"{name}={text}" for text in _texts(entry.value))


def _words(text: str) -> set[str]:
    """`nvidia` of `NVIDIA_VISIBLE_DEVICES=all`, `dri` of `/dev/dri:/dev/dri`."""
    lower = text.lower()
    return {lower, *pattern(r"[^a-z0-9.]+").split(lower), *lower.split("=")}


def _bytes(digits: str, unit: str) -> float:
    return float(digits[:_LONGEST]) * (1 << 10 * (1 + "kmgt".index(unit.lower())))
