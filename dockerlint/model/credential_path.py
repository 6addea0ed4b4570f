"""Variables that tell a cloud's tools where their credentials lie, and whether that file was copied in."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlint.model.copying import Copy
from dockerlint.model.instruction import Arg, Env, Instruction
from dockerlint.model.shared import Located, known

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
    return tuple(copy for copy in copies if _holds(copy.known, paths)) if paths else ()


def _holds(destination: str | None, paths: Iterable[str]) -> bool:
    if not destination or not destination.startswith("/"):
        return False
    folder = destination.rstrip("/") + "/"
    return any((path + "/").startswith(folder) for path in paths)
