"""SARIF of Trivy and of `docker scout cves`; that of Grype and Snyk differs in nothing that counts.

Trivy says severities in the tags of a rule and the rest in messages (pkg/report/sarif.go); Docker Scout has
properties `cvssV3_severity`, `fixed_version` and `purls` on rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote

from dockerlint.regex import pattern
from dockerlint.scans.found import RATED, ImageReport, Vulnerability, digests_in, level_of
from dockerlint.scans.loose import below, day_at, items_at, number_at, text_at, texts_at

_NAMES: Final = {"trivy": "Trivy", "docker scout": "Docker Scout", "grype": "Grype", "snyk container": "Snyk"}
_BANDS: Final = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
"""Scores of CVSS 3, and the severities they stand for."""
_FIXED: Final = pattern(r"(?im)^\W*fixed version\s*:[ \t]*([^\r\n]{1,200})")
_PACKAGE: Final = pattern(r"(?im)^\W*package\s*:[ \t]*([^\r\n]{1,200})")
_INSTALLED: Final = pattern(r"(?im)^\W*installed version\s*:[ \t]*([^\r\n]{1,200})")
_PURL: Final = pattern(r"pkg:[^/]+/(?:[^@?#]*/)?([^/@?#]+)(?:@([^?#]*))?")
_NOT_FIXED: Final = ("", "not fixed", "none", "n/a")
_OTHERS: Final = ("misconfiguration", "secret", "license")
"""Tags of rules of Trivy that are about something else."""


def is_sarif(document: object) -> bool:
    """Whether it is SARIF."""
    return isinstance(below(document, "runs"), list)


def read_sarif(document: object) -> Iterator[ImageReport]:
    """A report for every run."""
    for run in items_at(document, "runs"):
        driver = text_at(run, "tool", "driver", "name")
        names = tuple(dict.fromkeys(_images(run)))
        digests = digests_in((*names, *texts_at(run, "properties", "repoDigests")))
        ended = next(
            (day for one in items_at(run, "invocations") if (day := day_at(one, "endTimeUtc"))), None
        )
        yield ImageReport(_NAMES.get(driver.lower(), driver), names, digests, ended, tuple(_found(run)))


def _images(run: object) -> Iterator[str]:
    """The names of the image: what Trivy says of the run, or Docker Scout of places in it."""
    yield from filter(
        None, (text_at(run, "properties", "imageName"), text_at(run, "automationDetails", "id"))
    )
    yield from texts_at(run, "properties", "repoTags")
    for result in items_at(run, "results"):
        for location in items_at(result, "locations"):
            for one in items_at(location, "logicalLocations"):
                name = text_at(one, "fullyQualifiedName").partition(":/")[0]
                if name:
                    yield name
                    return


def _found(run: object) -> Iterator[Vulnerability]:
    rules = list(items_at(run, "tool", "driver", "rules"))
    by_id = {text_at(one, "id"): one for one in rules}
    for result in items_at(run, "results"):
        rule = _rule_of(result, rules, by_id)
        tags = list(texts_at(rule, "properties", "tags"))
        if any(tag in _OTHERS for tag in tags):
            continue
        yield _vulnerability(result, rule, tags)


def _rule_of(result: object, rules: Sequence[dict[str, Any]], by_id: dict[str, dict[str, Any]]) -> object:
    index = below(result, "ruleIndex")
    if type(index) is int and 0 <= index < len(rules):
        return rules[index]
    return by_id.get(text_at(result, "ruleId"), {})


def _vulnerability(result: object, rule: object, tags: Sequence[str]) -> Vulnerability:
    message = below(result, "message", "text")
    said = message if isinstance(message, str) else ""
    score = number_at(rule, "properties", "security-severity")
    purls = (*texts_at(rule, "properties", "purls"), text_at(rule, "properties", "purl"))
    purl = _PURL.match(next(filter(None, purls), ""))
    fixed = text_at(rule, "properties", "fixed_version") or _said(_FIXED.search(said))
    return Vulnerability(
        text_at(result, "ruleId") or text_at(rule, "id"),
        _level(rule, tags, score),
        unquote(purl[1]) if purl else _said(_PACKAGE.search(said)),
        unquote(purl[2] or "") if purl else _said(_INSTALLED.search(said)),
        "" if fixed.lower() in _NOT_FIXED else fixed,
        score,
    )


def _level(rule: object, tags: Sequence[str], score: float) -> str:
    told = text_at(rule, "properties", "cvssV3_severity")
    words = (told, *tags) if told else tags
    rated = next((one.lower() for one in words if one.lower() in RATED), "")
    return rated or next((level for least, level in _BANDS if score >= least), level_of(""))


def _said(match: Any) -> str:
    from dockerlint.scans.loose import shown

    return shown(match[1]) if match else ""
