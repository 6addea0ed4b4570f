"""Variables that tell a cloud's tools where their credentials lie, and whether that file was copied in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.instruction import Arg, Env, Instruction
from dockerlint.values import Located, known

NAMES = frozenset(
    ["GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "HF_TOKEN_PATH"]
)
"""As the SDKs of Google, Amazon and Hugging Face document them."""


def copied_credentials(instructions: Iterable[Instruction]) -> tuple[Located[str], ...]:
    """Destinations of COPY and ADD at or above a path that such a variable of the same stage names."""
    paths: set[str] = set()
    copies: list[Located[str]] = []
    for instruction in instructions:
        if isinstance(instruction, (Arg, Env)):
            paths.update(known(each.value) or "" for each in instruction.variables if each.name in NAMES)
        elif isinstance(instruction, Copy) and instruction.destination is not None:
            copies.append(instruction.destination)
    paths.discard("")
    inside = sorted(path + "/" for path in paths)
    return tuple(copy for copy in copies if _holds(copy.known, inside)) if inside else ()


def _holds(destination: str | None, inside: Sequence[str]) -> bool:
    """Whether a folder is, or is above, one of some paths, which are in order."""
    if not destination or not destination.startswith("/"):
        return False
    folder = destination.rstrip("/") + "/"
    at = bisect_left(inside, folder)
    return at < len(inside) and inside[at].startswith(folder)
