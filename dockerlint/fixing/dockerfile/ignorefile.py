"""A `.dockerignore`: made where there is none, completed where it lets history and settings in.

Whoever builds gets less than before, so nothing is left out that the Dockerfile is seen to use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dockerlint.data import ordered_words, word_list, word_table
from dockerlint.findings import NewFile, Refusal
from dockerlint.fixing.request import Change, Outcome, Request
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.build import Build
from dockerlint.model.dockerfile.copying import Copy, is_whole
from dockerlint.model.dockerfile.running import Run
from dockerlint.model.dockerfile.script import Script, script_word
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.model.dockerfile.startscript import places_of
from dockerlint.regex import pattern

_TITLE: Final = "# Not for the image: history, what is secret, what the build makes anew"
_SECRETS: Final = ordered_words("systems", "ignored-secrets")
_BY_TOOL: Final = word_table("systems", "ignored-products")
"""What the build makes anew, by the tool that does."""
_WITHOUT_HISTORY = frozenset(("clone", "config", "init", "ls-remote", "lfs", "version"))
"""What git does for a build without the project's own history."""
_ENVIRONMENT = pattern(r"(?m)^(?![ \t]*#).*?(?<![\w.*-])\.env(?![\w.*-])")
_BUNDLERS: Final = word_list("systems", "bundlers")
_MOST_EXPECTED = 20
_INTERPRETERS: Final = word_list("commands", "program-runners") | {"node", "bun", "deno"}
_ASKS_HISTORY: Final = pattern(
    r"(?:\b(?:new|Command|run|call|Popen|check_output|exec\w*|spawn\w*|system)\(\s{0,9}\[?[\"']git\b"
    r"|\bgit[\"',\s]{1,9}(?:describe|rev-parse|rev-list|log|show|status|tag|branch|shortlog|diff|submodule|ls-files)\b)"
)
"""A line of a shell, or a program that starts git."""
_STAMPS: Final = frozenset(("-buildvcs", "-buildvcs=true"))
"""Options of go with which it writes the commit into the program, and fails where there is none."""
_VERSIONS_BY_GIT: Final = ordered_words("systems", "versions-by-git")
_BUILD_FILES: Final = ordered_words("systems", "build-files")
_PROJECT_BUILDERS: Final = word_list("systems", "project-builders")


def ignore(request: Request) -> Outcome:
    """Leave out of the build what the argument lists: names such as `.git` and `.env`."""
    build = request.scope.get("build")
    if not isinstance(build, Build):
        return Refusal("the build context is not known")
    return request.shared.answer(_left_out, build, request.text, tuple(map(str, request.argument)))


def _left_out(build: Build, text: str, exposed: tuple[str, ...]) -> Outcome:
    if refusal := refusal_to_ignore(build, text, exposed):
        return refusal
    named = list(_named(build))
    lines = exposed if build.has_ignore_file else [_TITLE, *_wanted(build, named)]
    expected = [path for path in (*named, *_started(build)) if not set("*?[$") & set(path)]
    return Change(
        (),
        (NewFile(".dockerignore", "\n".join(lines), "add_line", expects=tuple(expected[:_MOST_EXPECTED])),),
    )


def refusal_to_ignore(build: Build, text: str, names: Iterable[str]) -> Refusal | None:
    """Why a Dockerfile needs one of some names, the last parts of paths; None where nothing says so."""
    named = list(_named(build))
    for name in names:
        if any(name in path.split("/") for path in named):
            return Refusal(f"another instruction copies {name}")
        if refusal := _use_of(name, build, text):
            return refusal
    return None


def _use_of(name: str, build: Build, text: str) -> Refusal | None:
    """What else the build does with the history or the settings of the project."""
    if name == ".git":
        return _use_of_history(build)
    if name != ".env":
        return None
    if _ENVIRONMENT.search(text):
        return Refusal(f"the Dockerfile mentions {name}")
    if any(one.tool in _BUNDLERS and "build" in (_verb(one), *one.arguments) for one in _commands(build)):
        return Refusal(f"the build may read {name}")
    return Refusal(f"PHP frameworks read {name} when they start") if _is_php(build) else None


def _use_of_history(build: Build) -> Refusal | None:
    """A step, or a script or file of the project that a step reads, that works with the folder `.git`."""
    if any(map(_reads_history, _commands(build))):
        return Refusal("a build step uses the git history")
    for stage in build.stages:
        for command in _commands_of(stage):
            for path in (*_files_run(command), *(_BUILD_FILES if _builds_project(command) else ())):
                file = stage.script_at(path)
                if file is not None and _asks_history(file):
                    return Refusal(f"{path} uses the git history")
    return None


def _files_run(command: Command) -> Iterator[str]:
    """The file of the project that a step runs: as a program, or given to a shell or an interpreter."""
    first = next((word.text for word in command.words[1:] if word.text[:1] != "-"), "")
    for word in (script_word(command), first if command.tool in _INTERPRETERS else ""):
        if word and not word.startswith(("/", "$")):
            yield word.removeprefix("./")


def _asks_history(file: Script) -> bool:
    return (
        any(map(_reads_history, file.commands))
        or any(one in file.text for one in _VERSIONS_BY_GIT)
        or _ASKS_HISTORY.search(file.text) is not None
    )


def _reads_history(command: Command) -> bool:
    if command.tool == "git":
        verb = _verb(command)
        return bool(verb) and verb not in _WITHOUT_HISTORY
    if command.tool in _VERSIONS_BY_GIT or not _STAMPS.isdisjoint(word.text for word in command.words):
        return True
    return any(".git" in word.text.split("/") for word in command.words[1:])


def _builds_project(command: Command) -> bool:
    """It installs or builds the project in its folder."""
    words = [word.text for word in command.words]
    return command.tool in _PROJECT_BUILDERS or any(
        word in (".", "./", "-e", "build", "setup.py") or word.startswith(".[") for word in words[1:]
    )


def _verb(command: Command) -> str | None:
    return None if command.subcommand is None else command.subcommand.known


def _is_php(build: Build) -> bool:
    bases = {str(stage.base.name) for stage in build.stages if stage.base is not None}
    return any("php" in base for base in bases) or any(one.tool == "composer" for one in _commands(build))


def _wanted(build: Build, named: Sequence[str]) -> list[str]:
    """The lines of a new file, without those for what a COPY names."""
    lines = [*_SECRETS, *dict.fromkeys(_made_anew(build))]
    parts = {part for path in named for part in path.split("/")}
    return [line for line in lines if line.removeprefix("**/").rstrip("/") not in parts]


def _made_anew(build: Build) -> Iterator[str]:
    """What every stage that takes the whole context makes for itself."""
    takers = [stage for stage in build.stages if _takes_all(stage)]
    for tool, lines in _BY_TOOL.items():
        if takers and all(any(one.tool == tool for one in _commands_of(stage)) for stage in takers):
            yield from lines


def _takes_all(stage: Stage) -> bool:
    copies = (one for one in stage.instructions if isinstance(one, Copy))
    return any(copy.brings_whole_context for copy in copies)


def _named(build: Build) -> Iterator[str]:
    """Every path in the context that the Dockerfile names, but the whole of it."""
    return (path for path in _sources(build) if not is_whole(path))


def _sources(build: Build) -> Iterator[str]:
    for stage in build.stages:
        for one in stage.instructions:
            if isinstance(one, Copy):
                known = (source.path.known for source in one.sources if source.is_local)
                yield from (_clean(path) for path in known if path is not None)
            elif isinstance(one, Run):
                binds = (mount for mount in one.mounts if mount.type == "bind" and mount.origin is None)
                yield from (_clean(mount.source) for mount in binds if mount.source)


def _started(build: Build) -> Iterator[str]:
    """Scripts that are started and come with the whole context: they lie in it."""
    for stage in build.stages:
        starts = [start for start in (stage.entrypoint, stage.cmd) if start is not None]
        words = (word.text for start in starts for one in start.commands for word in one.words)
        for word in words:
            places = list(places_of(stage, word)) if "/" in word and word.endswith((".sh", ".py")) else []
            yield from places if len(places) == 1 else ()


def _clean(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./").strip("/")


def _commands(build: Build) -> Iterator[Command]:
    for stage in build.stages:
        yield from _commands_of(stage)


def _commands_of(stage: Stage) -> Iterator[Command]:
    for one in stage.instructions:
        if isinstance(one, Run):
            yield from one.commands
