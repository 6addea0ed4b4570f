"""The kinds of files that are read, and which of them a file is: by its name, or by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from dockerlint.regex import pattern


class Kind(NamedTuple):
    """One kind of file: what reads it, what repairs it, and what must hold of a repaired one.

    The parts are named `module:function` and loaded when they are asked for, so that a check of one kind is
    made without the code of the others.
    """

    parse: str
    """Text, knowledge and neighbours → the model."""
    notes: str
    """The model and the text → what of it is not linted."""
    act: str
    """The request of a fix → edits, or the reason why there are none; "" for a record of what runs."""
    block: str
    """Text, the subject's name and keys → the edits that set all of them at once; "" where none are set."""
    proof: str
    """Text before, after, and the edits → what they did to a place that they did not mean, or ""."""
    second_opinion: str
    """Text before, after, and changes → what another reader objects; "" where there is no such reader."""
    neighbours: tuple[str, ...]
    """The files next to one that change its meaning, the preferred name first; `{name}` is its own name."""

    @property
    def neighbour(self) -> str:
        """The name under which the first of them that is there is given to the parser; "" without any."""
        return self.neighbours[-1] if self.neighbours else ""

    def part(self, name: str) -> Callable[..., Any]:
        """A function of the kind by the name of the field; its module is loaded now."""
        return _function(getattr(self, name))


KINDS: Final = {
    "dockerfile": Kind(
        parse="dockerlint.parse.dockerfile.build:parse_dockerfile",
        notes="dockerlint.linting.unread:unread_of_dockerfile",
        act="dockerlint.fixing.dockerfile.actions:act",
        block="",
        proof="dockerlint.fixing.dockerfile.proof:differs",
        second_opinion="dockerlint.fixing.dockerfile.secondreader:refusal",
        neighbours=("{name}.dockerignore", ".dockerignore"),
    ),
    "compose": Kind(
        parse="dockerlint.parse.compose.project:parse_compose",
        notes="dockerlint.linting.unread:unread_of_compose",
        act="dockerlint.fixing.compose.actions:act",
        block="dockerlint.fixing.compose.actions:block",
        proof="dockerlint.fixing.compose.proof:differs",
        second_opinion="",
        neighbours=(".env",),
    ),
    "inspect": Kind(
        parse="dockerlint.parse.inspect.file:parse_inspect",
        notes="dockerlint.linting.unread:unread_of_nothing",
        act="",
        block="",
        proof="",
        second_opinion="",
        neighbours=(),
    ),
    "run": Kind(
        parse="dockerlint.parse.run.file:parse_run",
        notes="dockerlint.linting.unread:unread_of_nothing",
        act="dockerlint.fixing.run.actions:act",
        block="dockerlint.fixing.run.actions:block",
        proof="dockerlint.fixing.run.proof:differs",
        second_opinion="",
        neighbours=(),
    ),
    "daemon": Kind(
        parse="dockerlint.parse.daemon.file:parse_daemon",
        notes="dockerlint.linting.unread:unread_of_nothing",
        act="dockerlint.fixing.daemon.actions:act",
        block="dockerlint.fixing.daemon.actions:block",
        proof="dockerlint.fixing.daemon.proof:differs",
        second_opinion="",
        neighbours=(),
    ),
}
SUPPORTED: Final = tuple(KINDS)
"""The kinds that can be linted."""

ORIGIN: Final = ".git/origin"
"""Under this name a text is given that says whose repository a file lies in: `OWNER/NAME`."""
SCANS: Final = ".git/scans"
"""Under this name a text is given that says what scanners found in images; see `dockerlint.images.scans`."""
PIPELINES: Final = ".git/pipelines"
"""Under this name a text is given that holds the CI files of the repository, without their comments."""
INNER_FOLDER: Final = ".git/above"
"""Under this name a text is given where a file lies below the top of its repository, and `.dockerignore` is
the ignore file for it: so the folder is its context."""
BAKED: Final = ".git/baked"
"""Under this name a text is given that holds the names of contexts which Bake files give a build."""
BUILD_LINES: Final = ".git/build-lines"
"""Under this name a text is given that holds those which CI files and scripts give to any build."""
DECLARED: Final = ".git/declared"
"""Under this name a text is given that holds the names which other Compose files of its project declare."""
LAST_STAGES: Final = ".git/last-stages"
"""Under this name a text is given that holds the names with which the Dockerfiles beside a file end."""
PACKED: Final = ".git/packed"
"""Under this name a text is given where a release tool builds the file in a folder that it makes itself."""
ANY_CONTEXT: Final = "*"
"""Stands there for a name that is computed."""
LOCK: Final = "dockerlint.lock"
"""The digests of a project, in a file beside those that are linted."""
RECEIPTS: Final = ".dockerlint/images"
"""The folder of a project's receipts, beside its first file; under this name they are given in one text."""

AGAINST: Final = ".against"
"""Under this name a text is given that says which Compose project containers are held to."""

TextOf = Callable[[str], "str | None"]
"""The text of a file next to one that is read, by its path from there; None where there is none."""


def nobody(path: str) -> None:
    """For a text without files around it."""


_DOCUMENTS: Final = (
    *(".adoc", ".htm", ".html", ".md", ".pdf", ".rst", ".txt"),
    *(".bak", ".dockerignore", ".lock", ".orig", ".rej", ".save", ".swp", "~"),
)
"""Endings of what stands beside a Dockerfile and is none."""
_TEMPLATES: Final = (
    *(".ejs", ".erb", ".gotmpl", ".in", ".j2", ".jinja", ".jinja2"),
    *(".m4", ".mustache", ".template", ".tmpl", ".tpl"),
)
_TEMPLATE_PARTS: Final = tuple(
    f"{engine}{yaml}"
    for engine in (".ejs", ".erb", ".gotmpl", ".j2", ".jinja", ".jinja2", ".mustache", ".tmpl", ".tpl")
    for yaml in (".yaml", ".yml")
)
"""How a template ends that keeps the ending of what it makes: `docker-compose.tmpl.yml`."""
_CODE: Final = (
    *(".c", ".cs", ".go", ".java", ".js", ".kt", ".php", ".py", ".rb", ".rs", ".sh", ".swift", ".ts"),
    *(".json", ".toml", ".xml", ".yaml", ".yml"),
)
"""Endings of code about them: `dockerfile.go`, `DockerFile.cs`; but `Dockerfile.go` builds Go's image."""
_COMPOSE_NAME: Final = pattern(r"(?:docker-compose[^/]*|compose(?:\.[^/]+)?)\.ya?ml")

_WIDE_DOCKERFILE_NAME: Final = pattern(r"(?:docker|container)file[-_]")
_WIDE_NAMES: Final = {
    "compose": pattern(r"(?:[^/]*compose[^/]*|(?:[^/]*[._-])?stack(?:[._-][^/]*)?)\.ya?ml"),
    "inspect": pattern(r"(?:[^/]*[.-])?inspect\.json"),
    "run": pattern(r"(?:[^/]*[.-])?docker-run(?:[.-][^/]*)?\.sh"),
    "daemon": pattern(r"docker\.service"),
}
_WIDE_ENDINGS: Final = (".yml", ".yaml", ".json", ".sh", ".service")
"""Those of _WIDE_NAMES, so that most names in a folder are compared with no pattern."""

# What may stand first in a Dockerfile: FROM or ARG and no prose after it.
_DOCKERFILE_START: Final = pattern(
    r"(?:FROM(?:[ \t]+--\S+)*[ \t]+\S+(?:[ \t]+AS[ \t]+\S+)?|ARG[ \t]+\w+(?:[= \t].*)?)[ \t]*[\\`]?",
    re.IGNORECASE,
)
_COMPOSE_KEY: Final = pattern(r"^(?:\{\s*|[^\S\n]+(?=\"))?[\"']?services[\"']?\s*:", re.MULTILINE)
_DAEMON_KEY: Final = pattern(
    r"\"(?:authorization-plugins|data-root|default-address-pools|default-ulimits|exec-opts|hosts|icc"
    r"|insecure-registries|live-restore|log-driver|log-opts|registry-mirrors|storage-driver|tlsverify"
    r"|userland-proxy|userns-remap)\"\s*:"
)
_INSPECT_KEY: Final = pattern(
    r"\"(?:HostConfig|RepoTags|RootFS|IPAM|Mountpoint|CreatedBy|Publishers|RunningFor)\"\s*:"
)
_RUN: Final = pattern(
    r"\b(?:docker|podman|nerdctl)\b[^\n]{0,200}?[ \t](?:run|create)(?=[ \t]|\\?\r?$)", re.MULTILINE
)
_DAEMON_START: Final = pattern(
    r"^(?:ExecStart=[^\n]*\b|(?:\S+[ \t]+)?[ \t]*\d+[ \t][^\n]*?[ \t](?:/\S*/)?)dockerd(?:[ \t\\]|\r?$)",
    re.MULTILINE,
)
"""In a unit of systemd, or behind the numbers that `ps` prints."""
_INFO_LINE: Final = pattern(
    r"^[ \t]*Server Version: |^Server:[^\n]*\n[ \t]+(?:Engine:|Version:)", re.MULTILINE
)
"""What `docker info` and `docker version` print for people."""
_INFO_KEY: Final = pattern(r"\"(?:ServerVersion|ApiVersion)\"\s*:")


def kind_of_name(name: str) -> str | None:
    """The kind that a file name alone promises, or None. Templates and documents promise none."""
    lower = name.lower()
    stem, _, suffix = lower.rpartition(".")
    if lower in ("dockerfile", "containerfile") or (stem and suffix in ("dockerfile", "containerfile")):
        return "dockerfile"
    if lower.startswith(("dockerfile.", "containerfile.")):
        is_written_so = name.startswith(("Dockerfile", "Containerfile"))
        other = (*_DOCUMENTS, *_TEMPLATES, *(() if is_written_so else _CODE))
        return None if lower.endswith(other) else "dockerfile"
    if _COMPOSE_NAME.fullmatch(lower):
        return None if lower.endswith(_TEMPLATE_PARTS) else "compose"
    return "daemon" if lower == "daemon.json" else None


def may_be_compose(name: str) -> bool:
    """Whether the name of a file is one of a Compose file, for certain or as far as its text agrees."""
    return kind_of_name(name) == "compose" or kind_of_wide_name(name) == "compose"


def kind_of_wide_name(name: str) -> str | None:
    """The kind of a name that other files have, too, such as `Dockerfile-alpine`: the text must agree."""
    lower = name.lower()
    if _WIDE_DOCKERFILE_NAME.match(lower):
        return None if lower.endswith((*_DOCUMENTS, *_TEMPLATES, *_CODE)) else "dockerfile"
    if not lower.endswith(_WIDE_ENDINGS) or lower.endswith(_TEMPLATE_PARTS):
        return None
    return next((kind for kind, names in _WIDE_NAMES.items() if names.fullmatch(lower)), None)


def kind_of_template(name: str) -> str | None:
    """The kind that a template makes (`Dockerfile.j2`): passed over in a walk, linted when it is named."""
    stem, _, suffix = name.rpartition(".")
    if name.lower().endswith(_TEMPLATE_PARTS):
        return kind_of_name(f"{stem.rpartition('.')[0]}.{suffix}")
    return kind_of_name(stem) if name.lower().endswith(_TEMPLATES) else None


def kind_of_text(text: str) -> str | None:
    """The kind that the text of a file shows, or None where it could be anything."""
    first = _first_line(text.removeprefix("\ufeff"))
    if _DOCKERFILE_START.fullmatch(first):
        return "dockerfile"
    if _COMPOSE_KEY.search(text):
        return "compose"
    if first.startswith(("[", "{")):
        found = _kind_of_json(text)
        if found is not None:
            return found
    if _DAEMON_START.search(text) or _INFO_LINE.search(text):
        return "daemon"
    return "run" if _RUN.search(text) else None


def _first_line(text: str) -> str:
    """The first line that is neither blank nor a comment, stripped."""
    for line in re.finditer(r"[^\r\n]+", text):
        stripped = line[0].strip()
        if stripped and not stripped.startswith("#"):
            return stripped
    return ""


def _kind_of_json(text: str) -> str | None:
    if _INSPECT_KEY.search(text):
        return "inspect"
    return "daemon" if _DAEMON_KEY.search(text) or _INFO_KEY.search(text) else None


@cache
def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
