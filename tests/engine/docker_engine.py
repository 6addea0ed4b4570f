"""Docker as these tests ask it: every command has a time limit, every project a name of its own."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IMAGES = Path(__file__).parent / "images"
BASE = os.environ.get("DOCKERLINT_ENGINE_BASE", "debian:trixie-slim")
LABEL = "dockerlint.standin"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    text: str
    """Both of its streams; only what it prints for others where it succeeded."""

    @property
    def last_line(self) -> str:
        return ([line for line in self.text.splitlines() if line.strip()] or ["(silent)"])[-1].strip()


def docker(*words: str, seconds: float = 60, folder: Path | None = None) -> Answer:
    """Run a docker command; code 124 when it took too long."""
    environment = {**os.environ, "COMPOSE_ANSI": "never", "DOCKER_BUILDKIT": "0"}
    try:
        done = subprocess.run(
            ["docker", *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired:
        return Answer(124, f"no answer within {seconds:.0f} s: docker {' '.join(words)}")
    return Answer(done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr)


def what_is_missing() -> str:
    """Why there is nothing to test with; "" when there is."""
    if shutil.which("docker") is None:
        return "the docker command is not installed"
    version = docker("version", seconds=20)
    if version.code != 0:
        return f"no Docker Engine answers: {version.last_line}"
    if docker("compose", "version", seconds=20).code != 0:
        return "the docker command has no Compose plugin"
    if _has_image(BASE) or docker("pull", "-q", BASE, seconds=120).code == 0:
        return ""
    return f"there is no image {BASE}: name a Debian image with apt sources in DOCKERLINT_ENGINE_BASE"


def provide(image: str, standin: str) -> None:
    """See that an image of this name is there: the real one when it has been pulled, else a stand-in.

    A stand-in is built once for each state of its folder and of its base.
    """
    if _has_image(image) and not _is_ours(image):
        return
    folder, kept = IMAGES / standin, f"dockerlint-standin:{standin}"
    state = _state_of(folder)
    if _label_of(kept) != state:
        arguments = ("--network", "host", "--label", f"{LABEL}={state}", "--build-arg", f"BASE={BASE}")
        built = docker("build", *arguments, "-t", kept, str(folder), seconds=600)
        assert built.code == 0, f"stand-in {standin}:\n{built.text[-2000:]}"
    assert docker("tag", kept, image).code == 0


def give_up(image: str) -> None:
    """Take the name away again, unless it is that of a real image."""
    if _is_ours(image):
        docker("rmi", image)


def _has_image(image: str) -> bool:
    return docker("image", "inspect", image, "--format", "ok").code == 0


def _is_ours(image: str) -> bool:
    return _label_of(image) != ""


def _label_of(image: str) -> str:
    answer = docker("image", "inspect", image, "--format", f'{{{{index .Config.Labels "{LABEL}"}}}}')
    return answer.text.strip() if answer.code == 0 else ""


def _state_of(folder: Path) -> str:
    digest = hashlib.sha256(docker("image", "inspect", BASE, "--format", "{{.Id}}").text.encode())
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class Process:
    """One process inside a container, as the kernel tells it."""

    name: str
    pid: int
    uid: int
    gid: int
    bounding: int
    """Capabilities it can ever have, as bits."""
    is_stuck: bool
    """no-new-privileges is on."""


@dataclass(frozen=True)
class Composed:
    """A Compose project of one service, in a file of its own."""

    file: Path
    name: str
    service: str

    def run(self, *words: str, seconds: float = 60) -> Answer:
        return docker("compose", "-f", str(self.file), "-p", self.name, *words, seconds=seconds)

    def up(self, *words: str, seconds: int = 60) -> Answer:
        options = ("-d", "--pull", "never", "--wait", "--wait-timeout", str(seconds))
        return self.run("up", *options, *words, seconds=seconds + 30)

    def inside(self, command: str, seconds: float = 30) -> Answer:
        """What a shell inside the service says."""
        return self.run("exec", "-T", self.service, "sh", "-c", command, seconds=seconds)

    def configuration(self) -> dict[str, Any]:
        """The project as Compose understands it."""
        answer = self.run("config", "--format", "json")
        assert answer.code == 0, answer.text
        loaded: dict[str, Any] = json.loads(answer.text)
        return loaded

    def log(self) -> str:
        return self.run("logs", "--no-log-prefix").text

    def processes(self) -> list[Process]:
        """Everything that runs in the service."""
        answer = self.inside("cat /proc/[0-9]*/status 2>/dev/null")
        found = [_process(part) for part in answer.text.split("Name:\t")[1:]]
        return [process for process in found if process.name not in ("sh", "cat")]


def _process(text: str) -> Process:
    name, _, rest = text.partition("\n")
    fields = {line.split(":")[0]: line.split(":", 1)[1].split() for line in rest.splitlines() if ":" in line}
    return Process(
        name=name,
        pid=int(fields["Pid"][0]),
        uid=int(fields["Uid"][1]),
        gid=int(fields["Gid"][1]),
        bounding=int(fields["CapBnd"][0], 16),
        is_stuck=fields["NoNewPrivs"] == ["1"],
    )


@contextmanager
def composed(file: Path, service: str) -> Iterator[Composed]:
    """A project with a name of its own, which is gone afterwards with its volumes."""
    project = Composed(file, f"dockerlint-{os.getpid()}-{next(_NUMBERS)}", service)
    try:
        yield project
    finally:
        project.run("down", "-v", "-t", "2", "--remove-orphans", seconds=120)
