"""Passwords among the settings of a connection string: `Server=db;Password=…`, `jdbc:…?user=a&password=…`.

The forms are those of ADO.NET, JDBC, libpq (`host=db password=…`) and Azure (`AccountKey=…`), and properties
that a Java program takes as options (`-Djavax.net.ssl.keyStorePassword=…`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dockerlint.data import word_list
from dockerlint.model.secret.credential import UrlLogin, is_public
from dockerlint.model.secret.name import is_password_name, is_secret_name
from dockerlint.model.secret.value import is_placeholder, looks_secret
from dockerlint.regex import pattern
from dockerlint.values import UNRESOLVED

_LONGEST: Final = 4000
"""Characters of a value in which settings are looked for."""
_PROPERTY = pattern(r"(?<!\S)-D([A-Za-z][\w.-]{0,99})=([^\s\"']+)")
_IN_QUERY = pattern(r"[?&]([A-Za-z][\w.-]{0,60})=([^&#;\s\"']+)")
_BEHIND_SEMICOLON = pattern(
    r"(?:\A|;)\s{0,9}([A-Za-z][\w.-]{0,60}(?: [\w.-]{1,60}){0,2})\s{0,9}=\s{0,9}([^;\s\"']+)"
)
_BEHIND_BLANK = pattern(r"(?<!\S)([A-Za-z][\w.-]{0,60})=([^\s\"']+)")
_HOST_OF_URL = pattern(r"://([^\s/:?#;,]+)")
_WEB: Final = ("http:", "https:")
_PARTNERS: Final = word_list("secrets", "connection-partners")
_HOSTS: Final = word_list("secrets", "connection-hosts")


class _ConnectionSetting(NamedTuple):
    name: str
    value: str
    start: int


def find_connection_logins(text: str) -> Iterator[UrlLogin]:
    """The literal passwords among the settings of a value; one that a variable is a part of is none.

    A setting alone is no connection string, but for those in the query of a URL and the properties of Java.
    """
    if "=" not in text or len(text) > _LONGEST:
        return
    if "-D" in text:
        yield from _passwords(_settings(_PROPERTY, text), "", "Java option")
    if "?" in text and ":" in text:
        form = "URL" if text.startswith(_WEB) else "connection string"
        yield from _passwords(_settings(_IN_QUERY, text), _host_of_url(text), form)
    settings = _settings(_BEHIND_SEMICOLON if ";" in text else _BEHIND_BLANK, text)
    if any(_plain(one.name) in _PARTNERS for one in settings):
        host = next((one.value for one in settings if _plain(one.name) in _HOSTS), "")
        yield from _passwords(settings, host or _host_of_url(text), "connection string")


def _settings(shape: re.Pattern[str], text: str) -> list[_ConnectionSetting]:
    return [_ConnectionSetting(found[1], found[2], found.start(2)) for found in shape.finditer(text)]


def _passwords(settings: list[_ConnectionSetting], host: str, form: str) -> Iterator[UrlLogin]:
    for name, value, start in settings:
        if UNRESOLVED in value or not is_secret_name(name.replace(" ", "_")) or is_placeholder(value):
            continue
        if looks_secret(value, is_password=is_password_name(name)) and not is_public(value):
            yield UrlLogin("", value, start, start + len(value), host, form)


def _host_of_url(text: str) -> str:
    found = _HOST_OF_URL.search(text)
    return found[1] if found else ""


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").rpartition(".")[2]
