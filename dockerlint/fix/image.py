"""Another tag for an image, wherever its reference stands in the text."""

from __future__ import annotations

from dockerlint.findings import Edit
from dockerlint.fix.order import Order, Refusal
from dockerlint.model.image import Image
from dockerlint.model.shared import known
from dockerlint.text import Span


def retag(order: Order) -> tuple[Edit, ...] | Refusal:
    """Put the tag of the order behind the name; registry, name and quotes stay as they are written."""
    image = order.scope.get("image")
    if not isinstance(image, Image) or image.span.source:
        return Refusal("another file names the image")
    written = order.text[image.span.start : image.span.end]
    reference = known_text(image)
    if reference is None or "$" in written or reference not in written or written.count(reference) != 1:
        return Refusal("a variable holds the image or a part of it")
    if image.digest is not None:
        return Refusal("a digest decides which image it is")
    start = image.span.start + written.index(reference)
    end = start + len(reference)
    tag = known(image.tag)
    if tag is None:
        return (Edit(Span(end, end), f":{order.argument}"),)
    if not reference.endswith(f":{tag}"):
        return Refusal("the tag is not spelled out")
    return (Edit(Span(end - len(tag), end), str(order.argument)),)


def known_text(image: Image) -> str | None:
    """The whole reference, or None where a variable holds some of it."""
    return image.reference if isinstance(image.reference, str) else None
