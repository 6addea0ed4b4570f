"""Commands of a shell, as RUN, CMD, ENTRYPOINT, HEALTHCHECK and Compose give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from dockerlint.model.download import DOWNLOADERS, runner
from dockerlint.model.options import Arguments, read_arguments
from dockerlint.model.packages import PackageStep, read_step
from dockerlint.model.permissions import narrowed, opens_to_all, sets_identity, sets_password
from dockerlint.model.typed_secret import TypedSecret, typed_secrets
from dockerlint.model.variable import Variable
from dockerlint.model.verification import (
    certificate_check_off,
    certificate_checks_off,
    only_stores_setting,
    signature_check_off,
)
from dockerlint.model.words import Option, Redirection, Word
from dockerlint.model.writing import signatures_off_in_file, tls_off_in_file
from dockerlint.records import dataclass, field
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import Located, Unknown

__all__ = ["Command", "Option", "Redirection", "Word", "normalised"]

_VERSIONED = pattern(r"(pip|python|pypy|perl|ruby|node|php|lua)(?:js)?[\d.]*(?:\.exe)?$")
_RUNS_MODULE = frozenset({"python", "pypy"})
_ASSIGNMENT = pattern(r"([A-Za-z_]\w*)=")
_DECLARES = frozenset({"export", "declare", "typeset", "readonly", "local", "env"})


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command."""

    KINDS: ClassVar[tuple[str, ...]] = ("command",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("variables", "step", "typed_secrets")

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
    reader: Command | None = field(default=None, compare=False, repr=False)
    """The command that reads its output through a pipe."""
    holder: Command | None = field(default=None, compare=False, repr=False)
    """The command that has its output as a word: `$(…)`, backticks or `<(…)`."""
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
    def variables(self) -> tuple[Variable, ...]:
        """What it sets: assignments in front of it, `export NAME=value`, `env NAME=value program`."""
        given = () if self.wrappers else self.assignments  # a wrapped command repeats its wrapper's
        found = [_variable(name, value, "assignment") for name, value in given]
        if self.tool in _DECLARES:
            found += _declared(self.words, stops_at_program=self.tool == "env")
        return tuple(found)

    @property
    def step(self) -> PackageStep | None:
        """What it asks of a package manager."""
        if "step" not in self._memo:
            given = {name: value.text for name, value in self.assignments}
            self._memo["step"] = read_step(self.tool, self.read, self.fed_by, self.span, given)
        step: PackageStep | None = self._memo["step"]
        return step

    @property
    def typed_secrets(self) -> tuple[TypedSecret, ...]:
        """Literal passwords and tokens among its words."""
        if "typed_secrets" not in self._memo:
            self._memo["typed_secrets"] = typed_secrets(self)
        found: tuple[TypedSecret, ...] = self._memo["typed_secrets"]
        return found

    @property
    def is_download(self) -> bool:
        """It fetches something from the network and writes it out, as curl does."""
        return self.tool in DOWNLOADERS

    @property
    def runner(self) -> Command | None:
        """What runs the text that this command downloads, unseen."""
        return runner(self)

    @property
    def certificate_check_off(self) -> Located[str] | None:
        """The word by which it accepts the certificate of any server."""
        return certificate_check_off(self)

    @property
    def certificate_checks_off(self) -> tuple[Located[str], ...]:
        """Each word that does so; several options may."""
        return certificate_checks_off(self)

    @property
    def only_stores_check_off(self) -> bool:
        """It stores that setting, this one only, and does nothing else."""
        return only_stores_setting(self)

    @property
    def names_plain_http(self) -> bool:
        """It is told to fetch from a server that has no certificate at all."""
        return any("http://" in word.text for word in self.words)

    @property
    def certificate_check_place(self) -> Located[str] | None:
        """What switches the check off, here or in a file it writes."""
        return self.certificate_check_off or self.certificate_check_off_in_file

    @property
    def signature_check_off(self) -> Located[str] | None:
        """The word by which it installs what nobody has signed."""
        return signature_check_off(self)

    @property
    def certificate_check_off_in_file(self) -> Located[str] | None:
        """The configuration file it writes such a setting into."""
        return tls_off_in_file(self)

    @property
    def signature_check_off_in_file(self) -> Located[str] | None:
        """The package manager's file it writes such a setting into."""
        return signatures_off_in_file(self)

    @property
    def force_yes(self) -> Span | None:
        """Where `--force-yes` stands."""
        option = self.option("--force-yes")
        return None if option is None else option.span

    @property
    def uid(self) -> Located[str] | None:
        """The number that useradd gives the new user."""
        option = self.option("-u", "--uid") if self.tool == "useradd" else None
        if option is None or option.value is None:
            return None
        return Located(option.value.value, option.value.span)

    @property
    def sets_password(self) -> Located[str] | None:
        """The word by which it gives an account a password: chpasswd, `usermod -p`, `passwd --stdin`."""
        return sets_password(self)

    @property
    def opens_to_all(self) -> Located[str] | None:
        """The file mode that lets every user write."""
        return opens_to_all(self)

    @property
    def narrowed_mode(self) -> str | None:
        """That mode without the right to write of group and others; None where it is written in letters."""
        mode = opens_to_all(self)
        return None if mode is None or mode.known is None else narrowed(mode.known)

    @property
    def only_runs(self) -> bool:
        """As sudo: it has no options and sets no variables, only a program to run."""
        following = self.words[1].text if len(self.words) > 1 else "-"
        return not following.startswith("-") and "=" not in following

    @property
    def sets_identity(self) -> Located[str] | None:
        """The file mode that makes a program run as its owner."""
        return sets_identity(self)

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


def _first_argument(command: Command) -> int:
    """`python3 -m pip install x`: the words of pip start behind its name."""
    is_module = command.tool == "pip" and not str(command.program).startswith("pip")
    return _module_at(command.words, "pip") + 1 if is_module else 1


def _variable(name: str, value: Word, origin: str) -> Variable:
    """`value` is the word behind the equals sign."""
    start = value.span.start
    whole = value.span._replace(start=start - len(name) - 1)
    written = value.text if isinstance(value.value, Unknown) else ""
    name_span = whole._replace(end=start - 1)
    return Variable(name, Located(value.value, value.span), origin, name_span, whole, written)


def _declared(words: Sequence[Word], *, stops_at_program: bool) -> list[Variable]:
    found = []
    for word in words[1:]:
        name = _ASSIGNMENT.match(word.text)
        if name:
            found.append(_variable(name[1], word.after(name.end()), "export"))
        elif stops_at_program and not word.text.startswith("-"):
            break
    return found
