"""What is told of a file beside the texts around it, made when somebody asks: no file says it by itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlint.kinds import BAKED, BUILD_LINES, DECLARED, INNER_FOLDER, LAST_STAGES, PACKED, PIPELINES
from dockerlint.workspace.roots import Roots, repository_top

if TYPE_CHECKING:
    from dockerlint.linting.around.contexts import GivenContexts
    from dockerlint.linting.around.declared import DeclaredNames
    from dockerlint.linting.around.laststages import LastStages
    from dockerlint.linting.around.pipelines import Pipelines


class Made:
    """Texts under names that no file has, by the path of the file that they are about."""

    def __init__(self, roots: Roots, text_at: Callable[[str], str | None]) -> None:
        """`text_at` gives texts by absolute paths."""
        self._roots = roots
        self._text_at = text_at
        self._found: Pipelines | None = None
        self._given: GivenContexts | None = None
        self._names: DeclaredNames | None = None
        self._lasts: LastStages | None = None

    def text(self, path: str, name: str) -> str | None:
        """The text under a name of `dockerlint.kinds`; None for any other, and for a text that is no file."""
        if not path:
            return None
        if name == INNER_FOLDER:
            return self._inner_folder(path)
        if name == PIPELINES:
            return self._pipelines().of(path)
        if name in (BAKED, BUILD_LINES):
            contexts = self._contexts()
            return "\n".join(contexts.baked(path) if name == BAKED else contexts.told(path))
        if name == PACKED:
            return self._packed(path)
        if name == LAST_STAGES:
            return "\n".join(self._last_stages().beside(path))
        if name == DECLARED:
            return "\n".join(self._declared().around(path))
        return None

    def forget(self) -> None:
        """Read them anew, because files were written."""
        self._found = self._given = self._names = self._lasts = None

    def _inner_folder(self, path: str) -> str | None:
        real = self._roots.resolved(os.path.dirname(os.path.abspath(path)))
        is_below_top = repository_top(real) not in (None, real)
        return real if is_below_top and not os.path.lexists(f"{path}.dockerignore") else None

    def _pipelines(self) -> Pipelines:
        if self._found is None:
            from dockerlint.linting.around.pipelines import Pipelines

            self._found = Pipelines(self._text_at)
        return self._found

    def _packed(self, path: str) -> str | None:
        from dockerlint.linting.around.packed import is_packed

        return path if is_packed(path, self._roots, self._text_at) else None

    def _last_stages(self) -> LastStages:
        if self._lasts is None:
            from dockerlint.linting.around.laststages import LastStages

            self._lasts = LastStages(self._text_at)
        return self._lasts

    def _declared(self) -> DeclaredNames:
        if self._names is None:
            from dockerlint.linting.around.declared import DeclaredNames

            self._names = DeclaredNames(self._roots, self._text_at)
        return self._names

    def _contexts(self) -> GivenContexts:
        if self._given is None:
            from dockerlint.linting.around.contexts import GivenContexts

            pipelines = self._pipelines()
            self._given = GivenContexts(self._roots, self._text_at, pipelines.files)
        return self._given
