#!/usr/bin/env python3
"""Every output format of one run over many files: valid for who reads it, and no larger than it may be.

usage: formats.py [--files N]

The files have all kinds of names, some are broken, too large or not UTF-8. Exit status 1 where a format is
not valid or too large.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import test_report_formats as readers
from jsonschema import Draft7Validator, Draft202012Validator
from test_report_sarif import RUN

from dockerlint.report import FORMATS
from dockerlint.workspace.door import LARGEST

SCHEMA: Final = Path(__file__).parent.parent / "docs" / "report.schema.json"
DOCKERFILE = """\
FROM node:latest
RUN apt-get update && apt-get install curl
ADD . /app
EXPOSE 22
CMD node server.js
"""
COMPOSE = """\
services:
  web:
    image: nginx
    privileged: true
    ports: ["80:80", "22:22"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: hunter2345}
"""
NAMES = (
    "plain",
    "with blank",
    "ümlaut",
    "a&b<c>",
    "quo'te\"",
    "per%20cent",
    "hash#",
    "-dash",
    "com,ma",
    "x" * 120,
)
MEGABYTE = 1_000_000
MOST: Final = {"markdown": MEGABYTE, "junit": 30 * MEGABYTE, "html": 26 * MEGABYTE, "gitlab": 50 * MEGABYTE}
"""Bytes that readers take, where they say so; the others may have `A_FILE` for each file."""
A_FILE = 40_000
_NOTICE = re.compile(r"::(error|warning|notice|debug|group|endgroup)[ :].*")
_VOID = frozenset(("meta", "link", "br", "hr", "input", "img"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=1_000, help="files of the run (default 1000)")
    count = parser.parse_args().files
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        project, reports = Path(scratch) / "project", Path(scratch) / "reports"
        make(project, count)
        took = run(project, reports)
        print(f"{count} files, {len(FORMATS)} formats at once: {took:.1f} s")
        for name in FORMATS:
            trouble = trouble_of(name, (reports / name).read_bytes(), count)
            size = (reports / name).stat().st_size
            print(f"  {name:11} {size / MEGABYTE:7.2f} MB   {trouble or 'valid'}")
            wrong += bool(trouble)
    return int(wrong > 0)


def make(project: Path, count: int) -> None:
    """Files of all kinds in a repository."""
    (project / ".git").mkdir(parents=True)
    (project / ".git/HEAD").write_text("ref: refs/heads/main\n")
    for number in range(count):
        folder = project / f"{NAMES[number % len(NAMES)]}{number}"
        folder.mkdir()
        is_compose = number % 2
        text = (COMPOSE if is_compose else DOCKERFILE).encode()
        if number % 50 == 0:
            text = text.replace(b"node", b"n\xf6de").replace(b"nginx", b"ngin\xff")
        elif number % 97 == 0:
            text += b"#" * LARGEST
        elif number % 31 == 0:
            text = text.replace(b"web:", b"web: [").replace(b"FROM", b"FORM")
        (folder / ("compose.yaml" if is_compose else "Dockerfile")).write_bytes(text)


def run(project: Path, reports: Path) -> float:
    """Seconds that one run takes to write every format into a folder."""
    formats = [word for name in FORMATS for word in ("--format", f"{name}:{reports / name}")]
    began = time.perf_counter()
    command = [sys.executable, "-m", "dockerlint", "check", ".", "--quiet", *formats]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    if not reports.is_dir() or "internal error" in done.stderr:
        raise SystemExit(done.stderr)
    return time.perf_counter() - began


def trouble_of(name: str, data: bytes, count: int) -> str:
    """Why a reader would refuse a report; "" where it would not."""
    if b"hunter2345" in data:
        return "it shows a secret"
    if len(data) > (most := MOST.get(name, A_FILE * count)):
        return f"larger than {most / MEGABYTE:.0f} MB"
    try:
        CHECKS.get(name, _is_told)(data.decode())
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:300]}"
    return ""


def _json(text: str) -> None:
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(text))


def _jsonl(text: str) -> None:
    entries = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(one, dict) and one for one in entries)
    assert entries


def _sarif(text: str) -> None:
    for one in json.loads(text)["runs"]:
        Draft7Validator(RUN).validate(one)


def _github(text: str) -> None:
    lines = text.splitlines()
    assert lines
    assert all(_NOTICE.fullmatch(line) for line in lines if line.startswith("::"))


def _html(text: str) -> None:
    page = _Page()
    page.feed(text)
    page.close()
    assert not page.open, page.open
    assert "Content-Security-Policy" in text


class _Page(HTMLParser):
    """Holds the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None: ...

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag


def _is_told(text: str) -> None:
    assert text.strip()
    assert "\x1b" not in text


def _reader(name: str) -> Callable[[str], None]:
    return lambda text: readers.check(name, text)


CHECKS: Final[dict[str, Callable[[str], None]]] = {
    "json": _json,
    "jsonl": _jsonl,
    "sarif": _sarif,
    "github": _github,
    "html": _html,
    **{name: _reader(name) for name in readers.ALL},
}

if __name__ == "__main__":
    sys.exit(main())
