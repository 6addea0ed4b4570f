"""Reporters are given nothing that they must not show: a canary in any field comes out of none."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest
from report_samples import PORT, written

from dockerlint.findings import Edit, Finding, Fix, NewFile, Refusal, Suppressed, Tier
from dockerlint.fixing.changes import Changes, Stretch
from dockerlint.fixing.results import Applied, Result, Withheld
from dockerlint.linting.selection import SelectionFlags
from dockerlint.masking.mask import Mask
from dockerlint.report import FORMATS, Style
from dockerlint.report.excerpts import file_report
from dockerlint.report.fixes.text import about, difference
from dockerlint.report.results import FileReport, unlinted
from dockerlint.run.file import FileLinter, internal_error
from dockerlint.run.wire import Receiver, Sender
from dockerlint.text import MASK, Source, Span
from dockerlint.workspace.discovery import Candidate
from dockerlint.workspace.newfiles import Planned

PW = "Zq8mK2xWv9LrTd"
TOKEN = "ghp_" + "aB3xK9qLm" * 4
SHORT = "hunter2"
TEXT = f"FROM a\nENV DB_PASSWORD={PW}\nENV A=b\nENV API_TOKEN={TOKEN}\nENV DB_PASSWORD={SHORT}\nUSER root\n"
CANARIES = (PW, TOKEN, TOKEN[:4], TOKEN[4:16], SHORT)
SAID = f"{PW} and {TOKEN} and http://bob:{SHORT}@host/"


def finding(at: str = "USER root") -> Finding:
    """A finding in each of whose texts canaries stand."""
    start = TEXT.index(at)
    return Finding(
        rule=PORT,
        span=Span(start, start + len(at)),
        message=SAID,
        severity=PORT.severity,
        confidence=PORT.confidence,
        path=f"a/{TOKEN}/Dockerfile",
        kind="dockerfile",
        subject=f"x{TOKEN}",
        subject_kind="stage",
        evidence=SAID,
        fix=fix(start),
        unfixed=Refusal(SAID),
    )


def fix(start: int) -> Fix:
    return Fix(
        Tier.HARDEN,
        f"title {SAID}",
        (Edit(Span(start, start), f"ENV X={PW}\n"),),
        f"caveat {SAID}",
        files=(NewFile(".dockerignore", f"{PW}\n", "add_line"), NewFile("secrets/x", PW, is_secret=True)),
    )


def hostile() -> FileReport:
    places = ["USER root", f"ENV DB_PASSWORD={PW}", f"API_TOKEN={TOKEN[:9]}", SHORT]
    found = [replace(finding(at), ordinal=n) for n, at in enumerate(places)]
    source = Source(f"a/{TOKEN}/Dockerfile", TEXT, notes=(f"note {TOKEN}", f"DB_PASSWORD={PW}"))
    return file_report(source, "dockerfile", found, [Suppressed(found[0], f"because {SAID}", "inline")])


def leaked(output: str) -> list[str]:
    return [canary for canary in CANARIES if canary in output]


@pytest.mark.parametrize("style", [Style(), Style(quiet=True), Style(colour=True, ascii=True)])
@pytest.mark.parametrize("name", FORMATS)
def test_no_format_shows_a_canary_of_any_field(name: str, style: Style) -> None:
    obstacle = unlinted(f"b/{TOKEN}", f"{TOKEN} and http://bob:{SHORT}@host/ and DB_PASSWORD={PW}")
    output = written(name, hostile(), obstacle, style=style)
    assert leaked(output) == []
    assert MASK in output.replace("\\*", "*")


def test_what_workers_send_holds_no_canary() -> None:
    judge = FileLinter(SelectionFlags())
    sent = Sender().pack(1, judge.data(TEXT.encode(), Candidate(f"a/{TOKEN}/Dockerfile", "dockerfile")))
    assert leaked(sent.decode("latin-1")) == []
    _, received = Receiver().unpack(sent)
    assert len(received.findings) > 3
    assert leaked(repr(received) + pickle.dumps(received).decode("latin-1")) == []


def test_edits_that_hold_a_secret_are_left_out_with_a_reason() -> None:
    told = json.loads(written("json", hostile()))["findings"][0]["fix"]
    assert (told["edits"], told["left_out"]) == (None, "it contains a secret")
    assert [one["text"] for one in told["files"]] == [None, None]
    (run,) = json.loads(written("sarif", hostile()))["runs"]
    assert run["results"][0]["properties"]["fixLeftOut"] == "it contains a secret"
    assert "fixes" not in run["results"][0]


def test_edits_without_a_secret_stay() -> None:
    plain = Fix(Tier.SAFE, "t", (Edit(Span(0, 0), "USER 1000\n"),))
    report = file_report(Source("f", TEXT), "dockerfile", [replace(finding(), fix=plain)])
    (shown,) = report.findings
    assert shown.finding.fix == plain
    assert shown.finding.fix is not None
    assert shown.finding.fix.left_out == ""


def result() -> Result:
    edit = Edit(Span(0, 0), f"# {PW}\n")
    changed = f"# {PW}\n{TEXT}"
    applied = Applied(finding(), replace(fix(0), edits=(edit,)), TEXT)
    changes = Changes((Stretch(0, 0, 0, len(edit.text)),))
    left = [replace(one, span=Span(0, 3)) for one in (finding(), replace(finding(), fix=None))]
    return Result(
        changed,
        left,
        [applied],
        [Withheld(left[0], Refusal(f"because {SAID}"))],
        mask=Mask(changed),
        mask_before=Mask(TEXT),
        changes=changes,
    )


def test_what_fix_prints_shows_no_canary() -> None:
    files = [
        Planned("x", f"{TOKEN}.txt", None, b"", f"DB_PASSWORD={PW}\n"),
        Planned("y", "secrets/pw.txt", None, b"", PW, is_secret=True),
    ]
    source = Source(f"a/{TOKEN}/Dockerfile", TEXT)
    page = about(source.path, source, result(), files, "", Tier.HARDEN)
    obstacle = about(
        source.path, None, None, (), f"{TOKEN}: DB_PASSWORD={PW} http://bob:{SHORT}@x", Tier.SAFE
    )
    patches = difference(source.path, source, result(), files)
    assert leaked(page + obstacle + patches) == []
    assert "fix withheld: because" in page
    assert "not shown" in patches
    assert "@@" not in patches


def test_an_error_of_ours_tells_its_kind_and_nothing_of_the_file() -> None:
    assert leaked(internal_error(ValueError(SAID))) == []
    assert "ValueError" in internal_error(ValueError(SAID))


def test_the_fingerprint_does_not_change_with_the_secret() -> None:
    """Else whoever sees it could try passwords until it fits."""

    def prints(text: str) -> list[str]:
        report = FileLinter(SelectionFlags()).data(text.encode(), Candidate("Dockerfile", "dockerfile"))
        return [judged.finding.fingerprint for judged in report.findings]

    other = TEXT.replace(PW, "Yt5wQ8zPn1CvBh").replace(SHORT, "bunter7")
    assert prints(TEXT) == prints(other) != []


def test_the_host_of_a_url_whose_password_a_variable_may_set_stays_readable() -> None:
    text = "services:\n  app:\n    environment: {DB: 'postgres://db:${PW:-Kq7-Xzz-plum}@postgres-documents/app'}\n"
    start = text.index("postgres://")
    mask = Mask(text, (Span(start, text.index("'}")),))
    assert mask.name("postgres-documents") == "postgres-documents"
    assert "Kq7-Xzz-plum" not in mask.text("it is Kq7-Xzz-plum")
    assert "Kq7" not in mask.text(text)


def test_names_of_services_and_packages_stay_readable_though_a_password_is_called_so() -> None:
    text = "FROM a\nENV DB_PASSWORD=mysql-server\nRUN service mysql-server start\n"
    start = text.index("mysql-server")
    mask = Mask(text, (Span(start, start + len("mysql-server")),))
    assert mask.text("service mysql-server start") == "service mysql-server start"
    assert mask.text("DB_PASSWORD=mysql-server") == "DB_PASSWORD=****"


def test_the_value_of_an_option_is_no_name() -> None:
    line = "RUN usermod --comment correct-horse bob"
    text = f"FROM a\nENV DB_PASSWORD=correct-horse\n{line}\n"
    start = text.index("correct-horse")
    assert "correct-horse" not in Mask(text, (Span(start, start + len("correct-horse")),)).text(line)


def test_a_password_that_is_a_plain_word_is_none_inside_of_a_longer_word() -> None:
    text = (
        "services:\n  app:\n    image: otel/opentelemetry-collector\n    environment: {PASSWORD: telemetry}\n"
    )
    start = text.rindex("telemetry")
    mask = Mask(text, (Span(start, start + len("telemetry")),))
    assert mask.text("otel/opentelemetry-collector has no tag") == "otel/opentelemetry-collector has no tag"
    for leak in ("PASSWORD=telemetry", "mysql -ptelemetry", "it is telemetry"):
        assert "telemetry" not in mask.text(leak)


@pytest.mark.parametrize(("user", "is_shown"), [("q7Zk2Vx9Lm4Tp8Rw", False), ("registry", True)])
def test_the_user_of_a_url_is_hidden_elsewhere_where_it_may_be_a_token(user: str, is_shown: bool) -> None:
    text = f"FROM a\nRUN git clone https://{user}:x-oauth-basic@git.example/app\nRUN echo {user}\n"
    start = text.index("https")
    mask = Mask(text, (Span(start, text.index("/app")),))
    assert (user in mask.text(f"RUN echo {user}")) is is_shown
