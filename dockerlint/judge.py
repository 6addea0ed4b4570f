"""One file, from its bytes to its report."""

from __future__ import annotations

import os

from dockerlint.config import Config, ConfigError, Configs
from dockerlint.files import Candidate, Unreadable, read_beside, read_bytes
from dockerlint.findings import Finding, Suppressed
from dockerlint.lint import judge
from dockerlint.parse.kinds import SUPPORTED, kind_of_text
from dockerlint.records import dataclass, field
from dockerlint.ruleset.rule import RuleError
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.selection import Adjustment, Choice, Selection, Wishes
from dockerlint.suppress import Policy, suppress
from dockerlint.text import Source, decode
from dockerlint.verdict import FileReport, file_report


@dataclass(slots=True)
class Judge:
    """Judges files one after another; what several of them need is loaded once."""

    wishes: Wishes
    config: str | None = None
    """The config that the user named; None for the nearest to each file."""
    rules: tuple[str, ...] = ()
    """Folders of rules that the user named."""
    configs: Configs = field(init=False)
    _selections: dict[tuple[object, ...], Selection] = field(init=False)

    def __post_init__(self) -> None:
        self.configs = Configs(self.config)
        self._selections = {}

    def __reduce__(self) -> tuple[type[Judge], tuple[Wishes, str | None, tuple[str, ...]]]:
        """Another process loads for itself what cannot be sent."""
        return Judge, (self.wishes, self.config, self.rules)

    def selection(self, config: Config) -> Selection:
        """All rules that hold under a config; raises ConfigError or RuleError."""
        key = (config.rules, tuple(sorted(config.words.items())))
        if key not in self._selections:
            self._selections[key] = Selection(_load(self.rules + config.rules, config), self.wishes)
        return self._selections[key]

    def check(self, config: Config) -> None:
        """Raise ConfigError or RuleError if this config cannot be used."""
        selection = self.selection(config)
        selection.check(config)
        selection.choice(config, ())

    def file(self, candidate: Candidate) -> FileReport:
        """The report on one file of the disk. Never raises: what goes wrong is the trouble of this file."""
        if candidate.trouble:
            return FileReport(candidate.path, trouble=candidate.trouble)
        try:
            return self.data(read_bytes(candidate.path), candidate)
        except Unreadable as error:
            return FileReport(candidate.path, trouble=str(error))

    def data(self, data: bytes, candidate: Candidate) -> FileReport:
        """The report on bytes that are already read, under the name of the candidate. Never raises."""
        try:
            source = decode(data, candidate.path)
            return self._report(source, _kind(candidate, source.text))
        except (Unreadable, ConfigError, RuleError) as error:
            return FileReport(candidate.path, trouble=str(error))
        except Exception as error:
            if os.environ.get("DOCKERLINT_DEBUG"):
                raise
            return FileReport(candidate.path, trouble=internal_error(error))

    def _report(self, source: Source, kind: str) -> FileReport:
        config = self.configs.of(source.path)
        overrides = config.overrides_for(source.path)
        selection = self.selection(config)
        selection.check(config)
        choice = selection.choice(config, overrides)
        beside, notes = read_beside(source.path, kind)
        judgement = judge(source.text, kind, choice.rules, path=source.path, beside=beside)
        policy = Policy(config.require_reasons, config.forbid_inline)
        findings, inline = suppress(
            judgement, source.text, selection.everything, choice.rules, policy, path=source.path, kind=kind
        )
        kept, by_config = Adjustment(config, overrides, selection.everything).apply(_sure(findings, choice))
        hidden: list[Suppressed] = [*by_config, *(one for one in inline if _is_sure(one.finding, choice))]
        report = file_report(source, kind, kept, hidden, judgement.secrets, beside)
        return report._replace(notes=(*report.notes, *notes))


def internal_error(error: BaseException) -> str:
    """What is said of a mistake of ours."""
    return (
        f"internal error ({type(error).__name__}: {error}); please report it, DOCKERLINT_DEBUG=1 shows where"
    )


def _load(folders: tuple[str, ...], config: Config) -> Ruleset:
    return load_ruleset(
        directories=folders, more_words={key: list(words) for key, words in config.words.items()}
    )


def _kind(candidate: Candidate, text: str) -> str:
    kind = candidate.kind or kind_of_text(text)
    if kind is None:
        raise Unreadable("neither name nor text says what this is; use --kind dockerfile or compose")
    if kind not in SUPPORTED:
        raise Unreadable(f"files of kind {kind} are not supported yet")
    return kind


def _sure(findings: list[Finding], choice: Choice) -> list[Finding]:
    return [one for one in findings if _is_sure(one, choice)]


def _is_sure(finding: Finding, choice: Choice) -> bool:
    return finding.confidence >= choice.min_confidence
