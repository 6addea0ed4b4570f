"""Does a Compose project mean to us what it means to Docker?

    python benchmarks/resolved.py --cache FOLDER CORPUS…        a table, a line for each corpus
    python benchmarks/resolved.py --cache FOLDER --all CORPUS…  and every difference

A CORPUS is a folder, such as a checkout of docker/awesome-compose. Its projects are the folders with a
default file (with their override), every other Compose file beside it on top of it where Compose takes the
two, and every Compose file that Compose takes alone. `docker compose config` is asked with all profiles and
an environment of its own; its answers are kept in the cache. A variable that nothing sets is empty to
Compose and open to us: there, any word of Compose agrees.

Needs `docker` with its Compose plugin, and no engine. Exit code 1 where less than `--share` of a corpus
agrees.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, os.path.dirname(__file__))

from resolvedconfig import of_config
from resolvedfacts import HOME, counted, differences
from resolvedmodel import of_model

from dockerlint.images.facts import Knowledge
from dockerlint.link.resolve import ProjectFiles, Resolved
from dockerlint.model.container.project import Project
from dockerlint.parse.compose.project import parse_project

DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = tuple(name.replace(".y", ".override.y") for name in DEFAULTS)
REASONS = {
    "Additional property": "a key that is newer than this Compose",
    "must be one of the following": "a value that is newer than this Compose",
    "must declare either `file` or `environment`": "`template_driver` is newer than this Compose",
    "conflicts with imported resource": "newer releases take a file that is included twice",
    "cycle detected": "newer releases take a service that is three times the same anchor",
    "undefined network #extensions": "newer releases take services whose names begin with x-",
    "MarshalJSON": "Compose reads the project, and cannot print it",
    "empty section between colons": "a variable that nothing sets is empty to Compose alone",
    'parsing ""': "a variable that nothing sets is empty to Compose alone",
    "neither an image nor a build": "it has profiles, which are all active here alone",
    "required variable": "a variable that only the shell of its user sets",
    "devices": "requests of graphics cards are not looked into",
    "aliases expand to too much": "a bound of ours on what aliases multiply",
}
"""Why one refuses what the other takes, by a part of what is said."""
PATIENCE = 20
"""Seconds; Compose waits for hosts that it cannot reach."""
_COMPOSE = re.compile(r"^(?:services|include)[ \t]*:", re.MULTILINE)
_BESIDE = re.compile(r"(?:docker-)?compose[^/]*\.ya?ml\Z")


class Named(NamedTuple):
    """A project: its folder, and the files that are named on the command line (none: the default ones)."""

    folder: Path
    files: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.folder} {' + '.join(self.files) or '(default)'}"


class Verdict(NamedTuple):
    """How a project compares."""

    project: Named
    refusal: str = ""
    """Why Compose does not take it; "" where it does."""
    found: tuple[tuple[str, Any, Any], ...] = ()
    told: tuple[str, ...] = ()
    """What we say is wrong with it, or was not read."""
    values: tuple[int, int] = (0, 0)
    """How many were compared, and how many of them Docker alone decides."""


def projects_of(root: Path) -> Iterator[Named]:
    """The projects in a folder, in the order of their paths."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if one not in (".git", "node_modules"))
        files = [name for name in sorted(names) if _is_compose(Path(folder, name))]
        default = next((name for name in DEFAULTS if name in files), None)
        if default:
            yield Named(Path(folder), ())
        for name in files:
            if name != default:
                yield Named(Path(folder), (name,))
                if default and _BESIDE.match(name) and name not in (*DEFAULTS, *OVERRIDES):
                    yield Named(Path(folder), (default, name))


def _is_compose(path: Path) -> bool:
    if path.suffix not in (".yml", ".yaml") or path.is_symlink():
        return False
    return _COMPOSE.search(path.read_text("utf-8", "replace")) is not None


class Judge:
    """`docker compose config`, asked once for each project and state of its files."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._compose = _compose()
        cache.mkdir(parents=True, exist_ok=True)

    def says(self, project: Named) -> dict[str, Any] | str:
        """The resolved project, or why it is refused."""
        kept = self._cache / f"{self._key(project)}.json"
        if not kept.exists():
            kept.write_text(json.dumps(self._ask(project)), "utf-8")
        answer: dict[str, Any] | str = json.loads(kept.read_text("utf-8"))
        return answer

    def _key(self, project: Named) -> str:
        digest = hashlib.sha256(repr((str(project.folder), project.files)).encode())
        for path in sorted(project.folder.iterdir()):
            if path.is_file() and (path.suffix in (".yml", ".yaml", ".env") or path.name.startswith(".env")):
                digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:32]

    def _ask(self, project: Named) -> dict[str, Any] | str:
        words = [*self._compose, "--profile", "*"]
        words += [word for name in project.files for word in ("-f", name)]
        environment = {"HOME": HOME, "PWD": str(project.folder), "PATH": ""}
        if "DOCKER_CONFIG" in os.environ:
            environment["DOCKER_CONFIG"] = os.environ["DOCKER_CONFIG"]
        asked = subprocess.Popen(
            [*words, "config", "--format", "json"],
            cwd=project.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, errors = asked.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            # With the plugin, which is a process of its own.
            os.killpg(asked.pid, signal.SIGKILL)
            asked.communicate()
            return f"no answer within {PATIENCE} seconds"
        if asked.returncode:
            return (errors.decode("utf-8", "replace").strip().splitlines() or ["refused"])[-1]
        config: dict[str, Any] = json.loads(out)
        return config


def _compose() -> list[str]:
    """The plugin itself: the command `docker` would give it variables for telemetry, which projects use."""
    docker = shutil.which("docker")
    if docker is None:
        raise SystemExit("docker is not installed")
    path = '{{range .ClientInfo.Plugins}}{{if eq .Name "compose"}}{{.Path}}{{end}}{{end}}'
    told = subprocess.run([docker, "info", "--format", path], capture_output=True, text=True)
    if not Path(told.stdout.strip()).is_file():
        raise SystemExit("docker has no Compose plugin")
    return [told.stdout.strip()]


def judged(project: Named, judge: Judge) -> Verdict:
    """Compare one project."""
    config = judge.says(project)
    read, resolved = parsed(project)
    told = tuple(one.message for one in read.problems if one.is_fatal)
    if isinstance(config, str):
        return Verdict(project, config, told=(*told, *(gap.message for gap in resolved.gaps)))
    ours, theirs = of_model(read, str(project.folder.absolute())), of_config(config)
    for section in ("networks", "secrets", "configs"):
        # Compose leaves out what no service uses.
        ours[section] = {name: one for name, one in ours[section].items() if name in theirs[section]}
    return Verdict(project, "", tuple(differences(ours, theirs)), told, counted(ours["services"]))


def parsed(project: Named) -> tuple[Project, Resolved]:
    """The project as the model holds it."""

    def text_of(path: str) -> str | None:
        file = project.folder / path
        return file.read_text("utf-8-sig", "replace") if file.is_file() else None

    paths = project.files or tuple(_defaults(project.folder))
    return parse_project(ProjectFiles(paths), Knowledge(date.today()), text_of)


def _defaults(folder: Path) -> Iterator[str]:
    """What Compose reads when it is given no file."""
    for names in (DEFAULTS, OVERRIDES):
        yield from [name for name in names if (folder / name).is_file()][:1]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--all", action="store_true", help="print every difference and refusal")
    parser.add_argument("--share", type=float, default=0.99)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    said = parser.parse_args()
    judge, is_short = Judge(said.cache), False
    for corpus in said.corpora:
        verdicts = [judged(project, judge) for project in projects_of(corpus)]
        accepted = [one for one in verdicts if not one.refusal]
        equal = sum(not one.found for one in accepted)
        share = equal / max(len(accepted), 1)
        is_short = is_short or share < said.share
        figures = f"{len(verdicts):5} projects {len(accepted):5} accepted {equal:5} equal {share:7.2%}"
        values, left = (sum(one.values[at] for one in accepted) for at in (0, 1))
        print(f"{figures} {values:7} values {left:5} open  {corpus.name}")
        report(verdicts, said.all)
    return 1 if is_short else 0


def report(verdicts: list[Verdict], everything: bool) -> None:
    """The fields that differ, and the first difference of each project."""
    fields = Counter(
        place.split(".")[2] for one in verdicts for place, *_ in one.found if place.count(".") > 1
    )
    if fields:
        print("      " + ", ".join(f"{field} {count}" for field, count in fields.most_common()))
    for one in verdicts:
        if one.refusal and not one.told:
            print(f"  refused by Compose alone ({reason(one.refusal)}): {one.project}: {one.refusal}")
        elif one.told and not one.refusal:
            print(f"  refused by us alone ({reason(one.told[0])}): {one.project}: {one.told[0]}")
        elif one.refusal and everything:
            print(f"  refused: {one.project}: {one.refusal}\n      ours:   {one.told[0]}")
        for place, mine, other in one.found if everything else one.found[:1]:
            print(f"  {one.project}: {place}\n      ours:   {shown(mine)}\n      docker: {shown(other)}")


def reason(said: str) -> str:
    """Why one of the two says so and the other does not."""
    return next((why for part, why in REASONS.items() if part in said), "NO REASON KNOWN")


def shown(value: Any) -> str:
    """A value in a line; of a dictionary what says something."""
    if isinstance(value, dict):
        value = {name: one for name, one in value.items() if one not in (None, False, (), [], {})}
    return repr(value)


if __name__ == "__main__":
    sys.exit(main())
