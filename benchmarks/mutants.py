#!/usr/bin/env python3
"""Break the program in one place at a time and see whether a test notices.

    python benchmarks/mutants.py --count 40              40 places of all modules
    python benchmarks/mutants.py --since COMMIT          places of modules moved or changed since then
    python benchmarks/mutants.py --seed 7 --skip 10      other places; go on where an earlier run ended

The tests of the room that a place is in run first, then those of all rules and of the golden record, up to
the first that fails. A mutant that no test kills is printed with its difference: either a test is missing, or
the program means the same. Exit status 1 where one survives.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
TESTS = {
    "budget": "budget",
    "cli": "cli config rule_facts library lists fix_cli help init record survey pin prove",
    "cli/rules": "rule_map rule_files help cli",
    "cli/start": "cli help fix_cli",
    "data": "lists knowledge bundle",
    "findings": "lint rule_order report_json",
    "fixing": "fix_rounds fix_changes fix_together fix_cases fix_newfiles second_reader fix_writing",
    "fixing/compose": "fix_compose fix_actions fix_secrets fix_variants",
    "fixing/daemon": "daemon",
    "fixing/dockerfile": "fix_dockerfile fix_actions fix_image fix_variants",
    "fixing/run": "run_lines",
    "fixing/user": "fix_user",
    "hardening": "model_needs fix_user model_image one_answer",
    "images": "knowledge model_image image_files one_answer",
    "json": "json inspect",
    "kinds": "files library",
    "link": (
        "interpolation parse_composeinline link_merge link_extends link_include link_environment "
        "project_fixture projects origins combinations"
    ),
    "linting": "lint suppress index broken_rules rule_order rule_types builders combinations recommends",
    "lsp": "lsp lsp_client",
    "masking": "masking masked_reports masked_differences show_secrets secret_text",
    "migration": "peernote init",
    "model": "model_image model_stages suppress",
    "model/command": "model_command model_command_packages model_command_rules model_command_secrets",
    "model/container": "container_rules parse_compose parse_compose_structure",
    "model/daemon": "daemon",
    "model/dockerfile": "model_stages parse_dockerfile fix_user",
    "model/host": "host_checks inspect docker_info",
    "model/secret": "model_secrets secret_logins secret_text service_tokens",
    "parse": "parse_shell model_image openings",
    "parse/compose": "parse_compose parse_compose_structure parse_compose_broken interpolation",
    "parse/daemon": "daemon",
    "parse/dockerfile": "parse_dockerfile parse_dockerfile_variables parse_dockerfile_hostile model_stages",
    "parse/inspect": "inspect same_container audit",
    "parse/run": "run_lines same_container",
    "patterns": "patterns pattern_engines",
    "pin": "pin registry",
    "prove": "prove prove_search receipts",
    "quoting": "quoting",
    "regex": "patterns",
    "registry": "registry pin",
    "report": (
        "report_text report_json report_sarif report_github report_places report_writing fix_cli "
        "report_statistics labels shown_paths"
    ),
    "report/benchmark": "cis audit_items",
    "report/formats": "report_formats jsonl report_doors",
    "report/html": "report_html",
    "review": "one_verdict told_once repeated one_answer projects since baseline purpose",
    "ruleset": "ruleset broken_rules patterns rule_types rule_facts user_patterns fix_cases bundle",
    "ruleset/documents": "rule_files bundle image_files knowledge",
    "ruleset/stored": "bundle stored_facts",
    "run": "run pool wire library completeness projects untrusted since told_once",
    "run/host": "host_checks audit",
    "run/review": "since baseline record",
    "scans": "scans",
    "shell": "parse_shell model_command",
    "survey": "survey",
    "syntax": "parse_dockerfile",
    "text": "parse_dockerfile report_places",
    "values": "model_image",
    "workspace": (
        "files door keptout config lock git neighbours untrusted hidden purpose builders origins secret_files"
    ),
    "workspace/receipts": "receipts",
    "yaml": "yamltree recovery parse_compose fix_compose",
}
"""The tests of a room, without `test_`; of the rooms that a path is in, the innermost counts."""
SURVIVED = "survived"
ALWAYS = ("tests/test_rules.py", "tests/test_golden.py")

FLIPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


class Mutant(NamedTuple):
    """One change of one module."""

    path: str
    """Below the root."""
    start: int
    """Bytes."""
    end: int
    text: str

    def applied(self, before: bytes) -> bytes:
        return before[: self.start] + self.text.encode("utf-8") + before[self.end :]


class _Places(ast.NodeVisitor):
    """Collects what can be changed in the functions of a module: the code that answers, not its tables."""

    def __init__(self, path: str, source: bytes) -> None:
        self._path = path
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._depth = 0
        self.found: list[Mutant] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Annotations and docstrings are not code, and defaults are."""
        self._depth += 1
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
            self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._depth -= 1

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """The places of what stands in one are wrong before Python 3.12."""

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        self._add(node, "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._add(node, "pass")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._add(node, "pass")

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self._add(node, "return None")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        for at, operator in enumerate(node.ops):
            if type(operator) in FLIPPED:
                others = [*node.ops[:at], FLIPPED[type(operator)](), *node.ops[at + 1 :]]
                self._add(node, ast.unparse(ast.Compare(node.left, others, node.comparators)))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self._add(node, ast.unparse(ast.BoolOp(FLIPPED[type(node.op)](), node.values)))  # type: ignore[arg-type]
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in FLIPPED:
            self._add(node, ast.unparse(ast.BinOp(node.left, FLIPPED[type(node.op)](), node.right)))  # type: ignore[arg-type]
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._add(node, ast.unparse(node.operand))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._add(node, str(not node.value))
        elif isinstance(node.value, int):
            self._add(node, str(node.value + 1))
        elif node.value is None:
            self._add(node, "True")
        elif isinstance(node.value, str):
            self._add(node, repr(node.value + "x"))

    def _add(self, node: ast.expr | ast.stmt, text: str) -> None:
        if not self._depth:
            return
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        text = text if isinstance(node, ast.stmt | ast.Constant) else f"({text})"
        self.found.append(Mutant(self._path, start, end, text))


def mutants(path: str) -> list[Mutant]:
    """Every change that can be made in a module."""
    source = (ROOT / path).read_bytes()
    places = _Places(path, source)
    places.visit(ast.parse(source))
    return places.found


def modules(since: str) -> list[str]:
    """The modules of the program, or those that differ from an earlier commit."""
    names = ["git", "ls-files", "dockerlint"]
    if since:
        names = ["git", "diff", "--name-only", "--diff-filter=AMR", since, "HEAD", "--", "dockerlint"]
    told = subprocess.run(names, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(name for name in told.splitlines() if name.endswith(".py") and (ROOT / name).exists())


def tests_of(path: str) -> list[str]:
    """The test files that are most likely to notice a change, quick ones first."""
    room = Path(path).relative_to("dockerlint").with_suffix("")
    inside = next((TESTS[str(one)] for one in (room, *room.parents) if str(one) in TESTS), "")
    own = [f"tests/test_{name}.py" for name in inside.split()]
    return [*(name for name in own if (ROOT / name).exists()), *ALWAYS]


@cache
def fails_anyway(test: str, checkout: Path) -> bool:
    """It fails on the program as it is: it would kill everything."""
    return _tested([test], checkout, None) != SURVIVED


def fate(mutant: Mutant, checkout: Path, limit: float) -> str:
    """`killed by …`, `late` where the tests did not end in time, or SURVIVED.

    Raises SystemExit where the tests fail on the program as it is.
    """
    if broken := [one for one in tests_of(mutant.path) if fails_anyway(one, checkout)]:
        raise SystemExit(f"failing without any mutant: {', '.join(broken)}")
    path = checkout / mutant.path
    before = path.read_bytes()
    path.write_bytes(mutant.applied(before))
    try:
        return _tested(tests_of(mutant.path), checkout, limit)
    except subprocess.TimeoutExpired:
        return "late"
    finally:
        path.write_bytes(before)
        _forget(path)


def _tested(tests: list[str], checkout: Path, limit: float | None) -> str:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    # Programs that the tests start run in other folders.
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=limit
    )
    if not done.returncode:
        return SURVIVED
    killers = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return f"killed by {killers[0].split(' ', 2)[1] if killers else f'exit status {done.returncode}'}"


def _forget(path: Path) -> None:
    """What was compiled of a mutant may pass for the module: a pyc knows seconds and size alone."""
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def difference(mutant: Mutant) -> str:
    before = (ROOT / mutant.path).read_bytes()
    texts = [text.decode("utf-8").splitlines() for text in (before, mutant.applied(before))]
    return "\n".join(difflib.unified_diff(*texts, mutant.path, "mutant", n=2, lineterm=""))


def chosen(options: argparse.Namespace) -> Iterator[Mutant]:
    every = [mutant for path in modules(options.since) for mutant in mutants(path)]
    rng = random.Random(options.seed)
    yield from rng.sample(every, min(options.skip + options.count, len(every)))[options.skip :]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--skip", type=int, default=0, help="leave out the first ones of this seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--since", default="", metavar="COMMIT")
    parser.add_argument("--limit", type=float, default=600, help="seconds for the tests of one mutant")
    options = parser.parse_args()
    survivors = 0
    with tempfile.TemporaryDirectory() as scratch:
        checkout = Path(scratch, "checkout")
        shutil.copytree(
            ROOT,
            checkout,
            symlinks=True,
            ignore=shutil.ignore_patterns(".venv", ".*cache", ".hypothesis", ".git", "engine"),
        )
        for number, mutant in enumerate(chosen(options), options.skip):
            outcome = fate(mutant, checkout, options.limit)
            survivors += outcome == SURVIVED
            print(f"{number} {mutant.path} {outcome}", flush=True)
            if not outcome.startswith("killed"):
                print(difference(mutant), flush=True)
    print(f"{survivors} of {options.count} survive")
    return int(survivors > 0)


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
