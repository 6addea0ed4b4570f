"""The files that `env_file` names, `.env`, and files of secrets and configs: https://docs.docker.com/reference/compose-file/services/#env_file"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from posixpath import normpath
from typing import Final

from dockerlint.kinds import TextOf
from dockerlint.link.dotenv import EnvEntry, read_entries, read_raw_entries
from dockerlint.link.envfiles import env_files
from dockerlint.link.resolve import Resolved
from dockerlint.link.sources import SourceFile, moved
from dockerlint.model.container.container import Container
from dockerlint.model.container.envfile import EnvFile
from dockerlint.model.container.resource import ComposeConfig, Secret
from dockerlint.model.secret.carried import is_literal_secret
from dockerlint.model.secret.named import names_of_secrets
from dockerlint.model.secret.value import is_guessable, is_stand_in
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown, known
from dockerlint.yaml.nodes import Node

PROJECT_FILE: Final = ".env"
"""What Compose reads by itself."""
_NOWHERE: Final = Span(0, 0)
_NO_TEXTS: Final[Mapping[str, SourceFile]] = {}


def read_env_files(
    containers: Sequence[Container],
    text_of: TextOf,
    placed: Mapping[str, SourceFile] = _NO_TEXTS,
    *,
    is_project: bool = True,
    carried: Collection[str] = (),
) -> Iterator[EnvFile]:
    """Every such file that can be read and holds a secret, each once; with `.env` of a project.

    `carried` are variables from which the project takes a secret, whatever their names. Files that are
    `placed` in the text space are told where they set their first secret.
    """
    places: dict[str, Span] = {}
    for container in containers:
        for located in container.env_files:
            path = known(located)
            if path:
                places.setdefault(normpath(path), located.span)
    if containers and is_project:
        places.setdefault(PROJECT_FILE, containers[0].name.span)
    for path, span in places.items():
        secrets = list(_secrets(text_of(path) or "", carried if path == PROJECT_FILE else ()))
        if not secrets:
            continue
        is_weak = all(one.is_guessable for one in secrets)
        values: tuple[Span, ...] = ()
        file = placed.get(path)
        if file is not None:
            span = moved(secrets[0].name_span, file.start)
            values = tuple(moved(one.value.span, file.start) for one in secrets if one.value is not None)
        yield EnvFile(path, tuple(one.name for one in secrets), is_weak, span, values)


def read_secret_files(secrets: Iterable[Secret], text_of: TextOf) -> Iterator[EnvFile]:
    """Every file of a secret that can be read and holds one, told where the project names it.

    It belongs beside the project, so it is none of the repository's until git says so.
    """
    for secret in secrets:
        path, name = known(secret.file), known(secret.name)
        if secret.file is None or not path or not name:
            continue
        text = (text_of(normpath(path)) or "").strip()
        if text and not is_stand_in(text):
            yield EnvFile(normpath(path), (name,), is_guessable(text), secret.file.span, standing="")


def read_config_files(configs: Iterable[ComposeConfig], text_of: TextOf) -> Iterator[EnvFile]:
    """Every file of a config that can be read and holds a secret, told where the project names it."""
    for config in configs:
        path = known(config.file)
        if config.file is not None and path and (text := text_of(normpath(path))):
            names = tuple(names_of_secrets(text))
            if names:
                yield EnvFile(normpath(path), names, False, config.file.span, standing="")


def with_intakes(
    files: Iterable[EnvFile], containers: Sequence[Container], text_of: TextOf
) -> Iterator[EnvFile]:
    """The files with the services whose builds get them."""
    for file in files:
        from dockerlint.parse.compose.intake import intake_of

        found = intake_of(file.path, containers, text_of)
        yield replace(file, context_of=found.sent, copied_for=found.copied) if found.sent else file


def variables_of_files(
    node: Node | None, own: Sequence[Variable], resolved: Resolved, origin: str = "env_file"
) -> Iterator[Variable]:
    """What the files of a service set beside its `own` variables or labels, each in its place there."""
    outer = dict(resolved.environment)
    found: dict[str, Variable] = {}
    for one in env_files(node, resolved.settings):
        file = resolved.env_texts.get(one.path)
        if file is not None:
            read = read_raw_entries(file.text) if one.is_raw else read_entries(file.text, outer)
            entries = {entry.name: entry for entry in read}
            found |= {name: _variable(entry, file.start, origin) for name, entry in entries.items()}
            outer |= {name: entry.value for name, entry in entries.items()}
    taken = {one.name for one in own}
    return (variable for name, variable in found.items() if name not in taken)


def _variable(entry: EnvEntry, start: int, origin: str) -> Variable:
    name_span, value_span = moved(entry.name_span, start), moved(entry.value_span, start)
    value: str | Unknown = UNKNOWN if UNRESOLVED in entry.value else entry.value
    whole = Span(name_span.start, max(name_span.end, value_span.end))
    return Variable(entry.name, Located(value, value_span), origin, name_span, whole)


def _secrets(text: str, carried: Collection[str]) -> Iterator[Variable]:
    for entry in {entry.name: entry for entry in read_entries(text, {})}.values():
        variable = Variable(
            entry.name, Located(entry.value, entry.value_span), "environment", entry.name_span, _NOWHERE
        )
        is_carried = entry.name in carried and is_literal_secret(entry.value)
        if is_carried or variable.holds_secret is True or variable.holds_url_login:
            yield variable
