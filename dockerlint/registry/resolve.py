"""The digests of many images, each registry asked for one after another and all at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from dockerlint.registry.credentials import Logins
from dockerlint.registry.errors import RegistryError
from dockerlint.registry.names import repository_of
from dockerlint.registry.network import NetworkPolicy
from dockerlint.registry.session import RegistrySession
from dockerlint.registry.transport import Sleep, Transport

AT_ONCE: Final = 16
"""Registries that are asked at the same time."""


class AskedImage(NamedTuple):
    """An image whose digest is wanted."""

    registry: str
    name: str
    """The familiar name: `node`, `ghcr.io/team/app`."""
    tag: str
    platform: str = ""
    """`linux/arm64` where one platform is wanted."""
    known: str = ""
    """The digest that it had the last time."""


Tell = Callable[[AskedImage, "str | RegistryError"], None]
"""Who is told of each digest, or why there is none, as it comes."""


def resolve(
    images: Sequence[AskedImage], network: NetworkPolicy, tell: Tell, sleep: Sleep = asyncio.sleep
) -> None:
    """Ask for all of them; raises UserError where nobody can be asked."""
    asyncio.run(_resolve(images, network, tell, sleep))


async def _resolve(images: Sequence[AskedImage], network: NetworkPolicy, tell: Tell, sleep: Sleep) -> None:
    by_registry: dict[str, list[AskedImage]] = {}
    for image in images:
        by_registry.setdefault(image.registry, []).append(image)
    logins, turn = Logins(), asyncio.Semaphore(AT_ONCE)
    async with Transport(network, sleep) as transport:

        async def converse(registry: str, some: Sequence[AskedImage]) -> None:
            async with turn:
                await _converse(some, RegistrySession(registry, logins, transport), tell)

        await asyncio.gather(*(converse(registry, some) for registry, some in by_registry.items()))


async def _converse(images: Sequence[AskedImage], session: RegistrySession, tell: Tell) -> None:
    for image in images:
        try:
            repository = repository_of(image.registry, image.name)
            found: str | RegistryError = await session.digest(
                repository, image.tag, image.platform, image.known
            )
        except RegistryError as error:
            found = error
        tell(image, found)
