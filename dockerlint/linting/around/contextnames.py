"""Names of build contexts in a text that starts builds: in its command lines, and under the keys of actions.

docs.docker.com/reference/cli/docker/buildx/build/#build-context, github.com/docker/build-push-action and
github.com/docker/bake-action, their inputs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dockerlint.data import records
from dockerlint.kinds import ANY_CONTEXT
from dockerlint.parse.commands import parse_shell
from dockerlint.values import Located, known
from dockerlint.yaml.nodes import Mapping, Node, Scalar, Sequence

_OPTIONS: Final = {row["option"]: row["before"] for row in records("scans", "build-context-options")}
"""What stands in front of the name, in the value of each option that gives one."""
_KEYS: Final = {row["key"]: row["before"] for row in records("scans", "build-context-keys")}
"""The same for each line under a key of YAML."""
_MARKS: Final = ("--build-context", *(before for before in _OPTIONS.values() if before))
"""One of them stands in every line that gives a name."""
_COMMENTS: Final = ("#", "//")
_DEEPEST: Final = 4
"""Strings in strings that are read as command lines."""


def says_names(text: str) -> bool:
    """Whether a text may give any: a search that is cheap."""
    return "build-context" in text or any(mark in text for mark in _MARKS)


def names_in_yaml(text: str) -> Iterator[str]:
    """The names in a file of YAML: under the keys of actions, and in the command lines of its strings."""
    from dockerlint.yaml.tree import parse_yaml  # few Dockerfiles have CI files above them

    waiting: list[tuple[str, Node | None]] = [("", one) for one in reversed(parse_yaml(text).documents)]
    seen: set[int] = set()
    while waiting:
        key, node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            waiting += [(name, entry.value) for name, entry in node.entries.items()]
        elif isinstance(node, Sequence):
            waiting += [(key, item) for item in node.items]
        elif isinstance(node, Scalar) and key in _KEYS:
            yield from (name for line in node.text.split("\n") for name in _name(line.strip(), _KEYS[key]))
        elif isinstance(node, Scalar):
            yield from names_in_lines(node.text)


def names_in_lines(text: str) -> Iterator[str]:
    """The names in lines of a shell, as in scripts and makefiles; a line ends where no backslash goes on."""
    for line in text.replace("\r\n", "\n").replace("\\\n", " ").split("\n"):
        if any(mark in line for mark in _MARKS) and not line.lstrip().startswith(_COMMENTS):
            yield from _in_line(line, _DEEPEST)


def _in_line(line: str, deepest: int) -> Iterator[str]:
    for command in parse_shell(line):
        texts = [word.text for word in command.words]
        values = [known(one.value) or _in_list(line, one.value) for one in command.variables]
        for text, following in zip(texts, [*texts[1:], ""], strict=False):
            option, equals, value = text.partition("=")
            if option in _OPTIONS:
                yield from _name(value if equals else following, _OPTIONS[option])
        for inner in (*texts, *values):
            if deepest and any(mark in inner and mark != inner for mark in _MARKS) and inner != line:
                yield from _in_line(inner, deepest - 1)


def _in_list(line: str, value: Located[str] | None) -> str:
    """The words of a list, `ARGS=(--build-context a=b)`, which are read as those of a command."""
    written = "" if value is None else line[value.span.start : value.span.end]
    before, opening, words = written.partition("(")
    return words.rstrip(")") if opening and before[-1:] in ("", "=") else ""


def _name(setting: str, before: str) -> Iterator[str]:
    """The name in `name=…` behind what stands before it; ANY_CONTEXT where a variable holds it."""
    start, found, rest = setting.partition(before) if before else ("", "", setting)
    name = rest.partition("=")[0].strip("\"'")
    if not setting or (before and not found and "$" not in start):
        return
    if "$" in name or (before and not found):
        yield ANY_CONTEXT
    elif name:
        yield name
