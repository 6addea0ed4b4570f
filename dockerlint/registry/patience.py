"""How long a server asks to be left alone (RFC 9110, 10.2.3). Pure, but for the clock."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime


def asked_wait(header: str, now: float | None = None) -> float | None:
    """Seconds in a header Retry-After, which has a number of them or a date; None where it says nothing."""
    text = header.strip()[:60]
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return max(moment - (time.time() if now is None else now), 0.0)
