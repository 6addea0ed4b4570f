"""The text of a baseline: one JSON object, a line for every finding, so that changes to it can be read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.findings import rule_order
from dockerlint.quoting import excerpt
from dockerlint.regex import pattern
from dockerlint.workspace.config import PROFILES

VERSION: Final = 1
_REQUIRED: Final = ("rule", "path", "subject", "fingerprint")
_OPTIONAL: Final = ("reason", "by", "until")
_FINGERPRINT: Final = pattern(r"[0-9a-f]{32}\Z")
_AGAIN: Final = "write it again with dockerlint baseline write"


class BaselineError(UserError):
    """A baseline that cannot be used; the text names the file and the place in it."""


class Known(NamedTuple):
    """A finding that somebody has seen and lives with for now."""

    rule: str
    path: str
    """From the folder of the baseline, with forward slashes; `<run>`, `<docker>`, `<stdin>` as they are."""
    subject: str
    """The service, container or stage; "" for a whole file."""
    fingerprint: str
    reason: str = ""
    by: str = ""
    """Who accepted it."""
    until: date | None = None
    """The last day on which that holds; None for no end."""

    @property
    def key(self) -> tuple[str, str]:
        """What it is looked up by."""
        return self.path, self.fingerprint


class BaselineText(NamedTuple):
    """What a baseline says."""

    known: list[Known]
    profile: str
    """The profile that it was written with: another one finds less, which is then not gone."""


def read_baseline(data: bytes, path: str) -> BaselineText:
    """A baseline that was read from `path`; raises BaselineError."""
    try:
        document = json.loads(data)
    except json.JSONDecodeError as error:
        raise BaselineError(f"{path}:{error.lineno}: not JSON: {error.msg.lower()}; {_AGAIN}") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: not JSON; {_AGAIN}") from error
    version = document.get("version") if isinstance(document, dict) else None
    if type(version) is not int or version != VERSION:
        raise BaselineError(f"{path}: not a baseline of version {VERSION}; {_AGAIN}")
    findings, profile = document.get("findings"), document.get("profile", PROFILES[0])
    if not isinstance(findings, list):
        raise BaselineError(f"{path}: findings must be a list; {_AGAIN}")
    if profile not in PROFILES:
        raise BaselineError(f"{path}: profile must be {' or '.join(PROFILES)}, not {excerpt(profile)}")
    known = [_known(one, f"{path}: findings[{number}]") for number, one in enumerate(findings)]
    return BaselineText(known, profile)


def _known(raw: object, where: str) -> Known:
    if not isinstance(raw, dict):
        raise BaselineError(f"{where}: must be an object; {_AGAIN}")
    for key in (*_REQUIRED, *raw):
        if key not in (*_REQUIRED, *_OPTIONAL):
            raise BaselineError(f"{where}: unknown key {excerpt(key)}")
        if not isinstance(raw.get(key), str):
            raise BaselineError(f"{where}: {key} must be a string")
    if not _FINGERPRINT.match(raw["fingerprint"]):
        raise BaselineError(f"{where}: fingerprint must be 32 hexadecimal digits; {_AGAIN}")
    return Known(**{**raw, "until": _day(raw.get("until", ""), where)})


def _day(text: str, where: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BaselineError(f"{where}: until must be a date such as 2027-01-31") from error


def baseline_text(known: Iterable[Known], profile: str) -> str:
    """The text of a baseline, in the order of files, rules and subjects."""
    ordered = sorted(known, key=lambda one: (one.path, rule_order(one.rule), one.subject, one.fingerprint))
    lines = ",\n".join(f"  {json.dumps(_row(one))}" for one in ordered)
    return f'{{"version": {VERSION}, "profile": "{profile}", "findings": [\n{lines}\n]}}\n'


def _row(one: Known) -> dict[str, Any]:
    told = one._asdict() | {"until": str(one.until or "")}
    return {key: value for key, value in told.items() if value or key in _REQUIRED}
