"""Dockerfiles that services are built from, as they were read lately.

A project is read again for every key that is typed in one of its files, and several services may build the
same file: what is read once holds as long as the texts are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf
from dockerlint.recent import Recent

if TYPE_CHECKING:
    from dockerlint.model.dockerfile.build import Build

KEPT: Final = 200
"""Models that are remembered: those of a project, which is linted for each of its files."""
LONGEST: Final = 50_000
"""Characters of a file whose model is: that takes a hundred times as much."""
MOST: Final = 400_000
"""Characters of all of them."""


class Asked(NamedTuple):
    """What a Dockerfile is read with, the texts of other files aside."""

    text: str
    contexts: tuple[str, ...]
    folder: str | None
    """Of the build context, from the folder of the project; None where its files are not asked for."""
    given: tuple[tuple[str, str], ...] = ()
    """Build arguments."""


class _SeenTexts:
    """Gives texts, and remembers which were asked for."""

    def __init__(self, text_of: TextOf) -> None:
        self._text_of = text_of
        self._seen: dict[str, str | None] = {}

    def text_of(self, name: str) -> str | None:
        """A text, which is the same from then on."""
        if name not in self._seen:
            self._seen[name] = self._text_of(name)
        return self._seen[name]

    def are_those_of(self, text_of: TextOf) -> bool:
        """Whether all texts are the same; if so, those that were not asked for come from there."""
        if any(text_of(name) != text for name, text in self._seen.items()):
            return False
        self._text_of = text_of
        return True


_Known = tuple[Knowledge, _SeenTexts, "Build"]
_READ: Final[Recent[Asked, _Known]] = Recent(KEPT)


def read_or_known(asked: Asked, knowledge: Knowledge, text_of: TextOf) -> Build:
    """The model of a Dockerfile, with these texts around it."""
    known = _READ.get(asked)
    if known is not None and known[0] == knowledge and known[1].are_those_of(text_of):
        return known[2]
    from dockerlint.parse.dockerfile.build import parse_dockerfile

    texts = _SeenTexts(text_of)
    build = parse_dockerfile(asked.text, knowledge, texts.text_of, asked.contexts, dict(asked.given))
    if len(asked.text) <= LONGEST:
        _READ.pop(asked, None)
        _READ[asked] = (knowledge, texts, build)
        _forget_the_oldest()
    return build


def _forget_the_oldest() -> None:
    size = sum(len(one.text) for one in _READ)
    while size > MOST:
        oldest = next(iter(_READ))
        size -= len(oldest.text)
        del _READ[oldest]
