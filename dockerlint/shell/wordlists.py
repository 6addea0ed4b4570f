"""Lists of words that a script keeps in a variable: `deps='gcc make'; apt-get install $deps`."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.regex import pattern
from dockerlint.shell.frames import Draft
from dockerlint.shell.words import Word
from dockerlint.values import Unknown

MOST_USES = 4
"""How often all lists of a script are put into its commands, on average; bounds the work on hostile input."""

_VARIABLE = pattern(r"\$(?:(\w+)|\{(\w+)\})\Z")


def spread_lists(drafts: Sequence[Draft]) -> None:
    """Put the words of a list where a variable stands for them, as a shell does outside quotes.

    Only a list that is written out and assigned once, in front of its use. Each word has the place of the
    variable.
    """
    lists: dict[str, tuple[str, ...]] = {}
    left = 0
    for draft in drafts:
        if not draft.words:
            left += MOST_USES * _keep(draft, lists)
        elif lists:
            left = _spread(draft, lists, left)


def _keep(draft: Draft, lists: dict[str, tuple[str, ...]]) -> int:
    """Remember the lists that a draft assigns; how many words they have."""
    kept = 0
    for name, word in draft.assignments:
        is_once = name not in lists and not isinstance(word.value, Unknown)
        is_list = is_once and any(mark in word.text for mark in " \t\n")
        lists[name] = tuple(word.text.split()) if is_list else ()
        kept += len(lists[name])
    return kept


def _spread(draft: Draft, lists: dict[str, tuple[str, ...]], left: int) -> int:
    """Write out the lists that a draft names, `left` words at most; how many may follow."""
    words: list[Word] = []
    for word in draft.words:
        variable = _variable(word)
        found = () if variable is None else lists.get(variable, ())
        if not found or len(found) > left:
            words.append(word)
        else:
            words += [Word(text, text, word.span) for text in found]
            left -= len(found)
    draft.words[:] = words
    return left


def _variable(word: Word) -> str | None:
    """The variable that is all of a word and stands outside quotes; None for any other word."""
    found = _VARIABLE.match(word.text) if isinstance(word.value, Unknown) else None
    is_bare = word.span.end - word.span.start == len(word.text)
    return (found[1] or found[2]) if found and is_bare else None
