"""A rule, compiled: whom it looks at, when it fires, what it says and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from dockerlint.errors import UserError
from dockerlint.findings import Confidence, RuleDocs, RuleInfo, Severity, Tier
from dockerlint.values import Unknown


class RuleError(UserError):
    """A rule file that cannot be used; the text starts with file and line."""


class RuleMistake(NamedTuple):
    """Why one rule of a user cannot be used."""

    path: str
    """Its file."""
    line: int
    message: str
    names: tuple[str, ...] = ()
    """Its id and its name, where they can be read."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


Scope = Mapping[str, Any]
"""The nodes around the one that is linted, and itself, by kind; under MEMORY what was found out of them."""

MEMORY = ""
"""No kind is called so. A dictionary that lives as long as the walk over a file: what holds of a service
holds for each of its ports, so that it is looked for once and not once for each."""

Test = Callable[[object, Scope], "bool | None"]
"""A closure over one value: true, false, or None where the value does not decide."""

Reader = Callable[[object, Scope], object]
"""Follows a path from a value; gives a node, a plain value, a tuple, None or UNKNOWN."""


_COMPARED: Final = (bool, int, str, Unknown, type(None))
"""Of these, equal values mean the same."""


class NotedAnswer(NamedTuple):
    """What was asked of a node around the linted one, and what it said."""

    kind: str
    find: Callable[[Any], object]
    found: object


class WatchedScope(dict[str, Any]):
    """A scope that notes what a rule asks of the nodes around a part of the tree."""

    def __init__(self, scope: Scope, around: frozenset[str]) -> None:
        """`around` are the kinds of those nodes."""
        super().__init__(scope)
        self.plain = scope
        self.around = around
        self.asked: dict[str, NotedAnswer] = {}
        """By path: what can be asked again, and compared."""
        self.is_open = False
        """A rule looked at one of the nodes as a whole."""

    def get(self, name: str, default: Any = None) -> Any:
        self.is_open = self.is_open or name in self.around
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        self.is_open = self.is_open or name in self.around
        return super().__getitem__(name)

    def note(self, key: object, asked: NotedAnswer) -> None:
        """Note what was found, if it can be compared."""
        if asked.kind in self.around:
            if isinstance(key, str) and isinstance(asked.found, _COMPARED):
                self.asked[key] = asked
            else:
                self.is_open = True


@dataclass(frozen=True, slots=True)
class Worse:
    """A circumstance that raises the severity."""

    test: Test
    severity: Severity
    message: Reader | None


@dataclass(frozen=True, slots=True)
class Unsure:
    """A circumstance that lowers the confidence."""

    test: Test
    confidence: Confidence
    message: Reader | None


ACTIONS = (
    *("set", "append", "remove", "replace", "insert_word", "insert_line", "replace_image", "run_as"),
    *("move_image", "narrow_mode"),
    *("move_to_secret", "ignore", "guard_pipes", "join_next"),
    *("sort", "quote"),
)
"""What a fix may do; the closed list that `dockerlint.fix` knows."""

LISTING = ("set", "ignore")
"""Those of them that can write a list."""

ANCHORS = ("at", "after", "before")
"""The keys of a fix that say where it acts."""


@dataclass(frozen=True, slots=True)
class FixPlan:
    """One fix that a rule declares, ready to be tried on a node."""

    tier: Tier
    title: Reader
    caveat: Reader | None
    test: Test | None
    """Where it is offered; None for everywhere."""
    action: str
    argument: Reader
    """Its argument with all places filled; UNKNOWN where the model does not know one of them."""
    anchor: str
    """Which of ANCHORS leads to the place."""
    place: Reader | None
    """None for what the finding underlines."""
    leaves: tuple[str, ...] = ()
    """Rules that may fire afterwards, because what they ask for is more than this fix promises."""
    purpose: str = ""
    """`production` where it is advice in files for other purposes; "" for all files."""


HEAD = ("id", "name", "profile", "each", "when", "passes", "once")
"""The keys of a rule that are asked of it before it fires."""


@dataclass(frozen=True)
class Rule:
    """One rule as data; `compile_rule` makes it ready when it may fire for the first time."""

    head: Mapping[str, Any]
    """What its file says: of a rule of the user all of it, of ours at least HEAD."""
    words: Mapping[str, list[object]]
    """The named lists that `$name` in it stands for."""
    rest: str = ""
    """The other keys as JSON, which is read when somebody asks for one of them: most rules never fire."""

    @property
    def id(self) -> str:
        id: str = self.head["id"]
        return id

    @property
    def each(self) -> str:
        """The kind of nodes that it is about."""
        each: str = self.head["each"]
        return each

    @property
    def profile(self) -> str:
        profile: str = self.head.get("profile", "default")
        return profile

    @property
    def when(self) -> Mapping[str, Any]:
        """What it asks of a node."""
        when: Mapping[str, Any] = self.head["when"]
        return when

    @property
    def passes(self) -> Any:
        """What its file says of what passes; None for nothing."""
        return self.head.get("passes")

    @property
    def is_told_once(self) -> bool:
        """It speaks once of a repository."""
        return bool(self.head.get("once"))

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """All that its file says; of ours without the examples."""
        if not self.rest:
            return self.head
        import json

        return {**self.head, **json.loads(self.rest)}

    @cached_property
    def info(self) -> RuleInfo:
        """The public half: one object, made for who asks."""
        return rule_info(self.data)


def rule_info(raw: Mapping[str, Any]) -> RuleInfo:
    """The public half of a rule from its data."""
    docs = raw.get("docs", {})
    return RuleInfo(
        id=raw["id"],
        name=raw["name"],
        title=raw["title"],
        severity=Severity[raw["severity"].upper()],
        confidence=Confidence[raw.get("confidence", "high").upper()],
        profile=raw.get("profile", "default"),
        docs=RuleDocs(**{name: " ".join(docs.get(name, "").split()) for name in RuleDocs.__match_args__}),
        standards={name: tuple(str(one) for one in ids) for name, ids in raw.get("standards", {}).items()},
        aliases=tuple(f"{peer}:{one}" for peer, ids in raw.get("aliases", {}).items() for one in ids),
        covers=dict(raw.get("covers", {})),
        fix_tier=max((Tier[one["tier"].upper()] for one in raw.get("fix", ())), default=None),
        missing=raw.get("missing", ""),
        purpose=raw.get("purpose", ""),
        passes=_said(raw.get("passes", "")),
        told_by=tuple(raw.get("told_by", ())),
        takes_in=tuple(raw.get("takes_in", ())),
        once=raw.get("once", ""),
    )


def _said(passes: Any) -> str:
    said: str = passes["say"] if isinstance(passes, Mapping) else passes
    return said


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a rule that fires says, and where."""

    at: Reader | None
    message: Reader
    purpose_when: Test | None = None
    """What must hold for the purpose of the rule to count; None where it always does."""
    worse: tuple[Worse, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    fixes: tuple[FixPlan, ...] = ()
    parts: tuple[Reader, ...] = ()
    """What leads to the other places that belong to it; where one is missing, it is left out."""


class Pass(NamedTuple):
    """What is said where a rule does not fire."""

    said: str
    test: Test | None = None
    """What must hold as well for it to be said; None for nothing more."""


@dataclass(frozen=True)
class CompiledRule:
    """One rule, ready to be called on the nodes of its kind."""

    rule: Rule
    test: Test
    compile_consequence: Callable[[], Consequence]
    passes: Pass | None = None

    @cached_property
    def id(self) -> str:
        """The id of the rule."""
        return self.rule.id

    @cached_property
    def info(self) -> RuleInfo:
        """The public half of the rule."""
        return self.rule.info

    @cached_property
    def consequence(self) -> Consequence:
        """Compiled when the rule fires for the first time: most never do."""
        return self.compile_consequence()
