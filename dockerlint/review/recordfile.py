"""The text of a record: Markdown for people, and JSON beside it for the next run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dockerlint.errors import UserError
from dockerlint.report.formats.markdown import escaped
from dockerlint.report.screen import visible
from dockerlint.review.reviewed import NEW, OPEN, REOPENED, Reviewed

VERSION: Final = 1
_KEPT: Final = ("findings", "accepted")
"""The lists that the next record is compared with."""


class RecordError(UserError):
    """A record that cannot be read; the text names the file."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One input of a review."""

    path: str
    kind: str
    subjects: tuple[str, ...] = ()
    """Containers, images, networks and the daemon."""


@dataclass(frozen=True, slots=True)
class Record:
    """A review on a day."""

    date: str
    about: str
    """The host or the project."""
    looked_at: tuple[LookedAt, ...] = ()
    findings: tuple[Reviewed, ...] = ()
    accepted: tuple[Reviewed, ...] = ()
    not_seen: tuple[str, ...] = ()
    """What hides something, or could not be read or decided."""
    previous: str = ""
    """The date of the record that this one is compared with; "" for none."""
    fixed: tuple[Reviewed, ...] = ()
    """Findings of that one whose subject was looked at again, and is without them."""
    left: tuple[Reviewed, ...] = field(default=())
    """Findings of that one whose subject was not looked at again."""

    @property
    def line(self) -> str:
        """What it comes to."""
        counts = [f"{sum(one.state == state for one in self.findings)} {state}" for state in (NEW, OPEN)]
        if reopened := sum(one.state == REOPENED for one in self.findings):
            counts.append(f"{reopened} {REOPENED}")
        since = f", compared with {self.previous}" if self.previous else ""
        return f"{', '.join(counts)}, {len(self.fixed)} gone, {len(self.accepted)} accepted{since}"


def as_json(record: Record) -> str:
    """The record for the next run."""
    rows: dict[str, Any] = {
        "version": VERSION,
        "date": record.date,
        "about": record.about,
        "previous": record.previous or None,
        "looked_at": [
            {"path": one.path, "kind": one.kind, "subjects": list(one.subjects)} for one in record.looked_at
        ],
        "findings": [_row(one) for one in record.findings],
        "accepted": [_row(one) for one in record.accepted],
        "fixed": [_row(one) for one in record.fixed],
        "not_looked_at": [_row(one) for one in record.left],
        "not_seen": list(record.not_seen),
    }
    return json.dumps(rows, indent=1) + "\n"


def _row(one: Reviewed) -> dict[str, Any]:
    optional = ("reason", "by", "until")
    return {key: value for key, value in one._asdict().items() if value or key not in optional}


def read_record(data: bytes, path: str) -> Record:
    """As much of a record as the next one is compared with; raises RecordError."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecordError(
            f"{path}: not JSON, so it is not a review record; move it or name another file"
        ) from error
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise RecordError(f"{path}: not a review record of version {VERSION}; move it or name another file")
    findings, accepted = (tuple(_read(document.get(key), f"{path}: {key}")) for key in _KEPT)
    date = document.get("date")
    if not isinstance(date, str):
        raise RecordError(f"{path}: date must be a string")
    return Record(date[:10], "", findings=findings, accepted=accepted)


def _read(rows: object, where: str) -> Iterator[Reviewed]:
    if not isinstance(rows, list):
        raise RecordError(f"{where} must be a list; move the file or name another one")
    for number, row in enumerate(rows):
        told = {name: row.get(name, "") for name in Reviewed._fields} if isinstance(row, dict) else {}
        texts = [value for name, value in told.items() if name != "line"]
        if not told or type(told["line"]) is not int or not all(isinstance(one, str) for one in texts):
            raise RecordError(f"{where}[{number}] is not a finding; move the file or name another one")
        yield Reviewed(**told)


def as_markdown(record: Record) -> str:
    """The record for people."""
    return "".join(f"{line}\n" for line in _lines(record))


def _lines(record: Record) -> Iterator[str]:
    yield f"# Container security review of {_text(record.about)}, {record.date}"
    yield ""
    yield _text(record.line)
    yield from _table(
        "Looked at",
        ("input", "kind", "subjects"),
        ((one.path, one.kind, ", ".join(one.subjects)) for one in record.looked_at),
    )
    yield from _table(
        "Findings",
        ("state", "severity", "rule", "subject", "place", "finding"),
        ((one.state, one.severity, *_common(one)) for one in record.findings),
    )
    since = f" since {record.previous}" if record.previous else ""
    head = ("severity", "rule", "subject", "place", "finding")
    yield from _table(f"Fixed{since}", head, ((one.severity, *_common(one)) for one in record.fixed))
    yield from _table("Not looked at again", head, ((one.severity, *_common(one)) for one in record.left))
    yield from _table(
        "Accepted",
        ("severity", "rule", "subject", "place", "finding", "reason", "accepted by", "until"),
        (
            (one.severity, *_common(one), one.reason or "none written", one.by, one.until or "no end")
            for one in record.accepted
        ),
    )
    yield from ("", "## Could not be seen", "")
    yield from (f"* {_text(one)}" for one in record.not_seen or ("nothing that was noticed",))


def _common(one: Reviewed) -> tuple[str, str, str, str]:
    return f"{one.rule} {one.name}", one.subject, f"{one.path}:{one.line}", one.message


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    lines = [f"| {' | '.join(map(_text, row))} |" for row in rows]
    yield from ("", f"## {_text(title)}", "")
    if not lines:
        yield "none"
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from lines


def _text(text: str) -> str:
    return escaped(visible(text, False))
