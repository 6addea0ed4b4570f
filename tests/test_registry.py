"""What registries answer, and what becomes of it: the right digest or the right error, whatever they do."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from registry_server import (
    INDEX,
    ServerReply,
    ca_file,
    index,
    manifest,
    serving,
    sha256,
)

from dockerlint.registry.challenge import Challenge, read_challenges
from dockerlint.registry.network import NetworkPolicy
from dockerlint.registry.patience import asked_wait
from dockerlint.registry.resolve import AskedImage, resolve

PASSWORD = "pass" + "word-of-a-test"
POLICY = NetworkPolicy(seconds=5)
BOTH = index("linux/amd64", "linux/arm64")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the config of docker, in which nobody has logged in."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    # The authorities of this machine are not asked for, and take time to load.
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def log_in(home: Path, server: str, login: str = f"somebody:{PASSWORD}") -> None:
    auth = base64.b64encode(login.encode()).decode()
    (home / "config.json").write_text(json.dumps({"auths": {server: {"auth": auth}}}))


class Naps:
    """Takes the place of sleep; `asked` has the seconds."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def answers(*names: str, policy: NetworkPolicy = POLICY, naps: Naps | None = None, **wish: str) -> list[str]:
    """The digest of each `server/name:tag`, or the error in its place."""
    images = []
    for name in names:
        path, _, tag = name.rpartition(":")
        images.append(AskedImage(path.partition("/")[0], path, tag, **wish))
    found: dict[AskedImage, str] = {}
    resolve(images, policy, lambda image, said: found.update({image: str(said)}), naps or Naps())
    return [found[image] for image in images]


def test_a_digest_is_that_of_what_the_registry_sends() -> None:
    docker = "application/vnd.docker.distribution.manifest"
    with serving() as registry:
        wanted = [
            registry.push("many:1", BOTH),
            registry.push("one:1", manifest()),
            registry.push("team/docker-list:1", BOTH.replace(INDEX.encode(), b"x"), f"{docker}.list.v2+json"),
            registry.push("docker:1", manifest(), f"{docker}.v2+json; charset=utf-8"),
            registry.push("plainly:1", manifest("plain"), "application/json"),
        ]
        names = ["many", "one", "team/docker-list", "docker", "plainly"]
        assert answers(*(f"{registry.server}/{name}:1" for name in names)) == wanted
        registry.has_digest_header = False
        assert answers(f"{registry.server}/many:1") == [sha256(BOTH)]
    assert not any(registry.authorizations)


def test_a_platform_gets_the_digest_of_its_manifest() -> None:
    with serving() as registry:
        registry.push("app:1", index("linux/amd64", "linux/arm/v6", "linux/arm/v7", "unknown/unknown"))
        registry.push("one:1", manifest())
        app = f"{registry.server}/app:1"
        assert answers(app, platform="linux/arm/v7") == [sha256(b"app linux/arm/v7")]
        assert answers(app, platform="linux/arm") == [sha256(b"app linux/arm/v6")]
        assert answers(f"{registry.server}/one:1", platform="linux/arm") == [sha256(manifest())]
        (why,) = answers(app, platform="linux/s390x")
    assert why == "the image has no platform linux/s390x; there are linux/amd64, linux/arm/v6, linux/arm/v7"


def test_a_digest_that_is_known_is_confirmed_without_a_pull() -> None:
    with serving() as registry:
        digest = registry.push("app:1", BOTH)
        assert answers(f"{registry.server}/app:1", known=digest) == [digest]
        assert {one.split()[0] for one in registry.asked} == {"HEAD"}
        assert answers(f"{registry.server}/app:1", known=sha256(b"yesterday")) == [digest]


@pytest.mark.parametrize("by_token", [False, True])
def test_a_login_of_docker_opens_a_private_image(home: Path, by_token: bool) -> None:
    with serving() as registry:
        registry.login, registry.gives_tokens = f"somebody:{PASSWORD}", by_token
        digest = registry.push("private:1", BOTH)
        name = f"{registry.server}/private:1"
        assert answers(name) == [f"the registry requires a login; run docker login {registry.server}"]
        log_in(home, registry.server, "somebody:wrong")
        (why,) = answers(name)
        assert "login" in why
        assert PASSWORD not in why
        log_in(home, registry.server)
        assert answers(name) == [digest]


def test_an_image_that_is_open_to_all_is_read_with_a_token_for_nobody() -> None:
    with serving() as registry:
        registry.gives_tokens = True
        assert answers(f"{registry.server}/a/b:1") == [
            "the registry has no image of this name with the tag 1"
        ]
        assert (
            answers(f"{registry.server}/a/c:1", f"{registry.server}/a/d:1")
            == ["the registry has no image of this name with the tag 1"] * 2
        )


def test_an_identity_token_is_exchanged(home: Path) -> None:
    identity = "iden" + "tity-of-a-test"
    (home / "config.json").write_text(json.dumps({"auths": {"SERVER": {"identitytoken": identity}}}))
    with serving() as registry:
        registry.gives_tokens = True
        digest = registry.push("app:1", BOTH)
        config = (home / "config.json").read_text().replace("SERVER", registry.server)
        (home / "config.json").write_text(config)
        assert answers(f"{registry.server}/app:1") == [digest]
        assert registry.asked[1] == "POST /token"
        assert f"refresh_token={identity}" in registry.posted[0]


def test_a_program_keeps_the_login(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = home / "bin" / "docker-credential-test"
    helper.parent.mkdir()
    answer = json.dumps({"Username": "somebody", "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\nread server\necho \"$server\" >> {home}/servers\necho '{answer}'\n")
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{helper.parent}{os.pathsep}{os.environ['PATH']}")
    with serving() as registry:
        registry.login = f"somebody:{PASSWORD}"
        digest = registry.push("app:1", BOTH)
        config: dict[str, object] = {"credHelpers": {registry.server: "test"}}
        (home / "config.json").write_text(json.dumps(config))
        assert answers(f"{registry.server}/app:1") == [digest]
        assert (home / "servers").read_text() == f"{registry.server}\n"
        for config in ({"credsStore": "missing"}, {"credsStore": "../bin/test"}):
            (home / "config.json").write_text(json.dumps(config))
            assert "credential helper that is not in PATH" in answers(f"{registry.server}/app:1")[0]
        helper.write_text(f"#!/bin/sh\necho 'no login, but {PASSWORD}' >&2\nexit 1\n")
        (home / "config.json").write_text(json.dumps({"credsStore": "test"}))
        (why,) = answers(f"{registry.server}/app:1")
        assert why == "logins: docker-credential-test get failed with exit code 1; run docker login"


def test_the_certificate_must_be_right(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tls=True) as good, serving(tls=True, certified="registry.example.com") as bad:
        digest = good.push("app:1", BOTH)
        names = f"{good.server}/app:1", f"{bad.server}/app:1"
        untrusted = answers(*names)
        assert all("the certificate of the registry is not trusted (" in why for why in untrusted)
        assert all("--ca-file" in why for why in untrusted)
        found, why = answers(*names, policy=NetworkPolicy(ca_file(home)))
        assert found == digest
        assert "not trusted (IP address mismatch" in why
        assert good.asked == ["GET /v2/app/manifests/1"]
        monkeypatch.setenv("SSL_CERT_FILE", ca_file(home))
        assert answers(names[0]) == [digest]


Fault = Callable[[BaseHTTPRequestHandler], ServerReply]


def sends(body: bytes, kind: str = INDEX, **headers: str) -> Fault:
    return lambda _: ServerReply(200, body, Content_Type=kind, **headers)


def refuses(status: int, body: bytes = b"", **headers: str) -> Fault:
    return lambda _: ServerReply(status, body, **headers)


HOSTILE: dict[str, tuple[Fault, str]] = {
    "huge": (sends(b"x" * 4_100_000), "the response is larger than 4000 kB"),
    "page": (sends(b"<html>", "text/html"), "is a page, not a manifest"),
    "other": (sends(b'{"a": 1}', "application/json"), "the content type of the response"),
    "deep": (sends(b"[" * 100_000), "is something else, not a manifest"),
    "old": (sends(b'{"schemaVersion": 1}'), "has the old schema 1, whose digest pins nothing"),
    "liar": (
        sends(BOTH, Docker_Content_Digest=sha256(b"other")),
        "the content from the registry does not match its digest",
    ),
    "fool": (sends(BOTH, Docker_Content_Digest="md5:1"), "the registry sent an invalid digest"),
    "circle": (lambda request: ServerReply(307, Location=request.path), "too many redirects"),
    "nowhere": (refuses(307, Location="https://x:port/"), "the server does not speak HTTP"),
    "file": (refuses(307, Location="file:///etc/passwd"), "to an address without TLS"),
    "downgrade": (refuses(307, Location="http://example.com/"), "to an address without TLS"),
    "escape": (refuses(418, b"\x1b[2J\x1b]0;owned\x07"), "unexpected response (status 418)"),
    "gone": (refuses(404, b'{"errors": [{"code": "NAME_UNKNOWN"}]}'), "no repository of this name"),
    "denied": (refuses(403, b"secret"), "no such image, or it requires a login: docker login"),
    "odd": (refuses(401, WWW_Authenticate="Kerberos"), "an unknown kind of authentication"),
    "thief": (
        refuses(401, WWW_Authenticate='Bearer realm="http://example.com/t"'),
        "has no TLS, so the login is not sent",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_registry_gets_a_clear_error(home: Path, name: str) -> None:
    reply, wanted = HOSTILE[name]
    with serving() as registry:
        registry.fault = reply
        log_in(home, registry.server)
        (why,) = answers(f"{registry.server}/{name}:1")
        log = json.dumps(registry.asked)
    assert wanted in why
    assert PASSWORD not in why + log
    assert why.isprintable()
    assert len(registry.asked) < 10


def test_a_registry_with_tls_sends_nobody_to_what_listens_here_without(home: Path) -> None:
    with serving(tls=True) as registry, serving() as inner:
        log_in(home, registry.server)
        policy = NetworkPolicy(ca_file(home), seconds=5)
        realm = f"http://{inner.server}/containers/a/stop"
        registry.fault = refuses(401, WWW_Authenticate=f'Bearer realm="{realm}"')
        (why,) = answers(f"{registry.server}/app:1", policy=policy)
        assert "has no TLS, so the login is not sent" in why
        registry.fault = refuses(307, Location=realm)
        (why,) = answers(f"{registry.server}/app:1", policy=policy)
        assert "redirects to an address without TLS" in why
    assert inner.asked == []


def test_a_redirect_takes_no_login_to_another_host(home: Path) -> None:
    with serving() as registry, serving() as other:
        registry.login = f"somebody:{PASSWORD}"
        log_in(home, registry.server)
        digest = other.push("app:1", BOTH)
        place = f"http://{other.server}/v2/app/manifests/1"
        registry.fault = lambda request: (
            ServerReply(307, Location=place) if request.headers.get("authorization") else None
        )
        assert answers(f"{registry.server}/app:1") == [digest]
    assert [bool(one) for one in registry.authorizations] == [False, True]
    assert other.authorizations == [""]


def test_what_may_pass_is_tried_again() -> None:
    with serving() as registry:
        digest = registry.push("app:1", BOTH)
        replies = [ServerReply(503), ServerReply(429, Retry_After="7"), ServerReply(502)]
        registry.fault = lambda _: replies.pop(0) if replies else None
        naps = Naps()
        assert answers(f"{registry.server}/app:1", naps=naps) == [digest]
        assert naps.asked[1] == 7
        assert 0 < naps.asked[0] < 1 < naps.asked[2] < 3


def test_a_registry_that_limits_its_guests_is_left_alone() -> None:
    with serving() as registry:
        registry.fault = lambda _: ServerReply(429, Retry_After="3600")
        found = answers(*(f"{registry.server}/{name}:1" for name in "abc"))
    assert found == ["the registry limits the request rate; try again in 3600 s, or log in"] * 3
    assert len(registry.asked) == 1


def test_a_registry_that_fails_for_good_is_given_up() -> None:
    with serving() as registry:
        registry.fault = lambda _: ServerReply(500)
        naps = Naps()
        (why,) = answers(f"{registry.server}/app:1", naps=naps)
    assert why == "the registry failed (status 500); try again later"
    assert (len(registry.asked), len(naps.asked)) == (4, 3)


def test_a_registry_that_is_silent_is_given_up() -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        for _ in range(2000):
            request.wfile.write(b"HTTP/1.1 200 OK\r\n"[:1])
            time.sleep(0.02)

    with serving() as registry:
        registry.fault = drip  # type: ignore[assignment]
        began = time.monotonic()
        (why,) = answers(f"{registry.server}/app:1", policy=NetworkPolicy(seconds=0.1))
    assert why == "no response within 0.1 s"
    assert time.monotonic() - began < 20


def test_a_registry_that_is_silent_twice_is_asked_no_more() -> None:
    with serving() as registry:
        registry.fault = lambda _: time.sleep(0.3)
        found = answers(
            *(f"{registry.server}/{name}:1" for name in "abcd"), policy=NetworkPolicy(seconds=0.1)
        )
    assert found == ["no response within 0.1 s"] * 4
    assert not {one.split("/")[2] for one in registry.asked} & {"c", "d"}


def test_nobody_there_is_told_once_for_all_images() -> None:
    with serving() as registry:
        server = registry.server
    naps = Naps()
    found = answers(f"{server}/a:1", f"{server}/b:1", naps=naps)
    assert found == ["connection refused"] * 2
    assert naps.asked == []


def test_only_this_machine_and_named_registries_are_asked_without_tls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy = NetworkPolicy(insecure=("plain.example.com:5000", "10.0.0.5"))
    allowed = ["localhost:5000", "127.0.0.9", "[::1]:80", "plain.example.com:5000", "10.0.0.5:81"]
    refused = ["plain.example.com", "localhost.example.com", "127.example.com", "10.0.0.50", "128.0.0.1"]
    assert [one for one in (*allowed, *refused) if policy.allows_plain(one)] == allowed


def test_a_proxy_of_the_environment_is_asked_for_other_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy:
        proxy.fault = lambda _: ServerReply(502)
        monkeypatch.setenv("HTTPS_PROXY", f"http://somebody:{PASSWORD}@{proxy.server}")
        (why,) = answers("registry.example.com/app:1")
        digest = proxy.push("app:1", BOTH)
        proxy.fault = lambda _: None
        assert answers(f"{proxy.server}/app:1") == [digest]
    assert why == "the proxy refused the connection"
    assert proxy.asked[0] == "CONNECT registry.example.com:443"
    monkeypatch.setenv("HTTPS_PROXY", f"nonsense://somebody:{PASSWORD}@proxy")
    with pytest.raises(Exception, match=r"HTTPS_PROXY.* cannot be used") as caught:
        answers("registry.example.com/app:1")
    assert PASSWORD not in str(caught.value)


def test_challenges_are_read_as_servers_write_them() -> None:
    header = 'Basic realm="a, b", Bearer realm="https://x/t" , service="s\\"q",scope="repository:a:pull,push"'
    assert read_challenges(header) == (Challenge("basic", "a, b"), Challenge("bearer", "https://x/t", 's"q'))
    assert read_challenges("Negotiate, BASIC realm=x")[1] == Challenge("basic", "x")
    assert read_challenges('Bearer realm="never closed')[0].realm == ""
    assert read_challenges("," * 100_000) == ()


def test_a_wait_is_a_number_or_a_date() -> None:
    assert asked_wait("120") == 120
    assert asked_wait("Wed, 21 Oct 2026 07:28:00 GMT", now=1792567670) == 10
    assert asked_wait("soon") is None
    assert asked_wait("9" * 400) == 999999999999


def test_docker_hub_has_names_of_its_own(home: Path) -> None:
    from dockerlint.registry.credentials import Logins
    from dockerlint.registry.names import repository_of

    log_in(home, "https://index.docker.io/v1/")
    assert Logins().of("docker.io").password == PASSWORD
    assert Logins().of("registry.example.com").password == ""
    assert PASSWORD not in repr(Logins().of("docker.io"))
    hub = repository_of("docker.io", "node")
    assert (hub.server, hub.path) == ("registry-1.docker.io", "library/node")
    assert repository_of("docker.io", "team/app").path == "team/app"
    assert repository_of("ghcr.io", "ghcr.io/team/app").path == "team/app"


def test_a_config_that_is_broken_is_told_without_its_text(home: Path) -> None:
    (home / "config.json").write_text('{"auths": {"a": "' + PASSWORD)
    with serving() as registry:
        registry.login = "a:b"
        (why,) = answers(f"{registry.server}/app:1")
    assert "config.json is not valid JSON" in why
    assert PASSWORD not in why
