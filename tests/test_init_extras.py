"""Hooks and jobs that `dockerlint init` adds: nothing that stands in a file is lost."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from dockerlint import __version__
from dockerlint.cli.init import Extras, LimitsPolicy, init
from dockerlint.cli.start import origin
from dockerlint.cli.start.hooks import EXCLUDE, FILES
from dockerlint.cli.start.origin import PackageSource, origin_of
from dockerlint.cli.start.pipelines import job_text, workflow_text
from dockerlint.errors import UserError
from dockerlint.yaml.tree import load_plain

ROOT = Path(__file__).parent.parent
SOURCE = "https://github.com/acme/dockerlint@v1.2"
HOOKS, PIPELINE, WORKFLOW = ".pre-commit-config.yaml", ".gitlab-ci.yml", ".github/workflows/dockerlint.yml"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def asked(extras: Extras, only_print: bool = False) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = init((), LimitsPolicy(), only_print, (StringIO(), out, err), extras)
    return code, out.getvalue(), err.getvalue()


def loaded(path: str) -> Any:
    data, _, problems = load_plain(Path(path).read_text())
    assert not problems
    return data


def test_all_is_written_told_and_left_as_it_is_the_second_time() -> None:
    extras = Extras(hooks=True, services=("github", "gitlab"), source=SOURCE)
    code, out, err = asked(extras)
    assert (code, err) == (0, "")
    written = {path: Path(path).read_text() for path in (".dockerlint.yaml", HOOKS, PIPELINE, WORKFLOW)}
    assert all(f"wrote {path}:\n\n{text}" in out for path, text in written.items())
    (repository,) = loaded(HOOKS)["repos"]
    assert (repository["repo"], repository["rev"]) == tuple(SOURCE.split("@"))
    assert [hook["id"] for hook in repository["hooks"]] == ["dockerlint-fix", "dockerlint"]
    assert "acme/dockerlint@v1.2" in written[WORKFLOW]
    code, out, err = asked(extras)
    assert (code, err, out.count("left as it is")) == (0, "", 4)
    assert written == {path: Path(path).read_text() for path in written}


@pytest.mark.parametrize(
    "there",
    [
        "# top\nrepos:\n-   repo: https://a.example/b   # b\n    rev: v1\n    hooks:\n    -   id: x\n# end\n",
        "repos:\n  - repo: local\n    hooks: [{id: x, entry: x, language: system}]\nci:\n  skip: [x]\n",
        "fail_fast: true\nrepos: []  # none yet\n",
        "repos:\r\n- repo: meta\r\n  hooks:\r\n  - id: identity",
        "",
    ],
)
def test_hooks_are_added_to_those_that_are_there(there: str) -> None:
    Path(HOOKS).write_bytes(there.encode())
    before = loaded(HOOKS) or {"repos": []}
    assert asked(Extras(hooks=True, source=SOURCE))[0] == 0
    after = loaded(HOOKS)
    added = after["repos"].pop()
    assert after == before
    assert added["repo"] == SOURCE.partition("@")[0]
    text = Path(HOOKS).read_bytes().decode()
    assert re.findall("#.*", there) == re.findall("#.*", text)
    assert "\r\n" not in there or "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize(
    "there",
    [
        "- repo: https://a.example/b\n",
        "repos: [{repo: meta, hooks: [{id: identity}]}]\n",
        "repos:\n  - : {\n",
    ],
)
def test_what_cannot_be_completed_is_printed_and_the_file_left(there: str) -> None:
    Path(HOOKS).write_text(there)
    code, out, err = asked(Extras(hooks=True, source=SOURCE))
    assert (code, HOOKS in err) == (2, True)
    assert "  - id: dockerlint\n" in out
    assert Path(HOOKS).read_text() == there
    assert not Path(".dockerlint.yaml").exists()


@pytest.mark.parametrize(
    ("stages", "chosen"),
    [("", "test"), ("stages: [build, test]\n", "test"), ("stages:\n  - build\n  - lint\n", "lint")],
)
def test_the_job_stands_in_a_stage_that_the_pipeline_has(stages: str, chosen: str) -> None:
    there = f"{stages}build:\n  stage: build\n  script: !reference [.a, script]   # why\n\n# end\n"
    Path(PIPELINE).write_text(there)
    assert asked(Extras(services=("gitlab",), source=SOURCE))[0] == 0
    assert loaded(PIPELINE)["dockerlint"]["stage"] == chosen
    assert Path(PIPELINE).read_text().startswith(there.partition("\n# end")[0])
    assert "# end" in Path(PIPELINE).read_text()


def test_printing_writes_nothing() -> None:
    code, out, _ = asked(Extras(hooks=True, services=("github",), source=SOURCE), only_print=True)
    assert (code, list(Path().iterdir())) == (0, [])
    assert "repo: https://github.com/acme/dockerlint" in out


def test_a_link_is_not_written_through() -> None:
    Path("elsewhere").write_text("repos: []\n")
    Path(HOOKS).symlink_to("elsewhere")
    assert asked(Extras(hooks=True, source=SOURCE))[0] == 2
    assert Path("elsewhere").read_text() == "repos: []\n"


@pytest.mark.parametrize(
    ("record", "requirement"),
    [
        (None, f"dockerlint=={__version__}"),
        (
            {"url": "https://git.example/a/b.git", "vcs_info": {"vcs": "git", "commit_id": "4f1c"}},
            "dockerlint @ git+https://git.example/a/b.git@4f1c",
        ),
        ({"url": "file:///src"}, "dockerlint @ git+https://github.com/OWNER/dockerlint@REVISION"),
        ({}, "dockerlint @ git+https://github.com/OWNER/dockerlint@REVISION"),
    ],
)
def test_it_is_taken_from_where_it_was_installed_from(
    record: dict[str, object] | None, requirement: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(origin, "_direct_url", lambda: record)
    assert origin_of("").requirement == requirement


@pytest.mark.parametrize(
    ("source", "github"),
    [
        ("git@github.com:a/b.git@v1", "a/b"),
        ("https://git.example/a/b@v1", None),
        ("https://github.com/a/b/c@v1", None),
    ],
)
def test_only_what_lies_on_github_has_an_action(source: str, github: str | None) -> None:
    assert origin_of(source).on_github == github
    assert ("uses: a/b@v1" in workflow_text(origin_of(source))) == bool(github)


@pytest.mark.parametrize("source", ["x", "https://a.example/b", "https://a.example/b@v 1", "ext::sh@1"])
def test_a_source_without_address_or_revision_is_an_error(source: str) -> None:
    with pytest.raises(UserError, match="--source"):
        origin_of(source)


def test_recipes_in_the_documentation_are_what_init_writes() -> None:
    here = PackageSource("https://github.com/OWNER/dockerlint", "REVISION")
    assert workflow_text(here) == (ROOT / "docs/ci/github.yml").read_text("utf-8")
    assert (ROOT / "docs/ci/gitlab.yml").read_text("utf-8").endswith(job_text(here))


def test_a_hook_without_our_repository_takes_the_same_files() -> None:
    for hook in load_plain((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]:
        assert [re.sub(r"\s", "", hook[key]) for key in ("files", "exclude")] == [FILES, EXCLUDE]
