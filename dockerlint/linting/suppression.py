"""Findings that a comment hides, and what is to be said about such comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Final

from dockerlint.budget import spend
from dockerlint.findings import Finding, Suppressed, rule_order
from dockerlint.linting.fingerprint import in_order
from dockerlint.linting.linted import Linted
from dockerlint.linting.linter import lint_nodes
from dockerlint.linting.pragmas import Pragma, read_pragmas
from dockerlint.model.suppression import SuppressedRule, Suppression
from dockerlint.quoting import closest
from dockerlint.regex import pattern
from dockerlint.ruleset.ruleset import Ruleset
from dockerlint.text import Span

OURS: Final = "dockerlint"
EVERY_RULE: Final = "every rule"
KINDS_OF_COMMENTS: Final = (*Suppression.KINDS, *SuppressedRule.KINDS)
"""What rules about suppression comments select; no comment can hide what they find."""
_ANY: Final = "*"
LONGEST_NAME: Final = 60
MOST_SUGGESTIONS: Final = 20
"""For how many unknown names of a file a similar one is looked for, and how long they may be."""
_SHELLCHECK: Final = pattern(r"(?:hadolint|shellcheck):(sc\d{4}|(?<=shellcheck:)\*)\Z")
"""Its codes are no rules of ours, but known by the same names."""
_STEPS_PER_NAME: Final = 10
"""What it costs to compare a name with a wildcard, in steps of the budget."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What config and command line allow of suppression comments."""

    require_reasons: bool = False
    forbid_inline: bool = False
    honours_inline: bool = True
    """The command line may say that no comment hides anything."""

    @property
    def obeys_comments(self) -> bool:
        return self.honours_inline and not self.forbid_inline


def suppress(
    linted: Linted,
    text: str,
    everything: Ruleset,
    chosen: Ruleset,
    policy: Policy,
    *,
    path: str = "",
    kind: str = "",
) -> tuple[list[Finding], list[Suppressed]]:
    """Part what stays from what a comment hides, and add the findings about the comments themselves.

    `everything` holds all rules there are, so that a name is known; `chosen` those that were linted.
    """
    pragmas = read_pragmas(linted.comments, text)
    if not pragmas:
        return linted.findings, []
    today = everything.knowledge.today
    names = _Names(everything)
    covers = _Covers(names, [one for one in pragmas if _holds(one, policy, today)])
    kept: list[Finding] = []
    hidden: list[Suppressed] = []
    for finding in sorted(linted.findings, key=lambda one: one.span.start):
        pragma = covers.hiding(finding)
        if pragma is None:
            kept.append(finding)
        else:
            hidden.append(Suppressed(finding, pragma.reason, "inline", pragma.peer or OURS, pragma.last_day))
    evaluated = frozenset(rule.id for rule in chosen.rules)
    nodes_of = _Nodes(names, evaluated, policy, today, covers.used)
    nodes = [nodes_of.node(one) for one in pragmas if not one.peer]
    about_comments = lint_nodes(
        nodes, chosen, text, linted.mask, path=path, kind=kind, failures=linted.failures
    )
    return in_order([*kept, *about_comments]), hidden


def _holds(pragma: Pragma, policy: Policy, today: date) -> bool:
    return policy.obeys_comments and not (pragma.malformed or _is_expired(pragma, today))


def _is_expired(pragma: Pragma, today: date) -> bool:
    return pragma.last_day is not None and today > pragma.last_day


Entry = tuple[int, int]
"""Where a pragma starts, and the number of the name in it; 0 where it names none."""
_ByRule = dict[str, list[tuple[Pragma, int]]]


@dataclass(slots=True)
class _Covers:
    """What every pragma hides, by the span it covers, in reach of each finding without a search.

    Findings are asked for in order of their places.
    """

    names: _Names
    pragmas: Sequence[Pragma]
    used: set[Entry] = field(default_factory=set)
    """Those that hid something."""
    _whole_file: _ByRule = field(default_factory=dict)
    _waiting: list[tuple[Span, _ByRule]] = field(default_factory=list)
    _open: list[tuple[Span, _ByRule]] = field(default_factory=list)

    def __post_init__(self) -> None:
        groups: dict[Span | None, _ByRule] = {None: self._whole_file}
        for pragma in self.pragmas:
            by_rule = groups.setdefault(pragma.covers, {})
            for number, rule in self.names.meant(pragma):
                by_rule.setdefault(rule, []).append((pragma, number))
        spans = sorted((span for span in groups if span is not None), key=lambda span: -span.start)
        self._waiting = [(span, groups[span]) for span in spans]

    def hiding(self, finding: Finding) -> Pragma | None:
        """The pragma that hides a finding, the narrowest first; all that do count as used."""
        entries = [entry for group in self._around(finding) for entry in self._take(group, finding.rule.id)]
        return entries[0][0] if entries else None

    def _around(self, finding: Finding) -> Iterator[_ByRule]:
        if not finding.span.source:
            at = finding.span.start
            while self._waiting and self._waiting[-1][0].start <= at:
                self._open.append(self._waiting.pop())
            self._open = [one for one in self._open if one[0].end > at]
            yield from (group for _, group in sorted(self._open, key=lambda one: one[0].end))
        yield self._whole_file

    def _take(self, group: _ByRule, rule: str) -> Iterator[tuple[Pragma, int]]:
        """Mark all entries for a rule as used; one of them is enough from then on."""
        every = f"{rule.partition(':')[0]}:{_ANY}"
        for key in (rule, every, _ANY):
            entries = group.get(key, [])
            self.used.update((pragma.span.start, number) for pragma, number in entries)
            del entries[1:]
            yield from entries


@dataclass(frozen=True)
class _Names:
    """Which rules a name in a comment stands for."""

    everything: Ruleset
    _meant: dict[str, set[str]] = field(default_factory=dict)
    _nearest: dict[str, str | None] = field(default_factory=dict)
    """What was found for names that were asked for before."""

    @cached_property
    def usual(self) -> set[str]:
        """The rules that must have been evaluated before a comment about all of them can be called unused."""
        return {rule.id for rule in self.everything.rules if rule.profile == "default"}

    @cached_property
    def _peers(self) -> dict[str, set[str]]:
        """`tool:rule` in lower case to ids of ours."""
        return {name.lower(): {info.id for info in infos} for name, infos in self.everything.by_peer.items()}

    def ids(self, name: str) -> set[str]:
        """The rules an id, a name or `tool:rule` stands for; `*` in the latter means any characters."""
        if ":" not in name:
            rule = self.everything.by_name.get(name)
            return {rule.id} if rule else set()
        folded = name.lower()
        if found := _SHELLCHECK.match(folded):
            return {f"shellcheck:{found[1].upper()}"}
        if _ANY not in folded:
            return self._peers.get(folded, set())
        if folded not in self._meant:
            spend(_STEPS_PER_NAME * len(self._peers), "wildcards of suppression comments")
            fitting = (ids for peer, ids in self._peers.items() if fnmatchcase(peer, folded))
            self._meant[folded] = {id for ids in fitting for id in ids}
        return self._meant[folded]

    def is_known(self, name: str) -> bool:
        """Whether a rule of ours or of a tool we know has this name."""
        peer, _, rule = name.partition(":")
        is_theirs = rule in self.everything.peers.get(peer, ())
        return is_theirs or bool(self.ids(name)) or name in self.everything.unusable

    def meant(self, pragma: Pragma) -> Iterator[tuple[int, str]]:
        """Ids of the rules a pragma means, each with the number of the name that means it."""
        if not pragma.names:
            yield 0, _ANY
        named = [(number, id) for number, name in enumerate(pragma.names) for id in self.ids(str(name.value))]
        if not pragma.is_reversed:
            yield from named
            return
        spared = {id for _, id in named}
        yield from ((0, id) for id in sorted(self.ids(f"{pragma.peer}:*") - spared, key=rule_order))

    def nearest(self, name: str) -> str | None:
        """The name that was probably meant; asked of so many names of a file only, None for others."""
        if name not in self._nearest and (len(self._nearest) >= MOST_SUGGESTIONS or len(name) > LONGEST_NAME):
            return None
        if name not in self._nearest:
            self._nearest[name] = self._closest(name)
        return self._nearest[name]

    def _closest(self, name: str) -> str | None:
        if spelled := self.everything.of_peer(name):
            return spelled
        longer = (known for known in self.everything.by_name if len(name) > 3 and known.startswith(name))
        return next(longer, None) or closest(name, self.everything.by_name)


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Makes the node of a comment once it is known what it hid."""

    names: _Names
    evaluated: frozenset[str]
    """Ids of the rules that were evaluated in this run."""
    policy: Policy
    today: date
    used: set[Entry]

    def node(self, pragma: Pragma) -> Suppression:
        is_idle = not self.policy.obeys_comments or _is_expired(pragma, self.today)
        rules = [self._rule(pragma, number, is_idle) for number in range(max(len(pragma.names), 1))]
        return Suppression(
            rules=() if pragma.malformed else tuple(rules),
            reason=pragma.reason,
            until=pragma.until,
            malformed=pragma.malformed,
            is_expired=not pragma.malformed and _is_expired(pragma, self.today),
            lacks_reason=self.policy.require_reasons and not pragma.malformed and not pragma.reason,
            is_forbidden=self.policy.forbid_inline,
            span=pragma.span,
        )

    def _rule(self, pragma: Pragma, number: int, is_idle: bool) -> SuppressedRule:
        name = str(pragma.names[number].value) if pragma.names else EVERY_RULE
        is_known = not pragma.names or self.names.is_known(name)
        was_evaluated = self.evaluated.issuperset(self.names.ids(name) if pragma.names else self.names.usual)
        was_evaluated = was_evaluated and (not pragma.names or bool(self.names.ids(name)))
        return SuppressedRule(
            name=name,
            is_unknown=not is_known,
            suggestion=(None if is_known else self.names.nearest(name)) or "",
            is_unused=was_evaluated and not is_idle and (pragma.span.start, number) not in self.used,
            span=pragma.names[number].span if pragma.names else pragma.span,
        )
