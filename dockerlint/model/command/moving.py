"""Sources that mean something else tomorrow: the head of a branch, the newest release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dockerlint.data import word_list
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.words import Word
from dockerlint.values import Located

_BRANCHES: Final = word_list("commands", "moving-branches")
_IN_ADDRESS: Final = pattern(
    r"https?://[^\s?#]{1,300}/(?:archive(?:/refs/heads)?|-/archive|tarball|zipball|get|zip|tar\.gz|legacy\.(?:zip|tar\.gz)"
    r"|raw(?:/refs/heads)?|-/raw)/([\w.-]{1,100}?)(?:\.(?:zip|tar|tar\.\w{1,9}|tgz))?(?:[/?#]|\Z)"
)
"""The name of a branch or tag in the address of an archive, or of a file of a repository."""
_RAW: Final = pattern(
    r"https?://raw\.githubusercontent\.com/[^/\s]{1,100}/[^/\s]{1,100}/(?:refs/heads/)?([\w.-]+)/"
)
_NEWEST: Final = pattern(r"https?://[^\s?#]{1,300}/releases/latest/download/")
_MARKS: Final = ("/archive", "/raw", "raw.", "ball/", "/get/", "/zip/", "/tar.gz/", "legacy.", "/latest/")
"""One of them stands in every address that moves."""
_REPOSITORY: Final = pattern(
    r"(?:git\+\w+://|git\+file:|git://|github:|gitlab:|bitbucket:)(?:[^@/\s]{0,100}@)?([^\s]+)"
)
_ADDRESS: Final = pattern(r"(?:\w+://|git@)\S+")
_REVISIONS = frozenset(("--rev", "--tag", "--revision"))
_BEHIND_AT: Final = word_list("commands", "programs-with-revision-behind-at")
_AS_CLONED: Final = frozenset(("--branch", "-b"))


def moving_source(command: SimpleCommand) -> Located[str] | None:
    """The word that names such a source; None where it is fixed, or where a variable decides."""
    if command.tool == "git":
        return _cloned(command)
    if command.tool == "cargo":
        return _of_cargo(command)
    return next(_addresses(command), None)


def is_moving_branch(name: str) -> bool:
    """A name that branches have, and tags and commits do not."""
    return name.removeprefix("refs/heads/").lower() in _BRANCHES


def _addresses(command: SimpleCommand) -> Iterator[Located[str]]:
    tool, is_installer = command.tool, command.read.subcommand is not None or command.tool == "pipx"
    for word in command.words[1:]:
        is_module = tool == "go" and "@" in word.text and is_moving_branch(word.text.rpartition("@")[2])
        if is_module or is_moving_address(word.text) or (is_installer and _is_open(word.text, tool)):
            yield _place(word)


def is_moving_address(text: str) -> bool:
    """The address of an archive or file of a branch, or of the newest release."""
    if "://" not in text or not any(mark in text for mark in _MARKS):
        return False
    named = _IN_ADDRESS.search(text) or _RAW.search(text)
    return (named is not None and is_moving_branch(named[1])) or _NEWEST.search(text) is not None


def _is_open(text: str, tool: str) -> bool:
    """The address of a repository names no revision, or a branch. pip puts it behind `@`, npm behind `#`."""
    found = _REPOSITORY.search(text)
    if found is None:
        return False
    path, _, fragment = found[1].partition("#")
    revision = path.rpartition("/")[2].partition("@")[2] if tool in _BEHIND_AT else fragment
    return not revision or is_moving_branch(revision)


def _cloned(command: SimpleCommand) -> Located[str] | None:
    """`git clone` of somebody's repository, without a tag and not of a commit."""
    if command.subcommand is None or command.subcommand.value != "clone":
        return None
    address = next((word for word in command.read.operands if _ADDRESS.match(word.text)), None)
    if address is None or "$" in address.text or not _REVISIONS.isdisjoint(command.options):
        return None
    branch = command.option(*_AS_CLONED)
    if branch is None or branch.value is None:
        return _place(address)
    return _place(branch.value) if is_moving_branch(branch.value.text) else None


def _of_cargo(command: SimpleCommand) -> Located[str] | None:
    words = {word.text: at for at, word in enumerate(command.words)}
    at = words.get("--git")
    if at is None or at + 1 >= len(command.words) or not _REVISIONS.isdisjoint(words):
        return None
    return _place(command.words[at + 1])


def _place(word: Word) -> Located[str]:
    return Located(re.sub(r"(?<=://)[^/@\s]*@", "", word.text), word.span)
