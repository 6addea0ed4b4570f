"""The state of all repositories as one page for a browser, which loads nothing and runs nothing."""

from __future__ import annotations

import json
import os
from typing import Any, Final, NamedTuple, TextIO

from dockerlint import __version__
from dockerlint.report.html.report import environment, policy_hash
from dockerlint.report.screen import harmless, visible
from dockerlint.survey.output import OVERVIEW
from dockerlint.survey.questions import Tables
from dockerlint.workspace.roots import repository_top
from dockerlint.workspace.target import write_file

MOST: Final = 50
"""Rows of a table; all of them are a query away."""
_LONGEST: Final = 200
"""Characters of a cell."""
_TOTALS: Final = """
SELECT
  (SELECT count(DISTINCT repository) FROM files),
  (SELECT count(*) FROM files),
  (SELECT count(*) FROM files WHERE NOT judged),
  (SELECT count(*) FROM findings WHERE suppressed)
"""
_WORST: Final = """
WITH scale(severity, level) AS (VALUES ('info', 0), ('low', 1), ('medium', 2), ('high', 3), ('critical', 4)),
  worst AS (
    SELECT repository, max(level) AS level FROM findings JOIN scale USING (severity)
    WHERE NOT suppressed AND profile = 'default' GROUP BY repository
  )
SELECT scale.severity, count(worst.repository) FROM scale LEFT JOIN worst USING (level)
GROUP BY scale.severity, scale.level ORDER BY scale.level DESC
"""
_TABLES: Final = (
    (
        "Rules that fire most",
        "dockerlint survey query policy",
        """SELECT rule, any_value(name) AS name, max(severity) AS severity, count(*) AS findings,
             count(DISTINCT repository) AS repositories
           FROM findings WHERE NOT suppressed AND profile = 'default'
           GROUP BY rule ORDER BY repositories DESC, rule""",
    ),
    (
        "Bases of what runs",
        "dockerlint survey query versions",
        """SELECT image, coalesce(release, version, tag, '(none)') AS version,
             min(end_of_life) AS end_of_life, count(DISTINCT repository) AS repositories,
             count(*) FILTER (pinned) AS pinned
           FROM images WHERE ships AND image IS NOT NULL
           GROUP BY ALL ORDER BY repositories DESC, image, version""",
    ),
    (
        "Bases past their end of life",
        "dockerlint survey query base",
        """SELECT product, release, min(end_of_life) AS end_of_life,
             count(DISTINCT repository) AS repositories
           FROM images WHERE ships AND ended
           GROUP BY ALL ORDER BY repositories DESC, product, release""",
    ),
    (
        "Services that publish a datastore on every interface",
        "dockerlint survey query datastores",
        """SELECT repository, path, service, reference FROM services
           WHERE datastore_reach = 'all' ORDER BY ALL""",
    ),
    (
        "What could not be judged",
        "dockerlint survey query problems",
        """SELECT problem, reason, count(*) AS times FROM problems
           GROUP BY ALL ORDER BY times DESC, reason""",
    ),
)


class Totals(NamedTuple):
    """What there is in all."""

    repositories: int
    files: int
    unjudged: int
    suppressed: int


class PageTable(NamedTuple):
    """A table of the page, with as many rows as it has room for."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    cut: int
    more: str
    """The command that prints all of it."""


def write_page(folder: str, target: str, stdout: TextIO) -> int:
    """Write the page about a folder of tables; raises SurveyError and Unwritten."""
    tables = Tables(folder)
    try:
        text = _page(tables, _day(folder))
    finally:
        tables.close()
    write_file(target, text, repository_top)
    stdout.write(harmless(f"{visible(target)} written\n"))
    return 0


def _page(tables: Tables, day: str) -> str:
    made = environment("dockerlint.survey")
    made.filters["cell"] = _cell
    style = _style()
    return made.get_template("state.html").render(
        version=__version__,
        style=style,
        policy=f"default-src 'none'; style-src {policy_hash(style)}; base-uri 'none'; form-action 'none'",
        day=day,
        totals=Totals(*tables.ask(_TOTALS).rows[0]),
        worst=tables.ask(_WORST).rows,
        tables=[_table(tables, *one) for one in _TABLES],
    )


def _table(tables: Tables, title: str, more: str, sql: str) -> PageTable:
    answer = tables.ask(sql)
    return PageTable(title, answer.columns, answer.rows[:MOST], max(len(answer.rows) - MOST, 0), more)


def _style() -> str:
    made = environment("dockerlint.report.html")
    assert made.loader is not None
    return made.loader.get_source(made, "page.css")[0]


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    text = "" if value is None else visible(str(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _day(folder: str) -> str:
    with open(os.path.join(folder, OVERVIEW), encoding="utf-8") as stream:
        return str(json.load(stream)["day"])
