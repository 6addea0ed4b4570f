"""Text inside XML: every character allowed there, nothing markup, and no command to a service."""

from __future__ import annotations

from typing import Final

from dockerlint.report.screen import visible

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def escaped(text: str) -> str:
    """Text for an element or a quoted attribute, in ASCII, whatever the encoding of the stream is."""
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = shown.replace('"', "&quot;").replace("##", "#&#35;")
    return shown.encode("ascii", "xmlcharrefreplace").decode("ascii")


def lines(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(escaped(line) for line in text.split("\n"))


def attributes(**values: str | int) -> str:
    """Attributes in their order, each behind a blank."""
    return "".join(f' {name}="{escaped(str(value))}"' for name, value in values.items())
