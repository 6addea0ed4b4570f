"""Settings → the text of a config, commented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from dockerlint.masking.mask import hide_alone
from dockerlint.migration.carried import CarriedOverride, NotCarried
from dockerlint.migration.settling import Remark, Settlement
from dockerlint.report.screen import visible
from dockerlint.yaml.style import is_plain

WIDTH: Final = 110
"""Characters of a line of comments."""
MOST_LOST: Final = 100
"""Settings that are listed; more are counted."""


def config_text(settlement: Settlement, command: str) -> str:
    """The config; `command` is what wrote it."""
    return "".join(f"{line}\n" for line in _lines(settlement, command))


def lost_lines(lost: Sequence[NotCarried]) -> Iterator[str]:
    """What is not carried over, a line each."""
    for one in lost[:MOST_LOST]:
        yield one_line(f"{one.what}: {one.why}")
    if len(lost) > MOST_LOST:
        yield f"and {len(lost) - MOST_LOST} more"


def one_line(text: str) -> str:
    """A text of somebody else on one line, with nothing secret in it."""
    line = visible(" ".join(hide_alone(text).split()))
    return line if len(line) <= 2 * WIDTH else f"{line[: 2 * WIDTH]}…"


def yaml_text(text: str) -> str:
    """A text as YAML, in double quotes unless it can do without."""
    if is_plain(text):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return f"\\U{ord(character) & 0x10FFFF:08x}" if not 0xD800 <= ord(character) <= 0xDFFF else "\\ufffd"


def _lines(settlement: Settlement, command: str) -> Iterator[str]:
    yield f"# Configuration of dockerlint, written by `{one_line(command)}`."
    yield "# Keys and values: docs/config.schema.json"
    yield "#"
    yield "# Only what the other tools check, so that the result is theirs. `select: [default]` checks what"
    yield "# dockerlint checks by itself, and `select: [default, …]` both."
    yield from _list("select", settlement.select)
    if settlement.ignore:
        yield ""
        yield from _list("ignore", settlement.ignore)
    if settlement.severity:
        yield ""
        yield "# As severe as the other tools say, and failing where they fail."
        yield "severity:"
        yield from (_noted(f"  {id}: {one.value}", one.comment) for id, one in settlement.severity.items())
    if settlement.fail_on:
        yield ""
        yield f"fail-on: {settlement.fail_on}"
    if settlement.exclude:
        yield ""
        yield from _list("exclude", map(Remark, settlement.exclude))
    if settlement.words:
        yield ""
        yield from words_lines(settlement.words)
    if settlement.forbid_inline:
        yield ""
        yield "forbid-inline: true   # suppression comments hide nothing"
    if settlement.overrides:
        yield ""
        yield "overrides:"
        for override in settlement.overrides:
            yield from _override(override)
    if settlement.lost:
        yield ""
        yield "# Not carried over:"
        yield from (f"#   {line}" for line in lost_lines(settlement.lost))


def _list(key: str, entries: Iterable[Remark]) -> Iterator[str]:
    yield f"{key}:"
    yield from (_noted(f"  - {yaml_text(one.value)}", one.comment) for one in entries)


def _noted(line: str, comment: str) -> str:
    return f"{line}   # {one_line(comment)}" if comment else line


def words_lines(words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The lists of words that a config adds to."""
    yield "words:"
    for name, entries in words.items():
        yield f"  {name}:"
        yield from (f"    - {yaml_text(one)}" for one in dict.fromkeys(entries))


def _override(override: CarriedOverride) -> Iterator[str]:
    places = {"files": override.files, "services": tuple(map(_exactly, override.services))}
    fields = [f"{key}: [{_row(values)}]" for key, values in places.items() if values]
    fields.append(f"ignore: [{_row(override.ignore)}]")
    if override.reason:
        fields.append(f"reason: {yaml_text(hide_alone(override.reason))}")
    if override.until is not None:
        fields.append(f'until: "{override.until}"')
    yield from (f"  {'-' if at == 0 else ' '} {one}" for at, one in enumerate(fields))


def _row(values: Iterable[str]) -> str:
    """Quoted, since old readers stop at the colon of a plain word in brackets."""
    return ", ".join(f'"{"".join(map(_escaped, one))}"' for one in values)


def _exactly(name: str) -> str:
    """A name as a pattern that means this name."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)
