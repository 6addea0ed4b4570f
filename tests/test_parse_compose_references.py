"""What Compose refuses once it has the whole file: names without a declaration, circles, forms of values.

Each text was given to `docker compose config` 2.26, which refuses or accepts it as said here.
"""

from __future__ import annotations

from datetime import date

import pytest

from dockerlint.images.facts import Knowledge
from dockerlint.parse.compose.project import parse_compose

KNOWLEDGE = Knowledge(date(2026, 8, 22))
WEB = "services:\n  web:\n    image: web:1\n"


def codes(text: str, **beside: str) -> list[tuple[str, str]]:
    files = {name.replace("_", "."): content for name, content in beside.items()}
    problems = parse_compose(text, KNOWLEDGE, files.get).problems
    return [(one.code, text[one.span.start : one.span.end]) for one in problems]


@pytest.mark.parametrize(
    ("rest", "code", "place"),
    [
        ("    networks: [inner]\n", "undeclared", "inner"),
        ("    networks: {inner: {aliases: [w]}}\n", "undeclared", "inner"),
        ("    volumes: ['files:/srv']\n", "undeclared", "files"),
        ("    volumes: [{type: volume, source: files, target: /srv}]\n", "undeclared", "files"),
        ("    configs: [{source: conf, target: /c}]\n", "undeclared", "conf"),
        ("    secrets: [key]\n", "undeclared", "key"),
        ("    build: {context: ., secrets: [key]}\n", "undeclared", "key"),
        ("    depends_on: {db: {condition: service_healthy}}\n", "undeclared", "db"),
        ("    links: ['db:store']\n", "undeclared", "db:store"),
        ("    volumes_from: ['db:ro']\n", "undeclared", "db:ro"),
        ("    network_mode: service:db\n", "undeclared", "service:db"),
        ("    extends: {service: base}\n", "undeclared", "base"),
        ("    depends_on: [web]\n", "dependency-cycle", "web"),
        ("    network_mode: bridge\n    networks: [default]\n", "exclusive-keys", "network_mode"),
        ("configs: {conf: {name: c}}\n", "missing-key", "conf"),
        ("secrets: {key: {}}\n", "missing-key", "key"),
    ],
)
def test_compose_refuses_a_name_that_nothing_declares(rest: str, code: str, place: str) -> None:
    assert codes(WEB + rest) == [(code, place)]


@pytest.mark.parametrize(
    "rest",
    [
        "    networks: [default]\n",
        "    volumes: [/srv, './a:/a', '~/b:/b', 'files:/c']\nvolumes: {files: }\n",
        "    depends_on: {db: {condition: service_started, required: false}}\n",
        "    depends_on: ['${DB}']\n",
        "    external_links: [db]\n    volumes_from: ['container:db']\n",
        "    extends: {service: base, file: other.yaml}\n",
        "    secrets: [key]\nsecrets: {key: {external: true}}\n",
        "    depends_on: [db]\n  db: {image: 'db:1'}\n",
        "    networks: [inner]\ninclude: [other.yaml]\n",
    ],
)
def test_a_name_that_something_declares_is_fine(rest: str) -> None:
    assert [one for one in codes(WEB + rest) if one[0] != "unknown-key"] == []


def test_services_that_wait_for_each_other_are_named() -> None:
    text = WEB + "    depends_on: [api]\n  api: {image: 'api:1', links: [db]}\n"
    text += "  db: {image: 'db:1', network_mode: 'service:web'}\n"
    problem = parse_compose(text, KNOWLEDGE).problems[0]
    assert problem.message == "services depend on each other: web → api → db → web"


def test_a_long_chain_of_services_is_no_circle() -> None:
    links = "".join(f"  s{n}: {{image: 'a:1', depends_on: [s{n + 1}, s{n + 2}]}}\n" for n in range(3000))
    text = f"services:\n{links}  s3000: {{image: 'a:1'}}\n  s3001: {{image: 'a:1'}}\n"
    assert codes(text) == []


def test_a_part_of_a_project_may_use_what_the_other_file_declares() -> None:
    base = WEB + "networks: {inner: {}}\n"
    overlay = WEB + "    networks: [inner]\n"
    assert codes(overlay, compose_yaml=base) == []
    assert codes(overlay, compose_yaml=overlay) == [("undeclared", "inner")]


def test_a_service_needs_an_image_in_the_file_that_compose_reads_by_itself() -> None:
    text = "services:\n  web: {restart: always}\n"
    assert codes(text, compose_yml=text) == [("missing-key", "web")]
    assert codes(text) == []
    gated = "services:\n  web: {restart: always, profiles: [later]}\n"
    assert codes(gated, compose_yml=gated) == []


@pytest.mark.parametrize(
    ("key", "refused", "taken"),
    [
        ("healthcheck: {interval: %s}", ["soon", "'10'", "1h 30m", "1H"], ["10s", "1.5h", "1m30s", "'0'"]),
        ("stop_grace_period: %s", ["'90'"], ["90s", "${GRACE}"]),
        ("cpus: %s", ["many", "'1,5'"], ["'0.5'", "1", "1e1"]),
        ("pids_limit: %s", ["some"], ["'100'", "-1"]),
        ("ulimits: {nofile: %s}", ["many"], ["1024", "'1024'"]),
        ("ulimits: {nofile: {soft: %s, hard: 9}}", ["many"], ["'8'", "8"]),
        ("volumes: [{type: tmpfs, target: /x, tmpfs: {size: %s}}]", ["big"], ["64m", "1024"]),
        ("cpu_quota: %s", ["50ms"], ["50000"]),
        ("shm_size: %s", ["big", "1x"], ["64m", "1.5 GiB", "1024"]),
        ("deploy: {replicas: %s}", ["two"], ["2"]),
        ("deploy: {resources: {limits: {cpus: %s}}}", ["half"], ["'0.5'"]),
        ("deploy: {restart_policy: {window: %s}}", ["'5'"], ["5s"]),
        ("ports: [{target: %s}]", ["80-81", "80/tcp"], ["'80'", "80"]),
        ("ports: [{target: 80, protocol: %s}]", ["http"], ["udp", "TCP"]),
    ],
)
def test_values_that_compose_reads_as_numbers_have_their_form(
    key: str, refused: list[str], taken: list[str]
) -> None:
    for value in refused:
        assert codes(f"{WEB}    {key % value}\n"), value
    for value in taken:
        assert not codes(f"{WEB}    {key % value}\n"), value


@pytest.mark.parametrize(
    ("test", "is_fatal"),
    [
        ('["curl", "-f", "http://localhost"]', True),
        ('["cmd", "true"]', True),
        ('["CMD-SHELL", "test", "-f", "/up"]', False),
        ("NONE", False),
        ("curl -f http://localhost", None),
        ('["NONE"]', None),
        ('["CMD", "true"]', None),
        ('["CMD-SHELL", "test -f /up"]', None),
        ("[]", None),
    ],
)
def test_a_health_check_says_how_it_is_run(test: str, is_fatal: bool | None) -> None:
    problems = parse_compose(f"{WEB}    healthcheck: {{test: {test}}}\n", KNOWLEDGE).problems
    assert [one.is_fatal for one in problems] == ([] if is_fatal is None else [is_fatal])


def test_a_mapping_has_one_merge_key() -> None:
    text = "x-a: &a {init: true}\nservices:\n  web:\n    <<: *a\n    image: web:1\n    <<: *a\n"
    assert codes(text) == [("duplicate-key", "<<")]
    assert (
        codes(text.replace("    <<: *a\n    image", "    <<: [*a, *a]\n    image", 1)[: -len("    <<: *a\n")])
        == []
    )


def test_the_template_of_an_override_declares_what_everybody_has_to() -> None:
    text = WEB + "    secrets: [key]\n"
    beside = {"compose.yaml": text, "compose.override.yaml.example": "secrets: {key: {environment: KEY}}\n"}
    assert not parse_compose(text, KNOWLEDGE, beside.get).problems
    beside["compose.override.yaml.example"] = "secrets: {other: {environment: KEY}}\n"
    assert [one.code for one in parse_compose(text, KNOWLEDGE, beside.get).problems] == ["undeclared"]


@pytest.mark.parametrize(("above", "codes"), [("web", []), ("db", ["missing-key"])])
def test_a_file_that_completes_one_above_it_needs_no_images(above: str, codes: list[str]) -> None:
    text = "services:\n  web:\n    networks: [default]\n"
    files = {"compose.yaml": text, "../../compose.yml": f"services:\n  {above}:\n    image: web:1\n"}
    assert [one.code for one in parse_compose(text, KNOWLEDGE, files.get).problems] == codes
