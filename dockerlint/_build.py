"""The build hook: every rule is checked and written into the wheel as JSON."""

from __future__ import annotations

import os
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleBundle(BuildHookInterface):  # type: ignore[type-arg]
    """Writes dockerlint/_rules/*.json before a wheel, also an editable one, is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fails the build at the first rule that is not sound."""
        sys.path.insert(0, self.root)
        try:
            from dockerlint.ruleset.bundle import write_bundle
        finally:
            sys.path.remove(self.root)
        target = os.path.join(self.root, "dockerlint", "_rules")
        write_bundle(os.path.join(self.root, "rules"), target)
        build_data["artifacts"].append("dockerlint/_rules/*.json")
