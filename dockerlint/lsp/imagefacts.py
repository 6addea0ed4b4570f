"""What is known about an image, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlint.images.facts import ImageFacts, ImageNeeds, Release
from dockerlint.model.image import Image
from dockerlint.values import known


def facts_of(image: Image) -> Iterator[tuple[str, str]]:
    """Each fact and what it is about; none for an image that nothing is known of."""
    facts = image.facts
    if facts is None:
        return
    yield "image", _what(facts)
    if image.release is not None:
        yield "release", _release(image.release, facts)
    if image.base is not None:
        yield "system", _release(image.base, facts)
    if (now := image.current_tag) is not None:
        yield "tag", f"meant {now} when the facts were collected"
    if (successor := image.successor) is not None:
        yield "successor", successor.reference
    yield "user", _user(image, facts)
    if facts.ports:
        yield "ports", ", ".join(map(str, facts.ports))
    yield from _needs(facts, known(image.tag) or "latest")
    if facts.has_healthcheck:
        yield "health", "the image brings a health check"
    if facts.secret_files:
        yield "secrets", f"read from files: {', '.join(map(facts.secret_form.format, facts.secret_files))}"


def _what(facts: ImageFacts) -> str:
    kind = "an official image of Docker" if facts.is_official else "a known image"
    role = f", {facts.role}" if facts.role else ""
    if facts.is_deprecated:
        since = f" since {facts.deprecated_since}" if facts.deprecated_since else ""
        instead = f"; its publisher names {facts.replacement} instead" if facts.replacement else ""
        return f"{kind}{role}, deprecated{since}{instead}"
    return f"{kind}{role}"


def _release(release: Release, facts: ImageFacts) -> str:
    name = f"{release.product} {release.cycle}".strip() + (" (LTS)" if release.is_lts else "")
    if release.is_ended:
        state = f"support ended {release.ended}"
    elif release.end_of_life is not None:
        state = f"supported until {release.end_of_life}"
    else:
        state = "supported, with no end announced"
    newest = f"; newest version {release.latest}" if release.latest else ""
    newer = facts.line_after(release) if release in facts.releases else None
    after = f"; newer line {newer.cycle}" if newer is not None else ""
    return f"{name}, {state}{newest}{after}"


def _user(image: Image, facts: ImageFacts) -> str:
    user = image.default_user
    told = f"starts as {user}" if isinstance(user, str) else "not known"
    if facts.drops_root:
        told += ", and its entrypoint goes on as another user"
    if facts.unprivileged_user:
        told += f"; {facts.unprivileged_user} is there to be used"
    return told


def _needs(facts: ImageFacts, tag: str) -> Iterator[tuple[str, str]]:
    needs = facts.needs
    if needs is None:
        return
    capabilities = needs.as_root_of(tag)
    if capabilities is not None:
        yield "capabilities", f"{', '.join(capabilities) or 'none'} under cap_drop: [ALL] ({needs.strength})"
    if needs.tmpfs is not None:
        yield "writes to", _written(needs)


def _written(needs: ImageNeeds) -> str:
    places = ", ".join(needs.tmpfs or ()) or "nothing besides its volumes"
    return f"{places} ({needs.tmpfs_strength})"
