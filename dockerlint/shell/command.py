"""One simple command of a shell: its words, what it reads and feeds, and how its words are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlint.regex import pattern
from dockerlint.shell.options import Arguments, read_arguments
from dockerlint.shell.words import Option, Redirection, Word
from dockerlint.text import Span
from dockerlint.values import Located, Unknown

_VERSIONED = pattern(r"(pip|python|pypy|perl|ruby|node|php|lua)(?:js)?[\d.]*(?:\.exe)?$")
_RUNS_MODULE = frozenset({"python", "pypy"})


@dataclass(frozen=True, slots=True)
class SimpleCommand:
    """A program with its words, as the grammar of the shell has it."""

    program: str | Unknown
    """Base name of the first word: `apt-get` for `/usr/bin/apt-get`; "" for a bare assignment."""
    words: tuple[Word, ...]
    """The program and everything after it, redirections and assignments left out."""
    span: Span = field(compare=False)
    assignments: tuple[tuple[str, Word], ...] = ()
    """`NAME=value` in front of the program."""
    redirections: tuple[Redirection, ...] = ()
    wrappers: tuple[str, ...] = ()
    """Programs that were only asked to run this one, outermost first: `sudo`, `env`, `bash` …"""
    fed_by: tuple[str, ...] = ()
    """Programs whose output it reads through pipes, the first of the pipeline first."""
    reader: SimpleCommand | None = field(default=None, compare=False, repr=False)
    """The command that reads its output through a pipe."""
    holder: SimpleCommand | None = field(default=None, compare=False, repr=False)
    """The command that has its output as a word: `$(…)`, backticks or `<(…)`."""
    in_subshell: bool = field(default=False, compare=False)
    """In parentheses or a substitution: what it changes of the shell ends there."""
    tool: str = field(init=False, default="", compare=False)
    """The program under its family name: `pip` for `pip3.11` and for `python3 -m pip`; "" when not known."""
    _memo: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tool", normalised(self.program, self.words))

    @property
    def read(self) -> Arguments:
        """Options and operands, read once."""
        if "read" not in self._memo:
            self._memo["read"] = read_arguments(self.tool, self.words[_first_argument(self) :])
        arguments: Arguments = self._memo["read"]
        return arguments

    @property
    def name(self) -> Located[str]:
        """The program with the place of its word."""
        return Located(self.program, self.words[0].span if self.words else self.span)

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options, clusters split: `-q`, `-y`, `--no-cache`."""
        return tuple(option.name for option in self.read.options)

    @property
    def subcommand(self) -> Located[str] | None:
        """The operand that says what to do: `install` of `apt-get -y install`; None where there is none."""
        word = self.read.subcommand
        return None if word is None else Located(word.value, word.span)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The operands as written, without program, subcommand, options and their values."""
        return tuple(word.text for word in self.read.operands)

    @property
    def feeds(self) -> tuple[str, ...]:
        """Programs that read its output, nearest first; no more than eight are followed."""
        found: list[str] = []
        reader = self.reader
        while reader is not None and len(found) < 8:
            found.append(str(reader.program))
            reader = reader.reader
        return tuple(found)

    @property
    def sources(self) -> tuple[SimpleCommand, ...]:
        """The commands that write its words, in `$(…)`, and those that write its input, through a pipe."""
        return tuple(self._memo.get("sources", ()))

    def option(self, *names: str) -> Option | None:
        """The first option that has one of these names."""
        return next((option for option in self.read.options if option.name in names), None)


def normalised(program: str | Unknown, words: Sequence[Word]) -> str:
    """The family name of a program: `pip3` is pip, `python3.11 -m pip` too."""
    if isinstance(program, Unknown):
        return ""
    found = _VERSIONED.match(program)
    if not found:
        return program
    name = found[1]
    if name in _RUNS_MODULE:
        return "pip" if _module_at(words, "pip") else "python"
    return name


def _module_at(words: Sequence[Word], name: str) -> int:
    """Where `python -u -m name` names the module; 0 when it runs something else."""
    for at, word in enumerate(words[1:-1], 1):
        if word.text == "-m":
            return at + 1 if words[at + 1].text == name else 0
        if not word.text.startswith("-"):
            return 0
    return 0


def _first_argument(command: SimpleCommand) -> int:
    """`python3 -m pip install x`: the words of pip start behind its name."""
    is_module = command.tool == "pip" and not str(command.program).startswith("pip")
    return _module_at(command.words, "pip") + 1 if is_module else 1
