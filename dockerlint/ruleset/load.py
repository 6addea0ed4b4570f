"""Rule files on disk → checked data. Only for building the bundle, a checkout, and users' own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from dockerlint.kinds import kind_of_text
from dockerlint.ruleset.check import Lexicon, check_rule
from dockerlint.ruleset.documents.files import (
    RULE_SCHEMA,
    RuleFile,
    parse_plain_file,
    read_plain_file,
    schema_mistakes,
)
from dockerlint.ruleset.fields import files_with, kinds
from dockerlint.ruleset.rule import RuleError, RuleMistake
from dockerlint.ruleset.shorthand import for_every_version, written_out

_NAMES = ("id", "name")
"""What no two rules may share."""
LARGEST_RULE = 100_000
"""Bytes; the longest rule of ours has a tenth."""
LARGEST_RULES = 2_000_000
"""Characters of all rules together; ours have a fifth."""


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
    usual = rule["each"] if rule["each"] in files else files[0]
    examples = [{"kind": _kind_of(example, files, usual), **example} for example in rule["examples"]]
    return {**rule, **standards, **fixes, "examples": examples}


def _kind_of(example: Mapping[str, Any], files: tuple[str, ...], usual: str) -> str:
    """What kind of file an example is that does not say so, where the nodes of its rule are in such files.

    Where its text could be anything it is the usual one: a daemon of daemon.json and not of a record.
    """
    if len(files) == 1:
        return files[0]
    told = kind_of_text(example.get("bad", example.get("good", "")))
    return told if told in files else usual


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
