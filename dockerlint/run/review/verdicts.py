"""Verdicts that two files of a run share, told once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dockerlint.report.results import FileReport
from dockerlint.run.file import FileLinter
from dockerlint.workspace.config import Config, ConfigError
from dockerlint.workspace.omissions import Hider

if TYPE_CHECKING:  # most runs do without
    from dockerlint.review.oneverdict import OneVerdict


def each_verdict_once(
    reports: Iterator[FileReport], linter: FileLinter, config: Config
) -> Iterator[FileReport]:
    """The reports of a run; those that may say the same of a service and its Dockerfile come last."""
    once: OneVerdict | None = None
    for report in reports:
        if once is None and any(
            one.finding.dockerfile or one.finding.built_by for one in (*report.findings, *report.suppressed)
        ):
            once = one_verdict(linter, config)
        if once is None:
            yield report
        else:
            yield from once.see(report)
    if once is not None:
        yield from once.rest()


def one_verdict(linter: FileLinter, config: Config) -> OneVerdict:
    """What parts the reports that say the same; raises ConfigError or RuleError."""
    from dockerlint.review.oneverdict import OneVerdict

    rules = linter.selection(config).everything.rules
    stage_rules = frozenset(id for rule in rules for id in rule.data.get("told_by", ()))
    return OneVerdict(stage_rules, lambda path: _ignored(linter, path))


def _ignored(linter: FileLinter, path: str) -> Mapping[str, Hider]:
    """What hides rules in a file; a broken config is told of with the file."""
    try:
        config = linter.configs.of(path)
        return linter.selection(config).choice(config, config.overrides_for(path)).ignored
    except ConfigError:
        return {}
