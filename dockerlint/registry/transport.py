"""Requests over HTTP with everything that bounds them: time, size, redirects, tries.

Logins stay with the host that they are for, and no message has a text that came over the network.
"""

from __future__ import annotations

import asyncio
import os
import random
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from dockerlint import __version__
from dockerlint.errors import UserError
from dockerlint.registry.errors import HostError, LostError, RegistryError
from dockerlint.registry.faults import error_of
from dockerlint.registry.names import is_loopback
from dockerlint.registry.network import LONGEST_WAIT, MOST_REDIRECTS, MOST_SILENCES, MOST_TRIES, NetworkPolicy
from dockerlint.registry.patience import asked_wait

if TYPE_CHECKING:  # an extra
    import httpx

_LOGIN: Final = "authorization"
_MOVED: Final = (301, 302, 303, 307, 308)
_LATER: Final = (408, 425, 429, 500, 502, 503, 504)
_TOO_MANY: Final = 429
_FIRST_WAIT: Final = 0.5

Sleep = Callable[[float], Awaitable[None]]


class RegistryAnswer(NamedTuple):
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes


class RegistryRequest(NamedTuple):
    """One request."""

    method: str
    url: str
    headers: Mapping[str, str] = {}
    largest: int = 0
    """Bytes of the answer that are read at most."""
    form: Mapping[str, str] | None = None
    """What is posted."""


class Transport:
    """Sends requests; `async with` closes its connections. Raises UserError where httpx is missing."""

    def __init__(self, network: NetworkPolicy, sleep: Sleep = asyncio.sleep) -> None:
        self.network = network
        self._sleep = sleep
        context = trusted(network.ca_file)
        self._near = _client(context, network.seconds, by_environment=False)
        self._far = _client(context, network.seconds, by_environment=True)

    async def __aenter__(self) -> Transport:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._near.aclose()
        await self._far.aclose()

    async def ask(self, request: RegistryRequest) -> RegistryAnswer:
        """The answer, once redirects and waits are over; raises RegistryError."""
        for number in range(MOST_TRIES):
            is_last = number == MOST_TRIES - 1
            try:
                answer = await self._follow(request)
            except LostError:
                if number == MOST_SILENCES - 1:
                    raise
                await self._sleep(_backoff(number))
                continue
            if answer.status not in _LATER:
                return answer
            wait = asked_wait(answer.headers.get("retry-after", ""))
            if is_last or (wait or 0) > LONGEST_WAIT:
                return _given_up(answer, wait)
            await self._sleep(_backoff(number) if wait is None else wait)
        raise AssertionError  # the last try returns or raises

    async def _follow(self, request: RegistryRequest) -> RegistryAnswer:
        """One try, and where it is sent on to."""
        for _ in range(MOST_REDIRECTS + 1):
            answer, place = await self._once(request)
            if place is None:
                return answer
            request = self._sent_on(request, place)
        raise RegistryError("too many redirects")

    def _sent_on(self, request: RegistryRequest, place: httpx.URL) -> RegistryRequest:
        import httpx

        old = httpx.URL(request.url)
        if place.scheme != old.scheme and place.scheme != "https":
            raise RegistryError("the registry redirects to an address without TLS")
        server = _server(place)
        if place.scheme == "http" and not self.network.allows_plain(server):
            raise RegistryError("the registry redirects to an address without TLS")
        is_same = (place.scheme, server) == (old.scheme, _server(old))
        kept = {name: value for name, value in request.headers.items() if is_same or name.lower() != _LOGIN}
        if request.form is not None and not is_same:
            raise RegistryError("the registry redirects a login to another host")
        return request._replace(url=str(place), headers=kept)

    async def _once(self, request: RegistryRequest) -> tuple[RegistryAnswer, httpx.URL | None]:
        """One request in its time, and where it is redirected to; raises RegistryError."""
        import httpx

        try:
            return await asyncio.wait_for(self._sent(request), self.network.seconds)
        except RegistryError:
            raise
        except (asyncio.TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise error_of(error, self.network.seconds) from None

    async def _sent(self, request: RegistryRequest) -> tuple[RegistryAnswer, httpx.URL | None]:
        import httpx

        url = httpx.URL(request.url)
        client = self._near if is_loopback(_server(url)) else self._far
        sent = client.build_request(
            request.method, url, headers=dict(request.headers), data=request.form or None
        )
        response = await client.send(sent, stream=True)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            place = headers.get("location") if response.status_code in _MOVED else None
            if place is not None:
                return RegistryAnswer(response.status_code, headers, b""), url.join(place)
            return RegistryAnswer(response.status_code, headers, await _body(response, request.largest)), None
        finally:
            await response.aclose()


async def _body(response: httpx.Response, largest: int) -> bytes:
    """All bytes as they were sent, uncompressed ones having been asked for; of an error, the first ones."""
    found = bytearray()
    async for piece in response.aiter_raw():
        found += piece
        if len(found) > largest:
            if response.status_code >= 400 or not largest:
                break
            raise RegistryError(f"the response is larger than {largest // 1000} kB")
    return bytes(found[:largest])


def _given_up(answer: RegistryAnswer, wait: float | None) -> RegistryAnswer:
    """An answer of a server that is too busy; raises HostError."""
    if answer.status == _TOO_MANY:
        when = f"in {wait:.0f} s" if wait is not None else "later"
        raise HostError(f"the registry limits the request rate; try again {when}, or log in") from None
    raise RegistryError(f"the registry failed (status {answer.status}); try again later")


def _backoff(number: int) -> float:
    """Seconds before the next try: twice as many each time, and not the same for all who wait."""
    return _FIRST_WAIT * 2.0**number * random.uniform(0.75, 1.25)


def _server(url: httpx.URL) -> str:
    """Host, and port where it is not the usual one, as references name a registry."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if url.port is None else f"{host}:{url.port}"


def trusted(ca_file: str) -> ssl.SSLContext:
    """What certificates are held to: the system's, or those of SSL_CERT_FILE, and a private one.

    Raises UserError for a file that has no certificate.
    """
    context = ssl.create_default_context()
    if not _has_authorities():
        import certifi

        context.load_verify_locations(certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ValueError) as error:
            why = "no such file" if isinstance(error, FileNotFoundError) else "no certificate in PEM form"
            raise UserError(f"--ca-file {ca_file}: {why}") from error
    return context


def _has_authorities() -> bool:
    """Whether this system says where its certificates are; Windows has them in no file."""
    places = ssl.get_default_verify_paths()
    return os.name == "nt" or places.cafile is not None or places.capath is not None


def _client(context: ssl.SSLContext, seconds: float, *, by_environment: bool) -> httpx.AsyncClient:
    """By the environment go proxies (HTTPS_PROXY, NO_PROXY); this machine is reached without."""
    try:
        import httpx
    except ImportError:
        raise UserError(
            "--resolve and --update need httpx: pip install 'dockerlint[registry]'; "
            "without them, pin works offline"
        ) from None
    try:
        return httpx.AsyncClient(
            verify=context,
            timeout=seconds,
            follow_redirects=False,
            trust_env=by_environment,
            headers={"user-agent": f"dockerlint/{__version__}", "accept-encoding": "identity"},
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # the cause may quote a login
        raise UserError(
            "the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY cannot be used; write it as http://HOST:PORT"
        ) from None
