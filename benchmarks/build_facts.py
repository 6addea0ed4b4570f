"""Write all of rules/images as one bundle, for `dockerlint facts update` on machines that keep their release.

    python benchmarks/refresh_releases.py ../endoflife.date 2026-11-28
    python benchmarks/refresh_tags.py ../official-images 2026-11-28
    python benchmarks/build_facts.py dockerlint-facts.json

Prints the command that takes the bundle. The same files of rules/images give the same bytes. The order of
keys is that of the files: of patterns of tags, the first that fits counts.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from dockerlint.ruleset.documents.imagedocs import read_sources
from dockerlint.ruleset.stored.bundle import BUNDLE_FORMAT

RULES = Path(__file__).resolve().parent.parent / "rules"


def main(target: Path, rules: Path = RULES) -> str:
    """Write the bundle; gives its SHA-256."""
    bundle = {"format": BUNDLE_FORMAT, **read_sources(str(rules))}
    data = json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    target.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    print(f"dockerlint facts update {sys.argv[1]} --sha256 {main(Path(sys.argv[1]))}")
