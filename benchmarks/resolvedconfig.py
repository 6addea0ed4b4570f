"""The facts of a Compose project as `docker compose config --format json` prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from resolvedfacts import FLAGS, NAMES, Bag, Facts, Script, cleaned, seconds

from dockerlint.model.command.command import Command
from dockerlint.model.container.isolation import capability_name
from dockerlint.parse.compose.command import read_command, read_test
from dockerlint.parse.compose.values import Values
from dockerlint.text import Span
from dockerlint.yaml.nodes import Node, Scalar, Sequence


def of_config(config: Mapping[str, Any]) -> Facts:
    """The facts of what `docker compose config --format json` printed."""
    top = {name: config.get(name) or {} for name in ("services", "networks", "secrets", "configs")}
    return {
        "services": {
            name: _service(body) for name, body in top["services"].items() if "provider" not in body
        },
        "networks": {
            name: {
                "driver": body.get("driver"),
                "external": body.get("external", False),
                "internal": body.get("internal", False),
                "name": body.get("name"),
            }
            for name, body in ((name, body or {}) for name, body in top["networks"].items())
        },
        "secrets": {name: _stored_in(body) for name, body in top["secrets"].items()},
        "configs": {name: _stored_in(body) for name, body in top["configs"].items()},
    }


def _stored_in(body: Mapping[str, Any]) -> Facts:
    keys = ("file", "content", "environment")
    return {**{key: literal(body.get(key)) for key in keys}, "external": body.get("external", False)}


def literal(value: Any) -> Any:
    """Compose doubles dollars, so that what it prints can be read again."""
    return value.replace("$$", "$") if isinstance(value, str) else value


def _service(body: Mapping[str, Any]) -> Facts:
    deploy = body.get("deploy") or {}
    limits = (deploy.get("resources") or {}).get("limits") or {}
    facts: Facts = {
        "build": None if body.get("build") is None else _build_in(body["build"]),
        "cap_add": Bag(map(capability_name, _list(body, "cap_add"))),
        "cap_drop": Bag(map(capability_name, _list(body, "cap_drop"))),
        "security_opt": Bag(map(_option_in, _list(body, "security_opt"))),
        "networks": Bag(body.get("networks") or ()),
        "ports": Bag(map(_port_in, body.get("ports") or ())),
        "volumes": Bag(map(_volume_in, body.get("volumes") or ())),
        "tmpfs": Bag(one.partition(":")[0] for one in _list(body, "tmpfs")),
        "devices": Bag(map(_device_in, body.get("devices") or ())),
        "environment": _map(body, "environment"),
        "labels": {**_map(body, "labels"), **_map(deploy, "labels")},
        "sysctls": _map(body, "sysctls"),
        "ulimits": {name: _ulimit_in(one) for name, one in (body.get("ulimits") or {}).items()},
        "memory": int(body.get("mem_limit") or limits.get("memory") or 0) or None,
        "cpus": float(body.get("cpus") or limits.get("cpus") or 0) or _quota_in(body),
        "pids": body.get("pids_limit") or limits.get("pids"),
        "oom_score_adj": body.get("oom_score_adj"),
        "healthcheck": _healthcheck_in(body.get("healthcheck")),
        "logging": _logging_in(body.get("logging")),
        "restart": _restart_in(body, deploy),
        "commands": _words(read_command, body.get("entrypoint"), body.get("command")),
        "hooks": [
            _hook_in(when, one)
            for when in ("pre_start", "post_start", "pre_stop")
            for one in body.get(when) or ()
        ],
        "secrets": Bag(one["source"] for one in body.get("secrets") or ()),
        "configs": Bag(one["source"] for one in body.get("configs") or ()),
        "depends_on": Bag(body.get("depends_on") or ()),
        "develop": body.get("develop") is not None,
    }
    lists = ("expose", "device_cgroup_rules", "group_add", "profiles", "links", "volumes_from")
    facts |= {name: Bag(_list(body, name)) for name in lists}
    names = ("image", "user", "network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup", "cgroup_parent")
    facts |= {name: literal(body.get(name)) for name in (*names, *NAMES)}
    return facts | {name: body.get(name) or False for name in FLAGS}


def _list(body: Mapping[str, Any], key: str) -> list[str]:
    return [literal(str(one)) for one in body.get(key) or ()]


def _map(body: Mapping[str, Any], key: str) -> Facts:
    return {literal(name): literal(value) for name, value in (body.get(key) or {}).items()}


def _option_in(text: str) -> Any:
    at = next((at for at, character in enumerate(text) if character in "=:"), len(text))
    return (text[:at].strip().lower(), text[at + 1 :].strip() if at < len(text) else None)


def _build_in(body: Mapping[str, Any]) -> Facts:
    return {
        "context": literal(body.get("context")),
        "dockerfile": literal(body.get("dockerfile")),
        "dockerfile_inline": literal(body.get("dockerfile_inline")),
        "target": body.get("target"),
        "args": _map(body, "args"),
        "labels": _map(body, "labels"),
        "privileged": body.get("privileged", False),
        "network": body.get("network"),
        "entitlements": Bag(_list(body, "entitlements")),
    }


def _port_in(port: Mapping[str, Any]) -> Any:
    keys = ("host_ip", "published", "target", "protocol", "mode")
    return tuple(port.get(key) or None for key in keys)


def _volume_in(volume: Mapping[str, Any]) -> Any:
    source, bind = literal(volume.get("source")), volume.get("bind") or {}
    source = cleaned(source) if volume["type"] == "bind" else source
    target = cleaned(literal(volume.get("target")))
    return (volume["type"], source, target, volume.get("read_only", False), bind.get("propagation"))


def _device_in(device: Any) -> Any:
    if isinstance(device, str):
        source, target, mode = (*device.split(":"), "rwm", "rwm")[:3]
        return (source, target, mode)
    return (device["source"], device.get("target"), device.get("permissions", "rwm"))


def _ulimit_in(limit: Any) -> Any:
    return (limit.get("soft", 0), limit.get("hard", 0)) if isinstance(limit, Mapping) else (limit, limit)


def _quota_in(body: Mapping[str, Any]) -> float | None:
    quota = float(body.get("cpu_quota") or 0)
    return quota / float(body.get("cpu_period") or 100_000) if quota else None


def _healthcheck_in(check: Mapping[str, Any] | None) -> Any:
    if check is None:
        return None
    test = check.get("test") or []
    if check.get("disable") or test[:1] == ["NONE"]:
        return "disabled"
    return {
        "has_test": bool(test),
        "interval": seconds(check.get("interval")),
        "timeout": seconds(check.get("timeout")),
        "retries": check.get("retries"),
        "commands": _words(read_test, test),
    }


def _logging_in(logging: Mapping[str, Any] | None) -> Any:
    return logging and (logging.get("driver"), _map(logging, "options"))


def _restart_in(body: Mapping[str, Any], deploy: Mapping[str, Any]) -> Any:
    if "restart" in body:
        policy, _, attempts = body["restart"].partition(":")
        return (policy, int(attempts or 0) or None)
    policy = deploy.get("restart_policy")
    return policy and (policy.get("condition", "any"), policy.get("max_attempts"))


def _hook_in(when: str, hook: Mapping[str, Any]) -> Any:
    words = _words(read_command, hook.get("command"))
    return (when, hook.get("user"), hook.get("privileged", False), _map(hook, "environment"), words)


def _words(read: Any, *lists: Iterable[str] | None) -> Script:
    """The commands of lists of words, as this program takes apart what a shell is given."""
    commands: list[Command] = []
    for words in lists:
        text, items = "", list[Node]()
        for word in words or ():
            # A block whose first blanks would be its indentation is no block.
            start = len(text) + (2 if word[:1].isspace() else 0)
            text += f"|\n{word}"
            items.append(Scalar(word, Span(start, len(text)), "" if word[:1].isspace() else "|"))
            text += "\n"
        commands += read(Sequence(tuple(items), Span(0, len(text))), Values(text))
    return Script(commands)
