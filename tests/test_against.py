"""`dockerlint audit --against`: where containers differ from the project that should have made them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dockerlint.cli.arguments import CheckLine, UsageError
from dockerlint.cli.audit import audit_options
from dockerlint.run.check import run

LABELS = {
    "com.docker.compose.project": "shop",
    "com.docker.compose.service": "web",
    "com.docker.compose.project.working_dir": "/srv/shop",
}
SERVICE = """
services:
  web:
    image: nginx:1.28
    user: "101"
    ports: ["127.0.0.1:8080:80"]
    volumes: ["./site:/usr/share/nginx/html:ro", "cache:/var/cache/nginx"]
    tmpfs: [/run]
    cap_drop: [ALL]
    cap_add: [KILL]
    security_opt: ["no-new-privileges:true"]
    mem_limit: 64m
    cpus: 0.5
    pids_limit: 50
    read_only: true
    environment: {MODE: strict}
    command: nginx -g 'daemon off;'
    restart: unless-stopped
    devices: [/dev/fuse]
    healthcheck: {test: "curl -f http://localhost"}
volumes: {cache: {}}
"""
"""What `container` is made of."""


def container(name: str = "shop-web-1", **host: Any) -> dict[str, Any]:
    """What the engine prints of the container that Compose makes of SERVICE."""
    return {
        "Name": f"/{name}",
        "Image": "sha256:1",
        "Config": {
            "Image": "nginx:1.28",
            "User": "101",
            "Env": ["MODE=strict", "PATH=/bin"],
            "Labels": dict(LABELS),
            "Cmd": ["nginx", "-g", "daemon off;"],
            "Entrypoint": None,
            "Healthcheck": {"Test": ["CMD-SHELL", "curl -f http://localhost"]},
        },
        "HostConfig": {
            "NetworkMode": "shop_default",
            "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]},
            "CapAdd": ["CAP_KILL"],
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges:true"],
            "Memory": 67108864,
            "NanoCpus": 500000000,
            "PidsLimit": 50,
            "ReadonlyRootfs": True,
            "CgroupnsMode": "host",
            "IpcMode": "private",
            "Tmpfs": {"/run": ""},
            "RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0},
            "Devices": [device("/dev/fuse")],
            **host,
        },
        "Mounts": [
            bind("/srv/shop/site", "/usr/share/nginx/html", writable=False),
            volume("shop_cache", "/var/cache/nginx"),
            volume("a" * 64, "/of/the/image"),
        ],
        "NetworkSettings": {"Networks": {"shop_default": {}}},
    }


def device(path: str) -> dict[str, str]:
    return {"PathOnHost": path, "PathInContainer": path, "CgroupPermissions": "rwm"}


def bind(source: str, target: str, *, writable: bool = True) -> dict[str, Any]:
    return {"Type": "bind", "Source": source, "Destination": target, "RW": writable}


def volume(name: str, target: str) -> dict[str, Any]:
    return {"Type": "volume", "Name": name, "Source": f"/v/{name}", "Destination": target, "RW": True}


def told(tmp_path: Path, *objects: Any, project: str = SERVICE, code: int | None = None, **said: Any) -> Any:
    """The findings about drift, as rule, subject and message."""
    (tmp_path / "compose.yaml").write_text(project, "utf-8")
    path = tmp_path / "inspect.json"
    path.write_text(json.dumps(list(objects)), "utf-8")
    written = CheckLine(paths=[str(path)], no_config=True, select=["DK62", "DK63"], format=["json"], **said)
    out, errors = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    ended = run(audit_options(written, (), [str(tmp_path / "compose.yaml")]), out, errors)
    assert code is None or ended == code
    out.seek(0)
    report = json.loads(out.read())
    return [(one["rule"], one["subject"], one["message"]) for one in report["findings"]] or report["problems"]


def changed(path: str, value: Any) -> dict[str, Any]:
    """The container with something else at a path of keys."""
    made = container()
    *above, last = path.split(".")
    part = made
    for key in above:
        part = part[key]
    part[last] = value
    return made


def test_what_the_project_made_differs_in_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, container(), code=0) == []


DRIFTS = [
    ("DK620", "Config.Image", "nginx:1.27", "runs nginx:1.27, and service web says nginx:1.28"),
    ("DK621", "Config.User", "", "runs as root, and service web says 101"),
    ("DK621", "Config.User", "0", "runs as 0, and service web says 101"),
    ("DK622", "HostConfig.PortBindings", {}, "does not publish 127.0.0.1:8080→80/tcp, and service web does"),
    ("DK623", "Mounts", [], "does not mount ./site on /usr/share/nginx/html, and service web does"),
    ("DK624", "HostConfig.CapAdd", ["CAP_KILL", "CAP_SYS_ADMIN"], "adds SYS_ADMIN, and service web does not"),
    ("DK624", "HostConfig.CapDrop", None, "keeps ALL, and service web does not"),
    ("DK624", "HostConfig.Privileged", True, "privileged, and service web does not say so"),
    ("DK625", "HostConfig.Memory", 0, "no limit of memory, and service web says memory 64m"),
    ("DK625", "HostConfig.NanoCpus", 2000000000, "CPUs 2, and service web says CPUs 0.5"),
    ("DK625", "HostConfig.PidsLimit", None, "no limit of processes, and service web says processes 50"),
    ("DK626", "HostConfig.ReadonlyRootfs", False, "not read-only, and service web says read-only"),
    ("DK626", "HostConfig.SecurityOpt", [], "no security option no-new-privileges, and service web says"),
    ("DK627", "HostConfig.PidMode", "host", "pid host, and service web says its own pid namespace"),
    ("DK627", "HostConfig.NetworkMode", "bridge", "on network bridge, and service web says shop_default"),
    ("DK628", "Config.Env", ["PATH=/bin"], "lacks MODE, and service web sets it"),
    (
        "DK631",
        "Config.Cmd",
        ["nginx", "-t"],
        "has other arguments in its command, and service web",
    ),
    ("DK631", "Config.Cmd", ["sh"], "has the command 'sh', and service web says 'nginx'"),
    ("DK632", "HostConfig.RestartPolicy", {"Name": "no"}, "has the restart policy no, and service web says"),
    ("DK633", "HostConfig.Devices", [], "lacks the device /dev/fuse:/dev/fuse:mrw, and service web has it"),
    ("DK634", "Config.Healthcheck", {"Test": ["NONE"]}, "has no health check, and service web has one"),
]


@pytest.mark.parametrize(("rule", "path", "value", "message"), DRIFTS)
def test_each_difference_is_told_once_of_its_service(
    tmp_path: Path, rule: str, path: str, value: Any, message: str
) -> None:
    found = told(tmp_path, changed(path, value))
    assert (rule, "shop-web-1") in {one[:2] for one in found}
    assert any(one[2].startswith(message) for one in found)
    assert {one[0] for one in found} == {rule}


def test_what_opens_the_container_weighs_more(tmp_path: Path) -> None:
    bindings = {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}], "22/tcp": [{"HostPort": "22"}]}
    opened = changed("HostConfig.PortBindings", bindings)
    assert told(tmp_path, opened, code=1) == [
        ("DK622", "shop-web-1", "publishes 0.0.0.0:22→22/tcp, and service web does not")
    ]


def test_what_the_image_and_the_engine_fill_in_is_no_difference(tmp_path: Path) -> None:
    parts = ("command", "restart", "devices", "healthcheck")
    plain = "".join(line for line in SERVICE.splitlines(True) if not line.strip().startswith(parts))
    made = container(RestartPolicy={"Name": "no", "MaximumRetryCount": 0}, Devices=None)
    own = {key: made["Config"][key] for key in ("Cmd", "Entrypoint", "Healthcheck", "Env")}
    image = {"Id": "sha256:1", "RepoTags": ["nginx:1.28"], "Config": {"User": "", **own}}
    assert told(tmp_path, made, image, project=plain) == []
    image["Config"] |= {"Cmd": ["other"], "Healthcheck": None}
    assert {one[0] for one in told(tmp_path, made, image, project=plain)} == {"DK631", "DK634"}


def test_other_spellings_are_no_difference(tmp_path: Path) -> None:
    made = changed("Config.Image", "docker.io/library/nginx:1.28")
    made["HostConfig"] |= {"CapAdd": ["KILL"], "PidMode": "", "SecurityOpt": ["no-new-privileges"]}
    assert told(tmp_path, made) == []


def test_variables_are_told_by_name_alone(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    made = changed("Config.Env", ["MODE=loose", f"GITHUB_TOKEN={token}", "PATH=/bin"])
    image = {"Id": "sha256:1", "RepoTags": ["nginx:1.28"], "Config": {"User": "", "Env": ["PATH=/bin"]}}
    found = told(tmp_path, made, image)
    assert found == [("DK628", "shop-web-1", "has GITHUB_TOKEN, and service web does not")]
    assert token not in str(found)


def test_names_of_an_env_file_belong_to_the_service(tmp_path: Path) -> None:
    (tmp_path / "web.env").write_text("FROM_FILE=1\n", "utf-8")
    project = SERVICE.replace("    tmpfs", "    env_file: web.env\n    tmpfs")
    assert told(tmp_path, container(), project=project) == [
        ("DK628", "shop-web-1", "lacks FROM_FILE, and service web sets it")
    ]


def test_services_without_container_and_containers_without_service_are_told(tmp_path: Path) -> None:
    project = SERVICE.replace(
        "volumes: {cache",
        "  job: {image: busybox}\n  later: {image: busybox, profiles: [x]}\nvolumes: {cache",
    )
    stray, orphan, other = container("stray"), container("shop-old-1"), container("blog-web-1")
    stray["Config"]["Labels"] = {}
    orphan["Config"]["Labels"] = {**LABELS, "com.docker.compose.service": "old"}
    other["Config"]["Labels"] = {**LABELS, "com.docker.compose.project": "blog"}
    once = container("shop-web-run-1", Privileged=True)
    once["Config"]["Labels"] = {**LABELS, "com.docker.compose.oneoff": "True"}
    found = told(tmp_path, container(), stray, orphan, other, once, project=f"name: shop\n{project}")
    assert found == [
        ("DK630", "stray", "runs, and the project has no such service"),
        ("DK630", "shop-old-1", "runs as service old, and the project has no such service"),
        ("DK629", "job", "no container runs service job"),
    ]


def test_what_a_variable_decides_is_no_difference(tmp_path: Path) -> None:
    project = SERVICE
    for said, open_ in (("nginx:1.28", "nginx:$TAG"), ('"101"', "$WHO"), ("8080:80", "$P:80"), ("64m", "$M")):
        project = project.replace(said, open_)
    made = changed("Config.Image", "nginx:9")
    made["Config"]["User"] = "9"
    made["HostConfig"] |= {"Memory": 9000000, "PortBindings": {}}
    assert told(tmp_path, made, project=project) == []


def test_several_files_are_one_project_and_the_place_is_in_them(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("services:\n  job:\n    image: busybox\n", "utf-8")
    (tmp_path / "compose.yaml").write_text(SERVICE, "utf-8")
    record = tmp_path / "inspect.json"
    record.write_text(json.dumps([container()]), "utf-8")
    files = [str(tmp_path / name) for name in ("compose.yaml", "more.yaml")]
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    run(
        audit_options(CheckLine(paths=[str(record)], no_config=True, format=["json"]), (), files),
        out,
        io.StringIO(),
    )
    out.seek(0)
    found = [one for one in json.loads(out.read())["findings"] if one["rule"] == "DK629"]
    assert [(Path(one["path"]).name, one["line"], one["column"]) for one in found] == [("more.yaml", 2, 3)]


def test_a_project_that_is_not_there_or_no_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.yaml: no such file"):
        audit_options(CheckLine(paths=["-"]), (), [str(tmp_path / "gone.yaml")])
    problems = told(tmp_path, container(), project="- a list\n", code=2)
    assert "no Compose project that can be read" in problems[0]["message"]


def test_a_file_that_was_not_read_proves_nothing_missing_or_left_over(tmp_path: Path) -> None:
    project = f"name: shop\ninclude: [gone.yaml]\n{SERVICE}  job: {{image: busybox}}\n"
    project = project.replace("volumes: {cache: {}}\n  job: {image: busybox}", "  job: {image: busybox}")
    stray = container("stray")
    stray["Config"]["Labels"] = {}
    found = told(tmp_path, container(), stray, project=project)
    assert "job" not in str(found)
    assert "stray" not in str(found)


def test_a_project_that_only_its_folder_names_is_known_by_its_containers(tmp_path: Path) -> None:
    made = changed("HostConfig.Memory", 0)
    assert told(tmp_path, made) == told(tmp_path, made, project=f"name: shop\n{SERVICE}")
    elsewhere = told(tmp_path, made, project=f"name: other\n{SERVICE}")
    assert [one[0] for one in elsewhere] == ["DK629"]
