"""Hypothesis strategies for Compose files that are easy to damage: every style, comments everywhere."""

from __future__ import annotations

from hypothesis import strategies as st

_SECRETS = (
    "kanarien-vogel-7",
    "it's a #kanarien",
    "kanarien$$8",
    "kanarien: 9",
    "kanariénvogel",
    '"kanarien"',
)
"""Values that must never be shown."""
_PLAIN_SECRETS = ("kanarien-vogel-7", "kanarien$$8", "kanariénvogel")
_NAMES = ["web", "db", "db.1", "on", "7", "n-a_m.e", "'q t'", '"two words"', "ünï", "cache", "x y"]
_IMAGES = [
    *("postgres:16", "postgres", "redis", "nginx", "mariadb:11", "mysql:8", "node:latest", "ghcr.io/a/b"),
    *("'nginx:1.25'", '"redis:7"', "alpine:${TAG:-3}", "${IMAGE}", "traefik:v3.1", "mongo:7", "python:3.8"),
]
_KEYS = [
    *("image", "ports", "environment", "volumes", "cap_add", "cap_drop", "security_opt", "command", "deploy"),
    *("labels", "logging", "tmpfs", "privileged", "user", "networks", "healthcheck", "read_only", "extends"),
    *("build", "secrets", "mem_limit", "profiles", "depends_on", "<<", "ulimits", "restart", "env_file"),
]
_NOTES = st.sampled_from(["", "", "", " # note", "  #note: x", "\t# tab"])
_PORTS = ['"5432:5432"', "6379:6379", "'80:80'", "0.0.0.0:3306:3306", "8080:80/udp", "${P:-5432}:5432", "80"]


@st.composite
def _lists(draw: st.DrawFn, words: list[str], step: int) -> list[str]:
    """The lines of a list below its key, or the one in brackets behind it."""
    items = draw(st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True))
    if draw(st.booleans()):
        return [f" [{', '.join(items)}]" + draw(_NOTES)]
    indent = draw(st.sampled_from(["", " " * step])) + "-" + draw(st.sampled_from([" ", "   "]))
    return [draw(_NOTES), *(indent + item + draw(_NOTES) for item in items)]


@st.composite
def _environments(draw: st.DrawFn, step: int) -> list[str]:
    name = draw(st.sampled_from(["POSTGRES_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_PASSWORD", "API_KEY"]))
    value = draw(st.sampled_from(_SECRETS))
    plain = draw(st.sampled_from(_PLAIN_SECRETS))
    indent, note = " " * step, draw(_NOTES)
    quoted = value.replace("'", "''")
    return draw(
        st.sampled_from(
            [
                ["", f"{indent}{name}: {plain}{note}", f"{indent}OTHER: x"],
                [note, f"{indent}OTHER: 'a'", f"{indent}{name}: '{quoted}'{note}"],
                ["", f"- OTHER=1{note}", f"- {name}={plain}{note}"],
                ["", f"{indent}- '{name}={quoted}'{note}"],
                [f" {{{name}: {plain}, OTHER: x}}{note}"],
                ["", f"{indent}{name}: |-", f"{indent}{indent}{value}", f"{indent}Z: >", f"{indent}  folded"],
                [" &env", f"{indent}{name}: {plain}{note}"],
            ]
        )
    )


@st.composite
def _values(draw: st.DrawFn, key: str, step: int) -> list[str]:
    """What stands behind a key, first the rest of its own line."""
    indent = " " * step
    if key == "image":
        return [" " + draw(st.sampled_from(_IMAGES)) + draw(_NOTES)]
    if key == "environment":
        return draw(_environments(step))
    if key == "ports" and draw(st.booleans()):
        return ["", f"{indent}- target: 5432", f"{indent}  published: 5432{draw(_NOTES)}"]
    words = {
        "ports": _PORTS,
        "volumes": [
            "./d:/data",
            "data:/var/lib/postgresql/data",
            '"/var/run/docker.sock:/var/run/docker.sock"',
        ],
        "cap_add": ["SYS_ADMIN", "NET_ADMIN", "CHOWN", '"cap_setuid"'],
        "cap_drop": ["ALL", "'NET_RAW'"],
        "security_opt": ["no-new-privileges:false", "seccomp=unconfined", '"apparmor:unconfined"', "label:x"],
        "tmpfs": ["/tmp", "/run:mode=1777"],
        "profiles": ["dev", "'test'"],
        "secrets": ["one", "postgres_password"],
        "networks": ["default"],
        "labels": ['"a=b"', "c=d e"],
    }
    if key in words:
        return draw(_lists(words[key], step))
    single = {
        "command": [" postgres -c x=y", ' ["redis-server", "--save", ""]', " >\n" + indent + "  sleep 1"],
        "privileged": [" true", " 'true'", " yes"],
        "user": [" root", ' "0:0"', " ''"],
        "read_only": [" false", " !!bool true"],
        "logging": [" *log", " {driver: none}"],
        "<<": [" *base", " [*base, *log]"],
        "extends": [" base", " {service: web}", " {file: other.yaml, service: web}"],
        "build": [
            " .",
            " {context: ., dockerfile: D}",
            f"\n{indent}dockerfile_inline: |\n{indent}  FROM node",
        ],
        "deploy": [
            f"\n{indent}resources:\n{indent}  limits: {{memory: 1g}}",
            f"\n{indent}replicas: 2 # two",
            " {}",
            " !reset null",
        ],
        "healthcheck": [" {disable: true}", f"\n{indent}test: [CMD, true]"],
        "mem_limit": [" 1g", " !reset null", " ${M}"],
        "depends_on": [f"\n{indent}db: {{condition: service_started}}"],
        "ulimits": [" {nofile: 10}"],
        "restart": [" unless-stopped", " 'no'"],
        "env_file": [" .env"],
    }
    return (draw(st.sampled_from(single[key])) + draw(_NOTES)).split("\n")


@st.composite
def _services(draw: st.DrawFn, name: str, step: int) -> list[str]:
    head = f"{name}:" + draw(st.sampled_from(["", "", "", " &svc", "   # about"]))
    flow = ["{image: redis, ports: ['6379:6379']}", "{}", "", "*base", "{image: postgres:16, }", "null"]
    if not draw(st.integers(0, 9)):
        return [f"{name}: " + draw(st.sampled_from(flow))]
    lines = [head]
    for key in draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=6, unique=True)):
        first, *rest = draw(_values(key, step))
        written = draw(st.sampled_from([key, key, key, key, f"'{key}'", f"{key} "]))
        lines += [" " * step + written + ":" + first, *(" " * step + line for line in rest)]
    return lines


@st.composite
def compose_files(draw: st.DrawFn) -> str:
    """A whole Compose file; now and then one that Docker refuses."""
    step = draw(st.sampled_from([2, 2, 2, 4, 3, 1]))
    lines = draw(
        st.sampled_from([[], ["---"], ["version: '3.8'"], ["name: p  # p", ""], ["# head", "", "---"]])
    )
    lines = [
        *lines,
        "x-base: &base",
        "  restart: always # b",
        "  cap_add: [CHOWN]",
        "x-log: &log {driver: x}",
    ]
    lines.append("services:" + draw(_NOTES))
    for name in draw(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True)):
        lines += [" " * step + line for line in draw(_services(name, step))]
    tails = [[], ["volumes:", "  data:"], ["networks: {n: {}}"], ["secrets:", "  one:", "    file: ./o"]]
    lines += draw(st.sampled_from(tails)) + draw(st.sampled_from([[], [], [], ["..."]]))
    return draw(_finished(lines))


@st.composite
def _finished(draw: st.DrawFn, lines: list[str]) -> str:
    """With comments and blank lines between the lines, and the line ends of somebody."""
    for number in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines)))
        blank = draw(st.sampled_from(["", "  ", f"# c{number}", f"    # - c{number}", f"  # c{number}: x"]))
        lines.insert(at, blank)
    ends = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "mixed"]))
    if ends == "mixed":
        text = "".join(line + draw(st.sampled_from(["\n", "\r\n"])) for line in lines)
    else:
        text = "".join(line + ends for line in lines)
    return text.rstrip("\r\n") if draw(st.booleans()) else text
