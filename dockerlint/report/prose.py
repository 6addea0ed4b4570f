"""Short forms of what a rule says about itself."""

from __future__ import annotations

import re

from dockerlint.findings import Finding, RuleInfo
from dockerlint.regex import pattern

# A sentence ends before something that looks like the start of the next one, so not after "e.g." or "3.".
_SENTENCE_END = pattern(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")


def first_sentence(text: str) -> str:
    """The first sentence on one line, without its full stop."""
    line = " ".join(text.split())
    return _SENTENCE_END.split(line, maxsplit=1)[0].removesuffix(".")


def heading(finding: Finding) -> str:
    """What the finding is about: `service db`, `stage build`, `final stage`; "" for a whole file."""
    if finding.built_by:
        what = finding.label or f"{finding.subject_kind} {finding.subject}"
        return f"{what}, built by service{'s'[: len(finding.built_by) - 1]} {', '.join(finding.built_by)}"
    if finding.label or finding.subject is None:
        return finding.label
    of = f" of {finding.project}" if finding.project else ""
    if finding.profiles:
        of += f" (profile {', '.join(finding.profiles)})"
    if finding.shared_with:
        return f"{finding.subject_kind}s {', '.join((finding.subject, *finding.shared_with))}{of}"
    return f"{finding.subject_kind} {finding.subject}{of}".strip()


def told_alone(finding: Finding) -> str:
    """The message where no heading above it names the subject."""
    subject = heading(finding)
    return f"{subject}: {finding.message}" if subject else finding.message


def cis_ids(rule: RuleInfo) -> tuple[str, ...]:
    """Recommendations of the newest CIS Docker Benchmark that the rule names."""
    versions = [key for key in rule.standards if key.startswith("cis-docker-")]
    return rule.standards[max(versions, key=_version)] if versions else ()


def _version(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", key))
