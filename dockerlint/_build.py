"""The build hook: rules are checked and written into the wheel as JSON, and classes as plain ones."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes dockerlint/_rules/*.json before a wheel, also an editable one, is built.

    A wheel that is no editable one gets the modules of the package as _writeout.py writes them.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fails the build at the first rule that is not sound, or class that has no plain form."""
        package = Path(self.root, "dockerlint")
        sys.path.insert(0, self.root)
        try:
            from dockerlint._writeout import write_out
            from dockerlint.ruleset.bundle import write_bundle
        finally:
            sys.path.remove(self.root)
        write_bundle(str(Path(self.root, "rules")), str(package / "_rules"))
        build_data["artifacts"].append("dockerlint/_rules/*.json")
        if self.target_name == "wheel" and version != "editable":
            self._include(write_out(package), build_data)

    def _include(self, texts: dict[str, str], build_data: dict[str, Any]) -> None:
        """Put these texts in place of the modules at their paths."""
        self._written = TemporaryDirectory()  # gone with the hook
        for number, (path, text) in enumerate(texts.items()):
            source = Path(self._written.name, f"{number}.py")
            source.write_text(text, encoding="utf-8")
            build_data["force_include"][str(source)] = f"dockerlint/{path}"
