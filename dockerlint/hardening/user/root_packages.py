"""Packages whose programs work on the kernel or the network of the host, which takes root."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dockerlint.data import word_list
from dockerlint.findings import Refusal
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.running import Run

_OF_THE_KERNEL: Final = word_list("privileges", "packages-of-the-kernel")

_STARTERS: Final = word_list("privileges", "packages-of-root-services")
"""Packages of services that root starts beside the program, wherever that is written."""


def why_packages(chain: Iterable[Instruction]) -> Refusal | None:
    """The package of the image that its program can hardly use without root; None for none."""
    for each in chain:
        for command in each.commands if isinstance(each, Run) else ():
            step = command.step
            if step is not None and step.action == "install":
                name = next((one for one in step.names if one in _OF_THE_KERNEL), None)
                if name:
                    return Refusal(f"it installs {name}, which needs root")
                name = next((one for one in step.names if one in _STARTERS), None)
                if name:
                    return Refusal(f"it installs {name}, which has to be started as root")
    return None
