"""`dockerlint init`: a first config, from what stands in the project or from configs of other tools."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple, TextIO

from dockerlint.cli.start.addition import Addition, NotAdded
from dockerlint.cli.start.hooks import hooks_addition
from dockerlint.cli.start.inventory import Inventory, take_inventory
from dockerlint.cli.start.origin import origin_of
from dockerlint.cli.start.pipelines import ADDITIONS
from dockerlint.errors import UserError
from dockerlint.linting.selection import Selection, SelectionFlags
from dockerlint.masking.mask import hide_alone
from dockerlint.migration.migrate import migrate
from dockerlint.migration.writing import one_line, words_lines, yaml_text
from dockerlint.regex import pattern
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.workspace.config import ConfigError
from dockerlint.workspace.configfile import parse_config
from dockerlint.workspace.configs import YAML_NAMES, Configs

CONFIG: Final = YAML_NAMES[0]
_MOST_FILES: Final = 5
"""Files that are named for each purpose."""
_WORD: Final = pattern(r"[\w.]+\Z")
_HINTS: Final = {
    "memory": ("memory limit for services without one", "512m, 2g"),
    "cpus": ("CPU limit", "0.5, 2"),
    "pids": ("limit of processes and threads", "200, 1000"),
}


@dataclass(frozen=True, slots=True)
class LimitsPolicy:
    """What fixes write where a service has no limit; "" for what the project leaves open."""

    memory: str = ""
    cpus: str = ""
    pids: str = ""

    def lines(self) -> Iterator[str]:
        """The key `fix` of a config, commented out where nothing is said."""
        said = {key: value for key in _HINTS if (value := getattr(self, key))}
        yield "# Limits that fixes write for services without one; if nothing is said, they are only advice."
        yield "fix:" if said else "# fix:"
        examples = {"memory": "1g", "cpus": "2", "pids": "500"}
        for key, example in examples.items():
            yield f"  {key}: {said[key]}" if key in said else f"#   {key}: {example}"


class Extras(NamedTuple):
    """What is asked for besides a config."""

    hooks: bool = False
    services: tuple[str, ...] = ()
    """Those that build: `github`, `gitlab`."""
    source: str = ""
    """`ADDRESS@REVISION` that these get dockerlint from; "" for where it was installed from."""

    def additions(self) -> Iterator[Addition]:
        """What files get; raises UserError where one can get nothing."""
        if not self.hooks and not self.services:
            return
        origin = origin_of(self.source)
        if self.hooks:
            yield hooks_addition(origin)
        for service in dict.fromkeys(self.services):
            yield ADDITIONS[service](origin)


NO_EXTRAS: Final = Extras()


def init(
    peer_files: Sequence[str],
    limits: LimitsPolicy,
    only_print: bool,
    streams: tuple[TextIO, TextIO, TextIO],
    extras: Extras = NO_EXTRAS,
) -> int:
    """Write a config into the working directory, and what else is asked for, and print it.

    2 where there is a config already, unless more is asked for. Nothing is written before all is known.
    `streams` are those of input, output and errors; on a terminal, limits that were not given are asked for.
    """
    stdin, stdout, stderr = streams
    try:
        for key in _HINTS:
            if value := getattr(limits, key):
                _check_limit(key, value, f"--{key}")
        additions = list(extras.additions())
        there = "" if only_print else _config_here()
        if not there:
            text = _from_peers(peer_files, limits) if peer_files else _from_project(limits, stdin, stdout)
            _check(text)
            additions.insert(0, Addition(CONFIG, text))
        elif not additions or peer_files:
            raise UserError(
                f"{there}: exists already and was not changed; `dockerlint init --print` prints a config"
            )
        else:
            additions.insert(0, Addition(there, note="exists already, and is left as it is"))
        for addition in additions:
            _carry_out(addition, only_print, stdout)
    except UserError as error:
        stderr.write(complaint(str(error)))
        if isinstance(error, NotAdded):
            _show(error.added, stdout)
        return 2
    return 0


def _carry_out(addition: Addition, only_print: bool, stdout: TextIO) -> None:
    """Write, and say what was written; raises Unwritable."""
    if not only_print:
        addition.apply()
    if not only_print or addition.path != CONFIG:  # the config alone can be piped into its file
        said = f"{addition.told}:\n\n" if addition.added else f"{addition.told}\n"
        stdout.write(harmless(f"# {said}" if only_print else said))
    _show(addition.added, stdout)


def _show(text: str, stdout: TextIO) -> None:
    stdout.write(harmless("".join(f"{visible(hide_alone(line))}\n" for line in text.splitlines())))


def _config_here() -> str:
    """The file by which a config holds in this folder; "" for none."""
    there = [name for name in YAML_NAMES if os.path.lexists(name)]
    if not there and os.path.isfile("pyproject.toml"):
        config = Configs("pyproject.toml").of_folder(os.getcwd())
        there = ["pyproject.toml"] if config.keys else []
    return there[0] if there else ""


def _check_limit(key: str, value: str, option: str) -> None:
    """Raise UserError where a config would not take the value of a limit."""
    written = value if _WORD.match(value) else yaml_text(value)
    try:
        parse_config(f"fix: {{{key}: {written}}}".encode(), option)
    except ConfigError as error:
        raise UserError(f"{option}: {str(error).partition(': ')[2]}") from error


def _check(text: str) -> None:
    """Raise ConfigError where a check would refuse what is about to be written."""
    config = parse_config(text.encode(), CONFIG)
    rules = load_ruleset(more_words={name: list(words) for name, words in config.words.items()})
    Selection(rules, SelectionFlags()).check(config)


def _from_peers(peer_files: Sequence[str], limits: LimitsPolicy) -> str:
    command = " ".join(["dockerlint init", *(f"--from {path}" for path in peer_files)])
    text = migrate(peer_files, command, date.today()).text
    return text + "".join(f"{line}\n" for line in ("", *limits.lines()))


def _from_project(limits: LimitsPolicy, stdin: TextIO, stdout: TextIO) -> str:
    found = take_inventory()
    if found.kinds["compose"] and stdin.isatty() and stdout.isatty():
        limits = _asked(limits, stdin, stdout)
    return "".join(f"{line}\n" for line in _project_lines(found, limits))


def _asked(limits: LimitsPolicy, stdin: TextIO, stdout: TextIO) -> LimitsPolicy:
    """The limits, with those that were not given answered on a terminal; an empty answer leaves one open."""
    for key, (meaning, examples) in _HINTS.items():
        while not getattr(limits, key):
            stdout.write(harmless(f"{key}: {meaning}, such as {examples} (Enter for none): "))
            stdout.flush()
            answer = stdin.readline().strip()
            if not answer:
                break
            try:
                _check_limit(key, answer, key)
            except UserError as error:
                stdout.write(complaint(str(error)))
                continue
            limits = replace(limits, **{key: answer})
    return limits


def _project_lines(found: Inventory, limits: LimitsPolicy) -> Iterator[str]:
    yield f"# Configuration of dockerlint, written by `dockerlint init` for {_counted(found)}."
    yield "# Keys and values: docs/config.schema.json. A # in front of a key keeps it out of force."
    for path in found.peer_files:
        yield f"# {path} is not read; `dockerlint init --from {path}` carries over what it says."
    yield ""
    yield "# profile: strict     # also noisy rules and rules of style"
    yield "# fail-on: medium     # exit with 1 from this severity on; high if nothing is said"
    yield "# require-reasons: true   # a suppression must give a reason"
    yield ""
    yield from limits.lines()
    if found.registries:
        yield ""
        yield "# Registries in use here, besides the large public ones."
        yield from words_lines({"trusted-registries": sorted(found.registries)})
    yield ""
    yield "# What files are for. Rules about hardening are silent where it is not production."
    yield from _purpose_lines(found)
    if found.vendored:
        yield ""
        yield f"# A search leaves out {', '.join(map(one_line, found.vendored[:_MOST_FILES]))} by itself."
    yield "" if not found.vendored else "#"
    yield '# exclude: ["legacy/"]     # what else a search leaves out'


def _purpose_lines(found: Inventory) -> Iterator[str]:
    yield "# overrides:"
    if not found.purposes:
        yield '#   - files: ["dev/"]'
        yield "#     purpose: development"
    for purpose, paths in found.purposes.items():
        names = ", ".join(yaml_text(f"/{path}") for path in paths[:_MOST_FILES])
        yield f"#   - files: [{one_line(names)}]   # {one_line(purpose.reason)}"
        yield f"#     purpose: {purpose.name}"


def _counted(found: Inventory) -> str:
    names = {"dockerfile": "Dockerfile", "compose": "Compose file"}
    parts = [
        f"{count} {names[kind]}{'' if count == 1 else 's'}" for kind, count in sorted(found.kinds.items())
    ]
    return " and ".join(reversed(parts)) or "a project without Dockerfiles and Compose files so far"
