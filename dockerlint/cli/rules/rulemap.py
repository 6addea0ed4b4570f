"""What `rules map` prints: what takes the place of each rule of another tool."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TextIO

from dockerlint.errors import UserError
from dockerlint.findings import rule_order
from dockerlint.quoting import suggestion
from dockerlint.report.screen import complaint, harmless, visible
from dockerlint.ruleset.bundle import load_not_covered
from dockerlint.ruleset.ruleset import Ruleset, load_ruleset

TEXT, JSON = "text", "json"
UNANSWERED = "No rule of dockerlint answers it."
"""The reason where none is recorded."""


class PeerAnswer(NamedTuple):
    """What one rule of another tool has here."""

    peer_rule: str
    how: str
    """`alias`: the same verdict. `covers`: takes its place, and decides otherwise. `not covered`."""
    rule: str = ""
    """The rule of ours; "" for none."""
    name: str = ""
    why: str = ""
    """How it decides otherwise, or why there is none."""


def print_map(peer: str, format: str, folders: tuple[str, ...], stdout: TextIO, stderr: TextIO) -> int:
    """One line for each rule of a tool and each rule of ours that answers it; 2 for an unknown tool."""
    try:
        ruleset = load_ruleset(directories=folders)
        answers = answers_for(peer, ruleset)
    except UserError as error:
        stderr.write(complaint(str(error)))
        return 2
    text = _as_json(peer, answers) if format == JSON else "".join(f"{line}\n" for line in _lines(answers))
    stdout.write(harmless(text))
    for mistake in ruleset.mistakes:
        stderr.write(complaint(str(mistake)))
    return 2 if ruleset.mistakes else 0


def answers_for(peer: str, ruleset: Ruleset) -> list[PeerAnswer]:
    """The answers to every rule of a tool, in the order of its ids; raises UserError for an unknown tool."""
    if peer not in ruleset.peers:
        known = ", ".join(ruleset.peers)
        hint = suggestion(peer, ruleset.peers)
        raise UserError(f"unknown tool {peer!r}{hint or f'; known are {known}'}")
    reasons = load_not_covered()
    return [
        answer
        for id in sorted(ruleset.peers[peer])
        for answer in _answers(f"{peer}:{id}", id, ruleset, reasons.get(f"{peer}:{id}", UNANSWERED))
    ]


def _answers(full: str, id: str, ruleset: Ruleset, reason: str) -> Iterator[PeerAnswer]:
    infos = sorted(ruleset.by_peer.get(full, ()), key=lambda info: rule_order(info.id))
    for info in infos:
        how = "alias" if full in info.aliases else "covers"
        yield PeerAnswer(id, how, info.id, info.name, info.covers.get(full, ""))
    if not infos:
        yield PeerAnswer(id, "not covered", why=reason)


def _as_json(peer: str, answers: Sequence[PeerAnswer]) -> str:
    rows = [
        {"id": one.peer_rule, "how": one.how, "rule": one.rule, "name": one.name, "why": one.why}
        for one in answers
    ]
    return json.dumps({"peer": peer, "rules": rows}, indent=2) + "\n"


def _lines(answers: Sequence[PeerAnswer]) -> Iterator[str]:
    left = max(len(one.peer_rule) for one in answers)
    middle = max(len(_told(one)) for one in answers)
    for one in answers:
        yield visible(f"{one.peer_rule:{left}}  {one.how:11}  {_told(one):{middle}}  {one.why}".rstrip())


def _told(answer: PeerAnswer) -> str:
    return f"{answer.rule} {answer.name}".strip() or "-"
