"""Formats: each turns the file reports of a run, one after another, into text."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import NamedTuple, Protocol

from dockerlint.report.results import FileReport, Summary

FORMATS = {
    "text": ("dockerlint.report.text", "TextReport"),
    "json": ("dockerlint.report.json", "JsonReport"),
    "sarif": ("dockerlint.report.sarif", "SarifReport"),
    "github": ("dockerlint.report.github", "GithubReport"),
}
"""Where each format lives; its module is imported when it is asked for."""


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
    module, constructor = FORMATS[name]
    report: Report = getattr(import_module(module), constructor)(style)
    return report
