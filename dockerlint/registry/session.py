"""A conversation with one registry: the digests of the images that it has."""

from __future__ import annotations

import asyncio
import json
from typing import Final

from dockerlint.registry.credentials import Login, Logins
from dockerlint.registry.errors import HostError, LostError, NoTlsError, RegistryError
from dockerlint.registry.manifest import ACCEPT, LARGEST, digest_for, read_manifest
from dockerlint.registry.names import Repository
from dockerlint.registry.tokens import authorization
from dockerlint.registry.transport import RegistryAnswer, RegistryRequest, Transport

_DIGEST: Final = "docker-content-digest"
_REFUSED: Final = 401
_FORBIDDEN: Final = 403
_MISSING: Final = 404
_NO_SUCH_NAME: Final = "NAME_UNKNOWN"


class RegistrySession:
    """Asks one registry for one image after another; what it needs to get in is kept."""

    def __init__(self, registry: str, logins: Logins, transport: Transport) -> None:
        self._registry = registry
        self._logins = logins
        self._transport = transport
        self._scheme = "https"
        self._login: Login | None = None
        self._authorizations: dict[str, str] = {}
        self._trouble: RegistryError | None = None
        self._last_loss: LostError | None = None

    async def digest(self, repository: Repository, tag: str, platform: str = "", known: str = "") -> str:
        """The digest that a tag has now; raises RegistryError.

        It is that of the bytes which the registry sends. Where it says that the tag still has the digest that
        is `known`, nothing is sent, which counts as no pull.
        """
        if self._trouble is not None:
            raise self._trouble
        try:
            if known and not platform and await self._has(repository, tag, known):
                return known
            answer = await self._manifest("GET", repository, tag)
        except HostError as error:
            is_plain = repository.server == self._registry
            self._trouble = error if is_plain else HostError(f"{repository.server}: {error}")
            raise self._trouble from None
        except LostError as error:
            self._trouble, self._last_loss = self._last_loss, error
            raise
        self._check(answer, repository, tag)
        kind, promised = answer.headers.get("content-type", ""), answer.headers.get(_DIGEST, "")
        manifest = read_manifest(answer.body, kind, promised)
        return digest_for(manifest, platform) if platform else manifest.digest

    async def _has(self, repository: Repository, tag: str, digest: str) -> bool:
        answer = await self._manifest("HEAD", repository, tag)
        return answer.status == 200 and answer.headers.get(_DIGEST) == digest

    async def _manifest(self, method: str, repository: Repository, tag: str) -> RegistryAnswer:
        """What is under a tag; where the registry asks for a login, with one."""
        answer = await self._ask(method, repository, tag)
        if answer.status != _REFUSED:
            return answer
        if self._login is None:
            # A program that keeps logins may take its time, while other registries are waited for.
            self._login = await asyncio.to_thread(self._logins.of, self._registry)
        self._authorizations[repository.path] = await authorization(
            answer, repository, self._login, self._transport, self._scheme
        )
        return await self._ask(method, repository, tag)

    async def _ask(self, method: str, repository: Repository, tag: str) -> RegistryAnswer:
        headers = {"accept": ACCEPT}
        if repository.path in self._authorizations:
            headers["authorization"] = self._authorizations[repository.path]
        path = f"{repository.server}/v2/{repository.path}/manifests/{tag}"
        try:
            return await self._transport.ask(
                RegistryRequest(method, f"{self._scheme}://{path}", headers, LARGEST)
            )
        except NoTlsError:
            if self._scheme == "http" or not self._transport.network.allows_plain(repository.server):
                raise
        self._scheme = "http"
        return await self._transport.ask(RegistryRequest(method, f"http://{path}", headers, LARGEST))

    def _check(self, answer: RegistryAnswer, repository: Repository, tag: str) -> None:
        """Raise RegistryError for an answer without a manifest."""
        if answer.status == 200:
            return
        registry, has_login = self._registry, self._login not in (None, Login())
        if answer.status in (_REFUSED, _FORBIDDEN):
            if has_login:
                raise RegistryError("no such image, or the login has no access to it")
            raise RegistryError(f"no such image, or it requires a login: docker login {registry}")
        if answer.status == _MISSING:
            if _code_of(answer.body) == _NO_SUCH_NAME:
                raise RegistryError("the registry has no repository of this name")
            raise RegistryError(f"the registry has no image of this name with the tag {tag}")
        raise RegistryError(
            f"unexpected response (status {answer.status}); is there a registry at this address?"
        )


def _code_of(body: bytes) -> str:
    """The error of the distribution specification that an answer names; only compared, never shown."""
    try:
        return str(json.loads(body)["errors"][0]["code"])
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return ""
