"""What a maintainer would not merge is no fix to write unasked: it is advice, or unproven, or not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from test_projects import check

from dockerlint.findings import Tier
from dockerlint.hardening.needs import needed_capabilities
from dockerlint.linting.selection import SelectionFlags
from dockerlint.model.dockerfile.builder import BuildingService
from dockerlint.parse.compose.inline import builders_of
from dockerlint.parse.compose.project import parse_compose
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.file import FileLinter
from dockerlint.run.text import lint_whole
from dockerlint.workspace.roots import Roots

pytestmark = pytest.mark.usefixtures("in_a_folder")

RULESET = load_ruleset(today=EXAMPLE_DAY)
BROKER = "services:\n  broker:\n    image: bitnami/kafka:4.0\n    ports: ['9092:9092']\n    environment:\n"
PHP = "FROM php:8.4-fpm\nCOPY www /var/www/html\n"


def tiers(
    text: str, rule: str, kind: str = "dockerfile", builders: Sequence[BuildingService] = ()
) -> list[Tier | None]:
    found = lint_whole(text, kind, RULESET, builders=builders).findings
    return [one.fix and one.fix.tier for one in found if one.rule.id == rule]


@pytest.mark.parametrize(
    ("setting", "tier"),
    [
        ("KAFKA_ADVERTISED_LISTENERS: 'IN://broker:9092,OUT://localhost:9092,L://127.0.0.1:9'", Tier.HARDEN),
        ("KAFKA_ADVERTISED_PORT: '9092'", Tier.HARDEN),
        ("KAFKA_ADVERTISED_LISTENERS: 'OUT://kafka.example.com:9092'", Tier.UNPROVEN),
        ("ADVERTISED_HOSTNAME: $HOST_OF_KAFKA", Tier.UNPROVEN),
        ("KAFKA_ADVERTISED_HOST_NAME: 10.1.2.3", Tier.UNPROVEN),
        ("ZOO_SERVERS: server.1=zoo1:2888:3888;2181 server.2=0.0.0.0:2888:3888;2181", Tier.HARDEN),
        ("ZOO_SERVERS: server.1=zoo1.example.com:2888:3888;2181", Tier.UNPROVEN),
    ],
)
def test_a_port_stays_open_where_the_service_names_an_address_for_other_machines(
    setting: str, tier: Tier
) -> None:
    assert tiers(f"{BROKER}      {setting}\n", "DK231", "compose") == [tier]


@pytest.mark.parametrize("told", ["-Xmx${HEAP}", "-Xms$HEAP", "-Xmx${HEAP:-512m}"])
def test_memory_is_not_limited_where_a_variable_says_how_much_the_program_takes(told: str) -> None:
    text = (
        "services:\n  s:\n    image: docker.elastic.co/elasticsearch/elasticsearch:9.1.0\n    environment:\n"
        "      discovery.type: single-node\n      ES_JAVA_OPTS: {}\n"
    )
    assert tiers(text.format("-Xmx512m"), "DK226", "compose") == [Tier.HARDEN]
    assert tiers(text.format(told), "DK226", "compose") == [None]


@pytest.mark.parametrize(("target", "given"), [("/data", True), ("/other", False), ("/var/lib/etcd", True)])
def test_root_may_write_into_a_folder_of_the_host_that_its_command_names(target: str, given: bool) -> None:
    text = (
        "services:\n  s:\n    image: quay.io/coreos/etcd:v3.6.4\n    command: etcd --data-dir=/data\n"
        f"    volumes: ['./d:{target}']\n"
    )
    (service,) = parse_compose(text, RULESET.knowledge).containers
    assert needed_capabilities(service) == (("DAC_OVERRIDE",) if given else ())


def test_root_stays_where_an_image_only_waits_for_whom_enters_it() -> None:
    assert tiers('FROM alpine:3.22\nENTRYPOINT ["sleep", "infinity"]\n', "DK102") == [None]


def test_root_stays_where_an_option_says_that_root_is_meant() -> None:
    assert tiers(PHP + "USER root\n", "DK101") == [Tier.HARDEN]
    assert tiers(PHP + 'USER root\nCMD ["php-fpm", "-R"]\n', "DK101") == [None]


@pytest.mark.parametrize(
    ("volume", "tier"), [("./logs:/var/log/php", Tier.UNPROVEN), ("./php.ini:/a.ini:ro", Tier.HARDEN)]
)
def test_a_user_is_not_proven_where_a_service_mounts_what_the_host_owns(volume: str, tier: Tier) -> None:
    text = f"services:\n  app:\n    build: .\n    volumes: ['{volume}']\n"
    services = parse_compose(text, RULESET.knowledge).containers
    ((_, builder),) = builders_of(services)
    assert tiers(PHP, "DK102", builders=[builder]) == [tier]


@pytest.mark.parametrize(
    ("context", "path", "is_built"),
    [
        ("./bin/${PHP}", "bin/php8/Dockerfile", True),
        ("./bin/php${PHP}", "bin/php8/Dockerfile", True),
        ("./bin/php${PHP}", "bin/ruby3/Dockerfile", False),
        ("./bin/${PHP}", "bin/php8/alpine/Dockerfile", False),
        ("${FOLDER}", "php8/Dockerfile", False),
    ],
)
def test_a_service_may_build_each_dockerfile_that_a_variable_of_its_path_can_name(
    context: str, path: str, is_built: bool
) -> None:
    Path("compose.yaml").write_text(f"services:\n  app:\n    build: {context}\n")
    assert bool(FileLinter(SelectionFlags(), roots=Roots(["."])).builders.of(path)) is is_built


@pytest.mark.parametrize(("path", "told"), [("app/Dockerfile", ".env"), ("Dockerfile", ".git, .env")])
def test_a_context_below_the_top_of_its_repository_holds_no_git_folder(path: str, told: str) -> None:
    Path(".git").mkdir()
    for name in ("HEAD", "config"):
        Path(".git", name).write_text("")
    Path(".git/HEAD").write_text("ref: refs/heads/main\n")
    for name in ("objects", "refs"):
        Path(".git", name).mkdir()
    ignore = str(Path(path).parent / ".dockerignore")
    texts: Mapping[str, str] = {path: "FROM node:24-slim\nCOPY . .\nUSER node\n", ignore: "node_modules\n"}
    report, _ = check(dict(texts), select=("DK103",))
    assert [one["message"].rpartition("including ")[2] for one in report["findings"]] == [told]
