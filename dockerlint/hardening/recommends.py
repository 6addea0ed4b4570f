"""Recommended packages that a stage lives on without naming them: apt leaves them out when it is told to."""

from __future__ import annotations

from typing import Final, NamedTuple

from dockerlint.data import records, word_list
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.values import known

_FETCHERS: Final = word_list("systems", "packages-that-trust-servers")
"""They, or the library of curl, recommend ca-certificates, and trust no server without."""


class _Companion(NamedTuple):
    """What packages recommend."""

    packages: list[str]
    name: str
    bringers: list[str]
    """Packages that bring it as well."""
    programs: list[str]
    """By which it is seen to be used; none where the packages hardly work without it."""


_COMPANIONS: Final = tuple(
    _Companion(
        row["packages"].split(),
        row["recommended"],
        row["brought-by"].split(),
        row.get("programs", "").split(),
    )
    for row in records("systems", "recommended-packages")
)


def missed_recommend(stage: Stage) -> str | None:
    """A recommended package that its steps live on, and that it does not name; None where none is known."""
    return stage.remember("missed_recommend", _find_missed)


def _find_missed(stage: Stage) -> str | None:
    """Debian, Ubuntu and slim images come without compilers and tools, some also without certificates."""
    tag = "" if stage.base is None else known(stage.base.tag) or ""
    name = None if stage.base is None else stage.base.name
    is_system, is_slim = name in ("debian", "ubuntu"), "slim" in tag
    if not is_system and not is_slim:
        return None
    names, tools = _used(stage)
    has_certificates = not is_system and name != "node"
    if not has_certificates and "ca-certificates" not in names and not _FETCHERS.isdisjoint(names | tools):
        return "ca-certificates"
    for companion in _COMPANIONS:
        is_used = not companion.programs or not tools.isdisjoint(companion.programs)
        if is_used and not names.isdisjoint(companion.packages) and names.isdisjoint(companion.bringers):
            return companion.name
    return None


def _used(stage: Stage) -> tuple[set[str], set[str]]:
    """The packages that a stage and those it builds on name, and the programs that they run."""
    names: set[str] = set()
    tools: set[str] = set()
    here: Stage | None = stage
    while here is not None:
        for run in here.instructions:
            for command in run.commands if isinstance(run, Run) else ():
                tools.add(str(command.tool))
                if command.step is not None and command.step.action == "install":
                    names.update(command.step.names)
        here = here.parent
    return names, tools
