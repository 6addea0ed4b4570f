"""Which command asks the container of a stage whether it works: the facts about its base, where they hold."""

from __future__ import annotations

from dockerlint.hardening.healthcheck import OTHER_ADDRESS, PLAIN_WORDS
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.instruction import Env, Instruction
from dockerlint.model.dockerfile.running import Run, json_list
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.regex import pattern
from dockerlint.values import known

_CONFIGURATION = pattern(
    r"(?:^|/)etc(?:/|\Z)|conf|\.(?:conf|cnf|cfg|ini|ya?ml|toml|xml|json|properties|acl)\Z"
)


def fitting_healthcheck(stage: Stage) -> str | None:
    """What asks the program of the base image whether it works, as it stands behind HEALTHCHECK CMD.

    None where nothing is known to fit. The stage must start that program as the image does, and change
    neither its settings nor its ports.
    """
    image = stage.base
    if image is None or image.facts is None or image.facts.has_healthcheck:
        return None
    if stage.cmd is not None or stage.entrypoint is not None:
        return None
    if image.tag is not None and image.tag.known is None:
        return None
    ports = [port.first for port in stage.exposed_ports]
    if any(port not in image.facts.ports for port in ports) or any(map(_configures, stage.all_instructions)):
        return None
    command = image.facts.healthcheck_of(known(image.tag) or "latest")
    if command is None or not PLAIN_WORDS.match(command):
        return command
    return json_list(command.split(" "))


def _configures(instruction: Instruction) -> bool:
    """It may move what the program listens on."""
    if isinstance(instruction, Copy):
        places = [instruction.destination, *(source.path for source in instruction.sources)]
        return any(place is not None and _CONFIGURATION.search(known(place) or "conf") for place in places)
    if isinstance(instruction, Env):
        return any(OTHER_ADDRESS.search(variable.name) for variable in instruction.variables)
    if isinstance(instruction, Run):
        words = (word.text for command in instruction.commands for word in command.words)
        return any(_CONFIGURATION.search(word) for word in words)
    return False
