"""Is a rule sound? Fields, operators, words and aliases, each error with its place and a suggestion."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlint.findings import Tier
from dockerlint.quoting import excerpt, suggestion
from dockerlint.ruleset.documents.files import Place
from dockerlint.ruleset.fields import FieldType, above, field_of, files_with, kinds, names_of
from dockerlint.ruleset.fitting import IS_LIST, may_equal, misuse, unshowable, which_is
from dockerlint.ruleset.grammar import DEEPEST, OPERATORS
from dockerlint.ruleset.matching import risk_of
from dockerlint.ruleset.operators import COMBINERS, QUANTIFIERS
from dockerlint.ruleset.rule import ACTIONS, ANCHORS, LISTING
from dockerlint.ruleset.shorthand import CASE_KEYS, CASES
from dockerlint.ruleset.templates import PLACEHOLDER

TIERS = tuple(str(tier) for tier in Tier)


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a rule, and the keys that lead to it."""

    place: Place
    message: str


@dataclass(frozen=True)
class Lexicon:
    """The names a rule may use besides the model's."""

    words: Mapping[str, Collection[object]]
    peers: Mapping[str, Collection[str]]


def check_rule(raw: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Mistake]:
    """Mistakes in the data of a rule that already has the shape of schema.json."""
    classes = kinds().get(raw["each"])
    if classes is None:
        yield Mistake(("each",), f"unknown kind {raw['each']!r}{suggestion(raw['each'], kinds())}")
        return
    tests = [raw.get(block) for block in ("when", "purpose_when", "passes", "worse", "unsure", "fix")]
    if _depth(tests) > DEEPEST:
        yield Mistake((), f"tests are nested more than {DEEPEST} deep")
        return
    checker = _Checker(classes, lexicon)
    here = FieldType(classes)
    yield from checker.test(raw["when"], here, ("when",))
    if "purpose_when" in raw:
        yield from checker.test(raw["purpose_when"], here, ("purpose_when",))
        if "purpose" not in raw:
            yield Mistake(("purpose_when",), "a rule without 'purpose' has no use for it")
    if isinstance(raw.get("passes"), Mapping):
        yield from checker.test(raw["passes"]["when"], here, ("passes", "when"))
    if "at" in raw:
        yield from checker.anchor(raw["at"], here, ("at",))
    for number, path in enumerate(raw.get("parts", ())):
        yield from checker.anchor(path, here, ("parts", number))
    yield from checker.message(raw["message"], here, ("message",))
    for block in ("worse", "unsure"):
        for number, entry in enumerate(raw.get(block, ())):
            yield from checker.test(entry["when"], here, (block, number, "when"))
            yield from checker.message(entry.get("message", ""), here, (block, number, "message"))
    blocks = raw.get("fix", ())
    for number, entry in enumerate([blocks] if isinstance(blocks, Mapping) else blocks):
        place: Place = ("fix",) if isinstance(blocks, Mapping) else ("fix", number)
        yield from checker.fix(entry, here, place)
    yield from _check_kinds(raw, files_with(classes))
    if "fix" in raw and not any("fixed" in example for example in raw["examples"]):
        yield Mistake(("fix",), "a rule with a fix needs an example with 'fixed'")
    yield from _check_aliases(raw, lexicon)


def _check_kinds(raw: Mapping[str, Any], files: tuple[str, ...]) -> Iterator[Mistake]:
    """Is each example a kind of file that can have such nodes? A Compose file may hold a whole Dockerfile."""
    for number, example in enumerate(raw["examples"]):
        if example.get("kind") == "dockerfile" and "dockerfile" not in files:
            yield Mistake(("examples", number, "kind"), f"{raw['each']!r} is not found in a Dockerfile")


def _check_aliases(raw: Mapping[str, Any], lexicon: Lexicon) -> Iterator[Mistake]:
    named = [(("aliases", peer), peer, one) for peer, ids in raw.get("aliases", {}).items() for one in ids]
    named += [(("covers", alias), *alias.split(":", 1)) for alias in raw.get("covers", {}) if ":" in alias]
    for place, peer, one in named:
        if peer not in lexicon.peers:
            yield Mistake(place, f"unknown peer {peer!r}{suggestion(peer, lexicon.peers)}")
        elif one not in lexicon.peers[peer]:
            yield Mistake(place, f"{peer} has no rule {one!r}{suggestion(one, lexicon.peers[peer])}")


@dataclass(frozen=True)
class _Checker:
    """Walks the tests of one rule beside the types of the model."""

    classes: frozenset[type]
    lexicon: Lexicon

    def test(self, spec: object, here: FieldType, place: Place) -> Iterator[Mistake]:
        if not isinstance(spec, Mapping):
            yield from self.literal(spec, here, place)
            return
        for key, argument in spec.items():
            yield from self.entry(str(key), argument, here, (*place, key))

    def entry(self, key: str, argument: Any, here: FieldType, place: Place) -> Iterator[Mistake]:
        operator = OPERATORS.get(key)
        if operator is None and here.is_tuple:
            yield Mistake(place, f"{IS_LIST}, not {key!r}")
        elif operator is None:
            yield from self.path_entry(key, argument, here, place)
        elif (wrong := misuse(key, operator, argument, here)) is not None:
            yield Mistake(place, wrong)
        elif key in COMBINERS:
            parts = [argument] if key == "not" else argument
            for number, part in enumerate(parts):
                yield from self.test(part, here, place if key == "not" else (*place, number))
        elif key in QUANTIFIERS:
            yield from self.test(argument, FieldType(here.classes), place)
        else:
            yield from self.operand(key, argument, here, place)

    def path_entry(self, key: str, argument: Any, here: FieldType, place: Place) -> Iterator[Mistake]:
        mistake, there = self.follow(key, here, place)
        if mistake:
            yield mistake
        elif there is not None:
            yield from self.test(argument, there, place)

    def operand(self, key: str, argument: Any, here: FieldType, place: Place) -> Iterator[Mistake]:
        if key == "matches":
            yield from (Mistake(place, risk) for risk in risk_of(argument))
        elif key == "startswith":
            yield from self.literal(argument, FieldType(frozenset((str,))), place)
        elif key in ("equals", "in", "has", "lacks"):
            yield from self.literal(argument, FieldType(here.classes), place)

    def literal(self, spec: object, here: FieldType, place: Place) -> Iterator[Mistake]:
        if here.is_tuple:
            yield Mistake(place, IS_LIST)
            return
        for value in spec if isinstance(spec, list) else [spec]:
            if isinstance(value, str) and value.startswith("$"):
                yield from self.word_list(value, here, place)
            elif not may_equal(value, here.classes):
                yield Mistake(place, f"{excerpt(value)} can never be equal to this field{which_is(here)}")

    def word_list(self, name: str, here: FieldType, place: Place) -> Iterator[Mistake]:
        words = self.lexicon.words
        if name[1:] not in words:
            yield Mistake(place, f"unknown word list {name!r}{suggestion(name[1:], words)}")
        elif not any(may_equal(word, here.classes) for word in words[name[1:]]):
            yield Mistake(place, f"no word of {name} can ever be equal to this field{which_is(here)}")

    def message(self, template: str, here: FieldType, place: Place) -> Iterator[Mistake]:
        for path in PLACEHOLDER.findall(template):
            mistake, there = self.follow(path, here, place)
            if mistake is not None:
                yield mistake
            elif there is not None and (wrong := unshowable(path, there)) is not None:
                yield Mistake(place, wrong)

    def fix(self, block: Mapping[str, Any], here: FieldType, place: Place) -> Iterator[Mistake]:
        known = (*ACTIONS, *ANCHORS, *CASE_KEYS, CASES)
        for key in block:
            if key not in known:
                yield Mistake((*place, key), f"unknown key {key!r}{suggestion(key, known)}")
        for names, least, what in ((ACTIONS, 1, "exactly"), (ANCHORS, 0, "at most")):
            if not least <= sum(name in block for name in names) <= 1:
                yield Mistake(place, f"a fix has {what} one of {', '.join(names)}")
        yield from self.promise(block, here, place)
        for name in ACTIONS:
            if name in block:
                yield from self.argument(name, block[name], here, (*place, name))
        for name in ANCHORS:
            if name in block:
                yield from self.anchor(block[name], here, (*place, name))
        rows = [(block, place)]
        if CASES in block:
            rows = [({**block, **row}, (*place, CASES, at)) for at, row in enumerate(block[CASES])]
            for at, row in enumerate(block[CASES]):
                yield from self.promise(row, here, (*place, CASES, at))
        for row, where in rows:
            lacking = next((key for key in ("tier", "title") if key not in row), None)
            if lacking is not None:
                yield Mistake(where, f"a fix needs {lacking!r}")

    def promise(self, block: Mapping[str, Any], here: FieldType, place: Place) -> Iterator[Mistake]:
        """What a fix says, or a row of its cases."""
        if "tier" in block and block["tier"] not in TIERS:
            message = f"{block['tier']!r} is not a tier{suggestion(block['tier'], TIERS)}"
            yield Mistake((*place, "tier"), message)
        yield from self.test(block.get("when", {}), here, (*place, "when"))
        for name in ("title", "caveat"):
            yield from self.message(block.get(name, ""), here, (*place, name))

    def argument(self, action: str, argument: object, here: FieldType, place: Place) -> Iterator[Mistake]:
        """What an action writes. A list is filled in where it is all of a value that may be one."""
        for text in _texts(argument):
            may_list = action in LISTING and PLACEHOLDER.fullmatch(text) is not None
            found = [(path, *self.follow(path, here, place)) for path in PLACEHOLDER.findall(text)]
            for path, mistake, there in found:
                if mistake is not None:
                    yield mistake
                elif there is not None and there.is_tuple and not may_list:
                    yield Mistake(place, f"{{{path}}} is a list, and {action!r} needs a single value here")
                elif there is not None and (wrong := unshowable(path, there)) is not None:
                    yield Mistake(place, wrong)
            if action == "ignore" and not any(there is not None and there.is_tuple for *_, there in found):
                yield Mistake(place, "'ignore' takes a {field} that is a list")
        if action == "set":
            is_port = all("port" in getattr(cls, "KINDS", ()) for cls in here.classes)
            yield from _check_entries(argument, is_port, place)

    def anchor(self, path: str, here: FieldType, place: Place) -> Iterator[Mistake]:
        """What says where a finding or a fix stands."""
        mistake, there = self.follow(path, here, place)
        if mistake is not None:
            yield mistake
        elif there is not None and not there.has_place:
            yield Mistake(place, f"{path!r} has no place in the file{which_is(there)}; name a field that has")

    def follow(self, path: str, here: FieldType, place: Place) -> tuple[Mistake | None, FieldType | None]:
        """The type a path leads to, or the mistake in it."""
        head, *rest = path.split(".")
        around = above(self.classes)
        there = field_of(here.classes, head)
        if there is None and head in around:
            there = FieldType(around[head])
        if there is None:
            known = [*names_of(here.classes), *around, *OPERATORS]
            return Mistake(place, f"unknown field or operator {head!r}{suggestion(head, known)}"), None
        for name in rest:
            if there.is_tuple:
                return Mistake(place, f"{name!r} is a field of a list: use 'some', 'none' or 'every'"), None
            further = field_of(there.classes, name)
            if further is None:
                return Mistake(
                    place, f"unknown field {name!r}{suggestion(name, names_of(there.classes))}"
                ), None
            there = further
        return None, there


def _depth(argument: list[Any]) -> int:
    """How deep tests are nested in data; stops where they are too deep."""
    level: list[Any] = [argument]
    depth = 0
    while level and depth <= DEEPEST:
        inner = [one.values() if isinstance(one, Mapping) else one for one in level]
        level = [one for part in inner for one in part if isinstance(one, (list, Mapping))]
        depth += 1
    return depth


def _check_entries(argument: object, is_port: bool, place: Place) -> Iterator[Mistake]:
    """Can these keys and values be written into a Compose file?"""
    entries = argument if isinstance(argument, Mapping) else {}
    for key, value in entries.items():
        if not isinstance(key, str):
            yield Mistake((*place, key), f"a key of 'set' is a text, not {excerpt(key)}")
        elif is_port and key != "host_ip":
            yield Mistake((*place, key), f"only host_ip of a port can be set, not {key!r}")
        elif isinstance(value, list) and not all(isinstance(one, str) for one in value):
            yield Mistake((*place, key), "items of a list in 'set' are texts")


def _texts(argument: object) -> Iterator[str]:
    """Every text in the argument of an action."""
    waiting = [argument]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()
