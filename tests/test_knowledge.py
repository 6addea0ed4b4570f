"""The facts about images, from the YAML of the checkout to an answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from dockerlint.images.facts import Knowledge
from dockerlint.model.image import Image
from dockerlint.parse.image import read_image
from dockerlint.ruleset.documents.imagedocs import compile_knowledge
from dockerlint.ruleset.knowledge import BASES, read_knowledge
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located

RULES = Path(__file__).parent.parent / "rules"
DAY = date(2026, 8, 22)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return compile_knowledge(str(RULES))


@pytest.fixture(scope="module")
def knowledge(document: dict[str, Any]) -> Knowledge:
    return read_knowledge(json.loads(json.dumps(document)), DAY)


def image(reference: str, knowledge: Knowledge) -> Image:
    return read_image(Located(reference, Span(0, len(reference))), "from", knowledge)


@pytest.mark.parametrize(
    "reference",
    [
        *(
            "python:3.8-slim",
            "node:16-alpine3.18",
            "debian:buster",
            "ubuntu:18.04",
            "alpine:3.12",
            "postgres:11",
        ),
        *(
            "golang:1.19.3-bullseye",
            "redis:5",
            "python:2",
            "traefik:v2.5",
            "mcr.microsoft.com/dotnet/aspnet:6.0",
        ),
        *("docker.io/library/mongo:4.4", "centos:7", "quay.io/centos/centos:stream8"),
    ],
)
def test_versions_without_fixes_are_known(reference: str, knowledge: Knowledge) -> None:
    read = image(reference, knowledge)
    assert read.is_end_of_life is True
    assert read.end_of_life is not None
    assert read.end_of_life <= DAY


@pytest.mark.parametrize(
    "reference", ["python:3.14", "node:24-slim", "debian:bookworm", "ubuntu:24.04", "alpine:3"]
)
def test_versions_with_fixes_are_left_alone(reference: str, knowledge: Knowledge) -> None:
    assert image(reference, knowledge).is_end_of_life is False


def test_an_end_of_life_depends_on_the_day(document: dict[str, Any]) -> None:
    before, after = (read_knowledge(document, day) for day in (date(2024, 10, 6), date(2024, 10, 7)))
    assert image("python:3.8", before).is_end_of_life is False
    assert image("python:3.8", after).is_end_of_life is True


@pytest.mark.parametrize(
    ("reference", "product", "cycle"),
    [
        ("python:3.12-buster", "Debian", "10"),
        ("nvidia/cuda:11.0-base-ubuntu18.04", "Ubuntu", "18.04"),
        ("node:24-alpine3.18", "Alpine Linux", "3.18"),
        ("gcr.io/distroless/static-debian10", "Debian", "10"),
    ],
)
def test_the_distribution_below_an_image_is_known(
    reference: str, product: str, cycle: str, knowledge: Knowledge
) -> None:
    base = image(reference, knowledge).base
    assert base is not None
    assert (base.product, base.cycle) == (product, cycle)


def test_every_distribution_that_tags_name_has_releases(document: dict[str, Any]) -> None:
    assert not set(BASES.values()) - set(document["products"])


@pytest.mark.parametrize(
    ("reference", "user", "drops"),
    [
        ("postgres:18", "root", True),
        ("python:3.14", "root", False),
        ("grafana/grafana:13.2.0", "472", False),
        ("gcr.io/distroless/static-debian12:nonroot", "nonroot", False),
        ("gcr.io/distroless/static-debian12", "root", False),
        ("bitnami/postgresql:17", "1001", False),
        ("mcr.microsoft.com/dotnet/runtime:8.0-noble-chiseled", "1654", False),
        ("wordpress:cli", "www-data", False),
        ("debian:13", "root", False),
    ],
)
def test_default_users_are_known(reference: str, user: str, drops: bool, knowledge: Knowledge) -> None:
    read = image(reference, knowledge)
    assert (read.default_user, read.drops_root) == (user, drops)


def test_nothing_is_claimed_about_other_peoples_images(knowledge: Knowledge) -> None:
    read = image("registry.example.com/postgres:18", knowledge)
    assert (read.default_user, read.is_datastore, read.is_official) == (UNKNOWN, UNKNOWN, False)


def test_datastores_are_told_from_other_services(knowledge: Knowledge) -> None:
    assert image("bitnami/redis:8", knowledge).is_datastore is True
    assert image("rabbitmq:4", knowledge).is_datastore is True
    assert image("nginx:1.31", knowledge).is_datastore is False


def test_given_up_images_name_their_successor(knowledge: Knowledge) -> None:
    read = image("consul:1.15", knowledge)
    assert (read.is_deprecated, read.replacement) == (True, "hashicorp/consul")
    assert image("hashicorp/consul:1.15", knowledge).is_deprecated is False


@pytest.mark.parametrize(
    ("image", "variable", "names_file"),
    [
        ("postgres", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"),
        ("mariadb", "MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE"),
        ("grafana/grafana", "GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"),
        ("lscr.io/linuxserver/sonarr", "API_KEY", "FILE__API_KEY"),
        ("neo4j", "NEO4J_AUTH", "NEO4J_AUTH_FILE"),
        ("postgres", "PGPASSWORD", None),
        ("rabbitmq", "RABBITMQ_DEFAULT_PASS", None),
        ("redis", "REDIS_PASSWORD", None),
    ],
)
def test_an_image_says_which_variable_names_a_file_with_a_secret(
    image: str, variable: str, names_file: str | None, knowledge: Knowledge
) -> None:
    facts = knowledge.find(image)
    assert facts is not None
    assert facts.secret_file_of(variable) == names_file


@pytest.mark.parametrize(
    ("image", "tag", "variable", "takes_it"),
    [
        ("neo4j", "5.26.1-community", "NEO4J_AUTH", True),
        ("neo4j", "5", "NEO4J_AUTH", True),
        ("neo4j", "2025.01.0", "NEO4J_AUTH", True),
        ("neo4j", "latest", "NEO4J_AUTH", True),
        ("neo4j", "", "NEO4J_AUTH", True),
        ("neo4j", "5.24.0", "NEO4J_AUTH", False),
        ("neo4j", "4.4", "NEO4J_AUTH", False),
        ("neo4j", None, "NEO4J_AUTH", False),
        ("influxdb", "2.1-alpine", "DOCKER_INFLUXDB_INIT_PASSWORD", False),
        ("influxdb", "2.10", "DOCKER_INFLUXDB_INIT_PASSWORD", True),
        ("nextcloud", "22-apache", "SMTP_PASSWORD", False),
        ("nextcloud", "22-apache", "MYSQL_PASSWORD", True),
        ("postgres", None, "POSTGRES_PASSWORD", True),
        ("elasticsearch", "8.15.0", "ELASTIC_PASSWORD", False),
    ],
)
def test_older_releases_of_an_image_may_take_no_file(
    image: str, tag: str | None, variable: str, takes_it: bool, knowledge: Knowledge
) -> None:
    facts = knowledge.find(image)
    assert facts is not None
    assert (facts.secret_file_of(variable, tag) == f"{variable}_FILE") is takes_it


@pytest.mark.parametrize(
    ("image", "word", "is_server"),
    [
        ("minio/minio", "server", True),
        ("minio/minio", "gateway", False),
        ("postgres", "/usr/local/bin/postgres", True),
        ("postgres", "--fsync=off", True),
        ("postgres", "", True),
        ("postgres", "mysqld", False),
        ("postgres", "bash", False),
        ("n8nio/n8n", "worker", False),
        ("clickhouse/clickhouse-server", "bash", False),
    ],
)
def test_an_image_knows_the_commands_of_its_own_server(
    image: str, word: str, is_server: bool, knowledge: Knowledge
) -> None:
    facts = knowledge.find(image)
    assert facts is not None
    assert facts.starts_server(word) is is_server


@pytest.mark.parametrize(
    ("image", "tag", "program"),
    [
        ("postgres", "17", "pg_isready"),
        ("mongo", "8.0", "mongosh"),
        ("mongo", "4.4-focal", "mongo"),
        ("nginx", "1.30-alpine-slim", "wget"),
        ("nginx", "1.30-alpine", "curl"),
        ("httpd", "2.4", None),
        ("httpd", "2.4-alpine", "wget"),
        ("wordpress", "6.8-fpm", None),
        ("mariadb", "10.3", None),
        ("mariadb", "10.11", "healthcheck.sh"),
        ("nats", "2.12", None),
        ("nats", "2.12-alpine", "wget"),
        ("example/app", "1", None),
    ],
)
def test_a_health_check_asks_with_what_the_tag_has(
    image: str, tag: str, program: str | None, knowledge: Knowledge
) -> None:
    facts = knowledge.find(image)
    check = None if facts is None else facts.healthcheck_of(tag)
    assert (check.split()[0] if check else None) == program


def test_other_facts_come_through(knowledge: Knowledge) -> None:
    postgres, rabbitmq, varnish = (knowledge.images[name] for name in ("postgres", "rabbitmq", "varnish"))
    assert postgres.mount_lines == (("/var/lib/postgresql/data", "17"),)
    assert postgres.start_user == "postgres"
    assert rabbitmq.credentials == (("guest", "guest"),)
    assert knowledge.images["sonarqube"].start_user == ""
    assert knowledge.images["vaultwarden/server"].has_healthcheck
    assert varnish.needs is not None
    assert varnish.needs.tmpfs == ("/var/lib/varnish/varnishd:exec,mode=1777",)


def test_what_an_image_says_itself_goes_before_what_its_family_says(knowledge: Knowledge) -> None:
    family, own = (
        knowledge.images[f"lscr.io/linuxserver/{name}"].needs for name in ("sonarr", "socket-proxy")
    )
    assert family is not None
    assert own is not None
    assert family.as_root == ("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID")
    assert own.as_root == ()


def test_facts_are_made_for_the_images_asked_for_only(document: dict[str, Any]) -> None:
    class Counted(dict[str, Any]):
        asked: ClassVar[list[str]] = []

        def get(self, key: str, default: Any = None) -> Any:
            self.asked.append(key)
            return super().get(key, default)

    fresh = read_knowledge({**document, "products": Counted(document["products"])}, DAY)
    assert fresh.find("node") is fresh.find("node")
    assert Counted.asked == ["nodejs"]
