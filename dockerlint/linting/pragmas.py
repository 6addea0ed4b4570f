"""What suppression comments say: ours, and those that other tools left behind.

Sources: the manuals of hadolint, BuildKit, tally, checkov, Trivy, KICS, Semgrep and dclint on inline ignores.
A name that a comment of another tool holds becomes `tool:rule`, as rules give it under `aliases`; `*` in it
stands for any characters. What such a tool calls "everything" is everything that tool has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dockerlint.regex import pattern
from dockerlint.syntax import Comment
from dockerlint.text import Span
from dockerlint.values import Located

_HINT: Final = pattern(
    r"dockerlint|hadolint|tally|check|skip=|trivy|tfsec|kics-scan|nosem|dclint", re.IGNORECASE
)
"""A comment without one of these is no suppression."""


@dataclass(frozen=True, slots=True)
class Pragma:
    """One suppression: by whom, of which rules, where."""

    peer: str
    """The tool whose syntax it is; "" for ours."""
    names: tuple[Located[str], ...]
    """The rules as written (ours) or as `tool:rule`; none in ours is everything."""
    covers: Span | None
    """What it speaks about; None for the whole file."""
    span: Span
    reason: str = ""
    until: Located[str] | None = None
    last_day: date | None = None
    """The last day on which it holds."""
    is_reversed: bool = False
    """All rules of that tool but those named."""
    malformed: str = ""
    """What is not understood; only ours are linted."""


@dataclass(frozen=True, slots=True)
class _PlacedComment:
    """A comment, and where in the file it stands."""

    comment: Comment
    is_directive: bool
    """Among the parser directives at the very top."""
    is_above_all: bool
    """Before the first instruction or key."""
    body: int
    """Offset of the first character of its text."""

    @property
    def owner(self) -> Span:
        """What is on its line or right below it; an empty span where there is nothing."""
        return self.comment.owner or _nothing(self.comment)

    @property
    def block(self) -> Span:
        return self.comment.block or self.owner

    def located(self, match: re.Match[str], group: int | str) -> Iterator[Located[str]]:
        """The parts of a comma-separated list in a group, each with its place."""
        for part in re.finditer(r"[^,]+", match[group] or ""):
            word = part[0].strip()
            if word:
                start = self.body + match.start(group) + part.start() + part[0].index(word)
                yield Located(word, Span(start, start + len(word)))


def read_pragmas(comments: Iterable[Comment], text: str) -> list[Pragma]:
    """The suppressions in the comments of one file, in order."""
    likely = [comment for comment in comments if _HINT.search(comment.text)]
    if not likely:
        return []
    directives, top = _ends_of_head(text)
    found: list[Pragma] = []
    for comment in likely:
        start = comment.span.start
        body = start + max(text[start : comment.span.end].find(comment.text), 0)
        line = _PlacedComment(comment, start < directives, start < top, body)
        found += _read_ours(line) or (one for read in _PEERS for one in read(line))
    return found


def _ends_of_head(text: str) -> tuple[int, int]:
    """Where the parser directives end, and where the first line that holds more than a comment stands."""
    directives = re.compile(
        r"(?:#[ \t]*(?:syntax|escape|check)[ \t]*=[^\n]*(?:\n|\Z))*", re.IGNORECASE
    ).match(text)
    head = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*").match(text)
    return (directives.end() if directives else 0), (head.end() if head else 0)


def _nothing(comment: Comment) -> Span:
    return Span(comment.span.end, comment.span.end)


_OURS: Final = pattern(
    r"dockerlint\s*:\s*(?P<what>[\w-]*)(?:\s*\[(?P<names>[^\]]*)\])?(?P<rest>.*)", re.DOTALL
)
_ATTRIBUTE: Final = pattern(
    r"\s+(?P<key>reason|until)=(?P<value>\"[^\"]*\"|'[^']*'|\S+)|\s*(?P<extra>\S.*)|\s+", re.DOTALL
)


def _read_ours(line: _PlacedComment) -> list[Pragma]:
    match = _OURS.match(line.comment.text)
    if not match:
        return []
    names = tuple(line.located(match, "names"))
    values, malformed = _attributes(line, match)
    if match["what"] not in ("ignore", "ignore-file"):
        malformed = f"expected ignore or ignore-file after dockerlint:, not {match['what'] or 'nothing'}"
    elif match["names"] is not None and not names:
        malformed = "no rule in the brackets"
    until = values.get("until")
    last_day = _day(str(until.value)) if until else None
    if until and last_day is None:
        malformed = malformed or f"{until.value} is not a date (YYYY-MM-DD)"
    covers = None if match["what"] == "ignore-file" else line.block
    reason = str(values["reason"].value) if "reason" in values else ""
    return [Pragma("", names, covers, line.comment.span, reason, until, last_day, malformed=malformed)]


def _attributes(line: _PlacedComment, match: re.Match[str]) -> tuple[Mapping[str, Located[str]], str]:
    """`reason=` and `until=` behind the list, and what else stands there."""
    values: dict[str, Located[str]] = {}
    for one in _ATTRIBUTE.finditer(match["rest"]):
        if (one["extra"] or "").startswith("#"):
            break  # a remark
        if one["extra"]:
            return values, f"{one['extra'].split()[0]} is not reason=… or until=…"
        if one["key"]:
            start, end = (line.body + match.start("rest") + offset for offset in one.span("value"))
            values[one["key"]] = Located(one["value"].strip("\"'"), Span(start, end))
    return values, ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _peer(
    line: _PlacedComment, peer: str, ids: Iterable[str], covers: Span | None, reason: str = ""
) -> Iterator[Pragma]:
    names = tuple(Located(one if ":" in one else f"{peer}:{one}", line.comment.span) for one in ids)
    if names:
        yield Pragma(peer, names, covers, line.comment.span, reason.strip())


def _ids(text: str | None) -> list[str]:
    return re.findall(r"[^\s,]+", text or "")


def _hadolint(line: _PlacedComment) -> Iterator[Pragma]:
    """One id that is none voids the whole comment, as it does there."""
    match = re.match(r"hadolint\s+(?:(global|stage)\s+)?ignore\s*=\s*([^#]*)(?:#(.*))?", line.comment.text)
    if match and all(re.fullmatch(r"[DLSC0-9]+", one) for one in _ids(match[2])):
        covers = {None: line.owner, "stage": line.block}.get(match[1])
        yield from _peer(line, "hadolint", _ids(match[2]), covers, match[3] or "")


def _shellcheck(line: _PlacedComment) -> Iterator[Pragma]:
    match = re.match(r"shellcheck\s+(?:\S+\s+)*?disable=(\S+)", line.comment.text)
    if match:
        ids = ["*" if one == "all" else one for one in _ids(match[1])]
        yield from _peer(line, "shellcheck", ids, line.owner)


def _buildkit(line: _PlacedComment) -> Iterator[Pragma]:
    match = re.match(r"check\s*=\s*(\S+)(?:\s+//\s*(.*))?", line.comment.text, re.IGNORECASE)
    if not match:
        return
    parts = dict(part.partition("=")[::2] for part in match[1].split(";"))
    ids = ["*" if one.lower() == "all" else one for one in _ids(parts.get("skip"))]
    yield from _peer(line, "buildkit", ids, None if line.is_directive else line.owner, match[2] or "")


def _tally(line: _PlacedComment) -> Iterator[Pragma]:
    pattern = r"tally\s+(global\s+)?ignore\s*=\s*([^;]*)(?:;\s*reason\s*=\s*(.*))?"
    match = re.match(pattern, line.comment.text, re.IGNORECASE)
    if match:
        ids = [name for one in _ids(match[2]) for name in _tally_names(one)]
        yield from _peer(line, "tally", ids, None if match[1] else line.owner, match[3] or "")


def _tally_names(name: str) -> list[str]:
    """It carries the rules of two other tools, with and without their names in front."""
    name = "*" if name.lower() == "all" else name
    space, _, rest = name.partition("/")
    if space in ("hadolint", "buildkit", "shellcheck"):
        return [f"{space}:{rest}"]
    return [f"tally:{name.removeprefix('tally/')}", f"hadolint:{name}", f"buildkit:{name}"]


def _checkov(line: _PlacedComment) -> Iterator[Pragma]:
    """Holds for the whole file, wherever it stands."""
    pattern = r"(?:checkov|bridgecrew|cortex):skip= *(\w+(?:\s*,\s*\w+)*)\s*(?::(.*))?"
    for match in re.finditer(pattern, line.comment.text):
        yield from _peer(line, "checkov", _ids(match[1]), None, match[2] or "")


def _trivy(line: _PlacedComment) -> Iterator[Pragma]:
    """An expiry names the first day on which it no longer holds."""
    for match in re.finditer(r"(?:trivy|tfsec):ignore:([^\s:]+)((?::\w+:[^\s:]+)*)", line.comment.text):
        name = re.sub(r"^(?:AVD-)?DS-?(\d{4})$", r"DS-\1", match[1].upper())
        expiry = re.search(r":exp:([\d-]+)", match[2])
        day = _day(expiry[1]) if expiry else None
        last_day = date.fromordinal(day.toordinal() - 1) if day and day > date.min else None
        for one in _peer(line, "trivy", [name], line.owner):
            yield Pragma(one.peer, one.names, one.covers, one.span, last_day=last_day)


def _kics(line: _PlacedComment) -> Iterator[Pragma]:
    """File-wide forms count only above the first instruction or key."""
    match = re.match(r"kics-scan\s+(ignore-line|ignore-block|ignore|enable=|disable=)(.*)", line.comment.text)
    if not match:
        return
    if match[1].startswith("ignore-"):
        covers = line.owner if match[1] == "ignore-line" else line.block
        yield from _peer(line, "kics", ["*"], covers)
    elif line.is_above_all:
        ids = ["*"] if match[1] == "ignore" else [one[:8].lower() for one in _ids(match[2])]
        for one in _peer(line, "kics", ids, None):
            yield Pragma(one.peer, one.names, None, one.span, is_reversed=match[1] == "enable=")


def _semgrep(line: _PlacedComment) -> Iterator[Pragma]:
    match = re.search(r"\bnosem(?:grep)?\b(?:\s*:\s*([\w./-]+(?:\s*,\s*[\w./-]+)*))?", line.comment.text)
    if match:
        ids = [one.rpartition(".")[2] for one in _ids(match[1])] or ["*"]
        yield from _peer(line, "semgrep", ids, line.owner)


def _dclint(line: _PlacedComment) -> Iterator[Pragma]:
    match = re.match(r"dclint\s+disable(-file|-line)?(?![\w-])(.*)", line.comment.text)
    if match:
        ids = (match[1] != "-file" and _ids(match[2])) or ["*"]
        yield from _peer(line, "dclint", ids, line.owner if match[1] == "-line" else None)


_PEERS: Final[tuple[Callable[[_PlacedComment], Iterator[Pragma]], ...]] = (
    _hadolint,
    _shellcheck,
    _buildkit,
    _tally,
    _checkov,
    _trivy,
    _kics,
    _semgrep,
    _dclint,
)
