"""Names of build contexts that files around a Dockerfile give its build: Bake files, CI files and scripts.

Such a name takes the place of an image or a stage, so `FROM base` and `COPY --from=base` need none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from dockerlint.data import ordered_words
from dockerlint.linting.around.contextnames import names_in_lines, names_in_yaml, says_names
from dockerlint.linting.around.folders import folders_above, names_of
from dockerlint.linting.around.pipelines import PipelineFile
from dockerlint.recent import Recent
from dockerlint.regex import pattern
from dockerlint.values import Unknown
from dockerlint.workspace.roots import Roots

if TYPE_CHECKING:
    from dockerlint.parse.bake.targets import BakeTarget

KEPT: Final = 200
"""Folders and CI files that are remembered."""
MOST_FILES: Final = 30
"""Bake files and scripts of a folder that are read."""
_BAKE: Final = pattern(r"(?i)[\w.-]*bake[\w.-]*\.(?:hcl|json)\Z")
_SCRIPTS: Final = frozenset(ordered_words("scans", "build-scripts"))
_SCRIPT: Final = pattern(r"(?i)[\w.-]+\.(?:sh|bash|mk)\Z")


class GivenContexts:
    """Finds the names by the path of a Dockerfile."""

    def __init__(
        self,
        roots: Roots,
        text_at: Callable[[str], str | None],
        pipelines: Callable[[str], tuple[PipelineFile, ...]],
    ) -> None:
        """`text_at` gives texts by absolute paths, `pipelines` the CI files of a file's repository."""
        self._roots = roots
        self._text_at = text_at
        self._pipelines = pipelines
        self._baked: Recent[str, tuple[BakeTarget, ...]] = Recent(KEPT)
        self._told: Recent[str, tuple[str, ...]] = Recent(KEPT)

    def baked(self, path: str) -> tuple[str, ...]:
        """What targets of Bake files give that build this Dockerfile, or one that an expression names."""
        path = os.path.abspath(path)
        return tuple(
            name
            for folder in folders_above(path, self._roots)
            for target in self._targets(folder)
            if isinstance(target.dockerfile, Unknown) or _below(folder, target.dockerfile) == path
            for name in target.contexts
        )

    def told(self, path: str) -> tuple[str, ...]:
        """What the CI files, and the scripts in its folder and above, give to any build."""
        path = os.path.abspath(path)
        names = [name for file in self._pipelines(path) for name in self._in_pipeline(file)]
        return (*names, *(name for one in folders_above(path, self._roots) for name in self._in_folder(one)))

    def _in_pipeline(self, file: PipelineFile) -> tuple[str, ...]:
        if file.path not in self._told:
            self._told[file.path] = _given(file.path, file.text)
        return self._told[file.path]

    def _in_folder(self, folder: str) -> tuple[str, ...]:
        if folder not in self._told:
            places = [os.path.join(folder, name) for name in names_of(folder, _is_script, MOST_FILES)]
            texts = ((place, self._text_at(place) or "") for place in places)
            self._told[folder] = tuple(name for place, text in texts for name in _given(place, text))
        return self._told[folder]

    def _targets(self, folder: str) -> tuple[BakeTarget, ...]:
        if folder not in self._baked:
            names = names_of(folder, lambda name: _BAKE.match(name) is not None, MOST_FILES)
            texts = [(name, self._text_at(os.path.join(folder, name))) for name in names]
            self._baked[folder] = tuple(one for name, text in texts if text for one in _read(name, text))
        return self._baked[folder]


def _read(name: str, text: str) -> Iterator[BakeTarget]:
    from dockerlint.parse.bake.targets import read_bake  # few projects have such a file

    yield from read_bake(text, is_json=name.lower().endswith(".json"))


def _below(folder: str, path: str) -> str | None:
    return os.path.normpath(os.path.join(folder, path)) if path else None


def _is_script(name: str) -> bool:
    return name in _SCRIPTS or _SCRIPT.match(name) is not None


def _given(place: str, text: str) -> tuple[str, ...]:
    """The names in one file; most give none."""
    if not says_names(text):
        return ()
    is_yaml = place.lower().endswith((".yml", ".yaml"))
    return tuple((names_in_yaml if is_yaml else names_in_lines)(text))
