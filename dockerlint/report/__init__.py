"""Formats: each turns the file reports of a run, one after another, into text."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import NamedTuple, Protocol

from dockerlint.report.results import FileReport
from dockerlint.report.summary import Summary


class FormatInfo(NamedTuple):
    """Where a format lives: its module is imported when it is asked for."""

    module: str
    class_name: str
    shows_edits: bool = False
    """It says what a fix would write."""
    shows_passes: bool = False
    """It says what passed, too."""


FORMATS = {
    "text": FormatInfo("dockerlint.report.text", "TextReport"),
    "json": FormatInfo("dockerlint.report.json", "JsonReport", shows_edits=True),
    "jsonl": FormatInfo("dockerlint.report.formats.jsonl", "JsonLinesReport", shows_edits=True),
    "sarif": FormatInfo("dockerlint.report.sarif", "SarifReport", shows_edits=True),
    "github": FormatInfo("dockerlint.report.github", "GithubReport"),
    "gitlab": FormatInfo("dockerlint.report.formats.gitlab", "GitlabReport"),
    "rdjson": FormatInfo("dockerlint.report.formats.rdjson", "RdjsonReport", shows_edits=True),
    "junit": FormatInfo("dockerlint.report.formats.junit", "JunitReport"),
    "checkstyle": FormatInfo("dockerlint.report.formats.checkstyle", "CheckstyleReport"),
    "sonarqube": FormatInfo("dockerlint.report.formats.sonarqube", "SonarqubeReport"),
    "markdown": FormatInfo("dockerlint.report.formats.markdown", "MarkdownReport"),
    "gnu": FormatInfo("dockerlint.report.formats.gnu", "GnuReport"),
    "html": FormatInfo("dockerlint.report.html.report", "HtmlReport", shows_edits=True, shows_passes=True),
    "checklist": FormatInfo("dockerlint.report.formats.checklist", "ChecklistReport", shows_passes=True),
    "statistics": FormatInfo("dockerlint.report.statistics", "StatisticsReport"),
}


class Style(NamedTuple):
    """How a report for people looks; reports for programs do not use it."""

    colour: bool = False
    quiet: bool = False
    """One line a finding."""
    ascii: bool = False
    """Escape every character outside ASCII, for streams that cannot carry them."""


PLAIN = Style()


class Report(Protocol):
    """One format while it is written: `begin`, then `add` for every file in order, then `end`.

    Each returns the text to write next, possibly none, so that a run of any length is written as it goes. Of
    `end` it comes in pieces, because it may be long.
    """

    def begin(self) -> str: ...
    def add(self, report: FileReport) -> str: ...
    def end(self, summary: Summary) -> Iterable[str]: ...


def open_report(name: str, style: Style = PLAIN) -> Report:
    """A fresh report of the named format. Raises KeyError when there is no such format."""
    format = FORMATS[name]
    report: Report = getattr(import_module(format.module), format.class_name)(style)
    return report
