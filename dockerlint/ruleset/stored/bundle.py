"""A bundle of facts, as benchmarks/build_facts.py writes it → what is stored, after a strict look at it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from dockerlint.errors import UserError
from dockerlint.quoting import excerpt
from dockerlint.regex import pattern
from dockerlint.ruleset.documents.files import read_schema, schema_complaint
from dockerlint.ruleset.documents.imagedocs import IMAGE_SCHEMA, bases_of, day_of, knowledge_of
from dockerlint.ruleset.knowledge import read_knowledge
from dockerlint.ruleset.stored.storage import StoredFacts

SCHEMA: Final = "facts.schema.json"
BUNDLE_FORMAT: Final = "dockerlint-facts-1"
LARGEST: Final = 8_000_000
"""Bytes of a bundle; ours has 900,000."""
_DEEPEST: Final = 20
_LONGEST: Final = 4_000
"""Characters of one text about an image."""
_DIGEST: Final = pattern(r"[0-9a-f]{64}\Z")


class BundleError(UserError):
    """A bundle that is not taken; the text says what is wrong with it."""


def checked_digest(told: str) -> str:
    """A SHA-256 as people write it, in small letters; raises BundleError for anything else."""
    digest = told.strip().lower().removeprefix("sha256:")
    if not _DIGEST.match(digest):
        raise BundleError("--sha256: not a SHA-256, which has 64 hexadecimal digits")
    return digest


def read_bundle(data: bytes, digest: str, today: date) -> StoredFacts:
    """The facts of a bundle whose SHA-256 is `digest`; raises BundleError.

    Nothing of it is looked at before the digest is right.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise BundleError(f"its SHA-256 is {found}, not {digest}; nothing was stored")
    bundle = _json_of(data)
    _hold_to_schemas(bundle)
    day = date.fromisoformat(bundle["date"])
    if bundle["date"] != day_of(bundle["tables"]):
        raise BundleError(f"date: {day} is not the older date of the tables releases and tags")
    if day > today:
        raise BundleError(f"date: {day} is in the future")
    knowledge = knowledge_of(bundle["tables"], bundle["images"])
    _try(knowledge, today)
    documents = (knowledge, bases_of(bundle["tables"]))
    texts = [json.dumps(one, separators=(",", ":")).encode() for one in documents]
    return StoredFacts(day, digest, dict(_dates(bundle)), (texts[0], texts[1]))


def _json_of(data: bytes) -> Any:
    """Strict JSON: no key twice, no NaN, no endless depth."""
    try:
        bundle = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise BundleError("not a bundle of facts: nested too deeply") from None
    except ValueError as error:
        raise BundleError(f"not a bundle of facts: not JSON: {error}"[:200]) from None
    _refuse_depth(bundle)
    return bundle


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("duplicate key in an object")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _refuse_depth(bundle: Any) -> None:
    waiting = [(bundle, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            raise BundleError("not a bundle of facts: nested too deeply")
        if isinstance(value, dict):
            waiting += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]


def _hold_to_schemas(bundle: Any) -> None:
    if isinstance(bundle, dict) and bundle.get("format", BUNDLE_FORMAT) != BUNDLE_FORMAT:
        told = excerpt(bundle["format"])
        raise BundleError(f"format: {told} is not {BUNDLE_FORMAT!r}; a newer one needs a newer dockerlint")
    _hold_to(bundle, SCHEMA, "")
    owners: dict[str, int] = {}
    for number, image in enumerate(bundle["images"]):
        place = f"images[{number}]"
        _hold_to(image, IMAGE_SCHEMA, place)
        for text in _texts(image):
            if len(text) > _LONGEST or not text.isprintable():
                raise BundleError(f"{place}: {excerpt(text)} is too long, or has an unprintable character")
        for name in image["images"]:
            if owners.setdefault(name, number) != number:
                raise BundleError(f"{place}: {name} is also in images[{owners[name]}]")


def _hold_to(value: Any, schema: str, place: str) -> None:
    """Raise BundleError at the first thing that a schema says against a value."""
    import jsonschema

    mistake = next(jsonschema.Draft202012Validator(read_schema(schema)).iter_errors(value), None)
    if mistake is not None:
        where = f"{place}{mistake.json_path[1:]}".lstrip(".")
        raise BundleError(f"{where or 'bundle'}: {schema_complaint(mistake)}"[:300])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _try(knowledge: Mapping[str, Any], today: date) -> None:
    """Make every fact once, as runs do with those that they need."""
    images = read_knowledge(knowledge, today).images
    for name in images:
        try:
            images[name]
        except (ValueError, KeyError, TypeError) as error:
            raise BundleError(f"{name}: a fact that cannot be read: {error}"[:200]) from None


def _dates(bundle: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, table["date"]) for name, table in bundle["tables"].items())
    blocks = (block for image in bundle["images"] for block in image.values() if isinstance(block, Mapping))
    yield "images", max((str(block["date"]) for block in blocks if "date" in block), default=bundle["date"])
