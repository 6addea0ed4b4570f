"""The folder of a file that is fixed: what speaks against other files there, and linting with them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dockerlint.findings import NewFile, Refusal, Refused
from dockerlint.fixing.neighbours import Listing, Listings, refusal_of_build
from dockerlint.fixing.results import Linter, LintResult
from dockerlint.held import is_there
from dockerlint.text import Source, decode
from dockerlint.workspace.door import Unreadable, read_bytes
from dockerlint.workspace.keptout import let_in
from dockerlint.workspace.newfiles import Conflict, Planned, completed, merged, opposed
from dockerlint.workspace.roots import project_root, repository_top

IGNORE_FILE: Final = ".dockerignore"
GIT_IGNORE_FILE: Final = ".gitignore"
_MOST_BUILDS: Final = 20


@dataclass(slots=True)
class FixFolder:
    """The folder of a file that is fixed, and what other fixes of this run have planned in it."""

    path: str
    """As the system spells it; absolute."""
    name: str = ""
    """Of the file itself."""
    ignore_file: str = IGNORE_FILE
    """What Docker reads as `.dockerignore` here: it prefers the one that names the Dockerfile."""
    planned: dict[str, Planned] = field(default_factory=dict)
    """By path; several files of one run, and folders, share it."""
    listings: Listings = field(default_factory=Listings)
    """What the run knows of folders; shared as well."""

    def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
        """Why these files cannot be made or completed here; None where nothing speaks against it."""
        try:
            wanted = merged(files)
            self._refuse_let_in(wanted, self.plans(wanted))
        except (Conflict, Refused, Unreadable) as error:
            return Refusal(str(error))
        except OSError as error:
            return Refusal(f"another file cannot be created: {(error.strerror or str(error)).lower()}")
        return None

    def plan(self, file: NewFile) -> Planned | None:
        """What is to be written for a file; None where it holds everything already.

        Raises Refused where it must not be written, OSError where it cannot be looked at.
        """
        name = self.ignore_file if file.path == IGNORE_FILE else file.path
        path = os.path.join(self.path, *_parts(name))
        earlier = self.planned.get(path)
        _refuse_unsafe(self.path, name)
        source, data = (earlier.source, earlier.data) if earlier else _read(path, name)
        old = earlier.text if earlier else source.text if source else None
        if file.how == "create" and old is not None:
            if old == file.text:
                return None
            raise Refused(f"{name} exists already with other content")
        if file.is_secret:
            self._refuse_others(file, os.path.dirname(path))
        if file.how == "add_line" and (line := opposed(old or "", file.text)):
            raise Refused(f"{name} says {line}")
        if old is None:
            self._refuse_elsewhere(file)
        text = file.text if file.how == "create" else completed(old or "", file.text)
        if text == old:
            return None
        return Planned(path, name, source, data, text, file.path, file.is_secret)

    def _refuse_let_in(self, files: Sequence[NewFile], plans: Sequence[Planned]) -> None:
        """A secret that is to be left out is made only where git does so, whatever its ignore files say."""
        if all(file.path != GIT_IGNORE_FILE for file in files):
            return
        if path := self._let_in(files, plans):
            shown = os.path.relpath(path, self.path)
            raise Refused(f"git would add {shown} to the repository: another pattern includes it")

    def _let_in(self, files: Sequence[NewFile], plans: Sequence[Planned]) -> str | None:
        """The first secret that git would take into the repository, the planned ignore files in place."""
        planned = {plan.path: plan for plan in (*self.planned.values(), *plans)}
        texts = {
            path: (plan.source.encode(plan.text) if plan.source else plan.text.encode("utf-8"))
            for path, plan in planned.items()
            if os.path.basename(path) == GIT_IGNORE_FILE
        }
        paths = tuple(os.path.join(self.path, *_parts(file.path)) for file in files if file.is_secret)
        return (let_in(paths, tuple(sorted(texts.items()))) or None) if paths else None

    def _refuse_others(self, file: NewFile, holder: str) -> None:
        """A secret must not hide other files with it, nor come between this project and another one."""
        if os.path.isdir(holder) and (stranger := self.listings.of(holder).stranger):
            folder = os.path.basename(holder)
            raise Refused(f"the directory {folder} contains {stranger}, which is not such a secret")

    def _refuse_elsewhere(self, file: NewFile) -> None:
        """A new ignore file must be of use where it is made, and of no harm to other builds there."""
        missing = next(
            (one for one in file.expects if not os.path.lexists(os.path.join(self.path, one))), None
        )
        if missing is not None:
            raise Refused(f"{missing} is not next to the file, so the build context may be elsewhere")
        if file.path != IGNORE_FILE:
            return
        lines = (line.rstrip("/") for line in file.text.splitlines() if line[:1] != "#")
        names = [line.rpartition("/")[2] for line in lines]
        around = self.listings.of(self.path)
        builds = around.by_kind.get("dockerfile", ())
        others = [name for name in builds if name != self.name]
        if self.name in builds:  # a Compose file says which folder is the context, a Dockerfile does not
            self._refuse_guessed(around, names)
        if len(others) > _MOST_BUILDS:
            raise Refused("there are so many Dockerfiles here that one of them may need what it excludes")
        for other in others:
            if refusal := refusal_of_build(os.path.join(self.path, other), names):
                raise Refused(f"{other} is built here too, and {refusal.reason}")

    def _refuse_guessed(self, around: Listing, names: Sequence[str]) -> None:
        """What lies here must speak for it that this folder is the build context."""
        if self._is_within_repository() and not any(map(self._has, (self.ignore_file, *names))):
            raise Refused("nothing of what it would exclude is in this directory of the repository")
        builds = set(around.by_kind["dockerfile"])
        if len(builds) > 1 and around.names == builds:
            raise Refused("there are only Dockerfiles here, so the build context may be elsewhere")

    def _is_within_repository(self) -> bool:
        """The folder is one below the top of a repository, so that it has no history of its own."""
        folder = os.path.realpath(self.path)
        return repository_top(folder) not in (None, folder)

    def _has(self, name: str) -> bool:
        return os.path.lexists(os.path.join(self.path, name))

    def texts(self, files: Sequence[NewFile] = ()) -> dict[str, str]:
        """What the files that change the meaning of the linted one will hold."""
        earlier = self.planned.get(os.path.join(self.path, self.ignore_file))
        found = {} if earlier is None else {IGNORE_FILE: earlier.text}
        plans = [(file.path, self.plan(file)) for file in files if file.path == IGNORE_FILE]
        return found | {name: plan.text for name, plan in plans if plan is not None}

    def plans(self, files: Sequence[NewFile]) -> list[Planned]:
        """What is to be written; ignore files first, so that no secret is there before they are.

        Git needs no further line where one of the folders above leaves the secrets out already. Raises
        Refused, Unreadable and OSError as `plan` does.
        """
        found = [plan for file in files if (plan := self.plan(file)) is not None]
        lines = [plan for plan in found if plan.asked == GIT_IGNORE_FILE]
        if lines and any(file.is_secret for file in files) and not self._let_in(files, ()):
            found.remove(lines[0])
        return sorted(found, key=lambda plan: plan.is_secret)


def folder_of(
    path: str, planned: dict[str, Planned] | None = None, listings: Listings | None = None
) -> FixFolder:
    """The folder of a Dockerfile or Compose file, with what the run has `planned` and listed so far."""
    above, name = os.path.split(os.path.abspath(path))
    own = f"{name}{IGNORE_FILE}"
    ignore_file = own if is_there(os.path.join(above, own)) else IGNORE_FILE
    return FixFolder(above, name, ignore_file, {} if planned is None else planned, listings or Listings())


def _parts(name: str) -> list[str]:
    parts = name.split("/")
    if not all(part and part not in (".", "..") and "\\" not in part and "\0" not in part for part in parts):
        raise Refused(f"{name} would be outside the directory")
    return parts


def _refuse_unsafe(folder: str, name: str) -> None:
    """Every folder on the way must be one, and no link may lead elsewhere."""
    path = folder
    *above, last = _parts(name)
    for part in above:
        path = os.path.join(path, part)
        if not os.path.lexists(path):
            break
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            raise Refused(f"{part} is a symbolic link")
        if not stat.S_ISDIR(mode):
            raise Refused(f"{part} is not a directory")
    there = os.path.join(path, last)
    if os.path.islink(there):
        raise Refused(f"{name} is a symbolic link")
    if not os.path.lexists(there) and not os.access(_nearest(path), os.W_OK | os.X_OK):
        raise Refused(f"{name} cannot be created: the directory is read-only")


def _nearest(path: str) -> str:
    while not os.path.lexists(path):
        path = os.path.dirname(path)
    return path


def _read(path: str, name: str) -> tuple[Source | None, bytes]:
    if not is_there(path):
        return None, b""
    try:
        data = read_bytes(path, project_root(os.path.realpath(os.path.dirname(path))))
    except Unreadable as error:
        raise Refused(f"{name} cannot be read: {error}") from error
    source = decode(data, path)
    if source.notes:
        raise Refused(f"{name} is {source.notes[0].partition(';')[0]}")
    if os.path.lexists(path) and not os.access(path, os.W_OK):
        raise Refused(f"{name} is read-only")
    return source, data


class Around(NamedTuple):
    """What `fix_text` asks about the folder of a file."""

    folder: FixFolder | None
    """None where there is none, as for standard input."""
    linted: Callable[[str, Mapping[str, str]], LintResult]
    """Lints a text beside files, given by name."""

    def refusal(self, files: Sequence[NewFile]) -> Refusal | None:
        """Without a folder no file can be made; else what `FixFolder.refusal` says."""
        if self.folder is None:
            names = ", ".join(file.path for file in files)
            return Refusal(f"it needs other files ({names}), and there is no directory to create them in")
        return self.folder.refusal(files)

    def linter(self, files: Sequence[NewFile]) -> Linter:
        """Lints with the files that this run has planned so far as well."""
        neighbours = self.folder.texts(files) if self.folder else {}
        return lambda text: self.linted(text, neighbours)
