"""`prove` on an engine that is played: what is tried in which order, refused, kept and removed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fake_engine import FakeEngine, Program

from dockerlint.prove import command
from dockerlint.prove.options import ProveOptions
from dockerlint.ruleset.documents.files import parse_plain_file, read_schema
from dockerlint.workspace.receipts.reading import read_receipt

CHECK = {"test": ["CMD", "true"], "interval": "30s"}
SECRET = "hunter2" + "-very-secret"
REFUSED = "Operation not permitted"

Prove = Callable[..., tuple[int, str]]


def server(needs: set[str] = frozenset(), tmpfs: str = "", **breaks: str) -> Program:
    """A program that needs these capabilities and this folder, and fails on keys with a value."""

    def start(service: dict[str, Any], number: int) -> str:
        caps = set(service.get("cap_add", ())) if service.get("cap_drop") == ["ALL"] else needs
        folders = [one.partition(":")[0] for one in service.get("tmpfs", ())]
        if service.get("read_only") and tmpfs and tmpfs not in folders:
            return f"open {tmpfs}/server.pid: Read-only file system"
        if missing := needs - caps:
            return f"{'chown: /data' if 'CHOWN' in missing else 'setgid'}: {REFUSED}, password {SECRET}"
        return next((line for key, line in breaks.items() if service.get(key)), "")

    return start


@pytest.fixture
def prove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prove:
    """Run prove in a project of one service, on an engine of the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services:\n  app:\n    image: example/app:1.4\n")

    def run(engine: FakeEngine, **said: Any) -> tuple[int, str]:
        monkeypatch.setattr(command, "find_engine", lambda: engine)
        out, err = io.StringIO(), io.StringIO()
        code = command.prove(ProveOptions(**said), out, err)
        assert engine.left == []
        return code, out.getvalue() + err.getvalue()

    return run


def engine(program: Program, **service: Any) -> FakeEngine:
    """An engine whose Compose prints one service with these keys."""
    about = {"image": "example/app:1.4", "healthcheck": CHECK} | service
    return FakeEngine({"services": {"app": {k: v for k, v in about.items() if v is not None}}}, program)


def proven() -> Any:
    return read_receipt(Path(".dockerlint/images/app.yaml").read_text(), "app.yaml")


def test_the_least_that_works_is_kept_and_proposed(prove: Prove) -> None:
    played = engine(server({"CHOWN", "SETGID"}, "/run/app"), environment={"APP_PASSWORD": SECRET})
    played.changes = "C /run\nC /run/app\nA /run/app/server.pid\nA /var/log/app\nA /var/log/app/x.log\n"
    code, text = prove(played)
    assert code == 0
    found = proven()
    assert (found.read_only, found.tmpfs, found.capabilities) == (True, ("/run/app",), ("CHOWN", "SETGID"))
    assert found.no_new_privileges
    assert "+    cap_drop:\n+      - ALL\n" in text
    assert "tested here, Docker Engine 26.1.5" in text
    assert SECRET not in text + Path(".dockerlint/images/app.yaml").read_text()
    assert "cap_drop" not in Path("compose.yaml").read_text()


def test_write_applies_what_is_proposed(prove: Prove) -> None:
    prove(engine(server()), writes=True)
    assert "read_only: true" in Path("compose.yaml").read_text()


def test_every_set_that_is_kept_has_started_twice(prove: Prove) -> None:
    """Without DAC_OVERRIDE it starts once, and not again on the same volumes."""

    def closed_folder(service: dict[str, Any], number: int) -> str:
        is_closed = service.get("cap_drop") and "DAC_OVERRIDE" not in service["cap_add"]
        return "open /data/log: Permission denied" if is_closed and number > 1 else ""

    code, text = prove(engine(closed_folder))
    assert code == 0
    assert proven().capabilities == ("DAC_OVERRIDE",)
    assert "needs capability DAC_OVERRIDE: second start" in text


def test_what_does_not_work_is_told_and_left_out(prove: Prove) -> None:
    broken = server(read_only="write /app/x: Read-only file system", security_opt=f"sudo: {REFUSED}")
    code, text = prove(engine(broken))
    assert code == 0
    found = proven()
    assert (found.read_only, found.no_new_privileges, found.capabilities) == (False, False, ())
    assert "not proven: read_only" in text
    assert "not proven: no-new-privileges" in text


def test_a_service_that_drops_nothing_keeps_its_capabilities(prove: Prove) -> None:
    code, text = prove(engine(server(cap_drop="exec: Operation not permitted")))
    assert code == 0
    assert proven().capabilities is None
    assert "not proven: cap_drop" in text


def test_the_log_may_say_nothing_of_what_is_missing(prove: Prove) -> None:
    def silent(service: dict[str, Any], number: int) -> str:
        given = service.get("cap_add", ())
        return "stopped" if service.get("cap_drop") and not {"FOWNER", "KILL"} <= set(given) else ""

    prove(engine(silent))
    assert proven().capabilities == ("FOWNER", "KILL")


def test_nothing_is_concluded_where_the_service_fails_or_nothing_tells(prove: Prove) -> None:
    code, text = prove(engine(lambda service, number: "no license"))
    assert (code, "it does not work as it is: start: no license" in text) == (2, True)
    code, text = prove(engine(server(), healthcheck=None))
    assert (code, "needs a health check, or --test" in text) == (2, True)
    assert not Path(".dockerlint").exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"privileged": True}, "privileged: everything on the host"),
        ({"devices": ["/dev/kvm"]}, "devices: devices of the host"),
        ({"pid": "host"}, "pid: host"),
        ({"network_mode": "container:db"}, "network_mode: container:db"),
        ({"cap_add": ["cap_sys_admin"]}, "SYS_ADMIN can take over"),
        ({"volumes": [{"type": "bind", "source": "/srv", "target": "/data"}]}, "/data is a path of the host"),
        ({"deploy": {"resources": {"reservations": {"devices": [{}]}}}}, "deploy: devices"),
        ({"provider": {"type": "x"}}, "another program"),
        ({"a_new_key": 1}, "a_new_key: not known"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_reaches_the_host_is_refused_and_not_started(
    prove: Prove, said: dict[str, Any], why: str
) -> None:
    played = engine(server(), **said)
    code, text = prove(played)
    assert (code, why in text, played.documents) == (2, True, [])


def test_a_trial_has_nothing_of_the_running_project(prove: Prove) -> None:
    played = engine(
        server(),
        container_name="app",
        ports=[{"target": 80, "published": "80"}],
        labels={"traefik.enable": "true"},
        restart="always",
        networks={"front": {"ipv4_address": "10.0.0.9", "aliases": ["web"]}},
        volumes=[{"type": "volume", "source": "data", "target": "/data"}, {"type": "volume", "target": "/x"}],
    )
    played.composed["networks"] = {"front": {"name": "shared", "external": True, "internal": True}}
    played.composed["volumes"] = {"data": {"name": "shop_data", "external": True}}
    played.image = {"Volumes": {"/var/lib/app": {}}}
    prove(played)
    document = played.documents[0]
    service = document["services"]["app"]
    assert not {"container_name", "ports"} & service.keys()
    assert service["restart"] == "no"
    assert all(key.startswith("dockerlint.prove") for key in service["labels"])
    assert service["networks"] == {"front": {"aliases": ["web"]}}
    assert document["networks"]["front"].keys() == {"labels", "internal"}
    assert {mount["target"] for mount in service["volumes"]} == {"/data", "/x", "/var/lib/app"}
    assert all("name" not in one and one["labels"] for one in document["volumes"].values())


def test_limits_are_twice_what_the_test_took(prove: Prove) -> None:
    prove(engine(server()), tests=("true",))
    assert (proven().memory, proven().pids) == ("128m", 100)
    prove(engine(server()))
    assert proven().memory == ""


def test_an_end_at_any_moment_leaves_nothing(prove: Prove) -> None:
    """The fixture looks at what is left each time."""
    played = engine(server({"CHOWN"}))
    prove(played)
    for moment in range(12, len(played.asked), 7):
        ended = engine(server({"CHOWN"}))

        def end(number: int, moment: int = moment, ended: FakeEngine = ended) -> None:
            if number == moment:
                ended.interrupt = lambda number: None
                raise KeyboardInterrupt

        ended.interrupt = end
        with pytest.raises(KeyboardInterrupt):
            prove(ended)
        assert ended.left == []


def test_what_a_killed_run_left_is_swept_and_what_lives_is_not(prove: Prove) -> None:
    played = engine(server())
    mine = {
        "dockerlint.prove": "t1",
        "dockerlint.prove.owner": "elsewhere:1",
        "dockerlint.prove.until": "9999999999",
    }
    played.things["ps"]["alive"] = mine
    played.things["ps"]["dead"] = {**mine, "dockerlint.prove": "t2", "dockerlint.prove.until": "1"}
    played.things["volume"]["dead-data"] = played.things["ps"]["dead"]
    with pytest.raises(AssertionError):
        prove(played)
    assert played.left == ["alive"]


def test_a_dry_run_starts_nothing(prove: Prove) -> None:
    played = engine(server())
    code, text = prove(played, is_dry=True)
    assert (code, played.documents) == (0, [])
    assert "cap_drop ALL" in text
    assert not Path(".dockerlint").exists()


def test_time_that_is_over_ends_in_what_was_proven(prove: Prove) -> None:
    code, text = prove(engine(server()), seconds=1e-9)
    assert code == 2
    assert "stopped at the time limit" in text


def test_an_export_is_a_file_for_our_facts(prove: Prove) -> None:
    played = engine(server({"SETGID"}, "/run/app"))
    played.changes = "A /run/app/server.pid\n"
    _, text = prove(played, exports=True, tests=("true",))
    start = text.index("images:")
    facts = parse_plain_file(text[start : text.index("# [harden]")].encode(), "app.yaml").data
    jsonschema.Draft202012Validator(read_schema("images.schema.json")).validate(facts)
    assert facts["needs"]["root"] == ["SETGID"]
    assert facts["writable"]["tmpfs"] == ["/run/app"]
