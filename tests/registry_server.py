"""A registry in this process, on loopback: what it has and asks for, and how it misbehaves, a test says."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
TOKEN = "tok" + "en-of-a-test"


def manifest(text: str = "app") -> bytes:
    config = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": sha256(text.encode()),
        "size": 3,
    }
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}).encode()


def index(*platforms: str, text: str = "app") -> bytes:
    """An index of platforms such as `linux/arm64`."""
    rows = []
    for platform in platforms:
        words = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
        rows.append(
            {
                "mediaType": MANIFEST,
                "digest": sha256(f"{text} {platform}".encode()),
                "size": 3,
                "platform": words,
            }
        )
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": rows}).encode()


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class ServerReply:
    """An answer that a test writes itself."""

    def __init__(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass
class Registry:
    """What the server has and wants; `asked` is what it was asked, in order."""

    server: str = ""
    images: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Content type and body by `name:tag`."""
    login: str = ""
    """`name:password` that it wants; "" for none."""
    gives_tokens: bool = False
    has_digest_header: bool = True
    fault: Callable[[BaseHTTPRequestHandler], ServerReply | None] = lambda request: None
    """Answers in place of the registry where it wants to."""
    asked: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)

    def push(self, name: str, body: bytes, kind: str = "") -> str:
        """Keep an image under `name:tag`; its digest."""
        self.images[name] = (kind or json.loads(body)["mediaType"], body)
        return sha256(body)

    def basic(self) -> str:
        return "Basic " + base64.b64encode(self.login.encode()).decode()

    def reply(self, request: BaseHTTPRequestHandler) -> ServerReply:
        path, authorization = urlsplit(request.path), request.headers.get("authorization", "")
        if path.path == "/token":
            return self._token(authorization, parse_qs(path.query or self.posted[-1]))
        wanted = f"Bearer {TOKEN}" if self.gives_tokens else self.basic()
        if (self.login or self.gives_tokens) and authorization != wanted:
            scheme = request.server.scheme  # type: ignore[attr-defined]
            realm = f'Bearer realm="{scheme}://{self.server}/token",service="test"'
            return ServerReply(
                401, b"", WWW_Authenticate=realm if self.gives_tokens else 'Basic realm="test"'
            )
        name, _, tag = path.path.removeprefix("/v2/").partition("/manifests/")
        kind, body = self.images.get(f"{name}:{tag}", ("", b""))
        if not kind:
            return ServerReply(404, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')
        headers = {"Docker_Content_Digest": sha256(body)} if self.has_digest_header else {}
        return ServerReply(200, body, Content_Type=kind, **headers)

    def _token(self, authorization: str, query: dict[str, list[str]]) -> ServerReply:
        if self.login and authorization != self.basic():
            return ServerReply(401)
        scope = query["scope"][0]
        assert scope.startswith("repository:")
        assert scope.endswith(":pull")
        return ServerReply(200, json.dumps({"token": TOKEN}).encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        registry: Registry = self.server.registry  # type: ignore[attr-defined]
        registry.asked.append(f"{self.command} {self.path}")
        registry.authorizations.append(self.headers.get("authorization", ""))
        if posted := self.rfile.read(int(self.headers.get("content-length", 0))):
            registry.posted.append(posted.decode())
        reply = registry.fault(self) or registry.reply(self)
        self.send_response(reply.status)
        for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_HEAD = do_POST = do_CONNECT = answer

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone away, or speaks TLS."""


@cache
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@contextmanager
def serving(*, tls: bool = False, host: str = "127.0.0.1", certified: str = "") -> Iterator[Registry]:
    """A registry on a free port, until the block ends; its certificate is for `certified`."""
    server = _Server(("127.0.0.1", 0), _Handler)
    registry = Registry(f"{host}:{server.server_port}")
    server.registry, server.scheme = registry, "https" if tls else "http"  # type: ignore[attr-defined]
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority().issue_cert(certified or host).configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def ca_file(folder: Path) -> str:
    """The certificate of the authority behind all servers, as a file."""
    path = folder / "ca.pem"
    authority().cert_pem.write_to_path(path)
    return str(path)
