"""A Compose file as a member of the projects that hold it: each project is linted once for all its files.

With edits as well: each fix is planned in the file that holds its finding, so no file has to come first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from dockerlint.findings import Finding, Refusal
from dockerlint.linting.around.builders import BuiltFiles
from dockerlint.linting.linted import Linted, Telling
from dockerlint.linting.member import Home, Member
from dockerlint.linting.purpose import UNKNOWN
from dockerlint.masking.mask import hide_alone
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.parse.compose.inline import builders_of
from dockerlint.parse.compose.project import parse_project
from dockerlint.recent import Recent
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.run.projects import Held, Projects
from dockerlint.run.setup import Setup
from dockerlint.run.text import lint_whole
from dockerlint.run.told import Told
from dockerlint.text import Source
from dockerlint.workspace.discovery import shown
from dockerlint.workspace.neighbours import Neighbours

if TYPE_CHECKING:  # a run lints each file once
    from dockerlint.linting.warm.files import WarmFiles

ELSEWHERE: Final = Refusal("this value is set in another file")
KEPT: Final = 4
"""Projects whose findings are kept for the reports on their other files, which mostly come right behind."""
_NO_TEXTS: Mapping[str, str] = {}


@dataclass(slots=True)
class Members:
    """Lints the projects of files."""

    projects: Projects
    setup_of: Callable[[str], Setup]
    """Of a Compose file, by its path as shown."""
    has_report: Callable[[str], bool]
    """Whether the run reports on a file by itself, by its absolute path."""
    telling: Telling = Telling.NOTHING
    """What is told beside the findings."""
    warm: WarmFiles | None = None
    """What is remembered of projects that are linted again and again."""
    _linted: Recent[tuple[Held, int, bool, str], Linted] = field(default_factory=lambda: Recent(KEPT))
    _building: Recent[Held, tuple[tuple[str, BuildingService], ...]] = field(
        default_factory=lambda: Recent(KEPT)
    )

    def told(self, source: Source, setup: Setup, edits: bool) -> Iterator[Told]:
        """What the projects of a file say about it, and about files of theirs that nobody reports on.

        Raises ConfigError, RuleError and OverBudget.
        """
        path = os.path.abspath(source.path)
        for held in self.projects.of(path, setup.config):
            if path in held.witness_for:
                continue
            home = self.home(held, source, setup, edits)
            self._building[held] = home.linted.builders
            linted = home.brought(source.path, source.text, setup.neighbours.text_of)
            yield Told("", setup, source.text, linted, home)
            if path == held.first:
                yield from self._others(home, path, edits)

    def home(
        self,
        held: Held,
        source: Source,
        setup: Setup,
        edits: bool,
        texts: Mapping[str, str] = _NO_TEXTS,
        ruleset: Ruleset | None = None,
    ) -> Home:
        """What is found in a project, and the way home to one of its files.

        `texts` stand in for files beside the latter, `ruleset` for the rules that are asked for.
        """
        ruleset = ruleset or setup.choice.asked
        own = below(os.path.abspath(source.path), held.folder)
        key = held, id(ruleset), edits, setup.fix_settings
        known = None if texts else self._linted.get(key)
        if known is None or not _holds(known, own, source.text):
            is_here = os.path.dirname(own) == "" and setup.path
            around = setup.neighbours if is_here else self.setup_of(shown(held.first)).neighbours
            around = around.and_more(texts) if is_here else around
            # Another file must not be told what holds for a text that nobody has put there.
            is_shared = not texts and around.text_of(own) == source.text
            known = self._lint(held, own, source, setup, edits, around, ruleset, "" if is_shared else own)
            if is_shared and _is_of_several(known):
                self._linted[key] = known
        return Home(known, held.folder, own, held.files.paths[0])

    def whole(self, held: Held, source: Source, setup: Setup, texts: Mapping[str, str]) -> Linted:
        """What is found in a project, with the edits of fixes, where texts stand in for files of it.

        `source` is one of them, whose config says what is asked; paths count from the folder of the project.
        """
        around = self.setup_of(shown(held.first)).neighbours.and_more(texts)
        own = below(os.path.abspath(source.path), held.folder)
        return self._lint(held, own, source, setup, True, around, setup.selection.everything, "")

    def keep(self, held: Held, setup: Setup, linted: Linted) -> None:
        """Remember what is found in a project with the texts that everybody reads by now."""
        self._building[held] = linted.builders
        self._linted[held, id(setup.selection.everything), True, setup.fix_settings] = linted

    def forget_findings(self) -> None:
        """Lint projects anew, because a file that they name was written."""
        self._linted.clear()

    def forget_texts(self) -> None:
        """The same, and ask projects anew what they build, because one of their own files was written."""
        self.forget_findings()
        self._building.clear()

    def builds(self, path: str) -> BuiltFiles:
        """The Dockerfiles that the projects of a Compose file build, by absolute paths.

        Raises ConfigError, RuleError and OverBudget.
        """
        setup = self.setup_of(shown(path))
        purpose = setup.purpose(UNKNOWN)
        found: dict[str, tuple[BuildingService, ...]] = {}
        for held in self.projects.of(path, setup.config):
            if path not in held.witness_for:
                if held not in self._building:
                    around = self.setup_of(shown(held.first)).neighbours
                    knowledge = setup.selection.everything.knowledge
                    project, _ = parse_project(held.files, knowledge, around.text_of)
                    self._building[held] = builders_of(project.containers)
                for name, builder in self._building[held]:
                    dockerfile = os.path.normpath(os.path.join(held.folder, name))
                    shown_builder = builder._replace(
                        service=hide_alone(builder.service), is_deployed=not purpose.is_other
                    )
                    found[dockerfile] = (*found.get(dockerfile, ()), shown_builder)
        return found

    def _lint(
        self,
        held: Held,
        own: str,
        source: Source,
        setup: Setup,
        edits: bool,
        around: Neighbours,
        ruleset: Ruleset,
        edits_in: str,
    ) -> Linted:
        member = Member(held.files, own, below(setup.write_to, held.folder))
        is_warm = not (edits or member.write_to)
        return lint_whole(
            source.text,
            "compose",
            ruleset,
            path=source.path,
            text_of=around.text_of,
            edits=edits,
            edits_in=edits_in,
            bounds=setup.bounds,
            standing_of=around.standing_of,
            member=member,
            telling=self.telling,
            warm=self.warm.of_project(held, own, source.text) if self.warm is not None and is_warm else None,
        )

    def _others(self, home: Home, path: str, edits: bool) -> Iterator[Told]:
        """The files of a project that have no report of their own; no report shows edits of them."""
        assert home.linted.sources is not None
        texts = {one.path: one.text for one in home.linted.sources.files}
        for name in home.paths:
            other = os.path.normpath(os.path.join(home.folder, name))
            if other != path and not self.has_report(other):
                there = home._replace(own=name)
                setup = self.setup_of(shown(other))
                linted = there.brought(shown(other), texts[name], setup.neighbours.text_of)
                if edits:
                    linted = replace(linted, findings=[_without_fix(one) for one in linted.findings])
                yield Told(home.name_of(name), setup, texts[name], linted, there)


def _without_fix(finding: Finding) -> Finding:
    return finding if finding.rule.fix_tier is None else replace(finding, fix=None, unfixed=ELSEWHERE)


def _is_of_several(linted: Linted) -> bool:
    return linted.sources is not None and len(linted.sources.files) > 1


def _holds(linted: Linted, own: str, text: str) -> bool:
    """Whether a project was linted with this text of one of its files, if it takes it in at all."""
    files = linted.sources.files if linted.sources else ()
    return all(one.text == text for one in files if one.path == own)


def below(path: str, folder: str) -> str:
    """An absolute path as one from a folder, with `/`; "" stays so."""
    return os.path.relpath(path, folder).replace(os.sep, "/") if path else ""
