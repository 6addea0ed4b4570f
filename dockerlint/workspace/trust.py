"""How far a run trusts the checkout that it lints: what in it may say what is linted and what is reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.roots import Roots


@dataclass(frozen=True, slots=True)
class Trust:
    """What of the checkout is obeyed; each switch off makes a run see more."""

    config: bool = True
    """Config files, and the folders of rules that they name."""
    gitignore: bool = True
    """`.gitignore` files and `.git/info/exclude`."""
    inline: bool = True
    """Suppression comments, ours and those of other tools."""
    lock: bool = True
    """`dockerlint.lock`, and receipts of `prove`."""
    default_excludes: bool = True
    """That nobody cares for directories such as `vendor` and `node_modules`."""
    is_untrusted: bool = False
    """A stranger wrote the checkout: nothing in it is obeyed, and what the user names must lie outside it."""
    revision: str = ""
    """A commit of git whose configs, rules, ignore files and lock are obeyed in place of the checkout's."""


UNTRUSTED = Trust(
    config=False, gitignore=False, inline=False, lock=False, default_excludes=False, is_untrusted=True
)


def untrusted_but(revision: str) -> Trust:
    """A stranger wrote the checkout, but not this commit; no comment counts, for all are in the former."""
    return Trust(inline=False, default_excludes=False, is_untrusted=True, revision=revision)


def refuse_inside(roots: Roots, option: str, paths: Iterable[str]) -> None:
    """Raise ConfigError for the first path that an option of an untrusted run names inside the checkout."""
    for path in paths:
        if roots.holding(path) is not None:
            raise ConfigError(
                f"{option} {path}: is in the checkout that --untrusted does not trust; use one outside of it"
            )
