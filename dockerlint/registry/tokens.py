"""How a registry lets somebody in: by name and password, or by a token that somebody else gives.

https://distribution.github.io/distribution/spec/auth/token/ and …/oauth/.
"""

from __future__ import annotations

import json
from typing import Final

from dockerlint.regex import pattern
from dockerlint.registry.challenge import read_challenges
from dockerlint.registry.credentials import Login
from dockerlint.registry.errors import RegistryError
from dockerlint.registry.names import Repository
from dockerlint.registry.network import NetworkPolicy
from dockerlint.registry.transport import RegistryAnswer, RegistryRequest, Transport

_LARGEST: Final = 200_000
"""Bytes of an answer with a token; those with long lists of rights have some ten thousand."""
_TOKEN: Final = pattern(r"[\x21-\x7e]{1,100000}\Z")
_CLIENT: Final = "dockerlint"


async def authorization(
    answer: RegistryAnswer, repository: Repository, login: Login, transport: Transport, scheme: str
) -> str:
    """The value of the header Authorization with which to ask again; raises RegistryError.

    `answer` refused a request without one, which went by `scheme`.
    """
    found = {one.scheme: one for one in reversed(read_challenges(answer.headers.get("www-authenticate", "")))}
    if "bearer" in found:
        if login.token:
            return f"Bearer {login.token}"
        realm = _checked_realm(found["bearer"].realm, transport.network, scheme)
        return f"Bearer {await _token(realm, found['bearer'].service, repository, login, transport)}"
    if "basic" in found:
        if login.basic:
            return login.basic
        raise RegistryError(f"the registry requires a login; run docker login {repository.registry}")
    raise RegistryError("the registry uses an unknown kind of authentication")


async def _token(realm: str, service: str, repository: Repository, login: Login, transport: Transport) -> str:
    # Of the rights that a registry may name, the one to read this repository is all that is needed.
    scope = f"repository:{repository.path}:pull"
    if login.identity:
        form = {"grant_type": "refresh_token", "service": service, "scope": scope}
        form |= {"client_id": _CLIENT, "refresh_token": login.identity}
        ask = RegistryRequest("POST", realm, largest=_LARGEST, form=form)
    else:
        headers = {"authorization": login.basic} if login.basic else {}
        ask = RegistryRequest("GET", _with_query(realm, service, scope), headers, _LARGEST)
    answer = await transport.ask(ask)
    if answer.status in (400, 401, 403):
        if login == Login():
            raise RegistryError(f"the registry requires a login; run docker login {repository.registry}")
        raise RegistryError(f"the registry rejected the login; run docker login {repository.registry} again")
    if answer.status != 200:
        raise RegistryError(f"the token server gave no token (status {answer.status})")
    return _read_token(answer.body)


def _checked_realm(realm: str, network: NetworkPolicy, scheme: str) -> str:
    """The address of who gives tokens; raises RegistryError for one that a login must not be sent to.

    Without TLS that is only one named by a registry that has none itself: no other may send requests to
    what listens on this machine.
    """
    import httpx

    try:
        url = httpx.URL(realm)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in ("https", "http") or not url.host or url.userinfo:
        raise RegistryError("the registry names no token server")
    server = url.host if url.port is None else f"{url.host}:{url.port}"
    if url.scheme == "http" and (scheme != "http" or not network.allows_plain(server)):
        raise RegistryError("the token server has no TLS, so the login is not sent")
    return str(url.copy_with(fragment=None))


def _with_query(realm: str, service: str, scope: str) -> str:
    import httpx

    given = {"service": service, "scope": scope} if service else {"scope": scope}
    return str(httpx.URL(realm).copy_merge_params(given))


def _read_token(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    found = answer if isinstance(answer, dict) else {}
    token = found.get("token") or found.get("access_token")
    if not isinstance(token, str) or not _TOKEN.match(token):
        raise RegistryError("the token server sent an invalid token") from None
    return token
