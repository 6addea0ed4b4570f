"""Writes into docs/rules.md everything that a rule may name, as `dockerlint rules facts` knows it.

python tests/rules_page.py --write     make the page anew
python tests/rules_page.py             exit status 1 where it is no longer so
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dockerlint.cli.rules.rulefacts import MORE_LISTS, chapter_title, chapters, shown_words
from dockerlint.data import extendable
from dockerlint.ruleset.bundle import load_bundle
from dockerlint.ruleset.fields import kinds
from dockerlint.ruleset.grammar import OPERATORS
from dockerlint.ruleset.vocabulary import Vocabulary, node_names, values, vocabulary

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"

_MADE = re.compile(r"(?<=<!-- made: )(\w+) -->\n.*?(?=<!-- /made -->)", re.DOTALL)


def page() -> str:
    """The page as it has to be now."""
    made = {"operators": _operators, "names": _names}
    return _MADE.sub(
        lambda found: f"{found[1]} -->\n" + "".join(f"{line}\n" for line in made[found[1]]()),
        PAGE.read_text("utf-8"),
    )


def _operators() -> Iterator[str]:
    yield from ("| operator | takes | holds when | example |", "|---|---|---|---|")
    for name, one in OPERATORS.items():
        yield _row(f"`{name}`", one.takes, one.holds, f"`{one.example}`")


def _names() -> Iterator[str]:
    yield from ("## Lists of words", "", "| list | words |", "|---|---|")
    words: dict[str, list[Any]] = load_bundle()["words"]
    yield from (_row(f"`${name}`", shown_words(listed)) for name, listed in words.items())
    yield from ("", f"## {MORE_LISTS}", "", "| list | words |", "|---|---|")
    ours = extendable().items()
    yield from (_row(f"`{name}`", shown_words(listed)) for name, listed in ours if name not in words)
    nodes = [vocabulary(name) for name in node_names()]
    for files in chapters(nodes):
        yield from ("", f"## {chapter_title(files)}")
        for node in nodes:
            if node.files == files:
                yield from _section(node)
    yield from ("", "## Values that fields have")
    for name in values():
        yield from _section(vocabulary(name))


def _section(node: Vocabulary) -> Iterator[str]:
    yield from ("", f"### {node.name}", "", node.about)
    if node.around:
        yield f"Stands in: {', '.join(f'`{one}`' for one in node.around)}."
    general = _general(node.name)
    if general:
        yield f"Has the fields of `{general}` too."
    shared = {one.name for one in vocabulary(general).fields} if general else set()
    own = [one for one in node.fields if one.name not in shared]
    if own:
        yield from ("", "| field | type | |", "|---|---|---|")
        yield from (_row(f"`{one.name}`", one.type, one.about) for one in own)


def _general(name: str) -> str:
    """The kind that a kind of node is a special case of; "" for none."""
    for cls in kinds().get(name, ()):
        if cls.KINDS[-1] == name and len(cls.KINDS) > 1:
            return str(cls.KINDS[-2])
    return ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    return int(page() != PAGE.read_text("utf-8"))


if __name__ == "__main__":
    sys.exit(main())
