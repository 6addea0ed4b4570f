"""The set of rules of a run: loaded, compiled, chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from dockerlint.data import extendable
from dockerlint.findings import Confidence, RuleInfo
from dockerlint.images.facts import Knowledge
from dockerlint.ruleset.bundle import load_parted
from dockerlint.ruleset.index import Index
from dockerlint.ruleset.rule import Rule, RuleError, RuleMistake


@dataclass(frozen=True)
class Ruleset:
    """Compiled rules and the knowledge they are evaluated with."""

    rules: tuple[Rule, ...]
    knowledge: Knowledge
    peers: Mapping[str, Collection[str]] = field(default_factory=dict)
    min_confidence: Confidence = Confidence.LOW
    mistakes: tuple[RuleMistake, ...] = ()
    """What is wrong with rules of users that are left out."""
    _indices: dict[str, Index] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def by_kind(self) -> dict[str, tuple[Rule, ...]]:
        """The rules of each node kind."""
        grouped: dict[str, list[Rule]] = {}
        for rule in self.rules:
            grouped.setdefault(rule.each, []).append(rule)
        return {kind: tuple(rules) for kind, rules in grouped.items()}

    def of_kind(self, kind: str) -> Index:
        """The rules of a node kind, compiled when the first node of that kind is met."""
        index = self._indices.get(kind)
        if index is None:
            index = self._indices[kind] = Index(self.by_kind.get(kind, ()))
        return index

    @cached_property
    def by_name(self) -> dict[str, Rule]:
        """Every rule by id and by name."""
        return {key: rule for rule in self.rules for key in (rule.id, rule.head["name"])}

    @cached_property
    def infos(self) -> dict[str, RuleInfo]:
        """The public half of every rule, by id and by name."""
        return {key: rule.info for key, rule in self.by_name.items()}

    @cached_property
    def by_peer(self) -> dict[str, tuple[RuleInfo, ...]]:
        """`peer:id` to the rules that stand for it, as alias or as cover."""
        found: dict[str, list[RuleInfo]] = {}
        for rule in self.rules:
            for name in (*rule.info.aliases, *rule.info.covers):
                found.setdefault(name, []).append(rule.info)
        return {name: tuple(infos) for name, infos in found.items()}

    def of_peer(self, id: str) -> str | None:
        """An id of another tool as `peer:id`, rather one we have a rule for; None where no tool has it."""
        found = [f"{peer}:{id}" for peer, ids in self.peers.items() if id in ids]
        return min(found, key=lambda name: name not in self.by_peer, default=None)

    @cached_property
    def unusable(self) -> frozenset[str]:
        """Ids and names of the rules that are left out."""
        return frozenset(name for mistake in self.mistakes for name in mistake.names)

    def choose(self, keep: Iterable[Rule], min_confidence: Confidence) -> Ruleset:
        """The same knowledge with fewer rules."""
        return Ruleset(tuple(keep), self.knowledge, self.peers, min_confidence)


def load_ruleset(
    *,
    directories: Iterable[str] = (),
    texts: Mapping[str, bytes] | None = None,
    more_words: Mapping[str, list[Any]] | None = None,
    word_places: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Ruleset:
    """Our rules and those of `directories`, with the named lists extended by `more_words`.

    `texts` are rule files of users that were read already, by the names that errors give them.
    `word_places` says where each of these stands. A user's rule that is not sound is left out, and told in
    `Ruleset.mistakes`. Raises RuleError where a directory cannot be read or has no rule file, and where a
    list has no namesake and there are no rules of the user that could ask for it.
    """
    from dockerlint.ruleset.knowledge import load_knowledge

    bundle, rests = load_parted()
    directories = list(directories)
    if more_words and not directories and not texts:
        _refuse_unknown_words(more_words, {*bundle["words"], *extendable()}, word_places or {})
    words = {name: [*bundle["words"].get(name, []), *extra] for name, extra in (more_words or {}).items()}
    words = {**bundle["words"], **words}
    theirs, mistakes = _user_rules(directories, texts or {}, words, bundle)
    ours = (Rule(head, words, rest) for head, rest in zip(bundle["rules"], rests, strict=True))
    rules = (*ours, *(Rule(raw, words) for raw in theirs))
    knowledge = load_knowledge(today or date.today())
    return Ruleset(rules, knowledge, bundle["peers"], mistakes=tuple(mistakes))


def _refuse_unknown_words(named: Iterable[str], known: Collection[str], places: Mapping[str, str]) -> None:
    """Raise RuleError at the first list that no rule of ours can mean."""
    from dockerlint.quoting import name_of

    for name in named:
        if name not in known:
            where = places.get(name, "words")
            raise RuleError(f"{where}: unknown word list {name_of(name, known)}")


def _user_rules(
    wanted: list[str], texts: Mapping[str, bytes], words: Mapping[str, Any], bundle: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[RuleMistake]]:
    """The sound rules of users' directories and texts, whose ids and names are not ours; and the mistakes."""
    if not wanted and not texts:
        return [], []
    from dockerlint.ruleset.check import Lexicon
    from dockerlint.ruleset.documents.files import rule_paths
    from dockerlint.ruleset.load import load_sound_rules

    for directory in wanted:
        if not rule_paths(directory):
            raise RuleError(f"{directory}:1: no rule files (*.yaml) here")
    paths = [path for one in wanted for path in rule_paths(one)]
    taken = {rule[key]: "dockerlint; choose another" for rule in bundle["rules"] for key in ("id", "name")}
    found, mistakes = load_sound_rules(paths, Lexicon(words, bundle["peers"]), texts, taken)
    return [{**rule, **_marked_patterns(rule)} for rule in found], mistakes


def _marked_patterns(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The tests of a user's rule, with its regular expressions marked as such."""
    from dockerlint.ruleset.matching import UserPattern

    def marked(part: Any) -> Any:
        if isinstance(part, list):
            return [marked(one) for one in part]
        if not isinstance(part, Mapping):
            return part
        return {
            key: UserPattern(one, rule["id"]) if key == "matches" and isinstance(one, str) else marked(one)
            for key, one in part.items()
        }

    tests = {
        key: marked(rule[key]) for key in ("when", "purpose_when", "passes", "worse", "unsure") if key in rule
    }
    if "fix" in rule:
        fixes = rule["fix"]
        tests["fix"] = [{**one, "when": marked(one["when"])} if "when" in one else one for one in fixes]
    return tests
