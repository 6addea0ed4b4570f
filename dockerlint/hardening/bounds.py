"""How much of its host a container should be allowed to use, where its text does not say.

That is the policy of a project. What its config names counts, then what is known about the image; a bound
that rests on neither is no more than an example.
"""

from __future__ import annotations

from dockerlint.hardening.needs import image_needs
from dockerlint.images.facts import ImageFacts
from dockerlint.model.container.container import Container
from dockerlint.model.container.limits import amount
from dockerlint.values import UNKNOWN, Unknown

TRIED_MEMORY, TRIED_CPUS, TRIED_PIDS = "512m", 1.0, 200
"""What was enough for the images that were run under these bounds."""
WALL_MEMORY, WALL_PIDS = "2g", 1000
"""For all others: a wall against a leak or a fork bomb, which few programs reach by themselves."""


def memory_bound(container: Container) -> str | Unknown:
    """The project's bound, else one that fits the image, or what that is known to need where it is more.

    UNKNOWN where that is known to be a lot, but not how much.
    """
    bounds, least = container.bounds, _least_memory(container)
    if bounds.is_for_service:
        return bounds.memory
    if least == "depends":
        return UNKNOWN
    bound = bounds.memory or (TRIED_MEMORY if _is_tried(container) else WALL_MEMORY)
    return least if least is not None and amount(least) > amount(bound) else bound


def memory_evidence(container: Container) -> str:
    """What `memory_bound` rests on: `policy` (the config names it), `tried`, `known` or `none`."""
    known = _least_memory(container) is not None and container.build is None
    return _evidence(container, is_policy=bool(container.bounds.memory), is_known=known)


def cpus_bound(container: Container) -> float:
    """The project's bound, else as many processors as were enough for the images that were tried."""
    return container.bounds.cpus or TRIED_CPUS


def cpus_evidence(container: Container) -> str:
    """What `cpus_bound` rests on, in the words of `memory_evidence`."""
    return _evidence(container, is_policy=bool(container.bounds.cpus), is_known=False)


def pids_bound(container: Container) -> int:
    """The same for processes and threads; a program that needs much memory starts many threads."""
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service and bounds.pids:
        return bounds.pids
    least = 0 if facts is None else facts.least_processes
    bound = bounds.pids or (TRIED_PIDS if _is_tried(container) else WALL_PIDS)
    return max(bound, least, WALL_PIDS if _needs_much(container) else 0)


def pids_evidence(container: Container) -> str:
    """What `pids_bound` rests on, in the words of `memory_evidence`."""
    facts = _facts(container)
    is_known = facts is not None and facts.least_processes > 0 and container.build is None
    return _evidence(container, is_policy=bool(container.bounds.pids), is_known=is_known)


def _evidence(container: Container, *, is_policy: bool, is_known: bool) -> str:
    if is_policy:
        return "policy"
    return "tried" if _is_tried(container) else "known" if is_known else "none"


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
    return None if facts is None else facts.least_memory or None


def _facts(container: Container) -> ImageFacts | None:
    return None if container.image is None else container.image.facts
