"""A secret of a file of variables is hidden in every text of the project that Compose puts it into."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.run.check import run

INNER, OUTER = "Xk3v9QpLw2" + "Zt7Hn4Rb7q", "Mn8" + "dGh2Vz5Wy" + "Tq1Lb6K"
FILES = {
    "compose.yaml": "include: [{path: inc/i.yaml, env_file: inc/v.env}]\nservices: {o: {image: b}}\n",
    "inc/v.env": f"DB_PASSWORD={INNER}\n",
    ".env": f"OTHER_PASSWORD={OUTER}\n",
    "inc/i.yaml": "services:\n  a: {image: 'a:${DB_PASSWORD}'}\n  b: {image: 'b:${OTHER_PASSWORD}'}\n",
}


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_variables_of_included_files_stay_hidden(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    out = io.StringIO()
    run(options_of(CheckLine(paths=(".",), format=(form,), profile="strict", jobs=1)), out, io.StringIO())
    assert "inc/i.yaml" in out.getvalue()
    assert INNER not in out.getvalue()
    assert OUTER not in out.getvalue()
