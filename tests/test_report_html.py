"""The report for browsers: nothing of a linted file becomes markup, nothing is loaded, and all is in it."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from report_samples import COMPOSE, LIMITS, PORT, finding, sample, written
from test_report_formats import NASTY, linked

from dockerlint.errors import UserError
from dockerlint.findings import Edit, Fix, NewFile, Severity, Tier
from dockerlint.report import open_report
from dockerlint.report.excerpts import file_report
from dockerlint.report.html import report as html_report
from dockerlint.report.results import FileReport
from dockerlint.text import Source, Span

FORMAT = "html"
LOADING = {"src", "srcset", "href", "action", "formaction", "data", "poster", "background"}


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.within: dict[str, list[str]] = {}
        self._open = ""
        self.said = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag in ("style", "script"):
            self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.within.setdefault(self._open, []).append(data)
        else:
            self.said += data


def page(*reports: FileReport) -> Page:
    return Page(written(FORMAT, *reports))


def sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def nasty() -> FileReport:
    text = f'</script></style></pre><img src=x onerror=1>"{NASTY.splitlines()[0]}'
    fix = Fix(Tier.HARDEN, text, (Edit(Span(0, 8), text),), caveat=text, files=(NewFile("a", text),))
    one = finding(COMPOSE, "db", message=text, path=text, subject=text, fix=fix)
    return file_report(Source(text, COMPOSE, notes=(text,)), "compose", [one])


def test_nothing_that_a_file_holds_becomes_markup() -> None:
    hostile, tame = page(nasty()), page(sample())
    assert set(hostile.tags) <= {*tame.tags, "del", "ins", "ul", "section"}
    assert hostile.tags.count("script") == hostile.tags.count("style") == 1
    assert not [name for name, _ in hostile.attributes if name.startswith("on") or name == "style"]
    assert "<img src=x onerror=1>" in hostile.said


def test_nothing_is_loaded_and_only_what_the_policy_names_is_run() -> None:
    shown = page(nasty())
    assert [value for name, value in shown.attributes if name in LOADING] == ["#findings"]
    policy = next(value for name, value in shown.attributes if name == "content" and "default-src" in value)
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        assert f"{tag}-src 'sha256-{sha256(''.join(shown.within[tag]))}'" in policy


def test_the_worst_findings_come_first() -> None:
    one = finding(COMPOSE, "db", LIMITS, message="db has no limit")
    two = finding(COMPOSE, "postgres", severity=Severity.LOW, message="low")
    three = finding(COMPOSE, '"5432:5432"', message="worst")
    text = written(FORMAT, file_report(Source("compose.yaml", COMPOSE), "compose", [one, two, three]))
    found = re.findall(r'<li class="finding (\w+)"', text)
    ranks = [Severity[name.upper()] for name in found]
    assert len(found) == 3
    assert all(before >= after for before, after in pairwise(ranks))


def test_a_fix_is_shown_as_a_difference_of_the_line() -> None:
    said = page(sample()).said
    assert '-       - "5432:5432"' in said
    assert '+       - "127.0.0.1:5432:5432"' in said


def test_the_places_of_a_finding_and_what_was_not_read_are_told() -> None:
    said = page(linked()).said
    assert "declares db" in said
    assert "not read: extends: base.yaml is missing" in said


def test_the_table_of_services_counts_by_severity_and_the_benchmark_names_its_rules() -> None:
    text = written(FORMAT, sample())
    cells = '<td>service db</td><td class="path">compose.yaml</td><td class="count">1</td>'
    assert cells in text
    assert re.search(rf"<td>5\.14</td><td><code>{PORT.id}</code>", text)


def test_a_page_that_would_be_too_long_says_how_much_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "LONGEST", 20_000)
    reports = [sample(f"{number}/compose.yaml") for number in range(20)]
    text = written(FORMAT, *reports)
    shown = text.count('<li class="finding')
    cut = int(re.search(r"(\d+) further findings are left out", text)[1])  # type: ignore[index]
    assert 0 < shown < 60
    assert cut == sum(len(one.findings) for one in reports) - shown


def test_without_the_extra_an_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UserError, match=r"install dockerlint\[html\]"):
        open_report(FORMAT)
