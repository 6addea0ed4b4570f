"""Compose services become containers whose facts and places are true."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dockerlint.images.facts import ImageFacts, Knowledge
from dockerlint.model.container.container import Container
from dockerlint.model.container.mount import Mount
from dockerlint.model.container.port import Port
from dockerlint.model.container.project import Project
from dockerlint.parse.compose.project import parse_compose
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Located, known

FIXTURES = Path(__file__).parent.parent / "fixtures" / "compose"
KNOWLEDGE = Knowledge(date(2026, 8, 22))


def read(text: str, env: str = "") -> Project:
    return parse_compose(text, KNOWLEDGE, {".env": env}.get)


def fixture(name: str) -> tuple[str, Project]:
    text = (FIXTURES / f"{name}.yaml").read_text("utf-8")
    return text, read(text)


def service(body: str, env: str = "") -> Container:
    """A service with an image and these lines."""
    return read(f"services:\n  app:\n    image: registry.example.com/app:1.0\n{body}", env).containers[0]


def by_name(project: Project) -> dict[str, Container]:
    return {str(one.name.value): one for one in project.containers}


# Names


def test_no_service_is_lost_to_its_name() -> None:
    text, project = fixture("odd-names")
    names = ["__init__", "on", "2026-01-31", "false", "0x1F", "api.ports"]
    assert [one.name.value for one in project.containers] == names
    assert [text[one.name.span.start : one.name.span.end] for one in project.containers] == names
    assert [one.is_privileged for one in project.containers] == [True] + [False] * 5


@pytest.mark.parametrize("name", ["false", "0x1F", "12", "1.5"])
def test_a_service_whose_name_yaml_takes_for_a_value_is_kept_and_told(name: str) -> None:
    text = f"services:\n  {name}:\n    image: app:1\n    privileged: true\n"
    project = read(text)
    assert [one.is_privileged for one in project.containers] == [True]
    assert [(one.code, text[one.span.start : one.span.end]) for one in project.problems] == [
        ("wrong-type", name)
    ]


# Ports


@pytest.fixture(scope="module")
def ports() -> dict[str, Port]:
    text, project = fixture("ports")
    assert project.problems == ()
    return {text[one.span.start : one.span.end].split("\n")[0]: one for one in project.containers[0].ports}


@pytest.mark.parametrize(
    ("entry", "on_all", "loopback", "host", "inside"),
    [
        ("22:22", True, False, (22,), (22,)),
        ("2222:22/udp", True, False, (2222,), (22,)),
        ("3306", True, False, (), (3306,)),
        ("8000-8002:9000-9002", True, False, (8000, 8001, 8002), (9000, 9001, 9002)),
        ("127.0.0.1:8443:443", False, True, (8443,), (443,)),
        ("127.0.0.1::9090", False, True, (), (9090,)),
        ("[::1]:8081:81", False, True, (8081,), (81,)),
        ("[::]:8082:82", True, False, (8082,), (82,)),
        ("[0:0:0:0:0:ffff:0:0]:8083:83", True, False, (8083,), (83,)),
        ("0.0.0.0:8084:84", True, False, (8084,), (84,)),
        ("192.0.2.7:8085:85", False, False, (8085,), (85,)),
        ("${BIND}:8086:86", UNKNOWN, UNKNOWN, (8086,), (86,)),
        ("${BIND:-127.0.0.1}:8087:87", False, True, (8087,), (87,)),
        ("${PORT}:88", True, False, UNKNOWN, (88,)),
        ("${EVERYTHING}", UNKNOWN, UNKNOWN, (), UNKNOWN),
        ("target: 89", False, True, (8089,), (89,)),
        ("target: 90", True, False, (8090,), (90,)),
        ("target: 91", True, False, (), (91,)),
        ("target: 92", True, False, tuple(range(8092, 8100)), (92,)),
    ],
)
def test_a_port_says_where_it_listens(
    ports: dict[str, Port], entry: str, on_all: object, loopback: object, host: object, inside: object
) -> None:
    port = ports[entry]
    assert (port.on_all_interfaces, port.is_loopback) == (on_all, loopback)
    listed = (tuple(one) if isinstance(one, range) else one for one in (port.host_ports, port.targets))
    assert tuple(listed) == (host, inside)
    assert port.is_ephemeral is (host == ())


def test_the_parts_of_a_port_know_their_places() -> None:
    text, project = fixture("ports")
    port = next(one for one in project.containers[0].ports if one.label == "8081")
    assert port.host_ip is not None
    assert port.published is not None
    assert [under(text, one) for one in (port.host_ip, port.published, port.target)] == [
        "[::1]",
        "8081",
        "81",
    ]


def under(text: str, node: object) -> str:
    span = node if isinstance(node, Span) else node.span  # type: ignore[attr-defined]
    return text[span.start : span.end]


@pytest.mark.parametrize(
    "entry",
    ["web:80", "80:80/http", "70000:80", "8080:", "80-82:90-91", "::g:80:80", "localhost:80:80", "90-80:80"],
)
def test_a_port_that_docker_refuses_is_a_problem(entry: str) -> None:
    text = f"services:\n  app:\n    image: a:1\n    ports:\n      - '{entry}'\n      - 81:81\n"
    project = read(text)
    assert [one.code for one in project.problems] == ["bad-port"]
    assert under(text, project.problems[0].span) in entry
    assert project.containers[0].ports[-1].targets == range(81, 82)


def test_ports_below_1024_are_privileged() -> None:
    ports = service("    ports: ['1023:80', '1024:80', '80', '0:80']\n").ports
    assert [one.is_privileged for one in ports] == [True, False, False, False]


def test_the_address_of_a_port_in_the_long_form_may_be_a_variable_or_empty() -> None:
    entries = ("${IP}", "${IP:-127.0.0.1}", "")
    body = "".join(f'      - {{target: 80, published: 8080, host_ip: "{entry}"}}\n' for entry in entries)
    ports = service(f"    ports:\n{body}").ports
    assert [one.on_all_interfaces for one in ports] == [UNKNOWN, False, True]


def test_a_port_of_a_variable_has_no_number_in_a_sentence() -> None:
    ports = service("    ports: ['${PORT}:${PORT}/udp', '${PORT}:80', '8080:${PORT}']\n").ports
    assert [one.label for one in ports] == ["…", "80", "8080"]


# Mounts


@pytest.fixture(scope="module")
def mounts() -> dict[str, Mount]:
    _, project = fixture("mounts")
    assert project.problems == ()
    return {str(one.target.value if one.target else one.source): one for one in project.containers[0].mounts}


@pytest.mark.parametrize(
    ("target", "type_", "path"),
    [
        ("/var/run/docker.sock", "bind", "/var/run/docker.sock"),
        ("/engine2", UNKNOWN, UNKNOWN),
        ("/run-of-host", "bind", "/var/run"),
        ("/keys", "bind", "~/.ssh"),
        ("/aws", "bind", "~/.aws"),
        ("/everything", "bind", "~"),
        ("/above", "bind", "../../.."),
        ("/shared", "bind", "../common"),
        ("/data", "bind", "./data"),
        ("/cache", "volume", None),
        ("/disk", "bind", "/usr/bin"),
        ("/nfs", "volume", None),
        ("/scratch", "volume", None),
        ("/unknown", UNKNOWN, UNKNOWN),
        ("/below-unknown", "bind", UNKNOWN),
        ("/me", "bind", "./C:\\Users\\me"),
        ("/docker", "bind", "/var/lib/docker"),
        ("/tmp", "tmpfs", None),
        ("/work", "tmpfs", None),
        ("/hosts", "bind", "/etc/hosts"),
    ],
)
def test_a_mount_says_what_it_shows(
    mounts: dict[str, Mount], target: str, type_: object, path: object
) -> None:
    if target == "/engine2":
        # A variable and a slash make a path, never a volume.
        type_ = "bind"
    assert (mounts[target].type, mounts[target].path) == (type_, path)


def test_sockets_are_found_by_name_by_folder_and_through_secrets(mounts: dict[str, Mount]) -> None:
    found = {target for target, one in mounts.items() if one.is_control_socket is True}
    pipe = "\\\\.\\pipe\\docker_engine"
    through_secret = next(target for target, one in mounts.items() if one.origin == "secrets")
    assert found == {
        *("/var/run/docker.sock", "/engine", "/engine2", "/run-of-host", "/host", pipe),
        through_secret,
    }


def test_takeover_takes_a_writable_place_and_disclosure_does_not(mounts: dict[str, Mount]) -> None:
    assert {target for target, one in mounts.items() if one.gives_takeover is True} == {"/host-etc", "/disk"}
    assert {target for target, one in mounts.items() if one.gives_disclosure is True} == {
        *("/host-etc-ro", "/clock", "/keys", "/aws", "/everything", "/docker", "/hosts")
    }


def test_other_facts_of_mounts(mounts: dict[str, Mount]) -> None:
    assert {target for target, one in mounts.items() if one.is_shared is True} == {"/data"}
    assert {target for target, one in mounts.items() if one.climbs_out is True} == {"/above"}
    assert {target for target, one in mounts.items() if one.is_home is True} == {"/everything"}
    assert {target for target, one in mounts.items() if one.is_anonymous is True} == {"/scratch"}
    run = mounts["/run"]
    assert (run.allows_exec, run.allows_suid, run.allows_devices) == (True, True, False)
    assert mounts["/disk"].volume == "disk"


def test_the_parts_of_a_mount_know_their_places() -> None:
    text, project = fixture("mounts")
    mount = project.containers[0].mounts[0]
    parts = (mount.source, mount.target, mount.read_only)
    assert [under(text, one) for one in parts] == ["/var/run/docker.sock", "/var/run/docker.sock", "ro"]


# Anchors and merge keys


def test_a_service_has_what_it_merges_and_its_own_keys_win() -> None:
    _, project = fixture("anchors")
    services = by_name(project)
    images = {name: one.image.reference for name, one in services.items() if one.image}
    assert images["one"] == "registry.example.com/own:1.0"
    assert images["two"] == "registry.example.com/web:3.1"
    assert services["two"].limits.memory == Located(256 * 1024**2, Span(0, 0))
    assert [variable.value.value for variable in services["two"].variables if variable.value] == ["own"]
    assert all([c.name for c in one.capabilities] == ["SYS_PTRACE"] for one in services.values())


def test_what_a_service_resets_is_still_merged() -> None:
    text = (
        "services:\n  a: &a {image: a:1, privileged: true}\n  b:\n    <<: *a\n    privileged: !reset null\n"
    )
    assert by_name(read(text))["b"].is_privileged is True


def test_a_shared_value_points_at_the_text_that_set_it_and_is_marked_as_shared() -> None:
    text, project = fixture("anchors")
    spans = {one.capabilities[0].span for one in project.containers}
    assert [under(text, span) for span in spans] == ["SYS_PTRACE"]
    assert any(shared.start <= next(iter(spans)).start < shared.end for shared in project.shared)


# Variables


def test_defaults_are_judged_as_deployed() -> None:
    known = by_name(fixture("interpolated")[1])["known"]
    assert known.image is not None
    assert known.image.is_floating is True
    assert known.is_privileged is True
    assert known.is_root is True
    assert known.has_read_only_root is True
    assert known.has_memory_limit is True
    assert known.variables[0].holds_secret is True
    assert known.variables[1].value == Located("5$", Span(0, 0))


def test_what_nothing_sets_is_unknown() -> None:
    unknown = by_name(fixture("interpolated")[1])["unknown"]
    assert unknown.image is not None
    facts = [
        *(unknown.image.is_floating, unknown.is_privileged, unknown.is_root, unknown.has_memory_limit),
        *(unknown.uses_host_network, unknown.forbids_new_privileges, unknown.capabilities[0].name),
    ]
    assert facts == [UNKNOWN] * len(facts)
    assert not any(one.holds_secret is True or one.holds_url_login for one in unknown.variables)


def test_the_env_file_beside_sets_variables() -> None:
    text = "services:\n  app:\n    image: a:1\n    privileged: ${P}\n    user: ${U:-0}\n"
    assert read(text).containers[0].is_privileged is UNKNOWN
    app = read(text, "P=true\nU=app\n").containers[0]
    assert (app.is_privileged, app.is_root) == (True, False)


def test_a_variable_that_compose_cannot_read_is_one_problem_at_its_dollar() -> None:
    text = "x-note: &n 'a ${b c}'\nservices:\n  app:\n    image: a:1\n    labels: {x: *n, y: *n}\n"
    project = read(text)
    assert [(one.code, under(text, one.span)) for one in project.problems] == [("interpolation", "${b c}")]


# Environment


def test_environment_in_a_list_knows_names_without_values_and_quotes() -> None:
    text = (
        "services:\n  app:\n    image: a:1\n    environment:\n"
        "      - DB_PASSWORD=swordfish-not-real\n      - PASS_THROUGH\n"
        '      - API_KEY=""\n      - SECRET_KEY="${KEY}"\n'
    )
    variables = read(text).containers[0].variables
    assert [one.name for one in variables] == ["DB_PASSWORD", "PASS_THROUGH", "API_KEY", "SECRET_KEY"]
    assert variables[0].holds_secret is True
    assert not any(one.holds_secret is True for one in variables[1:])
    assert variables[1].value is None
    assert variables[0].value is not None
    assert under(text, variables[0].value) == "swordfish-not-real"
    assert under(text, variables[0].name_span) == "DB_PASSWORD"


def test_quotes_round_a_value_in_a_list_reach_the_container_and_no_judgement() -> None:
    text = (
        "services:\n  app:\n    image: a:1\n    environment:\n"
        "      - DB_PASSWORD=\"swordfish-not-real\"\n      - API_TOKEN='<your token>'\n"
    )
    password, token = read(text).containers[0].variables
    assert (known(password.value), known(token.value)) == ('"swordfish-not-real"', "'<your token>'")
    assert password.secret_span is not None
    assert text[slice(*password.secret_span[:2])] == "swordfish-not-real"
    assert token.is_placeholder


@pytest.mark.parametrize(
    ("image", "lines", "is_named"),
    [
        ("queue:2.1", [], True),
        ("queue", ["command: ''"], True),
        ("queue:2.1", ["command:"], True),
        ("queue:2.1", ["command: /opt/bin/queue-server -v"], True),
        ("queue:2.1", ["command: [-v]"], True),
        ("queue:2.1", ["command: ${RUN:-queue-server}"], True),
        ("queue:1.9", [], False),
        ("queue:${TAG}", [], False),
        ("queue:2.1", ["command: bash -c start"], False),
        ("queue:2.1", ["command: [bash]"], False),
        ("queue:2.1", ["command: ${RUN}"], False),
        ("queue:2.1", ["entrypoint: /mine"], False),
        ("queue:2.1", ["build: ."], False),
    ],
)
def test_a_variable_knows_the_one_that_names_a_file_where_the_image_will_read_it(
    image: str, lines: list[str], is_named: bool
) -> None:
    queue = ImageFacts("queue", secret_files=("KEY",), secret_lines=(("*", "2"),), servers=("queue-server",))
    body = [f"image: {image}", "environment: {KEY: hunter2}", *lines]
    text = "services:\n  app:\n" + "".join(f"    {line}\n" for line in body)
    app = parse_compose(text, Knowledge(date(2026, 8, 22), {"queue": queue})).containers[0]
    assert [one.names_file for one in app.variables] == ["KEY_FILE" if is_named else ""]


@pytest.mark.parametrize(
    ("written", "given"),
    [
        *(("0o14", "12"), ("017", "15"), ("0x1F", "31"), ("1_000", "1000"), ("+5", "5"), ("1.50", "1.5")),
        *((".5", "0.5"), ("1e3", "1000"), ("1e6", "1e+06"), ("1234567.5", "1.2345675e+06")),
        *(("0.00001", "1e-05"), ("-9223372036854775809", "-9.223372036854776e+18")),
        *(("TRUE", "true"), ("yes", "yes"), ("1:30", "1:30"), ("'1.50'", "1.50"), ("!!str 017", "017")),
        *(("2026-1-31", "2026-01-31 00:00:00 +0000 UTC"), ("2026-02-31", "2026-02-31")),
    ],
)
def test_a_value_in_a_mapping_is_what_go_prints_of_it(written: str, given: str) -> None:
    (variable,) = service(f"    environment: {{PIN: {written}}}\n").variables
    assert known(variable.value) == given


def test_a_secret_is_judged_as_it_is_written() -> None:
    (variable,) = service("    environment: {DB_PASSWORD: 0012345670}\n").variables
    assert (known(variable.value), variable.written, variable.holds_secret) == ("2739128", "0012345670", True)


# Hardening


@pytest.mark.parametrize(
    ("options", "forbids"),
    [
        ("[no-new-privileges]", True),
        ("['no-new-privileges:true']", True),
        ("[no-new-privileges=1]", True),
        ("['no-new-privileges:false']", False),
        ("['no-new-privileges:true', 'no-new-privileges:false']", False),
        ("['no-new-privileges:false', 'no-new-privileges=T']", True),
        ("['label:user:me']", False),
        ("['no-new-privileges:${X}']", UNKNOWN),
    ],
)
def test_the_last_word_on_new_privileges_counts(options: str, forbids: object) -> None:
    assert service(f"    security_opt: {options}\n").forbids_new_privileges is forbids


def test_profiles_are_off_in_every_spelling() -> None:
    app = service("    security_opt: ['seccomp=unconfined', 'apparmor:unconfined', 'label=disable', "
                  "'label:type:spc_t', 'systempaths=unconfined', 'seccomp:./own.json']\n")  # fmt: skip
    names = ["seccomp", "AppArmor", "SELinux", "SELinux", "system path masking", None]
    assert [one.disables for one in app.security_options] == names


def test_capabilities_have_one_spelling() -> None:
    app = service("    cap_add: [CAP_SYS_ADMIN, net_raw]\n    cap_drop: [all]\n")
    assert [one.name for one in app.capabilities] == ["SYS_ADMIN", "NET_RAW"]
    assert app.drops_all_capabilities is True


@pytest.mark.parametrize(
    ("user", "is_root"),
    [
        *(("root", True), ("0", True), ("'0:0'", True), ("'000'", True), ("'+0'", True), ("root:app", True)),
        *(("app", False), ("1000", False), ("'10001:0'", False), ("rooted", False), ("${U}", UNKNOWN)),
        *(("'1000:${G}'", False), ("''", False)),
    ],
)
def test_root_has_many_spellings(user: str, is_root: object) -> None:
    assert service(f"    user: {user}\n").is_root is is_root


@pytest.mark.parametrize(("user", "has"), [("''", False), ("", False), ("app", True), ("${U}", True)])
def test_an_empty_user_is_none(user: str, has: bool) -> None:
    assert service(f"    user: {user}\n").has_user is has


def test_namespaces_of_the_host_are_told_from_shared_ones() -> None:
    keys = ("network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup")
    host = service("".join(f"    {key}: host\n" for key in keys))
    other = service(
        "    network_mode: service:vpn\n    pid: 'service:vpn'\n    ipc: shareable\n    cgroup: private\n"
    )
    facts = ("network", "pid", "ipc", "uts", "users", "cgroup")
    assert [getattr(host, f"uses_host_{name}") for name in facts] == [True] * 6
    assert [getattr(other, f"uses_host_{name}") for name in facts] == [False] * 6


def test_an_external_network_named_host_is_the_host() -> None:
    networks = "networks:\n  lan: {external: true, name: host}\n"
    text = f"services:\n  app:\n    image: a:1\n    networks: [lan]\n{networks}"
    app = read(text).containers[0]
    assert app.uses_host_network is True
    assert app.host_network is not None
    assert under(text, app.host_network) == "lan"


@pytest.mark.parametrize(
    ("device", "role"),
    [
        *(
            ("/dev/sda", "disk"),
            ("/dev/./nvme0n1p1:/dev/x:r", "disk"),
            ("/dev", "disk"),
            ("/dev/mapper/vg", "disk"),
        ),
        *(("/dev/mem", "memory"), ("/dev/kvm", "kvm"), ("/dev/net/tun", "tun"), ("/dev/ttyUSB0", "other")),
        *(("vendor.com/gpu=all", "cdi"), ("${DISK}", UNKNOWN), ("/dev/null", "other")),
    ],
)
def test_devices_have_roles(device: str, role: object) -> None:
    assert service(f"    devices: ['{device}']\n").devices[0].role == role


@pytest.mark.parametrize(
    ("rule", "dangerous"),
    [
        *(
            ("a *:* rwm", True),
            ("b 8:0 r", True),
            ("c 1:11 rw", True),
            ("c *:* rwm", True),
            ("c 10:237 rw", True),
        ),
        *(("c 1:3 mr", False), ("c 188:* rwm", False), ("b 8:0 m", False), ("nonsense", False)),
    ],
)
def test_device_rules_open_disks_and_memory(rule: str, dangerous: bool) -> None:
    assert service(f"    device_cgroup_rules: ['{rule}']\n").device_rules[0].is_dangerous is dangerous


# Limits


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        ("    mem_limit: 512m\n    cpus: 0.5\n    pids_limit: 100\n", (True, True, True)),
        ("    deploy: {resources: {limits: {memory: 1gb, cpus: '2', pids: 9}}}\n", (True, True, True)),
        ("    deploy: {resources: {reservations: {memory: 1gb, cpus: '2'}}}\n", (False, False, False)),
        ("    mem_limit: 0\n    cpus: 0\n    pids_limit: -1\n", (False, False, False)),
        ("    mem_limit: ${M}\n    cpus: ${C}\n    pids_limit: ${P}\n", (UNKNOWN, UNKNOWN, UNKNOWN)),
        ("    mem_limit: ${M:-0}\n    cpu_quota: 50000\n", (False, True, False)),
        (
            "    mem_limit: 0\n    cpus: 0\n    deploy: {resources: {limits: {memory: 1g, cpus: 1}}}\n",
            (True, True, False),
        ),
        ("    cpu_shares: 100\n", (False, False, False)),
    ],
)
def test_a_limit_is_a_bound_above_zero(body: str, facts: tuple[object, ...]) -> None:
    app = service(body)
    assert (app.has_memory_limit, app.has_cpu_limit, app.has_pids_limit) == facts


def test_sizes_are_bytes() -> None:
    sizes = ["1024", "1k", "1.5g", "512 mb", "2GiB", "-1"]
    read_sizes = [service(f"    mem_limit: {size}\n").limits.memory for size in sizes]
    assert [one and one.value for one in read_sizes] == [
        1024,
        1024,
        3 * 512 * 1024**2,
        512 * 1024**2,
        2 * 1024**3,
        -1,
    ]


# Running


def test_commands_are_read_in_both_forms_with_true_places() -> None:
    text = (
        'services:\n  app:\n    image: a:1\n    entrypoint: ["/bin/sh", "-c", "curl -k https://example.com"]\n'
        "    command: >-\n      dockerd\n      -H tcp://0.0.0.0:2375\n"
        "    healthcheck:\n      test: 'wget -q ''http://localhost'' || exit $$?'\n"
    )
    app = read(text).containers[0]
    assert [one.program for one in app.commands] == ["sh", "curl", "dockerd"]
    assert under(text, app.commands[1]) == "curl -k https://example.com"
    assert under(text, app.commands[2].words[2].span) == "tcp://0.0.0.0:2375"
    assert app.healthcheck is not None
    assert [one.program for one in app.healthcheck.commands] == ["wget", "exit"]
    assert app.healthcheck.commands[0].words[-1].value == "http://localhost"


@pytest.mark.parametrize(
    ("body", "has", "disables"),
    [
        ("", False, None),
        ("    healthcheck: {test: [CMD, ./ok]}\n", True, False),
        ("    healthcheck: {disable: true}\n", False, True),
        ("    healthcheck: {test: [NONE]}\n", False, True),
        ("    healthcheck: {test: NONE}\n", True, False),
        ("    healthcheck: {test: []}\n", True, False),
        ("    healthcheck: {disable: '${X}'}\n", UNKNOWN, UNKNOWN),
        ("    extends: base\n", UNKNOWN, None),
    ],
)
def test_a_healthcheck_can_be_there_and_off(body: str, has: object, disables: object) -> None:
    app = service(body)
    assert (app.has_healthcheck, app.healthcheck and app.healthcheck.is_disabled) == (has, disables)


@pytest.mark.parametrize(
    ("body", "unbounded"),
    [
        ("    restart: always\n", True),
        ("    restart: unless-stopped\n", True),
        ("    restart: no\n", False),
        ("    restart: 'on-failure:5'\n", False),
        ("    restart: on-failure\n", True),
        ("    deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}\n", False),
        ("    deploy: {restart_policy: {condition: none}}\n", False),
        ("    restart: ${R}\n", UNKNOWN),
    ],
)
def test_restarts_are_bounded_or_not(body: str, unbounded: object) -> None:
    restart = service(body).restart
    assert restart is not None
    assert restart.is_unbounded is unbounded


def test_hooks_may_be_privileged_or_root() -> None:
    app = service(
        "    post_start:\n      - {command: ./a, privileged: true}\n      - {command: ./b, user: root}\n"
    )
    assert [(one.when, one.is_privileged, one.runs_as_root) for one in app.hooks] == [
        ("post_start", True, False),
        ("post_start", False, True),
    ]


def test_a_build_says_how_it_is_allowed_to_run() -> None:
    app = service("    build: {context: 'https://example.com/r.git', privileged: 'yes', network: host, "
                  "entitlements: [security.insecure], args: {TOKEN: x}}\n")  # fmt: skip
    build = app.build
    assert build is not None
    assert (build.is_remote, build.is_privileged, build.uses_host_network) == (True, True, True)
    assert [one.value for one in build.entitlements] == ["security.insecure"]
    assert [(one.name, one.origin) for one in build.arguments] == [("TOKEN", "build-arg")]


def test_every_key_is_read_without_a_problem() -> None:
    _, project = fixture("every-key")
    assert project.problems == ()
    services = by_name(project)
    assert services["api"].is_partial
    assert services["cache"].is_provided
    assert [one.is_host for one in project.networks] == [False, False]
    assert [one.is_encrypted for one in project.networks] == [True, False]
    assert [one.has_literal_content for one in project.configs] == [False, True, False]
    assert [str(one.path.value) for one in project.includes] == [
        "./monitoring/compose.yaml",
        "./a.yaml",
        "./b.yaml",
    ]


# Parts of a service that stand elsewhere


@pytest.mark.parametrize(
    "body",
    [
        "    image: a:1\n    extends: {file: base.yaml, service: b}\n",
        "    image: a:1\n    labels: [a: b: c]\n",
        "    image: a:1\n    <<: *nowhere\n",
    ],
)
def test_what_may_be_said_elsewhere_is_unknown(body: str) -> None:
    app = read(f"services:\n  app:\n{body}").containers[0]
    facts = ("forbids_new_privileges", "has_memory_limit", "has_user", "has_read_only_root", "is_privileged")
    assert [getattr(app, name) for name in facts] == [UNKNOWN] * len(facts)


def test_a_remote_include_is_named_and_not_fetched() -> None:
    include = "include:\n  - oci://registry.example.com/stack:latest\n  - ./near.yaml\n"
    text = f"{include}services:\n  a:\n    image: a:1\n"
    project = read(text)
    assert [one.is_remote for one in project.includes] == [True, False]
    assert [(one.code, one.is_fatal, under(text, one.span)) for one in project.problems] == [
        ("not-read", False, "oci://registry.example.com/stack:latest")
    ]
    assert len(project.containers) == 1


# Inline Dockerfiles


def test_an_inline_dockerfile_knows_where_its_lines_stand() -> None:
    text, project = fixture("inline-dockerfile")
    tool = project.containers[0]
    assert tool.inline_dockerfile is not None
    inline = tool.inline_dockerfile.value
    assert inline == "FROM alpine:3.20\n\nRUN echo you \\\n  && true\nUSER root\n"
    for start, at in tool.inline_offsets:
        line = inline[start:].split("\n")[0]
        assert text[at : at + 4] == line[:4] or not line
    user = inline.index("USER root")
    at = dict(tool.inline_offsets)[user]
    assert text[at : at + 9] == "USER root"


# Comments


def test_comments_know_what_they_are_about() -> None:
    text, project = fixture("comments")
    about = {
        one.text: (under(text, one.owner).split("\n")[0] if one.owner else None, one.block is not None)
        for one in project.comments
    }
    assert about == {
        "About the file as a whole.": (None, False),
        "About the service below.": ("web: # and beside its name", True),
        "In two lines.": ("web: # and beside its name", True),
        "and beside its name": ("web: # and beside its name", True),
        "about the image": ("image: registry.example.com/web:1", False),
        "about the first port": ('"80:80"', False),
        "about the port": ('"80:80"', False),
        "about a part": ("published: 8081", False),
        "stands alone": (None, False),
        "about flow": ('job: {image: "registry.example.com/job:1", init: true}', True),
        "beside a flow service": ('job: {image: "registry.example.com/job:1", init: true}', True),
        "the end": (None, False),
    }


def test_credentials_in_comments_are_left_alone() -> None:
    token = "gh" + "p_" + "9f8Ab3xK2mQ7rT5vY1zC4dE6gH0jLnPsWuXi"
    assert len(read(f"services:\n  a:\n    image: a:1\n    labels: {{x: {token}}}\n").credentials) == 1
    assert read(f"services:\n  a:\n    image: a:1 # {token}\n").credentials == ()


def test_reset_drops_a_value_whatever_it_holds_and_override_keeps_it() -> None:
    text = """
services:
  web:
    image: nginx:1.28
    cap_drop: !reset [ALL]
    privileged: !reset true
    environment: {A: 1, B: !reset 2}
    volumes: !reset
      - /var/run/docker.sock:/var/run/docker.sock
    networks: {front: {}, back: !reset {}}
    ports: !override ["80:80"]
  gone: !reset
    image: nginx:1.28
"""
    project = parse_compose(text, Knowledge(date(2026, 8, 22)))
    (web,) = project.containers
    assert (web.drops_all_capabilities, web.is_privileged, web.mounts) == (False, False, ())
    assert [one.name for one in web.variables] == ["A"]
    assert [one.value for one in web.networks] == ["front"]
    assert len(web.ports) == 1
    assert not [one for one in project.problems if one.code != "undefined"]


def test_a_service_knows_whose_mounts_it_gets() -> None:
    one = service("    volumes_from: [data, 'container:old:ro']\n")
    assert [known(each) for each in one.volumes_from] == ["data", "container:old:ro"]


@pytest.mark.parametrize(
    "body",
    [
        "    command: serve --as '${WHO:-app}' --in $$HOME\n",
        "    command: \"serve --as '${WHO:-app}' --in $$HOME\"\n",
        "    command: |\n      serve --as '${WHO:-app}' --in $$HOME\n",
    ],
)
def test_compose_puts_variables_in_before_a_shell_reads_quotes(body: str) -> None:
    words = service(body).commands[0].words
    assert [word.text for word in words] == ["serve", "--as", "app", "--in", "$HOME"]
    assert words[2].value == "app"
    text = f"services:\n  app:\n    image: registry.example.com/app:1.0\n{body}"
    assert [text[slice(*word.span[:2])] for word in words[2:4]] == ["'${WHO:-app}'", "--in"]


@pytest.mark.parametrize(
    "command", ['[login, "${TOKEN}"]', "login ${TOKEN}", "login ${TOKEN:-none}", "login '${TOKEN}'"]
)
def test_what_env_sets_is_no_literal_word_of_a_command(command: str) -> None:
    words = service(f"    command: {command}\n", "TOKEN=kept-elsewhere\n").commands[0].words
    assert words[1].value is UNKNOWN
    assert "kept" not in words[1].text


@pytest.mark.parametrize("key", ["environment: [TOKEN, OTHER]", "environment: {TOKEN: , OTHER: }"])
def test_a_name_alone_takes_the_variable_of_the_project_and_shows_no_place(key: str) -> None:
    text = f"services:\n  app:\n    image: a:1\n    {key}\n"
    token, other = read(text, "TOKEN=swordfish-not-real\n").containers[0].variables
    assert (known(token.value), other.value) == ("swordfish-not-real", None)
    assert token.holds_secret is not True
    assert token.secret_spans == ()


def test_an_argument_without_a_value_takes_the_variable_of_the_project() -> None:
    app = service("    build: {context: ., args: [VERSION]}\n", "VERSION=3\n")
    assert app.build is not None
    assert [known(one.value) for one in app.build.arguments] == ["3"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("serve 'a b'\\ c \"\"", ["serve", "a b c", ""]),
        ("serve $$HOME $$(id) `id`", ["serve", "$HOME", "$(id)", "`id`"]),
        ("serve && migrate", ["serve"]),
        ("serve 2>&1 | tee log", ["serve"]),
        ("sh -c 'serve && migrate'", ["sh", "-c", "serve && migrate"]),
        ("A=1 serve", ["A=1", "serve"]),
    ],
)
def test_a_command_in_a_string_is_split_and_no_shell_reads_it(command: str, words: list[str]) -> None:
    app = service(f"    command: {command}\n")
    assert [word.text for word in app.commands[0].words] == words


def test_what_compose_drops_of_a_command_is_told_and_hidden() -> None:
    text = f"services:\n  app:\n    image: a:1\n    command: serve && mysql -p{'hunter' + '2' * 9}\n"
    project = read(text)
    assert [(one.code, text[one.span.start : one.span.end]) for one in project.problems] == [
        ("cut-command", "&&")
    ]
    assert [text[slice(*span[:2])] for span in project.containers[0].secret_spans] == ["hunter" + "2" * 9]


@pytest.mark.parametrize("command", ["serve 'x", "serve $$(id", "serve (x)", "serve \\"])
def test_a_command_that_compose_cannot_split_is_told(command: str) -> None:
    problems = read(f"services:\n  app:\n    image: a:1\n    command: {command}\n").problems
    assert [(one.code, one.is_fatal) for one in problems] == [("bad-command", True)]


def test_escapes_of_yaml_end_before_compose_splits_a_command() -> None:
    text = 'services:\n  app:\n    image: a:1\n    command: "serve\\tone \\"two \\u00fc\\" ${X:-three}"\n'
    words = read(text).containers[0].commands[0].words
    assert [word.value for word in words] == ["serve", "one", "two ü", "three"]
    assert [text[slice(*word.span[:2])] for word in words[1:]] == ["one", '\\"two \\u00fc\\"', "${X:-three}"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("    volumes: [{type: bind, target: /data}]\n", "bad-mount"),
        ("    platform: linux/arm64\n    build: {context: ., platforms: [linux/amd64]}\n", "exclusive-keys"),
    ],
)
def test_what_compose_refuses_in_a_service_is_told(body: str, code: str) -> None:
    text = f"services:\n  app:\n    image: a:1\n{body}"
    assert [one.code for one in read(text).problems] == [code]


@pytest.mark.parametrize(
    "body",
    [
        '    command: >\n      sh -c "a\n      && b"\n',
        '    command: sh -c "a\n      && b"\n',
        "    command: 'sh -c \"a\n      && b\"'\n",
    ],
)
def test_lines_that_yaml_folds_are_parted_by_one_blank(body: str) -> None:
    shell, *inner = service(body).commands
    assert [word.text for word in shell.words] == ["sh", "-c", "a && b"]
    assert [one.program for one in inner] == ["a", "b"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("scale: 3, deploy: {replicas: 2}", ["scale"]),
        ("scale: 0, deploy: {replicas: '1'}", ["scale"]),
        ("scale: 2, deploy: {replicas: 2}", []),
        ("scale: $N, deploy: {replicas: 2}", []),
        ("mem_reservation: 2g, deploy: {resources: {reservations: {memory: 1g}}}", ["limit"]),
        ("mem_reservation: 2g, deploy: {resources: {reservations: {cpus: '1'}}}", ["limit"]),
        ("mem_reservation: 1024m, deploy: {resources: {reservations: {memory: 1g}}}", []),
    ],
)
def test_numbers_that_compose_refuses_beside_others_below_deploy_are_told(
    body: str, codes: list[str]
) -> None:
    text = f"services:\n  app: {{image: 'a:1', {body}}}\n"
    read = parse_compose(text, Knowledge(date(2026, 8, 22)))
    assert [one.code for one in read.problems] == codes
