"""What a stage keeps in the home of root, which is closed to others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dockerlint.data import word_list, word_table
from dockerlint.findings import Refusal
from dockerlint.model.command.command import Command
from dockerlint.model.dockerfile.appfolder import is_of_root
from dockerlint.model.dockerfile.copying import Copy
from dockerlint.model.dockerfile.instruction import Instruction, Setting, Workdir
from dockerlint.model.dockerfile.running import Run
from dockerlint.regex import pattern
from dockerlint.values import known

_HOME_INSTALLERS: Final = word_list("privileges", "home-installers")
"""Tools whose packages go into the home of who runs them."""
_PLUGINS: Final = word_table("privileges", "home-plugins")
"""Tools and their commands that put something into the home of who runs them."""
_PROJECT_TOOLS: Final = word_list("privileges", "project-environment-tools")
_IN_PLACE: Final = pattern(
    r"POETRY_VIRTUALENVS_(?:CREATE|IN_PROJECT|PATH)|PIPENV_VENV_IN_PROJECT|WORKON_HOME"
)

_HIDDEN = pattern(r"/\.[A-Za-z]")
"""Settings beside the folders of the system: old releases of Docker had root at home there."""


def why_home(chain: Iterable[Instruction], started: Iterable[Command]) -> Refusal | None:
    """What the program may need lies in the home of root; None for nothing."""
    for command in started:
        for word in command.words:
            if is_of_root(word.text):
                return _in_home(word.text)
    names = {one.name for each in chain if isinstance(each, Setting) for one in each.variables}
    is_in_place = any(_IN_PLACE.match(name) for name in names)
    for each in chain:
        for path in _paths(each):
            if is_of_root(path):
                return _in_home(path)
            if _HIDDEN.match(path):
                return Refusal(f"{path[:60]} is read as a file of root's home directory if that is /")
        if isinstance(each, Run):
            tool = next(filter(None, (_home_tool(one, is_in_place) for one in each.commands)), None)
            if tool:
                return Refusal(
                    f"{tool} installs into the home directory of root, which is closed to other users"
                )
    return None


def _in_home(path: str) -> Refusal:
    where = "is" if path.rstrip("/") in ("/root", "~") else "is in"
    return Refusal(f"{path[:60]} {where} the home directory of root, which is closed to other users")


def _paths(each: Instruction) -> Iterator[str]:
    """Paths that an instruction makes or names for later."""
    if isinstance(each, Copy):
        yield known(each.destination) or ""
    elif isinstance(each, Workdir):
        yield known(each.path) or ""
    elif isinstance(each, Setting) and each.keyword.known == "ENV":
        for variable in each.variables:
            yield from (known(variable.value) or variable.written).strip("\"'").split(":")
    elif isinstance(each, Run):
        for command in each.commands:
            if command.tool not in ("rm", "find", "chmod", "ls", "echo"):
                yield from (word.text for word in command.words[1:])
            yield from (entry.target.text for entry in command.redirections)


def _home_tool(command: Command, is_in_place: bool) -> str | None:
    """The tool that installs into the home of who runs it; None for what does not."""
    tool, words = command.tool, [word.text for word in command.words[1:]]
    if tool in _PROJECT_TOOLS and "install" in words:
        return None if is_in_place or "--system" in words or "--deploy" in words else tool
    if tool == "playwright" and "install" in words:
        return tool
    if tool == "pip" and "--user" in words:
        return "pip install --user"
    if tool in _HOME_INSTALLERS and command.program != "mvnw":
        return tool
    if words and words[0] in _PLUGINS.get(tool, ()):
        return f"{tool} {words[0]}"
    if tool == "uv" and words[:1] in (["tool"], ["python"]):
        return f"uv {words[0]}"
    if tool == "dotnet" and "tool" in words and "-g" in words:
        return "dotnet tool install -g"
    if tool == "composer" and "global" in words:
        return "composer global"
    return "python" if "nltk.downloader" in words else None
