"""All capabilities dropped, and those given back that the service fails without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from dockerlint.data import ordered_words
from dockerlint.prove.layers import users
from dockerlint.prove.layers.hints import capabilities_in
from dockerlint.prove.layers.proof import Note, Proof
from dockerlint.prove.layers.search import once, shrink
from dockerlint.prove.trials.refusing import capability_name

LAYER: Final = "cap_drop"
_DEFAULTS: Final = ordered_words("prove", "default-capabilities")
_STEP_DOWN: Final = ("SETGID", "SETUID")
_MOST_CLIMBS: Final = 6
"""So often the log is asked for one more; then the whole set is taken apart."""


def held(service: Mapping[str, Any]) -> tuple[str, ...]:
    """The capabilities that a service has as it is, as Compose prints it."""
    added = [capability_name(one) for one in service.get("cap_add") or ()]
    dropped = [capability_name(one) for one in service.get("cap_drop") or ()]
    names = added if "ALL" in dropped else [*_DEFAULTS, *added]
    return tuple(sorted({one for one in names if one not in dropped}))


def drop_capabilities(proof: Proof, today: Sequence[str]) -> None:
    """Prove the smallest set that is found below that of `today`, or note that none works."""
    told: dict[str, None] = {}
    for names in _climb(proof, today, told):
        if _try(proof, names, f"cap_drop ALL{''.join(f' + {one}' for one in names)}"):
            break
    else:
        # Those that nothing speaks for go first.
        whole = (*(one for one in today if one not in told), *(one for one in today if one in told))
        if not _try(proof, whole, "cap_drop ALL + all of today's"):
            proof.notes.append(Note(LAYER, f"{proof.last.phase}: {proof.last.line}"))
            return
    shrink(_ordered(proof.proven.capabilities or (), told), once(lambda names: _without(proof, names)))


def _climb(proof: Proof, today: Sequence[str], told: dict[str, None]) -> Iterator[tuple[str, ...]]:
    """Ever larger sets, as the logs of what failed tell; `told` gets what they said."""
    yield ()
    for _ in range(_MOST_CLIMBS):
        is_led_down = (not told and _steps_down(proof)) or proof.last.phase == users.PHASE
        named = [*capabilities_in(proof.last.lines), *(_STEP_DOWN if is_led_down else ())]
        more = [one for one in named if one in today and one not in told]
        if not more:
            return
        told.update(dict.fromkeys(more))
        yield tuple(sorted(told))


def _steps_down(proof: Proof) -> bool:
    """Root starts it, and it goes on as somebody else."""
    return any(one.uid for one in proof.processes)


def _ordered(names: Sequence[str], told: Mapping[str, None]) -> tuple[str, ...]:
    return (*(one for one in names if one not in told), *(one for one in names if one in told))


def _without(proof: Proof, names: tuple[str, ...]) -> bool:
    gone = [one for one in proof.proven.capabilities or () if one not in names]
    lack = f"capability {gone[0]}" if len(gone) == 1 else ""
    return _try(proof, names, f"without {' '.join(gone)}", lack)


def _try(proof: Proof, names: Sequence[str], said: str, lack: str = "") -> bool:
    return proof.attempt(proof.proven._replace(capabilities=tuple(sorted(names))), said, lack).works
