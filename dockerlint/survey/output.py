"""The folder of a survey: a file of each table for each part, and a manifest that says what they come from.

A part is done when its manifest is there, which is written last. All files appear whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from dockerlint.survey.extras import library
from dockerlint.survey.parts import SurveyError, SurveyPart
from dockerlint.survey.settings import Identity
from dockerlint.survey.tables import PORT_FIELDS, PORTS, TABLES, Column, Rows

MANIFESTS: Final = "parts"
"""The folder of the manifests, beside those of the tables."""
OVERVIEW: Final = "survey.json"
"""What says that a folder is one of a survey, and of which day."""
VERSION: Final = 1
ATTEMPTS: Final = "attempts"
"""The folder of notes on parts under way."""


class PartManifest(NamedTuple):
    """What a part was made from, and what came of it."""

    part: str
    tool: str
    rules: str
    settings: str
    input: str
    rows: Mapping[str, int]
    """Rows by table."""


def table_path(folder: str, table: str, part: str) -> str:
    """The file of a part in a table."""
    return os.path.join(folder, table, f"{part}.parquet")


def manifest_of(part: SurveyPart, identity: Identity, rows: Mapping[str, int]) -> PartManifest:
    """What is written about a part that is done."""
    return PartManifest(part.id, *identity, part.digest, dict(rows))


def read_manifests(folder: str) -> dict[str, PartManifest]:
    """All parts that are done, by id; a manifest that cannot be read counts as none."""
    found = {}
    for name in _names(os.path.join(folder, MANIFESTS)):
        if name.endswith(".json"):
            with suppress(OSError, ValueError, TypeError):
                manifest = PartManifest(**_read(os.path.join(folder, MANIFESTS, name)))
                found[manifest.part] = manifest
    return found


def is_done(folder: str, wanted: PartManifest, found: PartManifest | None) -> bool:
    """Whether a part need not be judged again."""
    if found is None or found._replace(rows={}) != wanted._replace(rows={}):
        return False
    return all(os.path.isfile(table_path(folder, table, wanted.part)) for table in TABLES)


def write_part(folder: str, manifest: PartManifest, rows: Rows) -> None:
    """Put the tables of a part in place, then its manifest."""
    for table, columns in TABLES.items():
        _write_table(table_path(folder, table, manifest.part), columns, rows[table])
    write_json(os.path.join(folder, MANIFESTS, f"{manifest.part}.json"), manifest._asdict())


def remove_part(folder: str, part: str) -> None:
    """Take a part out of the tables; its manifest goes first."""
    for path in (
        os.path.join(folder, MANIFESTS, f"{part}.json"),
        *(table_path(folder, table, part) for table in TABLES),
    ):
        with suppress(FileNotFoundError):
            os.unlink(path)


def write_json(path: str, told: Mapping[str, Any]) -> None:
    """Put a document in place, whole or not at all."""
    with _replaced(path) as temporary, open(temporary, "w", encoding="utf-8") as stream:
        json.dump(told, stream, indent=1)
        stream.write("\n")


def prepare(folder: str) -> dict[str, Any]:
    """Make the folder of a survey; what its overview said before, {} for a new one. Raises SurveyError."""
    try:
        names = _names(folder)
        if names and OVERVIEW not in names:
            raise SurveyError(f"{folder}: not empty, and not a survey; name another directory")
        before = _read(os.path.join(folder, OVERVIEW)) if OVERVIEW in names else {}
        for name in (*TABLES, MANIFESTS, ATTEMPTS):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
    except (OSError, ValueError) as error:
        raise SurveyError(f"{folder}: cannot be used: {error}") from None
    if before and before.get("version") != VERSION:
        raise SurveyError(f"{folder}: a survey of another version of dockerlint; name another directory")
    return before


def schema_of(table: str) -> Any:
    """The schema of a table, for pyarrow."""
    arrow = library("pyarrow")
    simple = {"string": arrow.string(), "int": arrow.int32(), "bool": arrow.bool_(), "date": arrow.date32()}
    texts = [arrow.field(name, arrow.string()) for name in PORT_FIELDS[:-1]]
    simple[PORTS] = arrow.list_(arrow.struct([*texts, arrow.field(PORT_FIELDS[-1], arrow.bool_())]))
    return arrow.schema([(one.name, simple[one.type]) for one in TABLES[table]])


def _write_table(path: str, columns: Iterable[Column], rows: list[tuple[Any, ...]]) -> None:
    arrow, parquet = library("pyarrow"), library("pyarrow.parquet")
    schema = schema_of(os.path.basename(os.path.dirname(path)))
    values = list(zip(*rows, strict=True)) if rows else [() for _ in columns]
    arrays = [arrow.array(list(column), field.type) for column, field in zip(values, schema, strict=True)]
    with _replaced(path) as temporary:
        parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), temporary, compression="zstd")


class _replaced:
    """A file beside another one, which takes its place if nothing goes wrong."""

    def __init__(self, path: str) -> None:
        folder, name = os.path.split(path)
        self._path = path
        self._temporary = os.path.join(folder, f".{name}.{os.urandom(8).hex()}.tmp")

    def __enter__(self) -> str:
        return self._temporary

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            os.replace(self._temporary, self._path)
        else:
            with suppress(OSError):
                os.unlink(self._temporary)


def _read(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as stream:
        told = json.load(stream)
    if not isinstance(told, dict):
        raise ValueError(f"{path} is no object")
    return told


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
