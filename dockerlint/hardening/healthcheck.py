"""Which command asks a container whether it works: the facts about its image, as far as they hold for it."""

from __future__ import annotations

from dockerlint.images.facts import ImageFacts
from dockerlint.model.container.container import Container
from dockerlint.regex import pattern
from dockerlint.values import known

PLAIN_WORDS = pattern(r"[\w./:@%+,=-]+(?: [\w./:@%+,=-]+)*\Z")
OTHER_ADDRESS = pattern(
    r"(?i)^-p\d*$|(?:^|[-_])(?:ports?|listen|bind|address|addr|tls|ssl|https?)(?:$|[-_=])"
)
"""A setting that may move what the command asks: another port, another address, encryption."""

_CONFIGURATION = pattern(
    r"^/(?:usr/local/)?etc/(?!localtime|timezone)"
    r"|(?i:\.(?:conf|cnf|cfg|ini|ya?ml|toml|json|properties)$)"
)
"""A mounted file or folder that may hold such a setting."""


def fitting_healthcheck(container: Container) -> tuple[str, ...] | None:
    """The `test` of a health check as Compose reads it; None where none is known to fit.

    A setting of another port or address makes every command doubtful, an image with a check of its own needs
    none.
    """
    image = container.image
    if image is None or image.facts is None or container.build is not None or container.has_entrypoint:
        return None
    if image.facts.has_healthcheck or (image.tag is not None and image.tag.known is None):
        return None
    command = image.facts.healthcheck_of(known(image.tag) or "latest")
    if command is None or _listens_elsewhere(container) or not _starts_server(container, image.facts):
        return None
    if PLAIN_WORDS.match(command):
        return ("CMD", *command.split(" "))
    return ("CMD-SHELL", command.replace("$", "$$"))


def _starts_server(container: Container, facts: ImageFacts) -> bool:
    """Its command, or the script in it, is for the server that the health check asks."""
    programs = [command.program for command in container.commands]
    words = container.commands[0].words[:1] if container.commands else ()
    if any(word.span.start == word.span.end for word in words):
        return True  # options alone, for the entrypoint of the image
    if not programs or (isinstance(programs[0], str) and facts.starts_server(programs[0])):
        return True
    return any(program in facts.servers for program in programs)


def _listens_elsewhere(container: Container) -> bool:
    told = [word.text for command in container.commands for word in command.words]
    told += [variable.name for variable in container.variables]
    targets = [str(mount.target.known) for mount in container.mounts if mount.target is not None]
    return (
        bool(container.env_files)
        or any(OTHER_ADDRESS.search(one) for one in told)
        or any(_CONFIGURATION.search(target) for target in targets)
    )
