"""RUN, CMD, ENTRYPOINT, HEALTHCHECK and SHELL: what is run, by whom and by which shell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from dockerlint.model.command.command import Command
from dockerlint.model.command.packages import PackageStep
from dockerlint.model.command.powershell import check_off, download_run
from dockerlint.model.dockerfile.copying import STEP_DOWN_PROGRAMS
from dockerlint.model.dockerfile.instruction import Instruction
from dockerlint.model.dockerfile.layer import (
    KeptPackage,
    kept_packages,
    lone_update,
    unguarded_pipes,
)
from dockerlint.model.dockerfile.leftover import Leftover, leftovers, lets_apt_keep
from dockerlint.model.image import Image
from dockerlint.regex import pattern
from dockerlint.shell.wrappers import SHELLS
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known

_PLAIN = pattern(r"[A-Za-z0-9_./:=,@%+ -]+\Z")
"""What a shell hands on as it is written."""
_QUOTED = pattern(r"'[^'\"\\$]*'|\"[^'\"\\$]*\"|[“”][^“”'\"\\$]*[“”]")
_MEANT_AS_JSON = pattern(
    rf"\[\s*(?:{_QUOTED.pattern})(?:(?:\s*,\s*|\s+)(?:{_QUOTED.pattern}))*\s*,?\s*\]\s*\Z"
)
_SHELL_WORDS: Final = frozenset(
    (
        *("alias", "bg", "builtin", "case", "cd", "command", "declare", "eval", "exec", "exit", "export"),
        *("fg", "for", "if", "local", "read", "set", "shift", "source", "time", "trap", "type"),
        *("ulimit", "umask"),
        *("unset", "until", "wait", "while", ".", ":"),
    )
)


@dataclass(frozen=True, slots=True)
class ShellProgram:
    """The shell that runs shell-form instructions at some point of a stage."""

    name: str | Unknown
    """`sh`, `bash`, `ash`, `powershell`, `cmd` …"""
    has_pipefail: bool
    """A pipe fails with the first of its commands that fails."""
    is_default: bool
    """No SHELL instruction sets it."""

    @property
    def is_posix(self) -> bool | Unknown:
        """Reads the language of sh; UNKNOWN for a program that is not a known shell."""
        if self.name in SHELLS or self.name == "busybox":
            return True
        return False if self.name in FOREIGN_SHELLS else UNKNOWN


FOREIGN_SHELLS: Final = frozenset(("powershell", "pwsh", "cmd"))
WINDOWS_SHELLS: Final = FOREIGN_SHELLS - {"pwsh"}
"""Those that no other system has."""


@dataclass(frozen=True, slots=True)
class RunMount:
    """`RUN --mount=type=…`."""

    KINDS: ClassVar[tuple[str, ...]] = ("run_mount",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    type: str
    """`bind`, `cache`, `tmpfs`, `secret` or `ssh`."""
    target: str | None
    """Where the step sees it."""
    source: str | None
    """The value of `source`, as written."""
    origin: str | None
    """The stage or image that `from=` names."""
    is_required: bool
    """The build fails without it."""
    is_writable: bool
    """The step can write to it."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Run(Instruction):
    """Runs commands during the build."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "run")
    CHILDREN: ClassVar[tuple[str, ...]] = (
        "undefined",
        "mounts",
        "images",
        "commands",
        "leftovers",
        "kept_packages",
    )

    commands: tuple[Command, ...] = ()
    form: str = "shell"
    """`shell` or `exec`."""
    shell: ShellProgram | None = None
    """What reads the text; None in exec form."""
    scripts: tuple[Located[str], ...] = field(default=(), compare=False, repr=False)
    """What POSIX shells are given to read; U+0000 stands for each character that Docker takes out."""
    mounts: tuple[RunMount, ...] = ()
    images: tuple[Image, ...] = ()
    """External images that mounts take files from."""
    network: Located[str] | None = None
    """The value of `--network`."""
    security: Located[str] | None = None
    """The value of `--security`."""
    as_root: bool | Unknown = UNKNOWN
    """The user at this point of the stage is root."""
    sees_whole_context: bool = False
    """An earlier COPY of the stage brought the whole build context."""
    has_npm_lock: bool = False
    """An earlier COPY of the stage brought a lock file of npm by its name."""
    pip_cache_is_off: bool = False
    """PIP_NO_CACHE_DIR is on at this point."""
    repeats_run: bool = field(default=False, compare=False)
    """The RUN right above has the same flags, and both are one command."""
    foreign_text: Located[str] | None = None
    """Its text, where the shell is PowerShell or cmd."""

    @property
    def deeds(self) -> tuple[tuple[str, ...], ...]:
        """The words of its flags and commands, by which steps are compared."""
        words = (tuple(word.text for word in command.words) for command in self.commands)
        return (self.flag_words, *words)

    @property
    def powershell_download(self) -> Located[str] | None:
        """The part of a script of PowerShell that runs what it downloads, unseen."""
        return None if self.foreign_text is None else download_run(self.foreign_text)

    @property
    def powershell_check_off(self) -> Located[str] | None:
        """The part of such a script that switches the check of certificates off."""
        return None if self.foreign_text is None else check_off(self.foreign_text)

    keeps_archives: bool = False
    """An earlier step of the stage lets apt keep what it downloads."""
    cache_variables: tuple[tuple[str, str | None], ...] = ()
    """What ENV and ARG say about the caches of package managers; None for a value that is not known."""

    @property
    def leftovers(self) -> tuple[Leftover, ...]:
        """What package managers leave in its layer."""
        return leftovers(
            self.commands,
            self.cache_targets,
            dict(self.cache_variables),
            pip_cache_is_off=self.pip_cache_is_off,
            keeps_archives=self.keeps_archives,
        )

    @property
    def kept_packages(self) -> tuple[KeptPackage, ...]:
        """System packages that it installs and leaves there."""
        return kept_packages(self.commands)

    @property
    def lone_update(self) -> PackageStep | None:
        """An update of package lists that nothing is installed from."""
        return lone_update(self.commands)

    @property
    def unguarded_pipe(self) -> Command | None:
        """The first command whose failure goes unnoticed because of a pipe; downloads first."""
        has_pipefail = self.shell is not None and self.shell.has_pipefail
        found = list(unguarded_pipes(self.commands, has_pipefail=has_pipefail))
        return next((command for command in found if command.is_download), found[0] if found else None)

    @property
    def cache_targets(self) -> tuple[str, ...]:
        """Directories that a cache or tmpfs mount covers: what is left there is not in the layer."""
        found = (mount.target for mount in self.mounts if mount.type in ("cache", "tmpfs"))
        return tuple(target.rstrip("/") or "/" for target in found if target)

    @property
    def lets_apt_keep(self) -> bool:
        """From here on apt keeps what it downloads."""
        return any(map(lets_apt_keep, self.commands))

    @property
    def brings_step_down(self) -> bool:
        """Installs or downloads gosu or su-exec, with which entrypoints leave root."""
        names = (word.text.rpartition("/")[2] for command in self.commands for word in command.words)
        return any(name.startswith(STEP_DOWN_PROGRAMS) for name in names)

    @property
    def has_cache_mount(self) -> bool:
        """Some directory is kept out of the layer."""
        return bool(self.cache_targets)

    @property
    def has_secret_mount(self) -> bool:
        """A secret is mounted: what looks like one in the command may come from there."""
        return any(mount.type == "secret" for mount in self.mounts)

    @property
    def has_ssh_mount(self) -> bool:
        """The SSH agent of the builder is reachable."""
        return any(mount.type == "ssh" for mount in self.mounts)


def json_list(words: Sequence[str]) -> str | None:
    """Plain words as a JSON list; None where only a shell knows the first of them."""
    if not words or "=" in words[0] or words[0] in _SHELL_WORDS:
        return None
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


@dataclass(frozen=True, slots=True)
class Start(Instruction):
    """What CMD and ENTRYPOINT have in common."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "start")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "commands")

    form: str = "shell"
    """`shell` or `exec`."""
    commands: tuple[Command, ...] = ()
    shell: ShellProgram | None = None
    body: Located[str] | None = None
    """Everything behind the keyword."""
    is_broken_json: bool = False
    """Starts like the exec form but does not read as one, so a shell gets the brackets."""
    has_shell: bool = False
    """A SHELL of its own is set, so that shell form is a choice."""

    @property
    def json_form(self) -> str | None:
        """The JSON list that starts the same program without a shell; None where the shell does more."""
        body = known(self.body)
        if self.form != "shell" or body is None or len(self.commands) != 1 or not _PLAIN.match(body):
            return None
        texts = [word.text for word in self.commands[0].words]
        return json_list(texts) if body.split() == texts else None

    @property
    def fixed_json(self) -> str | None:
        """The JSON list that a broken one was meant to be: other quotes, a comma missing or too many."""
        body = known(self.body)
        if not self.is_broken_json or body is None or not _MEANT_AS_JSON.match(body):
            return None
        return "[" + ", ".join(f'"{text[1:-1]}"' for text in _QUOTED.findall(body)) + "]"


@dataclass(frozen=True, slots=True)
class Cmd(Start):
    """The default command, or the default arguments of the entrypoint."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "start", "cmd")


@dataclass(frozen=True, slots=True)
class Entrypoint(Start):
    """The program of the container."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "start", "entrypoint")


@dataclass(frozen=True, slots=True)
class Healthcheck(Instruction):
    """How to tell that the container works."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "healthcheck")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "commands")

    is_none: bool = False
    """`HEALTHCHECK NONE`: an opt-out in writing."""
    commands: tuple[Command, ...] = ()
    form: str = "shell"
    """`shell` or `exec`."""
    shell: ShellProgram | None = None

    @property
    def json_form(self) -> str | None:
        """The JSON list that asks the same without a shell; None where the shell does more."""
        if self.form != "shell" or len(self.commands) != 1:
            return None
        span, texts = self.commands[0].span, [word.text for word in self.commands[0].words]
        is_plain = all(map(_PLAIN.match, texts)) and span.end - span.start == len(" ".join(texts))
        return json_list(texts) if is_plain else None


@dataclass(frozen=True, slots=True)
class Shell(Instruction):
    """Changes the shell of what follows."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "shell")

    words: tuple[Located[str], ...] = ()
    """The words of the new shell."""
    program: ShellProgram | None = None
