"""A stage of a Dockerfile: what it inherits from those that it builds on, and what runs in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar, Final, TypeVar

from dockerlint.model.command.command import Command
from dockerlint.model.command.fetched import FetchedProgram, fetched_programs, is_verification
from dockerlint.model.command.packages import PackageStep
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.credential_path import copied_credentials
from dockerlint.model.dockerfile.expose import ExposedPort
from dockerlint.model.dockerfile.instruction import Env, From, Instruction, Label, User, Workdir
from dockerlint.model.dockerfile.layer import installed_apart, second_of_two
from dockerlint.model.dockerfile.repeated import overridden_label, repeated_step
from dockerlint.model.dockerfile.running import Cmd, Entrypoint, Healthcheck, Run, ShellProgram
from dockerlint.model.dockerfile.script import Script, is_script, no_script
from dockerlint.model.dockerfile.starting import holds_ssh_server, only_looks_at_files
from dockerlint.model.dockerfile.unpacked import UnpackedCopy, unpacked_copies
from dockerlint.model.image import Image
from dockerlint.model.variable import Variable
from dockerlint.regex import pattern
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known

Found = TypeVar("Found")

_RESERVED_NAMES: Final = frozenset(("scratch", "context"))
"""Names that BuildKit gives a meaning of its own."""
_STEPS: Final = frozenset(("RUN", "COPY", "ADD", "WORKDIR"))
"""Instructions that may need root to change files."""
CHECKED: Final = "io.dockerlint.checked"
"""The label that fixes write where the project asks for it."""
_RECOMMENDS_OFF = pattern(r"(?i)\bInstall-Recommends[\"'\s=]{1,6}(?:false|no|off|0)\b")
_ARCHIVE = pattern(r"\b(?:archive\.debian\.org|snapshot\.debian\.org|old-releases\.ubuntu\.com)\b")


@dataclass(frozen=True, slots=True)
class Stage:
    """From one FROM to the next, with what it inherits along `FROM <stage>`."""

    KINDS: ClassVar[tuple[str, ...]] = ("stage",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("image", "instructions", "fetched_programs", "unpacked_copies")

    index: int
    """Its number; the first stage is 0."""
    name: Located[str] | None
    """The name behind AS."""
    image: Image | None
    """The external base image, `scratch` included; None when it builds on another stage."""
    parent: Stage | None = field(compare=False, repr=False)
    """The stage it builds on."""
    is_final: bool
    """A stage that decides what runs: the last one, and those that services build."""
    instructions: tuple[Instruction, ...]
    span: Span = field(compare=False)
    """The whole stage; `opening` is what a finding about the stage underlines."""
    from_line: From | None = None
    """None for instructions that stand before any FROM."""
    ships: bool = False
    """The final stage, or one it builds on: its layers are in the image."""
    base: Image | None = field(default=None, compare=False)
    """The image at the bottom of the chain of stages; None when there is no FROM."""
    user: User | None = field(default=None, compare=False)
    """The USER in force at the end, of this stage or of one it builds on."""
    shell: ShellProgram | None = None
    """The shell in force at the end."""
    workdir: Workdir | None = field(default=None, compare=False)
    healthcheck: Healthcheck | None = field(default=None, compare=False)
    cmd: Cmd | None = field(default=None, compare=False)
    entrypoint: Entrypoint | None = field(default=None, compare=False)
    is_windows: bool | Unknown = False
    """Its base is an image of Windows."""
    has_step_down: bool = False
    """It brings gosu or su-exec along, so its own entrypoint may leave root."""
    exposed_ports: tuple[ExposedPort, ...] = field(default=(), compare=False)
    """The first hundred ports that the stage itself exposes."""
    name_is_taken: bool = False
    """An earlier stage has the same name."""
    siblings: Sequence[Stage] = field(default=(), compare=False, repr=False)
    """The stages of its file; COPY may take files from those above it."""
    script_at: Callable[[str], Script | None] = field(default=no_script, compare=False, repr=False)
    """Reads a script by its path in the build context; None for one that is not at hand."""
    builders: tuple[BuildingService, ...] = field(default=(), compare=False)
    """The services that build it."""
    _memo: dict[str, Any] = field(init=False, default_factory=dict, compare=False, repr=False)
    today: str = field(default="", compare=False)
    """The day on which it is linted: `2026-08-22`."""

    def remember(self, key: str, find: Callable[[Stage], Found]) -> Found:
        """What `find` says about it, which is asked once for each key."""
        if key not in self._memo:
            self._memo[key] = find(self)
        found: Found = self._memo[key]
        return found

    @property
    def is_named_like_keyword(self) -> bool:
        """The name is one that BuildKit reserves."""
        name = None if self.name is None else self.name.known
        return name is not None and name.lower() in _RESERVED_NAMES

    @property
    def has_upper_case_name(self) -> bool:
        """Docker lowers stage names, so that one in capitals is not what it seems."""
        name = None if self.name is None else self.name.known
        return name is not None and name != name.lower()

    @property
    def is_on_scratch(self) -> bool | Unknown:
        """Nothing but its own files."""
        return UNKNOWN if self.base is None else self.base.is_scratch

    @property
    def other_downloader(self) -> Command | None:
        """The first wget behind a curl, or the first curl behind a wget."""
        runs = (each for each in self.instructions if isinstance(each, Run))
        return second_of_two([command for run in runs for command in run.commands], ("curl", "wget"))

    @property
    def first_of_copies(self) -> Copy | None:
        """The first COPY or ADD right above another one with the same flags and destination."""
        copies = ((one, below) for one, below in pairwise(self.instructions) if isinstance(one, Copy))
        same = (
            one
            for one, below in copies
            if type(below) is type(one)
            and below.flag_words == one.flag_words
            and below.destination is not None
            and below.destination.known == known(one.destination)
            and known(one.destination) is not None
        )
        return next(same, None)

    @property
    def repeated_step(self) -> Run | None:
        """The first RUN that does what an earlier one of the stage does; updates of lists do not count."""
        return repeated_step(one for one in self.instructions if isinstance(one, Run))

    @property
    def installed_apart(self) -> PackageStep | None:
        """The first install from package lists that an earlier RUN has fetched."""
        runs = (one for one in self.instructions if isinstance(one, Run) and not one.has_cache_mount)
        return installed_apart([run.commands for run in runs])

    @property
    def copied_credentials(self) -> tuple[Located[str], ...]:
        """Where COPY puts a file that GOOGLE_APPLICATION_CREDENTIALS or its like names."""
        return copied_credentials(self.instructions)

    @property
    def base_runs_as_root(self) -> bool | Unknown:
        """Without USER the container runs as root; UNKNOWN when nothing is known about the base image."""
        if self.base is None or self.is_windows is not False:
            return UNKNOWN if self.is_windows is not True else False
        return False if self._base_drops_root else self.base.starts_as_root

    @property
    def runs_as_root(self) -> bool | Unknown:
        """What runs in the container is root at the end of the start-up."""
        return self.base_runs_as_root if self.user is None else self.user.is_root

    @property
    def lacks_user(self) -> bool | Unknown:
        """No USER, where one is missing: not on Windows, nor on a base known to need none."""
        if self.user is not None or self.base is None:
            return False
        if self.is_windows is not False:
            return False if self.is_windows is True else UNKNOWN
        return self.base_runs_as_root is not False

    @property
    def is_base_user_known(self) -> bool:
        """The facts say which user the base image runs as."""
        return not isinstance(self.base_runs_as_root, Unknown)

    @property
    def starts_nothing(self) -> bool:
        """No program to start, as stages are that only export files or check something."""
        if self.cmd is not None or self.entrypoint is not None:
            return False
        is_used = self.builders or self.exposed_ports
        return self.is_on_scratch is True or (
            not is_used and only_looks_at_files(self.base, self.all_instructions)
        )

    @property
    def serves_ssh(self) -> bool:
        """It installs or starts an SSH server, so that SSH is what it is there for."""
        return self.remember(
            "serves_ssh", lambda one: holds_ssh_server((*one.instructions, one.entrypoint, one.cmd))
        )

    @property
    def leaves_recommends_out(self) -> bool:
        """A step of it, or of a stage below it, sets apt to leave recommended packages out."""
        return self.remember("recommends", Stage._sets_recommends_off)

    def _sets_recommends_off(self) -> bool:
        words = (word.text for command in self._commands for word in command.words)
        is_off = any(_RECOMMENDS_OFF.search(word) for word in words)
        return is_off or (self.parent is not None and self.parent.leaves_recommends_out)

    @property
    def runs_script(self) -> bool:
        """A script is what it starts, or asks whether it is well; what is in it may not be known."""
        parts = (self.entrypoint, self.cmd, self.healthcheck)
        return any(is_script(one) for part in parts if part is not None for one in part.commands)

    @property
    def installs_from_archive(self) -> bool:
        """A step names an archive of releases without support, the signatures of which have run out."""
        return self.remember("archive", Stage._names_archive)

    def _names_archive(self) -> bool:
        return any(_ARCHIVE.search(word.text) for command in self._commands for word in command.words)

    @property
    def verifies_downloads(self) -> bool:
        """A step of it compares a file with a checksum or a signature."""
        return any(map(is_verification, self._commands))

    @property
    def _commands(self) -> Iterator[Command]:
        return (command for one in self.instructions if isinstance(one, Run) for command in one.commands)

    @property
    def base_user(self) -> str:
        """The user of the base image, for messages."""
        user = None if self.base is None else self.base.default_user
        return user if isinstance(user, str) and user else "root"

    @property
    def all_instructions(self) -> tuple[Instruction, ...]:
        """Its instructions behind those of the stages it builds on, in the order in which they are done."""
        parts: list[tuple[Instruction, ...]] = []
        stage: Stage | None = self
        while stage is not None:
            parts.append(stage.instructions)
            stage = stage.parent
        return tuple(one for part in reversed(parts) for one in part)

    @property
    def fetched_programs(self) -> tuple[FetchedProgram, ...]:
        """Downloads of its steps that are used without a checksum."""
        return fetched_programs(self._commands)

    @property
    def unpacked_copies(self) -> tuple[UnpackedCopy, ...]:
        """Archives that a COPY brings and a later RUN unpacks."""
        return tuple(unpacked_copies(self.instructions))

    @property
    def missing_labels(self) -> tuple[str, ...]:
        """Labels that the project wants, and that neither the stage nor one that it builds on sets."""
        from dockerlint.model.label import missing

        labels = (one for one in self.all_instructions if isinstance(one, Label))
        return missing({variable.name for label in labels for variable in label.variables})

    @property
    def first_missing_label(self) -> str | None:
        """The first of them."""
        return next(iter(self.missing_labels), None)

    @property
    def overridden_label(self) -> Variable | None:
        """The first label whose value a later LABEL of the stage takes away."""
        return overridden_label(self.instructions)

    @property
    def may_have_accounts(self) -> bool:
        """Some COPY or ADD may have brought /etc/passwd."""
        return any(isinstance(one, Copy) and one.brings_accounts for one in self.all_instructions)

    @property
    def environment_names(self) -> tuple[str, ...]:
        """Names of the variables that ENV sets, here or in the stages that it builds on."""
        settings = (one for one in self.all_instructions if isinstance(one, Env))
        return tuple(variable.name for one in settings for variable in one.variables)

    @property
    def check_day(self) -> Located[str] | None:
        """The day that the label of the last check names, the last one of it and of the stages below."""
        labels = (one for one in reversed(self.all_instructions) if isinstance(one, Label))
        return next((one.value for label in labels for one in label.variables if one.name == CHECKED), None)

    @property
    def has_old_check(self) -> bool:
        """That day is not the one on which the file is linted."""
        return self.check_day is not None and self.check_day.known != self.today

    @property
    def last_instruction(self) -> Instruction | None:
        """What a line at the end of the stage follows."""
        return self.instructions[-1] if self.instructions else self.from_line

    @property
    def builder_names(self) -> str:
        """The services that build it, for a sentence."""
        return ", ".join(dict.fromkeys(one.service for one in self.builders))

    @property
    def is_started_unprivileged(self) -> bool:
        """Every service that builds it names a user, and not root."""
        return bool(self.builders) and all(one.is_unprivileged for one in self.builders)

    @property
    def is_checked_by_services(self) -> bool:
        """Every service that builds it has a health check of its own."""
        return bool(self.builders) and all(one.has_healthcheck for one in self.builders)

    @property
    def is_stopped_by_services(self) -> bool:
        """Every service that builds it says itself which signal stops it."""
        return bool(self.builders) and all(one.has_stop_signal for one in self.builders)

    @property
    def is_started_by_services(self) -> bool:
        """Every service that builds it starts something else than its ENTRYPOINT or CMD."""
        return bool(self.builders) and all(
            one.has_entrypoint or (one.has_command and self.entrypoint is None) for one in self.builders
        )

    @property
    def lower_name(self) -> str | None:
        """The name as Docker compares it."""
        name = known(self.name)
        return None if name is None else name.lower()

    @property
    def own_start(self) -> Instruction | None:
        """The first of the CMD and ENTRYPOINT that close the stage: no step that needs root follows."""
        found: Instruction | None = None
        for each in reversed(self.instructions):
            if isinstance(each, (Cmd, Entrypoint)):
                found = each
            elif each.keyword.known in _STEPS:
                break
        return found

    @property
    def _base_drops_root(self) -> bool:
        """The entrypoint of the base image leaves root, and is the one that runs."""
        facts = None if self.base is None else self.base.facts
        return facts is not None and facts.drops_root and self.entrypoint is None
