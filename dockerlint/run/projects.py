"""Which Compose projects hold a file, as Docker Compose would put them together.

Sources: compose-go's cli/options.go (default names, overrides, COMPOSE_FILE and its kin) and docs.docker.com
on `include` and `extends`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from dockerlint.held import is_there, names_in
from dockerlint.kinds import kind_of_name, may_be_compose
from dockerlint.link.dotenv import read_env
from dockerlint.link.resolve import ProjectFiles
from dockerlint.recent import Recent
from dockerlint.run.named import NamedProject
from dockerlint.run.references import (
    completes,
    described_in,
    is_part,
    lacking_in,
    references_of,
    shares_services,
)
from dockerlint.workspace.config import Config
from dockerlint.workspace.roots import Roots, upwards

DEFAULT_NAMES: Final = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""What Compose reads where it is given no file: the first that is there."""
OVERRIDES: Final = (
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)
"""What it reads behind that: the first that is there, whatever the name of the former."""
KEPT: Final = 200
"""Folders and files that are remembered."""
MOST_FILES: Final = 1_000
"""Compose files of one folder that are asked whether they reach another one."""
MOST_BASES: Final = 20
"""Where a folder has no default file, a part of a project is looked at beside so many others at most."""
_ENV: Final = ".env"

TextAt = Callable[[str], "str | None"]
"""The text of a file by its absolute path; None where it is not there or must not be read."""


class Held(NamedTuple):
    """One project: the folder of its first file, which all its paths count from, and its files."""

    folder: str
    files: ProjectFiles
    witness_for: frozenset[str] = frozenset()
    """The files that may be part of it, and need not: fixes of them must do it no harm, by absolute paths."""

    @property
    def first(self) -> str:
        """The absolute path of its first file."""
        return self.paths[0]

    @property
    def paths(self) -> tuple[str, ...]:
        """Absolute paths of the files that are merged, in their order."""
        return tuple(os.path.normpath(os.path.join(self.folder, name)) for name in self.files.paths)


class Projects:
    """Finds the projects of files; what was read of folders and files is remembered for a while."""

    def __init__(self, roots: Roots, text_at: TextAt, named: NamedProject) -> None:
        self._roots = roots
        self._text_at = text_at
        self._env_files = tuple(map(os.path.abspath, named.env_files))
        self.named = self._project([os.path.abspath(path) for path in named.files]) if named.files else None
        """The project that the command line names."""
        self._tops: Recent[str, tuple[Held, ...]] = Recent(KEPT)
        self._references: Recent[str, tuple[str, ...]] = Recent(KEPT)

    def of(self, path: str, config: Config) -> tuple[Held, ...]:
        """The projects that hold a Compose file; a project of its own where nothing else does."""
        path = os.path.abspath(path)
        told = [*([self.named] if self.named else []), *self._of_config(config)]
        holding = [one for one in told if self._holds(one, path)]
        if holding:
            return tuple(holding)
        found = self._guessed(path, os.path.dirname(path))
        is_held = any(path not in one.witness_for for one in found)
        return tuple(found) if is_held else (self._project([path]), *found)

    def _guessed(self, path: str, folder: str) -> list[Held]:
        """The projects that hold a file as far as names and contents tell."""
        own = [one for one in self._of_folder(folder) if path in one.paths]
        others = [one for one in self._above(folder) if not one.witness_for and path not in one.paths]
        reaching = [one for one in others if self._reaches(one, path)]
        is_part = any(one.folder != folder for one in reaching) or not self._is_default(path)
        if reaching and is_part:
            own = [one for one in own if len(one.paths) > 1]
        if not reaching and not self._is_described(path, own):
            filled = self._filled(path, folder)
            own = own if filled is None else [filled]
        return [*own, *reaching, *self._unsure(path, folder)]

    def _unsure(self, path: str, folder: str) -> Iterator[Held]:
        """The projects that files may make up, and that would take in a file by `include` or `extends`."""
        for one in self._above(folder):
            if one.witness_for and path not in one.paths and self._reaches(one, path):
                yield one._replace(witness_for=one.witness_for | {path})

    def _is_described(self, path: str, projects: Sequence[Held]) -> bool:
        """Whether another file of some project describes all that a file needs and does not."""
        parts = lacking_in(self._text_at(path) or "")
        others = (other for one in projects for other in one.paths if other != path)
        return not parts or any(parts <= described_in(self._text_at(other) or "") for other in others)

    def _filled(self, path: str, folder: str) -> Held | None:
        """A file as the last one of the project above it that describes services which the file lacks.

        So `-f compose.yaml -f ci/a.yaml` does it; what the project lacks, other files beside this one bring.
        """
        parts = lacking_in(self._text_at(path) or "")
        for one in self._above(folder) if parts else ():
            is_default = os.path.basename(one.first) in DEFAULT_NAMES and not one.witness_for
            if path in one.paths or not is_default:
                continue
            whole = described_in(self._text_at(one.first) or "")
            beside = self._describing(parts - whole, path)
            if parts & whole and beside is not None:
                under = (*one.paths, *beside)
                return self._project([*under, path])._replace(witness_for=frozenset(under))
        return None

    def _describing(self, services: frozenset[str], path: str) -> list[str] | None:
        """The files beside one that describe these services, as few as come first; None where none does."""
        folder, found = os.path.dirname(path), list[str]()
        for name in _compose_names(folder)[:MOST_BASES] if services else ():
            other = os.path.join(folder, name)
            brought = services & described_in(self._text_at(other) or "") if other != path else frozenset()
            if brought:
                found.append(other)
                services -= brought
        return None if services else found

    def _above(self, folder: str) -> Iterator[Held]:
        """The projects in a folder and in those above it, up to the root of the repository."""
        for one in upwards(folder):
            yield from self._of_folder(one)
            if self._roots.end_at(self._roots.resolved(one)):
                return

    def _is_default(self, path: str) -> bool:
        first = self._of_folder(os.path.dirname(path))[:1]
        return bool(first) and first[0].first == path and os.path.basename(path) in DEFAULT_NAMES

    def _of_config(self, config: Config) -> Iterator[Held]:
        for names in config.projects:
            yield self._project([os.path.normpath(os.path.join(config.folder, name)) for name in names])

    def _of_folder(self, folder: str) -> tuple[Held, ...]:
        """The projects whose first file lies in a folder, or that its `.env` names; that one comes first."""
        if folder not in self._tops:
            self._tops[folder] = tuple(self._grouped(folder))
        return self._tops[folder]

    def _grouped(self, folder: str) -> Iterator[Held]:
        names = _compose_names(folder)
        usual = self._usual(folder, names)
        if usual is not None:
            yield usual
        taken = set() if usual is None else set(usual.paths)
        for name in names:
            path = os.path.join(folder, name)
            if path in taken:
                continue
            base = None if usual is None else usual.first
            is_completing = False
            for one in self._bases(path, base, names):
                text, whole = self._text_at(path) or "", self._text_at(one) or ""
                is_sure = completes(text, whole)
                if is_sure or shares_services(text, whole):
                    is_completing = is_completing or is_sure
                    under = usual.paths if usual is not None and self._names_all(text, usual) else (one,)
                    unsure = {*under} if is_sure else {*under, path}
                    yield self._project([*under, path])._replace(witness_for=frozenset(unsure))
            if not is_completing:
                yield self._project([path])

    def _names_all(self, text: str, usual: Held) -> bool:
        """Whether a file says that it goes upon a whole project, such as in `COMPOSE_FILE=a:b:c`."""
        return len(usual.paths) > 1 and all(os.path.basename(path) in text for path in usual.paths)

    def _usual(self, folder: str, names: Sequence[str]) -> Held | None:
        """What Compose takes in a folder where it is given no file."""
        env = os.path.join(folder, _ENV)
        settings = read_env(self._text_at(env) or "") if is_there(env) else {}
        if listed := settings.get("COMPOSE_FILE"):
            separator = settings.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
            paths = [os.path.normpath(os.path.join(folder, one)) for one in listed.split(separator) if one]
            return self._project(paths, env) if paths else None
        there = set(names)
        base = next((name for name in DEFAULT_NAMES if name in there), None)
        if base is None:
            return None
        override = [name for name in OVERRIDES if name in there][:1]
        return self._project([os.path.join(folder, name) for name in (base, *override)])

    def _project(self, paths: Sequence[str], env: str | None = None) -> Held:
        """A project of absolute paths; `env` is a file of variables that goes before that of its folder."""
        folder = os.path.dirname(paths[0])
        env_files = [os.path.join(folder, _ENV)]
        if env and env not in env_files:
            env_files = [*filter(is_there, env_files), env]
        wanted = self._env_files or env_files
        settings: dict[str, str] = {}
        for one in filter(is_there, wanted):
            settings |= read_env(self._text_at(one) or "")
        return Held(
            folder,
            ProjectFiles(
                tuple(_below(path, folder) for path in paths),
                env_files=tuple(_below(path, folder) for path in wanted),
                profiles=tuple(filter(None, settings.get("COMPOSE_PROFILES", "").split(","))),
                name=settings.get("COMPOSE_PROJECT_NAME", ""),
            ),
        )

    def _bases(self, path: str, base: str | None, names: Sequence[str]) -> list[str]:
        """The files that a file may complete: by its name that of the folder, else by what it holds any.

        The latter among files alone whose names say that they are Compose files.
        """
        if base is not None:
            return [base] if _is_named_after(path, base) else []
        sure = [name for name in names if kind_of_name(name) == "compose"]
        others = [os.path.join(os.path.dirname(path), name) for name in sure]
        named = [one for one in others if one != path and _is_named_after(path, one)]
        if named:
            return [max(named, key=len)]
        is_alone = len(sure) > MOST_BASES or path not in others or not is_part(self._text_at(path) or "")
        return [] if is_alone else [one for one in others if one != path]

    def _holds(self, project: Held, path: str) -> bool:
        return path in project.paths or self._reaches(project, path)

    def _reaches(self, project: Held, path: str) -> bool:
        """Whether a file of a project takes in another file by `include` or `extends`, near or far."""
        waiting, seen = list(project.paths), set(project.paths)
        while waiting:
            one = waiting.pop()
            for name in self._references_of(one):
                for folder in (os.path.dirname(one), project.folder):
                    reached = os.path.normpath(os.path.join(folder, name))
                    if reached == path:
                        return True
                    if reached not in seen and len(seen) < MOST_FILES:
                        seen.add(reached)
                        waiting.append(reached)
        return False

    def _references_of(self, path: str) -> tuple[str, ...]:
        if path not in self._references:
            self._references[path] = references_of(self._text_at(path) or "")
        return self._references[path]


def _is_named_after(path: str, other: str) -> bool:
    """Whether a file has the name of another one with a word more: `docker-compose.ci.mysql.yml`."""
    stem = os.path.splitext(os.path.basename(other))[0]
    return os.path.basename(path).startswith((f"{stem}.", f"{stem}-", f"{stem}_"))


def _compose_names(folder: str) -> list[str]:
    """The names of what may be Compose files in a folder, in order; none where it cannot be listed."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted(filter(may_be_compose, {*names, *names_in(folder)}))[:MOST_FILES]


def _below(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")
