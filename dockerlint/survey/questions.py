"""The queries of a survey: SQL files, what they ask for, and what DuckDB answers."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final, NamedTuple

from dockerlint.regex import pattern
from dockerlint.survey.extras import library
from dockerlint.survey.output import OVERVIEW, read_manifests, table_path
from dockerlint.survey.parts import SurveyError
from dockerlint.survey.tables import PORT_FIELDS, PORTS, TABLES

FOLDER: Final = os.path.join(os.path.dirname(os.path.abspath(__file__)), "queries")
_SUFFIX: Final = ".sql"
_PARAMETER: Final = pattern(r"^-- param (\w+)(=?)([^:\n]*): (.+)$", re.MULTILINE)
_TITLE: Final = pattern(r"^-- (.+)$", re.MULTILINE)
_TYPES: Final = {"string": "VARCHAR", "int": "INTEGER", "bool": "BOOLEAN", "date": "DATE"}
_PORTS: Final = ", ".join([*(f"{name} VARCHAR" for name in PORT_FIELDS[:-1]), f"{PORT_FIELDS[-1]} BOOLEAN"])


class Parameter(NamedTuple):
    """What a query asks for."""

    name: str
    default: str | None
    """None where it must be given."""
    about: str


class Question(NamedTuple):
    """A query, and what its head says about it."""

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    sql: str


class QueryResult(NamedTuple):
    """What came of a query."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def questions() -> list[Question]:
    """The queries that come with the program, by name."""
    with os.scandir(FOLDER) as entries:
        names = sorted(one.name for one in entries if one.name.endswith(_SUFFIX))
    return [question(os.path.join(FOLDER, name)) for name in names]


def named(name: str) -> Question:
    """A query by its name, or the user's own by its path; raises SurveyError."""
    if name.endswith(_SUFFIX):
        return question(name)
    known = {one.name: one for one in questions()}
    if name not in known:
        from dockerlint.quoting import suggestion

        listed = ", ".join(known)
        raise SurveyError(
            f"no query {name!r}{suggestion(name, known)}; there are {listed}, or name a .sql file"
        )
    return known[name]


def question(path: str) -> Question:
    """The query in a file; raises SurveyError where it cannot be read."""
    from dockerlint.workspace.door import Unreadable, read_bytes

    try:
        sql = read_bytes(path).decode("utf-8")
    except (Unreadable, ValueError) as error:
        raise SurveyError(f"{path}: {error}") from None
    title = _TITLE.search(sql)
    found = _PARAMETER.finditer(sql)
    parameters = tuple(Parameter(one[1], one[3].strip() if one[2] else None, one[4]) for one in found)
    name = os.path.basename(path).removesuffix(_SUFFIX)
    return Question(name, title[1] if title else name, parameters, sql)


def arguments_of(asked: Question, given: Sequence[str]) -> dict[str, str]:
    """The values of all parameters, from words such as `image=node`; raises SurveyError."""
    values = {one.name: one.default for one in asked.parameters if one.default is not None}
    known = [one.name for one in asked.parameters]
    for word in given:
        name, joined, value = word.partition("=")
        if not joined or name not in known:
            raise SurveyError(f"--set {word}: {asked.name} has the parameters {', '.join(known) or '(none)'}")
        values[name] = value
    for one in asked.parameters:
        if one.name not in values:
            raise SurveyError(f"{asked.name} needs --set {one.name}=…: {one.about}")
    return values


class Tables:
    """The tables of a survey, open to queries that read them and nothing else."""

    def __init__(self, folder: str) -> None:
        """Raises SurveyError for a folder that holds no survey."""
        if not os.path.isfile(os.path.join(folder, OVERVIEW)):
            raise SurveyError(
                f"{folder}: contains no survey; create one with dockerlint survey INPUT {folder}"
            )
        self._duckdb = library("duckdb")
        self._connection = self._duckdb.connect(":memory:")
        parts = sorted(read_manifests(folder))
        real = os.path.realpath(folder)
        for table in TABLES:
            self._connection.execute(_view(table, [table_path(real, table, part) for part in parts]))
        self._close_in(real)

    def _close_in(self, folder: str) -> None:
        """No other file, no network, no extension from elsewhere, and no way back."""
        for statement in (
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            f"SET allowed_directories = [{_quoted(os.path.join(folder, ''))}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._connection.execute(statement)

    def ask(self, sql: str, values: Mapping[str, str] | None = None) -> QueryResult:
        """The rows that a query gives; raises SurveyError for one that DuckDB refuses."""
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute(sql, dict(values) if values else None)
                columns = tuple(one[0] for one in cursor.description or ())
                return QueryResult(columns, cursor.fetchall())
        except self._duckdb.Error as error:
            raise SurveyError(f"query: {str(error).splitlines()[0]}") from None

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()


def _view(table: str, paths: Sequence[str]) -> str:
    """A view of the files of a table; without any, a table without rows."""
    if paths:
        return f"CREATE VIEW {table} AS SELECT * FROM read_parquet([{', '.join(map(_quoted, paths))}])"
    columns = ", ".join(
        f'"{one.name}" ' + (f"STRUCT({_PORTS})[]" if one.type == PORTS else _TYPES[one.type])
        for one in TABLES[table]
    )
    return f"CREATE TABLE {table} ({columns})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
