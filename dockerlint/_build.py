"""The build hook: rules are checked and written into the wheel as JSON, and classes as plain ones.

`DOCKERLINT_MYPYC=1` makes a wheel for one platform whose hot modules are compiled, see _compile.py.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes dockerlint/_rules before a wheel, also an editable one, is built.

    A wheel that is no editable one gets the modules of the package as _writeout.py writes them.
    """

    def dependencies(self) -> list[str]:
        """What only a compiled wheel needs to be built."""
        self._import()
        from dockerlint._compile import REQUIREMENTS

        return list(REQUIREMENTS) if self._compiles() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fails the build at the first rule that is not sound, or class that has no plain form."""
        package = Path(self.root, "dockerlint")
        self._import()
        from dockerlint._writeout import write_out
        from dockerlint.ruleset.bundle import write_bundle

        write_bundle(str(Path(self.root, "rules")), str(package / "_rules"))
        build_data["artifacts"] += ["dockerlint/_rules/*.json", "dockerlint/_rules/*.jsonl"]
        if self.target_name == "wheel" and version != "editable":
            texts = write_out(package)
            self._folder = TemporaryDirectory()  # gone with the hook
            self._include(texts, build_data)
            if self._compiles():
                self._compile(package, texts, build_data)

    def _compiles(self) -> bool:
        from dockerlint._compile import VARIABLE

        return self.target_name == "wheel" and os.environ.get(VARIABLE, "") not in ("", "0")

    def _import(self) -> None:
        """Let the package of the sources be found, wherever the build was started."""
        if self.root not in sys.path:
            sys.path.insert(0, self.root)

    def _include(self, texts: dict[str, str], build_data: dict[str, Any]) -> None:
        """Put these texts in place of the modules at their paths."""
        for number, (path, text) in enumerate(texts.items()):
            source = Path(self._folder.name, f"{number}.py")
            source.write_text(text, encoding="utf-8")
            build_data["force_include"][str(source)] = f"dockerlint/{path}"

    def _compile(self, package: Path, texts: dict[str, str], build_data: dict[str, Any]) -> None:
        """Put the compiled modules beside the others; the wheel is one for this platform then."""
        from dockerlint._compile import compile_modules, modules
        from dockerlint._native import write_native

        sources = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
        every = {name: path.read_text("utf-8") for name, path in sources.items()}
        wanted = set(modules(package))
        natives = {path: text for path, text in write_native(package).items() if path in wanted}
        folder = Path(self._folder.name, "compiled")
        for library in compile_modules({**every, **texts}, natives, folder):
            build_data["force_include"][str(library)] = library.relative_to(folder / "lib").as_posix()
        build_data["pure_python"], build_data["infer_tag"] = False, True
