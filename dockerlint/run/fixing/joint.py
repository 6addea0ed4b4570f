"""All projects that hold some files, linted once for all of these in place of once for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from dockerlint.findings import Finding
from dockerlint.fixing.joint import ProjectResult, Texts
from dockerlint.fixing.results import LintResult
from dockerlint.linting.linted import Linted
from dockerlint.linting.member import Home, by_file
from dockerlint.run.fixing.views import ComposeFile, effect_of
from dockerlint.run.members import Members, below
from dockerlint.run.projects import Held
from dockerlint.text import Source

ProjectKey = tuple[str, object]
"""The folder of a project, and its files."""


def key_of(held: Held) -> ProjectKey:
    """What a project is known by, whichever of its files is asked about."""
    return held.folder, held.files


class JointLinter:
    """Lints all projects that hold some files, each once for all of these."""

    def __init__(
        self,
        members: Members,
        files: Mapping[str, ComposeFile],
        only: Callable[[Finding], bool] | None,
        beside: Callable[[str], Mapping[str, str]],
    ) -> None:
        """`files` by their paths as shown; with `only` no other findings are to be fixed.

        `beside` gives what this run makes of files beside that of an absolute path, by name.
        """
        self._members = members
        self._files = files
        self._paths = {os.path.abspath(path): path for path in files}
        self._only, self._beside = only, beside
        self._projects: dict[ProjectKey, tuple[Held, dict[str, str]]] = {}
        """Each with those of the files that it holds: their paths from its folder, and as shown."""
        self._held: dict[str, tuple[Held, ...]] = {}
        self._last: dict[ProjectKey, Linted] = {}
        self._texts: Texts = {}
        """The texts that were linted last, and what was found with them."""
        for path, file in files.items():
            absolute = os.path.abspath(path)
            self._held[path] = members.projects.of(absolute, file.setup.config)
            for held in self._held[path]:
                _, within = self._projects.setdefault(key_of(held), (held, {}))
                within[below(absolute, held.folder)] = path

    def lint(self, texts: Texts) -> ProjectResult:
        """What is found in all files with these texts; a project with the texts of last time is known."""
        parts: dict[ProjectKey, dict[str, Linted]] = {}
        elsewhere: list[Finding] = []
        for key, (held, within) in self._projects.items():
            if key not in self._last or any(texts[one] != self._texts[one] for one in within.values()):
                self._last[key] = self._linted(held, {name: texts[path] for name, path in within.items()})
            parts[key] = by_file(self._last[key])
            elsewhere += _outside(held, parts[key], within)
        self._texts = texts
        files = {path: self._result(path, text, parts) for path, text in texts.items()}
        effects = tuple(effect_of(held, self._last[key]) for key, (held, _) in self._projects.items())
        return ProjectResult(files, elsewhere, effects)

    def _linted(self, held: Held, named: Mapping[str, str]) -> Linted:
        """A project with these texts of its files, by their paths from its folder."""
        name, text = next(iter(named.items()))
        first = self._files[self._projects[key_of(held)][1][name]]
        beside = {**self._beside(held.first), **named}
        return self._members.whole(held, Source(first.source.path, text), first.setup, beside)

    def _result(self, path: str, text: str, parts: Mapping[ProjectKey, Mapping[str, Linted]]) -> LintResult:
        homes = [(held, _home(held, path, parts[key_of(held)])) for held in self._held[path]]
        result = self._files[path].result(text, homes, partial(self._text_of, path, self._texts))
        every = [one for one in result.every if not one.span.source]
        wanted = [one for one in result.wanted if self._only is None or self._only(one)]
        return result._replace(every=every, wanted=wanted)

    def _text_of(self, path: str, texts: Texts, name: str) -> str | None:
        """The text of a file by its path from the folder of another one."""
        other = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(path)), name))
        known = self._paths.get(other)
        return texts[known] if known is not None else self._files[path].setup.neighbours.text_of(name)

    def projects_of(self, path: str) -> tuple[Held, ...]:
        """The projects that hold a file, by its path as shown."""
        return self._held[path]

    def remember(self, members: Members, texts: Texts) -> None:
        """Leave what was found with texts to who lints one of the files next, if they were linted last."""
        for path, file in self._files.items() if texts == self._texts else ():
            for held in self._held[path]:
                members.keep(held, file.setup, self._last[key_of(held)])


def _home(held: Held, path: str, parts: Mapping[str, Linted]) -> Home:
    """The way from a project to a file, with what is found in the file."""
    own = below(os.path.abspath(path), held.folder)
    linted = parts.get(own) or replace(parts[""], findings=[], comments=())
    return Home(linted, held.folder, own, held.files.paths[0])


def _outside(held: Held, parts: Mapping[str, Linted], within: Mapping[str, str]) -> Iterator[Finding]:
    """What is found in a project, but in none of these files."""
    for path, linted in parts.items():
        if path not in within:
            for finding in Home(linted, held.folder, "", held.files.paths[0]).everything(""):
                place = finding.span._replace(source=f"{held.folder}/{finding.span.source}")
                yield replace(finding, span=place)
