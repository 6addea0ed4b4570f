"""Compose texts inside of Go tests, each as a project of its own for `resolved.py`.

    python benchmarks/resolved_texts.py CHECKOUT FOLDER

CHECKOUT is one of compose-spec/compose-go. A test that merges two texts becomes a file and its override, any
other text a file; what the tests read beside them (`testdata`, `*.env`) is linked into the project.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("loader", "loader/tests", "override")
_TEST = re.compile(r"^func (Test\w+)\(.*?^}", re.DOTALL | re.MULTILINE)
_TEXT = re.compile(r"`([^`]*)`")
_COMPOSE = re.compile(
    r"^[ \t]*(?:services|include|networks|volumes|name|configs|secrets)[ \t]*:", re.MULTILINE
)
_MERGES = re.compile(r"assertMerge|override|Override|MultipleFiles|\.Merge\(")


def cases(source: str) -> Iterator[tuple[str, list[str]]]:
    """The name of each test, and its Compose texts."""
    for test in _TEST.finditer(source):
        texts = [dedented(text) for text in _TEXT.findall(test[0]) if _COMPOSE.search(text)]
        if len(texts) > 1 and _MERGES.search(test[0]):
            yield test[1], texts[:2]
        for number, text in enumerate(texts):
            yield f"{test[1]}-{number}", [text]


def dedented(text: str) -> str:
    """Go's tests are indented by tabs, and some texts with them."""
    lines = text.replace("\t", "  ").strip("\n").split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines).rstrip() + "\n"


def write(checkout: Path, into: Path) -> int:
    """Write all projects; how many there are."""
    count = 0
    for folder in FOLDERS:
        for file in sorted((checkout / folder).glob("*_test.go")):
            for name, texts in cases(file.read_text("utf-8")):
                place = into / f"{folder.replace('/', '-')}-{file.stem.removesuffix('_test')}" / name
                place.mkdir(parents=True, exist_ok=True)
                for kind, text in zip(("compose.yaml", "compose.override.yaml"), texts, strict=False):
                    (place / kind).write_text(text, "utf-8")
                for beside in (checkout / folder).iterdir():
                    if beside.name == "testdata" or beside.suffix in (".env", ".label"):
                        (place / beside.name).symlink_to(beside.absolute())
                count += 1
    return count


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), Path(sys.argv[2])), "projects")
