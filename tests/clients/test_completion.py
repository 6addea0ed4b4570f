"""Completion in a bash that somebody types into, installed as its user would."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "dockerlint"
SECONDS = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose bash has completion."""
    bash = f"exec bash --norc -c '{PROGRAM} --install-completion; true'"
    subprocess.run(["sh", "-c", bash], env=os.environ | {"HOME": str(tmp_path)}, check=True)
    return tmp_path


def typed(keys: bytes, wanted: bytes, home: Path) -> bytes:
    """What an interactive bash shows for keys, until it shows what is wanted."""
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    child, terminal = pty.fork()
    if not child:
        environment = os.environ | {"HOME": str(home), "PATH": path, "PS1": "$ ", "TERM": "dumb"}
        os.execvpe("bash", ["bash", "--rcfile", str(home / ".bashrc"), "-i"], environment)
    shown, end = b"", time.monotonic() + SECONDS
    os.write(terminal, keys)
    while wanted not in shown and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 4096)
    os.write(terminal, b"\x15exit\n")
    os.close(terminal)
    os.waitpid(child, 0)
    return shown


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        (b"dockerlint check --fail-on crit\t", b"--fail-on critical"),
        (b"dockerlint explain datastore-port-on\t", b"datastore-port-on-all-interfaces"),
        (b"dockerlint ini\t", b"dockerlint init "),
    ],
)
def test_bash_completes_what_somebody_types(keys: bytes, wanted: bytes, home: Path) -> None:
    assert wanted in typed(keys, wanted, home)
