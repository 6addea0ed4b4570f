"""`.trivyignore` and `.trivyignore.yaml`.

Source: https://trivy.dev/latest/docs/configuration/filtering/#by-finding-ids
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final

from dockerlint.data import table
from dockerlint.migration.carried import Carried, CarriedOverride
from dockerlint.migration.reading import MigrationError, PeerConfig, read_config
from dockerlint.quoting import excerpt
from dockerlint.regex import pattern
from dockerlint.text import Source

_ID: Final = pattern(r"(?:AVD-)?DS-?(\d{3,4})\Z", 2)
_LOST: Final = table("peers", "trivy-lost-sections")


def carry_trivy(source: Source, carried: Carried, known: Collection[str], today: date) -> None:
    """Read the settings of either form; raises MigrationError. `known` are the ids of its checks.

    How severe a finding must be to fail a run is said on its command line.
    """
    carried.levels = dict.fromkeys(known)
    if source.path.endswith((".yaml", ".yml")):
        _carry_yaml(read_config(source), carried, today)
    else:
        _carry_lines(source, carried, today)


def known_id(id: str) -> str | None:
    """An id of a Dockerfile check as Trivy writes it today; None for one of another kind."""
    match = _ID.match(id)
    return f"DS-{int(match[1]):04}" if match else None


def _carry_lines(source: Source, carried: Carried, today: date) -> None:
    comment = ""
    for number, line in enumerate(source.text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            comment = line.strip().lstrip("#").strip()
            continue
        until = next((word[4:] for word in words[1:] if word.startswith("exp:")), None)
        day = None if until is None else _day(until, f"{source.path}:{number}")
        _ignore(words[0], (), day, comment, carried, today)


def _carry_yaml(config: PeerConfig, carried: Carried, today: date) -> None:
    for entry in _entries(config, "misconfigurations"):
        place = f"{config.source.path}:{config.line_of(entry.place)}"
        id = _text(entry, "id")
        if not id:
            raise MigrationError(f"{place}: an entry of misconfigurations has no id")
        until = _text(entry, "expired_at")
        day = _day(until, place) if until else None
        entry.has("purls")
        _ignore(id, entry.texts("paths"), day, _text(entry, "statement"), carried, today)
        for key in entry.left():
            carried.lose(f"{id}: {key}", "not a key of Trivy")
    for key, why in _LOST.items():
        if entries := list(_entries(config, key)):
            carried.lose(f"{key}: {len(entries)} {'entry' if len(entries) == 1 else 'entries'}", why)
    for key in config.left():
        carried.lose(key, "not a key of Trivy")


def _entries(config: PeerConfig, key: str) -> Iterator[PeerConfig]:
    entries = config.data[key] if config.has(key) else []
    if not isinstance(entries, list):
        raise config.error(key, f"{key} must be a list, not {excerpt(entries)}")
    for entry in entries:
        if not isinstance(entry, dict):
            raise config.error(key, f"{key} must be a list of mappings, not {excerpt(entry)}")
        yield PeerConfig(config.source, entry, f"{key}.")


def _text(entry: PeerConfig, key: str) -> str:
    if not entry.has(key):
        return ""
    value = entry.data[key]
    if isinstance(value, (dict, list, bool)):
        raise entry.error(key, f"{entry.place}{key} must be a text, not {excerpt(value)}")
    return str(value)


def _day(text: str, place: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MigrationError(f"{place}: {excerpt(text)} is not a date such as 2027-01-31") from None


def _ignore(
    id: str, paths: tuple[str, ...], until: date | None, reason: str, carried: Carried, today: date
) -> None:
    known = known_id(id)
    if known is None:
        carried.lose(id, "not a check of Dockerfiles")
    elif until is not None and until <= today:
        carried.lose(f"{id} until {until}", "it has expired")
    elif paths or until is not None:
        files = tuple(f"/{path}" for one in paths for path in _alternatives(one.removeprefix("./")))
        last = None if until is None else until - timedelta(days=1)  # it has expired on the day itself
        carried.overrides.append(CarriedOverride((known,), files or ("*",), (), reason, last))
    else:
        carried.ignored[known] = reason


def _alternatives(path: str) -> list[str]:
    """The patterns that braces stand for: `.gitignore` knows none."""
    before, brace, rest = path.partition("{")
    inside, closing, after = rest.partition("}")
    if not brace or not closing:
        return [path]
    return [before + one + tail for one in inside.split(",") for tail in _alternatives(after)]
