"""Draw the session of the README as a terminal shows it: `picture.py > docs/session.svg`."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from dockerlint.run.check import Options, run

ROOT = Path(__file__).parent.parent
COMMAND = "dockerlint check fixtures/sample/compose.yaml"
WIDTH = 118
"""Columns; longer lines are cut."""
LINE, LETTER, MARGIN = 17, 7.25, 14
COLOURS = {
    "1;31": "#ff6b6b",
    "31": "#ff8f8f",
    "33": "#e6c35c",
    "36": "#6cc7c7",
    "2": "#8b949e",
    "1": "#ffffff",
}
PIECE = re.compile(r"\x1b\[([\d;]*)m([^\x1b]*)")
SECONDS = re.compile(r"\(\d+(?:\.\d+)? m?s\)")


class Screen(io.StringIO):
    """A terminal, as far as the program asks."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def session() -> list[str]:
    """What the program prints; how long it took is no part of the picture."""
    os.chdir(ROOT)
    os.environ.pop("NO_COLOR", None)
    os.environ["TERM"] = "xterm"
    screen = Screen()
    run(Options(paths=("fixtures/sample/compose.yaml",)), screen, io.StringIO())
    return [f"$ {COMMAND}", *SECONDS.sub("", screen.getvalue()).splitlines()]


def pieces(line: str) -> Iterator[tuple[str, str]]:
    """The colour and the text of each piece of a line, as far as it fits."""
    left = WIDTH
    for code, text in PIECE.findall(f"\x1b[0m{line}"):
        if text[:left]:
            yield COLOURS.get(code, "#d0d7de"), text[:left]
        left = max(left - len(text), 0)


def _kept(text: str) -> str:
    """Text whose blanks stay as many as they are."""
    return escape(text).replace(" ", "\u00a0")


def drawing(lines: list[str]) -> Iterator[str]:
    width, height = round(WIDTH * LETTER + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    yield f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img">'
    yield f"<title>{escape(COMMAND)}</title>"
    yield f'<rect width="{width}" height="{height}" rx="8" fill="#161b22"/>'
    yield '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">'
    for number, line in enumerate(lines, 1):
        spans = "".join(f'<tspan fill="{fill}">{_kept(text)}</tspan>' for fill, text in pieces(line))
        yield f'<text x="{MARGIN}" y="{MARGIN + number * LINE - 5}">{spans}</text>'
    yield "</g></svg>"


if __name__ == "__main__":
    print("\n".join(drawing(session())))
