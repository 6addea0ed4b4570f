"""Accounts that become root without a password: by their group, by a line of sudoers or doas.conf."""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.words import Word
from dockerlint.values import Located

ROOT_GROUPS: Final = word_list("privileges", "groups-that-give-root")
_NO_PASSWORD: Final = pattern(r"NOPASSWD\s*:\s*(?:\\?[A-Z_]+:\s*)*\\?ALL\b|\bpermit\b[^#\n]{0,60}\bnopass\b")


def gives_root(command: SimpleCommand) -> Located[str] | None:
    """The group or the line that does so; None without one."""
    found = _by_group(command) or _by_number(command)
    if found is not None or command.tool in ("grep", "egrep"):
        return found
    texts = (*command.words[1:], *(one.target for one in command.redirections))
    line = next((word for word in texts if _NO_PASSWORD.search(word.text)), None)
    return None if line is None else Located("NOPASSWD" if "NOPASSWD" in line.text else "nopass", line.span)


def _by_group(command: SimpleCommand) -> Located[str] | None:
    if command.tool in ("useradd", "usermod", "adduser"):
        for option in command.read.options:
            if option.name in ("-G", "--groups", "-g", "--gid", "--ingroup") and option.value is not None:
                found = _group_in(option.value)
                if found is not None:
                    return found
    if command.tool in ("adduser", "addgroup", "gpasswd") and len(command.read.operands) == 2:
        is_adding = command.tool != "gpasswd" or command.option("-a", "--add") is not None
        return _group_in(command.read.operands[1]) if is_adding else None
    return None


def _by_number(command: SimpleCommand) -> Located[str] | None:
    """An account with the number of root is root, whatever its name."""
    option = command.option("-u", "--uid") if command.tool in ("useradd", "usermod", "adduser") else None
    if option is None or option.value is None or option.value.text != "0":
        return None
    return Located("user ID 0", option.value.span)


def _group_in(word: Word) -> Located[str] | None:
    for name in word.text.split(","):
        if name in ROOT_GROUPS:
            start = word.text.index(name)
            return Located(name, word.between(start, start + len(name)).span)
    return None
