"""The program's own modules as trees, for tests that say what may stand in them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "dockerlint"


@cache
def nodes() -> dict[str, tuple[ast.AST, ...]]:
    """Path of each module below the package to all that stands in it, itself first; read once for all."""
    return {
        path.relative_to(PACKAGE).as_posix(): tuple(ast.walk(ast.parse(path.read_text("utf-8"))))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def statements() -> dict[str, list[ast.stmt]]:
    """Path of each module to what stands at its top."""
    trees = {name: found[0] for name, found in nodes().items()}
    return {name: tree.body for name, tree in trees.items() if isinstance(tree, ast.Module)}
