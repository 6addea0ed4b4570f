"""What the program says today about every fixture and every example of a rule, so that a change is seen.

    python tests/golden.py --write                        make the records of this folder anew
    python tests/golden.py FOLDER --record FILE --write   record a folder of your own: a public repository
    python tests/golden.py FOLDER --record FILE           exit status 1 where it is no longer so

A record holds, file by file, what `check --profile strict --format json` finds, a line each, a digest of
these findings as JSON with every field, and the difference that `fix --harden --diff` shows. A change that is
meant is committed with the record that it makes; its message says what changed and why.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dockerlint.run.examples import Example

ROOT = Path(__file__).parent.parent
RECORDS = Path(__file__).parent / "golden"
DAY = "2026-08-22"
"""The day on which everything is linted, so that an end of life does not change a record."""
PYTHON = os.environ.get("DOCKERLINT_PYTHON", sys.executable)
"""The Python whose dockerlint is asked: that of another environment has the wheel."""
NAMES = {
    "dockerfile": "Dockerfile",
    "compose": "compose.yaml",
    "inspect": "inspect.json",
    "run": "docker-run.sh",
    "daemon": "daemon.json",
}

# The day is set from outside, so that the record holds whatever module asks for it.
_ON_THE_DAY = f"""
import datetime
class Day(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromisoformat("{DAY}")
datetime.date = Day
from dockerlint.cli.main import main
main()
"""


def dockerlint(folder: Path, *arguments: str) -> str:
    """Standard output of a run in a folder on the fixed day; raises RuntimeError where it fails."""
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        [PYTHON, "-c", _ON_THE_DAY, *arguments, "--fail-on", "never", "--no-config", "."],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode not in (0, 2):  # 2: some of the fixtures are broken on purpose
        raise RuntimeError(done.stderr)
    return done.stdout


def record(folder: Path) -> str:
    """The record of a folder."""
    report = json.loads(
        dockerlint(folder, "check", "--profile", "strict", "--min-confidence", "low", "--format", "json")
    )
    by_path: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        by_path.setdefault(finding["path"], []).append(finding)
    lines = [line for path, found in sorted(by_path.items()) for line in _findings(path, found)]
    lines += ["", "## not linted", *(json.dumps(one, sort_keys=True) for one in report["problems"])]
    fixed = dockerlint(folder, "fix", "--harden", "--unproven", "--diff")
    lines += ["", "## fix --harden --unproven --diff", fixed]
    return "\n".join(lines)


def _findings(path: str, found: list[dict[str, Any]]) -> Iterator[str]:
    yield f"\n## {path}"
    for one in found:
        place = f"{one['line']}:{one['column']}-{one['end_line']}:{one['end_column']}"
        fix = f" [{one['fix'].get('tier')}] {one['fix'].get('title')}" if one["fix"] else ""
        yield f"{one['rule']} {one['severity']}/{one['confidence']} {place} {one['message']}{fix}"
    whole = json.dumps(found, sort_keys=True, ensure_ascii=False)
    yield f"sha256 of the JSON {hashlib.sha256(whole.encode('utf-8', 'surrogateescape')).hexdigest()}"


def themes() -> list[str]:
    """The names of the records: the fixtures, and each folder of rules."""
    return ["fixtures", *sorted({path.parent.name for path in (ROOT / "rules").glob("*/DK*.yaml")})]


def lay_out(theme: str, folder: Path) -> None:
    """Put the inputs of a theme into an empty folder: a folder for each example."""
    if theme == "fixtures":
        shutil.copytree(ROOT / "fixtures", folder / "fixtures")
        return
    from dockerlint.ruleset.bundle import load_examples
    from dockerlint.run.examples import read_examples

    examples = load_examples()
    for path in sorted((ROOT / "rules" / theme).glob("DK*.yaml")):
        rule = path.name.partition("-")[0]
        for one in read_examples(rule, examples.get(rule, ())):
            _write_example(one, folder / rule / f"{one.number}-{'bad' if one.flags else 'good'}")


def _write_example(example: Example, folder: Path) -> None:
    for name, text in {**example.files, NAMES[example.kind]: example.text}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")


def theme_record(theme: str) -> str:
    """The record of a theme as it is now."""
    with tempfile.TemporaryDirectory() as scratch:
        lay_out(theme, Path(scratch))
        return record(Path(scratch))


def difference(before: str, now: str) -> str:
    """What changed, at most the first hundred lines; "" where nothing did."""
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), "recorded", "now", n=1, lineterm="")
    return "\n".join(list(lines)[:100])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--record", type=Path, metavar="FILE", help="of FOLDER")
    parser.add_argument("--write", action="store_true", help="make the record instead of comparing with it")
    options = parser.parse_args()
    if (options.folder is None) != (options.record is None):
        parser.error("FOLDER and --record go together")
    wanted = (
        [(options.record, lambda: record(options.folder))]
        if options.folder
        else [(RECORDS / f"{theme}.txt", lambda theme=theme: theme_record(theme)) for theme in themes()]
    )
    changed = False
    for path, make in wanted:
        now = make()
        if options.write:
            path.write_text(now, encoding="utf-8")
        elif found := difference(path.read_text("utf-8"), now):
            changed = True
            print(f"{path.name}:\n{found}")
    return int(changed)


if __name__ == "__main__":
    sys.exit(main())
