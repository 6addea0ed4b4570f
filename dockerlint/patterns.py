"""Path patterns as `.gitignore` writes them; `exclude` and `files` in the config speak the same.

Source: https://git-scm.com/docs/gitignore#_pattern_format. A path is matched segment by segment, so no
pattern can make the matching slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dockerlint.globs import STAR, Glob, expression, is_any_depth, literal, read_globs

_Segment = Callable[[str], object]


def _any_depth(name: str) -> object:
    """Stands for `**` among the segments of a pattern; compared by identity, never called on a name."""
    return name


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file."""

    segments: tuple[_Segment, ...]
    is_negated: bool
    is_for_folders: bool
    """It ends in a slash: files that match are not meant."""

    def matches(self, parts: Sequence[str]) -> bool:
        """Whether the pattern means exactly this path, given as its segments."""
        if len(self.segments) == 2 and self.segments[0] is _any_depth:
            return bool(self.segments[1](parts[-1]))
        at = part = 0
        retry: tuple[int, int] | None = None
        while part < len(parts):
            if at < len(self.segments) and self.segments[at] is _any_depth:
                at += 1
                retry = (at, part)
            elif at < len(self.segments) and self.segments[at](parts[part]):
                at, part = at + 1, part + 1
            elif retry:
                retry = at, part = (retry[0], retry[1] + 1)
            else:
                return False
        return at == len(self.segments)

    def may_match_below(self, parts: Sequence[str]) -> bool:
        """Whether the pattern means something that could lie in a folder, given as its segments."""
        for at, segment in enumerate(self.segments):
            if at == len(parts) or segment is _any_depth:
                return True
            if not segment(parts[at]):
                return False
        return False


def parse_patterns(text: str) -> tuple[Pattern, ...]:
    """The patterns of an ignore file in their order; blank lines and comments hold none."""
    return tuple(pattern for line in text.split("\n") if (pattern := _parse_line(line)))


def last_match(patterns: Sequence[Pattern], parts: Sequence[str], is_folder: bool) -> bool | None:
    """What the last pattern for this path says: True leaves it out, False keeps it, None is silent."""
    for pattern in reversed(patterns):
        if (is_folder or not pattern.is_for_folders) and pattern.matches(parts):
            return not pattern.is_negated
    return None


def covers(patterns: Sequence[Pattern], parts: Sequence[str]) -> bool:
    """Whether the patterns leave out a file or a folder it lies in."""
    folders = (last_match(patterns, parts[:depth], is_folder=True) for depth in range(1, len(parts)))
    return any(folders) or last_match(patterns, parts, is_folder=False) is True


def _parse_line(line: str) -> Pattern | None:
    line = _without_blanks(line.removesuffix("\r"))
    if not line or line.startswith("#"):
        return None
    is_negated = line.startswith("!")
    body = line[1:] if is_negated else line
    is_for_folders = body.endswith("/")
    segments = _segments(body.removesuffix("/"))
    return Pattern(segments, is_negated, is_for_folders) if segments else None


def _without_blanks(line: str) -> str:
    """Without the blanks at its end, of which a backslash keeps the one behind it."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return line[: len(bare) + backslashes % 2]


def _segments(body: str) -> tuple[_Segment, ...]:
    """What matches the names of a path one by one; empty for a pattern that means no path at all."""
    globs = read_globs(body.removeprefix("/"))
    if globs is None or not all(globs):
        return ()
    floating = [] if "/" in body else [_any_depth]
    found = [*floating, *(_any_depth if is_any_depth(glob) else _segment(glob) for glob in globs)]
    return (*found, _segment([STAR])) if found[-1] is _any_depth else tuple(found)


def _segment(glob: Glob) -> _Segment:
    plain = literal(glob)
    return plain.__eq__ if plain is not None else re.compile(expression(glob), re.DOTALL).match
