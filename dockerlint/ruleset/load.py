"""Rule files on disk → checked data. Only for building the bundle, a checkout, and users' own rules."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import Any

from dockerlint.kinds import kind_of_text
from dockerlint.ruleset.check import Lexicon, Place, check_rule
from dockerlint.ruleset.fields import files_with, kinds
from dockerlint.ruleset.rule import RuleError, RuleMistake
from dockerlint.ruleset.shorthand import for_every_version, written_out
from dockerlint.text import Source, Span, decode
from dockerlint.workspace.door import (
    LARGEST,
    Unreadable,
    list_files,
    read_bytes,
    refuse_elsewhere,
)
from dockerlint.workspace.roots import project_root
from dockerlint.yaml.tree import load_plain

RULE_SCHEMA = "schema.json"
_NAMES = ("id", "name")
"""What no two rules may share."""
LARGEST_RULE = 100_000
"""Bytes; the longest rule of ours has a tenth."""
LARGEST_RULES = 2_000_000
"""Characters of all rules together; ours have a fifth."""


@dataclass(frozen=True)
class RuleFile:
    """One rule as written, and what finds the line of each of its keys."""

    source: Source
    data: dict[str, Any]
    positions: Mapping[Place, Span]

    def error(self, place: Place, message: str) -> RuleError:
        """An error at the innermost key of `place` that the file holds."""
        while place and place not in self.positions:
            place = place[:-1]
        span = self.positions.get(place, Span(0, 0))
        return RuleError(f"{self.source.path}:{self.source.position(span.start).line}: {message}")


def rule_paths(directory: str) -> list[str]:
    """Every YAML file below a directory, in stable order; raises RuleError where they are too many."""
    try:
        refuse_elsewhere(directory)
        return list_files(directory, (".yaml", ".yml"))
    except Unreadable as error:
        raise RuleError(f"{directory}:1: {error}") from error


def read_plain_file(path: str, largest: int = LARGEST) -> RuleFile:
    """Read one YAML file that holds a mapping; raises RuleError where it does not."""
    root = project_root(os.path.realpath(os.path.dirname(path)))
    try:
        return parse_plain_file(read_bytes(path, root, largest), path)
    except Unreadable as error:
        raise RuleError(f"{path}:1: {error}") from error


def parse_plain_file(content: bytes, path: str) -> RuleFile:
    """A YAML file that holds a mapping; raises RuleError where it does not."""
    source = decode(content, path)
    data, positions, problems = load_plain(source.text)
    for problem in problems:
        from dockerlint.quoting import plain_problem

        raise RuleError(f"{path}:{source.position(problem.span.start).line}: {plain_problem(problem)}")
    if not isinstance(data, dict):
        raise RuleError(f"{path}:1: not a mapping")
    return RuleFile(source, data, positions)


def load_rules(
    paths: Iterable[str], lexicon: Lexicon, texts: Mapping[str, bytes] | None = None
) -> list[dict[str, Any]]:
    """Read and check rule files, and those that were read already; raises RuleError at the first mistake."""
    rules, mistakes = load_sound_rules(paths, lexicon, texts)
    for mistake in mistakes:
        raise RuleError(str(mistake))
    return rules


def load_sound_rules(
    paths: Iterable[str],
    lexicon: Lexicon,
    texts: Mapping[str, bytes] | None = None,
    taken: Mapping[str, str] | None = None,
) -> tuple[list[dict[str, Any]], list[RuleMistake]]:
    """The rules that can be used, and what is wrong with the others.

    `taken` are ids and names that they must not have, each with who has it. Raises RuleError where all files
    together are too large.
    """
    files: list[RuleFile] = []
    mistakes: list[RuleMistake] = []
    owners = dict(taken or {})
    left = LARGEST_RULES
    for path, read in chain(_files(paths), _parsed(texts or {})):
        try:
            file = read()
        except RuleError as error:
            mistakes.append(_mistake(path, error))
            continue
        left -= len(file.source.text)
        if left < 0:
            raise RuleError(f"{path}:1: too many rules: more than {LARGEST_RULES // 1_000_000} MB in all")
        wrong = [_mistake(path, error, file) for error in _mistakes(file, lexicon, owners)]
        mistakes += wrong
        if not wrong:
            files.append(file)
            owners |= {file.data[key]: path for key in _NAMES}
    return [_told(file.data) for file in files], mistakes


def _mistake(path: str, error: RuleError, file: RuleFile | None = None) -> RuleMistake:
    line, _, message = str(error)[len(path) + 1 :].partition(": ")
    data = {} if file is None else file.data
    return RuleMistake(path, int(line), message, tuple(str(data[key]) for key in _NAMES if key in data))


def _told(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule without what is short for something else."""
    standards = {"standards": for_every_version(rule["standards"])} if "standards" in rule else {}
    fixes = {"fix": written_out(rule["fix"])} if "fix" in rule else {}
    files = files_with(kinds()[rule["each"]])
    examples = [{"kind": _kind_of(example, files), **example} for example in rule["examples"]]
    return {**rule, **standards, **fixes, "examples": examples}


def _kind_of(example: Mapping[str, Any], files: tuple[str, ...]) -> str:
    """What kind of file an example is that does not say so, where the nodes of its rule are in such files."""
    if len(files) == 1:
        return files[0]
    told = kind_of_text(example.get("bad", example.get("good", "")))
    return told if told in files else files[0]


def _files(paths: Iterable[str]) -> Iterator[tuple[str, Callable[[], RuleFile]]]:
    return ((path, partial(read_plain_file, path, LARGEST_RULE)) for path in paths)


def _parsed(texts: Mapping[str, bytes]) -> Iterator[tuple[str, Callable[[], RuleFile]]]:
    return ((path, partial(_parse_rule, content, path)) for path, content in texts.items())


def _parse_rule(content: bytes, path: str) -> RuleFile:
    if len(content) > LARGEST_RULE:
        raise RuleError(f"{path}:1: too large: more than {LARGEST_RULE // 1000} kB")
    return parse_plain_file(content, path)


def _mistakes(file: RuleFile, lexicon: Lexicon, owners: Mapping[str, str]) -> Iterator[RuleError]:
    shape_is_right = True
    for error in schema_mistakes(file, RULE_SCHEMA):
        shape_is_right = False
        yield error
    if shape_is_right:
        for mistake in check_rule(file.data, lexicon):
            yield file.error(mistake.place, mistake.message)
        for key in _NAMES:
            if (name := file.data[key]) in owners:
                yield file.error((key,), f"{key} {name!r} is already used by {owners[name]}")


def schema_mistakes(file: RuleFile, schema: str) -> Iterator[RuleError]:
    """What the schema of this name says against a file, in order of the places."""
    errors = _validator(schema).iter_errors(file.data)
    for error in sorted(errors, key=lambda error: list(map(str, error.absolute_path))):
        yield file.error(tuple(error.absolute_path), _schema_message(error, schema != RULE_SCHEMA))


def _schema_message(error: Any, is_ours: bool) -> str:
    """What jsonschema found; of a text that is not ours at most some characters."""
    from dockerlint.quoting import excerpt, name_of

    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        extra = next((key for key in error.instance if key not in known), None)
        return f"unknown key {name_of(extra, known)}"
    if error.validator == "oneOf":
        return "an example has either 'good' or 'bad' with 'flags', and known keys only"
    written = repr(error.instance)
    if is_ours or error.validator == "required":  # which names what the schema asks for
        return str(error.message)[:200]
    if error.message.startswith(written):
        return f"{excerpt(error.instance)}{error.message[len(written) :]}"[:200]
    return f"{excerpt(error.instance)} does not match the schema ({error.validator})"


@cache
def _validator(name: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(read_schema(name))


def read_schema(name: str) -> dict[str, Any]:
    """A JSON Schema of what rules/ holds."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as stream:
        schema: dict[str, Any] = json.load(stream)
    return schema
