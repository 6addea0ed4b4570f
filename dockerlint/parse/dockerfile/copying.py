"""COPY and ADD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dockerlint.data import ordered_words
from dockerlint.kinds import INNER_FOLDER, PACKED
from dockerlint.model.dockerfile.copying import Add, Copy, CopySource, is_whole, origin_of
from dockerlint.model.image import Image
from dockerlint.parse.dockerfile.arguments import ArgumentText, is_other_json_list, read_words
from dockerlint.parse.dockerfile.context import FARTHEST_CONTEXT, Reading, StageState, builds_as_root
from dockerlint.parse.dockerfile.dockerignore import (
    BASICS,
    REPOSITORY,
    exposed_names,
    is_ignored,
    parse_ignore_file,
)
from dockerlint.parse.dockerfile.effects import directory_of
from dockerlint.patterns import parse_patterns
from dockerlint.regex import pattern
from dockerlint.values import UNKNOWN, UNRESOLVED, Located, Unknown


def read_copy(reading: Reading) -> Copy:
    """COPY."""
    return Copy(**_copy(reading))


def read_add(reading: Reading) -> Add:
    """ADD."""
    return Add(**_copy(reading))


def _copy(reading: Reading) -> dict[str, Any]:
    words = reading.list_at(reading.start)
    if words is None:
        if is_other_json_list(reading.text, reading.start):
            reading.report("json-strings", "the JSON form takes strings only", reading.rest)
        words = read_words(reading.text, reading.start)
        reading.note_list(reading.start, runs=False)
    if len(words) == 1:
        reading.report("missing-argument", f"{reading.keyword.text.upper()} needs a source and a destination")
    stage = reading.stage
    origin = reading.flag("from")
    _refuse_variable(reading)
    return {
        "sources": tuple(_source(word, reading, origin is not None) for word in words[:-1]),
        "destination": reading.locate(words[-1]) if words else None,
        "copies_from": origin,
        **_origin(origin, reading),
        "checksum": reading.flag("checksum"),
        "owner": reading.flag("chown"),
        "mode": reading.flag("chmod"),
        "as_root": builds_as_root(stage),
        "has_workdir_before": stage.workdir is not None,
        "absolute_destination": _absolute(words[-1].text, stage) if words else None,
        **reading.common(),
    }


def _refuse_variable(reading: Reading) -> None:
    """Docker knows the stages before it knows any variable."""
    for flag in reading.raw_flags:
        if flag.name == "from" and flag.value is not None and "$" in flag.value.text:
            reading.report("variable-in-from", NO_VARIABLE, flag, "name the image in a FROM … AS stage above")


_PLAIN_ENDINGS: Final = ordered_words("folders", "plain-endings")
_ARCHIVE_STARTS: Final = ("\x1f\x8b", "BZh", "\xfd7zXZ", "(\xb5/\xfd", "\x1f\x9d")
"""Of gzip, bzip2, xz, zstd and compress, read byte by byte."""
_NPM_LOGIN: Final = pattern(r"_auth|_password|\bkeyfile\b|-----BEGIN|://[^/\s]*@", re.I)
"""In .npmrc: what opens a registry, and a key of its own."""
_GIT_IGNORE: Final = ".gitignore"
_VARIABLES: Final = ".env"
_SAMPLES: Final = (_VARIABLES, *ordered_words("folders", "samples-of-variables"))
NO_VARIABLE: Final = "variables are not expanded in the name of a stage or image to take files from"
"""dispatchCopy and dispatchRunMounts of BuildKit."""


def _absolute(path: str, stage: StageState) -> str | None:
    """The destination as a whole path; a folder keeps the slash at its end."""
    folder = None if any(mark in path for mark in "$\"'\\") else directory_of(stage, path)
    is_folder = path.endswith("/") or path in (".", "..")
    return folder if folder is None or folder == "/" or not is_folder else f"{folder}/"


def _basics(reading: Reading) -> tuple[str, ...]:
    """The folder of a `.dockerignore` is the context: where a repository is above it, its `.git` is, too."""
    file = reading.file
    is_inner = file.ignored is not None and file.text_of(INNER_FOLDER) is not None
    return tuple(name for name in BASICS if not is_inner or name != REPOSITORY)


def _source(word: ArgumentText, reading: Reading, is_from_stage: bool) -> CopySource:
    span = reading.at(word)
    heredoc = next((each for each in reading.statement.heredocs if word.start == each.marker.start), None)
    if heredoc is not None:
        reading.note_undefined(heredoc)
        return CopySource(Located(word.text, span), "heredoc", span, label=word.text)
    value = reading.fill(word).value
    path: Located[str] = Located(UNKNOWN if UNRESOLVED in value else value, span)
    label = value.replace(UNRESOLVED, "…")
    if is_from_stage:
        return CopySource(path, "stage", span, label=label)
    origin = origin_of(value)
    if origin != "context" or isinstance(path.value, Unknown):
        return CopySource(path, origin, span, label=label)
    if is_whole(path.value):
        left_out = parse_ignore_file("\n".join(_excluded(reading)))
        names = exposed_names(reading.file.ignored_above, _basics(reading))
        names = exposed_names(left_out, exposed_names(reading.file.ignored, names))
        known_here = tuple(name for name in names if _is_known_here(name, reading))
        return CopySource(path, origin, span, known_here, label)
    return CopySource(
        path,
        origin,
        span,
        label=label,
        may_unpack=_may_unpack(path.value, reading),
        has_no_login=_has_no_login(path.value, reading),
        has_no_secret=_has_no_secret(path.value, reading),
        is_ignored=_never_arrives(path.value, reading),
    )


def _may_unpack(path: str, reading: Reading) -> bool:
    """Whether ADD may find an archive in what a path names (`isArchivePath` of moby, by the first bytes)."""
    if reading.keyword.text.upper() != "ADD":
        return False
    if any(mark in path for mark in "*?["):
        return not path.lower().endswith(_PLAIN_ENDINGS)
    text = reading.file.text_of(path.removeprefix("./")) or ""
    return text.startswith(_ARCHIVE_STARTS) or text[257:262] == "ustar"


def _has_no_login(path: str, reading: Reading) -> bool:
    """Whether a path names settings of npm without a login; what cannot be read may have one."""
    if path.rsplit("/", 1)[-1] != ".npmrc":
        return False
    text = _nearest(path, reading)
    return text is not None and not _NPM_LOGIN.search(text)


def _has_no_secret(path: str, reading: Reading) -> bool:
    """Whether a path names variables without a secret among them; what cannot be read may have one."""
    if ".env" not in path.rsplit("/", 1)[-1]:
        return False
    from dockerlint.model.secret.named import names_of_secrets

    text = _nearest(path, reading)
    return text is not None and next(names_of_secrets(text), None) is None


def _nearest(path: str, reading: Reading) -> str | None:
    """The text that a path of the build context names, in the folder of the file or one above it."""
    plain = path.removeprefix("./").removeprefix("/")
    texts = (reading.file.text_of("../" * depth + plain) for depth in range(FARTHEST_CONTEXT + 1))
    return next((text for text in texts if text is not None), None)


def _is_known_here(name: str, reading: Reading) -> bool:
    """Whether a project seems to have a file of variables: it is there, git leaves it out, or a sample is.

    Where no .gitignore can be read, every project may.
    """
    if name != _VARIABLES:
        return True
    rules = [text for text in _at_each_level(_GIT_IGNORE, reading) if text is not None]
    return (
        not rules
        or any(is_ignored(parse_patterns(text), _VARIABLES) for text in rules)
        or any(text is not None for sample in _SAMPLES for text in _at_each_level(sample, reading))
    )


def _at_each_level(name: str, reading: Reading) -> Iterator[str | None]:
    yield from (reading.file.text_of("../" * depth + name) for depth in range(FARTHEST_CONTEXT + 1))


def _excluded(reading: Reading) -> Iterator[str]:
    """Patterns of --exclude, which read like lines of a `.dockerignore`."""
    for flag in reading.raw_flags:
        if flag.name == "exclude" and flag.value is not None:
            yield reading.fill(flag.value).value


def _never_arrives(path: str, reading: Reading) -> bool:
    """Left out for certain: without a wildcard, and no `!` line lets through what lies below."""
    ignored = reading.file.ignored
    if not ignored or any(mark in path for mark in "*?[") or not is_ignored(ignored, path):
        return False
    parts = [part for part in path.split("/") if part not in ("", ".")]
    may_hold_more = any(each.is_negated and each.may_match_below(parts) for each in ignored)
    is_left_out = not may_hold_more or reading.file.text_of(path) is not None
    return is_left_out and reading.file.text_of(PACKED) is None


def _origin(origin: Located[str] | None, reading: Reading) -> dict[str, Any]:
    """What `--from` leads to: an earlier stage, the stage itself, an image, or nothing."""
    if origin is None:
        return {}
    if isinstance(origin.value, Unknown) or reading.file.is_context(origin.value):
        return {"is_from_unknown": UNKNOWN}
    if reading.is_onbuild and "/" not in origin.value and ":" not in origin.value:
        # Its stages are those of the file that builds on this image.
        return {"is_from_unknown": UNKNOWN, "is_from_self": UNKNOWN}
    name, stage = origin.value.lower(), reading.stage
    if name.isdecimal():
        index = int(name[:9])
        is_self = index == stage.index
        return {"is_from_index": True, "is_from_self": is_self, "is_from_unknown": index > stage.index}
    if name == stage.name:
        return {"is_from_self": True}
    if name in reading.file.stage_indexes:
        return {}
    image: Image = reading.image(origin, "copy")
    looks_like_stage = not any(mark in name for mark in ":/@.") and name != "scratch"
    file = reading.file
    is_open = looks_like_stage and (file.may_be_context(name) or file.is_stage_beside(name))
    return {"image": image, "is_from_unknown": UNKNOWN if is_open else looks_like_stage}
