"""The instructions of a Dockerfile and what their keywords mean; more in `running`, `copying`, `expose`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from dockerlint.images.privilege import is_root
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, Unknown, known


class Flag(NamedTuple):
    """`--name` or `--name=value` behind the keyword."""

    name: str
    """Its name without the dashes."""
    value: Located[str] | None
    """What is behind the equals sign."""
    span: Span


@dataclass(frozen=True, slots=True)
class UndefinedVariable:
    """A variable that is read where neither ARG nor ENV of this file sets it."""

    KINDS: ClassVar[tuple[str, ...]] = ("undefined_variable",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    name: str
    """The name of the variable."""
    span: Span = field(compare=False)
    """`$NAME` or `${NAME}`."""
    is_global: bool = False
    """Read by FROM or by a global ARG, where nothing but global ARGs counts."""
    is_set_beside: bool = False
    """Another part of the same instruction sets it, which is too late for this one."""
    suggestion: str = ""
    """A name that is set and looks much like it."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction; the subclasses add what their keyword means."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction",)
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined",)

    keyword: Located[str]
    """Upper case; the span is the word as written."""
    span: Span = field(compare=False)
    """From the keyword to the last character, heredoc bodies included, final line break excluded."""
    flags: tuple[Flag, ...] = field(default=(), kw_only=True)
    undefined: tuple[UndefinedVariable, ...] = field(default=(), kw_only=True)
    """Variables it reads that nothing in the file sets."""
    is_onbuild: bool = field(default=False, kw_only=True)
    """The trigger of an ONBUILD: it runs in the builds that start from this image."""
    has_odd_case: bool = field(default=False, kw_only=True)
    """The keyword is not written in the case that most keywords of the file have."""
    is_repeated: bool = field(default=False, kw_only=True)
    """The stage has another one of this keyword further down."""
    unread_list: Located[str] | None = field(default=None, kw_only=True)
    """Brackets that are written like a JSON list and are none, so that they are plain words."""
    dropped: Located[str] | None = field(default=None, kw_only=True)
    """What stands behind its JSON list, which Docker drops without a word."""
    remark: Located[str] | None = field(default=None, kw_only=True)
    """`# …` behind the arguments, which Docker takes for more of them."""

    @property
    def flag_words(self) -> tuple[str, ...]:
        """Its flags without their places, by which instructions are compared."""
        return tuple(f"{flag.name}={flag.value.value if flag.value else True}" for flag in self.flags)


@dataclass(frozen=True, slots=True)
class From(Instruction):
    """Opens a stage."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "from")

    base: Located[str] | None = None
    """The image or stage as it reads after variables are resolved."""
    platform: Located[str] | None = None
    """The value of `--platform`."""
    as_word: Located[str] | None = None
    """`AS` as written."""
    written: str = "FROM"
    """The keyword in its own case."""
    has_constant_platform: bool = False
    """`--platform` without any variable, in a stage whose name does not tell system or architecture."""
    has_redundant_platform: bool = False
    """`--platform=$TARGETPLATFORM`, which is the default."""
    needs_argument: bool = False
    """The reference is no valid one unless `--build-arg` fills a global ARG that has no default."""

    @property
    def matching_as(self) -> str:
        """AS in the letter case of FROM."""
        return "as" if self.written.islower() else "AS"

    @property
    def mixes_case(self) -> bool:
        """One of FROM and AS is lower case, the other is not."""
        word = known(self.as_word)
        if word is None:
            return False
        return (self.written.isupper() and not word.isupper()) or (
            self.written.islower() and not word.islower()
        )


@dataclass(frozen=True, slots=True)
class Setting(Instruction):
    """What ENV and LABEL have in common."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "setting")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "variables")

    variables: tuple[Variable, ...] = ()
    is_legacy: bool = False
    """`NAME value`, without an equals sign."""
    with_equals: str | None = None
    """The legacy form as a `NAME=value` that Docker reads alike; None where quotes may change that."""

    @property
    def overwritten(self) -> Variable | None:
        """The first variable that the same instruction sets again: what it is given here is lost."""
        last = {variable.name: variable for variable in self.variables}
        return next((one for one in self.variables if last[one.name] is not one), None)


@dataclass(frozen=True, slots=True)
class Env(Setting):
    """Sets variables for the build and the container."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "setting", "env")


@dataclass(frozen=True, slots=True)
class Label(Setting):
    """Sets labels of the image."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "setting", "label")


@dataclass(frozen=True, slots=True)
class Arg(Instruction):
    """Declares variables of the build."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "arg")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "variables")

    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class User(Instruction):
    """Sets the user of what follows, and of the container."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "user")

    text: Located[str] | None = None
    """Everything behind the keyword, variables resolved: `app:staff`."""

    @property
    def name(self) -> str | Unknown | None:
        """User name or number, without the group."""
        if self.text is None or isinstance(self.text.value, Unknown):
            return None if self.text is None else UNKNOWN
        return self.text.value.partition(":")[0]

    @property
    def is_root(self) -> bool | Unknown:
        """root or number 0, with or without a group; an empty name leaves it to the base image: UNKNOWN."""
        if not isinstance(self.name, str) or not self.name:
            return UNKNOWN
        return is_root(self.name)


@dataclass(frozen=True, slots=True)
class Workdir(Instruction):
    """Sets the directory of what follows."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "workdir")

    path: Located[str] | None = None
    """The path with its variables resolved."""
    is_relative: bool | Unknown = False
    """Neither a path from the root nor a drive; a leading variable is taken for an absolute path."""
    has_absolute_before: bool = False
    """An earlier WORKDIR of the stage or of those it builds on is absolute."""
    absolute: str | None = None
    """Where a relative path leads; None where a variable or a base image that is not known decides."""


@dataclass(frozen=True, slots=True)
class VolumePath:
    """One path of a VOLUME."""

    KINDS: ClassVar[tuple[str, ...]] = ("volume_path",)
    CHILDREN: ClassVar[tuple[str, ...]] = ()

    path: Located[str]
    """Without a slash at its end."""
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Volume(Instruction):
    """Declares directories that live outside the image."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "volume")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "paths")

    paths: tuple[VolumePath, ...] = ()


@dataclass(frozen=True, slots=True)
class Stopsignal(Instruction):
    """The signal that stops the container."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "stopsignal")

    signal: Located[str] | None = None
    """The name or number of the signal."""


@dataclass(frozen=True, slots=True)
class Maintainer(Instruction):
    """Deprecated: who looks after the image."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "maintainer")

    name: Located[str] | None = None
    """The text behind the keyword."""

    @property
    def quoted(self) -> str | None:
        """The name as the value of a label; None where it is empty or goes over several lines."""
        name = known(self.name)
        if not name or any(character in name for character in "\n\0"):
            return None
        bare = name[1:-1] if len(name) > 2 and name[0] == name[-1] and name[0] in "\"'" else name
        escaped = "".join(f"\\{one}" if one in '\\"$' else one for one in bare)
        return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Onbuild(Instruction):
    """An instruction for the builds that start from this image."""

    KINDS: ClassVar[tuple[str, ...]] = ("instruction", "onbuild")
    CHILDREN: ClassVar[tuple[str, ...]] = ("undefined", "trigger")

    trigger: Instruction | None = None
    trigger_keyword: Located[str] | None = None
    """Upper case."""
