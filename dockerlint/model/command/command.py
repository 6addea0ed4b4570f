"""Commands of a shell, as RUN, CMD, ENTRYPOINT, HEALTHCHECK and Compose give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, cast

from dockerlint.model.command.download import DOWNLOADERS, runner
from dockerlint.model.command.moving import moving_source
from dockerlint.model.command.packages import PackageStep, read_step
from dockerlint.model.command.permissions import (
    doubles_id,
    narrowed,
    opens_to_all,
    sets_identity,
    sets_password,
)
from dockerlint.model.command.piped import needs_input
from dockerlint.model.command.powershell import check_off, download_run
from dockerlint.model.command.repository import plain_repository
from dockerlint.model.command.rights import gives_root
from dockerlint.model.command.verification import (
    asks_unknown_server,
    certificate_check_off,
    certificate_checks_off,
    only_stores_setting,
    signature_check_off,
)
from dockerlint.model.command.writing import signatures_off_in_file, tls_off_in_file
from dockerlint.model.secret.typed import TypedSecret, typed_secrets
from dockerlint.model.variable import Variable
from dockerlint.regex import pattern
from dockerlint.shell.command import SimpleCommand
from dockerlint.shell.words import Word
from dockerlint.text import Span
from dockerlint.values import Located, Unknown

_ASSIGNMENT = pattern(r"([A-Za-z_]\w*)=")
_POWERSHELL = frozenset(("powershell", "pwsh", "powershell.exe", "pwsh.exe"))
_DECLARES = frozenset({"export", "declare", "typeset", "readonly", "local", "env"})


@dataclass(frozen=True, slots=True)
class Command(SimpleCommand):
    """A simple command as rules select it, with what it does to an image."""

    KINDS: ClassVar[tuple[str, ...]] = ("command",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("variables", "step", "typed_secrets")

    reader: Command | None = field(default=None, compare=False, repr=False)
    holder: Command | None = field(default=None, compare=False, repr=False)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What it sets: assignments in front of it, `export NAME=value`, `env NAME=value program`."""
        if "variables" not in self._memo:
            self._memo["variables"] = tuple(self._variables())
        found: tuple[Variable, ...] = self._memo["variables"]
        return found

    def _variables(self) -> list[Variable]:
        given = () if self.wrappers else self.assignments  # a wrapped command repeats its wrapper's
        found = [_variable(name, value, "assignment") for name, value in given]
        if self.tool in _DECLARES:
            found += _declared(self.words, stops_at_program=self.tool == "env")
        return found

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
            self._memo["typed_secrets"] = typed_secrets(self, self.variables)
        found: tuple[TypedSecret, ...] = self._memo["typed_secrets"]
        return found

    @property
    def is_download(self) -> bool:
        """It fetches something from the network and writes it out, as curl does."""
        return self.tool in DOWNLOADERS

    @property
    def runner(self) -> Command | None:
        """What runs the text that this command downloads, unseen."""
        return cast("Command | None", runner(self))

    @property
    def reader_needs_input(self) -> bool:
        """What reads its output fails where nothing comes, or half of it."""
        return self.reader is not None and needs_input(self.reader)

    @property
    def certificate_check_off(self) -> Located[str] | None:
        """The word by which it accepts the certificate of any server."""
        return certificate_check_off(self)

    @property
    def certificate_checks_off(self) -> tuple[Located[str], ...]:
        """Each word that does so; several options may."""
        return certificate_checks_off(self)

    @property
    def asks_unknown_server(self) -> bool:
        """None of its operands says which server it asks: a health check mostly asks its own container."""
        return asks_unknown_server(self)

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
    def plain_repository(self) -> Located[str] | None:
        """The address of a repository of packages that it uses or writes down, and that has no TLS."""
        return plain_repository(self)

    @property
    def moving_source(self) -> Located[str] | None:
        """The word that names the head of a branch or the newest release to install, fetch or clone."""
        return moving_source(self)

    @property
    def gives_root(self) -> Located[str] | None:
        """The group or the line by which an account becomes root without a password."""
        return gives_root(self)

    @property
    def powershell_download(self) -> Located[str] | None:
        """The part of a script given to PowerShell that runs what it downloads, unseen."""
        return None if self.tool not in _POWERSHELL else download_run(self._as_text)

    @property
    def powershell_check_off(self) -> Located[str] | None:
        """The part of such a script that switches the check of certificates off."""
        return None if self.tool not in _POWERSHELL else check_off(self._as_text)

    @property
    def _as_text(self) -> Located[str]:
        return Located(" ".join(word.text for word in self.words), self.span)

    @property
    def settings(self) -> tuple[str, ...]:
        """Its long options as `--name` and `--name=value`, whichever way the value is written."""
        return tuple(_settings(self.words))

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
    def doubles_id(self) -> Located[str] | None:
        """The option by which a new account or group may have a number that is taken."""
        return doubles_id(self)

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


def _settings(words: Sequence[Word]) -> Iterator[str]:
    for at, word in enumerate(words[1:], 1):
        if word.text[:1] == "-":
            yield word.text
            following = words[at + 1].text if at + 1 < len(words) else "-"
            if "=" not in word.text and following[:1] != "-":
                yield f"{word.text}={following}"


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
