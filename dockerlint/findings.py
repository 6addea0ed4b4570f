"""The nouns the whole program talks in: severity, confidence, tier, rule, edit, fix, refusal, finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

from dockerlint.text import Span


class Severity(IntEnum):
    """How bad it is; the same meaning in every rule."""

    INFO = 0
    """Taste."""
    LOW = 1
    """Hygiene: read_only, healthcheck, caches."""
    MEDIUM = 2
    """A missing layer of defence: no-new-privileges, limits, floating tag, end-of-life base."""
    HIGH = 3
    """One more flaw away: runs as root, strong capability, host namespace, password in ENV."""
    CRITICAL = 4
    """The host or the data is open now: privileged, docker socket, datastore on every interface."""

    def __str__(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    """How much of the verdict the text alone decides."""

    LOW = 0
    """Something outside our view could clear it: an unknown base image, an unresolved variable."""
    MEDIUM = 1
    """A documented default was assumed, or another build decides whether it runs (ONBUILD)."""
    HIGH = 2
    """The text alone decides."""

    def __str__(self) -> str:
        return self.name.lower()


class Tier(IntEnum):
    """What a fix promises."""

    ADVICE = 0
    """Shown, never applied."""
    UNPROVEN = 1
    """More secure and plausible, but nobody has tried it with this program."""
    HARDEN = 2
    """More secure and known to work: facts about the image or the build in sight show it. A running program
    may notice."""
    SAFE = 3
    """Same behaviour, proven from the text."""

    @classmethod
    def asked(cls, *, harden: bool, unproven: bool) -> Tier:
        """The least that is applied; raises ValueError for `unproven` without `harden`."""
        if unproven and not harden:
            raise ValueError("unproven goes with harden")
        return cls.UNPROVEN if unproven else cls.HARDEN if harden else cls.SAFE

    def __str__(self) -> str:
        return self.name.lower()


@cache
def rule_order(rule_id: str) -> tuple[str, int, str]:
    """What rules are sorted by wherever they stand in a list: letters, then number, DK532 before DK1000."""
    letters = rule_id.rstrip("0123456789")
    return letters, int(rule_id[len(letters) :] or 0), rule_id


@dataclass(frozen=True, slots=True)
class RuleDocs:
    """The prose of a rule, as written in its YAML."""

    why: str = ""
    instead: str = ""
    quiet: str = ""
    verify: str = ""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """The public half of a rule: what reports, suppressions and `explain` need of it."""

    id: str
    name: str
    title: str
    severity: Severity
    confidence: Confidence
    profile: str
    docs: RuleDocs
    standards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    """`peer:id` of rules that give the same verdict on the same text."""
    covers: Mapping[str, str] = field(default_factory=dict)
    """`peer:id` of rules this one takes the place of, with the reason why it decides otherwise."""
    fix_tier: Tier | None = None
    missing: str = ""
    """What a service lacks, in a few words; "" for a rule that is about something else."""
    purpose: str = ""
    """`production` where the default profile leaves out files for other purposes, `development` where it
    leaves out those for tests, examples and CI; "" for all files."""
    passes: str = ""
    """What an audit says of a subject on which it does not fire; "" where that is no news."""
    told_by: tuple[str, ...] = ()
    """Rules about a stage that give the same verdict at the Dockerfile which a service builds."""
    takes_in: tuple[str, ...] = ()
    """Rules that say part of the same of a line, so that people are told of both as one."""
    once: str = ""
    """`repository` for what is told with one file of each; "" for what each file is told of."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text under `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that a fix makes or completes before it changes the file that was linted."""

    path: str
    """From the folder of the linted file, with forward slashes; never above it."""
    text: str = field(repr=False)
    """All of a new file; the lines that one must hold, without the last line break."""
    how: str = "create"
    """`create`: it must not be there yet. `add_line`: made or completed with the lines that it lacks."""
    is_secret: bool = False
    """The text is never shown."""
    expects: tuple[str, ...] = ()
    """Names that stand beside it if the folder is the one that is meant."""


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits and the promise they carry."""

    tier: Tier
    title: str
    edits: tuple[Edit, ...] = ()
    caveat: str = ""
    leaves: tuple[str, ...] = ()
    """Rules that may fire once it is applied, because they ask for more than it promises."""
    keys: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What it sets on the service that it is about: fixes of one service are written as one block."""
    files: tuple[NewFile, ...] = ()
    """Other files that it makes or completes."""
    moves: tuple[str, str] | None = field(default=None, compare=False)
    """A variable of the service whose value it moves to a file, and the one that names the file: all moves
    of a file are carried out together."""
    left_out: str = field(default="", compare=False)
    """Why it comes without its edits, where a report may not show them."""
    purpose: str = field(default="", compare=False)
    """`production` where it is advice in a file for something else; "" where it is the same for all files."""


class Refusal(NamedTuple):
    """Why something is not done; whoever is asked why not answers None where nothing speaks against it."""

    reason: str
    """One clause without a full stop, which reads well behind "not fixed: "."""


class Refused(Exception):
    """A refusal on its way up, where every step between would have to hand it on; the text is its reason."""

    @property
    def refusal(self) -> Refusal:
        """What it says."""
        return Refusal(str(self))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong at one place."""

    rule: RuleInfo
    span: Span
    message: str
    severity: Severity
    confidence: Confidence
    path: str = ""
    kind: str = ""
    """The kind of file: dockerfile, compose …"""
    subject: str | None = None
    """The plain name of the service, container or stage; None for a whole file."""
    subject_kind: str = ""
    """service, stage, container or "" for a file."""
    evidence: str = ""
    """Normalised, masked text that identifies the finding across edits elsewhere in the file."""
    ordinal: int = 0
    """Counts findings of a file that agree in rule, subject and evidence."""
    fix: Fix | None = None
    unfixed: Refusal | None = None
    """Why the fix that its rule declares is not offered here."""
    label: str = ""
    """What people call a subject without a name: `final stage`, `stage 0`; "" where it has one."""
    shared_with: tuple[str, ...] = ()
    """Further services that the same text is about, because they take it from an anchor."""
    built_by: tuple[str, ...] = ()
    """The services that build the stage of a Dockerfile which it is about."""
    purpose: str = ""
    """As its rule has it, where that counts for it; "" for all files."""
    profiles: tuple[str, ...] = ()
    """The profiles without which the service is not started; () where it is."""
    project: str = ""
    """The merged files of the project, `compose.yaml + compose.override.yaml`, where several files declare
    the service; else ""."""
    chain: tuple[Span, ...] = field(default=(), compare=False)
    """The key of the service in each of these files, those that it extends first."""
    parts: tuple[Span, ...] = field(default=(), compare=False)
    """The other places that make it what it is, where several do together."""
    dockerfile: str = field(default="", compare=False)
    """The path, from the folder of the linted file, of the Dockerfile that may give the same verdict."""

    @property
    def fingerprint(self) -> str:
        """Stable identity: rule, subject and evidence; no path, line number, prose or severity.

        A file that is moved keeps those of its findings; whoever tells files apart asks for the path too.
        """
        from hashlib import sha256

        parts = (self.rule.id, self.subject or "", self.evidence, str(self.ordinal))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def held_back(self, reason: str) -> Finding:
        """The same finding with its fix as advice, because of what the file is for."""
        if self.fix is None or not self.fix.purpose or self.fix.tier is Tier.ADVICE:
            return self
        advice = replace(self.fix, tier=Tier.ADVICE, edits=(), files=(), moves=None, keys={})
        return replace(self, fix=advice, unfixed=Refusal(reason))


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding somebody chose to live with."""

    finding: Finding
    reason: str = ""
    by: str = ""
    """Where that was said: `inline`, `config`, `baseline`."""
    tool: str = ""
    """The tool whose comment it is."""
    until: date | None = None
    """The last day on which that holds; None for no end."""
