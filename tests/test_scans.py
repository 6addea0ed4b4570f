"""Reports of scanners: what each format says, told at the line that names the image."""

from __future__ import annotations

import io
import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dockerlint.images.scans import read_scans
from dockerlint.run.check import Options, run
from dockerlint.run.output import Format
from dockerlint.scans.report import ScanError, read_report
from dockerlint.scans.summary import summed_up

DAY = date(2026, 11, 20)
DIGEST = "sha256:" + "ab" * 32

TRIVY = {
    "SchemaVersion": 2,
    "CreatedAt": "2026-11-10T08:30:00.123+01:00",
    "ArtifactName": "shop/web:1.4",
    "ArtifactType": "container_image",
    "Metadata": {"RepoTags": ["shop/web:1.4"], "RepoDigests": [f"shop/web@{DIGEST}"]},
    "Results": [
        {
            "Target": "shop/web:1.4 (debian 12.5)",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2026-1",
                    "PkgName": "libssl3",
                    "InstalledVersion": "3.0.1",
                    "FixedVersion": "3.0.2",
                    "Severity": "CRITICAL",
                },
                {
                    "VulnerabilityID": "CVE-2026-1",
                    "PkgName": "openssl",
                    "InstalledVersion": "3.0.1",
                    "FixedVersion": "3.0.2",
                    "Severity": "CRITICAL",
                },
                {
                    "VulnerabilityID": "CVE-2026-2",
                    "PkgName": "zlib1g",
                    "InstalledVersion": "1.2",
                    "Severity": "HIGH",
                },
            ],
        },
        {"Target": "Node.js", "Vulnerabilities": None},
    ],
}
TRIVY_SARIF = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "Trivy",
                    "rules": [
                        {
                            "id": "CVE-2026-1",
                            "properties": {
                                "tags": ["vulnerability", "security", "CRITICAL"],
                                "security-severity": "9.8",
                            },
                        },
                        {
                            "id": "CVE-2026-2",
                            "properties": {
                                "tags": ["vulnerability", "security", "HIGH"],
                                "security-severity": "5.5",
                            },
                        },
                        {"id": "some-key", "properties": {"tags": ["secret", "security", "CRITICAL"]}},
                    ],
                }
            },
            "results": [
                {
                    "ruleId": "CVE-2026-1",
                    "ruleIndex": 0,
                    "message": {
                        "text": "Package: libssl3\nInstalled Version: 3.0.1\nFixed Version: 3.0.2\nLink: x"
                    },
                },
                {
                    "ruleId": "CVE-2026-2",
                    "ruleIndex": 1,
                    "message": {"text": "Package: zlib1g\nInstalled Version: 1.2\nFixed Version: \nLink: x"},
                },
                {"ruleId": "some-key", "ruleIndex": 2, "message": {"text": "Secret AKIA"}},
            ],
            "properties": {
                "imageName": "shop/web:1.4",
                "repoTags": ["shop/web:1.4"],
                "repoDigests": [f"shop/web@{DIGEST}"],
            },
        }
    ],
}
GRYPE = {
    "matches": [
        {
            "vulnerability": {
                "id": "CVE-2026-1",
                "severity": "Critical",
                "fix": {"versions": ["3.0.2"], "state": "fixed"},
            },
            "artifact": {"name": "libssl3", "version": "3.0.1"},
        },
        {
            "vulnerability": {
                "id": "CVE-2026-2",
                "severity": "High",
                "fix": {"versions": [], "state": "not-fixed"},
            },
            "artifact": {"name": "zlib1g", "version": "1.2"},
        },
    ],
    "source": {
        "type": "image",
        "target": {
            "userInput": "shop/web:1.4",
            "tags": ["shop/web:1.4"],
            "repoDigests": [f"shop/web@{DIGEST}"],
            "manifestDigest": "",
        },
    },
    "descriptor": {"name": "grype", "version": "0.98.0", "timestamp": "2026-11-10T07:30:00Z"},
}
SCOUT = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "docker scout",
                    "rules": [
                        {
                            "id": "CVE-2026-1",
                            "properties": {
                                "cvssV3_severity": "CRITICAL",
                                "security-severity": "9.8",
                                "fixed_version": "3.0.2",
                                "purls": ["pkg:deb/debian/libssl3@3.0.1?os_name=debian"],
                                "tags": ["CRITICAL"],
                            },
                        },
                        {
                            "id": "CVE-2026-2",
                            "properties": {
                                "cvssV3_severity": "HIGH",
                                "security-severity": "7.5",
                                "fixed_version": "not fixed",
                                "purls": ["pkg:deb/debian/zlib1g@1.2"],
                            },
                        },
                    ],
                }
            },
            "results": [
                {
                    "ruleId": "CVE-2026-1",
                    "ruleIndex": 0,
                    "message": {"text": "x"},
                    "locations": [
                        {
                            "logicalLocations": [
                                {"fullyQualifiedName": f"shop/web:1.4@{DIGEST}:/var/lib/dpkg/status"}
                            ]
                        }
                    ],
                },
                {"ruleId": "CVE-2026-2", "ruleIndex": 1, "message": {"text": "x"}},
            ],
        }
    ],
}
SNYK = {
    "vulnerabilities": [
        {
            "id": "SNYK-DEBIAN12-OPENSSL-1",
            "identifiers": {"CVE": ["CVE-2026-1"]},
            "severity": "critical",
            "packageName": "libssl3",
            "version": "3.0.1",
            "nearestFixedInVersion": "3.0.2",
            "cvssScore": 9.8,
        },
    ],
    "applications": [
        {
            "vulnerabilities": [
                {
                    "id": "SNYK-JS-A-1",
                    "identifiers": {"CVE": []},
                    "severity": "high",
                    "packageName": "a",
                    "version": "1",
                }
            ]
        }
    ],
    "docker": {"baseImage": "debian:12"},
    "projectName": "docker-image|shop/web",
    "path": "shop/web:1.4",
}
ALL = {"trivy": TRIVY, "trivy-sarif": TRIVY_SARIF, "grype": GRYPE, "scout": SCOUT, "snyk": SNYK}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(
        "services:\n  web:\n    image: shop/web:1.4\n  db:\n    image: shop/db:2.0\n"
    )
    return tmp_path


def check(*reports: object, **options: Any) -> tuple[int, dict[str, dict[str, Any]], str]:
    """The exit code, findings about scans by rule and subject, and what was said of errors."""
    for number, one in enumerate(reports):
        Path(f"scan{number}.json").write_text(json.dumps(one) if isinstance(one, (dict, list)) else str(one))
    paths = tuple(f"scan{number}.json" for number in range(len(reports)))
    out, errors = io.StringIO(), io.StringIO()
    given = {"paths": ("compose.yaml",), "formats": (Format("json"),), "today": DAY, "scan_reports": paths}
    code = run(Options(**{**given, **options}), out, errors)
    findings = json.loads(out.getvalue() or '{"findings": []}')["findings"]
    told = {f"{one['name']} {one['subject']}": one for one in findings if one["rule"].startswith("DK51")}
    return code, told, errors.getvalue()


@pytest.mark.parametrize("name", ALL)
def test_each_format_says_the_same_of_one_image(name: str) -> None:
    (report,) = read_report(json.dumps(ALL[name]).encode(), name)
    scans = read_scans(summed_up([report], 30), DAY)
    scan = scans.of("docker.io", "shop/web", "1.4", None)
    assert scan is not None
    assert (scan.critical, scan.high, scan.medium, scan.count) == (1, 1, 0, 2)
    assert scan.worst == "CVE-2026-1 (libssl3 3.0.1, fixed in 3.0.2)"
    assert scan.age == (10 if name in ("trivy", "grype") else None)
    if name != "snyk":
        assert scans.of("docker.io", "shop/web", None, DIGEST) == scan
    assert scans.of("docker.io", "shop/web", "1.5", None) is None
    assert scans.of("docker.io", "shop/web", "1.4", "sha256:" + "cd" * 32) is None


def test_the_finding_stands_at_the_line_that_names_the_image() -> None:
    code, found, _ = check(TRIVY)
    finding = found["critical-vulnerability web"]
    assert (finding["line"], finding["column"], finding["severity"]) == (3, 12, "high")
    assert finding["message"] == (
        "1 critical, 1 high known vulnerabilities; worst with a fix: CVE-2026-1 "
        "(libssl3 3.0.1, fixed in 3.0.2) (Trivy, report 10 days old)"
    )
    assert code == 1
    assert len(found) == 1


def test_several_scanners_are_joined_and_count_each_vulnerability_once() -> None:
    message = check(TRIVY, GRYPE, SNYK)[1]["critical-vulnerability web"]["message"]
    assert message.startswith("1 critical, 2 high known")
    assert "Trivy, Grype, Snyk" in message


def test_a_newer_report_of_a_scanner_takes_the_place_of_its_older_one() -> None:
    newer = {**TRIVY, "CreatedAt": "2026-11-19T00:00:00Z", "Results": []}
    assert check(TRIVY, newer)[1] == {}
    assert check(newer, TRIVY)[1] == {}


def test_an_old_report_is_stale_after_the_days_of_the_config() -> None:
    assert "stale-scan-report web" not in check(TRIVY)[1]
    Path(".dockerlint.yaml").write_text("scan-stale-after: 9\nscan-reports: [scan0.json]\n")
    _, found, _ = check(TRIVY, scan_reports=())
    assert found["stale-scan-report web"]["message"].endswith("is 10 days old, 9 are allowed")


def test_an_image_without_a_report_is_told_in_the_strict_profile() -> None:
    from dockerlint.linting.selection import SelectionFlags

    strict = SelectionFlags(profile="strict")
    assert "image-without-scan-report db" in check(TRIVY, flags=strict)[1]
    assert check(flags=strict)[1] == {}
    assert "image-without-scan-report db" not in check(TRIVY)[1]


def test_a_report_that_names_no_image_is_told_which_one_it_is() -> None:
    nameless = {**TRIVY, "ArtifactType": "filesystem", "ArtifactName": "."}
    code, _, said = check(nameless)
    assert (code, "names no image; use --scan-report IMAGE=scan0.json" in said) == (2, True)
    _, found, _ = check(nameless, scan_reports=("shop/db:2.0=scan0.json",))
    assert set(found) == {"critical-vulnerability db"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 200_000, "not JSON"),
        ("{", ":1: not JSON"),
        ("[]", "not a known scan report format"),
        ('{"name": "x"}', "not a known scan report format"),
        ('{"runs": []}', "names no image"),
        ('{"vulnerabilities": []}', "names no image"),
        ("1" * 5000, "not JSON|not a scan report"),
    ],
)
def test_what_is_no_report_is_an_error(text: str, said: str) -> None:
    with pytest.raises(ScanError, match=said):
        read_report(text.encode(), "scan.json")


def damaged(value: Any, junk: Any) -> Any:
    """A document with one kind of junk in the place of every text, number, list and object in it, in turn."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield {**value, key: junk}
            yield from ({**value, key: other} for other in damaged(one, junk))
    elif isinstance(value, list):
        yield [junk]
        yield from ([other] for one in value[:2] for other in damaged(one, junk))


@pytest.mark.parametrize("name", ALL)
def test_wrong_types_anywhere_are_passed_over(name: str) -> None:
    for junk in (None, 3, "x", [], {}, [[1]], {"a": {}}, 1e400, True):
        for document in damaged(ALL[name], junk):
            try:
                reports = read_report(json.dumps(document).encode(), name)
            except ScanError:
                continue
            read_scans(summed_up(reports, 30), DAY)


def test_ten_megabytes_take_no_long_time_and_end_as_a_short_text() -> None:
    row = {"VulnerabilityID": "CVE-1", "PkgName": "x" * 5000, "Severity": "HIGH", "FixedVersion": "y" * 5000}
    rows = [{**row, "VulnerabilityID": f"CVE-{number}"} for number in range(1000)]
    data = json.dumps({**TRIVY, "Results": [{"Vulnerabilities": rows}]}).encode()
    assert len(data) > 10_000_000
    began = time.process_time()
    text = summed_up(read_report(data, "big"), 30)
    assert time.process_time() - began < 5
    assert len(text) < 1500


def test_names_of_strangers_and_secrets_do_not_come_through() -> None:
    token = "ghp_" + "R2d9Kf7QxZ1mT8wLc4" + "Vb6Ny3Hs5Jp0GaUeXi"
    row = {
        "VulnerabilityID": f"CVE-1\x1b[31m\n{token}",
        "PkgName": token,
        "Severity": "CRITICAL",
        "FixedVersion": "1",
    }
    evil = {**TRIVY, "Results": [{"Vulnerabilities": [row]}]}
    out = io.StringIO()
    Path("scan.json").write_text(json.dumps(evil))
    run(Options(paths=("compose.yaml",), scan_reports=("scan.json",)), out, io.StringIO())
    assert "CVE-1" in out.getvalue()
    assert token not in out.getvalue()
    assert "\x1b" not in out.getvalue()


def test_a_report_inside_of_a_strangers_checkout_is_refused() -> None:
    from dockerlint.workspace.trust import UNTRUSTED

    code, _, said = check(TRIVY, trust=UNTRUSTED)
    assert (code, "--scan-report scan0.json: is in the checkout" in said) == (2, True)


def test_commands_are_suggested_for_images_where_no_report_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    out = io.StringIO()
    Path("evil.Dockerfile").write_text('FROM "a;reboot"\nFROM ${X}\n')
    run(Options(suggest_scan=True), out, io.StringIO())
    lines = out.getvalue().splitlines()
    first = lines.index("scan the images that these files name:")
    assert lines[first + 1] == "  trivy image --format json --output shop_web_1.4.scan.json shop/web:1.4"
    assert lines[-1] == (
        "then: dockerlint check --scan-report shop_web_1.4.scan.json --scan-report shop_db_2.0.scan.json"
    )
    assert "reboot" not in "".join(lines[first:])
    others = lines[lines.index("or, for each IMAGE and FILE of these:") + 1 : -1]
    assert [one.split()[0] for one in others] == ["grype", "docker", "snyk"]
    assert all("IMAGE" in one and "FILE" in one for one in others)
    Path("scan0.json").write_text(json.dumps(TRIVY))
    out = io.StringIO()
    run(Options(suggest_scan=True, scan_reports=("scan0.json",)), out, io.StringIO())
    assert "trivy image" not in out.getvalue()


@pytest.mark.parametrize(
    ("name", "step", "is_told"),
    [
        (".github/workflows/build.yml", "      - run: docker build .\n", True),
        (".github/workflows/build.yml", "      - uses: aquasecurity/trivy-action@0.28.0\n", False),
        (".github/workflows/build.yml", "      # - uses: aquasecurity/trivy-action@0.28.0\n", True),
        (".gitlab-ci.yml", "include:\n  - template: Jobs/Container-Scanning.gitlab-ci.yml\n", False),
        ("Jenkinsfile", "stage('scan') { sh 'grype shop/web' }\n", False),
        ("Jenkinsfile", "/* sh 'grype shop/web' */ sh 'docker build .'\n", True),
        (".circleci/config.yml", "    - run: snyk container test shop/web\n", False),
        ("azure-pipelines.yml", "- script: docker scout cves shop/web\n", False),
        ("README.md", "trivy\n", False),
    ],
)
def test_a_repository_whose_ci_scans_no_image_is_told_once(name: str, step: str, is_told: bool) -> None:
    from dockerlint.linting.selection import SelectionFlags

    Path(".git").mkdir()
    Path(".git/HEAD").write_text("ref: refs/heads/main\n")
    Path(".git/objects").mkdir()
    Path(".git/refs").mkdir()
    for one in ("api/Dockerfile", "web/Dockerfile", name):
        Path(one).parent.mkdir(parents=True, exist_ok=True)
        Path(one).write_text(step if one == name else "FROM shop/base:1.0\nUSER 1000\n")
    _, found, _ = check(paths=(".",), flags=SelectionFlags(profile="strict"))
    assert [key for key in found if key.startswith("no-image-scan")] == (
        ["no-image-scan-in-ci None"] if is_told else []
    )
