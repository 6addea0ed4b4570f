"""What was proven of a container on an engine (`dockerlint prove`), and whether that still speaks of it."""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list
from dockerlint.images.facts import is_before
from dockerlint.images.receipt import Receipt
from dockerlint.images.reference import Parts, cut, normalise
from dockerlint.images.tags import cut as tag_parts
from dockerlint.model.container.container import Container
from dockerlint.model.image import Image
from dockerlint.values import Unknown

TESTED, OF_LINE, STALE, NONE = "tested", "read", "stale", "none"
HERE: Final = "tested here"
"""How the caveat of a fix begins that rests on a receipt."""
_SETUP_LENGTH: Final = 16
_FILE: Final = "_FILE"


def proven_here(container: Container) -> Receipt | None:
    """The receipt that speaks of a container as it is; None where there is none."""
    return next((one for one in container.receipts if _objection(one, container) is None), None)


def receipt_evidence(container: Container) -> str:
    """`tested`: a receipt is for this very image or Dockerfile; `read`: for an older tag of its line.

    `stale`: there is one, for something else. `none`.
    """
    receipt = proven_here(container)
    if receipt is None:
        return STALE if container.receipts else NONE
    return TESTED if _is_same_tag(receipt, container.image) or container.build is not None else OF_LINE


def stale_receipt(container: Container) -> str | None:
    """Why the receipt of a container speaks of it no more; None where one does, or there is none."""
    if not container.receipts or proven_here(container) is not None:
        return None
    return f"{container.receipts[0].path}: {_objection(container.receipts[0], container)}"


def receipt_note(container: Container) -> str | None:
    """What the evidence is, for a caveat; None without any."""
    receipt = proven_here(container)
    if receipt is None:
        return None
    of = "" if receipt_evidence(container) == TESTED else f" with {receipt.image}"
    return f"{HERE}{of}, {receipt.engine}, {receipt.date}"


def user_evidence(container: Container) -> str:
    """`here` where a receipt names the user to run as, `none` elsewhere."""
    receipt = proven_here(container)
    return "here" if receipt is not None and receipt.user and container.account is None else NONE


def setup_of(container: Container) -> str:
    """A digest of what a container is started with, as far as what it needs depends on it.

    That is its command, what is mounted where, and the names of its variables; what fixes write is left out:
    users, tmpfs, and a secret that comes from a file.
    """
    words = [word.text for command in container.commands for word in command.words]
    mounts = sorted(
        f"{mount.target.known}={mount.is_bind}"
        for mount in container.mounts
        if mount.target is not None and mount.origin == "volumes" and mount.is_tmpfs is False
    )
    names = sorted({str(one.name).removesuffix(_FILE) for one in container.variables})
    return _digest("\n".join((*words, "", *mounts, "", *names)))[:_SETUP_LENGTH]


def dockerfile_digest(container: Container) -> str | None:
    """SHA-256 of the Dockerfile that it builds; None where that cannot be read."""
    text = None if container.built is None else container.built.text
    return None if text is None else _digest(text)


def _digest(text: str) -> str:
    from hashlib import sha256  # with a library for cryptography behind it; few services have a receipt

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _objection(receipt: Receipt, container: Container) -> str | None:
    """Why a receipt does not speak of a container; None where it does."""
    if container.build is not None:
        if receipt.dockerfile != dockerfile_digest(container):
            return "its Dockerfile is another one now" if receipt.dockerfile else "it is built now"
    elif (why := _other_image(receipt, container.image)) is not None:
        return why
    if receipt.setup != setup_of(container):
        return "its command, mounts or variables are others now"
    if not set(receipt.capabilities or ()) <= _todays(container):
        return "it asks for capabilities that the service does not have today"
    if receipt.user and container.account is not None and container.account.text != receipt.user:
        return "its user is another one now"
    return None


def _todays(container: Container) -> set[str]:
    """The capabilities that a container may have: Docker's own, and those that its text adds."""
    defaults = word_list("prove", "default-capabilities")
    return {*defaults, *(str(one.name) for one in container.capabilities)}


def _other_image(receipt: Receipt, image: Image | None) -> str | None:
    if image is None or isinstance(image.reference, Unknown):
        return "its image is not known"
    parts = cut(receipt.image)
    if not receipt.image or normalise(parts.path)[1] != image.name:
        return f"it ran {receipt.image or 'a build'}"
    if _is_same_tag(receipt, image):
        return "its image has another digest now" if _has_other_digest(receipt, image, parts) else None
    return None if _is_later(parts.tag or "latest", image) else f"it ran {receipt.image}"


def _is_same_tag(receipt: Receipt, image: Image | None) -> bool:
    return image is not None and _tag(image) == (cut(receipt.image).tag or "latest")


def _tag(image: Image) -> str:
    return "latest" if image.tag is None else image.tag.known or ""


def _has_other_digest(receipt: Receipt, image: Image, parts: Parts) -> bool:
    """The text, or else the project's lock, names one that was not run."""
    written = None if image.digest is None else image.digest.known
    known = image.knowledge.digests if image.knowledge is not None else {}
    wanted = written or known.get(f"{image.name}:{_tag(image)}") or ""
    return bool(wanted) and wanted not in (receipt.digest, parts.digest)


def _is_later(ran: str, image: Image) -> bool:
    """The tag names a later version of the release line that ran, in the same variant."""
    (old, variant), (new, other) = tag_parts(ran), tag_parts(_tag(image))
    if variant != other or not old[:1].isdigit() or not new[:1].isdigit() or is_before(new, old):
        return False
    if image.facts is not None and image.facts.releases:
        line = image.facts.release_of(old)
        return line is not None and line == image.facts.release_of(new)
    return old.partition(".")[0] == new.partition(".")[0]
