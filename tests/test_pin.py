"""`dockerlint pin`: images in, lock out; and what `fix` makes of the lock."""

from __future__ import annotations

from pathlib import Path

import pytest
from registry_server import index, serving

from dockerlint.cli.commands import invoke


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with a home in which nobody has logged in."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    return folder


def test_an_image_is_resolved_locked_and_pinned_where_it_stands(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving() as registry:
        digest = registry.push("team/app:1.4", index("linux/amd64", "linux/arm64"))
        image = f"{registry.server}/team/app:1.4"
        (project / "Dockerfile").write_text(f"FROM {image} AS base # ours\nUSER 65532\n")
        (project / "compose.yaml").write_text(f"services:\n  app:\n    image: '{image}' # ours\n")
        assert invoke(["pin", "--resolve"]) == 0
    assert digest in (project / "dockerlint.lock").read_text()
    invoke(["fix"])
    assert (project / "Dockerfile").read_text() == f"FROM {image}@{digest} AS base # ours\nUSER 65532\n"
    assert f"image: '{image}@{digest}' # ours" in (project / "compose.yaml").read_text()
    assert invoke(["pin", "--check"]) == 0
