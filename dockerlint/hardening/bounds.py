"""How much of its host a container should be allowed to use, where its text does not say.

That is the policy of a project. What its config names counts, then what its image is known to need; what an
image was merely run under is a proposal, and a bound that rests on nothing is no more than an example.
"""

from __future__ import annotations

from typing import Final

from dockerlint.hardening.conditions import hold
from dockerlint.hardening.needs import image_needs, starts_image
from dockerlint.hardening.receipts import proven_here
from dockerlint.images.facts import Demand, ImageFacts
from dockerlint.model.container.container import Container
from dockerlint.model.container.limits import amount
from dockerlint.values import UNKNOWN, Unknown

TRIED_MEMORY, TRIED_CPUS, TRIED_PIDS = "512m", 1.0, 200
"""What was enough for the images that were run under these bounds."""
WALL_MEMORY, WALL_PIDS = "2g", 1000
"""For all others: a wall against a leak or a fork bomb, which few programs reach by themselves."""
_SEEN: Final = ("tested", "measured", "read", "documented")
"""How a need must have been found to be more than a conclusion."""


def memory_bound(container: Container) -> str | Unknown:
    """The project's bound, else one that fits the image, or what that is known to need where it is more.

    UNKNOWN where that is known to be a lot, but not how much.
    """
    bounds, least = container.bounds, _least_memory(container)
    if bounds.is_for_service:
        return bounds.memory
    if (receipt := proven_here(container)) is not None and receipt.memory and not bounds.memory:
        return receipt.memory
    if least == "depends":
        return UNKNOWN
    bound = bounds.memory or (TRIED_MEMORY if _is_tried(container) else WALL_MEMORY)
    return least if least is not None and amount(least) > amount(bound) else bound


def memory_evidence(container: Container) -> str:
    """What `memory_bound` rests on.

    `policy`: the config names it. `needed`: more is not needed, as was seen. `concluded`: the same as a
    conclusion from what was read. `tried`: the image was run under it. `here`: measured on an engine of the
    project, with head-room. `none`.
    """
    receipt = proven_here(container)
    if receipt is not None and receipt.memory and not container.bounds.memory:
        return "here"
    facts = _facts(container)
    demand = None if facts is None else facts.memory
    return _evidence(container, demand, is_policy=bool(container.bounds.memory))


def cpus_bound(container: Container) -> float:
    """The project's bound, else as many processors as its image needs, or those that were tried have had."""
    facts = _facts(container)
    least = 0 if facts is None or facts.processors is None else float(facts.processors.least)
    return container.bounds.cpus or max(TRIED_CPUS, least)


def cpus_evidence(container: Container) -> str:
    """What `cpus_bound` rests on, in the words of `memory_evidence`."""
    facts = _facts(container)
    demand = None if facts is None else facts.processors
    return _evidence(container, demand, is_policy=bool(container.bounds.cpus))


def pids_bound(container: Container) -> int:
    """The same for processes and threads; a program that needs much memory starts many threads."""
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service and bounds.pids:
        return bounds.pids
    if (receipt := proven_here(container)) is not None and receipt.pids and not bounds.pids:
        return receipt.pids
    least = 0 if facts is None or facts.processes is None else int(facts.processes.least)
    bound = bounds.pids or (TRIED_PIDS if _is_tried(container) else WALL_PIDS)
    return max(bound, least, WALL_PIDS if _needs_much(container) else 0)


def pids_evidence(container: Container) -> str:
    """What `pids_bound` rests on, in the words of `memory_evidence`."""
    if (receipt := proven_here(container)) is not None and receipt.pids and not container.bounds.pids:
        return "here"
    facts = _facts(container)
    demand = None if facts is None else facts.processes
    return _evidence(container, demand, is_policy=bool(container.bounds.pids))


def _evidence(container: Container, demand: Demand | None, *, is_policy: bool) -> str:
    """`demand` is what its image is known to need; None where nothing is."""
    if is_policy:
        return "policy"
    is_known = demand is not None and starts_image(container) and hold(demand.conditions, container)
    if is_known and demand is not None and demand.strength in _SEEN:
        return "needed"
    if _is_tried(container):
        return "tried"
    return "concluded" if is_known else "none"


def _needs_much(container: Container) -> bool:
    """Its image is known to need more memory than any other is given."""
    least = _least_memory(container)
    return least == "depends" or amount(least or "") > amount(container.bounds.memory or TRIED_MEMORY)


def _is_tried(container: Container) -> bool:
    """It runs what was found out by running its image, with the bounds that fixes write."""
    needs = image_needs(container)
    return needs is not None and needs.is_tested


def _least_memory(container: Container) -> str | None:
    facts = _facts(container)
    return None if facts is None or facts.memory is None else str(facts.memory.least)


def _facts(container: Container) -> ImageFacts | None:
    return None if container.image is None else container.image.facts
