"""How much of its host a container should be allowed to use, where its text does not say."""

from __future__ import annotations

from dockerlint.images.facts import ImageFacts
from dockerlint.model.container.container import Container
from dockerlint.model.container.limits import amount
from dockerlint.values import UNKNOWN, Unknown

TRIED_MEMORY, TRIED_PIDS = "512m", 200
"""What was enough for the images that were run under these bounds."""
WALL_MEMORY, WALL_PIDS = "2g", 1000
"""For all others: a wall against a leak or a fork bomb, which few programs reach by themselves."""


def memory_bound(container: Container) -> str | Unknown:
    """The project's bound, else one that fits the image, or what that is known to need where it is more.

    UNKNOWN where that is known to be a lot, but not how much.
    """
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service:
        return bounds.memory
    least = "" if facts is None else facts.least_memory
    if least == "depends":
        return UNKNOWN
    bound = bounds.memory or (TRIED_MEMORY if _is_tried(container) else WALL_MEMORY)
    return least if amount(least) > amount(bound) else bound


def pids_bound(container: Container) -> int:
    """The same for processes and threads; a program that needs much memory starts many threads."""
    bounds, facts = container.bounds, _facts(container)
    if bounds.is_for_service and bounds.pids:
        return bounds.pids
    least = 0 if facts is None else facts.least_processes
    bound = bounds.pids or (TRIED_PIDS if _is_tried(container) else WALL_PIDS)
    return max(bound, least, WALL_PIDS if _needs_much(container) else 0)


def _needs_much(container: Container) -> bool:
    """Its image is known to need more memory than any other is given."""
    facts = _facts(container)
    least = "" if facts is None else facts.least_memory
    return least == "depends" or amount(least) > amount(container.bounds.memory or TRIED_MEMORY)


def _is_tried(container: Container) -> bool:
    """What its image needs was found by running that, with the bounds that fixes write."""
    facts = _facts(container)
    return facts is not None and facts.needs is not None and facts.needs.is_tested


def _facts(container: Container) -> ImageFacts | None:
    return None if container.image is None else container.image.facts
