"""The keys of a Compose file and what may stand under each.

Follows the Compose Specification, https://github.com/compose-spec/compose-spec/blob/main/schema/compose-spec.json
(as of 2026), and what `docker compose` itself still takes.
"""

from __future__ import annotations

from functools import cache

from dockerlint.regex import pattern
from dockerlint.yaml.shape import Shape

_NAME = pattern(r"^[a-zA-Z0-9._-]+$")
_PULL_POLICY = pattern(
    r"^(always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+)$"
)

MERGED_LISTS = frozenset(
    (
        *("annotations", "args", "cap_add", "cap_drop", "devices", "dns", "dns_opt", "dns_search", "expose"),
        *("environment", "labels", "ports", "profiles", "sysctls", "tmpfs", "volumes"),
    )
)
"""Lists whose equal items `docker compose` (2.26, tried) makes one of, although the schema forbids them."""

ANYTHING = Shape(is_free=True)
TEXT = Shape(("string",))
NUMBER = Shape(("number", "string"))
INTEGER = Shape(("integer", "string"))
FLAG = Shape(("boolean", "string"))
BOOLEAN = Shape(("boolean",))
LIST = Shape(items=TEXT, is_unique=True)
PLAIN_LIST = Shape(items=TEXT)
TEXT_OR_LIST = Shape(("string",), items=TEXT, is_unique=True)
TEXT_OR_PLAIN_LIST = Shape(("string",), items=TEXT)
COMMAND = Shape(("null", "string"), items=TEXT)
PAIRS = Shape(items=TEXT, is_unique=True, values=Shape(("string", "number", "boolean", "null")))
OPTIONS = Shape(values=Shape(("string", "number")))
HOSTS = Shape(items=TEXT, is_unique=True, values=Shape(("string",), items=TEXT))
EXTERNAL = Shape(("boolean", "string"), fields={"name": TEXT})


def _words(*words: str) -> Shape:
    return Shape(("string",), one_of=frozenset(words))


def _fields(
    shapes: dict[str, Shape], *, title: str = "", required: tuple[str, ...] = (), closed: bool = False
) -> Shape:
    return Shape(fields=shapes, title=title, required=required, is_open=not closed)


def _texts(*names: str) -> dict[str, Shape]:
    return dict.fromkeys(names, TEXT)


def _or_null(shape: Shape) -> Shape:
    return Shape((*shape.scalars, "null"), shape.items, shape.fields, shape.values, title=shape.title)


ULIMITS = Shape(
    values=Shape(("integer", "string"), fields={"hard": INTEGER, "soft": INTEGER}, required=("soft", "hard")),
    names=pattern(r"^[a-z]+$"),
    is_closed=False,
)
GIVEN_FILES = Shape(
    items=Shape(("string",), fields={**_texts("source", "target", "uid", "gid"), "mode": NUMBER})
)
EXTENDS = Shape(("string",), fields=_texts("service", "file"), required=("service",), is_open=False)
HOOK = _fields(
    {"command": COMMAND, **_texts("user", "working_dir"), "privileged": FLAG, "environment": PAIRS},
    required=("command",),
)
HEALTHCHECK = _fields(
    {
        "disable": FLAG,
        "retries": NUMBER,
        "test": TEXT_OR_PLAIN_LIST,
        **_texts("interval", "timeout", "start_period", "start_interval"),
    }
)
_RESERVED_DEVICE = {
    "capabilities": LIST,
    "count": INTEGER,
    "device_ids": LIST,
    "driver": TEXT,
    "options": PAIRS,
}
GPUS = Shape(("string",), items=Shape(fields=_RESERVED_DEVICE, is_closed=False), one_of=frozenset(("all",)))
BUILD = Shape(
    ("string",),
    fields={
        **_texts("context", "dockerfile", "dockerfile_inline", "network", "target", "isolation"),
        **dict.fromkeys(("entitlements", "cache_from", "cache_to", "tags", "platforms"), PLAIN_LIST),
        **dict.fromkeys(("args", "ssh", "labels", "additional_contexts"), PAIRS),
        **dict.fromkeys(("no_cache", "pull", "privileged"), FLAG),
        "no_cache_filter": TEXT_OR_LIST,
        "provenance": FLAG,
        "sbom": FLAG,
        "shm_size": INTEGER,
        "extra_hosts": HOSTS,
        "secrets": GIVEN_FILES,
        "ulimits": ULIMITS,
    },
)


@cache
def _deploy() -> Shape:
    update = _fields(
        {
            "parallelism": INTEGER,
            **_texts("delay", "failure_action", "monitor"),
            "max_failure_ratio": NUMBER,
            "order": _words("start-first", "stop-first"),
        }
    )
    generic = _fields({"discrete_resource_spec": _fields({"kind": TEXT, "value": NUMBER})})
    reservations = {
        "cpus": NUMBER,
        "memory": TEXT,
        "generic_resources": Shape(items=generic),
        "devices": Shape(items=_fields(_RESERVED_DEVICE, required=("capabilities",))),
    }
    limits = {"cpus": NUMBER, "memory": TEXT, "pids": INTEGER}
    restart = {**_texts("condition", "delay", "window"), "max_attempts": INTEGER}
    preferences = Shape(items=_fields({"spread": TEXT}))
    placement = {"constraints": PLAIN_LIST, "preferences": preferences, "max_replicas_per_node": INTEGER}
    return _or_null(
        _fields(
            {
                **_texts("mode", "endpoint_mode"),
                "replicas": INTEGER,
                "labels": PAIRS,
                "rollback_config": update,
                "update_config": update,
                "resources": _fields({"limits": _fields(limits), "reservations": _fields(reservations)}),
                "restart_policy": _fields(restart),
                "placement": _fields(placement),
            }
        )
    )


@cache
def _develop() -> Shape:
    watch = _fields(
        {
            "ignore": TEXT_OR_LIST,
            "include": TEXT_OR_LIST,
            **_texts("path", "target"),
            "action": _words("rebuild", "sync", "restart", "sync+restart", "sync+exec"),
            "exec": HOOK,
            "initial_sync": BOOLEAN,
        },
        required=("path", "action"),
    )
    return _or_null(_fields({"watch": Shape(items=watch)}))


@cache
def _mount() -> Shape:
    bind = {
        "propagation": TEXT,
        "create_host_path": FLAG,
        "recursive": _words("enabled", "disabled", "writable", "readonly"),
        "selinux": _words("z", "Z"),
    }
    return Shape(
        ("string",),
        fields={
            "type": _words("bind", "volume", "tmpfs", "cluster", "npipe", "image"),
            **_texts("source", "target", "consistency"),
            "read_only": FLAG,
            "bind": _fields(bind),
            "volume": _fields({"labels": PAIRS, "nocopy": FLAG, "subpath": TEXT}),
            "tmpfs": _fields({"size": Shape(("integer", "string"), at_least=0), "mode": NUMBER}),
            "image": _fields({"subpath": TEXT}),
        },
        required=("type",),
    )


@cache
def _joined_network() -> Shape:
    fields = {
        "aliases": LIST,
        "link_local_ips": LIST,
        **_texts("interface_name", "ipv4_address", "ipv6_address", "mac_address"),
        "driver_opts": OPTIONS,
        **dict.fromkeys(("priority", "gw_priority"), Shape(("number",))),
        "use_service_name_alias": FLAG,
    }
    joined = Shape(("null",), fields=fields)
    return Shape(items=TEXT, is_unique=True, values=joined, names=_NAME)


@cache
def _container() -> dict[str, Shape]:
    """What a service and a `pre_start` hook have in common."""
    limit = _fields({"path": TEXT, "rate": INTEGER}, closed=True)
    weight = _fields({"path": TEXT, "weight": INTEGER}, closed=True)
    rates = ("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops")
    blkio = {
        **dict.fromkeys(rates, Shape(items=limit)),
        "weight": INTEGER,
        "weight_device": Shape(items=weight),
    }
    device = Shape(("string",), fields=_texts("source", "target", "permissions"), required=("source",))
    env_file = Shape(
        ("string",),
        fields={**_texts("path", "format"), "required": FLAG},
        required=("path",),
        is_open=False,
    )
    model = Shape(("null",), fields=_texts("endpoint_var", "model_var"))
    return {
        **_texts("cgroup_parent", "cpuset", "domainname", "hostname", "image", "ipc", "isolation"),
        **_texts(
            "mac_address", "network_mode", "platform", "pull_refresh_after", "runtime", "stop_grace_period"
        ),
        **_texts("stop_signal", "user", "uts", "userns_mode", "working_dir"),
        **dict.fromkeys(("cpu_shares", "cpu_quota", "cpu_period", "cpu_rt_period", "cpu_rt_runtime"), NUMBER),
        **dict.fromkeys(("cpus", "pids_limit"), NUMBER),
        **dict.fromkeys(
            ("mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "shm_size"), INTEGER
        ),
        **dict.fromkeys(("init", "oom_kill_disable", "privileged", "read_only"), FLAG),
        **dict.fromkeys(("annotations", "environment", "labels", "sysctls"), PAIRS),
        **dict.fromkeys(("cap_add", "cap_drop", "dns_opt", "security_opt", "volumes_from"), LIST),
        **dict.fromkeys(("command", "entrypoint"), COMMAND),
        **dict.fromkeys(("configs", "secrets"), GIVEN_FILES),
        **dict.fromkeys(("dns", "dns_search", "tmpfs"), TEXT_OR_LIST),
        "blkio_config": _fields(blkio, closed=True),
        "cgroup": _words("host", "private"),
        "cpu_count": Shape(("string", "integer"), at_least=0),
        "cpu_percent": Shape(("string", "integer"), at_least=0, at_most=100),
        "credential_spec": _fields(_texts("config", "file", "registry")),
        "device_cgroup_rules": LIST,
        "devices": Shape(items=device),
        "env_file": Shape(("string",), items=env_file),
        "label_file": TEXT_OR_PLAIN_LIST,
        "extra_hosts": HOSTS,
        "gpus": GPUS,
        "group_add": Shape(items=NUMBER, is_unique=True),
        "logging": _fields({"driver": TEXT, "options": Shape(values=Shape(("string", "number", "null")))}),
        "models": Shape(items=TEXT, is_unique=True, values=model, names=_NAME, is_closed=False),
        "networks": _joined_network(),
        "oom_score_adj": Shape(("string", "integer"), at_least=-1000, at_most=1000),
        "pid": Shape(("string", "null")),
        "pull_policy": Shape(("string",), pattern=_PULL_POLICY),
        "storage_opt": Shape(values=ANYTHING),
        "ulimits": ULIMITS,
        "umask": Shape(("integer", "string", "null"), at_least=0, at_most=4294967295),
        "use_api_socket": BOOLEAN,
        "volumes": Shape(items=_mount(), is_unique=True),
    }


@cache
def _workload() -> dict[str, Shape]:
    """What a service and a job have in common."""
    conditions = _words("service_started", "service_healthy", "service_completed_successfully")
    dependency = _fields(
        {"restart": FLAG, "required": BOOLEAN, "condition": conditions}, required=("condition",)
    )
    port = Shape(
        ("number", "string"),
        fields={
            **_texts("name", "mode", "host_ip", "protocol", "app_protocol"),
            **dict.fromkeys(("target", "published"), INTEGER),
        },
    )
    return {
        "build": BUILD,
        "depends_on": Shape(items=TEXT, is_unique=True, values=dependency, names=_NAME),
        "healthcheck": HEALTHCHECK,
        "ports": Shape(items=port, is_unique=True),
        "expose": Shape(items=NUMBER, is_unique=True),
        "stdin_open": FLAG,
        "tty": FLAG,
        "profiles": LIST,
        "extends": EXTENDS,
    }


@cache
def service() -> Shape:
    """One service."""
    option = Shape(("string", "number", "boolean"), items=Shape(("string", "number", "boolean")))
    provider = _fields({"type": TEXT, "options": Shape(values=option)}, required=("type",))
    return _fields(
        {
            **_container(),
            **_workload(),
            "deploy": _deploy(),
            "develop": _develop(),
            "restart": TEXT,
            "scale": INTEGER,
            "attach": FLAG,
            "container_name": TEXT,
            "provider": provider,
            "links": LIST,
            "external_links": LIST,
            "pre_start": Shape(items=_fields({**_container(), "per_replica": FLAG}, title="pre_start")),
            "post_start": Shape(items=HOOK),
            "pre_stop": Shape(items=HOOK),
        },
        title="service",
    )


@cache
def _job() -> Shape:
    schedule = {
        **_texts("cron", "timezone"),
        "concurrency": _words("forbid", "queue"),
        "missed_fires": _words("one", "skip"),
    }
    runs = Shape(items=Shape(("string",), fields=schedule, required=("cron",)))
    triggers = _fields({"manual": FLAG, "schedule": runs})
    return _fields({**_container(), **_workload(), "triggers": triggers}, required=("triggers",))


def _network() -> Shape:
    texts = Shape(values=TEXT)
    pool = _fields({**_texts("subnet", "ip_range", "gateway"), "aux_addresses": texts})
    return _or_null(
        _fields(
            {
                **_texts("name", "driver"),
                "driver_opts": OPTIONS,
                "ipam": _fields({"driver": TEXT, "config": Shape(items=pool), "options": texts}),
                "external": EXTERNAL,
                **dict.fromkeys(("internal", "enable_ipv4", "enable_ipv6", "attachable"), FLAG),
                "labels": PAIRS,
            }
        )
    )


def _stored(*texts: str, options: bool) -> Shape:
    external = Shape(("boolean", "string"), fields={"name": TEXT}, is_closed=False)
    fields = {**_texts("name", "environment", "file", "template_driver", *texts), "external": external}
    return _fields({**fields, "labels": PAIRS, **({"driver_opts": OPTIONS} if options else {})})


@cache
def compose_file() -> Shape:
    """A whole file."""

    def named(shape: Shape, title: str) -> Shape:
        return Shape(values=shape, names=_NAME, title=title)

    include = {"path": TEXT_OR_LIST, "env_file": TEXT_OR_LIST, "project_directory": TEXT}
    volume = {**_texts("name", "driver"), "driver_opts": OPTIONS, "external": EXTERNAL, "labels": PAIRS}
    model = {**_texts("name", "model"), "context_size": Shape(("integer",)), "runtime_flags": PLAIN_LIST}
    return _fields(
        {
            **_texts("version", "name"),
            "include": Shape(items=Shape(("string",), fields=include, is_open=False)),
            "services": named(service(), "service"),
            "models": named(_fields(model, required=("model",)), "model"),
            "networks": named(_network(), "network"),
            "volumes": named(_or_null(_fields(volume)), "volume"),
            "secrets": named(_stored("driver", options=True), "secret"),
            "configs": named(_stored("content", options=False), "config"),
            "jobs": named(_job(), "job"),
        },
        title="file",
    )
