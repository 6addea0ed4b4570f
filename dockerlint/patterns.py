"""Path patterns as `.gitignore` writes them; `exclude` and `files` in the config speak the same.

Source: https://git-scm.com/docs/gitignore#_pattern_format. A path is matched segment by segment, so no
pattern can make the matching slow.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Sequence

from dockerlint.records import dataclass

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


def parse_patterns(text: str) -> tuple[Pattern, ...]:
    """The patterns of an ignore file in their order; blank lines and comments hold none."""
    return tuple(pattern for line in text.splitlines() if (pattern := _parse_line(line)))


def verdict(patterns: Sequence[Pattern], parts: Sequence[str], is_folder: bool) -> bool | None:
    """What the last pattern for this path says: True leaves it out, False keeps it, None is silent."""
    for pattern in reversed(patterns):
        if (is_folder or not pattern.is_for_folders) and pattern.matches(parts):
            return not pattern.is_negated
    return None


def covers(patterns: Sequence[Pattern], parts: Sequence[str]) -> bool:
    """Whether the patterns leave out a file or a folder it lies in."""
    folders = (verdict(patterns, parts[:depth], is_folder=True) for depth in range(1, len(parts)))
    return any(folders) or verdict(patterns, parts, is_folder=False) is True


def _parse_line(line: str) -> Pattern | None:
    line = _without_blanks(line)
    if not line or line.startswith("#"):
        return None
    is_negated = line.startswith("!")
    body = line[1:] if is_negated else line
    is_for_folders = body.endswith("/")
    body = body.rstrip("/") if is_for_folders else body
    segments = _segments(body)
    return Pattern(segments, is_negated, is_for_folders) if segments else None


def _without_blanks(line: str) -> str:
    """Without the blanks at its end; a backslash keeps the first of them."""
    bare = line.rstrip(" \t")
    return line[: len(bare) + 1] if bare.endswith("\\") else bare


def _segments(body: str) -> tuple[_Segment, ...]:
    names = [name for name in body.split("/") if name]
    if not names:
        return ()
    floating = [] if "/" in body else ["**"]
    trailing = ["*"] if names[-1] == "**" else []
    return tuple(_segment(name) for name in [*floating, *names, *trailing])


def _segment(name: str) -> _Segment:
    if name == "**":
        return _any_depth
    if not re.search(r"[*?\[\\]", name):
        return name.__eq__
    plain = re.sub(r"\\(.)", lambda escape: f"[{escape[1]}]" if escape[1] in "*?[" else escape[1], name)
    return re.compile(fnmatch.translate(re.sub(r"\[\^", "[!", re.sub(r"\*+", "*", plain)))).match
