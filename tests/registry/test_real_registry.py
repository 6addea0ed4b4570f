"""Digests of a project of many images, as Docker's own registry has them."""

from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import registry_server
from registry_server import INDEX, MANIFEST, authority, ca_file, sha256

from dockerlint.cli.commands import invoke
from dockerlint.workspace.lock import read_lock

PASSWORD = "pass" + "word-of-a-test"
LOGIN = ("somebody", PASSWORD)
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"


class RealRegistry(NamedTuple):
    """A running docker-registry."""

    server: str
    client: httpx.Client

    def blob(self, name: str, data: bytes) -> str:
        start = self.client.post(f"/v2/{name}/blobs/uploads/")
        assert start.status_code == 202, start.text
        place = httpx.URL(start.headers["location"]).copy_merge_params({"digest": sha256(data)})
        assert self.client.put(place, content=data).status_code == 201
        return sha256(data)

    def push(self, name: str, tag: str, document: dict[str, object]) -> str:
        """Put a manifest; the digest that the registry gives it."""
        kind, body = str(document["mediaType"]), json.dumps(document).encode()
        put = self.client.put(f"/v2/{name}/manifests/{tag}", content=body, headers={"content-type": kind})
        assert put.status_code == 201, put.text
        return str(put.headers["docker-content-digest"])

    def one(self, name: str, tag: str, architecture: str = "amd64", kind: str = MANIFEST) -> str:
        """Push an image of one platform."""
        config = json.dumps(
            {"os": "linux", "architecture": architecture, "rootfs": {"type": "layers"}}
        ).encode()
        maker = "docker.container.image" if kind == DOCKER else "oci.image.config"
        about = {"mediaType": f"application/vnd.{maker}.v1+json", "size": len(config)}
        about["digest"] = self.blob(name, config)
        document = {"schemaVersion": 2, "mediaType": kind, "config": about, "layers": []}
        return self.push(name, tag, document)

    def many(self, name: str, tag: str, kind: str = INDEX) -> str:
        """Push an image of two platforms."""
        inner, rows = DOCKER if kind == LIST else MANIFEST, []
        for architecture in ("amd64", "arm64"):
            digest = self.one(name, f"{tag}-{architecture}", architecture, inner)
            size = len(self.client.get(f"/v2/{name}/manifests/{digest}", headers={"accept": inner}).content)
            platform = {"os": "linux", "architecture": architecture}
            rows.append({"mediaType": inner, "digest": digest, "size": size, "platform": platform})
        return self.push(name, tag, {"schemaVersion": 2, "mediaType": kind, "manifests": rows})


@contextmanager
def running(
    folder: Path, *, tls: bool = False, login: bool = False, certified: str = "localhost"
) -> Iterator[RealRegistry]:
    """A registry on a free port, until the block ends."""
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config: dict[str, object] = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    if tls:
        certificate = authority().issue_cert(certified)
        certificate.private_key_and_cert_chain_pem.write_to_path(folder / "tls.pem")
        config["http"] = {
            "addr": f"127.0.0.1:{port}",
            "tls": dict.fromkeys(("certificate", "key"), f"{folder}/tls.pem"),
        }
    if login:
        hashed = subprocess.run(["htpasswd", "-Bbn", *LOGIN], capture_output=True, check=True).stdout
        (folder / "htpasswd").write_bytes(hashed)
        config["auth"] = {"htpasswd": {"realm": "test", "path": str(folder / "htpasswd")}}
    (folder / "config.yml").write_text(json.dumps(config))
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        ["docker-registry", "serve", str(folder / "config.yml")],
        stdout=log,
        stderr=log,
        env={"PATH": os.environ["PATH"]},
    )
    context = ssl.create_default_context(cadata=authority().cert_pem.bytes().decode())
    context.check_hostname = False
    address = f"{'https' if tls else 'http'}://localhost:{port}"
    try:
        with httpx.Client(
            base_url=address, verify=context, auth=LOGIN if login else None, trust_env=False
        ) as client:
            _wait(client, process)
            yield RealRegistry(f"localhost:{port}", client)
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        assert process.poll() is None, "docker-registry ended"
        try:
            if client.get("/v2/").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("docker-registry does not answer")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    (tmp_path / "docker").mkdir()
    return folder


def test_twenty_images_get_their_digest_or_the_right_error(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        running(tmp_path / "plain") as plain,
        running(tmp_path / "tls", tls=True) as tls,
        running(tmp_path / "closed", tls=True, login=True) as closed,
        running(tmp_path / "wrong", tls=True, certified="registry.example.com") as wrong,
        registry_server.serving() as busy,
    ):
        busy.fault = lambda _: registry_server.ServerReply(429, Retry_After="7200")
        pushed = {
            f"{one.server}/{name}": push(one, name)
            for one in (plain, tls, closed)
            for name, push in {
                "oci/index:1": lambda one, name: one.many(*name.split(":")),
                "docker/list:2.0-slim": lambda one, name: one.many(*name.split(":"), LIST),
                "oci/one:1": lambda one, name: one.one(*name.split(":")),
                "docker/one:latest": lambda one, name: one.one(*name.split(":"), kind=DOCKER),
            }.items()
        }
        limit = "the registry limits the request rate; try again in 7200 s, or log in"
        failing = {
            f"{plain.server}/oci/index:9": "the registry has no image of this name with the tag 9",
            f"{plain.server}/nobody/knows:1": "the registry has no image of this name",
            f"{closed.server}/oci/index:9": "the registry has no image of this name with the tag 9",
            f"{wrong.server}/oci/index:1": "is not trusted (Hostname mismatch",
            f"{busy.server}/a:1": limit,
            f"{busy.server}/b:1": limit,
            f"localhost:{_free_port()}/a:1": "connection refused",
            "localhost:5/UPPER:1": "",  # no reference at all, which `check` tells
        }
        lines = [f"FROM {name}" for name in (*pushed, *failing)]
        (project / "Dockerfile").write_text("\n".join(lines) + "\nUSER 65532\n")
        auth = base64.b64encode(":".join(LOGIN).encode()).decode()
        (tmp_path / "docker" / "config.json").write_text(
            json.dumps({"auths": {closed.server: {"auth": auth}}})
        )
        assert invoke(["pin", "--resolve", "--ca-file", ca_file(tmp_path)]) == 2
    said = capsys.readouterr()
    assert read_lock((project / "dockerlint.lock").read_text()) == pushed
    told = {line.split(": ")[2]: line for line in said.err.splitlines()}
    assert set(told) == {name for name, why in failing.items() if why}
    assert [name for name, why in failing.items() if why not in told.get(name, "")] == []
    assert PASSWORD not in said.out + said.err + (project / "dockerlint.lock").read_text()
    invoke(["fix"])
    fixed = [f"FROM {name}@{digest}" for name, digest in pushed.items()]
    assert (project / "Dockerfile").read_text().splitlines()[: len(fixed)] == fixed


def test_what_is_missing_for_a_registry_is_told(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(tmp_path / "closed", tls=True, login=True) as closed:
        closed.many("app", "1")
        (project / "Dockerfile").write_text(f"FROM {closed.server}/app:1\nUSER 65532\n")
        assert invoke(["pin", "--resolve"]) == 2
        assert "name its certificate with --ca-file" in capsys.readouterr().err
        assert invoke(["pin", "--resolve", "--ca-file", ca_file(tmp_path)]) == 2
        assert f"run docker login {closed.server}" in capsys.readouterr().err


def test_one_platform_and_an_update(project: Path, tmp_path: Path) -> None:
    with running(tmp_path / "plain") as plain:
        plain.many("app", "1")
        arm = plain.one("app", "1-arm64", "arm64")
        (project / "compose.yaml").write_text(f"services:\n  app:\n    image: {plain.server}/app:1 # ours\n")
        assert invoke(["pin", "--resolve", "--platform", "linux/arm64"]) == 0
        assert list(read_lock((project / "dockerlint.lock").read_text()).values()) == [arm]
        moved = plain.many("app", "1", LIST)
        assert invoke(["pin", "--resolve", "--check"]) == 0
        assert invoke(["pin", "--update"]) == 0
        (digest,) = read_lock((project / "dockerlint.lock").read_text()).values()
        assert digest not in (arm, moved)  # still the one of the platform


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
