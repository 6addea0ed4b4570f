"""rules/lists: checked when they are built, read when somebody asks, extended by a project's config."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import nodes, statements

from dockerlint import data
from dockerlint.data import CHECKOUT, TOPICS, extend, extendable, word_list
from dockerlint.model.secret.name import is_secret_name
from dockerlint.parse.commands import parse_shell
from dockerlint.ruleset.documents.lists import compile_lists
from dockerlint.ruleset.rule import RuleError
from dockerlint.yaml.tree import load_plain

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
PACKAGE = Path(__file__).parent.parent / "dockerlint"
MOST_WORDS = 24
"""Words of a literal in Python: more are knowledge."""
GRAMMAR = {
    "_SHELL_WORDS",  # builtins of sh
    "_OPERATORS",  # of the shell's language
    "_FIX",  # flags of our own command line, joined to the names of what they set
    "KNOWN_FLAGS",  # flags of Dockerfile instructions
    "_NOT_IN_RE2",  # of regular expressions
    "OPERATORS",  # of the language of rules
    "Untrusted",  # a help text
    "_NOTHING",  # what audit says where it is given nothing
    "KINDS",  # which joins kinds of files to their code
    "FORMATS",  # which joins formats of reports to their code
    "_MODULES",  # which joins nodes to their facts
    "_SERVICE",  # keys of the Compose format, joined to the functions that merge them
    "_PLACEHOLDER",  # one regular expression
    "TABLES",  # of a survey: what each column holds
    "_WORST",  # a query of a survey
    "_TABLES",  # what stands above the tables of its page
}


@pytest.fixture(autouse=True)
def our_words() -> Iterator[None]:
    yield
    extend({})


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of rules/ that a test may change."""
    for name in ("words.yaml", "lists"):
        source = Path(CHECKOUT, name)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def test_long_literals_in_python_are_grammar() -> None:
    found = set()
    for body in statements().values():
        for node in body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                texts = (one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant))
                if sum(len(text.split()) for text in texts if isinstance(text, str)) > MOST_WORDS:
                    found.add(ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))
    assert found == GRAMMAR, "write lists of programs, packages, words into rules/lists"


def test_every_topic_has_its_file_and_every_file_its_topic() -> None:
    assert sorted(path.stem for path in Path(CHECKOUT, "lists").glob("*.yaml")) == list(TOPICS)


def test_every_list_is_read_by_somebody_and_every_list_that_is_read_is_there() -> None:
    asked = set()
    for found in nodes().values():
        for node in found:
            if isinstance(node, ast.Call):
                asked |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    for path in Path(CHECKOUT).glob("*/DK*.yaml"):
        asked |= set(re.findall(r"\$([a-z][a-z-]+)", path.read_text("utf-8")))
    told = {name for document in compile_lists(CHECKOUT).values() for name in document} - {"extendable"}
    assert told - asked == set(), "nobody reads these"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one:\n  what: some programs\n  words: a b\n", "'source' is a required property"),
        ("one:\n  what: some programs\n  source: their manual\n", "is not valid"),
        ("one:\n  what: some programs\n  source: their manual\n  words: a b a\n", "a stands there twice"),
        ("one:\n  what: some programs\n  source: their manual\n  table: {a b: x, b: y}\n", "b stands there"),
        (
            "one:\n  what: some programs\n  source: their manual\n  words: a\n  extra: 1\n",
            "unknown key 'extra'",
        ),
        ("shells:\n  what: some programs\n  source: their manual\n  words: a\n", "has the name shells, too"),
        ("web-ports:\n  what: some ports\n  source: their manual\n  words: a\n", "a list in words.yaml"),
        (
            "one:\n  what: some programs\n  source: their manual\n  extend: true\n  table: {a: b}\n",
            "'words' is a dependency of 'extend'",
        ),
    ],
)
def test_a_mistake_in_a_list_is_told_with_its_place(rules: Path, text: str, message: str) -> None:
    path = rules / "lists" / "systems.yaml"
    path.write_text(text)
    with pytest.raises(RuleError, match=r"systems\.yaml:\d+: ") as raised:
        compile_lists(str(rules))
    assert message in str(raised.value)


@pytest.mark.parametrize(("name", "key"), [("credential-formats", "pattern"), ("service-tokens", "rest")])
def test_a_format_of_credentials_needs_a_pattern_or_what_follows_its_word(
    rules: Path, name: str, key: str
) -> None:
    path = rules / "lists" / "secrets.yaml"
    found = load_plain(path.read_text())[0][name]
    found["rows"] = [{"id": "one", "title": "a token", "keywords": ["one_"]}]
    path.write_text(json.dumps({name: found}))
    with pytest.raises(RuleError, match=rf"secrets\.yaml:1: '{key}' is a required property"):
        compile_lists(str(rules))


def test_what_the_build_writes_is_what_a_checkout_makes(tmp_path: Path) -> None:
    script = (
        "import sys; from dockerlint import data; data.DOCUMENTS = sys.argv[1]\n"
        "from dockerlint.shell.options import VALUED\n"
        "print(sorted(VALUED), 'dockerlint.ruleset.documents.lists' in sys.modules)"
    )
    writing = "import sys; from dockerlint import data; from dockerlint.ruleset.bundle import write_bundle\n"
    writing += "write_bundle(data.CHECKOUT, sys.argv[1])"
    shown = []
    for prepare in (False, True):
        if prepare:
            subprocess.run([sys.executable, "-c", writing, str(tmp_path)], check=True)
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
        )
        shown.append(done.stdout.rsplit(" ", 1))
    assert shown[0][0] == shown[1][0]
    assert [built.strip() for _, built in shown] == ["True", "False"]


def test_a_list_grows_for_one_project_and_is_ours_again_for_the_next() -> None:
    shells = word_list("commands", "shells")
    assert "fish" not in shells
    extend({"shells": ("fish",)})
    assert {"sh", "fish"} <= set(shells)
    extend({"trusted-registries": ("registry.example",)})
    assert "fish" not in shells
    assert "sh" in shells


def test_only_lists_that_say_so_grow() -> None:
    nouns = word_list("secrets", "other-nouns")
    extend({"other-nouns": ("password",)})
    assert "password" not in nouns
    assert "other-nouns" not in extendable()
    assert {"shells", "programs-that-need-root", "secret-words"} <= extendable().keys()


def test_what_was_remembered_about_names_is_asked_again_when_words_change() -> None:
    assert not is_secret_name("DB_KENNWORT")
    extend({"secret-words": ("kennwort",)})
    assert is_secret_name("DB_KENNWORT")
    extend({})
    assert not is_secret_name("DB_KENNWORT")


def test_a_shell_of_a_project_is_looked_into() -> None:
    assert [one.tool for one in parse_shell("fish -c 'curl http://x'", 0)] == ["fish"]
    extend({"shells": ("fish",)})
    assert "curl" in [one.tool for one in parse_shell("fish -c 'curl http://x'", 0)]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three folders, of which one has a config with words of its own."""
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Dockerfile").write_text(
            "FROM alpine:3.22\nENV DB_KENNWORT=Gh7kQ2mZx9\nUSER app\n"
        )
    (tmp_path / "b/.dockerlint.yaml").write_text("words:\n  secret-words: [kennwort]\n")
    return tmp_path


def check(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dockerlint", "check", *arguments]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)


def test_each_file_of_a_run_is_read_with_the_words_of_its_own_config(project: Path) -> None:
    done = check(project, "--format", "json", "a", "b", "c")
    findings = json.loads(done.stdout)["findings"]
    assert [one["path"] for one in findings if one["rule"] == "DK520"] == [str(Path("b/Dockerfile"))]


def test_an_unknown_list_of_words_is_refused_with_a_suggestion(project: Path) -> None:
    (project / "b/.dockerlint.yaml").write_text("words:\n  shels: [fish]\n")
    done = check(project, "b")
    assert done.returncode == 2
    assert "unknown word list 'shels'; did you mean 'shells'?" in done.stdout + done.stderr


def test_a_check_reads_each_document_at_most_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    original = data.read_document
    monkeypatch.setattr(data, "_read", {})
    monkeypatch.setattr(data, "read_document", lambda path: read.append(path) or original(path))
    monkeypatch.setattr(data, "is_fresh", lambda path, folders: Path(path).exists())
    for name in ("shells", "filters", "downloaders"):
        monkeypatch.setattr(data, "_sets", {})
        word_list("commands", name)
    assert len(read) <= 1
