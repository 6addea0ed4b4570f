"""The config: where it is found, what it may say, and how its mistakes are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dockerlint.findings import Confidence, Severity
from dockerlint.workspace.config import NEVER, Config, ConfigError
from dockerlint.workspace.configfile import CONFIG_KEYS, OVERRIDE_KEYS, parse_config
from dockerlint.workspace.configs import Configs, read_config

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "docs" / "config.schema.json").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def read(text: str) -> Config:
    return parse_config(text.encode(), ".dockerlint.yaml")


def mistakes(text: str, path: str = ".dockerlint.yaml") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text.encode(), path)
    return str(caught.value).splitlines()


FULL = """\
profile: strict
select: [default, DK101]
ignore: DK102
min-confidence: low
fail-on: never
words: {trusted-registries: [registry.example.com], datastore-ports: [7000]}
exclude: [legacy/, "*.old.yaml"]
severity:
  root-in-final-stage: critical
require-reasons: true
forbid-inline: false
fix: {memory: 1g, cpus: 2}
overrides:
  - files: dev/**
    services: [worker-*]
    ignore: [DK201]
    severity: {DK202: info}
    fix: {pids: 50}
    reason: only on laptops
"""


def test_every_key_is_read() -> None:
    config = read(FULL)
    assert (config.profile, config.select, config.ignore) == ("strict", ("default", "DK101"), ("DK102",))
    assert (config.min_confidence, config.fail_on) == (Confidence.LOW, NEVER)
    assert config.words == {"trusted-registries": ("registry.example.com",), "datastore-ports": (7000,)}
    assert config.severity == {"root-in-final-stage": Severity.CRITICAL}
    assert (config.require_reasons, config.forbid_inline) == (True, False)
    assert config.fix == {"memory": "1g", "cpus": 2}
    override = config.overrides[0]
    assert override.fix == {"pids": 50}
    assert (override.services, override.ignore, override.reason) == (
        ("worker-*",),
        ("DK201",),
        "only on laptops",
    )
    assert override.severity == {"DK202": Severity.INFO}


def test_names_of_rules_are_kept_with_their_lines_for_the_check_against_the_rules() -> None:
    assert read(FULL).selectors == (
        ("default", ".dockerlint.yaml:2"),
        ("DK101", ".dockerlint.yaml:2"),
        ("DK102", ".dockerlint.yaml:3"),
        ("root-in-final-stage", ".dockerlint.yaml:9"),
        ("DK201", ".dockerlint.yaml:16"),
        ("DK202", ".dockerlint.yaml:17"),
    )


def test_toml_says_the_same() -> None:
    write("pyproject.toml", '[tool.dockerlint]\nprofile = "strict"\nignore = ["DK102"]\n')
    config = read_config("pyproject.toml")
    assert (config.profile, config.ignore, config.path) == ("strict", ("DK102",), "pyproject.toml")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("profile: default\n\nignroe: [DK101]\n", ":3: unknown key 'ignroe'; did you mean 'ignore'?"),
        ("profile: strcit\n", ":1: profile must be one of default, strict, not 'strcit'"),
        ("fail-on: 3\n", ":1: fail-on must be one of critical, high, medium, low, info, never, not 3"),
        (
            "severity:\n  DK101: huge\n",
            ":2: DK101 must be one of critical, high, medium, low, info, not 'huge'",
        ),
        ("require-reasons: often\n", ":1: require-reasons must be true or false, not 'often'"),
        ("select:\n  - DK101\n  - [DK102]\n", ":1: select must be a list of strings, not a list"),
        ("- DK101\n", ":1: the config must be a mapping, not a list"),
        ("rules: no/such\n", ":1: no directory no/such"),
        ("overrides:\n  - ignore: DK101\n", ":2: an override needs files, services or stages"),
        ("overrides:\n  - {stages: a, select: DK1}\n", ":2: select applies to whole files"),
        ("overrides:\n  - files: a\n    reson: x\n", ":3: unknown key 'reson'; did you mean 'reason'?"),
        ("fix: {memory: 512}\n", ":1: memory must be 6m or more, such as 512m or 2g, not 512"),
        ("fix:\n  memory: 1k\n", ":2: memory must be 6m or more, such as 512m or 2g, not '1k'"),
        ("fix: {cpus: 0}\n", ":1: cpus must be a number above 0, not 0"),
        (
            "overrides:\n  - files: a\n    fix: {pids: all}\n",
            ":3: pids must be an integer above 0, not 'all'",
        ),
        ("fix: {memroy: 1g}\n", ":1: unknown key 'memroy'; did you mean 'memory'?"),
        ("profile: 'strict\n", ":"),
        ("ignore: a\nignore: b\n", ":2: "),
    ],
)
def test_a_mistake_names_file_line_and_the_way_out(text: str, mistake: str) -> None:
    assert mistakes(text)[0].startswith(f".dockerlint.yaml{mistake}")


def test_all_mistakes_are_told_at_once() -> None:
    assert len(mistakes("profil: strict\nfail-on: maybe\n")) == 2


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            '[tool.other]\nx = 1\n\n[tool.dockerlint]\nfail-on = "maybe"\n',
            ":5: fail-on must be one of",
        ),
        ('[tool.dockerlint]\nprofile = "strict\n', ":2: invalid TOML"),
        (
            '[tool.dockerlint]\nselct = ["DK101"]\n',
            ":2: unknown key 'selct'; did you mean 'select'?",
        ),
    ],
)
def test_a_mistake_in_toml_has_a_line_too(text: str, mistake: str) -> None:
    assert mistakes(text, "pyproject.toml")[0].startswith(f"pyproject.toml{mistake}")


def test_the_nearest_config_holds_and_the_top_of_the_repository_is_the_end() -> None:
    write(".dockerlint.yaml", "profile: strict")
    write("a/b/.dockerlint.yml", "profile: default")
    write("c/pyproject.toml", "[project]\nname = 'c'\n")
    write("inner/.git/HEAD", "")
    configs = Configs()
    assert configs.of("a/Dockerfile").path == ".dockerlint.yaml"
    assert configs.of("c/Dockerfile").path == ".dockerlint.yaml"
    assert configs.of("a/b/c/d/Dockerfile").path == "a/b/.dockerlint.yml"
    assert configs.of("inner/Dockerfile") == Config()


def test_a_config_that_the_user_names_holds_everywhere() -> None:
    write("a/.dockerlint.yaml", "profile: strict")
    write("other.yaml", "profile: default")
    assert Configs(only="other.yaml").of("a/Dockerfile").profile == "default"
    with pytest.raises(ConfigError, match=r"gone\.yaml: no such file"):
        Configs(only="gone.yaml").of("a/Dockerfile")


def test_patterns_count_from_the_folder_of_the_config() -> None:
    write("a/.dockerlint.yaml", "exclude: [/old/, '!keep.yaml']\noverrides: [{files: b/*, ignore: DK1}]")
    config = Configs().of("a/Dockerfile")
    assert config.excludes("a/old", is_folder=True)
    assert not config.excludes("old", is_folder=True)
    assert len(config.overrides_for("a/b/Dockerfile")) == 1
    assert config.overrides_for("b/Dockerfile") == ()


def test_the_schema_for_editors_has_the_keys_of_the_reader() -> None:
    assert set(SCHEMA["properties"]) == set(CONFIG_KEYS)
    assert set(SCHEMA["$defs"]["override"]["properties"]) == set(OVERRIDE_KEYS)
    levels = [str(level) for level in reversed(Severity)]
    assert SCHEMA["$defs"]["severities"]["additionalProperties"]["enum"] == levels
    assert SCHEMA["properties"]["fail-on"]["enum"] == [*levels, NEVER]
    assert SCHEMA["properties"]["min-confidence"]["enum"] == [str(level) for level in reversed(Confidence)]


VALUES: list[Any] = [
    "default",
    "high",
    "DK101",
    ["DK101"],
    [1],
    True,
    3,
    None,
    {"DK101": "low"},
    {"a": ["b"]},
    {},
    {"memory": "1g", "cpus": 0.5, "pids": 10},
    {"memory": 5},
    {"cpus": -1},
    {"pids": True},
]
VALUES += [
    [{"files": "a"}],
    [{"files": "a", "select": "DK1"}],
    [{"services": "a", "select": "DK1"}],
    [{}],
    [],
]


@pytest.mark.parametrize("key", CONFIG_KEYS)
def test_the_schema_for_editors_takes_what_the_reader_takes(key: str) -> None:
    Path("DK101").mkdir()
    Path("default").mkdir()
    Path("high").mkdir()
    for value in VALUES:
        document = json.dumps({key: value})
        try:
            read(document)
            taken = True
        except ConfigError:
            taken = False
        assert Draft202012Validator(SCHEMA).is_valid(json.loads(document)) == taken, document
