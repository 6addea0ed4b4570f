"""The tables of a survey: what each column holds, and the rows that one file adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dockerlint.masking.mask import hide_alone
from dockerlint.report.results import Diagnostic, FileReport

if TYPE_CHECKING:
    from dockerlint.linting.census import ImageUse, ServiceUse

PORTS: Final = "ports"
"""The type of a list of ports; its fields are those of `PortUse`."""
PORT_FIELDS: Final = ("host_ip", "published", "target", "protocol", "reach", "datastore")
"""Texts, and at last whether a datastore listens on it."""
LONGEST: Final = 4_000
"""Characters of one text in a table: a hostile name must not fill a disk."""


class Column(NamedTuple):
    """A column of a table; every one may be null but the two that say where."""

    name: str
    type: str
    """`string`, `int`, `bool`, `date` or `ports`."""
    about: str


_WHERE: Final = (
    Column("repository", "string", "the repository, as the input names it; empty where it names none"),
    Column("path", "string", "the file in the repository"),
)
TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "files": (
        *_WHERE,
        Column("kind", "string", "dockerfile, compose, inspect, run or daemon; null if it was not linted"),
        Column("judged", "bool", "false for a file that could not be linted; the reason is in problems"),
    ),
    "findings": (
        *_WHERE,
        Column("kind", "string", "the kind of the file"),
        Column("rule", "string", "the id of the rule"),
        Column("name", "string", "the name of the rule"),
        Column("severity", "string", "critical, high, medium, low or info"),
        Column("confidence", "string", "high, medium or low"),
        Column("profile", "string", "default, or strict for a rule that the default profile does not ask"),
        Column("fix", "string", "the tier of its fix: safe, harden, unproven or advice; null without one"),
        Column("subject", "string", "the service, stage or container; null for the file as a whole"),
        Column("message", "string", "what was found"),
        Column("line", "int", "from 1"),
        Column("column", "int", "from 1, in characters"),
        Column("fingerprint", "string", "what the finding is known by, whatever its line"),
        Column("suppressed", "bool", "a comment hides it"),
        Column("reason", "string", "the reason of the comment; null for a finding that is not suppressed"),
    ),
    "images": (
        *_WHERE,
        Column("kind", "string", "the kind of the file"),
        Column("origin", "string", "from, copy, mount or service"),
        Column("subject", "string", "the stage or service that uses it"),
        Column("line", "int", "from 1; null in a project of several Compose files"),
        Column("reference", "string", "the whole reference, variables resolved; null where one is not known"),
        Column("registry", "string", "docker.io where none is written"),
        Column("image", "string", "the familiar name: node, grafana/grafana, ghcr.io/owner/app"),
        Column("tag", "string", "as written; null without one"),
        Column("digest", "string", "as written, with its algorithm"),
        Column("version", "string", "the number that the tag begins with: 3.12 of 3.12-slim"),
        Column("product", "string", "whose release line the tag names: Node.js"),
        Column("release", "string", "the release line: 22"),
        Column("end_of_life", "date", "the first day on which that line gets no fixes"),
        Column("ended", "bool", "that day has come, as of the day of the survey; null for an unknown line"),
        Column("system", "string", "the system that the tag names beside the version: Debian 12"),
        Column("ships", "bool", "a service runs it, or what a Dockerfile makes in the end is built upon it"),
        Column("pinned", "bool", "by a digest"),
        Column("floating", "bool", "no tag, or one that moves, such as latest"),
    ),
    "services": (
        *_WHERE,
        Column("kind", "string", "the kind of the file"),
        Column("service", "string", "the name of the service or container"),
        Column("reference", "string", "its image, variables resolved"),
        Column("image", "string", "the familiar name of its image"),
        Column("tag", "string", "the tag of its image"),
        Column("built", "bool", "it is built here"),
        Column("datastore", "bool", "its image is known as a database, broker, cache or search engine"),
        Column(
            "datastore_reach",
            "string",
            "who reaches a published port of a datastore: all (every interface), address (one), "
            "loopback, unknown; null where none is published",
        ),
        Column(PORTS, PORTS, "the published ports: host_ip, published, target, protocol, reach, datastore"),
        Column("privileged", "bool", "privileged; null where a variable decides"),
        Column("host_network", "bool", "it uses the network of the host"),
        Column("root", "bool", "its own text says that it runs as root, or does not; null otherwise"),
        Column("engine_socket", "bool", "it can write to the socket of the engine"),
    ),
    "problems": (
        *_WHERE,
        Column("problem", "string", "not judged, not evaluated (a rule), or not read (what a file names)"),
        Column("line", "int", "from 1; null for the file as a whole"),
        Column("reason", "string", "why"),
    ),
}
"""By name; docs/survey.md is held to it."""

Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(repository: str, path: str, report: FileReport, strict: frozenset[str]) -> Rows:
    """The rows that one file adds to each table; `strict` are the rules of that profile alone."""
    where = (_text(hide_alone(repository)), _text(hide_alone(path)))
    is_judged = report.obstacle is None
    kind = report.kind or None
    findings = [*((one, False) for one in report.findings), *((one, True) for one in report.suppressed)]
    census = report.census
    return {
        "files": [(*where, kind, is_judged)],
        "findings": [(*where, kind, *_finding(one, is_hidden, strict)) for one, is_hidden in findings],
        "images": [(*where, kind, *_image(one)) for one in (census.images if census else ())],
        "services": [(*where, kind, *_service(one)) for one in (census.services if census else ())],
        "problems": [(*where, *problem) for problem in _problems(report)],
    }


def _finding(one: Diagnostic, is_suppressed: bool, strict: frozenset[str]) -> tuple[Any, ...]:
    finding, place = one.finding, one.place
    return (
        finding.rule.id,
        finding.rule.name,
        str(finding.severity),
        str(finding.confidence),
        "strict" if finding.rule.id in strict else "default",
        None if finding.fix is None else str(finding.fix.tier),
        _text(finding.subject),
        _text(finding.message),
        place.line,
        place.column,
        finding.fingerprint,
        is_suppressed,
        _text(one.reason) if is_suppressed else None,
    )


def _image(one: ImageUse) -> tuple[Any, ...]:
    ends = one.end_of_life
    return (
        one.origin,
        _text(one.subject),
        one.line,
        *map(_text, (one.reference, one.registry, one.name, one.tag, one.digest, one.version)),
        *map(_text, (one.product, one.release)),
        None if ends is None else date.fromisoformat(ends),
        one.is_ended,
        one.system,
        one.ships,
        one.is_pinned,
        one.is_floating,
    )


def _service(one: ServiceUse) -> tuple[Any, ...]:
    return (
        *map(_text, (one.name, one.image, one.image_name, one.image_tag)),
        one.is_built,
        one.is_datastore,
        one.datastore_reach,
        [dict(zip(PORT_FIELDS, port, strict=True)) for port in one.ports],
        one.is_privileged,
        one.has_host_network,
        one.is_root,
        one.has_engine_socket,
    )


def _problems(report: FileReport) -> Iterator[tuple[str, int | None, str]]:
    if report.obstacle is not None:
        yield "not judged", None, _text(report.obstacle) or ""
    yield from (("not evaluated", None, _text(one) or "") for one in report.failures)
    yield from (("not read", one.line, _text(one.message) or "") for one in report.gaps)


def _text(text: str | None) -> str | None:
    """A text of a bounded length that can be written as UTF-8."""
    if text is None:
        return None
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return cut if cut.isascii() else cut.encode("utf-8", "replace").decode("utf-8")
