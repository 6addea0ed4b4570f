"""Does Compose still take every project that `dockerlint fix --harden` went over, with nothing else changed?

    python benchmarks/harden_projects.py --cache FOLDER [--unproven] CORPUS…

Copies each CORPUS (a folder, such as a checkout of docker/awesome-compose) into the cache, asks `docker
compose config` about every project there as `resolved.py` does, hardens the whole copy in one run, and asks
again. Prints for each corpus how many projects Compose took before and refuses now, how many changed, in
which keys, and every key that no fix means to change. Exit code 1 where there is any of these.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, os.path.dirname(__file__))

from fix_corpus import WRITTEN
from resolved import Judge, Named, projects_of

Config = dict[str, Any]


class Change(NamedTuple):
    """What became of a project that Compose took before."""

    project: Named
    refusal: str
    """Why Compose refuses it now; "" where it does not."""
    keys: frozenset[tuple[str, ...]]
    """Where its configuration is another one: `("services", "web", "cap_drop")`."""

    @property
    def strays(self) -> list[str]:
        """The places that no fix means to change."""
        return sorted(".".join(key) for key in self.keys if not WRITTEN.intersection(key[:3:2]))


def hardened(corpus: Path, cache: Path, flags: list[str]) -> Iterator[Change]:
    """What hardening all of a corpus does to its projects. Raises SystemExit where the run itself fails."""
    copy, judge = cache / "copies" / corpus.name, Judge(cache)
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(corpus, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    projects = list(projects_of(copy))
    before = {project: config for project in projects if isinstance(config := judge.says(project), dict)}
    fix = [sys.executable, "-m", "dockerlint", "fix", "--harden", *flags]
    done = subprocess.run(
        [*fix, "--no-config", "--no-default-excludes", "--fail-on", "never", "."],
        cwd=copy,
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 2):
        raise SystemExit(f"{corpus}: {done.stderr[-2000:]}")
    print(corpus.name)
    for project, config in before.items():
        after = judge.says(project)
        if isinstance(after, str):
            yield Change(project, after, frozenset())
        else:
            yield Change(project, "", frozenset(changed(config, after)))


def changed(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where two configurations part, down to the keys of a service."""
    if before == after:
        return
    if len(path) < 3 and isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            yield from changed(before.get(key), after.get(key), (*path, key))
    else:
        yield path


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--unproven", action="store_true", help="also what nobody has tried")
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    said = parser.parse_args()
    is_bad = False
    for corpus in said.corpora:
        changes = list(hardened(corpus, said.cache.absolute(), ["--unproven"] if said.unproven else []))
        is_bad = report(changes) or is_bad
    return 1 if is_bad else 0


def report(changes: list[Change]) -> bool:
    """Print what happened to the projects of a corpus; whether any of it must not be."""
    refused = [one for one in changes if one.refusal]
    strays = [one for one in changes if one.strays]
    keys = Counter(key for one in changes for key in {".".join(place[2:3]) for place in one.keys})
    print(
        f"  {len(changes)} accepted before, {len(refused)} refused now, "
        f"{sum(bool(one.keys) for one in changes)} changed, {len(strays)} elsewhere"
    )
    print("  " + ", ".join(f"{key or '(top)'} {count}" for key, count in keys.most_common()))
    for one in refused:
        print(f"  refused: {one.project}: {one.refusal}")
    for one in strays:
        print(f"  elsewhere: {one.project}: {', '.join(one.strays)}")
    return bool(refused or strays)


if __name__ == "__main__":
    sys.exit(main())
