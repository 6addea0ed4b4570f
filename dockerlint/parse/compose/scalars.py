"""What Compose makes of a plain scalar where it wants text: `0x10` is 16, and `1.50` is 1.5.

Its reader (go-yaml 3) takes numbers, truth values and dates for what they look like, and Go prints them.
"""

from __future__ import annotations

from math import isfinite
from typing import Final

from dockerlint.regex import pattern
from dockerlint.yaml.nodes import Scalar, resolve

_BEGINNINGS: Final = frozenset("-+.0123456789tTfF")
_DATE: Final = pattern(r"(\d{4})-(\d\d?)-(\d\d?)\Z")
_LARGEST: Final = (1 << 64) - 1
_SMALLEST: Final = -(1 << 63)
"""What does not fit is a floating-point number to Go."""
_EXPONENTS: Final = range(-4, 6)
"""Of the first digit of a number that Go prints without an exponent: %v of the package fmt."""


def text_of_scalar(node: Scalar) -> str:
    """The text, as a container is given it."""
    if node.style or node.tag or node.text[:1] not in _BEGINNINGS:
        return node.text
    value = resolve(node.text)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        is_whole = isinstance(value, int) and _SMALLEST <= value <= _LARGEST
        return str(value) if is_whole else _text_of_float(float(value))
    date = _DATE.match(node.text)
    return node.text if date is None else _text_of_date(node.text, int(date[1]), int(date[2]), int(date[3]))


def _text_of_float(value: float) -> str:
    if not isfinite(value):
        return "NaN" if value != value else f"{value:+}".replace("i", "I")
    from decimal import Decimal  # few files have such a number

    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first = len(digits) - 1 + int(exponent)
    if not value or first in _EXPONENTS:
        return f"{Decimal(repr(value)).normalize():f}"
    mantissa = "".join(map(str, digits))
    point = "." if len(digits) > 1 else ""
    return f"{'-' if sign else ''}{mantissa[0]}{point}{mantissa[1:]}e{first:+03}"


def _text_of_date(written: str, year: int, month: int, day: int) -> str:
    """A date is the midnight it begins with; what no calendar has stays text."""
    from datetime import date

    try:
        return f"{date(year, month, day).isoformat()} 00:00:00 +0000 UTC"
    except ValueError:
        return written
