"""What `explain` and `rules` print about rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from dockerlint.errors import UserError
from dockerlint.findings import RuleInfo, rule_order
from dockerlint.quoting import suggestion
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.ruleset.bundle import load_examples
from dockerlint.ruleset.documents.files import RULE_SCHEMA, read_schema
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY, Example, failure, fix_failure, read_examples


def explain(name: str, folders: tuple[str, ...], stdout: TextIO, stderr: TextIO) -> int:
    """All that the rules of that id, name or other tool's id say about themselves."""
    try:
        ruleset = load_ruleset(directories=folders)
        examples = _examples(ruleset)
    except UserError as error:
        return _refuse(str(error), stderr)
    if (code := name.upper().removeprefix("SHELLCHECK:")) != name.upper():
        stdout.write(
            harmless(f"{visible(code)} is explained at https://www.shellcheck.net/wiki/{visible(code)}\n")
        )
        return 0
    infos = _called(name, ruleset)
    if not infos:
        _told_mistakes(ruleset, stderr)
        spelled = ruleset.of_peer(name)
        hint = f"; write {spelled}" if spelled else suggestion(name, ruleset.infos)
        return _refuse(f"unknown rule {name!r}{hint}", stderr)
    pages = "\n\n".join("\n".join(_page(info, examples.get(info.id, []))) for info in infos)
    stdout.write(harmless("".join(f"{visible(line)}\n" for line in pages.split("\n"))))
    return _told_mistakes(ruleset, stderr)


def test_rules(folders: tuple[str, ...], stdout: TextIO, stderr: TextIO) -> int:
    """Run examples; 1 where one does not hold."""
    try:
        ruleset = load_ruleset(directories=folders, today=EXAMPLE_DAY)
        examples = _examples(ruleset, ours=not folders)
    except UserError as error:
        return _refuse(str(error), stderr)
    every = [one for rule, raw in examples.items() for one in read_examples(rule, raw)]
    wrongs = ((one, _failure(one, ruleset)) for one in every)
    failures = [f"{visible(f'{one}: {wrong}')}\n" for one, wrong in wrongs if wrong]
    stdout.write(
        harmless("".join(failures) + f"{len(every) - len(failures)} of {len(every)} examples pass\n")
    )
    return _told_mistakes(ruleset, stderr) or int(bool(failures))


def _failure(example: Example, ruleset: Ruleset) -> str | None:
    try:
        return failure(example, ruleset) or fix_failure(example, ruleset)
    except UserError as error:
        return str(error)


def print_schema(stdout: TextIO) -> int:
    """The JSON Schema of a rule file."""
    stdout.write(json.dumps(read_schema(RULE_SCHEMA), indent=2) + "\n")
    return 0


def _refuse(message: str, stderr: TextIO) -> int:
    stderr.write(complaint(message))
    return 2


def _told_mistakes(ruleset: Ruleset, stderr: TextIO) -> int:
    """Tell what is wrong with rules that are left out; 2 where there are any, else 0."""
    for mistake in ruleset.mistakes:
        stderr.write(complaint(str(mistake)))
    return 2 if ruleset.mistakes else 0


def _called(name: str, ruleset: Ruleset) -> list[RuleInfo]:
    """Rules by id, by name, or by another tool's id with or without the tool's name."""
    if name in ruleset.infos or name.upper() in ruleset.infos:
        return [ruleset.infos.get(name) or ruleset.infos[name.upper()]]
    found = {
        info.id: info
        for peer, infos in ruleset.by_peer.items()
        if name in (peer, peer.partition(":")[2])
        for info in infos
    }
    return [found[id] for id in sorted(found, key=rule_order)]


def _examples(ruleset: Ruleset, ours: bool = True) -> dict[str, Any]:
    """Rule id to its examples as written, those of users among them."""
    theirs = {rule.info.id: rule.data["examples"] for rule in ruleset.rules if "examples" in rule.data}
    return {**load_examples(), **theirs} if ours else theirs


def _page(info: RuleInfo, examples: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{info.id} {info.name}"
    yield info.title
    yield f"severity {info.severity} · confidence {info.confidence} · profile {info.profile}"
    if info.passes:
        yield f"passes as “{info.passes}” in an audit"
    docs = info.docs
    chapters = {
        "why": docs.why,
        "instead": docs.instead,
        "when to suppress": docs.quiet,
        "verify": docs.verify,
    }
    for title, text in {**chapters, "standards": _standards(info), "other tools": _peers(info)}.items():
        if text:
            yield from ("", title, *_indented(text))
    for example in examples:
        yield from ("", f"{'bad' if 'bad' in example else 'good'}{_titled(example)}")
        yield from _indented(example.get("bad", example.get("good", "")))
        if "fixed" in example:
            yield from ("", "fixed")
            yield from _indented(example["fixed"])
        for name, text in example.get("fixed_files", {}).items():
            yield from ("", f"and {name}", *_indented(text))


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.rstrip().splitlines()]


def _titled(example: dict[str, Any]) -> str:
    return f": {example['title']}" if "title" in example else ""


def _standards(info: RuleInfo) -> str:
    return "\n".join(f"{name}: {', '.join(ids)}" for name, ids in info.standards.items())


def _peers(info: RuleInfo) -> str:
    covered = [f"{name} ({why})" for name, why in info.covers.items()]
    return "\n".join([*info.aliases, *covered])
