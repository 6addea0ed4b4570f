"""Code of strangers: what stands in the checkout cannot say what is linted and what is reported."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import UsageError, options_of
from dockerlint.cli.commands import invoke
from dockerlint.cli.plain import plain_check
from dockerlint.findings import Tier
from dockerlint.run.check import FEW, Options, run
from dockerlint.run.fix import run_fix
from dockerlint.run.output import Format
from dockerlint.workspace.config import Config, ConfigError
from dockerlint.workspace.configs import Configs
from dockerlint.workspace.roots import Roots, project_root
from dockerlint.workspace.trust import UNTRUSTED, Trust, untrusted_but

BAD = "FROM node:latest\nUSER root\n"
FOUND = {"DK101", "DK502"}
"""Rules that BAD offends, both of the default profile."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    monkeypatch.chdir(checkout)
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def git(*arguments: str) -> str:
    assert os.path.basename(os.getcwd()) == "checkout", "never in the repository of these tests"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    command = ["git", *identity, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def check(*paths: str, **options: Any) -> tuple[int, dict[str, Any], str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    given: dict[str, Any] = {"formats": (Format("json"),), "paths": paths or (".",), **options}
    code = run(Options(**given), stdout, stderr)
    return code, json.loads(stdout.getvalue() or "{}"), stderr.getvalue()


def rules_of(report: dict[str, Any]) -> set[str]:
    return {one["rule"] for one in report["findings"]} & FOUND


def comment_of_ours() -> None:
    write("Dockerfile", f"# dockerlint: ignore-file\n{BAD}")


def comment_of_a_peer() -> None:
    write("Dockerfile", "# hadolint global ignore=DL3002,DL3007\n" + BAD)


def ignored_by_git() -> None:
    write("Dockerfile", BAD)
    write(".gitignore", "Dockerfile\n")


def ignored_by_git_above() -> None:
    write("sub/Dockerfile", BAD)
    write(".gitignore", "sub/\n")


def ignored_rules() -> None:
    write("Dockerfile", BAD)
    write(".dockerlint.yaml", "ignore: [DK]\n")


def excluded() -> None:
    write("Dockerfile", BAD)
    write(".dockerlint.yaml", "exclude: [Dockerfile]\n")


def selected_away() -> None:
    write("Dockerfile", BAD)
    write("pyproject.toml", '[tool.dockerlint]\nselect = ["DK1001"]\nfail-on = "never"\n')


def overridden() -> None:
    write("sub/Dockerfile", BAD)
    write("sub/.dockerlint.yaml", "overrides: [{files: '*', ignore: [DK]}]\n")


TRICKS = [
    comment_of_ours,
    comment_of_a_peer,
    ignored_by_git,
    ignored_by_git_above,
    ignored_rules,
    excluded,
    selected_away,
    overridden,
]


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_nothing_in_an_untrusted_checkout_hides_a_finding(trick: Callable[[], None]) -> None:
    git("init")
    trick()
    assert rules_of(check()[1]) == set(), "the trick works on whoever trusts the checkout"
    code, report, _ = check(trust=UNTRUSTED)
    assert (code, rules_of(report)) == (1, FOUND)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_each_switch_takes_its_own_tricks_away(trick: Callable[[], None]) -> None:
    git("init")
    trick()
    switch = "inline" if "comment" in trick.__name__ else "gitignore" if "git" in trick.__name__ else "config"
    assert rules_of(check(trust=Trust(**{switch: False}))[1]) == FOUND
    others: Any = {"inline": False, "gitignore": False, "config": False}
    del others[switch]
    assert rules_of(check(trust=Trust(**others))[1]) == set()


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_a_fix_of_an_untrusted_checkout_sees_all_as_well(trick: Callable[[], None]) -> None:
    git("init")
    trick()
    out = io.StringIO()
    assert run_fix(Options((".",), trust=UNTRUSTED), Tier.SAFE, True, out, out) == 1
    assert "DK101" in out.getvalue()


def test_a_lock_of_an_untrusted_checkout_is_not_read() -> None:
    write("Dockerfile", BAD)
    write("dockerlint.lock", "version: 9\nimages: {}\n")
    git("init")
    assert check()[0] == 2
    assert check(trust=UNTRUSTED)[0] == 1


def test_comments_that_hide_nothing_are_not_called_unused_or_forbidden() -> None:
    comment_of_ours()
    report = check(trust=UNTRUSTED)[1]
    told = [one["message"] for one in report["findings"] if one["line"] == 1]
    assert told == []


def test_a_config_that_is_named_lies_outside_an_untrusted_checkout(folder: Path) -> None:
    git("init")
    write("Dockerfile", BAD)
    write("sub/Dockerfile", BAD)
    write("ours.yaml", "ignore: [DK502]\n")
    write("../ours.yaml", "ignore: [DK502]\n")
    os.symlink("../../ours.yaml", "sub/link.yaml")
    os.symlink("checkout/ours.yaml", "../link.yaml")
    assert rules_of(check(config="../ours.yaml", trust=UNTRUSTED)[1]) == {"DK101"}
    for inside in ("ours.yaml", "sub/link.yaml", "../link.yaml", str(folder / "checkout" / "ours.yaml")):
        code, report, errors = check("sub", config=inside, trust=UNTRUSTED)
        assert (code, report) == (2, {})
        assert errors.startswith(f"dockerlint: --config {inside}: is in the checkout")


def test_rules_that_are_named_lie_outside_an_untrusted_checkout() -> None:
    write("Dockerfile", BAD)
    write("house/one.yaml", "")
    code, _, errors = check(rules=("house",), trust=UNTRUSTED)
    assert (code, errors.count("\n")) == (2, 1)
    assert "--rules house: is in the checkout" in errors


def test_a_name_for_standard_input_makes_its_folder_a_checkout() -> None:
    write("ours.yaml", "ignore: [DK502]\n")
    options: dict[str, Any] = {"config": "ours.yaml", "trust": UNTRUSTED}
    assert "is in the checkout" in check("-", **options)[2]
    assert "is in the checkout" in check("-", stdin_filename="Dockerfile", **options)[2]


@pytest.mark.parametrize("switch", ["--no-config", "--no-gitignore", "--no-inline", "--untrusted"])
def test_both_readers_of_the_command_line_know_the_switches(
    switch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Options] = []
    monkeypatch.setattr("dockerlint.cli.commands.run", lambda options, *_: read.append(options) or 0)
    monkeypatch.setattr("dockerlint.run.fix.run_fix", lambda options, *_: read.append(options) or 0)
    line = ["check", switch, "a"]
    written = plain_check(line)
    assert written is not None
    invoke(line)
    invoke(["fix", *line[1:]])
    assert read == [options_of(written)] * 2
    assert read[0].trust != Trust()
    assert read[0].paths == ("a",)


def test_a_config_above_the_folder_counts_in_its_own_repository_only(folder: Path) -> None:
    write("../.dockerlint.yaml", "profile: strict\n")
    write("../dockerlint.lock", "version: 9\nimages: {}\n")
    write("sub/Dockerfile", BAD)
    assert Configs(roots=Roots(["."])).of("sub/Dockerfile") == Config()
    assert check("sub")[0] == 1, "a lock up there would be told of"
    subprocess.run(["git", "init", ".."], check=True, capture_output=True)
    assert Configs(roots=Roots(["."])).of("sub/Dockerfile").profile == "strict"
    assert check("sub")[0] == 2


def test_without_a_repository_the_search_ends_at_the_folder_that_was_named() -> None:
    write(".dockerlint.yaml", "profile: strict\n")
    write("sub/deep/Dockerfile", BAD)
    assert Configs(roots=Roots(["."])).of("sub/deep/Dockerfile").profile == "strict"
    assert Configs(roots=Roots(["sub"])).of("sub/deep/Dockerfile") == Config()
    assert Configs(roots=Roots(["sub/deep/Dockerfile"])).of("sub/deep/Dockerfile") == Config()


@pytest.mark.parametrize("planted", ["file", "link", "folder"])
def test_a_planted_git_folder_neither_ends_the_search_nor_makes_a_project(planted: str) -> None:
    git("init")
    write(".dockerlint.yaml", "profile: strict\n")
    write("sub/Dockerfile", BAD)
    if planted == "file":
        write("sub/.git", "gitdir: nowhere\n")
    elif planted == "link":
        os.symlink("nowhere", "sub/.git")
    else:
        write("sub/.git/config", "")
    assert Configs(roots=Roots(["sub"])).of("sub/Dockerfile").profile == "strict"
    assert project_root(os.path.realpath("sub")) == os.getcwd()


def test_a_submodule_is_a_repository_of_its_own() -> None:
    git("init")
    write(".dockerlint.yaml", "profile: strict\n")
    git("init", "../other")
    git("-C", "../other", "commit", "--allow-empty", "-m", "first")
    git("-c", "protocol.file.allow=always", "submodule", "add", "../other", "sub")
    assert os.path.isfile("sub/.git")
    assert Configs(roots=Roots(["."])).of("sub/Dockerfile") == Config()
    write("sub/.dockerlint.yaml", "profile: default\n")
    assert Configs(roots=Roots(["."])).of("sub/Dockerfile").path == "sub/.dockerlint.yaml"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_above_that_somebody_else_made_is_not_obeyed(folder: Path) -> None:
    subprocess.run(["git", "init", ".."], check=True, capture_output=True)
    write("../.dockerlint.yaml", "ignore: [DK]\n")
    os.chown("../.git", 4321, 4321)
    assert Configs(roots=Roots(["."])).of("Dockerfile") == Config()
    os.chown("../.git", 0, 0)
    assert Configs(roots=Roots(["."])).of("Dockerfile").ignore == ("DK",)


def test_a_folder_that_is_reached_through_a_link_has_the_config_of_its_own_project() -> None:
    git("init")
    write(".dockerlint.yaml", "exclude: [/sub/old]\n")
    write("sub/old/Dockerfile", BAD)
    write("sub/Dockerfile", BAD)
    os.symlink("checkout/sub", "../way")
    assert [one["path"] for one in check("../way")[1]["files"]] == ["../way/Dockerfile"]


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling link"])
def test_what_cannot_be_read_as_a_config_is_told_and_hides_nothing(kind: str) -> None:
    write("sub/Dockerfile", BAD)
    if kind == "folder":
        Path("sub/.dockerlint.yaml").mkdir()
    elif kind == "pipe":
        os.mkfifo("sub/.dockerlint.yaml")
    else:
        os.symlink("nowhere", "sub/.dockerlint.yaml")
    with pytest.raises(ConfigError, match=r"sub/\.dockerlint\.yaml: "):
        Configs().of("sub/Dockerfile")
    code, report, _ = check()
    assert (code, report["problems"][0]["path"]) == (2, "sub/Dockerfile")


def commit(message: str = "change") -> None:
    git("add", "-A", "-f")
    git("commit", "-m", message)


RULE = """\
id: ACME001
name: old-tool
title: The old tool is used
severity: high
confidence: high
profile: default
each: command
when: {program: old-tool}
message: this runs {program}
docs: {why: "The old tool is not kept up any more.", instead: "Use new-tool."}
examples:
  - bad: "RUN old-tool"
    flags: [old-tool]
  - good: "RUN new-tool"
"""


@pytest.fixture
def base() -> str:
    """A repository whose tag `base` has settings of every kind; the checkout then loosens them."""
    git("init")
    write("Dockerfile", BAD)
    write("gen/Dockerfile", BAD)
    write("old/Dockerfile", BAD)
    write("sub/Dockerfile", BAD + "RUN old-tool\n")
    write(".gitignore", "gen/\n")
    write(".dockerlint.yaml", "ignore: [DK502]\nexclude: [old/]\n")
    write("sub/.dockerlint.yaml", "select: [ACME001]\nrules: [../house]\n")
    write("house/old-tool.yaml", RULE)
    commit()
    git("tag", "base")
    write(".dockerlint.yaml", "ignore: [DK]\nexclude: ['*']\n")
    write(".gitignore", "*\n")
    write("sub/.dockerlint.yaml", "ignore: [ACME001]\n")
    write("house/old-tool.yaml", "not: a rule\n")
    write("new/Dockerfile", "# dockerlint: ignore-file\n" + BAD)
    commit()
    return "base"


def test_a_revision_says_what_is_linted_and_hidden_in_place_of_the_checkout(base: str) -> None:
    code, report, errors = check(trust=untrusted_but(base))
    found = {(one["path"], one["rule"]) for one in report["findings"] if one["rule"] in {*FOUND, "ACME001"}}
    assert (code, errors) == (1, "")
    assert found == {("Dockerfile", "DK101"), ("new/Dockerfile", "DK101"), ("sub/Dockerfile", "ACME001")}
    told = report["summary"]
    assert told["configs"] == [
        {"path": "base:.dockerlint.yaml", "sets": ["ignore", "exclude"]},
        {"path": "base:sub/.dockerlint.yaml", "sets": ["select", "rules"]},
    ]
    assert told["hidden"] == [{"by": "ignore", "where": "base:.dockerlint.yaml", "findings": 2}]
    assert {(one["by"], one["folders"]) for one in told["excluded"]} == {("exclude", 1), ("gitignore", 1)}


def test_several_processes_obey_the_revision_too(base: str) -> None:
    for number in range(FEW + 3):
        write(f"more/{number}/Dockerfile", BAD)
    one, two = (check(trust=untrusted_but(base), jobs=jobs)[1] for jobs in (1, 2))
    assert one["findings"] == two["findings"]
    assert one["summary"]["hidden"] == two["summary"]["hidden"]


def test_a_mistake_in_the_revision_is_told_with_its_place() -> None:
    git("init")
    write("Dockerfile", BAD)
    write(".dockerlint.yaml", "ignore: [DK502]\nexclud: [x]\n")
    commit()
    git("tag", "broken")
    write(".dockerlint.yaml", "")
    code, _, errors = check(trust=untrusted_but("broken"))
    assert (code, errors.count("\n")) == (2, 1)
    assert "broken:.dockerlint.yaml:2: unknown key 'exclud'" in errors


@pytest.mark.parametrize(
    ("named", "message"), [("gone", "no rule files"), ("../../elsewhere", "outside the project")]
)
def test_rules_that_the_revision_lacks_or_that_lie_outside_are_told(named: str, message: str) -> None:
    git("init")
    write("Dockerfile", BAD)
    write(".dockerlint.yaml", f"rules: [{named}]\n")
    commit()
    code, _, errors = check(trust=untrusted_but("HEAD"))
    assert code == 2
    assert "HEAD:.dockerlint.yaml:1: " in errors
    assert message in errors


def test_a_revision_that_is_missing_names_the_way_out(folder: Path) -> None:
    git("init")
    write("Dockerfile", BAD)
    for number in range(3):
        write("other", str(number))
        commit()
    source = (folder / "checkout").as_uri()
    subprocess.run(["git", "clone", "--depth=1", source, "../shallow"], check=True, capture_output=True)
    code, report, errors = check("../shallow", trust=untrusted_but("HEAD~2"))
    assert (code, report, errors.count("\n")) == (2, {}, 1)
    assert "--untrusted=HEAD~2: no such commit" in errors
    assert "fetch-depth: 0" in errors
    assert check("../shallow", trust=untrusted_but("HEAD"))[0] == 1


def test_a_revision_needs_a_repository() -> None:
    write("Dockerfile", BAD)
    code, _, errors = check(trust=untrusted_but("HEAD"))
    assert (code, errors.count("\n")) == (2, 1)
    assert "--untrusted=HEAD: " in errors


def test_a_submodule_brings_no_settings_of_its_own_revision(base: str) -> None:
    git("init", "../other")
    write("../other/Dockerfile", BAD)
    write("../other/.dockerlint.yaml", "ignore: [DK]\n")
    write("../other/.gitignore", "*\n")
    git("-C", "../other", "add", "-A", "-f")
    git("-C", "../other", "commit", "-m", "first")
    git("-C", "../other", "tag", "base")
    git("-c", "protocol.file.allow=always", "submodule", "add", "-f", "../other", "module")
    report = check(trust=untrusted_but(base))[1]
    assert {one["rule"] for one in report["findings"] if one["path"] == "module/Dockerfile"} >= FOUND


def test_a_comment_that_the_revision_has_as_well_is_not_honoured_either() -> None:
    git("init")
    comment_of_ours()
    commit()
    assert rules_of(check(trust=untrusted_but("HEAD"))[1]) == FOUND


def test_a_switch_beside_a_revision_takes_away_its_part() -> None:
    line = ["check", "--untrusted=HEAD", "--no-config", "--no-gitignore"]
    written = plain_check(line)
    assert written is not None
    trust = options_of(written).trust
    assert (trust.config, trust.gitignore, trust.lock, trust.inline) == (False, False, True, False)


@pytest.mark.parametrize(
    ("line", "revision", "paths"),
    [
        ("check --untrusted", "", (".",)),
        ("check --untrusted main", "", ("main",)),
        ("check --untrusted=origin/main a", "origin/main", ("a",)),
        ("check a --untrusted=v1.0^0 -- --untrusted", "v1.0^0", ("a", "--untrusted")),
        ("check -- --untrusted=x", None, ("--untrusted=x",)),
    ],
)
def test_a_revision_is_joined_to_its_option(
    line: str, revision: str | None, paths: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Options] = []
    monkeypatch.setattr("dockerlint.cli.commands.run", lambda options, *_: read.append(options) or 0)
    monkeypatch.setattr("dockerlint.run.fix.run_fix", lambda options, *_: read.append(options) or 0)
    written = plain_check(line.split())
    assert written is not None
    invoke(line.split())
    invoke(["fix", *line.split()[1:]])
    assert read == [options_of(written)] * 2
    assert (read[0].paths, read[0].untrusted) == (paths, revision is not None)
    assert read[0].trust.revision == (revision or "")


@pytest.mark.parametrize("option", ["--untrusted=", "--untrusted=--output=x", "--untrusted=-x"])
def test_what_names_no_revision_is_refused(option: str) -> None:
    line = ["check", option]
    with pytest.raises(UsageError, match="--untrusted"):
        invoke(line)
    written = plain_check(line)
    if written is not None:
        with pytest.raises(UsageError, match="--untrusted"):
            options_of(written)
