"""Who else in a Compose file has the value of a secret that moves to a file."""

from __future__ import annotations

from functools import lru_cache

from dockerlint.fixing.compose.secretvalue import SecretValue, entries_of
from dockerlint.fixing.compose.text import ComposeText, open_compose
from dockerlint.model.secret.credential import find_url_logins
from dockerlint.model.secret.name import mentions_secret
from dockerlint.yaml.document import Path
from dockerlint.yaml.nodes import Mapping, Scalar


def same_elsewhere(file: ComposeText, found: SecretValue) -> tuple[str, str] | None:
    """Another service, and its variable, with the same value; None where no other seems to have it."""
    holders = _holders(file.text).get(found.value, [])
    others = ((service, name) for service, name in holders if service != found.move.service)
    return next(others, None)


@lru_cache(maxsize=4)
def _holders(text: str) -> dict[str, list[tuple[str, str]]]:
    """Secrets, and the first two services and their variables that hold them as whole values or in a URL."""
    file, found = open_compose(text), dict[str, list[tuple[str, str]]]()
    for service in file.mapping(("services",)).entries:
        for name, value in _variables(file, ("services", service, "environment")):
            values = (
                [value] if mentions_secret(name) else [login.password for login in find_url_logins(value)]
            )
            for one in values:
                holders = found.setdefault(one, [])
                if len(holders) < 2 and service not in (other for other, _ in holders):
                    holders.append((service, name))
    return found


def _variables(file: ComposeText, path: Path) -> list[tuple[str, str]]:
    """The names and values of an environment, as they are written."""
    if not file.has(path):
        return []
    environment, found = file.node(path), []
    for name, step in entries_of(environment):
        held = file.node((*path, step))
        if isinstance(held, Scalar):
            found.append(
                (name, held.text if isinstance(environment, Mapping) else held.text.partition("=")[2])
            )
    return found
