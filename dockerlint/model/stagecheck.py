"""What facts about its base image and its own files say of a stage: its health check, its npm packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dockerlint.expressions import pattern
from dockerlint.model.copying import Copy
from dockerlint.model.instruction import Env, Instruction, Label
from dockerlint.model.readiness import OTHER_ADDRESS
from dockerlint.model.running import Run, json_list
from dockerlint.model.shared import Located, known

if TYPE_CHECKING:
    from dockerlint.model.command import Command
    from dockerlint.model.dockerfile import Stage

_CONFIGURATION = pattern(
    r"(?:^|/)etc(?:/|\Z)|conf|\.(?:conf|cnf|cfg|ini|ya?ml|toml|xml|json|properties|acl)\Z"
)
_PLAIN_WORDS = pattern(r"[\w./:@%+,=-]+(?: [\w./:@%+,=-]+)*\Z")
CHECKED: Final = "io.dockerlint.checked"
"""The label that fixes write where the project asks for it."""
_BUILD_TOOLS: Final = frozenset(
    (
        *("npm", "npx", "yarn", "pnpm", "bun", "tsc", "webpack", "vite", "rollup", "esbuild", "ng", "nest"),
        *("next", "nuxt", "gulp", "grunt", "node", "jest", "prisma"),
    )
)
_NODE_HOOKS: Final = frozenset(
    {"-r", "--require", "--import", "--loader", "--experimental-loader", "--watch"}
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
    if any(port not in image.facts.ports for port in ports) or any(map(_configures, _chain(stage))):
        return None
    command = image.facts.healthcheck_of(known(image.tag) or "latest")
    if command is None or not _PLAIN_WORDS.match(command):
        return command
    return json_list(command.split(" "))


def check_day(stage: Stage) -> Located[str] | None:
    """The day of the label CHECKED; None where neither the stage nor one that it builds on has it."""
    labels = (one for one in reversed(_chain(stage)) if isinstance(one, Label))
    found = (one.value for label in labels for one in label.variables if one.name == CHECKED)
    return next(found, None)


def _chain(stage: Stage) -> list[Instruction]:
    """The instructions of a stage and of those it builds on, in the order in which they are carried out."""
    found: list[Instruction] = []
    here: Stage | None = stage
    while here is not None:
        found[:0] = here.instructions
        here = here.parent
    return found


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


def runs_without_dev_packages(stage: Stage) -> bool:
    """A stage that ships, starts node on a file and builds nothing with packages meant for development."""
    starts = [
        *(stage.entrypoint.commands if stage.entrypoint else ()),
        *(stage.cmd.commands if stage.cmd else ()),
    ]
    if not stage.is_final or not starts or any(start.tool != "node" for start in starts):
        return False
    if any(not _NODE_HOOKS.isdisjoint(start.options) for start in starts):
        return False
    if any(not word.text.endswith((".js", ".mjs", ".cjs")) for start in starts for word in start.words[1:]):
        return False
    return not any(_needs_dev_packages(one) for one in _chain(stage))


def _needs_dev_packages(instruction: Instruction) -> bool:
    if isinstance(instruction, Env):
        return any(
            one.name == "NODE_ENV" and known(one.value) != "production" for one in instruction.variables
        )
    if not isinstance(instruction, Run):
        return False
    return any(command.tool in _BUILD_TOOLS and not _installs(command) for command in instruction.commands)


def _installs(command: Command) -> bool:
    return command.step is not None and command.step.action in ("install", "clean")
