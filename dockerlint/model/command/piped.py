"""What becomes of a pipe whose first command fails."""

from __future__ import annotations

from typing import Final

from dockerlint.data import word_list
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand

_READERS: Final = word_list("commands", "programs-that-need-input")
_ARCHIVERS: Final = word_list("commands", "archivers-with-filters")
_FILTER: Final = pattern(
    r"-?[A-Za-z]*[zjJZ][A-Za-z]*-?\Z|--(?:g?zip|gunzip|ungzip|bzip2|xz|lzma|zstd|unzstd|compress)\Z"
)


def needs_input(command: SimpleCommand) -> bool:
    """Whether it fails where its input is empty or ends early, as what it unpacks tells."""
    if command.tool in _READERS:
        return True
    return command.tool in _ARCHIVERS and any(_FILTER.match(word.text) for word in command.words[1:])
