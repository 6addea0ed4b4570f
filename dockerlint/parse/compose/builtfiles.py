"""Dockerfiles that services are built from, as they were read lately.

A project is read again for every key that is typed in one of its files, and several services may build the
same file: what is read once holds as long as the texts are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf
from dockerlint.parse.seentexts import SeenTexts
from dockerlint.recent import Recent

if TYPE_CHECKING:
    from dockerlint.model.dockerfile.build import Build

KEPT: Final = 200
"""Models that are remembered: those of a project, which is linted for each of its files."""
LONGEST: Final = 100_000
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


_Known = tuple[Knowledge, SeenTexts, "Build"]
_READ: Final[Recent[Asked, _Known]] = Recent(KEPT)


def read_or_known(asked: Asked, knowledge: Knowledge, text_of: TextOf) -> Build:
    """The model of a Dockerfile, with these texts around it."""
    known = _READ.get(asked)
    if known is not None and known[0] == knowledge and known[1].are_those_of(text_of):
        return known[2]
    from dockerlint.parse.dockerfile.build import parse_dockerfile

    texts = SeenTexts(text_of)
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
