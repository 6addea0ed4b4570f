"""Which release line a container can move to: the newest one that takes the folders mounted in it."""

from __future__ import annotations

from dockerlint.images.facts import ImageFacts
from dockerlint.images.tags import cut, join
from dockerlint.model.container.container import Container


def binding_mount(container: Container) -> str | None:
    """The folder for data, mounted here, that the release behind a moving tag no longer takes."""
    found = _binding(container)
    return None if found is None else found[0]


def mounted_tag(container: Container) -> str | None:
    """The tag of the newest line that takes this folder, in the same variant; None where none does."""
    found = _binding(container)
    return None if found is None else found[1]


def _binding(container: Container) -> tuple[str, str] | None:
    """Folder and tag; None where what the tag means today takes every folder."""
    image = container.image
    current = None if image is None else image.current_tag
    if image is None or image.facts is None or current is None:
        return None
    version, variant = cut(current.partition("@")[0])
    for folder, line in image.facts.mount_lines:
        if _is_newer(image.facts, version, line) and _mounts(container, folder):
            return folder, join(line, variant)
    return None


def _is_newer(facts: ImageFacts, version: str, line: str) -> bool:
    cycles = [release.cycle for release in facts.releases]
    release = facts.release_of(version)
    return release is not None and line in cycles and cycles.index(release.cycle) < cycles.index(line)


def _mounts(container: Container, folder: str) -> bool:
    targets = (str(mount.target.known).rstrip("/") for mount in container.mounts if mount.target is not None)
    return any(target == folder or target.startswith(f"{folder}/") for target in targets)
