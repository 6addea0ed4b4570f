"""What a container needs once it is hardened, by the facts about its image and by how it is run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dockerlint.data import CHECKOUT
from dockerlint.hardening.bounds import cpus_evidence, memory_evidence, pids_evidence
from dockerlint.hardening.gains import privilege_evidence
from dockerlint.hardening.healthcheck import fitting_healthcheck
from dockerlint.hardening.hints import hinted_capabilities
from dockerlint.hardening.needs import (
    capability_evidence,
    fitting_user,
    needed_capabilities,
    needed_tmpfs,
    read_only_capabilities,
    tmpfs_evidence,
    user_tmpfs,
)
from dockerlint.hardening.release_line import mounted_tag
from dockerlint.model.container.container import Container
from dockerlint.model.container.isolation import capability_name
from dockerlint.model.container.limits import Bounds
from dockerlint.parse.compose.project import parse_compose
from dockerlint.ruleset.documents.files import read_plain_file
from dockerlint.ruleset.documents.imagedocs import TABLES, compile_knowledge
from dockerlint.ruleset.knowledge import read_knowledge
from dockerlint.values import UNKNOWN

KNOWLEDGE = read_knowledge(compile_knowledge(CHECKOUT), date(2026, 8, 22))
DOCKERS_OWN = frozenset(
    (
        *("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP"),
        *("SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"),
    )
)
"""What a container has when nothing is said: moby daemon/pkg/oci/caps/defaults.go."""


def service(*lines: str) -> Container:
    text = "services:\n  one:\n" + "".join(f"    {line}\n" for line in lines)
    return parse_compose(text, KNOWLEDGE).containers[0]


@pytest.mark.parametrize(
    ("lines", "needed"),
    [
        (["image: postgres:17.6"], "DAC_OVERRIDE SETGID SETUID"),
        (["image: postgres:17.6", "user: postgres"], ""),
        (
            ["image: postgres:17.6", "volumes: ['${DATA}:/var/lib/postgresql/data']"],
            "CHOWN DAC_OVERRIDE SETGID SETUID",
        ),
        (
            ["image: nginx:1.29", "volumes: ['${KEY}:/web.key:ro']"],
            "CHOWN DAC_OVERRIDE SETGID SETUID",
        ),
        (
            ["image: postgres:17.6", "volumes: [./db:/var/lib/postgresql/data]"],
            "CHOWN DAC_OVERRIDE SETGID SETUID",
        ),
        (
            ["image: postgres:17.6", "volumes: [./i.sql:/docker-entrypoint-initdb.d/i.sql]"],
            "DAC_OVERRIDE SETGID SETUID",
        ),
        (["image: postgres:17.6", "tmpfs: /run/postgresql"], "CHOWN DAC_OVERRIDE SETGID SETUID"),
        (["image: redis:7.4-alpine"], "SETGID SETUID"),
        (["image: redis:7"], "SETGID SETUID"),
        (["image: redis:7.4", "command: redis-server --appendonly yes"], "DAC_OVERRIDE SETGID SETUID"),
        (["image: redis:8.2", "command: redis-server --appendonly yes"], "SETGID SETPCAP SETUID"),
        (["image: redis:8.2"], "SETGID SETPCAP SETUID"),
        (["image: nginx:1.28", "volumes: [./site:/usr/share/nginx/html]"], "CHOWN SETGID SETUID"),
        (["image: nginx:1.28", "volumes: [./keys:/etc/nginx/certs]"], "CHOWN DAC_OVERRIDE SETGID SETUID"),
        (["image: minio/minio", "volumes: [files:/data]"], ""),
        (["image: minio/minio", "volumes: [./files:/data]"], "DAC_OVERRIDE"),
        (["image: redis"], "SETGID SETPCAP SETUID"),
        (
            ["image: rabbitmq:4.1", "healthcheck: {test: rabbitmq-diagnostics -q ping}"],
            "DAC_OVERRIDE SETGID SETUID",
        ),
        (["image: nginx:1.28", "network_mode: host"], "CHOWN NET_BIND_SERVICE SETGID SETUID"),
        (["image: caddy:2.10", 'user: "1000"'], "NET_BIND_SERVICE"),
        (["image: memcached:1.6"], ""),
    ],
)
def test_capabilities_follow_from_the_image_and_from_how_it_is_run(lines: list[str], needed: str) -> None:
    assert needed_capabilities(service(*lines)) == tuple(needed.split())


@pytest.mark.parametrize(
    ("lines", "evidence"),
    [
        (["image: postgres:17.6"], "tested"),
        (["image: mysql:8.4"], "read"),
        (["image: example/app:1.0", "user: app"], "unprivileged"),
        (["image: postgres:17.6", "user: postgres"], "user"),
        (["image: example/app:1.0"], "none"),
        (["image: example/app:1.0", "user: ${WHO}"], "none"),
        (["image: example/app:1.0", "command: sh -c 'chown -R app /srv && exec su app -c serve'"], "missing"),
        (["image: example/app:1.0", "user: app", "command: sh -c 'chown app x'"], "unprivileged"),
        (["image: postgres:17.6", "entrypoint: /own.sh"], "missing"),
        (["image: postgres:17.6", "command: [bash, -c, run]"], "missing"),
    ],
)
def test_it_is_told_how_the_needs_are_known(lines: list[str], evidence: str) -> None:
    assert capability_evidence(service(*lines)) == evidence


@pytest.mark.parametrize(
    ("line", "memory", "pids"),
    [
        ("image: redis:8.2", "tried", "tried"),
        ("image: mcr.microsoft.com/mssql/server:2022-CU14", "needed", "none"),
        ("image: mysql:8.4", "none", "concluded"),
        ("image: mariadb:11.8", "tried", "tried"),
        ("image: varnish:7.7", "tried", "needed"),
        ("image: example/app:1.0", "none", "none"),
    ],
)
def test_a_bound_rests_on_what_is_needed_or_was_tried_or_on_nothing(
    line: str, memory: str, pids: str
) -> None:
    one = service(line)
    assert (memory_evidence(one), pids_evidence(one)) == (memory, pids)
    assert cpus_evidence(one) == ("tried" if memory == "tried" else "none")
    named = replace(one, bounds=Bounds(memory="1g", cpus=2, pids=50))
    assert {memory_evidence(named), cpus_evidence(named), pids_evidence(named)} == {"policy"}


@pytest.mark.parametrize("line", ["entrypoint: /own.sh", "command: sh -c ./own.sh", "build: ."])
def test_what_an_image_needs_says_nothing_of_another_program_in_it(line: str) -> None:
    assert memory_evidence(service("image: mcr.microsoft.com/mssql/server:2022-CU14", line)) == "none"


def test_what_nginx_needs_holds_for_its_own_configuration() -> None:
    bare = service("image: nginx:1.31")
    assert (memory_evidence(bare), cpus_evidence(bare), pids_evidence(bare)) == ("needed",) * 3
    mounts = 'volumes: ["./x.conf:/etc/nginx/conf.d/x.conf", "./site:/usr/share/nginx/html"]'
    assert memory_evidence(service("image: nginx:1.31", mounts)) == "tried"
    assert (
        memory_evidence(service("image: nginx:1.31", mounts.replace("/etc/nginx/conf.d", "/srv"))) == "needed"
    )


@pytest.mark.parametrize(
    ("lines", "evidence"),
    [
        (["image: postgres:17.6"], "image"),
        (["image: postgres:17.6", "entrypoint: /own.sh"], "image"),
        (["image: node:24", "command: npm start"], "image"),
        (["image: node:24", "command: sudo -u node npm start"], "none"),
        (["image: example/app:1.0"], "none"),
        (["image: example/app:1.0", "user: 1000:1000"], "none"),
        (["image: hashicorp/vault:1.20"], "none"),
        (["build: ."], "none"),
    ],
)
def test_that_nothing_gains_privileges_rests_on_facts(lines: list[str], evidence: str) -> None:
    assert privilege_evidence(service(*lines)) == evidence


def test_what_was_tried_holds_for_the_image_as_it_starts_alone() -> None:
    assert memory_evidence(service("image: redis:8.2", "entrypoint: /own.sh")) == "none"
    assert memory_evidence(service("image: redis:8.2", "build: .")) == "none"


@pytest.mark.parametrize("name", ["SETGID", "CAP_SETGID", "setgid"])
def test_a_capability_that_the_text_drops_is_not_given_back(name: str) -> None:
    drop = f"cap_drop: [{name}]"
    assert needed_capabilities(service("image: nginx:1.28", drop)) == ("CHOWN", "SETUID")
    assert "SETGID" not in hinted_capabilities(service("image: example/nginx:1.28", drop))
    assert read_only_capabilities(service("image: postgres:17.6", "cap_drop: [CHOWN]")) is UNKNOWN


def test_who_adds_all_capabilities_drops_none() -> None:
    assert service("image: a:1", "cap_drop: [ALL]", "cap_add: [all]").drops_all_capabilities is False
    assert service("image: a:1", "cap_drop: [ALL]", "cap_add: [KILL]").drops_all_capabilities is True


def test_nobody_is_told_what_nobody_found_out() -> None:
    assert needed_capabilities(service("image: example/app:1.0")) is UNKNOWN
    assert needed_tmpfs(service("image: example/app:1.0")) is UNKNOWN
    assert needed_tmpfs(service("image: postgres:17.6", "user: ${WHO}")) is UNKNOWN


def test_memory_takes_the_place_of_what_must_be_written() -> None:
    assert needed_tmpfs(service("image: mariadb:11.8")) == ("/run/mysqld", "/tmp")
    assert needed_tmpfs(service("image: mariadb:11.8", "volumes: [tmp:/tmp]")) == ("/run/mysqld",)
    assert needed_tmpfs(service("image: mariadb:11.8", "volumes: ['run:/var/run/mysqld']")) == ("/tmp",)
    assert tmpfs_evidence(service("image: mariadb:11.8")) == "tested"
    assert tmpfs_evidence(service("image: sonarqube:2026.1")) == "documented"
    assert tmpfs_evidence(service("image: mysql:8.4")) == "read"
    assert tmpfs_evidence(service("image: example/app:1.0")) == "none"
    assert needed_tmpfs(service("image: valkey/valkey:8.1", "user: valkey")) == ()


@pytest.mark.parametrize(
    ("lines", "is_known"),
    [
        (["image: nginx:1.28"], True),
        (["image: nginx:1.28", "volumes: ['./t:/etc/nginx/templates:ro']"], False),
        (["image: nginx:1.28", "volumes: ['./a:/etc/nginx/templates/a.template']"], False),
        (["image: nginx:1.28", "volumes: ['./nginx:/etc/nginx']"], False),
        (["image: nginx:1.28", "volumes: ['./t:${WHERE}']"], False),
        (["image: nginx:1.28", "volumes: ['./t:/etc/nginx/conf.d:ro']"], True),
        (["image: nginx:1.28", "environment: [NGINX_ENVSUBST_OUTPUT_DIR=/etc/nginx]"], False),
        (["image: nginx:1.28", "env_file: web.env"], False),
        (["image: caddy:2"], False),
        (["image: caddy:2", "volumes: ['data:/data']"], False),
        (["image: caddy:2", "volumes: ['data:/data', 'config:/config']"], True),
        (["image: rabbitmq:3.8-management"], False),
        (["image: rabbitmq:3.9"], True),
        (["image: rabbitmq"], True),
        (["image: 'rabbitmq:${TAG}'"], False),
        (["image: redis:8.2", "command: redis-server --logfile /var/log/redis.log"], False),
        (["image: redis:8.2", "command: [redis-server, --dir=/srv/dump]"], False),
        (["image: redis:8.2", "command: [redis-server, --dir=/srv/dump]", "volumes: ['dump:/srv']"], True),
        (["image: redis:8.2", "command: redis-server /etc/redis.conf --dir /data"], True),
        (["image: postgres:17.6", "environment: {PGDATA: /srv/pg}"], False),
    ],
)
def test_what_is_written_is_known_under_the_conditions_of_the_fact(lines: list[str], is_known: bool) -> None:
    assert (needed_tmpfs(service(*lines)) is not UNKNOWN) is is_known
    assert (tmpfs_evidence(service(*lines)) != "none") is is_known


def test_a_user_other_than_root_needs_memory_that_everybody_may_write() -> None:
    assert user_tmpfs(service("image: nginx:1.28")) == ("/run:mode=1777", "/var/cache/nginx:mode=1777")
    assert needed_tmpfs(service("image: nginx:1.28", "user: nginx", "tmpfs: /run")) == (
        "/var/cache/nginx:mode=1777",
    )
    assert fitting_user(service("image: nginx:1.28")) == "nginx"
    assert fitting_user(service("image: nginx:1.28", "entrypoint: /own.sh")) is None
    assert fitting_user(service("image: python:3.14")) is None


def test_a_folder_that_becomes_memory_belongs_to_root_at_first() -> None:
    postgres, nginx = service("image: postgres:17.6"), service("image: nginx:1.28")
    assert read_only_capabilities(postgres) == ("CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID")
    assert read_only_capabilities(nginx) == needed_capabilities(nginx)


def test_every_fact_about_needs_names_its_source_and_nothing_beyond_dockers_own_capabilities() -> None:
    for path in sorted((Path(CHECKOUT) / "images").glob("*.yaml")):
        needs = {} if path.stem in TABLES else read_plain_file(str(path)).data.get("needs", {})
        assert not needs or {"strength", "source", "date"} <= needs.keys(), path.name
        assert needs.get("strength", "read") in (*("read", "documented", "derived", "measured", "tested"),), (
            path.name
        )
        lists = [needs.get("root", []), needs.get("user", []), needs.get("foreign", [])]
        lists += [*needs.get("by_tag", {}).values(), *needs.get("checks", {}).values()]
        for name in (name for names in lists for name in names):
            assert name == capability_name(name), path.name
            assert name in DOCKERS_OWN, path.name


@pytest.mark.parametrize(
    "line",
    [
        "command: redis-server --port 7000",
        "env_file: .env",
        "environment: {REDIS_PORT: 7000}",
        "volumes: [./redis.conf:/redis.conf]",
        "entrypoint: /own.sh",
        "build: .",
        "command: sleep infinity",
        "command: [sh, -c, 'while :; do redis-cli save; done']",
        "command: ${RUN}",
    ],
)
def test_a_check_is_doubtful_where_something_else_may_run_or_listen_elsewhere(line: str) -> None:
    assert fitting_healthcheck(service("image: redis:8.2")) == (
        "CMD-SHELL",
        "redis-cli ping | grep -qE 'PONG|NOAUTH'",
    )
    assert fitting_healthcheck(service("image: redis:8.2", "volumes: [data:/data]")) is not None
    for command in ("redis-server --save 60 1", "[--save, '60 1']", "sh -c 'exec redis-server'", "''"):
        assert fitting_healthcheck(service("image: redis:8.2", f"command: {command}")) is not None
    assert fitting_healthcheck(service("image: redis:8.2", line)) is None


def test_a_check_in_the_image_is_enough_and_the_dollar_is_doubled_for_compose() -> None:
    assert fitting_healthcheck(service("image: postgres:17")) == (
        "CMD-SHELL",
        'pg_isready -q -h 127.0.0.1 -U "$${POSTGRES_USER:-postgres}"'
        ' -d "$${POSTGRES_DB:-$${POSTGRES_USER:-postgres}}"',
    )
    assert fitting_healthcheck(service("image: mariadb:11.8")) == ("CMD", "healthcheck.sh", "--connect")
    assert fitting_healthcheck(service("image: example/app:1.0")) is None


@pytest.mark.parametrize(
    ("lines", "tag"),
    [
        (["image: postgres", "volumes: [data:/var/lib/postgresql/data]"], "17"),
        (["image: postgres:alpine", "volumes: [data:/var/lib/postgresql/data/]"], "17-alpine"),
        (["image: postgres:latest", "volumes: [data:/var/lib/postgresql]"], None),
        (["image: postgres:16", "volumes: [data:/var/lib/postgresql/data]"], None),
        (["image: redis", "volumes: [data:/data]"], None),
    ],
)
def test_a_release_that_refuses_what_is_mounted_is_none_to_move_to(lines: list[str], tag: str | None) -> None:
    assert mounted_tag(service(*lines)) == tag


def built(dockerfile: str, *lines: str) -> Container:
    text = "services:\n  one:\n    build: ./app\n" + "".join(f"    {line}\n" for line in lines)
    return parse_compose(text, KNOWLEDGE, {"app/Dockerfile": dockerfile}.get).containers[0]


@pytest.mark.parametrize(
    ("dockerfile", "evidence"),
    [
        ("FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/\n", "built"),
        ('FROM postgres:17\nENTRYPOINT ["/own.sh"]\n', "missing"),
        ('FROM alpine:3.22\nRUN apk add su-exec\nENTRYPOINT ["/own.sh"]\n', "missing"),
        ("FROM debian:13\nCMD chown -R app /data && su app -c serve\n", "missing"),
        ("FROM node:22\nUSER node\n", "unprivileged"),
        ('FROM node:22\nCMD ["node", "app.js"]\n', "none"),
        ("FROM example/base:1\n", "none"),
        ("ARG BASE=postgres:17\nFROM $BASE\n", "built"),
    ],
)
def test_a_built_image_needs_what_the_entrypoint_does_that_it_keeps(dockerfile: str, evidence: str) -> None:
    assert capability_evidence(built(dockerfile)) == evidence


def test_a_built_image_is_read_from_the_stage_that_is_built() -> None:
    stages = "FROM nginx:1.28 AS prod\nCOPY site /site\nFROM node:22\nUSER node\n"
    text = "services:\n  one:\n    build: {context: ., dockerfile: web/Dockerfile, target: prod}\n"
    container = parse_compose(text, KNOWLEDGE, {"web/Dockerfile": stages}.get).containers[0]
    assert needed_capabilities(container) == ("CHOWN", "SETGID", "SETUID")
    assert needed_tmpfs(container) is UNKNOWN
    assert needed_capabilities(built(stages)) == ()


@pytest.mark.parametrize(
    ("value", "evidence"),
    [("postgres:17", "built"), ("${BASE}", "none"), ("example/base:1", "none"), ("node:22", "none")],
)
def test_the_base_is_the_one_that_an_argument_of_the_service_names(value: str, evidence: str) -> None:
    text = f"services:\n  one:\n    build: {{context: app, args: {{BASE: '{value}'}}}}\n"
    dockerfile = {"app/Dockerfile": "ARG BASE=postgres:16\nFROM $BASE\n"}
    assert capability_evidence(parse_compose(text, KNOWLEDGE, dockerfile.get).containers[0]) == evidence


START = """
services:
  one:
    build: {context: .., dockerfile: images/Dockerfile}
"""


@pytest.mark.parametrize(
    ("dockerfile", "script", "evidence"),
    [
        ('ENTRYPOINT ["/start.sh"]', "chown -R app /data", "missing"),
        ('ENTRYPOINT ["/start.sh"]', 'if true; then exec gosu app "$@"; fi', "missing"),
        ('CMD ["sh", "/start.sh"]', "sh /second.sh", "missing"),
        ('ENTRYPOINT ["/start.sh"]', "exec python app.py", "none"),
        ('USER 1000\nENTRYPOINT ["/start.sh"]', "chown x y", "unprivileged"),
        ("HEALTHCHECK CMD ping -c1 db", "true", "none"),
    ],
)
def test_scripts_that_the_build_copies_are_read(dockerfile: str, script: str, evidence: str) -> None:
    texts = {
        "../images/Dockerfile": f"FROM debian:13\nCOPY scripts/*.sh /\n{dockerfile}\n",
        "../scripts/start.sh": f"#!/bin/sh\n{script}\n",
        "../scripts/second.sh": "#!/bin/sh\nsu app -c serve\n",
    }
    assert capability_evidence(parse_compose(START, KNOWLEDGE, texts.get).containers[0]) == evidence


@pytest.mark.parametrize(
    ("line", "evidence"),
    [
        ("command: sh -c 'ping -c1 db; serve'", "missing"),
        ("command: dnsmasq -k", "missing"),
        ("healthcheck: {test: [CMD, ping, -c1, db]}", "missing"),
        ("ports: ['53:53/udp']", "missing"),
        ("ports: ['2525:25']", "missing"),
        ("ports: ['8025:8025']", "none"),
        ("ports: ['53:8053']", "none"),
    ],
)
def test_the_text_of_a_service_names_what_it_needs_root_for(line: str, evidence: str) -> None:
    assert capability_evidence(service("image: example/app:1.0", line)) == evidence


def test_files_that_a_build_hands_over_are_written_by_root_with_a_capability() -> None:
    for step in ("RUN mkdir /d && chown www-data /d", "COPY --chown=1000 app /app"):
        assert hinted_capabilities(built(f"FROM debian:13\n{step}\n")) == ("DAC_OVERRIDE",)
    assert hinted_capabilities(built("FROM debian:13\nRUN mkdir /d\nCOPY app /app\n")) == ()


def test_a_build_may_put_files_of_root_into_folders_of_the_image() -> None:
    assert needed_capabilities(built("FROM postgres:17\n")) == ("CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID")
    assert needed_capabilities(built("FROM nginx:1.28\n")) == ("CHOWN", "SETGID", "SETUID")


def test_a_start_of_its_own_is_not_the_server_of_the_base() -> None:
    assert capability_evidence(built('FROM postgres:17\nCMD ["/own.sh"]\n')) == "missing"
    assert capability_evidence(built('FROM postgres:17\nCMD ["postgres", "-c", "fsync=off"]\n')) == "built"


def test_a_dockerfile_written_into_the_service_is_read_too() -> None:
    text = "services:\n  one:\n    build:\n      dockerfile_inline: |\n        FROM redis:7.4\n"
    assert needed_capabilities(parse_compose(text, KNOWLEDGE).containers[0]) == ("CHOWN", "SETGID", "SETUID")


@pytest.mark.parametrize("build", ["/app", "https://example.com/app.git", "${WHERE}"])
def test_what_lies_elsewhere_is_not_read(build: str) -> None:
    asked: list[str] = []

    def watched(name: str) -> None:
        asked.append(name)

    text = f"services:\n  one:\n    build: {build}\n"
    container = parse_compose(text, KNOWLEDGE, watched).containers[0]
    assert capability_evidence(container) == "none"
    assert [name for name in asked if "Dockerfile" in name] == []


@pytest.mark.parametrize(("user", "told"), [("root", 4), ('"0"', 4), ("$U", 4), ("nginx", 0), ('"101"', 0)])
def test_who_starts_as_somebody_else_has_no_root_to_leave(user: str, told: int) -> None:
    assert len(hinted_capabilities(service("image: example/nginx", f"user: {user}"))) == told
