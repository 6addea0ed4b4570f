"""What a shell offers behind an option or a command; only a shell that asks for it runs this."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Complete = Callable[[str], list[str]]
"""Gives what may stand in the place of a word that has been begun."""


def one_of_words(words: Iterable[str]) -> Complete:
    """A value that is known."""
    known = tuple(words)

    def complete(incomplete: str) -> list[str]:
        return [one for one in known if one.startswith(incomplete)]

    return complete


def some_of_words(words: Iterable[str]) -> Complete:
    """Known values with commas between them."""
    last = one_of_words(words)

    def complete(incomplete: str) -> list[str]:
        before, comma, begun = incomplete.rpartition(",")
        return [f"{before}{comma}{one}" for one in last(begun)]

    return complete


def rule(incomplete: str) -> list[str]:
    """The id of a rule of the package, or its name, where one begins so."""
    from dockerlint.ruleset.ruleset import load_ruleset

    names = sorted(name for one in load_ruleset().rules for name in (one.info.id, one.info.name))
    return [one for one in names if one.startswith(incomplete)]


def rules(incomplete: str) -> list[str]:
    """Rules with commas between them."""
    before, comma, begun = incomplete.rpartition(",")
    return [f"{before}{comma}{one}" for one in rule(begun)]


def peer(incomplete: str) -> list[str]:
    """Another tool whose rules ours take the place of."""
    from dockerlint.ruleset.ruleset import load_ruleset

    return [one for one in sorted(load_ruleset().peers) if one.startswith(incomplete)]


def node(incomplete: str) -> list[str]:
    """A kind of node that rules select."""
    from dockerlint.ruleset.vocabulary import node_names

    return [one for one in node_names() if one.startswith(incomplete)]
