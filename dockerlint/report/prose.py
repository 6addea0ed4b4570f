"""Short forms of what a rule says about itself."""

from __future__ import annotations

import re

from dockerlint.findings import RuleInfo

# A sentence ends before something that looks like the start of the next one, so not after "e.g." or "3.".
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`\"'(])")


def first_sentence(text: str) -> str:
    """The first sentence on one line, without its full stop."""
    line = " ".join(text.split())
    return _SENTENCE_END.split(line, maxsplit=1)[0].removesuffix(".")


def cis_ids(rule: RuleInfo) -> tuple[str, ...]:
    """Recommendations of the newest CIS Docker Benchmark that the rule names."""
    versions = [key for key in rule.standards if key.startswith("cis-docker-")]
    return rule.standards[max(versions, key=_version)] if versions else ()


def _version(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", key))
