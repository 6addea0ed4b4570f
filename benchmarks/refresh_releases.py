"""Rewrite rules/images/releases.yaml from a checkout of github.com/endoflife-date/endoflife.date.

    python benchmarks/refresh_releases.py ../endoflife.date 2026-08-22

The date is the day of the checkout. Only facts are taken over: release lines, the day support ends, the
newest version, and the images that carry them. Images that the table names already stay in it: of operating
systems the source names none.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dockerlint.yaml.tree import load_plain

TARGET = Path(__file__).resolve().parent.parent / "rules" / "images" / "releases.yaml"

FREE_LONG_TERM_SUPPORT = frozenset({"debian"})
"""Products whose long-term support is open to all, so that an image on it still gets its fixes."""

OTHERS = frozenset({"openjdk-builds-from-oracle"})
"""Products that the source ties to an image built from something else: `openjdk` was never Oracle's."""

HEADER = """\
# Release lines of products that come as images: facts of https://endoflife.date (MIT), as of {day}.
# Rewritten by benchmarks/refresh_releases.py. `end`: first day without fixes; true: ended, nobody says when.
source: https://github.com/endoflife-date/endoflife.date
licence: MIT
date: "{day}"
products:
"""


def main(checkout: Path, day: date) -> None:
    """Write the table; products without images are left out."""
    pages = sorted((checkout / "products").glob("*.md"))
    kept = _images_of_the_table()
    products = [text for page in pages for text in _product(page, kept.get(page.stem, []), day)]
    TARGET.write_text(HEADER.format(day=day) + "".join(products), encoding="utf-8")


def _images_of_the_table() -> dict[str, list[str]]:
    data, _, _ = load_plain(TARGET.read_text(encoding="utf-8") if TARGET.exists() else "")
    products = data.get("products") if isinstance(data, dict) else None
    return (
        {name: product["images"] for name, product in products.items()} if isinstance(products, dict) else {}
    )


def _front_matter(page: Path) -> dict[str, Any]:
    data, _, problems = load_plain(page.read_text(encoding="utf-8").split("\n---", 1)[0] + "\n")
    if problems or not isinstance(data, dict):
        raise SystemExit(f"{page}: {problems[0].message if problems else 'no front matter'}")
    return data


def _product(path: Path, kept: list[str], day: date) -> Iterator[str]:
    page = _front_matter(path)
    named = {image for one in page.get("identifiers") or () for image in _image(one.get("purl", ""))}
    images = sorted(named.union(kept))
    if not images or path.stem in OTHERS:
        return
    yield f"  {path.stem}:\n    title: {json.dumps(page['title'], ensure_ascii=False)}\n"
    yield f"    images: [{', '.join(images)}]\n    releases:\n"
    for release in page.get("releases") or ():
        yield f"      - {{{', '.join(_release(release, path.stem, day))}}}\n"


def _image(purl: str) -> Iterator[str]:
    """`pkg:docker/library/node` → node; `pkg:docker/org/name?repository_url=host` → host/org/name."""
    kind, _, rest = purl.partition("/")
    if kind not in ("pkg:docker", "pkg:oci") or "{" in rest or "__" in rest:
        return
    path, _, query = rest.partition("?")
    options = dict(pair.partition("=")[::2] for pair in query.split("&"))
    host = options.get("repository_url", "").replace("%2F", "/")
    path = path.partition("@")[0].removeprefix("library/")
    if kind == "pkg:oci" and not host:
        return
    yield host if host.endswith("/" + path) else f"{host}/{path}" if host else path


def _release(release: dict[str, Any], product: str, day: date) -> Iterator[str]:
    end = release.get("eol", False)
    if product in FREE_LONG_TERM_SUPPORT:
        end = release.get("eoes", end)
    yield f'line: "{release["releaseCycle"]}"'
    if end is not False:
        yield f"end: {'true' if end is True else json.dumps(str(end))}"
    has_ended = end is True or (end is not False and str(end) <= str(day))
    if release.get("latest") and not has_ended:
        yield f"latest: {json.dumps(str(release['latest']))}"
    lts = release.get("lts", False)
    if lts is True or (lts and str(lts) <= str(day)):
        yield "lts: true"
    if release.get("codename"):
        yield f"codename: {str(release['codename']).split()[0].lower()}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
