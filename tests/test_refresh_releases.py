"""The script that rewrites the table of release lines, on a checkout of three products."""

from __future__ import annotations

from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
DAY = date(2026, 8, 22)
PAGES = {
    "nodejs": """\
---
title: Node.js
identifiers:
  - purl: pkg:docker/library/node
releases:
  - {releaseCycle: "26", eol: 2029-04-30, lts: 2026-10-20, latest: "26.1.0"}
  - {releaseCycle: "24", eol: 2028-04-30, lts: 2025-10-28, latest: "24.9.0"}
  - {releaseCycle: "16", eol: 2023-09-11, lts: 2021-10-26, latest: "16.20.2"}
---
Prose: that is [not taken over].
""",
    "debian": """\
---
title: Debian
releases:
  - {releaseCycle: "11", codename: Bullseye, eol: 2024-08-14, eoes: 2026-08-31, latest: "11.11"}
---
""",
    "palm": "---\ntitle: Palm OS\nreleases:\n  - {releaseCycle: '5', eol: true}\n---\n",
}
TABLE = """\
# Release lines of products that come as images: facts of https://endoflife.date (MIT), as of 2026-08-22.
# Rewritten by benchmarks/refresh_releases.py. `end`: first day without fixes; true: ended, nobody says when.
source: https://github.com/endoflife-date/endoflife.date
licence: MIT
date: "2026-08-22"
products:
  debian:
    title: "Debian"
    images: [debian]
    releases:
      - {line: "11", end: "2026-08-31", latest: "11.11", codename: bullseye}
  nodejs:
    title: "Node.js"
    images: [node]
    releases:
      - {line: "26", end: "2029-04-30", latest: "26.1.0"}
      - {line: "24", end: "2028-04-30", latest: "24.9.0", lts: true}
      - {line: "16", end: "2023-09-11", lts: true}
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = spec_from_file_location("refresh_releases", ROOT / "benchmarks" / "refresh_releases.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TARGET", tmp_path / "releases.yaml")
    (tmp_path / "products").mkdir()
    for name, text in PAGES.items():
        (tmp_path / "products" / f"{name}.md").write_text(text, encoding="utf-8")
    return module


def test_lines_support_and_versions_are_taken_over_and_names_of_images_kept(
    script: ModuleType, tmp_path: Path
) -> None:
    target = tmp_path / "releases.yaml"
    target.write_text("products:\n  debian:\n    images: [debian]\n    releases: []\n", encoding="utf-8")
    script.main(tmp_path, DAY)
    assert target.read_text(encoding="utf-8") == TABLE


def test_a_second_time_changes_nothing(script: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "releases.yaml"
    target.write_text(TABLE, encoding="utf-8")
    script.main(tmp_path, DAY)
    assert target.read_text(encoding="utf-8") == TABLE


def test_a_page_that_cannot_be_read_is_named_and_nothing_written(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "products" / "broken.md").write_text("---\nreleases: [\n---\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"broken\.md"):
        script.main(tmp_path, DAY)
    assert not (tmp_path / "releases.yaml").exists()
