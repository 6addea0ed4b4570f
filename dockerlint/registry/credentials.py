"""The logins that `docker login` keeps: in its config file, or with a program that it names.

https://docs.docker.com/reference/cli/docker/login/ and github.com/docker/docker-credential-helpers. What is
read here goes into headers of requests, and nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dockerlint.registry.errors import RegistryError
from dockerlint.registry.helper import NO_LOGIN, ask_helper
from dockerlint.registry.names import login_names
from dockerlint.workspace.door import Unreadable, read_bytes

_FILE: Final = "config.json"
_BY_TOKEN: Final = "<token>"
"""What helpers give as the name where the secret is an identity token."""


@dataclass(frozen=True, slots=True)
class Login:
    """What opens a registry; no part of it may be shown, so it shows none."""

    name: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    identity: str = field(default="", repr=False)
    """A token that is exchanged for others."""
    token: str = field(default="", repr=False)
    """A token that is used as it is."""

    @property
    def basic(self) -> str:
        """The value of the header Authorization for a name and password; "" without them."""
        if not self.name and not self.password:
            return ""
        return "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode()


NOBODY: Final = Login()


class Logins:
    """Looks up logins; the config file is read with the first question."""

    def __init__(self) -> None:
        self._config: Mapping[str, Any] | None = None

    def of(self, registry: str) -> Login:
        """The login for a registry, or one of nobody; raises RegistryError where it cannot be read."""
        if self._config is None:
            self._config = _read_config()
        names = login_names(registry)
        helper = self._helper(names)
        if helper:
            for name in names:
                if (found := ask_helper(helper, name)) is not NO_LOGIN:
                    return _of_helper(found)
        kept = self._config.get("auths")
        entries = [kept[name] for name in names if name in kept] if isinstance(kept, dict) else []
        return next((_of_entry(one) for one in entries if isinstance(one, dict) and one), NOBODY)

    def _helper(self, names: tuple[str, ...]) -> str:
        """The program that keeps the login of a registry, without its prefix; "" where none does."""
        config = self._config or {}
        by_registry = config.get("credHelpers")
        helpers: dict[str, Any] = by_registry if isinstance(by_registry, dict) else {}
        for name in names:
            if isinstance(helpers.get(name), str):
                return str(helpers[name])
        store = config.get("credsStore")
        return store if isinstance(store, str) else ""


def _read_config() -> Mapping[str, Any]:
    folder = os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")
    path = os.path.join(folder, _FILE)
    if not os.path.lexists(path):
        return {}
    try:
        config = json.loads(read_bytes(os.path.realpath(path)))  # people keep it elsewhere, by a link
    except Unreadable as error:
        raise RegistryError(f"logins: {path}: {error}") from error
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):  # the cause would quote the file
        raise RegistryError(f"logins: {path} is not valid JSON; run docker login to write it again") from None
    return config


def _of_helper(found: tuple[str, str]) -> Login:
    name, secret = found
    return Login(identity=secret) if name == _BY_TOKEN else Login(name, secret)


def _of_entry(entry: Mapping[str, Any]) -> Login:
    """An entry below `auths`: `auth` is name and password in base64."""
    given = {key: value for key, value in entry.items() if isinstance(value, str)}
    name, _, password = _decoded(given.get("auth", "")).partition(":")
    return Login(
        name or given.get("username", ""),
        password.strip("\0") or given.get("password", ""),
        given.get("identitytoken", ""),
        given.get("registrytoken", ""),
    )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
