"""Small files that other linters have stumbled over: what must be found in each, and what must not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.examples import EXAMPLE_DAY
from dockerlint.run.text import lint_text

RULESET = load_ruleset(today=EXAMPLE_DAY)
DIGEST = "sha256:" + "3" * 64


class Tricky(NamedTuple):
    """One file, the texts that rules must underline in it, and the rules that must not speak up."""

    name: str
    text: str
    finds: Mapping[str, list[str]] = {}
    spares: tuple[str, ...] = ()


ROOT = ("root-in-final-stage", "final-stage-without-user")
UNPINNED = ("untagged-image", "latest-image", "moving-tag-image", "tag-without-digest", "unlisted-registry")
SECRETS = ("secret-in-env", "secret-in-arg-default", "secret-build-argument", "secret-like-variable")
PARSED = ("parse-problem",)

DOCKERFILES = [
    Tricky(
        "a comment right behind a heredoc",
        "FROM debian:13-slim\nRUN <<END\necho built\nEND\n# who runs it\nUSER 4711\n",
        spares=(*PARSED, *ROOT),
    ),
    Tricky(
        "a heredoc that ends with the file",
        "FROM debian:13-slim\nUSER 4711\nRUN <<END\nUSER root\nEND",
        spares=(*PARSED, *ROOT),
    ),
    Tricky(
        "a heredoc's end in every spelling",
        'FROM debian:13-slim\nCOPY <<-\\A /a\n\tUSER root\n\tA\nCOPY <<"B" /b\nUSER root\nB\n'
        "COPY <<-'C' /c\nUSER root\n\tC\nUSER 4711\n",
        spares=(*PARSED, *ROOT),
    ),
    Tricky(
        "a plain RUN in a stage before a heredoc",
        "FROM debian:13 AS one\nRUN sudo true\nFROM debian:13\nCOPY <<END /f\nsudo true\nEND\nUSER 1\n",
        {"sudo-in-build": ["sudo"]},
        (*PARSED, *ROOT),
    ),
    Tricky(
        "comments and blank lines inside a continuation",
        "FROM alpine:3.22\nRUN apk add \\\n# for the probe\\\n    curl \\\n\n    jq\nUSER 4711\n",
        {"apk-cache-in-layer": ["add"]},
        (*PARSED, *ROOT),
    ),
    Tricky(
        "a backtick as escape character on Windows",
        "# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nENV one=1 `\n    two=2\n"
        "COPY site C:\\site\\\nRUN dir | more && cd \\site\nUSER ContainerUser\n",
        spares=(*PARSED, *ROOT, "pipe-hides-failure", "cd-in-run", "undefined-variable"),
    ),
    Tricky(
        "Windows line ends and no last one",
        'FROM debian:13-slim\r\nRUN true \\\r\n && sudo true\r\nUSER root\r\nCMD ["date"]',
        {"sudo-in-build": ["sudo"], "root-in-final-stage": ["root"]},
        PARSED,
    ),
    Tricky(
        "a port of the registry behind a variable",
        "ARG HOST=images.example.com\nFROM $HOST:5443/team/base:2.1\nUSER 4711\n",
        spares=(*PARSED, "untagged-image", "latest-image", "invalid-image-reference"),
    ),
    Tricky(
        "an image that only a build argument names",
        "ARG BASE\nARG LINE\nFROM ${BASE}:${LINE}\nUSER 4711\n",
        {"image-needs-build-argument": ["${BASE}:${LINE}"]},
        UNPINNED,
    ),
    Tricky(
        "a stage whose name comes from a variable",
        f"ARG TARGETARCH\nFROM debian@{DIGEST} AS os\nFROM os AS os-amd64\nFROM os AS os-arm64\n"
        "FROM os-${TARGETARCH}\nUSER 4711\n",
        spares=UNPINNED,
    ),
    Tricky(
        "root in a builder only",
        "FROM golang:1.26 AS make\nUSER root\nRUN make\nFROM debian:13-slim\nUSER 4711\n",
        spares=ROOT,
    ),
    Tricky(
        "the user of a builder does not carry over",
        'FROM node:24 AS make\nUSER node\nFROM node:24-slim\nCMD ["node"]\n',
        {"final-stage-without-user": ["FROM node:24-slim"]},
    ),
    Tricky(
        "what a named stage hands on",
        'FROM debian:13-slim AS os\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nWORKDIR /srv\n'
        "ENV PART=web\nUSER app\nFROM os\nCOPY $PART .\nRUN true | cat\n",
        spares=(*ROOT, "pipe-hides-failure", "relative-copy-destination", "undefined-variable"),
    ),
    Tricky(
        "root for a while",
        'FROM debian:13-slim\nUSER root\nRUN mkdir /d\nUSER app\nENTRYPOINT ["/d/run"]\n',
        spares=ROOT,
    ),
    *(
        Tricky(
            f"root spelled {user}",
            f"FROM debian:13-slim\nARG WHO=0\nUSER {user}\n",
            {"root-in-final-stage": [user]},
        )
        for user in ("root", "root:app", "0", "0:0", "${WHO}", "$WHO:app")
    ),
    Tricky(
        "a user from build arguments",
        "FROM debian:13-slim\nARG ID=4711\nARG GROUP\nUSER ${ID}:${GROUP}\n",
        spares=ROOT,
    ),
    Tricky(
        "a user that nobody knows",
        "FROM debian:13-slim\nARG ID\nUSER ${ID}\n",
        spares=ROOT,
    ),
    Tricky(
        "the CMD of a health check",
        'FROM debian:13-slim\nHEALTHCHECK --timeout=5s \\\n  CMD /bin/probe\nUSER app\nCMD ["/run"]\n',
        spares=(*ROOT, "overridden-cmd", "missing-healthcheck"),
    ),
    Tricky(
        "triggers are for other builds",
        "FROM debian:13-slim\nONBUILD USER root\nONBUILD WORKDIR src\nUSER 4711\n",
        spares=(*ROOT, "relative-workdir"),
    ),
    Tricky(
        "a trigger that Docker refuses",
        "FROM debian:13-slim\nONBUILD FROM debian:12\nONBUILD ONBUILD RUN true\nUSER 4711\n",
        {"forbidden-onbuild-trigger": ["FROM", "ONBUILD"]},
    ),
    Tricky(
        "three ways to leave a secret",
        "FROM debian:13-slim\nENV DB_PASSWORD=hunter2-not-real\nARG REGISTRY_TOKEN\n"
        'RUN echo "token=${REGISTRY_TOKEN}" > /root/.rc\nCOPY id_ed25519 /root/.ssh/\nUSER 1\n',
        {
            "secret-in-env": ["hunter2-not-real"],
            "secret-build-argument": ["REGISTRY_TOKEN"],
            "private-key-in-image": ["id_ed25519"],
        },
    ),
    Tricky(
        "packages whose names sound like secrets",
        "FROM alpine:3.22\nRUN apk add --no-cache libsecret=0.21.7-r0 gnome-keyring-token=1.0-r0\nUSER 1\n",
        spares=(*SECRETS, "secret-in-command", "secret-in-shell-variable"),
    ),
    Tricky(
        "a shell handed on by a stage, wherever it lies",
        'FROM alpine:3.22 AS os\nSHELL ["/opt/bin/ash", "-eo", "pipefail", "-c"]\nFROM os\nRUN ls | wc\n',
        spares=("pipe-hides-failure",),
    ),
    Tricky(
        "a download that goes to a shell, and one that does not",
        "FROM debian:13-slim\nRUN wget -qO- https://x.example/go | bash\n"
        "RUN curl -fs https://x.example/k | gpg --dearmor -o /k\nUSER 1\n",
        {"download-run-unseen": ["wget -qO- https://x.example/go"]},
    ),
    Tricky(
        "an image of nothing runs as root too",
        'FROM scratch\nCOPY run /run\nENTRYPOINT ["/run"]\n',
        {"final-stage-without-user": ["FROM scratch"]},
        UNPINNED,
    ),
    Tricky(
        "commands inside a heredoc",
        "FROM debian:13-slim\nRUN <<END\nsudo apt-get install jq\nEND\nUSER 1\n",
        {"sudo-in-build": ["sudo"], "apt-install-asks": ["install"]},
        PARSED,
    ),
    Tricky(
        "ADD where COPY would do, and where it would not",
        "FROM debian:13-slim\nADD site.tgz /www/\nADD https://x.example/f /f\nADD conf/ /conf/\nUSER 1\n",
        {"add-for-local-files": ["ADD"], "add-from-url": ["https://x.example/f"]},
    ),
]

APP = "services:\n  app:\n    image: registry.example.com/app:1.4\n"

COMPOSES = [
    Tricky(
        "ports that older readers take for one number",
        APP + "    ports:\n      - 21:21\n      - 59:59\n",
        {"port-on-all-interfaces": ["21:21", "59:59"]},
    ),
    Tricky(
        "a key that stands twice",
        APP + "    read_only: true\n    read_only: false\n",
        {"parse-problem": ["read_only"]},
    ),
    Tricky(
        "defaults of variables are what is deployed",
        "services:\n  app:\n    image: nginx:${LINE:-latest}\n    privileged: ${ALL:-true}\n"
        '    user: "${ID:-0}"\n'
        "    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-hunter2-not-real}\n"
        "    volumes:\n      - ${AT:-/var/run/${ENGINE:-docker}.sock}:/s\n",
        {
            "latest-image": ["nginx:${LINE:-latest}"],
            "privileged-container": ["${ALL:-true}"],
            "root-user": ["${ID:-0}"],
            "secret-in-environment": ["${DB_PASSWORD:-hunter2-not-real}"],
            "control-socket-mount": ["${AT:-/var/run/${ENGINE:-docker}.sock}:/s"],
        },
    ),
    Tricky(
        "variables that nothing sets",
        "services:\n  app:\n    image: app:${LINE}\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n"
        "      API_KEY: ${API_KEY:?set it}\n      DB_URL: postgres://${DB_USER:?}:${DB_PASSWORD:?}@db/app\n"
        "    volumes:\n      - ${DATA}:/data\n",
        spares=(
            *UNPINNED,
            "secret-in-environment",
            "password-in-url",
            "control-socket-mount",
            "host-root-mount",
        ),
    ),
    Tricky(
        "an environment as a list",
        APP + "    environment:\n      - DB_PASSWORD=hunter2-not-real\n      - API_TOKEN\n"
        '      - MAIL_PASSWORD=""\n      - ROOT_PASSWORD="${ROOT_PASSWORD}"\n',
        {"secret-in-environment": ["hunter2-not-real"]},
    ),
    Tricky(
        "no-new-privileges by an equals sign",
        APP + "    security_opt: [no-new-privileges=true]\n",
        spares=("new-privileges-allowed",),
    ),
    Tricky(
        "no-new-privileges by its name alone",
        APP + "    security_opt: [no-new-privileges]\n",
        spares=("new-privileges-allowed",),
    ),
    Tricky(
        "profiles switched off in either spelling",
        APP + "    security_opt: ['seccomp:unconfined', 'apparmor=unconfined', 'label:disable']\n",
        {"security-profile-off": ["seccomp:unconfined", "apparmor=unconfined", "label:disable"]},
    ),
    Tricky(
        "capabilities in every spelling",
        APP + "    cap_add: [cap_sys_module, All, Cap_Sys_Ptrace]\n    cap_drop: [All]\n",
        {
            "host-control-capability": ["cap_sys_module", "All"],
            "trace-capability": ["Cap_Sys_Ptrace"],
            "default-capabilities-kept": ["cap_add"],  # cap_drop: [ALL] takes nothing of what that gives
        },
    ),
    Tricky(
        "ports in every form",
        APP + '    ports:\n      - "4000"\n      - "127.0.0.1:4001:4001"\n      - "[::]:4002:4002"\n'
        '      - "[::ffff:0.0.0.0]:4003:4003"\n      - "${AT}:4004"\n'
        "      - {target: 4005, published: 4005, host_ip: '::1'}\n      - {target: 4006, published: 4006}\n",
        {
            "port-on-all-interfaces": [
                "4000",
                "[::]:4002:4002",
                "[::ffff:0.0.0.0]:4003:4003",
                "${AT}:4004",
                "{target: 4006, published: 4006}",
            ]
        },
    ),
    Tricky(
        "sockets of other engines, and a folder that holds one",
        APP + "    volumes:\n      - /run/crio/crio.sock:/a\n"
        "      - /run/user/1000/podman/podman.sock:/b\n      - /run:/c\n",
        {
            "control-socket-mount": [
                "/run/crio/crio.sock:/a",
                "/run/user/1000/podman/podman.sock:/b",
                "/run:/c",
            ]
        },
    ),
    Tricky(
        "one anchor, two services",
        "x-all: &all\n  image: app:1.4\n  cap_add: &more [SYS_TIME]\nservices:\n  one:\n    <<: *all\n"
        "  two:\n    <<: *all\n    cap_add: *more\n",
        {"clock-and-profiling-capability": ["SYS_TIME", "SYS_TIME"]},
    ),
    Tricky(
        "names of services that are words of YAML or of the model",
        "services:\n  null:\n    image: app:1.4\n  off:\n    image: app:1.4\n  42:\n    image: app:1.4\n"
        "  app.ports:\n    image: app:1.4\n    privileged: true\n  __class__:\n    image: app:1.4\n",
        {
            "privileged-container": ["true"],
            "new-privileges-allowed": ["null", "off", "42", "app.ports", "__class__"],
        },
    ),
    Tricky(
        "a part of the project from somewhere else",
        "include:\n  - https://x.example/stack.git#main:compose.yaml\n  - oci://x.example/stack:1\n" + APP,
        {
            "remote-include": ["https://x.example/stack.git#main:compose.yaml", "oci://x.example/stack:1"],
            "parse-problem": ["https://x.example/stack.git#main:compose.yaml", "oci://x.example/stack:1"],
        },
    ),
    Tricky(
        "lists that are not indented, beside a flow mapping",
        "services:\n    app: {image: 'app:1.4', cap_add: [SYS_TIME]}\n    web:\n        image: app:1.4\n"
        "        security_opt:\n        - seccomp=unconfined\n",
        {"clock-and-profiling-capability": ["SYS_TIME"], "security-profile-off": ["seccomp=unconfined"]},
        PARSED,
    ),
    Tricky(
        "a namespace of another service",
        APP + '    network_mode: "service:vpn"\n    pid: "service:vpn"\n'
        "  vpn:\n    image: registry.example.com/vpn:1.4\n    network_mode: host\n",
        {"host-network": ["host"]},
        ("host-pid",),
    ),
    Tricky(
        "a datastore that takes its password from a file",
        "services:\n  db:\n    image: postgres:18\n"
        "    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db\n",
        spares=("secret-in-environment", "image-user-is-root"),
    ),
]


HARDENING = ("default-capabilities-kept", "new-privileges-allowed")
HOST_FILES = [
    (
        "daemon",
        Tricky(
            "an open address beside the socket",
            '{"hosts": ["fd://", "tcp://[::]:2375"], "icc": false}',
            {"daemon-without-tls": ["tcp://[::]:2375"]},
            (*PARSED, "daemon-accepts-any-client", "traffic-between-containers"),
        ),
    ),
    (
        "daemon",
        Tricky(
            "an open address with verified clients",
            '{"hosts": ["tcp://[::]:2376"], "tlsverify": true, "tlscacert": "/ca.pem"}',
            spares=(*PARSED, "daemon-without-tls", "daemon-accepts-any-client"),
        ),
    ),
    (
        "daemon",
        Tricky(
            "a key twice behind a byte order mark",
            '\ufeff{"live-restore": true, "live-restore": false}',
            {"parse-problem": ['"live-restore"'], "containers-stop-with-daemon": ["false"]},
        ),
    ),
    (
        "inspect",
        Tricky(
            "null where lists are expected, and no user",
            '[{"Name": "/shop", "Config": {"User": "", "Env": null, "Labels": null, "Cmd": null},'
            ' "HostConfig": {"CapAdd": null, "Devices": null, "Binds": null, "LogConfig": null}}]',
            {"runs-as-root-by-default": ['""'], "default-capabilities-kept": ["shop"]},
            (*PARSED, "root-user", "privileged-container"),
        ),
    ),
    (
        "inspect",
        Tricky(
            "an image",
            '[{"RepoTags": ["shop:3"], "Config": {"User": "0", "Env": ["API_TOKEN=Zk81vTqp0WmX"],'
            ' "Healthcheck": {"Test": ["CMD", "x"]}}, "Architecture": "arm64"}]',
            {"image-starts-as-root": ["0"], "secret-in-env": ["Zk81vTqp0WmX"]},
            (*PARSED, *HARDENING, "unlimited-memory", "image-without-healthcheck"),
        ),
    ),
    (
        "inspect",
        Tricky(
            "capabilities as the daemon spells them",
            '[{"Name": "/a", "Config": {"User": "7"}, "HostConfig": {"CapAdd": ["CAP_SYS_MODULE"],'
            ' "CapDrop": ["CAP_ALL"], "SecurityOpt": ["no-new-privileges"], "NetworkMode": "container:9f"}}]',
            {"host-control-capability": ["CAP_SYS_MODULE"]},
            (*PARSED, *HARDENING, "host-network", "root-user"),
        ),
    ),
    (
        "inspect",
        Tricky(
            "a container a line",
            '{"Name":"/a","Config":{"User":"1"},"HostConfig":{"PidMode":"host"}}\n'
            '{"Name":"/b","Config":{"User":"1"},"HostConfig":{"PidMode":""}}\n',
            {"host-pid": ["host"], "default-capabilities-kept": ["a", "b"]},
            PARSED,
        ),
    ),
    (
        "run",
        Tricky(
            "words that look like flags behind the image",
            "docker run --rm busybox:1.37 sh -c 'cat --pid=host -v /etc:/e --privileged'\n",
            spares=(*PARSED, "privileged-container", "host-pid", "readable-host-secrets"),
        ),
    ),
    (
        "run",
        Tricky(
            "flags in one word, and with an equals sign",
            "sudo -n docker run -tiu 0 -v /run/docker.sock:/d.sock --network=host --ipc host "
            "--cap-add=cap_sys_ptrace --security-opt apparmor:unconfined tool\n",
            {
                "root-user": ["0"],
                "control-socket-mount": ["/run/docker.sock:/d.sock"],
                "host-network": ["host"],
                "host-ipc": ["host"],
                "trace-capability": ["cap_sys_ptrace"],
                "security-profile-off": ["apparmor:unconfined"],
                "untagged-image": ["tool"],
            },
            PARSED,
        ),
    ),
]
"""Of kinds whose files stand on a host."""


def underlined(text: str, kind: str) -> dict[str, list[str]]:
    """The texts under the findings, by the name of the rule."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for finding in lint_text(text, kind, RULESET):
        found[finding.rule.name].append(text[finding.span.start : finding.span.end])
    return found


@pytest.mark.parametrize(
    ("kind", "case"),
    [("dockerfile", case) for case in DOCKERFILES] + [("compose", case) for case in COMPOSES] + HOST_FILES,
    ids=lambda value: value.name if isinstance(value, Tricky) else value,
)
def test_what_is_there_is_found_and_nothing_else(kind: str, case: Tricky) -> None:
    found = underlined(case.text, kind)
    assert {name: found[name] for name in case.finds} == case.finds
    assert {name: found[name] for name in case.spares if found[name]} == {}


def checked(folder: Path, *arguments: str) -> dict[str, list[dict[str, object]]]:
    """The JSON of `dockerlint check` in a folder."""
    done = subprocess.run(
        [sys.executable, "-m", "dockerlint", "check", "--format", "json", "--fail-on", "never", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    report: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return report


def test_a_pin_or_a_missing_health_check_is_no_matter_of_the_default_profile(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        f"FROM debian:13-slim@{DIGEST}\n"
        "RUN apt-get update && apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*\n"
        'USER 4711\nENTRYPOINT ["/once"]\n'
    )
    assert checked(tmp_path)["findings"] == []
    strict = {str(one["name"]) for one in checked(tmp_path, "--profile", "strict")["findings"]}
    assert strict == {"apt-package-without-version", "missing-healthcheck", "uncached-install"}


def test_a_health_check_that_is_switched_off_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM debian:13-slim@{DIGEST}\nHEALTHCHECK NONE\nUSER 4711\n")
    assert checked(tmp_path, "--profile", "strict")["findings"] == []


def test_latin_1_is_read_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(
        'FROM debian:13-slim\nLABEL by="Zoë"\nUSER root\n'.encode("latin-1")
    )
    report = checked(tmp_path)
    assert [(one["name"], one["line"], one["column"]) for one in report["findings"]] == [
        ("root-in-final-stage", 3, 6)
    ]
    assert [(one["level"], one["path"]) for one in report["problems"]] == [("note", "Dockerfile")]


def test_lines_are_those_of_an_editor_whatever_the_text_holds(tmp_path: Path) -> None:
    text = APP + '    labels:\n      note: "a\u2028b\u2029c\u0085d"\n    privileged: true\n'
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    [finding] = [one for one in checked(tmp_path)["findings"] if one["name"] == "privileged-container"]
    assert (finding["line"], finding["column"]) == (6, 17)


def test_an_inline_dockerfile_has_the_lines_of_its_compose_file(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        'services:\n  app:\n    user: "4711"\n    build:\n      dockerfile_inline: |\n'
        "        FROM debian\n        USER root\n"
    )
    findings = {str(one["name"]): one for one in checked(tmp_path, "--profile", "strict")["findings"]}
    assert findings["untagged-image"]["line"] == 6
    assert (findings["root-in-final-stage"]["line"], findings["root-in-final-stage"]["confidence"]) == (
        7,
        "low",
    )
    assert "root-in-final-stage" not in {one["name"] for one in checked(tmp_path)["findings"]}


def test_a_secret_is_masked_in_the_report(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:13\nENV DB_PASSWORD=hunter2-not-real\nUSER 1\n")
    [finding] = [one for one in checked(tmp_path)["findings"] if one["name"] == "secret-in-env"]
    assert finding["severity"] == "high"
    assert "hunter2-not-real" not in json.dumps(finding)


def test_a_path_that_looks_like_an_option_is_a_path(tmp_path: Path) -> None:
    folder = tmp_path / "--config=here"
    folder.mkdir()
    (folder / "compose.yaml").write_text(APP + "    privileged: true\n")
    findings = checked(tmp_path, "--", "--config=here/compose.yaml")["findings"]
    assert "privileged-container" in {one["name"] for one in findings}
