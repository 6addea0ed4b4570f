"""Does anything that a build does rest on the release of the distribution below it?

A move to another release of an image brings another distribution release with it. It is made only where
every step is one that does the same there: packages known to be there, files, and the programs the publisher
speaks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dockerlint.data import word_list
from dockerlint.findings import Refusal
from dockerlint.images.successor import Successor
from dockerlint.images.tags import Promise
from dockerlint.model.command.command import Command
from dockerlint.model.command.packages import PackageStep
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.copying import Add, Copy, CopySource, is_whole
from dockerlint.model.dockerfile.instruction import Env, Instruction
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.regex import pattern
from dockerlint.shell.wrappers import SHELLS
from dockerlint.values import Unknown, known

_PLAIN: Final = word_list("systems", "same-everywhere")
"""The same on every distribution, as far as images ask."""
_FETCHES: Final = word_list("systems", "fetchers")
_UNPACKS: Final = word_list("systems", "unpackers")
_ALWAYS_THERE: Final = word_list("systems", "unpackers-of-every-system")
_SYSTEM_MANAGERS: Final = frozenset({"apt-get", "apt", "apk"})
_FOREIGN_SOURCES: Final = frozenset({"-t", "--target-release", "-X", "--repository"})
_COMPILERS: Final = word_list("systems", "c-compilers")
_INLINE: Final = frozenset({"-c", "-ec", "-lc", "-exc", "-xc"})
"""How a shell is given its script as a word, which is read as commands of its own."""
_UNSTEADY_PLACES: Final = ("/usr/lib", "/usr/share", "/lib", "/opt")
_WITHOUT_GLIBC: Final = frozenset({"Alpine Linux"})
"""What a compiler makes there without a C compiler beside it needs no library of the distribution."""
_WORD = pattern(r"[a-z]+")
_TEXT = pattern(
    r"(?:.*/)?(?:\.?[\w-]+\.(?:conf|cfg|cnf|config|ini|toml|ya?ml|json|xml|txt|md|sh|bash|css|html?|service|list|pem"
    r"|crt|lisp|cow|sql|properties|env|template|rc|desktop)|\.[a-z]+rc)\Z"
)
_JDK_PLACES = pattern(r"/usr/(?:local/openjdk|lib/jvm)|java-\d+-openjdk")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a stage stands on after the move, and what is known about that."""

    build: Build
    stage: Stage
    successor: Successor
    packages: frozenset[str]
    """Those known to be in the new release of the distribution."""
    others: frozenset[str]
    """How archives call the other releases of distributions: `bullseye`."""

    @property
    def promise(self) -> Promise:
        """What the publisher says."""
        return self.successor.promise

    def refusal(self, text: str) -> Refusal | None:
        """Why the stage cannot be moved; None where it can. `text` is the whole file."""
        return next(self._refusals(text), None)

    def _refusals(self, text: str) -> Iterator[Refusal]:
        family = [one for one in self.build.stages if self._stands_on(one)]
        each = [one for stage in family for one in stage.instructions]
        written = "".join(text[stage.span.start : stage.span.end].partition("\n")[2] for stage in family)
        if _JDK_PLACES.search(written):
            yield Refusal("it uses a directory of the old image")
        yield from (Refusal(f"it names {word}") for word in sorted(self.others & set(_WORD.findall(written))))
        there = {name for one in _commands(each) for name in _installed(one)}
        for command in _commands(each):
            yield from self._of_command(command, there)
        for one in each:
            yield from self._of_instruction(one)
        for stage in family:
            yield from self._of_start(stage)
        yield from self._of_readers(family, each, there)

    def _stands_on(self, stage: Stage | None) -> bool:
        while stage is not None:
            if stage.span == self.stage.span and stage == self.stage:
                return True
            stage = stage.parent
        return False

    def _of_start(self, stage: Stage) -> Iterator[Refusal]:
        """What a container starts must be there, and a script must find its programs."""
        if self.promise.is_system and stage.is_final and stage.entrypoint is None and stage.cmd is None:
            yield Refusal("it starts no program, so images built on it may depend on the old release")
        for start in (stage.entrypoint, stage.cmd):
            for command in start.commands if start is not None else ():
                path = command.words[0].text if command.words else ""
                if self.promise.is_system and path.startswith(_UNSTEADY_PLACES):
                    yield Refusal(f"{path} may be elsewhere there")
                elif self.successor.is_leaner and command.tool not in self.promise.tools:
                    yield Refusal(f"{path} may need a program that only the old image has")

    def _of_command(self, command: Command, there: set[str]) -> Iterator[Refusal]:
        name = command.tool
        if isinstance(command.program, Unknown):
            yield Refusal("what it runs is a variable")
        elif name in SHELLS and len(command.words) > 1 and command.words[1].text in _INLINE:
            return
        elif command.step is not None and name in _SYSTEM_MANAGERS:
            yield from self._of_step(command.step)
        elif any(one.target.text.startswith(("/etc/apt", "/etc/apk")) for one in command.redirections):
            yield Refusal("it adds a package source")
        elif name in _FETCHES | _UNPACKS and self.promise.is_system:
            yield Refusal(f"{name} installs files that may be built for the old release")
        elif name in _FETCHES | _UNPACKS:
            if name not in there | _ALWAYS_THERE | set(self.promise.tools):
                yield Refusal(f"{name} may not exist there")
        elif name and name not in _PLAIN and name not in self.promise.tools:
            yield Refusal(f"{name} may behave differently there")

    def _of_step(self, step: PackageStep) -> Iterator[Refusal]:
        if step.action in ("update", "clean", "remove"):
            return
        if step.action != "install" or step.is_from_file or _FOREIGN_SOURCES & set(step.options):
            yield Refusal(f"{step.manager} installs more than packages of the release")
        for package in step.packages:
            if package.is_pinned is not False:
                yield Refusal(f"the version of {package.name} is pinned")
            elif package.name not in self.packages:
                yield Refusal(f"package {package.name} is not known to be the same there")

    def _of_instruction(self, one: Instruction) -> Iterator[Refusal]:
        if isinstance(one, (Copy, Add)):
            for source in one.sources:
                yield from self._of_source(source)
        elif isinstance(one, Run) and one.shell is not None and one.shell.is_posix is not True:
            yield Refusal("its shell is not known")
        elif isinstance(one, Run) and not one.commands:
            yield Refusal("it runs something that cannot be analysed")

    def _of_source(self, source: CopySource) -> Iterator[Refusal]:
        path = source.path.known
        if source.origin == "heredoc" or (path is not None and _TEXT.match(path)):
            return
        if self.promise.is_system:
            what = "what it copies" if path is None or is_whole(path) else path
            yield Refusal(f"{what} may be built for the old release")
        elif source.origin == "stage" and not self.promise.files:
            yield Refusal("it copies from another stage")

    def _of_readers(self, family: list[Stage], each: list[Instruction], there: set[str]) -> Iterator[Refusal]:
        """Files that leave for an image on another release must not need its libraries."""
        if self.promise.files == "anywhere" or (
            self.promise.files == "static" and self._is_static(each, there)
        ):
            return
        names = {name for one in family for name in (one.lower_name, str(one.index)) if name is not None}
        for stage in self.build.stages:
            if stage.is_on_scratch is True and self.promise.files:
                continue
            reads = any(origin.lower() in names for one in stage.instructions for origin in _origins(one))
            if reads and not self._stands_on(stage):
                yield Refusal(
                    "another image copies files from it, which may need a library of the new release"
                )

    def _is_static(self, each: list[Instruction], there: set[str]) -> bool:
        system = self.successor.system
        if system is not None and system.product in _WITHOUT_GLIBC and not there & _COMPILERS:
            return True
        settings = (var for one in each if isinstance(one, Env) for var in one.variables)
        return any(one.name == "CGO_ENABLED" and known(one.value) == "0" for one in settings)


def _commands(instructions: list[Instruction]) -> Iterator[Command]:
    for one in instructions:
        if isinstance(one, Run):
            yield from one.commands


def _installed(command: Command) -> tuple[str, ...]:
    step = command.step
    return step.names if step is not None and step.action == "install" else ()


def _origins(instruction: Instruction) -> Iterator[str]:
    """The stages and images that an instruction takes files from."""
    if isinstance(instruction, (Copy, Add)) and instruction.copies_from is not None:
        yield known(instruction.copies_from) or ""
    elif isinstance(instruction, Run):
        yield from (mount.origin for mount in instruction.mounts if mount.origin)
