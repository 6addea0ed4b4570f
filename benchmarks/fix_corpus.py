"""Fix copies of real files and say what became of them.

    python benchmarks/fix_corpus.py FOLDER…

Every file is fixed twice over, with safe fixes and with `--harden`. A file is damaged when the official
parser read it before and does not read it afterwards (Dockerfiles: the package `dockerfile`), and it is not
idempotent when a second run changes it again. Nothing in FOLDER is written. Exit code 1 if there is either.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dockerlint.files import Unreadable, discover, read_bytes
from dockerlint.findings import Tier
from dockerlint.fix.rounds import Result
from dockerlint.judge import Judge, kind_of
from dockerlint.selection import Wishes
from dockerlint.text import Source, decode


class Tally(NamedTuple):
    """What happened at one tier."""

    fixed: Counter[str]
    withheld: Counter[str]
    refused: Counter[str]
    left: Counter[str]
    trouble: Counter[str]


def main(folders: list[str]) -> int:
    sources = list(read_files(folders))
    bad = 0
    for least in (Tier.SAFE, Tier.HARDEN):
        began = time.perf_counter()
        tally = Tally(Counter(), Counter(), Counter(), Counter(), Counter())
        for source, kind in sources:
            fix_one(source, kind, least, tally)
        report(least, tally, len(sources), time.perf_counter() - began)
        bad += tally.trouble.total()
    return 1 if bad else 0


def read_files(folders: list[str]) -> Iterator[tuple[Source, str]]:
    """Every readable file of a kind that can be fixed, by its name or else by its text."""
    for folder in folders:
        named = list(discover([folder], None, lambda path, is_folder: False))
        if not named and os.path.isdir(folder):
            named = list(
                discover(
                    [os.path.join(folder, one) for one in sorted(os.listdir(folder))], None, lambda *_: False
                )
            )
        for candidate in named:
            try:
                source = decode(read_bytes(candidate.path), candidate.path)
                yield source, kind_of(candidate, source.text)
            except Unreadable:
                continue


JUDGE = Judge(Wishes())


def fix_one(source: Source, kind: str, least: Tier, tally: Tally) -> None:
    result = JUDGE.mend(source, kind, least)
    count(result, least, tally)
    if result.text == source.text:
        return
    reads = READERS[kind]
    if reads(source.text) and not reads(result.text):
        tally.trouble["damaged"] += 1
        print(f"damaged: {source.path}")
    again = JUDGE.mend(Source(source.path, result.text, source.encoding), kind, least)
    if again.text != result.text:
        tally.trouble["not idempotent"] += 1
        print(f"not idempotent: {source.path}")


def count(result: Result, least: Tier, tally: Tally) -> None:
    tally.fixed.update(one.finding.rule.id for one in result.applied)
    tally.withheld.update(f"{one.finding.rule.id}: {one.reason}" for one in result.withheld)
    tally.left.update(one.rule.id for one in result.left)
    tally.refused.update(f"{one.rule.id}: {one.unfixed}" for one in result.left if one.unfixed)


def reads_dockerfile(text: str) -> bool:
    """Whether BuildKit's own parser reads it."""
    import dockerfile

    try:
        dockerfile.parse_string(text)
    except (dockerfile.GoParseError, dockerfile.GoIOError):
        return False
    return True


def reads_yaml(text: str) -> bool:
    from ruamel.yaml import YAML, YAMLError

    try:
        list(YAML(typ="safe").load_all(text))
    except (YAMLError, ValueError):
        return False
    return True


READERS: dict[str, Callable[[str], bool]] = {"dockerfile": reads_dockerfile, "compose": reads_yaml}


def report(least: Tier, tally: Tally, files: int, seconds: float) -> None:
    fixed, left = tally.fixed.total(), tally.left.total()
    share = fixed / max(fixed + left, 1)
    print(f"\n{least}: {files} files in {seconds:.1f} s, {fixed} fixed, {left} left ({share:.0%} fixed)")
    print(f"  {dict(tally.trouble) or 'no file damaged, none changed by a second run'}")
    for name, counter in (
        ("fixed", tally.fixed),
        ("left", tally.left),
        ("refused", tally.refused),
        ("withheld", tally.withheld),
    ):
        print(
            f"  {name}: "
            + (", ".join(f"{key} {number}" for key, number in counter.most_common(25)) or "none")
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
