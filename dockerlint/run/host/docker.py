"""The one module that runs the docker program: it reads what there is, and changes nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from dockerlint.errors import UserError
from dockerlint.regex import pattern
from dockerlint.workspace.door import is_below

SECONDS: Final = 30.0
"""How long it may take for one answer."""
AT_ONCE: Final = 100
"""Objects that one command asks for."""
_ID: Final = pattern(r"[0-9a-f]{12,64}\Z")
_LISTS: Final = (
    (("ps", "-aq", "--no-trunc"), ("inspect", "--type", "container")),
    (("images", "-q", "--no-trunc"), ("image", "inspect")),
    (("network", "ls", "-q", "--no-trunc"), ("network", "inspect")),
)
"""What lists the objects of a kind, and what tells all about them."""
_SELF: Final = (("info", "--format", "{{json .}}"), ("version", "--format", "{{json .}}"))
"""What the daemon tells about itself."""


class DockerError(UserError):
    """The docker program gave no answer; the text has what it said."""


def program(name: str = "docker") -> str | None:
    """The path of docker, from an absolute folder of PATH outside the working directory; None without it."""
    name, here = f"{name}.exe" if os.name == "nt" else name, os.path.realpath(os.curdir)
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        is_program = os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK)
        if is_program and not is_below(os.path.realpath(path), here):
            return path
    return None


def inspected(path: str) -> bytes:
    """JSON of all containers, images and networks, and of the daemon; raises DockerError."""
    answers: list[bytes] = []
    for listing, telling in _LISTS:
        ids = list(dict.fromkeys(one.removeprefix("sha256:") for one in _ask(path, listing).decode().split()))
        if any(not _ID.match(one) for one in ids):
            raise DockerError(f"docker {' '.join(listing)}: the answer is no list of ids")
        answers += (_ask(path, (*telling, *ids[at : at + AT_ONCE])) for at in range(0, len(ids), AT_ONCE))
    answers += (_ask(path, asked) for asked in _SELF)
    return b"\n".join(answers).strip() or b"[]"


def _ask(path: str, arguments: Sequence[str]) -> bytes:
    import subprocess

    asked = f"docker {' '.join(arguments[:2])}"
    try:
        done = subprocess.run(
            [path, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DockerError(f"{asked}: no answer in {SECONDS:g} s") from error
    except OSError as error:
        raise DockerError(f"{asked}: cannot be run: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[:500]
        raise DockerError(f"{asked}: {said or f'exit code {done.returncode}'}")
    return done.stdout
