"""Names of build contexts that files around a Dockerfile give its build: Bake files, CI files and scripts.

Such a name takes the place of an image or a stage, so `FROM base` and `COPY --from=base` need none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from dockerlint.data import ordered_words, records
from dockerlint.kinds import ANY_CONTEXT
from dockerlint.recent import Recent
from dockerlint.regex import pattern
from dockerlint.values import Unknown
from dockerlint.workspace.roots import Roots, upwards

if TYPE_CHECKING:
    from dockerlint.parse.bake.targets import BakeTarget

KEPT: Final = 200
"""Folders that are remembered."""
MOST_NAMES: Final = 4096
"""Names of a folder that are looked at."""
MOST_FILES: Final = 30
"""Bake files and scripts of a folder that are read."""
_BAKE: Final = pattern(r"(?i)[\w.-]*bake[\w.-]*\.(?:hcl|json)\Z")
_SCRIPTS: Final = frozenset(ordered_words("scans", "build-scripts"))
_SCRIPT: Final = pattern(r"(?i)[\w.-]+\.(?:sh|bash|mk)\Z")
_GIVEN: Final = tuple(pattern(row["pattern"]) for row in records("scans", "build-contexts"))
_LISTED: Final = pattern(
    r"(?m)^[ \t]+build-contexts:[ \t]*[|>]?[+-]?[ \t]*\n?((?:[ \t]+[^\s=#]+=[^\n]*\n?)+)"
)
_NAME: Final = pattern(r"(?m)^[ \t]*([^\s=#]+)=")
_COMPUTED: Final = pattern(r"build-contexts?(?:[=:]|[ \t]+)[|>\s\"'+-]{0,40}\$")
"""`--build-context "$NAME=…"` of docker buildx, and `build-contexts: ${{ … }}` of its action."""


class GivenContexts:
    """Finds the names by the path of a Dockerfile."""

    def __init__(
        self, roots: Roots, text_at: Callable[[str], str | None], pipelines: Callable[[str], str | None]
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
            for folder in self._folders(path)
            for target in self._targets(folder)
            if isinstance(target.dockerfile, Unknown) or _below(folder, target.dockerfile) == path
            for name in target.contexts
        )

    def told(self, path: str) -> tuple[str, ...]:
        """What the CI files, and the scripts in its folder and above, give to any build."""
        path = os.path.abspath(path)
        names = [*_given(self._pipelines(path) or "")]
        for folder in self._folders(path):
            if folder not in self._told:
                texts = (self._text_at(os.path.join(folder, name)) for name in _names(folder, _is_script))
                self._told[folder] = tuple(name for text in texts for name in _given(text or ""))
            names += self._told[folder]
        return tuple(names)

    def _folders(self, path: str) -> Iterator[str]:
        """The folder of a file and those above it, up to the root of its project; none without one."""
        above = []
        for folder in upwards(os.path.dirname(path)):
            above.append(folder)
            if self._roots.end_at(self._roots.resolved(folder)):
                yield from above
                return

    def _targets(self, folder: str) -> tuple[BakeTarget, ...]:
        if folder not in self._baked:
            names = _names(folder, lambda name: _BAKE.match(name) is not None)
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


def _names(folder: str, is_wanted: Callable[[str], bool]) -> list[str]:
    """The names of files in a folder that are wanted, in order; none where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            found = [one.name for one in islice(entries, MOST_NAMES) if is_wanted(one.name)]
    except OSError:
        return []
    return sorted(found)[:MOST_FILES]


def _given(text: str) -> Iterator[str]:
    """`--build-context base=…`, `--set app.contexts.base=…`, and the list of docker/build-push-action.

    ANY_CONTEXT where a name is computed.
    """
    for one in _GIVEN:
        yield from (found[1] for found in one.finditer(text))
    if _COMPUTED.search(text):
        yield ANY_CONTEXT
    for listed in _LISTED.finditer(text):
        yield from (found[1] for found in _NAME.finditer(listed[1]))
