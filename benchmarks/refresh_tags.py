"""Rewrite rules/images/tags.yaml from a checkout of github.com/docker-library/official-images.

    python benchmarks/refresh_tags.py ../official-images 2026-08-22

The date is the day of the checkout. A line holds the tags that name one and the same image; images for
Windows are left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "rules" / "images" / "tags.yaml"

HEADER = """\
# The tags of Docker's official images on {day}; those on one line name the same image. Windows left out.
# Rewritten by benchmarks/refresh_tags.py from library/ of the source (Apache-2.0).
source: https://github.com/docker-library/official-images
date: "{day}"
images:
"""
_FIELD = re.compile(r"^(\w+): (.*)$", re.MULTILINE)


def main(checkout: Path, day: date) -> None:
    """Write the table."""
    pages = sorted(page for page in (checkout / "library").iterdir() if page.is_file())
    TARGET.write_text(
        HEADER.format(day=day) + "".join(text for page in pages for text in image(page)), encoding="utf-8"
    )


def image(page: Path) -> Iterator[str]:
    """One image as a block of lines; nothing where it has no tags."""
    lines = [" ".join(tags) for tags in entries(page.read_text(encoding="utf-8"))]
    if lines:
        yield f"  {page.name}: |\n" + "".join(f"    {line}\n" for line in lines)


def entries(text: str) -> Iterator[list[str]]:
    """The tags of each entry of a file of library/, the shared ones behind its own."""
    for block in text.split("\n\n"):
        fields = dict(_FIELD.findall(block))
        if "Tags" in fields and "windows" not in fields.get("Architectures", ""):
            yield [
                tag.strip()
                for name in ("Tags", "SharedTags")
                for tag in fields.get(name, "").split(",")
                if tag.strip()
            ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
