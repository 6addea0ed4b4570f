"""Answers to queries as people and programs read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final, TextIO

from dockerlint.report.screen import harmless, visible
from dockerlint.survey.questions import QueryResult, Tables, arguments_of, named, questions

FORMATS: Final = ("text", "csv", "json")
_WIDEST: Final = 60
"""Characters of a cell in a text; programs get all of them."""


def print_answer(name: str, folder: str, given: list[str], format: str, stdout: TextIO) -> int:
    """Ask a query and print its rows; raises SurveyError."""
    asked = named(name)
    values = arguments_of(asked, given)
    tables = Tables(folder)
    try:
        answer = tables.ask(asked.sql, values)
    finally:
        tables.close()
    if format == "json":
        stdout.write(json.dumps(_records(answer), indent=2, default=str) + "\n")
    else:
        stdout.writelines(map(harmless, _WRITERS[format](answer)))
    return 0


def print_questions(stdout: TextIO) -> int:
    """Print the queries that there are, with what each asks for."""
    for one in questions():
        stdout.write(harmless(f"{one.name}: {one.title}\n"))
        for parameter in one.parameters:
            default = "" if parameter.default is None else f" (default: {parameter.default or 'empty'})"
            stdout.write(harmless(f"  --set {parameter.name}=…  {parameter.about}{default}\n"))
    return 0


def _text(answer: QueryResult) -> Iterator[str]:
    rows = [tuple(map(_cell, row)) for row in answer.rows]
    widths = [max(map(len, column)) for column in zip(answer.columns, *rows, strict=True)]
    for row in (answer.columns, *rows):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"{line.rstrip()}\n"
    yield f"{len(rows)} row{'' if len(rows) == 1 else 's'}\n"


def _cell(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    text = visible(text)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"


def _csv(answer: QueryResult) -> Iterator[str]:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow([_inert(one) for one in row])
    yield lines.getvalue()


def _inert(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula (CWE-1236)."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _records(answer: QueryResult) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


_WRITERS: Final = {"text": _text, "csv": _csv}
