"""The questions of plans to registries, and their answers."""

from __future__ import annotations

from collections.abc import Sequence

from dockerlint.pin.plan import LockPlan
from dockerlint.registry.errors import RegistryError
from dockerlint.registry.network import NetworkPolicy
from dockerlint.registry.resolve import AskedImage, resolve


def ask(plans: Sequence[LockPlan], network: NetworkPolicy) -> None:
    """Give plans the digests that registries have; each image is asked for once. Raises UserError."""
    waiting: dict[AskedImage, list[tuple[LockPlan, str]]] = {}
    for plan in plans:
        for key in plan.asked():
            waiting.setdefault(_asked(plan, key), []).append((plan, key))

    def tell(image: AskedImage, found: str | RegistryError) -> None:
        for plan, key in waiting[image]:
            if isinstance(found, str):
                plan.answer(key, found)
            else:
                plan.fail(key, str(found))

    if waiting:
        resolve(list(waiting), network, tell)


def _asked(plan: LockPlan, key: str) -> AskedImage:
    first, entry = plan.mentions[key][0], plan.new.get(key)
    known = "" if entry is None else entry.digest
    return AskedImage(first.registry, first.name, first.tag, plan.platform_of(key), known)
