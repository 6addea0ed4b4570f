"""What no line of a trial may show: secrets that the services are given."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.masking.mask import Mask
from dockerlint.model.secret.name import is_secret_name
from dockerlint.prove.host.composed import ComposedProject


def mask_of(project: ComposedProject, service: str) -> Mask:
    """A mask for all that a service and those that it needs may say."""
    return Mask("", values=set(_values(project, service)))


def _values(project: ComposedProject, service: str) -> Iterator[str]:
    for name in project.needed_by(service):
        variables = project.services[name].get("environment") or {}
        for key, value in variables.items():
            if value and is_secret_name(str(key)):
                yield str(value).replace("$$", "$")
    for stored in project.secrets.values():
        content = (stored or {}).get("content")
        if content:
            yield str(content)
