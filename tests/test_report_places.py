"""Findings on the page: lines, excerpts, masks, totals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pace import grows_in_proportion
from report_samples import COMPOSE, LIMITS, finding, sample

from dockerlint.findings import Severity, Tier
from dockerlint.masking.mask import Mask
from dockerlint.report.excerpts import EXCERPT_WIDTH, file_report
from dockerlint.report.results import FileReport, Place
from dockerlint.report.summary import Summary, Tally
from dockerlint.text import MASK, Source, Span


def place_of(text: str, marked: str, secrets: tuple[Span, ...] = (), span: Span | None = None) -> Place:
    one = finding(text, marked)
    if span is not None:
        one = replace(one, span=span)
    return file_report(Source("f", text), "compose", [one], (), Mask(text, secrets)).findings[0].place


def marked_text(place: Place) -> str:
    return place.excerpt[place.mark[0] : place.mark[1]]


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def test_a_place_counts_lines_and_columns_from_one() -> None:
    place = place_of(COMPOSE, '"5432:5432"')
    assert (place.line, place.column, place.end_line, place.end_column) == (5, 9, 5, 20)
    assert place.excerpt == '      - "5432:5432"'
    assert marked_text(place) == '"5432:5432"'


def test_a_span_over_several_lines_marks_the_rest_of_its_first_line() -> None:
    place = place_of("RUN a \\\n  b\nUSER c\n", "a \\\n  b")
    assert (place.line, place.end_line, place.end_column) == (1, 2, 4)
    assert marked_text(place) == "a \\"


def test_line_breaks_of_windows_stay_out_of_the_excerpt() -> None:
    place = place_of("FROM a\r\nUSER root\r\n", "USER root\r\n")
    assert (place.excerpt, marked_text(place)) == ("USER root", "USER root")


@pytest.mark.parametrize("offset", [0, 3, 6, 7, 99])
def test_an_empty_span_anywhere_has_a_place(offset: int) -> None:
    place = place_of("FROM a\n", "", span=Span(offset, offset))
    assert marked_text(place) == ""
    assert place.excerpt in ("FROM a", "")


def test_an_empty_file_has_a_place() -> None:
    place = place_of("", "")
    assert (place.line, place.column, place.excerpt, place.mark) == (1, 1, "", (0, 0))


def test_a_secret_is_masked_before_inside_and_after_the_mark() -> None:
    text = "ENV A=hunter2 B=swordfish C=opensesame\n"
    secrets = tuple(span_of(text, word) for word in ("opensesame", "hunter2", "swordfish"))
    place = place_of(text, "B=swordfish", secrets)
    assert place.excerpt == f"ENV A={MASK} B={MASK} C={MASK}"
    assert marked_text(place) == f"B={MASK}"


def test_a_mark_that_ends_inside_a_secret_takes_the_whole_mask() -> None:
    text = "ENV TOKEN=hunter2-not-real\n"
    place = place_of(text, "TOKEN=hunter2", (span_of(text, "hunter2-not-real"),))
    assert place.excerpt == f"ENV TOKEN={MASK}"
    assert marked_text(place) == f"TOKEN={MASK}"


def test_an_empty_mark_inside_a_secret_shows_one_mask() -> None:
    text = "ENV TOKEN=hunter2\n"
    offset = text.index("nter2")
    place = place_of(text, "", (span_of(text, "hunter2"),), Span(offset, offset))
    assert place.excerpt == f"ENV TOKEN={MASK}"


def test_overlapping_secrets_are_masked_once() -> None:
    text = "ENV URL=postgres://app:hunter2@db\n"
    secrets = (span_of(text, "app:hunter2"), span_of(text, "hunter2@db"), span_of(text, "hunter2"))
    assert place_of(text, "URL", secrets).excerpt == f"ENV URL=postgres://{MASK}"


def test_a_secret_over_several_lines_is_masked_on_each_of_them() -> None:
    text = "key: |\n  first-half\n  other-half\nend: x\n"
    secret = (span_of(text, "first-half\n  other-half"),)
    assert place_of(text, "first", secret).excerpt == f"  {MASK}"
    assert place_of(text, "other", secret).excerpt == MASK


def test_a_long_line_is_cut_to_the_part_around_the_mark() -> None:
    text = "RUN " + "x" * 500 + " MARK " + "y" * 500 + "\n"
    place = place_of(text, "MARK")
    assert marked_text(place) == "MARK"
    assert place.excerpt.startswith("…")
    assert place.excerpt.endswith("…")
    assert len(place.excerpt) == EXCERPT_WIDTH + 2


def test_the_end_of_a_long_line_is_shown_without_a_second_ellipsis() -> None:
    place = place_of("x" * 500 + " MARK\n", "MARK")
    assert place.excerpt.endswith(" MARK")


@pytest.mark.parametrize("mark_at", range(0, 400, 7))
def test_no_cut_of_a_long_line_lets_a_piece_of_a_secret_through(mark_at: int) -> None:
    text = "a" * 150 + "S" * 130 + "b" * 150
    place = place_of(text, "", (Span(150, 280),), Span(mark_at, mark_at + 3))
    assert "S" not in place.excerpt


def test_thousands_of_findings_on_one_huge_line_take_no_square_of_time() -> None:
    def report(size: int) -> None:
        text = "x y " * size
        one = finding(text, "x")
        many = [replace(one, span=Span(4 * at, 4 * at + 1)) for at in range(size)]
        secrets = [Span(4 * at + 2, 4 * at + 3) for at in range(size)]
        file_report(Source("f", text), "compose", many, (), Mask(text, secrets))

    assert grows_in_proportion(report, int, 1_000)


def test_findings_come_in_the_order_of_the_text() -> None:
    assert [judged.finding.rule.id for judged in sample().findings] == ["DK902", "DK903", "DK901"]


def test_a_value_set_by_a_neighbour_points_into_that_file_and_is_masked_there() -> None:
    env = "A=1\nPASSWORD=hunter2\n"
    one = finding(env, "PASSWORD=hunter2", source=".env")
    secret = Span(env.index("hunter2"), env.index("hunter2") + 7, ".env")
    neighbours = {".env": env}
    report = file_report(
        Source("app/compose.yaml", COMPOSE),
        "compose",
        [one],
        (),
        Mask(COMPOSE, [secret], neighbours.get),
        neighbours.get,
    )
    place = report.findings[0].place
    assert (place.path, place.line, place.excerpt) == ("app/.env", 2, f"PASSWORD={MASK}")


def test_a_neighbour_that_is_gone_still_has_a_place() -> None:
    one = finding("A=1\n", "A=1", source="lost.env")
    place = file_report(Source("compose.yaml", COMPOSE), "compose", [one]).findings[0].place
    assert (place.path, place.line, place.excerpt) == ("lost.env", 1, "")


def test_a_tally_counts_what_passes() -> None:
    tally = Tally()
    tally.add(sample())
    tally.add(FileReport("broken", obstacle="not text"))
    summary = tally.summary(1.5, Severity.HIGH)
    assert (summary.files, summary.suppressed, summary.obstacles) == (2, 1, 1)
    assert summary.counts == {Severity.CRITICAL: 1, Severity.MEDIUM: 1, Severity.LOW: 1}
    assert summary.fixes == {Tier.HARDEN: 1}


@pytest.mark.parametrize(
    ("worst", "threshold", "code"),
    [
        (Severity.HIGH, Severity.HIGH, 1),
        (Severity.MEDIUM, Severity.HIGH, 0),
        (Severity.CRITICAL, Severity.HIGH, 1),
        (Severity.CRITICAL, None, 0),
        (Severity.INFO, Severity.INFO, 1),
    ],
)
def test_the_exit_code_follows_the_threshold(worst: Severity, threshold: Severity | None, code: int) -> None:
    assert Summary(files=1, counts={worst: 1}, fail_on=threshold).exit_code == code


def test_a_file_that_was_not_judged_is_never_a_success() -> None:
    assert Summary(files=2, obstacles=1, fail_on=None).exit_code == 2


def test_nothing_to_lint_is_no_error_unless_a_file_was_taken_up() -> None:
    assert (Summary().exit_code, Summary(taken=1).exit_code) == (0, 2)


def test_a_finding_of_a_lower_severity_than_its_rule_counts_as_what_it_is() -> None:
    tally = Tally()
    one = finding(COMPOSE, "db", LIMITS, severity=Severity.INFO)
    tally.add(file_report(Source("compose.yaml", COMPOSE), "compose", [one]))
    assert tally.summary(0, Severity.HIGH).counts == {Severity.INFO: 1}
