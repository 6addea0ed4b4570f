"""What a file is for: its path says it, or what stands in it; else nobody knows, and it counts as production.

Rules about hardening and hygiene are for what runs in production. In a test fixture, a tutorial or somebody
else's code in `vendor/` they would tell what nobody is going to change.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dockerlint.data import word_list, word_table
from dockerlint.kinds import kind_of_name
from dockerlint.regex import pattern
from dockerlint.values import known
from dockerlint.workspace.config import PURPOSES

if TYPE_CHECKING:
    from dockerlint.findings import Finding
    from dockerlint.model.command.command import Command
    from dockerlint.model.container.container import Container

PRODUCTION: Final = PURPOSES[0]
_DEVELOPMENT: Final = "development"
_BUILDER: Final = "builder"
DEVCONTAINER: Final = "devcontainer.json"
"""The file beside a Dockerfile or Compose file that is somebody's editor."""

_MOST_LINES: Final = 60
"""Comments that are looked at."""
_WORD: Final = pattern(r"[a-z0-9]+")
_BETWEEN: Final = pattern(r"[-._]+")
_TEST: Final = pattern(r"(?:test|tests|e2e)(?:[-_:.]\w[\w:.-]*)?\Z")
"""What tests are called among the tasks of a project: `test`, `test:unit`, `test_acceptance`."""
_KIND_WORDS: Final = frozenset({"dockerfile", "containerfile", "compose", "docker", "yaml", "yml", "stack"})


class Purpose(NamedTuple):
    """One of PURPOSES, and what says so."""

    name: str = ""
    """"" where nothing says anything."""
    reason: str = ""

    @property
    def is_other(self) -> bool:
        """It is for something else than production."""
        return self.name not in ("", PRODUCTION)

    def suits(self, wanted: str) -> bool:
        """Whether what is said of files for this purpose matters here."""
        if not wanted or not self.is_other:
            return True
        return wanted == _DEVELOPMENT and self.name in (_DEVELOPMENT, _BUILDER)


UNKNOWN: Final = Purpose()


def depends_on_purpose(finding: Finding) -> bool:
    """Whether it matters for a finding, or for its fix, what the file is for."""
    return bool(finding.purpose) or (finding.fix is not None and bool(finding.fix.purpose))


def purpose_of_path(path: str, neighbours: Iterable[str] = ()) -> Purpose:
    """What the path of a file from the top of its project says; its own name goes before its folders.

    `neighbours` are names of files beside it.
    """
    *folders, name = path.split("/")
    words = [word for word in _BETWEEN.split(name.lower()) if word not in _KIND_WORDS]
    by_name = _purposes("purpose-names")
    for word in words:
        if word in by_name:
            return Purpose(by_name[word], f"{word} in its name")
    if DEVCONTAINER in neighbours:
        return Purpose("development", f"{DEVCONTAINER} beside it")
    for folder in reversed(folders):
        if found := _purpose_of_folder(folder):
            return Purpose(found, f"the directory {folder}")
    if folders and kind_of_name(name) == "compose" and _are_only_tests(neighbours):
        return Purpose("test", "only tests beside it")
    return UNKNOWN


def _purpose_of_folder(name: str) -> str:
    """What the name of a directory says, or the first of its words that does; "" for nothing."""
    whole, words = _purposes("purpose-folders"), _purposes("purpose-folder-words")
    found = whole.get(name) or whole.get(name.lower()) or whole.get(name.lower().lstrip("."))
    parts = _BETWEEN.split(name.lower())
    return found or next((words[part] for part in parts if part in words), "")


def _are_only_tests(names: Iterable[str]) -> bool:
    """Among files with the endings that tests have here, there is nothing but tests."""
    shapes = [shape.partition("*") for shape in word_list("purposes", "test-files")]
    others, tests = set[str](), set[str]()
    for name in names:
        is_test = any(_has_shape(name, *shape) for shape in shapes)
        (tests if is_test else others).add(posixpath.splitext(name)[1])
    return bool(tests) and tests.isdisjoint(others)


def _has_shape(name: str, start: str, star: str, end: str) -> bool:
    """Whether a name is the start, or where there is a star, begins and ends so."""
    if not star:
        return name == start
    return len(name) >= len(start + end) and name.startswith(start) and name.endswith(end)


@cache
def _purposes(name: str) -> dict[str, str]:
    """Each word of a table to the purpose that it stands for."""
    return {word: purpose for purpose, words in word_table("purposes", name).items() for word in words}


def purpose_of_content(document: Any) -> Purpose:
    """What a parsed Dockerfile or Compose file says."""
    if said := _said_at_the_top(document):
        return said
    for reason in _signs(document):
        return Purpose("development", reason)
    for container in getattr(document, "containers", ()):
        if not container.profiles and (word := _testing(container.commands)):
            return Purpose("test", f"{word} in the command of service {known(container.name) or 'a service'}")
    return UNKNOWN


def _said_at_the_top(document: Any) -> Purpose | None:
    """What the comment above the first stage or service says of the file."""
    nodes = (*getattr(document, "stages", ()), *getattr(document, "containers", ()))
    comments = getattr(document, "comments", ())
    if not nodes or not comments:
        return None
    start = min(node.span.start for node in nodes)
    said = " ".join(comment.text for comment in comments[:_MOST_LINES] if comment.span.end <= start)
    words = "-".join(_WORD.findall(said.lower()))
    found = ((match.start(), purpose, match[1]) for purpose, match in _remarks(f"-{words}-"))
    first = min(found, default=None)
    if first is None:
        return None
    return Purpose(first[1], f"its first comment says: {first[2].replace('-', ' ')}")


def _remarks(words: str) -> Iterator[tuple[str, re.Match[str]]]:
    for phrase, purpose in _purposes("purpose-remarks").items():
        if match := re.search(rf"-({phrase.replace('*', '[^-]+')})(?=-)", words):
            yield purpose, match


def _signs(document: Any) -> Iterator[str]:
    containers = getattr(document, "containers", ())
    is_chosen = len(containers) > 1 and all(container.profiles for container in containers)
    for container in containers:
        yield from _signs_of_service(container, known(container.name) or "a service", is_chosen)
    stages = getattr(document, "stages", ())
    if stages:
        last = stages[-1]
        starts = [start for start in (last.entrypoint, last.cmd) if start is not None]
        for word in _watching(command for start in starts for command in start.commands):
            yield f"{word} in the command of the final stage"


def _signs_of_service(container: Container, name: str, is_chosen: bool) -> Iterator[str]:
    if container.has_develop:
        yield f"develop: in service {name}"
    yield from _signs_of_image(container, name, is_chosen)
    for word in _watching(container.commands):
        yield f"{word} in the command of service {name}"
    context = container.build and (known(container.build.context) or ".")
    for mount in container.mounts if context else ():
        source = known(mount.source) if mount.is_bind is True and mount.is_read_only is not True else None
        if source and _are_sources(source, str(context)):
            yield f"sources mounted into service {name}, which is built from them"


def _signs_of_image(container: Container, name: str, is_chosen: bool) -> Iterator[str]:
    """Nobody can pull it, or it stands in for something else; not where a profile asks for the service.

    `is_chosen` says that profiles ask for all services of the file, so that a profile says nothing.
    """
    image = container.image
    if image is None or (container.profiles and not is_chosen) or container.is_built:
        return
    tag = image.tag and image.tag.known
    if tag in word_list("purposes", "tags-of-own-builds"):
        yield f"the tag {tag} in service {name}, which was built here"
    if image.name in word_list("purposes", "stand-in-images"):
        yield f"{image.name} in service {name}, which stands in for something else"


def _watching(commands: Iterable[Command]) -> Iterator[str]:
    watchers = word_list("purposes", "watch-words")
    for command in commands:
        for place, word in enumerate(command.words):
            text = posixpath.basename(word.text) if place == 0 else word.text
            if text in watchers:
                yield text


def _testing(commands: Iterable[Command]) -> str:
    """What says that a service runs tests and ends; "" where nothing does."""
    runners, starters = word_list("purposes", "test-runners"), word_list("purposes", "test-starters")
    for command in commands:
        for place, word in enumerate(command.words):
            text = posixpath.basename(word.text) if place == 0 else word.text
            if text in runners or (command.program in starters and place and _TEST.match(text)):
                return text
    return ""


def _are_sources(source: str, context: str) -> bool:
    """Whether a path of the host is the build context, or a folder of sources in it or beside it."""
    if not source.startswith("."):
        return False
    below = posixpath.normpath(source)
    if below == posixpath.normpath(context):
        return True
    return posixpath.basename(below) in word_list("purposes", "source-folders")
