"""Would a command do something else with pipefail, or in bash where dash ran it?"""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list
from dockerlint.findings import Refusal
from dockerlint.model.command.command import Command
from dockerlint.model.command.download import DOWNLOADERS
from dockerlint.regex import pattern
from dockerlint.shell.wrappers import SHELLS

_WRITES_LITTLE: Final = frozenset({"echo", "printf"})
_OFTEN_FAILS: Final = word_list("systems", "telling-programs")
"""What they find, or do not, is their exit status."""
_GREPS: Final = frozenset({"grep", "egrep", "fgrep", "zgrep"})
_STOPS_SED = pattern(r"(?:^|[;\d/])q\b|^q")
_BASH_ONLY: Final = word_list("systems", "bash-words")
_BRACES = pattern(r"(?<!\$)\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")
_OWN_VARIABLES = pattern(r"\$\{?(?:RANDOM|SECONDS|OSTYPE|HOSTTYPE|MACHTYPE|BASH\w*)\b")
_PRINTF_ESCAPES = pattern(r"\\[xuUeE]")


def broken_by_pipefail(command: Command) -> Refusal | None:
    """Why a pipe that works without pipefail would not with it; None where it would."""
    reader = command.reader
    if reader is None or _has_own_shell(command):
        return None
    if command.tool == "yes":
        return Refusal("yes never ends by itself")
    if command.tool in _OFTEN_FAILS and "--print-architecture" not in command.options:
        return Refusal(f"{command.tool} may exit with a non-zero status in a pipe that works")
    if command.tool in _GREPS and DOWNLOADERS.isdisjoint(command.fed_by):
        return Refusal(f"{command.tool} fails if it finds nothing")
    if _stops_early(reader) and command.tool not in _WRITES_LITTLE:
        return Refusal(f"{reader.program} stops reading before {command.program} has ended")
    return None


def _has_own_shell(command: Command) -> bool:
    """`bash -c '…'` is no matter of the shell around it."""
    return not SHELLS.isdisjoint(command.wrappers)


def _stops_early(reader: Command) -> bool:
    if reader.tool in _GREPS:
        return not {"-q", "--quiet", "--silent", "-m", "--max-count", "-l"}.isdisjoint(reader.options)
    if reader.tool == "sed":
        return any(_STOPS_SED.search(word.text) for word in reader.words[1:])
    if reader.tool in ("awk", "gawk", "mawk"):
        return any("exit" in word.text for word in reader.words[1:])
    return reader.tool in ("head", "true", ":")


def differs_in_bash(command: Command, text: str) -> Refusal | None:
    """What bash would do otherwise than dash; None where nothing is known. `text` is the whole file."""
    if _has_own_shell(command):
        return None
    texts = [word.text for word in command.words[1:]]
    if command.program == "echo" and any("\\" in one for one in texts):
        return Refusal("echo in bash does not interpret backslashes")
    if command.program == "echo" and texts[:1] and texts[0][:1] == "-" and texts[0] != "-n":
        return Refusal(f"echo in bash treats {texts[0]} as an option")
    if command.program == "printf" and any(_PRINTF_ESCAPES.search(one) for one in texts):
        return Refusal("printf in bash interprets more escapes")
    if command.program in _BASH_ONLY:
        return Refusal(f"only bash has {command.program}")
    if command.program in ("[", "test") and "==" in texts:
        return Refusal("dash does not support == in a test")
    if any(entry.operator.startswith("&>") for entry in command.redirections):
        return Refusal("dash interprets &> differently")
    words = (*command.words, *(value for _, value in command.assignments))
    if any(_OWN_VARIABLES.search(word.text) for word in words):
        return Refusal("the step uses a variable that bash sets itself")
    if any(_is_expanded(text[word.span.start : word.span.end]) for word in words if not word.span.source):
        return Refusal("bash expands braces")
    return None


def _is_expanded(written: str) -> bool:
    return written.startswith("$'") or (
        "'" not in written and '"' not in written and bool(_BRACES.search(written))
    )
