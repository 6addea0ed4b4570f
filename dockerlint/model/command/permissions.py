"""What chmod and install give to whom."""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list, word_table
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.words import Word
from dockerlint.values import Located

_OCTAL = pattern(r"[0-7]{3,5}$")
_SYMBOLIC = pattern(r"([ugoa]*)([+=])([rwxXst]+)$")
_CLAUSE = pattern(r"(?:[ugoa]*[-+=][rwxXstugo]*,?)+$")

_LOCKED: Final = pattern("[*!]+")
"""What no password comes to, so that nobody can log in with one: shadow(5)."""
_RANDOM_PROGRAMS: Final = word_table("commands", "random-programs")
_RANDOM_FILES: Final = word_list("commands", "random-files")
_MAKERS_OF_IDS: Final = frozenset(("useradd", "usermod", "groupadd", "groupmod"))
_MOST_STEPS: Final = 4


def _mode(command: SimpleCommand) -> Word | None:
    """The mode that chmod, `install -m` or `mkdir -m` sets."""
    if command.tool == "chmod":
        words = [word for word in command.words[1:] if not word.text.startswith("--")]
        return next((word for word in words if _OCTAL.match(word.text) or _CLAUSE.match(word.text)), None)
    if command.tool in ("install", "mkdir"):
        for at, word in enumerate(command.words[:-1]):
            if word.text in ("-m", "--mode"):
                return command.words[at + 1]
            if word.text.startswith("--mode="):
                return word.after(len("--mode="))
    return None


def opens_to_all(command: SimpleCommand) -> Located[str] | None:
    """A mode that lets every user write: 777, 0666, a+rwx, o+w; a sticky folder (1777) is none."""
    mode = _mode(command)
    if mode is None:
        return None
    return Located(mode.text, mode.span) if lets_all_write(mode.text) else None


def lets_all_write(mode: str) -> bool:
    """A mode in digits or letters that lets every user write, where nothing is sticky."""
    if _OCTAL.match(mode):
        special, others = int(mode[-4] if len(mode) > 3 else "0", 8), int(mode[-1], 8)
        return bool(others & 2) and not special & 1
    clauses = [(who, what) for who, _, what in _clauses(mode) if "w" in what]
    return "t" not in mode and any("a" in who or "o" in who for who, _ in clauses)


def narrowed(mode: str) -> str | None:
    """A mode in digits without the right of group and others to write: 755 for 777; None for letters."""
    if not _OCTAL.match(mode):
        return None
    return mode[:-2] + "".join(str(int(digit, 8) & ~2) for digit in mode[-2:])


def sets_identity(command: SimpleCommand) -> Located[str] | None:
    """A mode with setuid or setgid: 4755, u+s; setgid on a folder alone (2775, g+s) only hands on a group."""
    mode = _mode(command)
    return Located(mode.text, mode.span) if mode is not None and runs_as_owner(mode.text) else None


def runs_as_owner(mode: str) -> bool:
    """A mode in digits or letters that sets the user ID."""
    if _OCTAL.match(mode):
        return bool(int(mode[-4] if len(mode) > 3 else "0", 8) & 4)
    return any("s" in what and ("u" in who or not who or "a" in who) for who, _, what in _clauses(mode))


def _clauses(mode: str) -> list[tuple[str, str, str]]:
    found = (_SYMBOLIC.match(clause) for clause in mode.split(","))
    return [(match[1], match[2], match[3]) for match in found if match]


def sets_password(command: SimpleCommand) -> Located[str] | None:
    """chpasswd, `useradd -p`, `usermod -p`, and passwd where it does not ask a person.

    None where the password is made at random when the command runs: the text holds none.
    """
    if not command.words:
        return None
    if _is_random(command):
        return None
    if command.tool == "chpasswd":
        return Located("chpasswd", command.words[0].span)
    if command.tool in ("useradd", "usermod"):
        option = command.option("-p", "--password")
        is_locked = option is not None and option.value is not None and _LOCKED.fullmatch(option.value.text)
        return None if option is None or is_locked else Located(f"{command.tool} {option.name}", option.span)
    if command.tool == "passwd" and (command.fed_by or command.option("--stdin", "-d", "--delete")):
        return Located("passwd", command.words[0].span)
    return None


def doubles_id(command: SimpleCommand) -> Located[str] | None:
    """`useradd -o`, `usermod -o`, `groupadd --non-unique` and their like."""
    if command.tool not in _MAKERS_OF_IDS:
        return None
    option = command.option("-o", "--non-unique")
    return None if option is None else Located(option.name, option.span)


def _is_random(command: SimpleCommand, depth: int = 0) -> bool:
    """Its words or its input come from a source of random numbers, over any number of steps."""
    return depth < _MOST_STEPS and any(
        makes_random(source) or _is_random(source, depth + 1) for source in command.sources
    )


def makes_random(command: SimpleCommand) -> bool:
    """It prints what nobody can foretell: `openssl rand`, `pwgen`, `head /dev/urandom`."""
    words = [word.text for word in (*command.words[1:], *(one.target for one in command.redirections))]
    verb = _RANDOM_PROGRAMS.get(command.tool)
    return any(word.rpartition("=")[2] in _RANDOM_FILES for word in words) or (
        verb is not None and (not verb or verb[0] in words)
    )
