"""The Compose files of a run that belong to one project are fixed together, when the first one comes up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dockerlint.errors import UserError
from dockerlint.findings import Finding, Tier
from dockerlint.fixing.joint import fix_files, is_fixable
from dockerlint.held import hold, let_go
from dockerlint.linting.failures import told
from dockerlint.run.file import ROUNDS_OF_FIX, FileLinter
from dockerlint.run.fixing.joint import JointLinter, ProjectKey, key_of
from dockerlint.run.fixing.one import Begun
from dockerlint.run.fixing.views import ComposeFile
from dockerlint.run.found import shown_mistake
from dockerlint.run.projects import Held
from dockerlint.run.review.onefile import without_told
from dockerlint.text import decode
from dockerlint.workspace.discovery import Candidate
from dockerlint.workspace.door import LARGEST, Unreadable, read_bytes

_KIND = "compose"


class _Joining(NamedTuple):
    """A file that is fixed together with others."""

    file: ComposeFile
    data: bytes

    @property
    def settings(self) -> tuple[object, ...]:
        """What the config says of it; equal for files that can be linted together."""
        setup = self.file.setup
        return id(setup.selection.everything), setup.fix_settings


@dataclass(slots=True)
class SharedProjects:
    """Fixes the Compose files of a run that belong to one project together."""

    linter: FileLinter
    candidates: Sequence[Candidate]
    """All files of the run."""
    least: Tier
    only: Callable[[Finding], bool] | None
    beside: Callable[[str], Mapping[str, str]]
    """What the run makes of files beside that of an absolute path, by name."""
    _groups: dict[ProjectKey, list[Candidate]] | None = None
    """The files of each project that are still to be fixed."""
    _projects: dict[str, list[ProjectKey]] = field(default_factory=dict)
    """The projects of each file, by its absolute path, as they are before anything is fixed."""
    _begun: dict[str, Begun] = field(default_factory=dict)
    """By absolute path."""

    def begun(self, candidate: Candidate) -> Begun | None:
        """What became of a file with the others of its project, once; None for one that is fixed by itself.

        Until then every reader gets the fixed text of the file. Never raises.
        """
        path = os.path.abspath(candidate.path)
        if candidate.kind != _KIND or candidate.obstacle:
            return None
        if path not in self._begun:
            self._begin(path)
        if path in self._begun:
            let_go(path)
        return self._begun.pop(path, None)

    def drop(self) -> None:
        """Fix the files that wait anew, because one of them is not what the others were fixed beside."""
        for path in self._begun:
            let_go(path)
        self._begun.clear()
        self.linter.forget()

    def _begin(self, path: str) -> None:
        if self._groups is None:
            self._groups = self._grouped()
        group = {os.path.abspath(one.path): one for one in self._around(path)}
        if len(group) < 2 or path not in group:
            return
        for one in self._groups.values():
            one[:] = [each for each in one if os.path.abspath(each.path) not in group]
        parts: dict[object, dict[str, _Joining]] = {}
        for shown, member in self._members(group.values()):
            parts.setdefault(member.settings, {})[shown] = member
        for part in parts.values():
            try:
                self._fix(part)
            except Exception:  # each is fixed by itself then, and tells
                if os.environ.get("DOCKERLINT_DEBUG"):
                    raise

    def _grouped(self) -> dict[ProjectKey, list[Candidate]]:
        found: dict[ProjectKey, list[Candidate]] = {}
        for candidate in self.candidates:
            if candidate.kind == _KIND and not candidate.obstacle:
                path = os.path.abspath(candidate.path)
                self._projects[path] = list(map(key_of, self._projects_of(path)))
                for key in self._projects[path]:
                    found.setdefault(key, []).append(candidate)
        return found

    def _projects_of(self, path: str) -> Iterable[Held]:
        try:
            return self.linter.projects.of(path, self.linter.configs.of(path))
        except UserError:
            return ()

    def _around(self, path: str) -> Iterator[Candidate]:
        """The files that share a project with one, and itself."""
        for key in self._projects.get(path, ()):
            yield from (self._groups or {}).get(key, ())

    def _members(self, group: Iterable[Candidate]) -> Iterator[tuple[str, _Joining]]:
        """The files of a group that can be read and written, by their paths as shown."""
        for candidate in group:
            try:
                data = read_bytes(candidate.path, candidate.root)
                source = decode(data, candidate.path)
                setup = self.linter.members.setup_of(candidate.path)
            except (Unreadable, UserError):
                continue
            asked = frozenset(rule.id for rule in setup.choice.asked.rules)
            if not source.notes and len(source.text) <= LARGEST:
                yield candidate.path, _Joining(ComposeFile(source, setup, asked), data)

    def _fix(self, group: Mapping[str, _Joining]) -> None:
        """Fix files together, and let all readers have their texts."""
        if len(group) < 2:
            return
        files = {path: one.file for path, one in group.items()}
        joint = JointLinter(self.linter.members, files, self.only, self.beside)
        with self.linter.within_budget(ROUNDS_OF_FIX, len(files)):
            results = fix_files(
                {path: one.source.text for path, one in files.items()}, self.least, joint.lint
            )
        for path, result in results.items():
            file = files[path]
            result.omissions = file.parted[0].omissions
            result.failures = told(file.failures)
            result.mistakes = tuple(map(shown_mistake, file.setup.selection.everything.mistakes))
            is_done = not any(is_fixable(one, self.least) for one in result.left)
            self._begun[os.path.abspath(path)] = Begun(
                group[path].data, joint.projects_of(path), result, is_done
            )
            if result.text != file.source.text:
                hold(os.path.abspath(path), file.source.encode(result.text))
        self.linter.forget_texts()
        joint.remember(self.linter.members, {path: one.text for path, one in results.items()})
        for path, result in results.items():
            if any(one.dockerfile for one in result.left):
                result.left = without_told(path, result.left, self.linter)
