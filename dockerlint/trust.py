"""How far a run trusts the checkout that it lints: what in it may say what is linted and what is reported."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlint.config import ConfigError
from dockerlint.records import dataclass
from dockerlint.roots import Roots


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
    """`dockerlint.lock`."""
    is_untrusted: bool = False
    """A stranger wrote the checkout: nothing in it is obeyed, and what the user names must lie outside it."""


UNTRUSTED = Trust(config=False, gitignore=False, inline=False, lock=False, is_untrusted=True)


def refuse_inside(roots: Roots, option: str, paths: Iterable[str]) -> None:
    """Raise ConfigError for the first path that an option of an untrusted run names inside the checkout."""
    for path in paths:
        if roots.holding(path) is not None:
            raise ConfigError(
                f"{option} {path}: lies in the checkout that --untrusted distrusts; a stranger may have "
                "written it, so name one outside"
            )
