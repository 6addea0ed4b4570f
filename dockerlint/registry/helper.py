"""The one module that runs programs which keep logins: `docker-credential-NAME get`."""

from __future__ import annotations

import json
from typing import Final

from dockerlint.regex import pattern
from dockerlint.registry.errors import RegistryError
from dockerlint.run.host.docker import program

SECONDS: Final = 20.0
"""How long one may take, as some ask their user."""
_NAME: Final = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\Z")
_ABSENT: Final = ("credentials not found", "no credentials server url", "not found in native keychain")
"""How programs say that they keep no login for a registry, in small letters."""
NO_LOGIN: Final = ("", "")
"""The program keeps none."""


def ask_helper(name: str, server: str) -> tuple[str, str]:
    """Name and secret of a login, or NO_LOGIN; raises RegistryError where the program gives no answer.

    It is taken from an absolute folder of PATH outside the working directory.
    """
    called = f"docker-credential-{name}"
    path = program(called) if _NAME.match(name) else None
    if path is None:
        raise RegistryError("logins: the config of docker names a credential helper that is not in PATH")
    code, out = _run(path, called, server)
    if code:
        if any(word in out[:4000].decode("utf-8", "replace").lower() for word in _ABSENT):
            return NO_LOGIN
        raise RegistryError(f"logins: {called} get failed with exit code {code}; run docker login")
    try:
        answer = json.loads(out)
        found = str(answer["Username"]), str(answer["Secret"])
    except (ValueError, TypeError, KeyError, RecursionError):  # the cause would quote the secret
        raise RegistryError(f"logins: {called} get printed no login") from None
    return found


def _run(path: str, called: str, server: str) -> tuple[int, bytes]:
    import subprocess

    try:
        done = subprocess.run(
            [path, "get"],
            input=server.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise RegistryError(f"logins: {called} did not finish within {SECONDS:g} s") from None
    except OSError as error:
        raise RegistryError(f"logins: {called} cannot be run: {error.strerror}") from None
    return done.returncode, done.stdout
