"""A secret that moved to a file opens what it did before, though its owner on the host is nobody inside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from docker_engine import composed

ROOT = str(Path(__file__).parents[2])
PASSWORD = """hunter2 'not' "real" $5 # ü"""
COMPOSE = """\
services:
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: "hunter2 'not' \\"real\\" $$5 # ü"
    healthcheck:
      test: pg_isready -h 127.0.0.1 -U postgres
      interval: 2s
      retries: 10
      start_period: 20s
"""


def test_a_password_from_a_file_opens_the_database_and_is_not_in_the_environment(
    tmp_path: Path, image: Callable[[str, str], None]
) -> None:
    image("postgres:17", "postgres")
    file = tmp_path / "project" / "compose.yaml"
    file.parent.mkdir()
    file.write_text(COMPOSE, encoding="utf-8")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "dockerlint",
            "fix",
            "--harden",
            "--unproven",
            "--fail-on",
            "never",
            str(file),
        ],
        env={**os.environ, "PYTHONPATH": ROOT},
        capture_output=True,
        check=True,
    )
    secret = file.parent / "secrets" / "postgres_password.txt"
    assert secret.read_text(encoding="utf-8") == PASSWORD
    for path in (secret.parent, secret):
        try:
            os.chown(path, 4321, 4321)
        except PermissionError:
            pytest.skip("only root gives files away")
    with composed(file, "db") as project:
        started = project.up(seconds=120)
        assert started.code == 0, started.text
        login = "psql -h $(hostname -i) -U postgres -Atc 'select 6*7'"  # 127.0.0.1 is trusted
        assert (
            project.inside(f"PGPASSWORD=$(cat /run/secrets/postgres_password) {login}").text.strip() == "42"
        )
        assert project.inside(f"PGPASSWORD=wrong {login}").code != 0
        assert "hunter2" not in project.inside("printenv").text
