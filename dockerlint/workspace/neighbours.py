"""The files beside one that is linted; Dockerfiles of services are read when somebody needs them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dockerlint.kinds import LOCK, TextOf, nobody
from dockerlint.text import decode
from dockerlint.workspace.door import Unreadable, is_below, read_bytes

_SHOWN = (".dockerignore", ".env", ".npmrc", ".gitignore")
"""How hidden files begin that are ours: what a build gets, variables, settings of npm, what git ignores."""
_COMPOSE = (".yaml", ".yml")
"""How files end that a Compose file includes, hidden or not."""


class Neighbours:
    """Texts by their paths from a folder: some are given, files below it are read when they are asked for."""

    def __init__(
        self,
        folder: str,
        texts: Mapping[str, str],
        root: str | None = None,
        outside: tuple[str, ...] = (),
        made: TextOf = nobody,
    ) -> None:
        """`root` is the project, files of which are read above the folder as well; `outside` are paths that
        may be read besides. `made` gives texts that no file holds when they are asked for.
        """
        self._folder = folder
        self._root = root
        self._outside = outside
        self._made = made
        self._texts = texts
        self._real = ""
        self._read: dict[str, str | None] = {}

    def text_of(self, name: str) -> str | None:
        """A given text, or that of a file below the folder; None where there is none, or a link leads out.

        The lock, `.env` and `.dockerignore` are given where they are there.
        """
        is_above = name.startswith(("../", "/"))
        if name in self._texts or name in (LOCK, ".env") or _is_hidden(name, is_above):
            return self._texts[name] if name in self._texts else self._made(name)
        if name not in self._read:
            self._read[name] = self._above(name) if is_above else _text(self._folder, name)
        return self._read[name]

    def standing_of(self, name: str) -> str:
        """What git does with a file, named from the folder: `tracked` where it has it in its index, `open`
        where it would take it, "" where ignore files leave it out, and without a repository.
        """
        from dockerlint.workspace.git import is_tracked
        from dockerlint.workspace.roots import repository_top

        path = os.path.realpath(os.path.join(self._folder, name))
        top = repository_top(os.path.dirname(path))
        if top is None:
            return ""
        if is_tracked(top, os.path.relpath(path, top).replace(os.sep, "/")):
            return "tracked"
        from dockerlint.workspace.keptout import let_in

        return "open" if let_in((path,), ()) else ""

    def and_more(self, texts: Mapping[str, str]) -> Neighbours:
        """The same with other texts in place of some."""
        if not texts:
            return self
        return Neighbours(self._folder, {**self._texts, **texts}, self._root, self._outside, self._made)

    def _above(self, name: str) -> str | None:
        """The text of a file of the project that does not lie below the folder."""
        self._real = self._real or os.path.realpath(self._folder)
        path = os.path.normpath(os.path.join(self._real, name))
        roots = (*([self._root] if self._root else []), *self._outside)
        root = next((one for one in roots if is_below(path, one)), None)
        if root is None:
            return None
        return _text(*os.path.split(root)) if path == root else _text(root, os.path.relpath(path, root))


def _is_hidden(name: str, is_above: bool) -> bool:
    """Whether its name says that a file is none of ours."""
    last = os.path.basename(name) if is_above else name
    return last.startswith(".") and not last.startswith(_SHOWN) and not (last.endswith(_COMPOSE))


def _text(folder: str, name: str) -> str | None:
    """The text of a file below an absolute folder; None where it is none, or a link leads out."""
    try:
        return decode(read_bytes(os.path.join(folder, name), folder)).text
    except Unreadable:
        return None
