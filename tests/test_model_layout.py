"""Lines that mean nothing to a build, scripts that are not parsed, archives that are unpacked later."""

from __future__ import annotations

import pytest
from dockerfile_views import build, nodes

from dockerlint.model.command.powershell import check_off, download_run
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("FROM a\nRUN x \\\n\n y\n", ["\n"]),
        ("FROM a\nRUN x \\\n\n  \n\t\n y\n", ["\n  \n\t\n"]),
        ("FROM a\nRUN x \\\n\n y \\\n\n z\n", ["\n", "\n"]),
        ("FROM a\nRUN x \\\n\n# why\n\n y\n", ["\n", "\n"]),
        ("FROM a\nRUN x \\\n# why\n y\n\nRUN z\n", []),
        ("FROM a\nRUN <<E\nx \\\n\ny\nE\n", []),
        ("# escape=`\nFROM a\nRUN x `\n\n y\n", ["\n"]),
        ("FROM a\nRUN x \\\n ", [" "]),
    ],
)
def test_blank_lines_inside_an_instruction_are_seen(text: str, gaps: list[str]) -> None:
    found = build(text).empty_continuations
    assert [text[one.gap.start : one.gap.end] for one in found] == gaps
    assert {text[one.span.start : one.span.end] for one in found} <= {"\\", "`"}


@pytest.mark.parametrize(
    ("script", "part"),
    [
        ("iwr https://x | iex", "iwr https://x | iex"),
        ("Set-Location C:; irm x | Invoke-Expression; ls", "irm x | Invoke-Expression"),
        (
            "iex (New-Object WebClient).DownloadString('x')",
            "iex (New-Object WebClient).DownloadString",
        ),
        ("iwr https://x -OutFile x; Get-Content x | iex", None),
        ("iex -S mix", None),
        ("choco install wget; iex './a.ps1'", None),
    ],
)
def test_powershell_that_runs_a_download_is_told_by_its_text(script: str, part: str | None) -> None:
    found = download_run(Located(script, Span(5, 5 + len(script))))
    assert (None if found is None else found.value) == part
    if found is not None:
        assert script[found.span.start - 5 : found.span.end - 5] == part


@pytest.mark.parametrize(
    ("script", "is_off"),
    [
        ("[Net.ServicePointManager]::ServerCertificateValidationCallback = { $true }", True),
        ("[Net.ServicePointManager]::ServerCertificateValidationCallback={param($a) return $true;}", True),
        ("[Net.ServicePointManager]::ServerCertificateValidationCallback = $null", False),
        ("iwr x -SkipCertificateCheck", True),
        ("iwr x -SkipCertificateCheck:$false", False),
    ],
)
def test_powershell_that_takes_any_certificate_is_told_by_its_text(script: str, is_off: bool) -> None:
    assert (check_off(Located(script, Span(0, len(script)))) is not None) is is_off
    assert check_off(Located(UNKNOWN, Span(0, 0))) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("COPY a.tar.gz /t/\nRUN tar xf /t/a.tar.gz\n", ["a.tar.gz"]),
        ("COPY a.tgz /t/b.tgz\nRUN cd /t && tar xf b.tgz\n", ["a.tgz"]),
        ("COPY a.tgz b.tar /t/\nRUN tar xf /t/b.tar\nRUN tar xf /t/b.tar\n", ["b.tar"]),
        ("COPY a.tgz /t/\nRUN tar xf /t/c.tgz\n", []),
        ("ADD a.tgz /t/\nRUN tar xf /t/a.tgz\n", []),
        ("COPY a.zip /t/\nRUN unzip /t/a.zip\n", []),
        ("RUN tar xf /t/a.tgz\nCOPY a.tgz /t/\n", []),
    ],
)
def test_an_archive_that_is_copied_and_unpacked_is_seen(text: str, names: list[str]) -> None:
    assert [one.name for one in nodes(build(f"FROM alpine\n{text}"), "unpacked_copy")] == names
