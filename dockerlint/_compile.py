"""Compiles the modules that a check spends its time in with mypyc, for `DOCKERLINT_MYPYC=1 pip wheel .`.

The build hook calls `compile_modules`, which works in a process and a folder of its own. In the wheel each
compiled module stands beside the source of its name; Python takes the compiled one where it can.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "DOCKERLINT_MYPYC"
"""The variable of the environment that asks for a compiled wheel."""
REQUIREMENTS: Final = ("mypy[mypyc]>=2.4,<3", "setuptools>=68")
GROUP: Final = "dockerlint"
"""mypyc puts the code of all modules into one library of this name with `__mypyc` behind it."""
OPTIMISATION: Final = "1"

COMPILED: Final = (
    *("text", "values", "patterns", "shell", "yaml/builder", "yaml/nodes", "model/command/command"),
    *("ruleset/compile", "ruleset/index", "ruleset/operators", "ruleset/paths", "ruleset/templates"),
    *("parse/commands", "linting/linter", "linting/nodes/findings", "linting/nodes/walk"),
)
"""Rooms and single modules, all of whose modules are compiled but those in LEFT."""
LEFT: Final[Mapping[str, str]] = {
    "shell/__init__": "nothing to compile",
}
"""Modules of these rooms that stay as they are, each with the reason."""

_CONFIG: Final = """\
[mypy]
ignore_missing_imports = True
cache_dir = .cache
[mypy-dockerlint.*]
ignore_errors = True
"""


def modules(package: Path) -> Iterator[str]:
    """Path below `package` of each module that is compiled; raises ValueError for a name without a module."""
    unknown = [
        name
        for name in (*COMPILED, *LEFT)
        if not (package / f"{name}.py").is_file() and not (package / name / "__init__.py").is_file()
    ]
    if unknown:
        raise ValueError(f"no modules in {package}: {', '.join(unknown)}")
    for name in COMPILED:
        folder = package / name
        found = folder.rglob("*.py") if folder.is_dir() else [package / f"{name}.py"]
        for path in sorted(found):
            relative = path.relative_to(package)
            if relative.with_suffix("").as_posix() not in LEFT:
                yield relative.as_posix()


def compile_modules(texts: Mapping[str, str], natives: Mapping[str, str], folder: Path) -> list[Path]:
    """The libraries of the modules in `natives`, with paths as in a wheel, made in `folder`.

    `texts` are all modules of the package by their path in it, `natives` the text of those to compile.
    Raises CalledProcessError where mypyc or the C compiler fails; both have said why.
    """
    for path, text in {**texts, **natives}.items():
        target = folder / "dockerlint" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    names = [f"dockerlint/{path}" for path in natives]
    sections = (f"[mypy-{_dotted(name)}]\nignore_errors = False\n" for name in names)
    (folder / "mypy.ini").write_text(_CONFIG + "".join(sections), encoding="utf-8")
    # The folder comes before the sources of the package, which the build may have put on the path.
    environment = {**os.environ, "MYPYPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(Path(__file__).resolve()), *names]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return sorted((folder / "lib").rglob("*.*"))


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def main() -> None:
    """Compile these paths below the current folder into `lib/`."""
    # This file lies in the package: its folder must not hide modules of the standard library.
    sys.path.pop(0)
    from mypyc.build import mypycify
    from setuptools import Distribution  # type: ignore[import-untyped, unused-ignore]

    extensions = mypycify(
        ["--config-file=mypy.ini", *sys.argv[1:]],
        opt_level=OPTIMISATION,
        multi_file=True,
        group_name=GROUP,
    )
    build = Distribution({"name": "dockerlint", "ext_modules": extensions}).get_command_obj("build_ext")
    build.build_lib, build.build_temp, build.parallel = "lib", "temp", os.cpu_count()
    build.ensure_finalized()
    build.run()


if __name__ == "__main__":
    main()
