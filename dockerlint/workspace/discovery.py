"""Which files a run lints, and how they are read without trusting them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from dockerlint.data import word_list
from dockerlint.held import is_there
from dockerlint.kinds import (
    KINDS,
    SUPPORTED,
    kind_of_name,
    kind_of_template,
    kind_of_text,
    kind_of_wide_name,
)
from dockerlint.text import decode
from dockerlint.workspace.door import (
    Unreadable,
    leads_inside,
    read_bytes,
    reason_of,
    refuse_elsewhere,
    refuse_special,
)
from dockerlint.workspace.ignorefiles import IgnoreFiles, Read, ignore_files_above
from dockerlint.workspace.omissions import Excluder
from dockerlint.workspace.roots import is_repository, project_root
from dockerlint.workspace.seen import Seen

METADATA: Final = frozenset({".bzr", ".git", ".hg", ".jj", ".svn", "CVS"})
"""Folders of version control, which a walk never enters; other hidden folders are walked."""
STDIN: Final = "-"
_NULL: Final = "not a path: it contains a null character"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to lint, or a path that cannot be linted."""

    path: str
    """As shown: from the working directory, with forward slashes."""
    kind: str | None = None
    """Told by the user or by the name; None where the text has to tell."""
    obstacle: str = ""
    """Why it cannot be linted; "" where nothing is known against it."""
    root: str = field(default="", compare=False)
    """The project that it must not lead out of; "" for a path that the user named."""


Excluded = Callable[[str, bool], str]
"""The config that leaves out a path (as shown), or ""; True as second argument for a folder."""
NamedKind = Callable[[str], "str | None"]
"""The kind that a config gives to a path (as shown) by its name, or None."""
Told = Callable[[Excluder], None]
"""Who wants to know what a walk passes over."""


def ignore_file(path: str) -> bytes | None:
    """An ignore file of the disk. As git, none that is a symbolic link or cannot be read."""
    try:
        is_file = stat.S_ISREG(os.lstat(path).st_mode)
        # The root is the folder itself, because one of these files lies in `.git`.
        return read_bytes(path, os.path.dirname(path)) if is_file else None
    except (OSError, Unreadable):
        return None


def discover(
    paths: Sequence[str],
    kind: str | None,
    excluded_by: Excluded,
    ignore_file: Read = ignore_file,
    tell: Told = lambda _: None,
    kind_by_config: NamedKind = lambda _: None,
    has_default_excludes: bool = True,
) -> Iterator[Candidate]:
    """Every file to lint, each once: named ones always, those of a folder by name, `.gitignore` and config.

    With `kind` every regular file below a folder counts. Under a name that other files have, too, the text
    must agree. What is passed over is told: a folder counts as one and is not entered.
    """
    seen = Seen()
    filters = _Filters(kind, excluded_by, ignore_file, tell, kind_by_config, has_default_excludes)
    for path in paths:
        yield from (one for one in _named(path, filters) if _is_new(one, seen))


def read_neighbours(path: str, kind: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """The files next to `path` that change its meaning, by name, and notes on those that cannot be read.

    Docker prefers `<Dockerfile name>.dockerignore` to `.dockerignore`; both are given under the latter name.
    """
    folder, name = os.path.split(os.path.abspath(path))
    record = KINDS[kind]
    return _first_of(folder, tuple(one.format(name=name) for one in record.neighbours), record.neighbour)


def forget() -> None:
    """Read the files next to others anew, because some were written."""
    _first_of.cache_clear()


@lru_cache(maxsize=32)
def _first_of(folder: str, names: tuple[str, ...], key: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    for name in names:
        path = os.path.join(folder, name)
        if not is_there(path):
            continue
        try:
            return {key: decode(read_bytes(path, project_root(os.path.realpath(folder)))).text}, ()
        except Unreadable as error:
            return {}, (f"{name} next to it was ignored: {error}",)
    return {}, ()


def shown(path: str) -> str:
    """A path as the reports show it: from the working directory where it lies below it, else as given."""
    if os.path.isabs(path):
        below = _from_here(path)
        path = path if below.startswith(os.pardir) else below
    return os.path.normpath(path).replace(os.sep, "/")


def _from_here(path: str) -> str:
    """An absolute path from the working directory; `..`, or itself, where it lies elsewhere.

    A walk asks this for every file: taking both paths apart, as `relpath` does, was a fiftieth of a run.
    """
    here = os.getcwd()
    if os.name == "nt" or path.startswith("//"):
        return os.path.relpath(path) if os.path.splitdrive(path)[0] == os.path.splitdrive(here)[0] else path
    whole, top = os.path.normpath(path), os.path.join(here, "")
    return whole[len(top) :] if whole.startswith(top) else os.curdir if whole == here else os.pardir


def _named(path: str, filters: _Filters) -> Iterator[Candidate]:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            refuse_elsewhere(path)
            yield from _Walk(path, filters).files()
            return
        refuse_special(mode)
    except OSError as error:
        yield Candidate(shown(path), None, reason_of(error))
    except Unreadable as error:
        yield Candidate(shown(path), None, str(error))
    except ValueError:
        yield Candidate(path, None, _NULL)
    else:
        name = os.path.basename(path)
        kind, is_wide = filters.kind_of(shown(path), name)
        if kind is None or not is_wide or filters.agrees(path, kind):
            yield Candidate(shown(path), kind or kind_of_template(name))


def _is_new(candidate: Candidate, seen: Seen) -> bool:
    if candidate.obstacle:
        return True
    return seen.add(os.path.realpath(candidate.path))


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to enter."""

    path: str
    ignores: IgnoreFiles


@dataclass(frozen=True, slots=True)
class _Filters:
    """What decides about the files and folders of a walk."""

    kind: str | None
    excluded_by: Excluded
    ignore_file: Read
    tell: Told
    kind_by_config: NamedKind
    has_default_excludes: bool
    _passed_over: set[str] = field(default_factory=set)

    def pass_over(self, path: str, is_folder: bool, by: str, where: str = "") -> None:
        """Tell of what is not taken, once for all paths of a run."""
        if path not in self._passed_over:
            self._passed_over.add(path)
            self.tell(Excluder(by, where, is_folder))

    def kind_of(self, path: str, name: str) -> tuple[str | None, bool]:
        """The kind of a file by its name, and whether its text must agree."""
        if self.kind:
            return self.kind, False
        kind = kind_of_name(name) or self.kind_by_config(path)
        return (kind, False) if kind else (kind_of_wide_name(name), True)

    def is_skipped(self, name: str) -> bool:
        """Whether a folder of this name is never entered, or not by default: a `{{name}}` is a template's."""
        is_excluded = "{{" in name or name in word_list("purposes", "default-excludes")
        return name in METADATA or (self.has_default_excludes and is_excluded)

    def agrees(self, path: str, kind: str, project: str = "") -> bool:
        """Whether the text of a file is of a kind; what is not is passed over, unless it cannot be read."""
        try:
            agrees = kind_of_text(decode(read_bytes(path, project)).text) == kind
        except Unreadable:
            return True
        if not agrees:
            self.pass_over(shown(path), False, "content")
        return agrees

    def passes(self, folder: _Folder, name: str, is_folder: bool) -> bool:
        """Whether an entry is taken as far as settings go; what is not is told."""
        path = shown(os.path.join(folder.path, name))
        if file := folder.ignores.leaving_out(name, is_folder):
            self.pass_over(path, is_folder, "gitignore", shown(file))
        elif config := self.excluded_by(path, is_folder):
            self.pass_over(path, is_folder, "exclude", config)
        else:
            return True
        return False


@dataclass(slots=True)
class _Walk:
    """One folder and all below it; symbolic links are followed to files of its project only."""

    root: str
    filters: _Filters
    _real_root: str = field(init=False)
    _project: str = field(init=False)
    _links: list[Candidate] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._real_root = os.path.realpath(self.root)
        self._project = project_root(self._real_root)

    def files(self) -> Iterator[Candidate]:
        waiting = [_Folder(self.root, ignore_files_above(self.root, self.filters.ignore_file))]
        while waiting:
            folder = waiting.pop()
            try:
                with os.scandir(folder.path) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                yield Candidate(shown(folder.path), None, reason_of(error))
                continue
            folder = _Folder(folder.path, folder.ignores.and_of(folder.path))
            yield from self._files_of(folder, entries)
            waiting += reversed([inner for entry in entries if (inner := self._inner(folder, entry))])
        yield from self._links

    def _files_of(self, folder: _Folder, entries: Sequence[os.DirEntry[str]]) -> Iterator[Candidate]:
        for entry in entries:
            kind, is_wide = self.filters.kind_of(shown(entry.path), entry.name)
            if (
                kind not in SUPPORTED
                or _is_folder(entry)
                or not self.filters.passes(folder, entry.name, False)
            ):
                continue
            if reason := self._reason_against(entry):
                self.filters.pass_over(shown(entry.path), False, reason)
            elif is_wide and not self.filters.agrees(entry.path, str(kind), self._project):
                continue
            elif entry.is_symlink():  # the file that it leads to goes before, if the walk finds that
                self._links.append(Candidate(shown(entry.path), kind, root=self._project))
            else:
                yield Candidate(shown(entry.path), kind, root=self._project)

    def _reason_against(self, entry: os.DirEntry[str]) -> str:
        """Why it is no regular file of this project, be it through a link; "" where it is one."""
        if entry.is_file(follow_symlinks=False):
            return ""
        if not entry.is_symlink():
            return "special"
        try:
            return "" if entry.is_file() and leads_inside(entry.path, self._project) else "link"
        except OSError:
            return "link"

    def _inner(self, folder: _Folder, entry: os.DirEntry[str]) -> _Folder | None:
        if not _is_folder(entry):
            return None
        if entry.is_symlink():
            if not leads_inside(entry.path, self._real_root) and self.filters.passes(
                folder, entry.name, False
            ):
                self.filters.pass_over(shown(entry.path), True, "link")
        elif self.filters.is_skipped(entry.name):
            if entry.name != ".git" or not (folder.path == self.root or is_repository(folder.path)):
                self.filters.pass_over(shown(entry.path), True, "default")
        elif self.filters.passes(folder, entry.name, True):
            return _Folder(entry.path, folder.ignores.inside(entry.name))
        return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one."""
    try:
        return entry.is_dir()
    except OSError:
        return False
