"""Repositories of packages that are asked without TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dockerlint.data import ordered_words, records, word_list
from dockerlint.model.command.writing import is_named, written
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.values import Located

_PROGRAMS: Final = word_list("commands", "package-programs")
_FILES: Final = tuple((tuple(row["files"]), row["line"]) for row in records("commands", "repository-files"))
_SIGNED: Final = ordered_words("commands", "repositories-known-by-signature")
_ADDRESS: Final = pattern(r"(?<![\w.+-])http://(?:[^/@\s]*@)?([\w.-]+|\[[\da-f:]+\])[^\s'\"]*", re.IGNORECASE)
_DOWNGRADE: Final = pattern(r"s(.)\^?https(:?(?:\\?/){0,2})\1http\2\1")
_INSIDE: Final = pattern(
    r"[^.]*\Z|.*\.(?:local|localhost|internal|lan|test|home\.arpa)\Z|\[|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\."
)
"""A host that only the network around the builder knows."""


def plain_repository(command: SimpleCommand) -> Located[str] | None:
    """The address, where a command installs from it or writes it down; None without one."""
    return next(_in_words(command), None) or next(_in_files(command), None)


def is_plain_address(text: str) -> bool:
    """The text names a server without TLS that others than the network around the builder reach."""
    found = _ADDRESS.search(text)
    return found is not None and _counts(found[1])


def _in_words(command: SimpleCommand) -> Iterator[Located[str]]:
    is_edit = command.tool == "sed" and any(is_named(word.text, _ENDS) for word in command.words[1:])
    if command.tool not in _PROGRAMS and not is_edit:
        return
    if is_edit:
        yield from _downgrades(command)
    before = ""
    for word in command.words[1:]:
        found = _ADDRESS.search(word.text) if "http://" in word.text else None
        is_proxy = "proxy" in before.lower() or "proxy" in word.text.lower()
        if found and not is_proxy and _counts(found[1]) and (not is_edit or _turns_to_plain(word.text)):
            yield Located(_shown(found[0]), word.span)
        before = word.text


def _downgrades(command: SimpleCommand) -> Iterator[Located[str]]:
    """`sed -i s/https/http/ /etc/apk/repositories`."""
    for word in command.words[1:]:
        if _DOWNGRADE.match(word.text):
            yield Located("http://", word.span)


def _turns_to_plain(script: str) -> bool:
    """`s|https://a|http://a|` of sed, and not the other way round."""
    return script.rfind("http://") > script.find("https://") >= 0


def _in_files(command: SimpleCommand) -> Iterator[Located[str]]:
    for path, text, span in written(command):
        for names, line in _FILES:
            found = re.search(line, text) if "http://" in text and is_named(path, names) else None
            if found and is_plain_address(found[1]):
                yield Located(_shown(found[1]), span)


_ENDS: Final = tuple(name for names, _ in _FILES for name in names)


def _counts(host: str) -> bool:
    host = host.lower()
    is_signed = any(host == one or (one[0] == "." and host.endswith(one)) for one in _SIGNED)
    return not is_signed and not _INSIDE.match(host)


def _shown(address: str) -> str:
    """The address without a login in it."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", address)
