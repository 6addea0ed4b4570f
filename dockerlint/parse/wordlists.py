"""Lists of words that a script keeps in a variable: `deps='gcc make'; apt-get install $deps`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dockerlint.expressions import pattern
from dockerlint.model.shared import Unknown
from dockerlint.model.words import Word
from dockerlint.parse.shellframes import Draft

MOST_WORDS = 1000
"""Words of lists that are put into the commands of one script; bounds the work on hostile input."""

_VARIABLE = pattern(r"\$(?:(\w+)|\{(\w+)\})\Z")


def spread_lists(drafts: Sequence[Draft]) -> None:
    """Put the words of a list where a variable stands for them, as a shell does outside quotes.

    Only a list that is written out and assigned once, in front of its use. Each word has the place of the
    variable.
    """
    lists: dict[str, tuple[str, ...]] = {}
    left = MOST_WORDS
    for draft in drafts:
        if not draft.words:
            _keep(draft.assignments, lists)
        elif lists:
            words = [each for word in draft.words for each in _spread(word, lists)]
            left -= len(words) - len(draft.words)
            if left < 0:
                return
            draft.words[:] = words


def _keep(assignments: Sequence[tuple[str, Word]], lists: dict[str, tuple[str, ...]]) -> None:
    for name, word in assignments:
        value = "" if isinstance(word.value, Unknown) or name in lists else word.value
        is_list = value.strip() != "" and any(mark.isspace() for mark in value)
        lists[name] = tuple(value.split()) if is_list else ()


def _spread(word: Word, lists: dict[str, tuple[str, ...]]) -> Iterator[Word]:
    found = _VARIABLE.match(word.text) if isinstance(word.value, Unknown) else None
    is_bare = word.span.end - word.span.start == len(word.text)
    words = lists.get(found[1] or found[2], ()) if found and is_bare else ()
    if not words:
        yield word
    for text in words:
        yield Word(text, text, word.span)
