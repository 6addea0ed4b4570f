"""Another tag, or another image, wherever its reference stands in the text."""

from __future__ import annotations

from dockerlint.findings import Refusal
from dockerlint.fixing.dockerfile.arguments import Defaults
from dockerlint.fixing.dockerfile.reference import ReferencePart, edits_of, pieces_of, rewritten
from dockerlint.fixing.dockerfile.system import Ground
from dockerlint.fixing.request import Outcome, Request
from dockerlint.images.facts import Knowledge, Release
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.image import Image
from dockerlint.values import Unknown

_ELSEWHERE = "the image, or part of it, is a variable"


def retag(request: Request) -> Outcome:
    """The tag of the request, or its name and tag, in place of what is written; registry and quotes stay."""
    image = request.scope.get("image")
    if not isinstance(image, Image) or image.span.source:
        return Refusal("the image is set in another file")
    if isinstance(image.reference, Unknown):
        return Refusal(_ELSEWHERE)
    if image.digest is not None and str(request.argument) != image.as_locked:
        return Refusal("the image is pinned by digest")
    wanted = _wanted(image, image.reference, str(request.argument))
    build = request.scope.get("build")
    defaults = request.shared.answer(Defaults, request.text, build if isinstance(build, Build) else None)
    place = request.here(image.span)
    if place.start < 0 or place.end > len(request.text):
        return Refusal("its image is named in another file")
    pieces = pieces_of(request.text, place, defaults.of)
    if pieces is None or "".join(one.value for one in pieces) != image.reference:
        return Refusal(_ELSEWHERE)
    return _edits(image, pieces, wanted, defaults)


def _edits(image: Image, pieces: list[ReferencePart], wanted: str, defaults: Defaults) -> Outcome:
    values = rewritten(pieces, wanted)
    edits = None if values is None else edits_of(pieces, values)
    if values is None or not edits:
        return Refusal("the reference consists of several variables")
    parts = ((pieces[at].variable, value) for at, value in values.items())
    new = {name: value for name, value in parts if name is not None}
    return defaults.refusal(new, image) or edits


def _wanted(image: Image, reference: str, argument: str) -> str:
    """The whole new reference; the digest that the project's lock has for its tag goes with it."""
    place, at, digest = argument.partition("@")
    name, colon, tag = place.rpartition(":")
    path = reference.partition("@")[0].removesuffix(f":{image.tag.known if image.tag else None}")
    if colon and name != image.name:
        path = path.removesuffix(str(image.name)) + name
    locked = None if at else image.locked(name or str(image.name), tag)
    return f"{path}:{locked or tag}{at}{digest}"


def move(request: Request) -> Outcome:
    """The image that takes the place of one without fixes, where nothing in the build rests on that."""
    image, build, stage = (request.scope.get(kind) for kind in ("image", "build", "stage"))
    if not isinstance(image, Image) or image.successor is None or image.knowledge is None:
        return Refusal("no replacement is known")
    if not isinstance(build, Build) or not isinstance(stage, Stage) or stage.image is not image:
        return Refusal("what uses its files is not in this file")
    successor, knowledge = image.successor, image.knowledge
    if successor.system is None:
        return Refusal("the distribution of the new image is not known")
    ground = Ground(
        build,
        stage,
        successor,
        knowledge.bases.packages(successor.system.product, successor.system.cycle),
        _other_releases(knowledge, successor.system),
    )
    return ground.refusal(request.text) or retag(request)


def _other_releases(knowledge: Knowledge, system: Release) -> frozenset[str]:
    """The code names of every other release of Debian and Ubuntu."""
    facts = [knowledge.find(name) for name in ("debian", "ubuntu")]
    every = {release.codename for one in facts if one is not None for release in one.releases}
    return frozenset(every - {system.codename, ""})
