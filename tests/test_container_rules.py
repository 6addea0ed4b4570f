"""What the examples of single rules cannot show: how the rules about containers share the work."""

from __future__ import annotations

import pytest
from pace import grows_in_proportion

from dockerlint.findings import Finding
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text

RULES = load_ruleset(today=EXAMPLE_DAY)
ABSENCE = ("DK222", "DK223", "DK225", "DK226", "DK227", "DK228", "DK247", "DK249")
PORTS = ("DK230", "DK231", "DK232", "DK234")


def judged(text: str) -> list[Finding]:
    return lint_text(text, "compose", RULES)


def service(lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines.splitlines())
    return f"services:\n  app:\n    image: example/app:1.0\n{body}"


def rules_of(text: str) -> set[str]:
    return {finding.rule.id for finding in judged(text)}


def underlined(text: str, *rules: str) -> list[str]:
    return [text[one.span.start : one.span.end] for one in judged(text) if one.rule.id in rules]


@pytest.mark.parametrize(
    "port",
    ["8080:80", "5432:5432", "2222:22", "443:8443", "80", "${PORT}:80", "8080:${PORT}", "80:5432", "80:22"],
)
def test_every_open_port_is_told_once(port: str) -> None:
    assert underlined(service(f'ports: ["{port}"]'), *PORTS) == [port]


@pytest.mark.parametrize("port", ["8080:80", "443:443", "9229:9229"])
def test_every_open_port_of_a_datastore_is_told_as_that(port: str) -> None:
    text = f'services:\n  db:\n    image: postgres:17\n    ports: ["{port}"]\n'
    assert [one.rule.id for one in judged(text) if one.rule.id in PORTS] == ["DK231"]


@pytest.mark.parametrize(
    "source",
    ["/", "/etc", "/etc/app", "/proc", "/var/run", "/var/run/docker.sock", "/root/.ssh", "/home/alice"],
)
@pytest.mark.parametrize("mode", ["", ":ro"])
def test_every_sensitive_mount_is_told_once(source: str, mode: str) -> None:
    text = service(f"volumes:\n  - {source}:/host{mode}")
    told = underlined(text, "DK201", "DK202", "DK204", "DK205", "DK206", "DK266")
    assert told == [f"{source}:/host{mode}"]


def test_every_capability_beyond_the_default_set_is_told_once() -> None:
    names = ["ALL", "AUDIT_CONTROL", "BPF", "DAC_READ_SEARCH", "IPC_LOCK", "LEASE", "MAC_ADMIN", "NET_ADMIN"]
    names += [
        "PERFMON",
        "SYSLOG",
        "SYS_ADMIN",
        "SYS_BOOT",
        "SYS_MODULE",
        "SYS_NICE",
        "SYS_PTRACE",
        "SYS_RAWIO",
    ]
    names += ["SYS_RESOURCE", "SYS_TIME"]
    text = service(f"cap_add: [{', '.join(names)}]")
    assert underlined(text, *(f"DK{number}" for number in range(214, 222))) == names


def test_what_is_missing_is_told_at_the_name_of_the_service() -> None:
    assert underlined(service(""), *ABSENCE) == ["app"] * len(ABSENCE)


def test_nothing_is_missing_in_a_service_that_extends_another_one() -> None:
    assert not rules_of("services:\n  app:\n    extends: {file: base.yaml, service: app}\n") & {
        *ABSENCE,
        "DK243",
    }


def test_nothing_is_missing_in_what_is_no_container() -> None:
    text = "services:\n  db:\n    provider:\n      type: example\n"
    assert not rules_of(text) & {*ABSENCE, "DK243"}


def test_a_limit_that_is_no_amount_is_a_problem_and_not_a_missing_limit() -> None:
    text = service("mem_limit: plenty")
    assert underlined(text, "DK000") == ["plenty"]
    assert "DK226" not in rules_of(text)


def test_a_service_that_is_hardened_has_no_findings_in_the_default_profile() -> None:
    text = (
        "services:\n  app:\n    image: example/app:1.0\n    user: '10001:10001'\n    read_only: true\n"
        "    cap_drop: [ALL]\n    security_opt: [no-new-privileges:true]\n    mem_limit: 256m\n"
        "    cpus: 0.5\n    pids_limit: 100\n    tmpfs: [/tmp]\n    ports: ['127.0.0.1:8080:8080']\n"
        "    volumes:\n      - data:/data\n      - ./config:/etc/app:ro\n"
        "      - /etc/localtime:/etc/localtime:ro\nvolumes:\n  data: {}\n"
    )
    found = [one.rule.id for one in judged(text) if one.rule.profile == "default"]
    assert found == []


def test_a_finding_in_a_merged_part_points_at_the_text_that_set_it() -> None:
    text = (
        "x-base: &base\n  image: example/app:1.0\n  privileged: true\n"
        "services:\n  a: {<<: *base}\n  b: {<<: *base}\n"
    )
    assert underlined(text, "DK200") == ["true", "true"]
    assert [one.subject for one in judged(text) if one.rule.id == "DK200"] == ["a", "b"]


def test_no_message_holds_the_stand_in_for_a_variable() -> None:
    text = service(
        "ports: ['${A}-81:80', '${P}:5432', '${X}']\ncap_add: ['${C}']\ndevices: ['/dev/${D}:/dev/x']\n"
        "volumes: ['${XDG_RUNTIME_DIR}/docker.sock:/s', '/etc/${E}:/e', '../../${F}:/f']\n"
        "tmpfs: ['/${T}:exec']\ngroup_add: ['${G}', docker]\n"
        "sysctls: ['net.ipv4.tcp_syncookies=0', 'vm.${S}=1']\n"
        "device_cgroup_rules: ['${R} 8:* rwm']\nplatform: 'linux/${ARCH}'\nrestart: '${RESTART}'"
    )
    assert all("\ue000" not in one.message for one in judged(text))


def test_a_named_volume_that_binds_a_path_is_named_with_it() -> None:
    text = (
        service("volumes: ['units:/u']")
        + "volumes:\n  units: {driver_opts: {type: none, o: bind, device: /etc}}\n"
    )
    assert "/etc (volume units) is mounted writable, which is root on the host" in {
        one.message for one in judged(text)
    }


def test_addresses_of_the_two_families_do_not_clash() -> None:
    both = service("ports: ['0.0.0.0:8080:80', '[::]:8080:80']")
    again = service("ports: ['8080:80', '[::1]:8080:81']")
    assert underlined(both, "DK301") == []
    assert underlined(again, "DK301") == ["[::1]:8080:81"]


def test_a_range_for_one_port_takes_what_is_free() -> None:
    assert underlined(service("ports: ['8000-8010:80', '8000-8010:81', '8005:82']"), "DK301") == []


def test_many_services_on_one_port_take_linear_time() -> None:
    def file(count: int) -> str:
        body = "".join(
            f"  s{number}:\n    image: a\n    ports: ['10.0.{number // 256}.{number % 256}:80:80']\n"
            for number in range(count)
        )
        return f"services:\n{body}"

    judged(file(1))
    assert grows_in_proportion(judged, file, 100)


def test_a_message_names_what_is_known_of_a_port_and_an_image() -> None:
    text = "services:\n  app:\n    image: ${IMAGE}\n    ports: ['${PORT}:84']\n"
    messages = {one.rule.id: one.message for one in judged(text)}
    assert messages["DK230"] == "port 84 is published on all interfaces"
    assert messages["DK243"] == "may run as root: no user is set, and the user of its image is not known"


def test_a_container_that_gives_two_namespaces_is_named_once() -> None:
    text = service("network_mode: service:vpn\npid: service:vpn\nipc: container:tools")
    [shared] = [one for one in judged(text) if one.rule.id == "DK241"]
    assert shared.message.endswith("(service:vpn, container:tools)")
