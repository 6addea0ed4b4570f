"""Every place where the program opens, lists or runs something, so that none comes up beside the door."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sources import nodes

OPENS = {
    "workspace/door.py": "reads a user's files, and lists the folders of rules",
    "workspace/openfolder.py": "opens what the door, reports and fixes have checked",
    "workspace/target.py": "writes reports",
    "workspace/git.py": "runs git, and gives it copies of ignore files in a folder of its own",
    "run/output.py": "makes a stream of what a report is written to",
    "workspace/writing.py": "writes fixes",
    "workspace/roots.py": "reads the one line of a `.git` file; lists folders, to learn what a file is for",
    "ruleset/bundle.py": "reads and writes the rules of the package itself",
    "ruleset/documents/files.py": "reads the schemas of the package itself",
    "ruleset/documents/compose.py": "reads the schema of Compose files of the package itself",
    "ruleset/vocabulary.py": "reads the sources of the package itself",
    "data.py": "reads the lists of the package itself",
    "cli/main.py": "opens the null device in place of an output that is closed",
    "workspace/discovery.py": "lists the folders of a walk",
    "linting/around/builders.py": "lists folders up to the root of the repository, for Compose files",
    "linting/around/folders.py": "lists folders up to the root of the repository, for Bake files",
    "linting/around/pipelines.py": "lists the folders of CI files in a repository",
    "run/projects.py": "lists the folder of a file, for Compose files",
    "cli/start/origin.py": "reads what pip noted about where the package itself came from",
    "cli/start/inventory.py": "lists folders of the project for which a config is written",
    "survey/parquet.py": "reads the Parquet files that the user named",
    "survey/folders.py": "lists a folder of repositories that the user named, and the folders of its files",
    "survey/output.py": "writes and lists the folder of tables that the user named",
    "survey/page.py": "reads the day in the overview of that folder",
    "survey/judging.py": "notes in that folder how far a part is",
    "survey/questions.py": "lists the queries of the package itself",
    "fixing/neighbours.py": "lists the folder of a file that is fixed",
    "run/shellcheck.py": "hands scripts to ShellCheck in unnamed files",
    "report/ranking.py": "keeps the texts about many files in an unnamed file",
    "report/spool.py": "keeps a long list of a report in an unnamed file",
}
"""Module to what it needs to open files for. Whoever adds one: can it go through `workspace.door`?"""
RUNS = {
    *("workspace/git.py", "ruleset/regexprocess.py", "run/shellcheck.py"),
    *("run/host/docker.py", "prove/host/engine.py", "registry/helper.py"),
}
CALLS = frozenset(
    (
        *(
            "open",
            "fdopen",
            "read_text",
            "write_text",
            "write_bytes",
            "mkstemp",
            "copyfile",
            "iterdir",
            "glob",
        ),
        *("NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory", "FileIO", "open_code", "mmap"),
        *("listdir", "scandir", "rglob", "fwalk", "memfd_create", "sendfile", "input"),
    )
)
WALK = "os.walk"
STARTS = frozenset(
    (
        *("Popen", "check_output", "check_call", "system", "popen", "spawnv", "spawnl", "execv", "execvp"),
        *("execve", "posix_spawn", "startfile", "getoutput"),
    )
)


BUILDING = {"_build.py", "_compile.py", "_methods.py", "_native.py", "_writeout.py"}
"""They read and write the sources of the package itself; all others run at a user's."""


def modules() -> list[tuple[str, tuple[ast.AST, ...]]]:
    return [(name, found) for name, found in nodes().items() if name not in BUILDING]


def called(module: tuple[ast.AST, ...]) -> Iterator[str]:
    """The last word of everything that a module calls."""
    for node in module:
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name):
                yield function.id
            elif isinstance(function, ast.Attribute):
                yield function.attr


def spelled(module: tuple[ast.AST, ...]) -> Iterator[str]:
    """Each `name.attribute` as it is written."""
    for node in module:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def imported(module: tuple[ast.AST, ...]) -> Iterator[str]:
    for node in module:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_files_are_opened_in_the_modules_of_the_table_only() -> None:
    found = {
        name for name, module in modules() if CALLS & set(called(module)) or WALK in set(spelled(module))
    }
    assert sorted(found) == sorted(OPENS)


def test_programs_are_started_by_the_named_modules_only() -> None:
    starters = {
        name
        for name, module in modules()
        if STARTS & set(called(module)) or "subprocess.run" in set(spelled(module))
    }
    assert starters == RUNS
    importers = {name for name, module in modules() if "subprocess" in imported(module)}
    assert importers == RUNS


def test_the_network_is_used_in_one_room_that_pin_alone_enters() -> None:
    libraries = {"httpx", "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "aiohttp", "requests"}
    users = {
        name
        for name, module in modules()
        if any(one.partition(".")[0] in libraries for one in imported(module) if one != "urllib.parse")
    }
    # The name of this host, and processes of a run that talk over a pair of sockets without an address.
    local = {"prove/host/marks.py", "run/worker.py"}
    assert {name for name in users if not name.startswith("registry/")} == local
    visitors = {
        name.partition("/")[0]
        for name, module in modules()
        if any(one.startswith("dockerlint.registry") for one in imported(module))
    }
    assert visitors == {"registry", "pin", "cli"}
    policies = {
        one
        for name, module in modules()
        if name.startswith("cli/")
        for one in imported(module)
        if one.startswith("dockerlint.registry")
    }
    assert policies == {"dockerlint.registry.network"}  # what was written on the line, and nothing else


def test_paths_of_a_library_that_opens_files_are_not_used() -> None:
    opening = {"pathlib", "shutil", "fileinput", "linecache", "zipfile", "tarfile", "shelve", "dbm"}
    assert {name for name, module in modules() if opening & set(imported(module))} == set()
