"""`dockerlint prove` on a real engine: images that nobody knows, honest partial results, and what is left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docker_engine import BASE, composed, docker
from test_engine_compose import SERVICES

from dockerlint.images.receipt import Receipt
from dockerlint.prove.host.engine import find_engine
from dockerlint.prove.host.marks import LABEL, sweep
from dockerlint.workspace.receipts.reading import read_receipt

UNKNOWN = Path(__file__).parent / "unknown"
ROOT = str(Path(__file__).parents[2])
MOMENTS = 20
LONGEST = 600


def command(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A run of prove over a folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "dockerlint", "prove", str(folder), "--with-data", *words],
        env={**os.environ, "PYTHONPATH": ROOT},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def proven(folder: Path, service: str, *words: str) -> Receipt:
    """What prove found of a service."""
    run = command(folder, *words)
    out, _ = run.communicate(timeout=LONGEST)
    assert run.returncode == 0, out
    print(out)
    path = folder / ".dockerlint" / "images" / f"{service}.yaml"
    return read_receipt(path.read_text(), path.name)


def left() -> list[str]:
    """What runs of prove have left on the engine."""
    listed = (("ps", "-aq"), ("network", "ls", "-q"), ("volume", "ls", "-q"), ("images", "-q"))
    return [one for words in listed for one in docker(*words, "--filter", f"label={LABEL}").text.split()]


@pytest.fixture
def own_image(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """An image of our own, which no facts know, by the folder it is built from."""
    name = f"dockerlint-own:{uuid.uuid4().hex[:12]}"
    words = ("--network", "host", "--build-arg", f"BASE={BASE}", "-t", name)
    built = docker("build", *words, str(UNKNOWN / request.param), seconds=600)
    assert built.code == 0, built.text
    yield request.param, name
    docker("rmi", "-f", name)


def written(tmp_path: Path, image: str, *more: str) -> Path:
    """A folder with a Compose file of one service that writes a file below its volume."""
    lines = (
        *("services:", "  app:", f"    image: {image}", "    volumes: [data:/var/lib/thing]"),
        *("    healthcheck: {test: [CMD, /check], interval: 5s}", *(f"    {one}" for one in more)),
        *("volumes: {data: }", ""),
    )
    (tmp_path / "compose.yaml").write_text("\n".join(lines))
    return tmp_path


@pytest.mark.parametrize("own_image", ["stepdown"], indirect=True)
def test_an_unknown_entrypoint_gets_a_set_that_starts_twice(
    own_image: tuple[str, str], tmp_path: Path
) -> None:
    found = proven(written(tmp_path, own_image[1]), "app")
    assert found.read_only
    assert found.no_new_privileges
    assert found.capabilities is not None
    assert {"CHOWN", "SETUID", "SETGID"} <= set(found.capabilities)
    hardened = tmp_path / "compose.yaml"
    fixed = subprocess.run(
        [sys.executable, "-m", "dockerlint", "fix", "--harden", "--fail-on", "never", str(hardened)],
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        text=True,
    )
    assert "cap_drop" in hardened.read_text(), fixed.stdout + fixed.stderr
    with composed(hardened, "app") as project:
        for words in ((), ("--force-recreate",)):
            assert project.up(*words).code == 0, project.log()


@pytest.mark.parametrize("own_image", ["ownfolder"], indirect=True)
def test_a_service_that_writes_its_own_program_folder_stays_writable(
    own_image: tuple[str, str], tmp_path: Path
) -> None:
    found = proven(written(tmp_path, own_image[1]), "app")
    assert not found.read_only
    assert found.capabilities is not None


@pytest.mark.parametrize("own_image", ["netadmin"], indirect=True)
def test_a_right_that_it_needs_is_never_taken(own_image: tuple[str, str], tmp_path: Path) -> None:
    found = proven(written(tmp_path, own_image[1], "cap_add: [NET_ADMIN]"), "app")
    assert found.capabilities == ("NET_ADMIN",)


@pytest.mark.parametrize("own_image", ["setcap"], indirect=True)
def test_files_with_capabilities_start_in_what_is_found(own_image: tuple[str, str], tmp_path: Path) -> None:
    found = proven(written(tmp_path, own_image[1]), "app")
    assert found.capabilities is None or "NET_RAW" in found.capabilities


@pytest.fixture
def cache(image: Callable[[str, str], None], tmp_path: Path) -> Path:
    image("redis:7.4", "redis7")
    return Path(shutil.copytree(SERVICES / "redis-7", tmp_path / "cache"))


def test_an_end_at_a_random_moment_leaves_nothing(cache: Path) -> None:
    """SIGKILL cannot be seen to, so the next run removes what it left."""
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    for number in range(MOMENTS):
        how = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)[number % 3]
        run = command(cache)
        time.sleep(chance.uniform(0.5, 20))
        run.send_signal(how)
        run.communicate(timeout=120)
        if how == signal.SIGKILL:
            time.sleep(3)  # what it had asked for may still be under way
            sweep(find_engine())
        assert left() == [], (seed, number, how)
        names = {path.name for path in cache.rglob("*") if path.is_file()}
        assert names <= {"compose.yaml", "cache.yaml"}, (seed, number)


def test_runs_do_not_meet_and_a_running_project_of_the_name_is_not_touched(cache: Path) -> None:
    with composed(cache / "compose.yaml", "cache") as project:
        assert project.up().code == 0
        project.inside("redis-cli set kept stayed && redis-cli save")
        before = docker("inspect", project.run("ps", "-q").text.strip()).text
        other = Path(shutil.copytree(cache, cache.parent / "other" / "cache"))
        runs = [command(cache), command(other)]
        for run in runs:
            out, _ = run.communicate(timeout=LONGEST)
            assert run.returncode == 0, out
        after = docker("inspect", project.run("ps", "-q").text.strip()).text
        assert _identity(after) == _identity(before)
        assert project.inside("redis-cli get kept").text.strip() == "stayed"
    assert left() == []


def _identity(told: str) -> list[str]:
    """When and as what a container was started."""
    return [line for line in told.splitlines() if '"StartedAt"' in line or '"Id"' in line]
