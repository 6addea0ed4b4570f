"""A proof → its receipt, and the facts about an image that a receipt amounts to (`rules/images/`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from dockerlint.images.receipt import VERSION
from dockerlint.images.reference import cut, normalise
from dockerlint.prove.host.images import LocalImage
from dockerlint.prove.layers.bounds import peak_of, rest_of
from dockerlint.prove.layers.proof import Proof
from dockerlint.prove.layers.steps import Subject
from dockerlint.prove.trials.variant import Variant

_HEAD: Final = "# Written by dockerlint prove, for dockerlint fix --harden: docs/prove.md. Do not edit.\n"
_LONGEST: Final = 200
_LEAST_PROCESSES: Final = 200
"""The facts about images name no lower limit."""


class Origin(NamedTuple):
    """What was proven, and where."""

    service: str
    image: str
    """As the text has it; "" for a build."""
    local: LocalImage
    dockerfile: str
    setup: str
    engine: str
    date: str
    seconds: float


def receipt_text(origin: Origin, proof: Proof, shown: Callable[[str], str]) -> str:
    """The receipt as YAML; `shown` masks what logs have said."""
    return _HEAD + "".join(_yaml(receipt_data(origin, proof, shown)))


def receipt_data(origin: Origin, proof: Proof, shown: Callable[[str], str]) -> dict[str, Any]:
    """What a receipt says, in order; without what is empty."""
    seen = proof.verdicts[0].seen
    peak, rest = peak_of(seen), rest_of(seen)
    data = {
        "version": VERSION,
        "service": origin.service,
        "image": origin.image,
        "digest": origin.local.digest,
        "id": origin.local.id,
        "dockerfile": origin.dockerfile,
        "setup": origin.setup,
        "engine": origin.engine,
        "date": origin.date,
        "seconds": round(origin.seconds),
        "trials": proof.trials.count,
        "tested": bool(proof.trials.tests),
        "proven": _proven(proof.proven),
        "measured": {
            "memory_at_rest": rest.memory,
            "memory_at_most": peak.memory,
            "pids_at_rest": rest.pids,
            "pids_at_most": peak.pids,
        },
        "fails_without": [
            {"what": one.of, "phase": one.phase, "line": shown(one.line)[:_LONGEST]} for one in proof.lacks
        ],
        "not_proven": [{"layer": one.layer, "why": shown(one.why)[:_LONGEST]} for one in proof.notes],
    }
    return {key: value for key, value in data.items() if value not in ("", [], None)}


def _proven(variant: Variant) -> dict[str, Any]:
    capabilities = variant.capabilities
    found = {
        "read_only": variant.read_only or None,
        "tmpfs": list(variant.tmpfs) or None,
        "user": variant.user or None,
        "capabilities": None if capabilities is None else list(capabilities),
        "no_new_privileges": variant.no_new_privileges or None,
        "memory": f"{variant.memory >> 20}m" if variant.memory else None,
        "pids": variant.pids or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def facts_text(origin: Origin, proof: Proof, subject: Subject) -> str:
    """A file for `rules/images/`: what was proven, as facts about the image."""
    return "".join(_yaml(facts_data(origin, proof, subject)))


def facts_data(origin: Origin, proof: Proof, subject: Subject) -> dict[str, Any]:
    """The same as data; images.schema.json has its shape."""
    variant = proof.proven
    where = f"{origin.image or origin.service} {origin.local.digest or origin.local.id} on {origin.engine}"
    how = {
        "strength": "tested",
        "source": f"{where}: all dropped, a second start on the same volumes, each entry taken away in turn",
        "date": origin.date,
    }
    data: dict[str, Any] = {"images": [_name(origin)]}
    data["user"] = {
        "default": subject.image.user or "root",
        **({"start": variant.user} if variant.user else {}),
        **how,
        "strength": "read",
    }
    is_root = subject.starts_as_root and not variant.user
    if variant.capabilities is not None:
        data["needs"] = {"root" if is_root else "user": list(variant.capabilities), **how}
    if variant.read_only:
        own = [one for one in subject.mounted if one and one not in subject.image.volumes]
        data["writable"] = {
            "tmpfs": list(variant.tmpfs),
            **({} if is_root else {"tmpfs_as_user": list(variant.tmpfs)}),
            **({"needs_volume": own} if own else {}),
            **how,
        }
    if variant.memory:
        data["memory"] = {"least": f"{variant.memory >> 20}m", **how, "strength": "measured"}
    if variant.pids:
        data["processes"] = {"least": max(variant.pids, _LEAST_PROCESSES), **how, "strength": "measured"}
    return data


def _name(origin: Origin) -> str:
    registry, name = normalise(cut(origin.image or origin.service).path)
    return f"{name}" if registry == "docker.io" else f"{registry}/{name}"


def _yaml(data: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """YAML in blocks; texts are quoted as JSON quotes them, which is YAML as well."""
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{key}:\n"
            yield from _yaml(value, f"{indent}  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{indent}{key}:\n"
            yield from (f"{indent}  - {json.dumps(one, ensure_ascii=True)}\n" for one in value)
        else:
            yield f"{indent}{key}: {json.dumps(value, ensure_ascii=True)}\n"
