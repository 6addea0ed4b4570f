"""Files of one project, as `include` puts them together: each is fixed in the light of all of them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from dockerlint.findings import Tier
from dockerlint.run.check import Options
from dockerlint.run.fix import run_fix

Texts = Mapping[str, str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def including(**services: str) -> dict[str, str]:
    """A project of files that include each other, each with one service."""
    files = {f"{name}/compose.yaml": f"services:\n  {name}:\n{body}" for name, body in services.items()}
    names = "".join(f"  - {path}\n" for path in files)
    return {"compose.yaml": f"include:\n{names}", **files}


def fixed(texts: Texts) -> tuple[dict[str, str], str]:
    """What a run makes of files, and what it says."""
    for name, text in texts.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    told = io.StringIO()
    assert run_fix(Options(paths=(".",)), Tier.HARDEN, False, told, told) < 2
    return {name: Path(name).read_text() for name in texts}, told.getvalue()


def test_a_finding_at_the_same_place_of_another_file_is_another_finding() -> None:
    body = "    image: nginx:1.28\n    ports: ['80:80']\n"
    after, told = fixed(including(one=body, two=body))
    assert all("security_opt" in after[f"{name}/compose.yaml"] for name in ("one", "two"))
    assert "would remain" not in told
