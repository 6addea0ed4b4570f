"""Fix copies of real files and say what became of them.

    python benchmarks/fix_corpus.py FOLDER…              figures for each folder, and for all
    python benchmarks/fix_corpus.py --diffs 20 FOLDER…   so many random differences of each, to be read

Every file is fixed twice over, with safe fixes and with `--harden`. Nothing in FOLDER is written; a folder
without Dockerfiles or Compose files by name is read file by file, each by its text. A fixed file counts as

* damaged when it could be read before and cannot be read afterwards (Dockerfiles: by BuildKit's own parser,
  the package `dockerfile`),
* refused by the schema when a Compose file fitted the official one before, as `check-jsonschema` ships it,
* changed elsewhere when a Compose file says something else than before under a key that no fix writes,
* not idempotent when a second run changes it again.

Exit code 1 if there is any of these.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from dockerlint.findings import Tier
from dockerlint.fixing.folder import folder_of
from dockerlint.fixing.results import Result
from dockerlint.linting.selection import SelectionFlags
from dockerlint.report.fixes.text import difference
from dockerlint.run.file import FileLinter, kind_of
from dockerlint.text import Source, decode
from dockerlint.workspace.discovery import discover
from dockerlint.workspace.door import Unreadable, read_bytes
from dockerlint.yaml.comparison import differences
from dockerlint.yaml.tree import load_plain

JUDGE = FileLinter(SelectionFlags())
WRITTEN = {
    *("image", "ports", "user", "read_only", "tmpfs", "cap_add", "cap_drop", "security_opt", "healthcheck"),
    *("mem_limit", "cpus", "pids_limit", "deploy", "environment", "secrets", "version"),
}
"""The keys of a Compose file that fixes write."""


class Tally(NamedTuple):
    """What happened at one tier."""

    files: Counter[str]
    fixed: Counter[str]
    left: Counter[str]
    withheld: Counter[str]
    refused: Counter[str]
    trouble: Counter[str]

    def add(self, other: Tally) -> None:
        for mine, theirs in zip(self, other, strict=True):
            mine.update(theirs)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--diffs", type=int, default=0, metavar="N", help="print N random differences")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    options = parser.parse_args(words)
    if options.diffs:
        for folder in options.folders:
            print_differences(folder, options.diffs, random.Random(options.seed))
        return 0
    bad = 0
    for least in (Tier.SAFE, Tier.HARDEN):
        whole, began = empty(), time.perf_counter()
        for folder in options.folders:
            tally = fix_folder(folder, least)
            print(f"{least!s:7} {line(tally)}  {folder}")
            whole.add(tally)
        report(least, whole, time.perf_counter() - began)
        bad += whole.trouble.total()
    return 1 if bad else 0


def empty() -> Tally:
    return Tally(*(Counter() for _ in Tally._fields))


def fix_folder(folder: str, least: Tier) -> Tally:
    tally = empty()
    for source, kind in read_files(folder):
        tally.files[kind] += 1
        fix_one(source, kind, least, tally)
    return tally


def read_files(folder: str) -> Iterator[tuple[Source, str]]:
    """Every readable file of a kind that can be fixed, by its name or else by its text."""
    named = list(discover([folder], None, lambda path, is_folder: False))
    if not named and os.path.isdir(folder):
        inside = [os.path.join(folder, one) for one in sorted(os.listdir(folder))]
        named = list(discover(inside, None, lambda *_: False))
    for candidate in named:
        try:
            source = decode(read_bytes(candidate.path), candidate.path)
            yield source, kind_of(candidate, source.text)
        except Unreadable:
            continue


def fix_one(source: Source, kind: str, least: Tier, tally: Tally) -> None:
    result = JUDGE.fix(source, kind, least, folder_of(source.path))
    count(result, tally)
    if result.text == source.text:
        return
    tally.files["changed"] += 1
    trouble = list(wrong(source.text, result.text, kind))
    written = Source(source.path, result.text, source.encoding)
    again = JUDGE.fix(written, kind, least, folder_of(source.path))
    if again.text != result.text:
        trouble.append("not idempotent")
    for one in trouble:
        tally.trouble[one.partition(":")[0]] += 1
        print(f"{one}: {source.path}")


def count(result: Result, tally: Tally) -> None:
    tally.fixed.update(one.finding.rule.id for one in result.applied)
    tally.left.update(one.rule.id for one in result.left)
    tally.withheld.update(f"{one.finding.rule.id}: {one.refusal.reason}" for one in result.withheld)
    tally.refused.update(f"{one.rule.id}: {one.unfixed.reason}" for one in result.left if one.unfixed)


def wrong(before: str, after: str, kind: str) -> Iterator[str]:
    """What a changed file is that it must not be."""
    if kind == "dockerfile":
        if reads_dockerfile(before) and not reads_dockerfile(after):
            yield "damaged"
        return
    old, new = load_plain(before), load_plain(after)
    if new[2] and not old[2]:
        yield "damaged"
    if fits_schema(old[0]) and not fits_schema(new[0]):
        yield "refused by the schema"
    for path in differences(old[0], new[0]):
        if not WRITTEN.intersection(path[:4]):
            yield f"changed elsewhere: {'.'.join(map(str, path))}"


def reads_dockerfile(text: str) -> bool:
    """Whether BuildKit's own parser reads it."""
    import dockerfile

    try:
        dockerfile.parse_string(text)
    except (dockerfile.GoParseError, dockerfile.GoIOError):
        return False
    return True


def fits_schema(data: Any) -> bool:
    return bool(compose_schema().is_valid(data))


@cache
def compose_schema() -> Any:
    from jsonschema import Draft202012Validator

    # The schema says where unknown keys of a service are forbidden with a word of 2020-12.
    schema = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"
    return Draft202012Validator(json.loads(schema.read_text("utf-8")))


def line(tally: Tally) -> str:
    """The figures of one folder."""
    fixed, left, changed = tally.fixed.total(), tally.left.total(), tally.files["changed"]
    return (
        f"{tally.files.total() - changed:5} files {changed:5} changed {fixed:6} fixed {left:6} left "
        f"{share(tally):4.0%} {tally.withheld.total():4} withheld {tally.trouble.total():3} bad"
    )


def share(tally: Tally) -> float:
    return tally.fixed.total() / max(tally.fixed.total() + tally.left.total(), 1)


def report(least: Tier, tally: Tally, seconds: float) -> None:
    print(f"{least!s:7} {line(tally)}  all, in {seconds:.0f} s")
    print(f"  {dict(tally.trouble) or 'no file damaged, none changed elsewhere, none by a second run'}")
    for name in ("fixed", "left", "refused", "withheld"):
        rows = getattr(tally, name).most_common(30)
        print(f"  {name}: " + (", ".join(f"{key} {number}" for key, number in rows) or "none"))


def print_differences(folder: str, number: int, chance: random.Random) -> None:
    """Random files of a folder that `--harden` changes, as differences."""
    sources = list(read_files(folder))
    chance.shuffle(sources)
    for source, kind in sources:
        folder = folder_of(source.path)
        result = JUDGE.fix(source, kind, Tier.HARDEN, folder)
        if result.applied:
            told = difference(source.path, source, result, folder.plans(result.files))
            print("=" * 100 + f"\n{source.path}\n" + told)
            number -= 1
        if not number:
            return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
