"""Lines that make containers are read as docker reads them, wherever they stand, and mended word by word."""

from __future__ import annotations

import json
import shlex
from datetime import date

import pytest
from container_lines import FLAGS, by_engine, by_line, line_of, recorded, view
from hypothesis import given
from hypothesis import strategies as st

import dockerlint
from dockerlint.fixing.run.proof import differs
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import kind_of_text
from dockerlint.model.container.container import Container
from dockerlint.parse.compose.project import parse_compose
from dockerlint.parse.run.file import parse_run
from dockerlint.text import splice
from dockerlint.values import UNKNOWN, known

NOBODY = Knowledge(date(2026, 8, 22))
RECORDED = dict(recorded())


def containers(text: str) -> tuple[Container, ...]:
    return parse_run(text, NOBODY).containers


def one(text: str) -> Container:
    (only,) = containers(text)
    return only


def rules(text: str) -> set[str]:
    return {found.rule.id for found in dockerlint.lint(text, "run")}


@pytest.mark.parametrize("flags", RECORDED)
def test_a_line_says_what_the_engine_made_of_it(flags: str) -> None:
    with_cgroup = "--cgroupns" in flags  # without the flag, the host decides
    made = view(by_engine(RECORDED[flags]), with_cgroup=with_cgroup)
    assert view(by_line(flags), with_cgroup=with_cgroup) == made


def test_every_line_is_on_record() -> None:
    assert set(RECORDED) == set(FLAGS)


SAID_TWICE = (
    ("--privileged", "privileged: true"),
    ("--read-only", "read_only: true"),
    ("--init", "init: true"),
    ("-u 1000:1000", 'user: "1000:1000"'),
    ("--cap-drop ALL --cap-add CHOWN", "cap_drop: [ALL]\n    cap_add: [CHOWN]"),
    ("--security-opt no-new-privileges:true", 'security_opt: ["no-new-privileges:true"]'),
    ("--pid host", "pid: host"),
    ("--ipc host", "ipc: host"),
    ("-p 127.0.0.1:80:8080 -p 6379:6379/tcp", 'ports: ["127.0.0.1:80:8080", "6379:6379/tcp"]'),
    ("-v /etc:/e:ro -v data:/d", "volumes: [/etc:/e:ro, data:/d]"),
    ("--tmpfs /run:exec", 'tmpfs: ["/run:exec"]'),
    ("--device /dev/sda", "devices: [/dev/sda]"),
    ("-m 64m --cpus 0.5 --pids-limit 9", "mem_limit: 64m\n    cpus: 0.5\n    pids_limit: 9"),
    ("-e DB_PASSWORD=Zk81vTqp0WmX -e A=b", "environment: [DB_PASSWORD=Zk81vTqp0WmX, A=b]"),
    ("-l a=b", "labels: [a=b]"),
    ("--sysctl net.ipv4.ip_forward=1", "sysctls: [net.ipv4.ip_forward=1]"),
    ("--ulimit nofile=10:20", "ulimits: {nofile: {soft: 10, hard: 20}}"),
    ("--restart always", "restart: always"),
    ("--health-cmd /ok", "healthcheck: {test: /ok}"),
    ("--log-driver none", "logging: {driver: none}"),
    ("--userns host --uts host", "userns_mode: host\n    uts: host"),
    ("--oom-kill-disable --oom-score-adj -900", "oom_kill_disable: true\n    oom_score_adj: -900"),
)
"""Flags, and the keys of a service that say the same."""
OF_PROJECTS = {"DK000", "DK262", "DK302", "DK305", "DK308", "DK352", "DK354"}


@given(st.lists(st.sampled_from(SAID_TWICE), unique=True, max_size=6))
def test_a_line_is_the_service_that_says_the_same(parts: list[tuple[str, str]]) -> None:
    line = f"docker run --name shop {' '.join(flags for flags, _ in parts)} redis:8.2\n"
    keys = "".join(f"    {keys}\n" for _, keys in parts)
    service = f"services:\n  shop:\n    image: redis:8.2\n{keys}volumes: {{data: {{}}}}\n"
    (declared,) = parse_compose(service, NOBODY).containers
    assert view(one(line), with_cgroup=True) == view(declared, with_cgroup=True)
    in_file = {found.rule.id for found in dockerlint.lint(service, "compose")}
    assert rules(line) - OF_PROJECTS == in_file - OF_PROJECTS


DECIDED_ELSEWHERE = {"DK239", "DK243", "DK270"}
"""The host says whether its control groups are shared, the image whether it starts as root."""


@pytest.mark.parametrize("flags", RECORDED)
def test_rules_say_the_same_of_a_line_and_of_the_container_it_made(flags: str) -> None:
    made = {found.rule.id for found in dockerlint.lint(json.dumps(RECORDED[flags]), "inspect")}
    assert rules(line_of(flags)) - DECIDED_ELSEWHERE == made - DECIDED_ELSEWHERE


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nset -e\nif true; then sudo -E docker run --privileged app:1; fi\n",
        "#!/bin/bash\nusage: () {\n\techo ok\n}\ncat <<END\nrun: x\nEND\ndocker run --privileged app:1\n",
        "while :; do\n\tsleep 1\ndone\ndocker run --privileged app:1\n",
        "docker run \\\n  --privileged \\\n  app:1\n",
        "docker -H tcp://10.0.0.1:2375 --log-level=debug container run --privileged app:1\n",
        "podman --remote create --privileged app:1\n",
        "app:\n\t@docker run --privileged app:1\n",
        "run: build\n\t-docker run --rm \\\n\t  --privileged app:1\n",
        "# Start\n\n```sh\n$ docker run --privileged app:1\n```\n",
        "Text docker run --rm old:1\n\n~~~console\n# docker run --privileged app:1\nok\n~~~\n",
        "[Service]\nExecStartPre=-/bin/docker pull app:1\nExecStart=/bin/docker run --privileged app:1\n",
        "jobs:\n  test:\n    steps:\n      - run: docker run --privileged app:1\n",
        "jobs:\n  a:\n    steps:\n      - run: |\n          cd x\n          docker run --privileged app:1\n",
        "test:\n  script:\n    - echo\n    - docker run --privileged app:1\n",
    ],
)
def test_lines_are_found_in_scripts_makefiles_documents_units_and_ci(text: str) -> None:
    found = one(text)
    assert found.is_privileged is True
    assert found.privileged is not None
    assert text[found.privileged.span.start : found.privileged.span.end] == "--privileged"
    assert kind_of_text(text) == "run"


@pytest.mark.parametrize(
    "text",
    [
        "# docker run --privileged app:1\n",
        "docker compose run --rm app\n",
        "docker ps\n",
        "echo docker run --privileged app:1\n",
        "```python\nsystem('docker run --privileged app:1')\n```\n",
    ],
)
def test_other_commands_make_no_container(text: str) -> None:
    assert containers(text) == ()


def test_what_follows_the_image_is_for_the_container() -> None:
    found = one("docker run --rm alpine:3.24 sh -c 'echo --privileged -v /:/host'\n")
    assert (found.is_privileged, found.mounts) == (False, ())


def test_short_flags_share_a_word_and_the_last_takes_a_value() -> None:
    found = one("docker run -itdu root -v/var/run/docker.sock:/s -p=80:80 -eA=1 app\n")
    assert found.is_root is True
    assert found.mounts[0].is_control_socket is True
    assert [str(port.target.value) for port in found.ports] == ["80"]
    assert [(one.name, known(one.value)) for one in found.variables] == [("A", "1")]


def test_a_variable_is_unknown_and_one_that_may_bring_flags_makes_absence_unknown() -> None:
    found = one('docker run -v "$PWD:/src" -p "$PORT":80 -m $MEM --privileged=$P "$IMAGE"\n')
    assert (found.is_privileged, found.has_memory_limit, found.is_partial) == (UNKNOWN, UNKNOWN, False)
    assert found.image is not None
    assert found.image.reference is UNKNOWN
    assert one("docker run $OPTIONS app:1\n").has_memory_limit is UNKNOWN
    assert one("docker run app:1 $ARGUMENTS\n").has_memory_limit is False
    assert one("go:\n\tdocker run $(OPTIONS) $(IMAGE)\n").has_memory_limit is UNKNOWN


def test_an_unknown_flag_is_told_and_makes_absence_unknown() -> None:
    text = "docker run --frobnicate app:1\n"
    assert [problem.code for problem in parse_run(text, NOBODY).problems] == ["unknown-flag"]
    assert one(text).has_memory_limit is UNKNOWN


def test_a_comment_above_a_line_suppresses() -> None:
    text = '# dockerlint: ignore[DK200] reason="a lab"\ndocker run --privileged app:1\n'
    assert "DK200" not in rules(text)
    assert "DK200" in rules(text.partition("\n")[2])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker run -p 5432:5432 postgres:17.6\n", "docker run -p 127.0.0.1:5432:5432"),
        ("docker run -p5432:5432 postgres:17.6\n", "docker run -p127.0.0.1:5432:5432"),
        ("docker run -p '0.0.0.0:5432:5432' postgres:17.6\n", "docker run -p '127.0.0.1:5432:5432'"),
        (
            "docker run --rm \\\n  -p 5432:5432 \\\n  postgres:17.6 -c x=1\n",
            "--rm \\\n  -p 127.0.0.1:5432:5432 \\\n",
        ),
    ],
)
def test_ports_of_datastores_are_bound_to_this_machine(before: str, after: str) -> None:
    assert after in dockerlint.fix(before, "run", harden=True)


def test_fixes_put_flags_in_front_of_the_image_and_touch_nothing_else() -> None:
    before = "cd x\nsudo docker run -d --name db -m 0 postgres:17.6 -c 'a b'  # it\n"
    after = dockerlint.fix(before, "run", harden=True, unproven=True)
    assert after.startswith("cd x\nsudo docker run -d --name db -m 512m --cap-drop ALL --cap-add ")
    assert after.endswith(" postgres:17.6 -c 'a b'  # it\n")
    assert dockerlint.fix(after, "run", harden=True, unproven=True) == after
    made = one(after)
    assert (made.drops_all_capabilities, made.forbids_new_privileges, made.has_memory_limit) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker run --user root postgres:17.6 -c x\n", "docker run postgres:17.6 -c x\n"),
        ("docker run --user=0 -d \\\n  postgres:17.6\n", "docker run -d \\\n  postgres:17.6\n"),
        ("docker run -du root postgres:17.6\n", "docker run -du root postgres:17.6\n"),
        ("docker run nginx:latest\n", "docker run nginx:1.31\n"),
    ],
)
def test_flags_are_taken_out_and_images_get_their_release(before: str, after: str) -> None:
    linted = [one for one in dockerlint.lint(before, "run") if one.rule.id in ("DK242", "DK502")]
    assert splice(before, [edit for one in linted if one.fix for edit in one.fix.edits]) == after
    if "-du" not in before:
        assert differs(before, after, [edit for one in linted if one.fix for edit in one.fix.edits]) is None


@pytest.mark.parametrize(
    "text",
    [
        "docker run $OPTIONS -p $B postgres:17.6\n",
        "docker run -itdu root 'unclosed\n",
    ],
)
def test_what_a_variable_may_change_is_left_alone(text: str) -> None:
    assert dockerlint.fix(text, "run", harden=True, unproven=True) == text


def test_a_port_with_a_variable_stays() -> None:
    text = "docker run -p $A:5432:5432 postgres:17.6\n"
    assert " -p $A:5432:5432 " in dockerlint.fix(text, "run", harden=True, unproven=True)


def test_a_secret_of_a_line_is_masked_everywhere() -> None:
    secret = "Zk3" + "vT9q" * 3
    text = f"docker run -e DB_PASSWORD={secret} --label token={secret} app:1 --password={secret}\n"
    found = dockerlint.lint(text, "run")
    assert "DK524" in {one.rule.id for one in found}
    assert not any(secret in one.message for one in found)


def test_lines_of_the_record_are_shell() -> None:
    assert all(shlex.split(line_of(flags))[:2] == ["docker", "run"] for flags in FLAGS)
