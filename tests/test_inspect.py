"""What an engine prints is read as it runs; what it leaves out, prints wrongly or hides in is survived."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import dockerlint
from dockerlint.cli.arguments import CheckLine, options_of
from dockerlint.data import records, table, word_list
from dockerlint.errors import UserError
from dockerlint.images.facts import Knowledge
from dockerlint.kinds import kind_of_text
from dockerlint.model.host.inspection import Inspection
from dockerlint.parse.inspect.file import parse_inspect
from dockerlint.run.check import Options, run
from dockerlint.text import decode
from dockerlint.values import UNKNOWN, known

NOBODY = Knowledge(date(2026, 8, 22))
BARE = {"Name": "/web", "Config": {"User": "1000"}, "HostConfig": {}}


def inspection(value: Any) -> Inspection:
    return parse_inspect(value if isinstance(value, str) else json.dumps(value), NOBODY)


def rules(value: Any) -> set[str]:
    text = value if isinstance(value, str) else json.dumps(value)
    return {one.rule.id for one in dockerlint.lint(text, "inspect")}


def with_host(**fields: Any) -> list[dict[str, Any]]:
    return [{**BARE, "HostConfig": fields}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([BARE]),
        json.dumps(BARE),
        json.dumps(BARE) + "\n" + json.dumps({**BARE, "Name": "/two"}) + "\n",
        "\ufeff" + json.dumps([BARE], indent=4),
    ],
)
def test_a_list_an_object_and_one_a_line_are_read(text: str) -> None:
    assert [known(one.name) for one in inspection(text).containers][:1] == ["web"]
    assert inspection(text).problems == ()
    assert kind_of_text(text) == "inspect"


def test_null_and_empty_say_nothing() -> None:
    fields = (
        "CapAdd",
        "CapDrop",
        "SecurityOpt",
        "Binds",
        "PortBindings",
        "Devices",
        "Tmpfs",
        "LogConfig",
        "Ulimits",
    )
    (container,) = inspection([{**BARE, "HostConfig": dict.fromkeys(fields)}]).containers
    assert (container.capabilities, container.ports, container.mounts, container.logging) == (
        (),
        (),
        (),
        None,
    )


def test_an_empty_user_of_a_container_is_root_unless_its_image_is_known_to_drop_root() -> None:
    nameless = {**BARE, "Config": {"User": "", "Image": "example/app:1.0"}}
    assert "DK270" in rules([nameless])
    assert "DK270" not in rules([{**nameless, "Config": {"User": "", "Image": "postgres:17.6"}}])
    assert "DK270" not in rules([BARE])


def test_spellings_of_the_engine_are_those_of_compose() -> None:
    found = with_host(
        CapAdd=["CAP_SYS_ADMIN"],
        CapDrop=["CAP_ALL"],
        SecurityOpt=["no-new-privileges"],
        NetworkMode="container:ab",
    )
    (container,) = inspection(found).containers
    assert [one.name for one in container.capabilities] == ["SYS_ADMIN"]
    assert (container.drops_all_capabilities, container.forbids_new_privileges) == (True, True)
    assert container.uses_host_network is False


@pytest.mark.parametrize("shares", [{"Privileged": True}, {"PidMode": "host"}, {"IpcMode": "host"}])
def test_a_label_that_the_engine_adds_itself_is_nobodys_choice(shares: dict[str, Any]) -> None:
    assert "DK224" not in rules(with_host(SecurityOpt=["label=disable"], **shares))
    assert "DK224" in rules(with_host(SecurityOpt=["label=disable"]))


def test_an_image_is_no_container() -> None:
    image = {
        "Id": "sha256:1",
        "RepoTags": ["app:1"],
        "Config": {"User": "root", "Env": ["DB_PASSWORD=" + "hunt" + "er2x9"]},
    }
    found = dockerlint.lint(json.dumps([image]), "inspect")
    assert {one.rule.id for one in found} == {"DK277", "DK520"}
    assert {(one.subject, one.subject_kind) for one in found} == {("app:1", "image")}
    assert not any("er2x9" in one.message for one in found)


def test_the_age_of_an_image_counts_for_its_containers() -> None:
    image = {
        "Id": "sha256:1",
        "RepoTags": ["app:1"],
        "Created": "2026-06-13T10:00:00.5Z",
        "Config": {"User": "1"},
    }
    (container,) = inspection([{**BARE, "Image": "sha256:1"}, image]).containers
    assert container.running is not None
    assert container.running.image_age == 70
    assert inspection([BARE]).containers[0].running.image_age is None  # type: ignore[union-attr]


def test_ports_are_those_that_were_asked_for_else_those_that_were_bound() -> None:
    bound = {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "32768"}], "81/tcp": None}
    (container,) = inspection([{**BARE, "NetworkSettings": {"Ports": bound}}]).containers
    assert [(str(one.target.value), str(known(one.published))) for one in container.ports] == [
        ("80", "32768")
    ]


def test_a_finding_underlines_the_field() -> None:
    text = json.dumps(with_host(Privileged=True, PidMode="host"), indent=2)
    places = {one.rule.id: text[one.span.start : one.span.end] for one in dockerlint.lint(text, "inspect")}
    assert (places["DK200"], places["DK235"], places["DK226"]) == ("true", "host", "web")


def test_fields_that_podman_spells_its_own_way_are_read() -> None:
    podman = {
        "Id": "ab12",
        "Name": "web",
        "ImageName": "docker.io/library/redis:7.4",
        "EffectiveCaps": ["CAP_CHOWN"],
        "State": {
            "OciVersion": "1.0",
            "Status": "running",
            "Health": {"Status": "", "FailingStreak": 0, "Log": None},
        },
        "Config": {"User": "", "Env": ["A=b"], "Cmd": ["redis-server"]},
        "HostConfig": {"NetworkMode": "pasta", "CapDrop": ["CAP_MKNOD"], "Runtime": "oci", "PidsLimit": 2048},
    }
    (container,) = inspection([podman]).containers
    assert container.image is not None
    assert (container.image.name, container.runtime, container.has_pids_limit) == ("redis", None, True)


def test_lists_of_containers_are_told_to_say_too_little() -> None:
    line = json.dumps({"Name": "a-web-1", "Service": "web", "Project": "a", "Publishers": []})
    (problem,) = inspection(f"{line}\n{line}\n").problems
    assert "docker inspect $(docker ps -aq)" in problem.summary


def test_history_and_networks_are_judged() -> None:
    secret = "Xk29" + "vTq81zPw"
    layer = {"CreatedBy": f"|1 DB_PASSWORD={secret} /bin/sh -c make", "CreatedSince": "2 days ago"}
    assert "DK279" in rules(layer)
    network = {"Name": "back", "Driver": "overlay", "IPAM": {}, "Options": None}
    assert "DK282" in rules([network])


@pytest.mark.parametrize(
    "broken",
    [
        {"HostConfig": [], "Name": 5, "Config": "x"},
        {
            "HostConfig": {
                "Memory": "lots",
                "Binds": {"a": 1},
                "PortBindings": [[]],
                "Mounts": 3,
                "Ulimits": [1],
            }
        },
        {"HostConfig": {"PortBindings": {"x/y/z": [{"HostPort": 80}]}, "Devices": [None], "LogConfig": []}},
        {"HostConfig": {}, "Mounts": [{"Type": []}, 7], "State": [], "NetworkSettings": {"Ports": 1}},
        {"RepoTags": {}, "Config": [], "Created": "never", "History": [1, {"created_by": None}]},
    ],
)
def test_wrong_types_hide_no_neighbour(broken: dict[str, Any]) -> None:
    assert "DK200" in rules([broken, *with_host(Privileged=True)])


def test_broken_json_hides_no_neighbour() -> None:
    good = json.dumps(with_host(Privileged=True)[0])
    assert {"DK000", "DK200"} <= rules(f'[{{"HostConfig": {{"Memory": 1e}}, nonsense}}, {good}]')
    assert {"DK000", "DK200"} <= rules(f"[{good}, {{")


def test_escapes_in_names_reach_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:

    file = tmp_path / "web.json"
    file.write_text(json.dumps([{**BARE, "Name": "/\x1b[31mweb\u202e", "HostConfig": {"Privileged": True}}]))
    assert run(Options((str(file),)), sys.stdout, sys.stderr) == 1
    out = capsys.readouterr()
    assert "\x1b[31m" not in out.out + out.err
    assert "\u202e" not in out.out + out.err


def test_a_record_in_utf_16_is_read() -> None:
    text = json.dumps(with_host(Privileged=True))
    assert "DK200" in rules(decode(b"\xff\xfe" + text.encode("utf-16-le")).text)


def test_nothing_is_fixed_in_a_record_of_what_runs() -> None:
    text = json.dumps(with_host(Privileged=True))
    assert dockerlint.fix(text, "inspect", harden=True, unproven=True) == text
    assert all(one.fix is None for one in dockerlint.lint(text, "inspect"))


def test_what_cannot_be_read_makes_absence_unknown() -> None:
    (container,) = inspection(
        '[{"Name": "/a", "Config": {}, "HostConfig": {"CapDrop": nonsense "X"}, oops}]'
    ).containers
    assert container.has_memory_limit is UNKNOWN


def test_ages_are_counted_from_the_day_that_the_command_line_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = {"RepoTags": ["app:1"], "Created": "2026-08-01T00:00:00Z", "Config": {"User": "1"}}
    (tmp_path / "app.inspect.json").write_text(json.dumps([image]))
    for day, told in (("2026-08-22", False), ("2026-10-10", True)):
        run(options_of(CheckLine([str(tmp_path)], today=day)), sys.stdout, sys.stderr)
        assert ("was made 70 days ago" in capsys.readouterr().out) is told
    with pytest.raises(UserError, match="--today"):
        options_of(CheckLine([], today="tomorrow"))


@pytest.mark.parametrize(
    ("step", "shown"),
    [
        ("|2 A=b c DB_PASSWORD={} /bin/sh -c make", True),
        ("RUN |1 DB_PASSWORD={} /bin/bash -o pipefail -c make # buildkit", True),
        ("ENV A=b DB_PASSWORD={}", True),
        ("/bin/sh -c #(nop)  ENV DB_PASSWORD={}", True),
        ("/bin/sh -c export DB_PASSWORD={} && make", True),
        ("RUN /bin/sh -c DB_PASSWORD='{}' make # buildkit", True),
        ("/bin/sh -c echo 'say DB_PASSWORD=$DB_PASSWORD here' # {}", False),
        ('CMD [\\"echo\\", \\"DB_PASSWORD={}\\"]', False),
    ],
)
def test_a_step_of_the_history_is_read_as_its_shell_reads_it(step: str, shown: bool) -> None:
    line = '{"CreatedBy": "' + step.format("Xk29" + "vTq81zPw") + '", "CreatedSince": "2 days ago"}'
    assert ("DK279" in rules(line)) is shown


def test_no_member_of_a_container_is_passed_over_that_somebody_asks_for() -> None:
    readers = Path(dockerlint.__file__).parent / "parse" / "inspect"
    asked = {
        name for path in readers.glob("*.py") for name in re.findall(r'"(\w+)"', path.read_text("utf-8"))
    }
    asked |= {part for path in table("inspect", "inspect-fields") for part in path.split(".")}
    asked |= {key for row in records("inspect", "inspect-signs") for key in row["keys"].split()}
    assert asked.isdisjoint(word_list("inspect", "inspect-unread"))
