"""Rows of a Parquet file as files to judge, whatever their columns are called."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from dockerlint.survey.extras import library
from dockerlint.survey.files import SurveyedFile, text_file
from dockerlint.survey.parts import SurveyError, SurveyPart, part_id

COLUMNS: Final = {
    "repository": (
        "repository",
        "repo",
        "repo_name",
        "repository_name",
        "repo_full_name",
        "full_name",
        "project",
    ),
    "path": ("path", "file_path", "filepath", "file", "filename", "file_name", "name"),
    "content": ("content", "contents", "text", "code", "data", "body", "source"),
}
"""What people call each column; the first one that is there counts, in any case of letters."""
_FORMS: Final = ("string", "binary")
_AT_ONCE: Final = 64
"""Rows in memory at once: one of them may hold megabytes."""
_PIECE: Final = 1 << 20


def parts_of_parquet(path: str, size: int) -> Iterator[SurveyPart]:
    """The row groups of a file in parts of so many rows; raises SurveyError."""
    file = _opened(path)
    columns = _columns(path, file.schema_arrow)
    asked = sorted(columns.values())
    for group in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        digest = _digest(path, file.metadata, group, asked)
        for offset in range(0, rows, size):
            yield SurveyPart(
                part_id(os.path.basename(path), group, offset, size),
                path,
                hashlib.sha256(f"{digest} {offset} {size}".encode()).hexdigest(),
                group,
                offset,
                min(size, rows - offset),
            )


def rows_of_parquet(part: SurveyPart) -> Iterator[SurveyedFile]:
    """The rows of a part; raises SurveyError where they cannot be read."""
    file = _opened(part.source)
    columns = _columns(part.source, file.schema_arrow)
    asked = list(dict.fromkeys(columns.values()))
    first, last = part.offset, part.offset + part.length
    at = 0
    try:
        for batch in file.iter_batches(_AT_ONCE, row_groups=[part.group], columns=asked, use_threads=False):
            start, at = at, at + batch.num_rows
            if start >= last:
                return
            if at > first:
                yield from _files(
                    batch.slice(max(first - start, 0), min(at, last) - max(start, first)), columns
                )
    except _arrow_errors() as error:
        raise SurveyError(f"{part.source}: row group {part.group} cannot be read: {_told(error)}") from None


def _files(batch: Any, columns: dict[str, str]) -> Iterator[SurveyedFile]:
    taken = {role: batch.column(batch.schema.get_field_index(name)) for role, name in columns.items()}
    for row in range(batch.num_rows):
        values = {role: taken[role][row].as_py() for role in taken}
        content = values["content"]
        yield text_file(
            _plain(values.get("repository")),
            _plain(values["path"]),
            content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content,
        )


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _columns(path: str, schema: Any) -> dict[str, str]:
    """The column for each role; raises SurveyError where one is missing or holds no text."""
    known = {name.lower(): name for name in reversed(schema.names)}
    found = {}
    for role, names in COLUMNS.items():
        named = next((known[name] for name in names if name in known), None)
        if named is not None:
            found[role] = named
        elif role != "repository":
            there = ", ".join(schema.names[:20])
            raise SurveyError(
                f"{path}: no column {role!r}, nor {_listed(names[1:])}; the columns are {there}"
            )
    for role, name in found.items():
        if not _holds_text(schema.field(name).type):
            raise SurveyError(
                f"{path}: column {name} holds {schema.field(name).type}, but {role} must be text"
            )
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _holds_text(kind: Any) -> bool:
    types = library("pyarrow").types
    if types.is_dictionary(kind):
        kind = kind.value_type
    named = (f"is_{size}{form}{view}" for size in ("", "large_") for form in _FORMS for view in ("", "_view"))
    return any(getattr(types, name)(kind) for name in named if hasattr(types, name))


def _digest(path: str, metadata: Any, group: int, columns: Sequence[str]) -> str:
    """SHA-256 of the bytes that hold some columns of a row group, as they are on the disk."""
    told = metadata.row_group(group)
    found = hashlib.sha256()
    with open(path, "rb") as stream:
        for number in range(told.num_columns):
            column = told.column(number)
            if column.path_in_schema.partition(".")[0] in columns:
                pages = (column.dictionary_page_offset, column.data_page_offset)
                stream.seek(min(page for page in pages if page))
                left = column.total_compressed_size
                found.update(f"{column.path_in_schema} {left}\n".encode())
                while left and (piece := stream.read(min(left, _PIECE))):
                    found.update(piece)
                    left -= len(piece)
    return found.hexdigest()


def _opened(path: str) -> Any:
    """A Parquet file; raises SurveyError where it is none."""
    try:
        about = os.stat(path)
    except OSError as error:
        raise SurveyError(f"{path}: cannot be read: {error.strerror}") from None
    return _opened_as(path, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=2)
def _opened_as(path: str, size: int, changed: int) -> Any:
    """The file as it is: a worker of a cluster may live longer."""
    module = library("pyarrow.parquet")
    try:
        return module.ParquetFile(path)
    except _arrow_errors() as error:
        raise SurveyError(f"{path}: not a readable Parquet file: {_told(error)}") from None


def _arrow_errors() -> tuple[type[Exception], ...]:
    return (library("pyarrow").ArrowException, OSError, ValueError)


def _told(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
