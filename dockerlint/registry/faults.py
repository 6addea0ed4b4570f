"""What went wrong with a connection, in words of ours: those of the library may quote logins."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator

from dockerlint.registry.errors import HostError, LostError, NoTlsError, RegistryError

_CERTIFICATE = (
    "the certificate of the registry is not trusted ({why}); for one that a private authority signed, "
    "name its certificate with --ca-file"
)


def error_of(error: BaseException, seconds: float) -> RegistryError:
    """The error that a user is told. A HostError is one that another try does not help."""
    import httpx

    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return HostError(_CERTIFICATE.format(why=cause.verify_message.rstrip(".")))
        if isinstance(cause, ssl.SSLError):
            return NoTlsError(
                "the server does not speak TLS; plain HTTP is only allowed for localhost and with "
                "--insecure-registry HOST"
            )
        if isinstance(cause, socket.gaierror):
            return HostError("the host name cannot be resolved")
        if isinstance(cause, ConnectionRefusedError):
            return HostError("connection refused")
    if isinstance(error, httpx.ProxyError):
        return HostError("the proxy refused the connection")
    if isinstance(error, (asyncio.TimeoutError, httpx.TimeoutException)):
        return LostError(f"no response within {seconds:g} s")
    if isinstance(error, httpx.ConnectError):
        return HostError(_unconnected(causes))
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError)):
        return HostError("the registry redirects to an invalid address")
    return LostError("the connection broke, or the server does not speak HTTP")


def _unconnected(causes: list[BaseException]) -> str:
    said = [one.strerror for one in causes if isinstance(one, OSError) and one.strerror]
    return f"cannot connect: {said[-1].lower()}" if said else "cannot connect"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came of, the outermost first."""
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
