"""One file, from its bytes to its report."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dockerlint.budget import SECONDS, STEPS, budgeted
from dockerlint.data import extend
from dockerlint.errors import UserError
from dockerlint.kinds import SCANS, SUPPORTED, kind_of_name, kind_of_text
from dockerlint.linting.around.builders import Builders
from dockerlint.linting.around.made import Made
from dockerlint.linting.linted import Linted, Telling
from dockerlint.linting.linter import parse
from dockerlint.linting.purpose import (
    UNKNOWN,
    Purpose,
    purpose_of_content,
    purpose_of_path,
)
from dockerlint.linting.selection import Selection, SelectionFlags
from dockerlint.linting.suppression import Policy
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.recent import Recent
from dockerlint.report.results import FileReport, unlinted
from dockerlint.ruleset.rule import RuleError, RuleMistake
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.run.found import Found, shown_mistake
from dockerlint.run.named import NamedProject
from dockerlint.run.setup import Setup
from dockerlint.run.text import lint_whole
from dockerlint.run.told import Told
from dockerlint.text import Source, decode
from dockerlint.workspace.config import Config, ConfigError, Override
from dockerlint.workspace.configs import Configs
from dockerlint.workspace.discovery import Candidate, read_neighbours
from dockerlint.workspace.door import LARGEST, LARGEST_RECORD, TOO_LARGE, Unreadable, is_below, read_bytes
from dockerlint.workspace.ignorefiles import Read
from dockerlint.workspace.locks import Locks, Origins
from dockerlint.workspace.neighbours import Neighbours
from dockerlint.workspace.receipts.found import FoundReceipts
from dockerlint.workspace.roots import Roots, names_in_folder, repository_top
from dockerlint.workspace.trees import NoTree, Tree, WorkingTree
from dockerlint.workspace.trust import Trust

if TYPE_CHECKING:  # a check fixes nothing
    from dockerlint.fixing.results import Result
    from dockerlint.linting.warm.files import WarmFiles
    from dockerlint.model.container.project import Project
    from dockerlint.model.dockerfile.build import Build
    from dockerlint.run.fixing.one import FixOptions
    from dockerlint.run.members import Members
    from dockerlint.run.projects import Held, Projects

KEPT: Final = 16
"""Sets of rules that are kept loaded, where configs bring rules or words of their own."""
_RECORD: Final = "inspect"
STDIN_NAME: Final = "<stdin>"
ROUNDS_OF_FIX: Final = 10
"""A fix may spend so many times the steps of a check: it lints the file anew in every round. Its time
is that of a check: whoever waits, waits for a file."""


@dataclass(slots=True)
class FileLinter:
    """Lints files one after another; what several of them need is loaded once."""

    flags: SelectionFlags
    config: str | None = None
    """The config that the user named; None for the nearest to each file."""
    rules: tuple[str, ...] = ()
    """Folders of rules that the user named."""
    edits: bool = True
    """Whether anybody wants to see the edits of a fix."""
    trust: Trust = Trust()
    roots: Roots = field(default_factory=Roots)
    reveal: bool = False
    """Whether reports are made that show secrets, beside those that do not."""
    time_limit: float = SECONDS
    """Seconds of the processor that one file may take."""
    shellcheck: bool = False
    """Whether ShellCheck reads the scripts of Dockerfiles, too."""
    paths: tuple[str, ...] = ()
    """What the run goes over: these files, and those below these folders."""
    project: NamedProject = NamedProject()
    """The files of one project, as the user named them."""
    today: date | None = None
    """The day from which ages are counted; None for that of the clock."""
    telling: Telling = Telling.NOTHING
    """What is told beside the findings."""
    against: NamedProject = NamedProject()
    """The project that containers are held to, as records of an engine tell of them."""
    scans: str = ""
    """What scanners found in images, for `dockerlint.images.scans`; "" without any report."""
    configs: Configs = field(init=False)
    ignore_file: Read = field(init=False)
    """The content of an ignore file that is obeyed, by its absolute path; None where there is none."""
    locks: Locks = field(init=False)
    receipts: FoundReceipts = field(init=False)
    origins: Origins = field(init=False)
    _members: Members | None = field(init=False, default=None)
    _builders: Builders | None = field(init=False, default=None)
    _held: Held | None = field(init=False, default=None)
    _warm: WarmFiles | None = field(init=False, default=None)
    _made: Made = field(init=False)
    _selections: dict[tuple[object, ...], Selection] = field(init=False)

    def __post_init__(self) -> None:
        tree = self.tree()
        self.configs = Configs(self.config, self.roots, tree if self.trust.config else NoTree())
        self.locks = Locks(self.roots, tree if self.trust.lock else NoTree())
        self.receipts = FoundReceipts(self.roots, tree if self.trust.lock else NoTree())
        self.origins = Origins(self.roots, is_obeyed=not self.trust.is_untrusted)
        self.ignore_file = (tree if self.trust.gitignore else NoTree()).read_ignore_file
        self._selections = Recent(KEPT)
        self._made = Made(self.roots, self.text_at)
        if self.against.files:
            from dockerlint.run.projects import Projects

            self._held = Projects(self.roots, self.text_at, self.against).named

    def __reduce__(self) -> tuple[type[FileLinter], tuple[Any, ...]]:
        """Another process is given what this one was made from, and loads for itself what cannot be sent."""
        return type(self), tuple(getattr(self, name) for name in self.__match_args__)

    def tree(self) -> Tree:
        """Where the files are read that the run obeys; raises ConfigError where a revision is missing."""
        if not self.trust.revision:
            return WorkingTree()
        from dockerlint.workspace.revision import Revision

        revision = Revision(self.trust.revision, self.roots)
        revision.require()
        return revision

    @property
    def members(self) -> Members:
        """What lints projects; a run over Dockerfiles does without."""
        if self._members is None:
            from dockerlint.run.members import Members
            from dockerlint.run.projects import Projects

            projects = Projects(self.roots, self.text_at, self.project)
            self._members = Members(
                *(projects, partial(self._setup, kind="compose"), self._has_report, self.telling),
                warm=self._warm,
            )
        return self._members

    @property
    def projects(self) -> Projects:
        """What finds the projects of files."""
        return self.members.projects

    @property
    def builders(self) -> Builders:
        """What finds the services that build a Dockerfile."""
        if self._builders is None:
            self._builders = Builders(self.roots, self.text_at, lambda path: self.members.builds(path))
        return self._builders

    def forget(self, kind: str = "") -> None:
        """Read other files of projects anew, because some were written: any, or one of this kind.

        Which projects there are, and what they build, no Dockerfile says.
        """
        if not kind:
            self._made.forget()
        if kind != "dockerfile":
            self._members = self._builders = None
        elif self._members is not None:
            self._members.forget_findings()

    def forget_texts(self) -> None:
        """Read what Compose files hold anew; which projects they make up stays as it was."""
        self._builders = None
        self.members.forget_texts()

    def keep_warm(self) -> None:
        """Remember of each Dockerfile what an edit of it leaves as it is: it is linted for every key."""
        from dockerlint.linting.warm.files import WarmFiles

        self._warm = None if self.edits or self.telling else WarmFiles()

    def _builders_of(self, kind: str, setup: Setup) -> tuple[BuildingService, ...]:
        """The services that build a Dockerfile which is a file."""
        return self.builders.of(setup.path) if kind == "dockerfile" and setup.path else ()

    def within_budget(self, times: int = 1, files: int = 1) -> budgeted:
        """The one place where the budget of a file is opened; `times` as large for what lints it again.

        What does with several files at once what is else done with each has the budget of all of them.
        """
        return budgeted(STEPS * times * files, self.time_limit * files)

    def selection(self, config: Config) -> Selection:
        """All rules that hold under a config; raises ConfigError or RuleError."""
        key = (config.rules, tuple(config.rule_texts), tuple(sorted(config.words.items())))
        if key not in self._selections:
            self._selections[key] = Selection(
                _load(_once(self.rules + config.rules), config, self.today), self.flags
            )
        return self._selections[key]

    def check(self, config: Config) -> tuple[RuleMistake, ...]:
        """What is wrong with rules of the user; raises ConfigError or RuleError for an unusable config."""
        selection = self.selection(config)
        selection.check(config)
        selection.choice(config, ())
        return tuple(map(shown_mistake, selection.everything.mistakes))

    def warm_up(self) -> None:
        """Load what the files below the working directory share, so that none of them pays for it."""
        with suppress(ConfigError, RuleError):  # files that they are the trouble of will tell
            self.check(self.configs.of_folder(os.getcwd()))

    def file(self, candidate: Candidate) -> FileReport:
        """The report on one file of the disk. Never raises: what goes wrong is the trouble of this file."""
        if candidate.obstacle:
            return unlinted(candidate.path, candidate.obstacle)
        try:
            largest = largest_of(candidate)
            return self.data(read_bytes(candidate.path, candidate.root, largest), candidate)
        except Unreadable as error:
            return unlinted(candidate.path, str(error))

    def data(self, data: bytes, candidate: Candidate) -> FileReport:
        """The report on bytes that are already read, under the name of the candidate. Never raises."""
        try:
            with self.within_budget():
                source = decode(data, candidate.path)
                return self._report(source, kind_of(candidate, source.text))
        except UserError as error:
            return unlinted(candidate.path, str(error))
        except Exception as error:
            if os.environ.get("DOCKERLINT_DEBUG"):
                raise
            return unlinted(candidate.path, internal_error(error))

    def purpose(self, source: Source, kind: str) -> Purpose:
        """What a text is for; raises ConfigError, RuleError or OverBudget."""
        with self.within_budget():
            setup = self._setup(source.path, kind)
            ruleset = setup.selection.everything
            document = parse(source.text, kind, ruleset, setup.neighbours.text_of)
            return setup.purpose(purpose_of_content(document))

    def fix(self, source: Source, kind: str, options: FixOptions) -> Result:
        """A text with all that can be fixed; raises ConfigError, RuleError or OverBudget."""
        with self.within_budget(ROUNDS_OF_FIX):
            return self._fixed(source, kind, options)

    def document(self, source: Source, kind: str) -> Build | Project:
        """The model of a text by itself; raises ConfigError, RuleError or OverBudget."""
        with self.within_budget():
            setup = self._setup(source.path, kind)
            return parse(source.text, kind, setup.selection.everything, setup.neighbours.text_of)

    def _fixed(self, source: Source, kind: str, options: FixOptions) -> Result:
        from dockerlint.run.fixing.one import fix_one
        from dockerlint.run.fixing.views import ComposeFile, FileFixes, ProjectFixes

        setup = self._setup(source.path, kind)
        asked = frozenset(rule.id for rule in setup.choice.asked.rules)
        fixes: FileFixes | ProjectFixes
        if kind == "compose":
            file = ComposeFile(source, setup, asked)
            begun, path = options.begun, os.path.abspath(source.path)
            held = begun.projects if begun else self.projects.of(path, setup.config)
            fixes = ProjectFixes(self.members, file, held)
        else:
            fixes = FileFixes(source, kind, setup, asked, self._builders_of(kind, setup))
        return fix_one(source, setup, fixes, options)

    def _report(self, source: Source, kind: str) -> FileReport:
        setup = self._setup(source.path, kind)
        found = Found(source.text, setup, self._told(source, kind, setup))
        return found.report(source, kind, self.reveal, is_trusted=not self.trust.is_untrusted)

    def _told(self, source: Source, kind: str, setup: Setup) -> list[Told]:
        """What is found in a file, and in those that are told of with it."""
        if kind == "compose":
            return list(self.members.told(source, setup, self.edits))
        linted = lint_whole(
            source.text,
            kind,
            setup.choice.asked,
            path=source.path,
            text_of=setup.neighbours.text_of,
            edits=self.edits,
            bounds=setup.bounds,
            standing_of=setup.neighbours.standing_of,
            builders=self._builders_of(kind, setup),
            telling=self.telling,
            warm=self._warm.of(source, kind) if self._warm is not None else None,
        )
        if self.shellcheck and kind == "dockerfile":
            linted = _with_shellcheck(linted, source.text, setup)
        return [Told("", setup, source.text, linted)]

    def text_at(self, path: str) -> str | None:
        """The text of a file of the project by its absolute path; None where there is none."""
        try:
            return decode(read_bytes(path, self.roots.holding(path) or os.path.dirname(path))).text
        except Unreadable:
            return None

    def _allowed(self, config: Config) -> tuple[str, ...]:
        """Paths outside of the project that may be read, unless a stranger wrote what is linted."""
        if self.trust.is_untrusted:
            return ()
        return tuple(os.path.realpath(os.path.join(config.folder, one)) for one in config.allow_outside)

    def _has_report(self, path: str) -> bool:
        """Whether a file is one of those that the run goes over, as far as its name tells."""
        named = [os.path.abspath(one) for one in self.paths]
        if path in named:
            return True
        return kind_of_name(os.path.basename(path)) == "compose" and any(is_below(path, one) for one in named)

    def _setup(self, path: str, kind: str) -> Setup:
        config = self.configs.of(path)
        extend(config.words)
        overrides = config.overrides_for(path)
        selection = self.selection(config)
        selection.check(config)
        choice = selection.choice(config, overrides)
        neighbours, notes = read_neighbours(path, kind)
        steering = (self.locks, self.receipts, self.origins)
        neighbours = {**neighbours, **{name: text for one in steering for name, text in one.of(path).items()}}
        allowed = self._allowed(config)
        if kind == _RECORD and self._held is not None:
            from dockerlint.run.host.against import texts_of_project

            neighbours |= texts_of_project(self._held, path, self.text_at)
            allowed = (*allowed, self.roots.holding(self._held.first) or self._held.folder)
        if self.scans:
            neighbours[SCANS] = self.scans
        around = Neighbours(
            os.path.dirname(os.path.abspath(path)),
            neighbours,
            self.roots.holding(path) if path else None,
            allowed,
            partial(self._made.text, path),
        )
        policy = Policy(config.require_reasons, config.forbid_inline, self.trust.inline)
        purpose = partial(self._purpose, path, overrides)
        return Setup(path, kind, config, overrides, selection, choice, around, notes, policy, purpose)

    def _purpose(self, path: str, overrides: tuple[Override, ...], content: Purpose) -> Purpose:
        """What a file is for: the config says it, else its path or content, unless a stranger wrote them."""
        for override in reversed(overrides):
            if override.purpose:
                return Purpose(override.purpose, "the config")
        if self.trust.is_untrusted:
            return UNKNOWN
        above, name = os.path.split(os.path.abspath(path))
        real = self.roots.resolved(above)
        here = os.path.realpath(os.curdir)
        root = repository_top(real) or (here if is_below(real, here) else self.roots.holding(real)) or real
        below = os.path.relpath(os.path.join(real, name), root).replace(os.sep, "/")
        found = purpose_of_path(below, names_in_folder(above))
        return found if found.name else content


def _with_shellcheck(linted: Linted, text: str, setup: Setup) -> Linted:
    from dockerlint.run.shellcheck import with_shellcheck

    document: Any = parse(text, "dockerfile", setup.choice.asked, setup.neighbours.text_of)
    return with_shellcheck(linted, document, text)


def internal_error(error: BaseException) -> str:
    """What is said of a mistake of ours: its kind only, because its text may quote the file."""
    return f"internal error ({type(error).__name__}); please report it, DOCKERLINT_DEBUG=1 shows where"


def _once(folders: tuple[str, ...]) -> tuple[str, ...]:
    """Folders, one that is named twice only once."""
    return tuple({os.path.realpath(folder): folder for folder in folders}.values())


def _load(folders: tuple[str, ...], config: Config, today: date | None) -> Ruleset:
    return load_ruleset(
        today=today,
        directories=folders,
        texts=config.rule_texts,
        more_words={key: list(words) for key, words in config.words.items()},
        word_places=config.word_places,
    )


def kind_of(candidate: Candidate, text: str) -> str:
    """What a file is; raises Unreadable where nothing says so."""
    kind = candidate.kind or kind_of_text(text)
    if kind is None:
        kinds = f"{', '.join(SUPPORTED[:-1])} or {SUPPORTED[-1]}"
        raise Unreadable(f"the kind of file is not known; use --kind {kinds}")
    if kind != _RECORD and len(text) > LARGEST:
        raise Unreadable(TOO_LARGE)
    return kind


def largest_of(candidate: Candidate) -> int:
    """Bytes that are read of a file: a record of an engine may tell of hundreds of containers."""
    may_be_record = candidate.kind == _RECORD or (
        candidate.kind is None and candidate.path.endswith((".json", STDIN_NAME))
    )
    return LARGEST_RECORD if may_be_record else LARGEST
