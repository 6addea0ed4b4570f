"""What two Compose texts say differently, and whether every comment is still there: the proof of an edit."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Order

from dockerlint.fix.yamltext import Path
from dockerlint.parse.yamlcomments import read_comments
from dockerlint.parse.yamlnodes import Plain
from dockerlint.parse.yamltree import load_plain, parse_yaml
from dockerlint.text import Replacement, splice

_ABSENT = object()


def damage(before: str, edits: Order[Replacement], allowed: Order[Path]) -> str:
    """What edits do to a file beyond the values at the `allowed` paths and below; "" for nothing.

    Raises ValueError where the edits overlap.
    """
    after = splice(before, edits)
    old, _, _ = load_plain(before)
    new, _, problems = load_plain(after)
    if problems:
        return f"it does not parse: {problems[0].message}"
    for path in differences(old, new):
        if not any(path[: len(one)] == one for one in allowed):
            return f"{'.'.join(map(str, path))} changed"
    kept = [text for text, start in _comments(before) if not _is_inside(start, edits)]
    return "" if kept == [text for text, _ in _comments(after)] else "a comment was lost or moved"


def differences(old: Plain, new: Plain) -> Iterator[Path]:
    """The paths of the values that differ; a value on one side only counts with its own path."""
    waiting: list[tuple[Path, object, object]] = [((), old, new)]
    while waiting:
        path, left, right = waiting.pop()
        if isinstance(left, dict) and isinstance(right, dict):
            for key in {**left, **right}:
                waiting.append(((*path, key), left.get(key, _ABSENT), right.get(key, _ABSENT)))
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            waiting += [
                ((*path, at), one, other) for at, (one, other) in enumerate(zip(left, right, strict=True))
            ]
        elif type(left) is not type(right) or left != right:
            yield path


def _comments(text: str) -> list[tuple[str, int]]:
    stream = parse_yaml(text)
    found = read_comments(text, stream.documents, stream.covered, ())
    return [(comment.text, comment.span.start) for comment in found]


def _is_inside(offset: int, edits: Order[Replacement]) -> bool:
    return any(edit.span.start <= offset < edit.span.end for edit in edits)
