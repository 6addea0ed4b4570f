"""The files that steer a run as a revision of git has them, whatever the working tree says now."""

from __future__ import annotations

import os
from typing import Final

from dockerlint.workspace import git
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.door import Unreadable
from dockerlint.workspace.roots import Roots, is_repository, upwards
from dockerlint.workspace.trees import RuleFolder

_MOST_RULES: Final = 2_000
_RULE_FILES: Final = (".yaml", ".yml")


class Revision:
    """A commit of the repositories that are linted. Of others, submodules say, nothing is obeyed."""

    def __init__(self, name: str, roots: Roots) -> None:
        self._name = name
        self._roots = roots
        self._files: dict[str, frozenset[str]] = {}
        self._tops: dict[str, str | None] = {}

    def require(self) -> None:
        """Raise ConfigError, with the way out, where a repository does not have it."""
        for root in self._roots.given:
            try:
                is_there = git.rev_exists(root, self._name)
            except git.GitError as error:
                raise ConfigError(f"--untrusted={self._name}: {error}") from error
            if not is_there:
                raise ConfigError(
                    f"--untrusted={self._name}: no such commit in {root}; a shallow clone lacks it: set "
                    "fetch-depth: 0 for actions/checkout, and name a branch as origin/main"
                )

    def read(self, path: str) -> bytes | None:
        """A file of the revision by its absolute path; raises Unreadable where git does not give it."""
        place = self._place(path)
        if place is None or place[1] not in self._files_of(place[0]):
            return None
        try:
            return git.show(place[0], self._name, place[1])
        except git.GitError as error:
            raise Unreadable(str(error)) from error

    def read_ignore_file(self, path: str) -> bytes | None:
        """As `read`; raises ConfigError, because without the file it is not known what git leaves out."""
        try:
            return self.read(path)
        except Unreadable as error:
            raise ConfigError(f"{self.name(path)}: {error}") from error

    def files(self, folder: str, ending: str) -> list[str]:
        """The files of a folder in the revision; raises Unreadable where git does not give them."""
        place = self._place(folder)
        if place is None:
            return []
        top, start = place[0], f"{place[1]}/"
        names = [one for one in self._files_of(top) if one.startswith(start) and one.endswith(ending)]
        return [os.path.join(top, one) for one in sorted(names)]

    def name(self, path: str) -> str:
        """A path as git writes it: `origin/main:sub/.dockerlint.yaml`."""
        place = self._place(path)
        return f"{self._name}:{place[1] if place else path}"

    def rule_folder(self, name: str, config_folder: str) -> RuleFolder:
        """The rule files of a folder; raises Unreadable where there are none, or too many."""
        top = self._top(config_folder)
        under = os.path.relpath(os.path.join(config_folder, name), top).replace(os.sep, "/")
        if top is None or under.startswith(".."):
            raise Unreadable("rules are outside the project; --rules accepts any directory")
        start = "" if under == os.curdir else f"{under}/"
        files = [one for one in self._files_of(top) if one.startswith(start) and one.endswith(_RULE_FILES)]
        if not files:
            raise Unreadable(f"no rule files (*.yaml) in {self._name}:{start}")
        if len(files) > _MOST_RULES:
            raise Unreadable(f"more than {_MOST_RULES} rule files in {self._name}:{start}")
        texts = {one: self.read(os.path.join(top, one)) for one in sorted(files)}
        return RuleFolder(
            (), {f"{self._name}:{one}": text for one, text in texts.items() if text is not None}
        )

    def _place(self, path: str) -> tuple[str, str] | None:
        """The repository of a path and the path from its top; None for what is not of this revision."""
        folder, name = os.path.split(os.path.normpath(path))
        real = os.path.realpath(folder)
        if real not in self._tops:
            self._tops[real] = self._top(real)
        top = self._tops[real]
        if top is None:
            return None
        return top, os.path.relpath(os.path.join(real, name), top).replace(os.sep, "/")

    def _top(self, folder: str) -> str | None:
        for one in upwards(folder):
            if one in self._roots.given:
                return one
            if is_repository(one):
                return None
        return None

    def _files_of(self, top: str) -> frozenset[str]:
        if top not in self._files:
            try:
                self._files[top] = frozenset(git.list_files(top, self._name))
            except git.GitError as error:
                raise Unreadable(str(error)) from error
        return self._files[top]
