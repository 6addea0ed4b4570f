"""FROM: the image or stage a stage builds on, its name, its platform."""

from __future__ import annotations

from itertools import islice
from typing import Final, NamedTuple

from dockerlint.images.reference import is_pinning
from dockerlint.model.dockerfile.instruction import From
from dockerlint.model.image import Image
from dockerlint.parse.dockerfile.arguments import ArgumentText, RawFlag, read_words
from dockerlint.parse.dockerfile.context import FileState, StageState
from dockerlint.parse.dockerfile.instructions import cut
from dockerlint.parse.dockerfile.scope import PLATFORM_ARGS, Filled, Scope
from dockerlint.parse.dockerfile.statements import Statement
from dockerlint.parse.image import read_image
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown

MOST_NAMES: Final = 1000
"""With how many stage names a reference with an unresolved variable is compared."""

_STAGE_NAME = pattern(r"[a-z][a-z0-9_.-]*\Z")


class FromLine(NamedTuple):
    """A FROM, read with the global ARGs that stand above it."""

    node: From
    text: str
    """The base with UNRESOLVED for each variable that is not known; "" when there is none."""
    written: str
    """The base as the text spells it."""
    name: Located[str] | None
    globals: Scope


def read_from_line(statement: Statement, file: FileState, globals_: Scope) -> FromLine:
    """Read a FROM; the stages it may name are looked up later."""
    written = statement.written_keyword
    stage = StageState(0, "", globals_, globals_)
    reading = cut(ArgumentText(written, 0, len(written)), statement, file, stage, is_onbuild=False)
    words = read_words(reading.text, reading.start)
    platform = reading.flag("platform")
    filled = globals_.fill(words[0], statement, file.escape) if words else None
    if filled:
        reading.undefined.extend(filled.undefined)
    as_word = Located(words[1].text, reading.at(words[1])) if len(words) > 1 and _is_as(words[1]) else None
    name = Located(words[2].text, reading.at(words[2])) if as_word and len(words) > 2 else None
    if not words:
        reading.report("missing-argument", "FROM without an image")
    elif len(words) not in (1, 3) or (len(words) == 3 and not as_word):
        reading.report(
            "bad-from",
            "FROM takes an image, or an image AS a name",
            words[1],
            "a comment needs a line of its own",
        )
    elif name is not None and not _STAGE_NAME.match((name.known or "").lower()):
        reading.report("bad-stage-name", f"{words[2].text!r} is not a valid stage name", words[2])
    platform_text = _platform_text(reading.raw_flags)
    node = From(
        base=Located(filled.known, reading.at(words[0])) if filled else None,
        platform=platform,
        as_word=as_word,
        written=written,
        has_constant_platform=_is_constant(platform_text, name),
        has_redundant_platform=platform_text in ("$TARGETPLATFORM", "${TARGETPLATFORM}"),
        needs_argument=filled is not None
        and not filled.undefined  # which no argument fills
        and _needs_argument(filled.value, words[0], file),
        **reading.common(),
    )
    text = _without_stand_in(_as_docker_reads(filled), words[0].text) if filled else ""
    return FromLine(node, text, words[0].text if words else "", name, globals_)


def _as_docker_reads(filled: Filled) -> str:
    """A variable that no ARG declares is empty: `alpine$TAG` is alpine. What makes no name stays open."""
    text = filled.value
    if not filled.undefined or text.count(UNRESOLVED) != len(filled.undefined):
        return text
    rest = text.replace(UNRESOLVED, "")
    return rest if rest[:1].isalnum() and rest[-1:].isalnum() else text


def _without_stand_in(text: str, written: str) -> str:
    """`alpine@sha256:$SUM` whose default is no digest asks for a build argument: the digest is not known."""
    name, _, digest = text.partition("@")
    if "$" not in written.partition("@")[2] or is_pinning(digest):
        return text
    return f"{name}@{UNRESOLVED}"


def _platform_text(flags: list[RawFlag]) -> str:
    found = [flag.value.text.strip("'\"") for flag in flags if flag.name == "platform" and flag.value]
    return found[-1] if found else ""


def _is_constant(platform: str, name: Located[str] | None) -> bool:
    """BuildKit's FromPlatformFlagConstDisallowed: a stage named `build-arm64` means its platform."""
    stage = ((name.known if name else None) or "").lower()
    return (
        bool(platform)
        and "$" not in platform
        and not any(part in stage for part in platform.split("/") if part)
    )


def _needs_argument(value: str, word: ArgumentText, file: FileState) -> bool:
    """Docker puts nothing where an ARG has no value; platform arguments always have one."""
    if file.is_foreign or file.is_context(value):
        return False
    if UNRESOLVED not in value and _without_stand_in(value, word.text) != value:
        return True
    if UNRESOLVED not in value or any(name in word.text for name in PLATFORM_ARGS):
        return False
    blank: Located[str] = Located(value.replace(UNRESOLVED, ""), Span(0, 0))
    return read_image(blank, "from", file.knowledge).problem is not None


def _is_as(word: ArgumentText) -> bool:
    return word.text.lower() == "as"


def find_parent(from_line: FromLine, names: dict[str, int]) -> int | None:
    """Index of the stage that a FROM names, or could name once its variables are known."""
    text = from_line.text.lower()
    if UNRESOLVED not in text:
        return names.get(text)
    # `FROM base-${TARGETARCH}`: a text that fits a stage's name is meant as one.
    parts = text.split(UNRESOLVED)
    head, tail = parts[0], parts[-1]
    if not head.strip("/:") and not tail.strip("/:"):
        return None
    some = islice(names.items(), MOST_NAMES)
    fitting = (index for name, index in some if name.startswith(head) and name.endswith(tail))
    return next(fitting, None)


def read_base(from_line: FromLine, file: FileState) -> Image | None:
    """The external image of a FROM."""
    if from_line.node.base is None:
        return None
    text = Located(from_line.text, from_line.node.base.span)
    return file.image(text, "from", from_line.written)


def is_windows(image: Image | None, platform: Located[str] | None, escape: str) -> bool | Unknown:
    """Whether a base image is of Windows, by its name, the platform asked for or the escape character."""
    if platform is not None and isinstance(platform.value, str) and platform.value.startswith("windows"):
        return True
    if image is None or image.is_scratch is True:
        return escape == "`"
    if image.is_windows:
        return True
    return UNKNOWN if escape == "`" else False
