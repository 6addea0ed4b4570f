"""What an engine printed next to the Compose project that should have made it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from posixpath import basename, join, normpath
from typing import Any, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import TextOf
from dockerlint.link.dotenv import read_env
from dockerlint.link.gaps import Gap
from dockerlint.link.resolve import ProjectFiles, Resolved
from dockerlint.model.container.container import Container
from dockerlint.model.container.resource import Network
from dockerlint.model.host.counterpart import Counterpart
from dockerlint.model.host.deployment import ONE_OFF, PROJECT, Deployment, label
from dockerlint.model.host.differences import drifts
from dockerlint.model.host.drift import Drift, MissingContainer
from dockerlint.model.host.inspection import Inspection
from dockerlint.parse.compose.project import parse_project
from dockerlint.parse.compose.values import Values
from dockerlint.parse.inspect.fields import found_at, items_of, text_at
from dockerlint.parse.inspect.launch import printed_launch, written_launches
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import Located, known
from dockerlint.yaml.nodes import Mapping as Body
from dockerlint.yaml.nodes import Scalar, as_mapping

_NAME: Final = "COMPOSE_PROJECT_NAME"
_NOT_IN_NAMES: Final = pattern(r"[^a-z0-9_-]")
_ALL: Final = "*"
"""The profile that stands for every one."""


class Against(NamedTuple):
    """The project, as it is handed to the reader of another text."""

    files: ProjectFiles
    folder: str = ""
    """Of the project's first file, from the folder of the text; "" for the same."""
    real: str = ""
    """The same folder, absolute; "" where nobody knows."""

    def written(self) -> str:
        """As a text that `read_against` takes back."""
        return json.dumps({"folder": self.folder, "real": self.real, **self.files._asdict()})


def read_against(text: str) -> Against:
    """The project that `Against.written` gave away."""
    told = json.loads(text)
    folder, real = told.pop("folder", ""), told.pop("real", "")
    lists: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in told.items()}
    return Against(ProjectFiles(**lists), folder, real)


def compared(
    found: Inspection,
    bodies: Sequence[Body],
    images: Mapping[str | None, Body],
    written: str,
    knowledge: Knowledge,
    text_of: TextOf,
) -> Inspection:
    """What was printed, with its drifts; raises UserError for a project that cannot be read."""
    deployment = _deployment(read_against(written), knowledge, text_of).named_by(found.containers)
    made: set[str] = set()
    containers = []
    for container, body in zip(found.containers, bodies, strict=True):
        key = deployment.service_of(container)
        made |= {key} if key is not None else set()
        image = images.get(known(text_at(body, "Image")))
        told = tuple(_drifts(container, key, deployment.seen_by(container), body, image))
        running = None if container.running is None else replace(container.running, drifts=told)
        containers.append(replace(container, running=running))
    return replace(found, containers=tuple(containers), missing=tuple(_missing(deployment, made)))


def _missing(deployment: Deployment, made: set[str]) -> Iterator[MissingContainer]:
    for key in deployment.started if deployment.is_whole else ():
        if key not in made:
            yield MissingContainer(name=Located(key, deployment.places[key]), span=deployment.places[key])


def _drifts(
    container: Container, key: str | None, deployment: Deployment, body: Body, image: Body | None
) -> Iterator[Drift]:
    if key is not None and key in deployment.services:
        if label(container, ONE_OFF).lower() != "true":
            host = as_mapping(body.get("HostConfig")).entries
            pair = Counterpart(
                *(container, deployment.services[key], key, deployment),
                launch=printed_launch(body),
                says_restart="RestartPolicy" in host,
                says_devices="Devices" in host,
            )
            yield from drifts(pair if image is None else _with_image(pair, image))
    elif deployment.is_whole and (key is not None or not label(container, PROJECT)):
        yield Drift(
            aspect="service",
            service=key or "",
            found="runs" if key is None else f"runs as service {key}",
            wanted="has no such service",
            span=container.name.span,
        )


def _with_image(pair: Counterpart, image: Body) -> Counterpart:
    return pair._replace(
        image_user=_user_of(image), image_variables=_variables_of(image), image_launch=printed_launch(image)
    )


def _user_of(image: Body) -> str:
    return known(text_at(image, "Config", "User")) or ""


def _variables_of(image: Body) -> frozenset[str]:
    items = items_of(found_at(image, "Config", "Env"))
    return frozenset(one.text.partition("=")[0] for one in items if isinstance(one, Scalar))


def _deployment(against: Against, knowledge: Knowledge, text_of: TextOf) -> Deployment:
    """What a project says; raises UserError where nothing of it can be read."""
    project, resolved = parse_project(
        against.files, knowledge, lambda path: text_of(normpath(join(against.folder, path)))
    )
    if resolved.root is None:
        raise UserError(f"--against: {', '.join(against.files.paths)}: no Compose project that can be read")
    services = {str(known(one.name)): one for one in project.containers if not one.is_provided}
    values = Values(resolved.sources.text, resolved.settings)
    environment = resolved.environment.get(_NAME, "")
    return Deployment(
        name=environment or _NOT_IN_NAMES.sub("", basename(against.real).lower()).lstrip("_-"),
        is_named=bool(environment),
        folder=against.real,
        services=services,
        started=tuple(key for key, one in services.items() if _is_started(one, against, resolved, values)),
        networks={str(known(one.name)): name for one in project.networks if (name := _network_name(one))},
        volumes=dict(_volume_names(resolved, values)),
        variables={key: _variables(one, resolved) for key, one in services.items()},
        is_whole=resolved.is_whole and all(_is_of_service(gap, services) for gap in resolved.gaps),
        launches=dict(written_launches(resolved, values)),
        places={key: _place(one.name.span, resolved, against) for key, one in services.items()},
    )


def _is_of_service(gap: Gap, services: Mapping[str, Container]) -> bool:
    """Whether what was not read belongs to one service, and brings no others."""
    return any(one.span.start <= gap.span.start < one.span.end for one in services.values())


def _place(span: Span, resolved: Resolved, against: Against) -> Span:
    file, local = resolved.sources.home(span)
    return Span(local.start, local.end, normpath(join(against.folder, file.path)))


def _is_started(service: Container, against: Against, resolved: Resolved, values: Values) -> bool:
    """`docker compose up` makes a container of it."""
    profiles = {known(one) for one in service.profiles}
    if profiles and profiles.isdisjoint(against.files.profiles) and _ALL not in against.files.profiles:
        return False
    body = as_mapping(as_mapping(as_mapping(resolved.root).get("services")).get(str(known(service.name))))
    counts = (body.get("scale"), as_mapping(body.get("deploy")).get("replicas"))
    return all(known(values.integer(one)) != 0 for one in counts)


def _network_name(network: Network) -> str | None:
    named = known(network.real_name)
    return named or (known(network.name) if network.is_external is True else None)


def _volume_names(resolved: Resolved, values: Values) -> Iterator[tuple[str, str]]:
    for key, one in as_mapping(as_mapping(resolved.root).get("volumes")).entries.items():
        named = known(values.string(as_mapping(one.value).get("name")))
        if named or known(values.flag(as_mapping(one.value).get("external"))) is True:
            yield key, named or key


def _variables(service: Container, resolved: Resolved) -> frozenset[str] | None:
    """The names that files of variables set; None where one of them was not read."""
    names: set[str] = set()
    for one in service.env_files:
        file = resolved.env_texts.get(normpath(known(one) or ""))
        if file is None:
            return None
        names |= read_env(file.text, resolved.environment).keys()
    return frozenset(names)
