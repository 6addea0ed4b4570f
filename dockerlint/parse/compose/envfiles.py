"""The files that `env_file` names, and `.env`: https://docs.docker.com/reference/compose-file/services/#env_file"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import normpath
from typing import Final

from dockerlint.kinds import TextOf
from dockerlint.link.interpolation import read_env
from dockerlint.model.container.container import Container
from dockerlint.model.container.envfile import EnvFile
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import Located, known

PROJECT_FILE: Final = ".env"
"""What Compose reads by itself."""
_NOWHERE: Final = Span(0, 0)


def read_env_files(containers: Sequence[Container], text_of: TextOf) -> Iterator[EnvFile]:
    """Every such file that can be read and holds a secret, each once."""
    places: dict[str, Span] = {}
    for container in containers:
        for located in container.env_files:
            path = known(located)
            if path:
                places.setdefault(normpath(path), located.span)
    if containers:
        places.setdefault(PROJECT_FILE, containers[0].name.span)
    for path, span in places.items():
        secrets = list(_secrets(text_of(path) or ""))
        if secrets:
            is_guessable = all(one.is_guessable for one in secrets)
            yield EnvFile(path, tuple(one.name for one in secrets), is_guessable, span)


def _secrets(text: str) -> Iterator[Variable]:
    for name, value in read_env(text).items():
        variable = Variable(name, Located(value, _NOWHERE), "environment", _NOWHERE, _NOWHERE)
        if variable.holds_secret is True or variable.holds_url_login:
            yield variable
