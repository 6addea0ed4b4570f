"""The files that set up editors say what the server understands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dockerlint.lsp.settings import NO_SETTINGS, READERS, read_settings
from dockerlint.workspace.config import PROFILES

EDITORS = Path(__file__).parent.parent / "editors"


def test_the_settings_of_vs_code_are_those_that_the_server_reads() -> None:
    package = json.loads((EDITORS / "vscode/package.json").read_text())
    properties = package["contributes"]["configuration"]["properties"]
    settings = {name.removeprefix("dockerlint."): about for name, about in properties.items()}
    del settings["command"]  # it starts the server
    assert settings.keys() == READERS.keys() - {"asksReasons"}
    assert read_settings({name: about["default"] for name, about in settings.items()}) == NO_SETTINGS
    for name, about in settings.items():
        for value in filter(None, about.get("enum", ())):
            assert getattr(read_settings({name: value}), READERS[name][0]) is not None
    assert {*settings["profile"]["enum"]} == {*PROFILES, None}


@pytest.mark.parametrize(
    "path",
    [
        "helix/languages.toml",
        "neovim/dockerlint.lua",
        "emacs/dockerlint.el",
        "sublime/LSP-dockerlint.sublime-settings",
        "jetbrains/template.json",
    ],
)
def test_every_editor_starts_the_server(path: str) -> None:
    text = (EDITORS / path).read_text()
    assert re.search(r"dockerlint[^a-z]+(?:args = \[\")?lsp", text)
    if path.endswith((".json", "settings")):
        json.loads(re.sub(r"^//.*$", "", text, flags=re.MULTILINE))
