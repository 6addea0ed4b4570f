"""The report for people."""

from __future__ import annotations

import re

import pytest
from report_samples import COMPOSE, LIMITS, PORT, WRITABLE, finding, sample, written

from dockerlint.findings import RuleInfo, Severity
from dockerlint.report import FORMATS, Style
from dockerlint.report.excerpts import file_report
from dockerlint.report.prose import first_sentence
from dockerlint.report.results import FileReport, unlinted
from dockerlint.report.screen import visible, width
from dockerlint.text import Source

BIDI_AND_ESCAPES = ["\x1b[31m", "\x07", "\x9b2J", "\x7f", "\u202e", "\u2066", "\u200f", "\r", "\ud83d"]


def lines_of(text: str, marked: str, **fields: object) -> list[str]:
    report = file_report(Source("f", text), "compose", [finding(text, marked, path="f", **fields)])  # type: ignore[arg-type]
    return written("text", report).splitlines()


def test_a_finding_shows_its_line_and_underlines_the_exact_span() -> None:
    shown = written("text", sample()).splitlines()
    at = shown.index('      5 |       - "5432:5432"')
    assert shown[at + 1] == "        |         ^^^^^^^^^^^"


def test_the_worst_finding_of_a_file_comes_first() -> None:
    shown = written("text", sample())
    assert shown.index("DK901") < shown.index("DK903") < shown.index("DK902")


def heads(shown: str) -> list[str]:
    return [line for line in shown.splitlines() if line and line[0] != " "][:-1]


@pytest.mark.parametrize("order", [1, -1], ids=["as walked", "the other way round"])
@pytest.mark.parametrize("is_quiet", [False, True], ids=["in full", "quiet"])
def test_the_worst_file_comes_first_then_the_one_with_most_findings_then_by_path(
    order: int, is_quiet: bool
) -> None:
    text = "services:\n  api:\n  db:\n"

    def file(path: str, *findings: tuple[str, RuleInfo]) -> FileReport:
        return file_report(
            Source(path, text), "compose", [finding(text, *one, path=path) for one in findings]
        )

    files = [
        file("a/low.yaml", ("api", WRITABLE), ("db", WRITABLE)),
        file("b/one.yaml", ("api", PORT)),
        file("c/two.yaml", ("api", PORT), ("db", LIMITS)),
        file("d/two.yaml", ("api", PORT), ("db", WRITABLE)),
        unlinted("e/broken.yaml", "too large"),
        FileReport("f/noted.yaml", "compose", notes=("not UTF-8",)),
    ]
    shown = written("text", *files[::order], style=Style(quiet=is_quiet))
    paths = [line.partition(":")[0] for line in (shown.splitlines() if is_quiet else heads(shown))]
    wanted = ["e/broken.yaml", "c/two.yaml", "d/two.yaml", "b/one.yaml", "a/low.yaml"]
    assert list(dict.fromkeys(paths)) == (wanted if is_quiet else [*wanted, "f/noted.yaml"])


def test_a_rule_is_explained_in_the_file_that_is_shown_first() -> None:
    text = "services:\n  db:\n"
    mild, bad = (
        file_report(Source(path, text), "compose", [finding(text, "db", one, path=path) for one in rules])
        for path, rules in (("a.yaml", [WRITABLE]), ("b.yaml", [WRITABLE, PORT]))
    )
    shown = written("text", mild, bad)
    assert shown.count(WRITABLE.docs.why.partition(".")[0]) == 1
    assert shown.index("b.yaml") < shown.index(WRITABLE.docs.why.partition(".")[0]) < shown.index("a.yaml")


def test_files_keep_their_order_once_they_are_so_many_that_they_go_to_the_disk() -> None:
    text = "services:\n  db:\n"
    numbers = list(range(3_000))
    files = [
        file_report(Source(path, text), "compose", [finding(text, "db", PORT, path=path)])
        for path in (f"{number:06}.yaml" for number in reversed(numbers))
    ]
    assert heads(written("text", *files)) == [f"{number:06}.yaml" for number in numbers]


def test_findings_are_grouped_under_their_subject_and_the_worst_subject_comes_first() -> None:
    text = "services:\n  api:\n  db:\n"
    report = file_report(
        Source("f", text),
        "compose",
        [
            finding(text, "api", WRITABLE, subject="api"),
            finding(text, "db", PORT, subject="db"),
            finding(text, "api", LIMITS, subject="api"),
        ],
    )
    shown = [line.strip() for line in written("text", report).splitlines()]
    assert [line for line in shown if line.startswith("service ")] == ["service db", "service api"]


def test_a_finding_about_a_whole_file_stands_under_no_subject() -> None:
    assert not any("service" in line for line in lines_of("a: b\n", "a", subject=None)[:2])


def test_findings_on_one_span_share_one_excerpt() -> None:
    assert written("text", sample()).count("2 |   db:") == 1


def test_why_and_fix_are_told_once_a_run() -> None:
    shown = written("text", sample(), sample("other/compose.yaml"))
    assert shown.count("why: Whoever reaches the host reaches the service") == 1
    assert shown.count("fix: Bind it to 127.0.0.1   [harden]   more: dockerlint explain DK901") == 1
    assert shown.count("DK901 port-open") == 2


def test_why_names_the_recommendation_of_the_newest_benchmark() -> None:
    assert "(CIS 5.14)" in written("text", sample())


def test_a_rule_without_advice_still_says_where_to_read_on() -> None:
    assert "more: dockerlint explain DK902" in written("text", sample())


def test_the_summary_counts_by_severity_and_names_the_threshold() -> None:
    last = written("text", sample()).splitlines()[-1]
    assert last == (
        "1 critical · 1 medium · 1 low in 1 file (41 ms)   "
        "fixes: 1 with `dockerlint fix --harden`   suppressed 1   failing at high"
    )


def test_a_clean_run_says_so() -> None:
    assert written("text", FileReport("f")) == "nothing found in 1 file (41 ms)   failing at high\n"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.0004, "0 ms"), (0.9, "900 ms"), (1.25, "1.2 s"), (187.0, "3 min 7 s")]
)
def test_a_duration_has_a_fitting_unit(seconds: float, said: str) -> None:
    assert f"({said})" in written("text", FileReport("f"), seconds=seconds)


def test_a_run_that_never_fails_says_so() -> None:
    assert written("text", FileReport("f"), fail_on=None).endswith("never failing\n")


def test_a_file_that_was_not_judged_is_named_with_its_reason() -> None:
    shown = written("text", FileReport("pipe", obstacle="is not a regular file"))
    assert "pipe\n  not linted: is not a regular file\n" in shown
    assert "1 not linted" in shown


def test_a_note_of_the_reader_is_shown() -> None:
    assert "  note: read as Latin-1\n" in written("text", FileReport("f", notes=("read as Latin-1",)))


def test_a_value_set_by_a_neighbour_names_that_file() -> None:
    env = "A=1\n"
    report = file_report(
        Source("app/compose.yaml", COMPOSE),
        "compose",
        [finding(env, "A=1", source=".env")],
        text_of={".env": env}.get,
    )
    assert "    app/.env:1:1  critical" in written("text", report)


def test_quiet_is_one_line_a_finding() -> None:
    assert written("text", sample(), style=Style(quiet=True)).splitlines() == [
        "compose.yaml:5:9: critical DK901 port-open: service db: port 5432 is published on every interface",
        "compose.yaml:2:3: medium DK903 no-memory-limit: service db: db has no memory limit",
        "compose.yaml:2:3: low DK902 root-writable: service db: db may write its root",
    ]


def test_quiet_still_names_a_file_that_was_not_judged() -> None:
    shown = written("text", FileReport("f", obstacle="too large"), style=Style(quiet=True))
    assert shown == "f: not linted: too large\n"


def test_there_is_no_colour_unless_asked() -> None:
    assert "\x1b" not in written("text", sample())


def test_colour_changes_nothing_but_colour() -> None:
    coloured = written("text", sample(), style=Style(colour=True))
    assert "\x1b[1;31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == written("text", sample())


@pytest.mark.parametrize("hostile", BIDI_AND_ESCAPES)
@pytest.mark.parametrize("quiet", [False, True])
def test_no_terminal_escape_reaches_the_screen_raw(hostile: str, quiet: bool) -> None:
    text = f'a: "{hostile}b"\n'
    one = finding(text, "b", message=f"has {hostile}", path=f"x{hostile}.yaml", subject=f"s{hostile}")
    report = file_report(Source(f"x{hostile}.yaml", text), "compose", [one])
    obstacle = FileReport(f"y{hostile}", obstacle=f"bad {hostile}", notes=(hostile,))
    shown = written("text", report, obstacle, style=Style(quiet=quiet))
    assert hostile not in shown
    assert all(character == "\n" or character.isprintable() for character in shown)
    assert hostile.encode("unicode_escape").decode() in shown


def test_a_line_break_in_a_message_does_not_start_a_line() -> None:
    assert any("first\\nsecond" in line for line in lines_of("a\n", "a", message="first\nsecond"))


def test_tabs_keep_the_underline_below_its_text() -> None:
    shown = lines_of("RUN\tapt-get\tupdate\n", "apt-get")
    at = next(index for index, line in enumerate(shown) if "1 |" in line)
    start = shown[at].index("apt-get")
    assert shown[at + 1][start : start + 8] == "^^^^^^^"


def test_wide_characters_keep_the_underline_below_its_text() -> None:
    shown = lines_of("LABEL 名前=値 x\n", "値")
    at = next(index for index, line in enumerate(shown) if "1 |" in line)
    assert width(shown[at].split("値")[0]) == len(shown[at + 1].split("^")[0])
    assert shown[at + 1].count("^") == 2


def test_an_empty_span_gets_one_mark() -> None:
    shown = lines_of("FROM a\n", "")
    assert shown.count("        | ^") == 1


def test_a_stream_without_unicode_gets_ascii_that_still_lines_up() -> None:
    text = "ENV é=ü\n"
    report = file_report(Source("é", text), "compose", [finding(text, "ü", message="é")])
    shown = written("text", report, style=Style(ascii=True))
    assert shown.isascii()
    assert "1 | ENV \\xe9=\\xfc\n        |          ^^^^\n" in shown


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_no_output_is_lost_on_a_stream_of_any_encoding(encoding: str) -> None:
    text = "ENV 名=\ud800é\n"
    report = file_report(Source("名\udcff", text), "compose", [finding(text, "é", path="名\udcff")])
    for name in FORMATS:
        assert written(name, report).encode(encoding, "backslashreplace")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two.", "One"),
        ("Use e.g. a proxy. Then stop.", "Use e.g. a proxy"),
        ("Pin node 22.1 here.\nMore", "Pin node 22.1 here"),
        ("Wrapped\n  words", "Wrapped words"),
        ("", ""),
        ("Really? Yes.", "Really?"),
    ],
)
def test_the_first_sentence_ends_where_the_next_begins(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_letters_of_every_script_stay_readable() -> None:
    assert visible("naïve 名前 имя 🐳") == "naïve 名前 имя 🐳"


def test_every_severity_has_its_colour() -> None:
    text = "a\n"
    report = file_report(
        Source("f", text), "compose", [finding(text, "a", severity=severity) for severity in Severity]
    )
    shown = written("text", report, style=Style(colour=True))
    assert len(set(re.findall("\x1b\\[([0-9;]+)m(?:critical|high|medium|low|info) *\x1b", shown))) == 5
