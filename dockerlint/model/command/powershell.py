"""What scripts of PowerShell do with the network, told by their text: they are not parsed."""

from __future__ import annotations

import re
from typing import Final

from dockerlint.regex import pattern
from dockerlint.values import Located, Unknown

_FETCHES: Final = pattern(
    r"\b(?:iwr|irm|curl|wget)\b|Invoke-WebRequest|Invoke-RestMethod|DownloadString|DownloadData",
    re.IGNORECASE,
)
_RUNS: Final = pattern(r"\b(?:iex|Invoke-Expression)\b", re.IGNORECASE)
_END: Final = pattern(r"[;\n]")
REACH: Final = 300
"""Characters on either side of Invoke-Expression in which its script is looked for."""
_CHECK_OFF: Final = pattern(
    r"ServerCertificateValidationCallback\s*=\s*\{\s*(?:param\([^)]*\)\s*)?(?:return\s+)?\$true\s*;?\s*\}"
    r"|-SkipCertificateCheck\b(?!:\$false)|TrustAllCertsPolicy",
    re.IGNORECASE,
)


def download_run(script: Located[str]) -> Located[str] | None:
    """`iwr … | iex`, `iex (New-Object Net.WebClient).DownloadString(…)`; None without one."""
    if isinstance(script.value, Unknown):
        return None
    for runs in _RUNS.finditer(script.value):
        place = _piped_into(script.value, runs) or _behind(script.value, runs)
        if place is not None:
            return _part(script, *place)
    return None


def _piped_into(text: str, runs: re.Match[str]) -> tuple[int, int] | None:
    """From the download to the end of what runs it."""
    statement = _END.split(text[max(0, runs.start() - REACH) : runs.start()])[-1]
    fetches = _FETCHES.search(statement) if statement.rstrip(" &(\t").endswith("|") else None
    return None if fetches is None else (runs.start() - len(statement) + fetches.start(), runs.end())


def _behind(text: str, runs: re.Match[str]) -> tuple[int, int] | None:
    """From what runs it to the name of the download."""
    statement = _END.split(text[runs.end() : runs.end() + REACH], maxsplit=1)[0]
    fetches = _FETCHES.search(statement)
    return None if fetches is None else (runs.start(), runs.end() + fetches.end())


def check_off(script: Located[str]) -> Located[str] | None:
    """A callback that takes every certificate, or `-SkipCertificateCheck`; None without one."""
    found = None if isinstance(script.value, Unknown) else _CHECK_OFF.search(script.value)
    return None if found is None else _part(script, *found.span())


def _part(script: Located[str], start: int, end: int) -> Located[str]:
    """A part of a script, with its own place where every character stands for itself."""
    text, span = str(script.value), script.span
    if span.end - span.start == len(text):
        span = span._replace(start=span.start + start, end=span.start + end)
    return Located(text[start:end], span)
