"""Where a comment goes that lets a finding stand, so that it hides this one and no other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.findings import Finding
from dockerlint.lsp.opened import OpenText
from dockerlint.lsp.session import EditorSession
from dockerlint.report.results import FileReport

KINDS_WITH_COMMENTS: Final = frozenset(("dockerfile", "compose"))
MOST_TRIES: Final = 6
"""Lines above a finding that are tried."""
_INDENT: Final = re.compile(r"[ \t]*")


class NewComment(NamedTuple):
    """A line to be inserted."""

    offset: int
    text: str
    snippet: str
    """The same with a place for the reason."""


def comment_for(
    session: EditorSession, one: OpenText, report: FileReport, finding: Finding, reason: str
) -> NewComment | None:
    """The comment that hides a finding of the text; None where no line is found for it. Raises UserError."""
    text = one.source.text
    before = Counter(_identities(report))
    before.subtract([finding.fingerprint])
    for start in _places(text, finding.span.start):
        comment = _comment(text, start, finding.rule.name, reason)
        tried = session.judged(one, text[:start] + comment.text + text[start:])
        if tried is not None and not +(before - Counter(_identities(tried))) and _hides(tried, finding):
            return comment
    return None


def _hides(report: FileReport, finding: Finding) -> bool:
    return all(one.finding.fingerprint != finding.fingerprint for one in report.findings)


def _identities(report: FileReport) -> Iterator[str]:
    return (one.finding.fingerprint for one in report.findings)


def _places(text: str, offset: int) -> Iterator[int]:
    """Where the line of an offset starts, and the lines above that may hold what it is part of."""
    start = text.rfind("\n", 0, offset) + 1
    depth = _depth(text, start)
    yield start
    for _ in range(MOST_TRIES - 1):
        while start > 0:
            start = text.rfind("\n", 0, start - 1) + 1
            above = _depth(text, start)
            if above is not None and (depth is None or above < depth or above == 0):
                depth = above
                break
        else:
            return
        yield start


def _depth(text: str, start: int) -> int | None:
    """How far a line is indented; None for one that holds nothing but a comment, or nothing."""
    indent = _INDENT.match(text, start)
    end = start if indent is None else indent.end()
    return None if text[end : end + 1] in ("", "\n", "\r", "#") else end - start


def _comment(text: str, start: int, rule: str, reason: str) -> NewComment:
    found = _INDENT.match(text, start)
    indent = "" if found is None else found[0]
    end = "\r\n" if text[text.find("\n") - 1 :][:1] == "\r" else "\n"
    said = " ".join(reason.replace('"', "'").split())
    head = f"{indent}# dockerlint: ignore[{rule}] reason="
    return NewComment(start, f'{head}"{said}"{end}', f'{head}"${{1:{_plain(said)}}}"{end}')


def _plain(text: str) -> str:
    """Text that means nothing in a snippet."""
    return re.sub(r"[\\$}]", lambda found: f"\\{found[0]}", text)
