"""Several Compose files as the one that Compose makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from linked import at, plain, resolved, written

from dockerlint.images.facts import Knowledge
from dockerlint.link.resolve import ProjectFiles, Resolved
from dockerlint.parse.compose.project import parse_project
from dockerlint.text import Span
from dockerlint.values import known
from dockerlint.yaml.nodes import as_mapping

KNOWLEDGE = Knowledge(date(2026, 8, 22))


def service(body: str) -> str:
    return "services:\n  api:\n" + "".join(f"    {line}\n" for line in body.splitlines())


def merged(base: str, over: str) -> object:
    """What the service comes to."""
    project = resolved(
        {"compose.yaml": service(base), "over.yaml": service(over)}, "compose.yaml", "over.yaml"
    )
    return plain(at(project, "services", "api"))


@pytest.mark.parametrize(
    ("base", "over", "whole"),
    [
        ("image: a", "image: b", {"image": "b"}),
        ("image: a", "user: x", {"image": "a", "user": "x"}),
        ("image: a", "image:", {"image": "a"}),
        ("command: [a, b]", "command: c", {"command": "c"}),
        ("entrypoint: a", "entrypoint:", {"entrypoint": None}),
        (
            "healthcheck: {test: [CMD, a], retries: 2}",
            "healthcheck: {test: b}",
            {"healthcheck": {"test": "b", "retries": 2}},
        ),
        ("security_opt: [a]", "security_opt: [b]", {"security_opt": ["a", "b"]}),
        ("security_opt: [a]", "security_opt: [a]", {"security_opt": ["a", "a"]}),
        ("cap_add: [A]", "cap_add: [A, B]", {"cap_add": ["A", "B"]}),
        ("environment: [A=1, B=2]", "environment: [B=3]", {"environment": ["A=1", "B=3"]}),
        ("environment: [A=1, B=2]", "environment: {B: 3}", {"environment": {"A": "1", "B": 3}}),
        ("environment: {A: 1, B: 2}", "environment: [B, C=]", {"environment": {"A": 1, "B": None, "C": ""}}),
        ("environment: {A: 1}", "environment: {A: }", {"environment": {"A": None}}),
        ("labels: {a: b}", "labels: [a=1=2]", {"labels": {"a": "1=2"}}),
        (
            "extra_hosts: {h: 1.1.1.1}",
            "extra_hosts: ['h:2.2.2.2']",
            {"extra_hosts": ["h=1.1.1.1", "h:2.2.2.2"]},
        ),
        ("extra_hosts: ['h=::1']", "extra_hosts: {h: ['::1', '::2']}", {"extra_hosts": ["h=::1", "h=::2"]}),
        ("ports: ['80:80']", "ports: ['0.0.0.0:80:80/tcp']", {"ports": ["0.0.0.0:80:80/tcp"]}),
        ("ports: ['80:80']", "ports: ['127.0.0.1:80:80']", {"ports": ["80:80", "127.0.0.1:80:80"]}),
        (
            "ports: ['8080:80', '81']",
            "ports: [{target: 80, published: 8080}, 81]",
            {"ports": [{"target": 80, "published": 8080}, 81]},
        ),
        ("ports: ['80:80']", "ports: ['80:80/udp']", {"ports": ["80:80", "80:80/udp"]}),
        ("volumes: ['./a:/d']", "volumes: ['bb:/d/:ro']", {"volumes": ["bb:/d/:ro"]}),
        ("volumes: ['C:\\a:/d']", "volumes: ['/d']", {"volumes": ["/d"]}),
        (
            "volumes: [aa:/d, bb:/e]",
            "volumes: [{type: tmpfs, target: /e}]",
            {"volumes": ["aa:/d", {"type": "tmpfs", "target": "/e"}]},
        ),
        (
            "secrets: [a, b]",
            "secrets: [{source: a, mode: 256}]",
            {"secrets": [{"source": "a", "mode": 256}, "b"]},
        ),
        ("devices: ['/dev/a:/dev/x']", "devices: ['/dev/b:/dev/x:r']", {"devices": ["/dev/b:/dev/x:r"]}),
        ("networks: [a]", "networks: {a: {aliases: [x]}}", {"networks": {"a": {"aliases": ["x"]}}}),
        (
            "networks: {a: {aliases: [x]}}",
            "networks: [a, b]",
            {"networks": {"a": {"aliases": ["x"]}, "b": None}},
        ),
        (
            "depends_on: {db: {condition: service_healthy, restart: true}}",
            "depends_on: [db]",
            {"depends_on": {"db": {"condition": "service_started", "restart": True, "required": True}}},
        ),
        ("build: .", "build: {target: x}", {"build": {"context": ".", "target": "x"}}),
        ("build: {args: [A=1]}", "build: {args: {A: 2}}", {"build": {"args": {"A": 2}}}),
        (
            "logging: {driver: local, options: {a: 1}}",
            "logging: {options: {b: 2}}",
            {"logging": {"driver": "local", "options": {"a": 1, "b": 2}}},
        ),
        (
            "logging: {driver: local, options: {a: 1}}",
            "logging: {driver: syslog}",
            {"logging": {"driver": "syslog"}},
        ),
        (
            "ulimits: {nofile: {soft: 1, hard: 2}}",
            "ulimits: {nofile: {soft: 3}}",
            {"ulimits": {"nofile": {"soft": 3}}},
        ),
        ("cap_drop: [ALL]", "cap_drop: [ALL]", {"cap_drop": ["ALL"]}),
        ("tmpfs: /a", "tmpfs: [/b, /a]", {"tmpfs": ["/a", "/b"]}),
        ("dns: 1.1.1.1", "dns: [2.2.2.2, 1.1.1.1]", {"dns": ["1.1.1.1", "2.2.2.2"]}),
        (
            "env_file: a.env",
            "env_file: [{path: a.env, required: false}]",
            {"env_file": [{"path": "a.env", "required": False}]},
        ),
        ("ports: ['80:80']", "ports: !override ['81:81']", {"ports": ["81:81"]}),
        ("ports: ['80:80']\nuser: x", "ports: !reset []", {"user": "x"}),
        ("environment: {A: 1, B: 2}", "environment: {A: !reset null}", {"environment": {"B": 2}}),
        (
            "deploy: {resources: {limits: {cpus: 1}}}",
            "deploy: !override {replicas: 2}",
            {"deploy": {"replicas": 2}},
        ),
    ],
)
def test_a_key_of_a_service_is_merged_as_compose_does_it(base: str, over: str, whole: object) -> None:
    assert merged(base, over) == whole


def test_each_value_keeps_the_place_that_set_it() -> None:
    texts = {"compose.yaml": service("image: a\nuser: x"), "over.yaml": service("image: b # now")}
    project = resolved(texts, "compose.yaml", "over.yaml")
    assert written(project, at(project, "services", "api", "image")) == ("over.yaml", "b")
    assert written(project, at(project, "services", "api", "user")) == ("compose.yaml", "x")
    assert len(project.sources.files) == 2


def test_a_service_knows_its_keys_in_every_file_in_the_order_of_merging() -> None:
    texts = {"compose.yaml": service("image: a"), "over.yaml": service("user: b")}
    project = resolved(texts, "compose.yaml", "over.yaml")
    places = [project.sources.home(span) for span in project.declared["api"]]
    assert [(file.path, file.text[span.start : span.end]) for file, span in places] == [
        ("compose.yaml", "api"),
        ("over.yaml", "api"),
    ]


def test_a_list_over_a_mapping_is_refused_at_its_place() -> None:
    texts = {"compose.yaml": service("deploy: {replicas: 1}"), "over.yaml": service("deploy: [x]")}
    project = resolved(texts, "compose.yaml", "over.yaml")
    (problem,) = project.problems
    assert problem.code == "wrong-type"
    file, span = project.sources.home(problem.span)
    assert (file.path, file.text[span.start : span.end]) == ("over.yaml", "[x]")


def test_documents_of_a_stream_are_merged_in_order() -> None:
    project = resolved({"compose.yaml": service("image: a\nuser: x") + "---\n" + service("image: b")})
    assert plain(at(project, "services", "api")) == {"image": "b", "user": "x"}


def test_a_file_that_is_not_there_leaves_the_project_incomplete() -> None:
    project = resolved({"compose.yaml": service("image: a")}, "compose.yaml", "gone.yaml")
    assert [gap.code for gap in project.gaps] == ["missing"]
    assert not project.is_whole
    assert "gone.yaml" in project.gaps[0].message
    assert list(as_mapping(at(project, "services")).entries) == ["api"]


def test_the_order_of_keys_is_that_of_the_first_file_alone() -> None:
    texts = {
        "compose.yaml": "services:\n  api:\n    image: a\n    user: x\nnetworks: {n: {}}\n",
        "over.yaml": "volumes: {}\nservices:\n  api:\n    restart: no\n    image: b\n    hostname: cc\n",
    }
    read, _ = parse_project(ProjectFiles(tuple(texts)), KNOWLEDGE, texts.get)
    assert [key.value for key in read.keys] == ["services", "networks"]
    assert [key.value for key in read.containers[0].keys] == ["user"]


def test_the_model_of_a_project_knows_the_file_of_every_place() -> None:
    texts = {
        "compose.yaml": service("image: a:1\ncap_add: [KILL]\nports: ['80:80']")
        + "volumes: {v: {}}\n# one\n",
        "over.yaml": "# two\n" + service("privileged: true # three\nvolumes: [v:/d]\nfoo: 1"),
    }
    read, found = parse_project(ProjectFiles(tuple(texts)), KNOWLEDGE, texts.get)
    assert [problem.code for problem in read.problems] == ["unknown-key"]
    (problem,) = read.problems
    assert homes(found, [problem.span]) == [("over.yaml", "foo")]
    said = homes(found, [comment.span for comment in read.comments])
    assert said == [("compose.yaml", "# one"), ("over.yaml", "# two"), ("over.yaml", "# three")]
    owner = read.comments[2].owner
    assert owner is not None
    assert homes(found, [owner]) == [("over.yaml", "privileged: true")]
    (container,) = read.containers
    assert container.privileged is not None
    assert homes(found, [container.name.span, container.privileged.span, container.mounts[0].span]) == [
        ("compose.yaml", "api"),
        ("over.yaml", "true"),
        ("over.yaml", "v:/d"),
    ]


def homes(found: Resolved, spans: Iterable[Span]) -> list[tuple[str, str]]:
    """The file and the text of each place."""
    places = [found.sources.home(span) for span in spans]
    return [(file.path, file.text[span.start : span.end]) for file, span in places]


def test_each_file_is_held_to_the_shape_of_compose_even_where_another_one_mends_it() -> None:
    texts = {
        "a.yaml": "services: {app: {image: a, user: 1000}}\n",
        "b.yaml": "services: {app: {user: '1'}}\n",
    }
    project = parse_project(ProjectFiles(tuple(texts)), Knowledge(date(2026, 8, 22)), texts.get)[0]
    assert [one.message for one in project.problems] == ["user must be a string"]


def test_an_override_that_takes_the_image_away_is_told() -> None:
    texts = {
        "compose.yaml": "services: {app: {image: a}}\n",
        "compose.override.yaml": "services: {app: {image: !reset null}}\n",
    }
    project = parse_project(ProjectFiles(tuple(texts)), Knowledge(date(2026, 8, 22)), texts.get)[0]
    assert [one.code for one in project.problems] == ["missing-key"]


def test_what_is_taken_away_is_no_entry_any_more() -> None:
    texts = {"compose.yaml": service("image: a\nports: ['1:1']"), "over.yaml": service("ports: !reset []")}
    project = resolved(texts, "compose.yaml", "over.yaml")
    assert list(as_mapping(at(project, "services", "api")).entries) == ["image"]


def test_items_of_one_list_are_unique_too() -> None:
    text = service("image: a\nports: ['80:80', '80:80/tcp']\nvolumes: ['vv:/d', 'ww:/d/']")
    read, _ = parse_project(ProjectFiles(("compose.yaml",)), KNOWLEDGE, {"compose.yaml": text}.get)
    assert len(read.containers[0].ports) == 1
    assert [known(mount.source) for mount in read.containers[0].mounts] == ["ww"]


def test_mappings_inside_mappings_are_merged_to_a_depth() -> None:
    def nested(depth: int) -> str:
        return f"x-deep: {'{a: ' * depth}1{'}' * depth}\n" + service("image: a")

    assert resolved({"a.yaml": nested(40), "b.yaml": nested(40)}, "a.yaml", "b.yaml").gaps == ()
    (gap,) = resolved({"a.yaml": nested(150), "b.yaml": nested(150)}, "a.yaml", "b.yaml").gaps
    assert gap.code == "too-deep"


def test_services_without_a_value_are_refused() -> None:
    texts = {"compose.yaml": service("image: a"), "over.yaml": "services:\n"}
    (problem,) = resolved(texts, "compose.yaml", "over.yaml").problems
    assert problem.message == "services must be a mapping"
