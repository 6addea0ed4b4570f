"""Fixes of a service that another Compose file of the folder speaks of, too: Compose merges both into one.

Lists are joined, so what both files set stands there twice and is refused; and what the other file says
decides whether a fix of this one holds. So the base file alone is fixed, and only where the others set
nothing that such a fix rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from dockerlint.data import word_list
from dockerlint.findings import Finding, Refusal, Refused
from dockerlint.fixing.compose.actions import path_at
from dockerlint.fixing.compose.text import open_compose
from dockerlint.kinds import kind_of_name
from dockerlint.yaml.nodes import Plain

_PARTS: Final = word_list("services", "keys-of-overlays")
"""What an override file says of a service without changing what it needs."""
_AMOUNTS: Final = frozenset(("mem_limit", "pids_limit", "healthcheck"))
"""Keys whose values rest on the variables of a service, too."""
_BASES: Final = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")


class ServicePart(NamedTuple):
    """What one Compose file says of a service."""

    file: str
    keys: frozenset[str]
    image: str | None
    variables: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """It can be started by itself."""
        return not self.keys.isdisjoint(("image", "build"))


def part_of(file: str, body: Mapping[str, Plain]) -> ServicePart:
    """What a service of a file says, from its plain values."""
    environment = body.get("environment")
    names = environment if isinstance(environment, (dict, list)) else ()
    image = body.get("image")
    variables = frozenset(str(name).partition("=")[0] for name in names)
    return ServicePart(file, frozenset(map(str, body)), None if image is None else str(image), variables)


def refusal_of_overlay(
    finding: Finding, text: str, name: str, parts: Iterable[ServicePart], extending: str | None
) -> Refusal | None:
    """Why a fix in the file called `name` could break what it is merged with; None for no reason.

    `parts` are what the files of the folder say of the same service; `extending` is one that extends it.
    """
    if finding.fix is None or kind_of_name(name) != "compose":
        return None
    own, others = None, []
    for part in parts:
        if part.file == name:
            own = part
        else:
            others.append(part)
    if extending is not None and finding.fix.keys:
        return Refusal(f"{extending} extends this service, which then gets the same")
    if own is None or not others or not _are_merged(own, others):
        return None
    if finding.fix.keys:
        return _of_keys(finding.fix.keys.keys(), own, others)
    return _of_value(finding, text, others)


def _are_merged(own: ServicePart, others: Iterable[ServicePart]) -> bool:
    """One of them is the base of the folder, or only a part of a service: else they are alternatives."""
    several = [own, *others]
    return any(one.file in _BASES or not one.is_whole for one in several)


def _of_keys(keys: Iterable[str], own: ServicePart, others: Iterable[ServicePart]) -> Refusal | None:
    if own.file not in _BASES:
        other = next((one for one in others if one.file in _BASES), next(iter(others)))
        return Refusal(f"{other.file} describes the same service, and Compose merges both")
    for other in others:
        allowed = _PARTS if _AMOUNTS.isdisjoint(keys) else _PARTS - {"environment", "env_file"}
        more = sorted(other.keys - allowed - {"image"})
        if more:
            return Refusal(f"{other.file} sets {more[0]} for the same service, and Compose merges both")
        if "image" in other.keys and other.image != own.image:
            return Refusal(f"{other.file} sets another image for the same service")
    return None


def _of_value(finding: Finding, text: str, others: Iterable[ServicePart]) -> Refusal | None:
    """Lists of ports are joined, and a variable that another file sets as well would be there twice."""
    moved = finding.fix.moves[0] if finding.fix is not None and finding.fix.moves else None
    for other in others:
        if moved in other.variables:
            return Refusal(f"{other.file} sets {moved} for the same service as well")
        if "ports" in other.keys and _is_port(finding, text):
            return Refusal(f"{other.file} publishes ports of the same service, and Compose joins both lists")
    return None


def _is_port(finding: Finding, text: str) -> bool:
    try:
        return path_at(open_compose(text), finding.span.start, finding.span.end)[2:3] == ("ports",)
    except Refused:
        return False
