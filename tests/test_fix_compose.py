"""Edits of Compose files: in the style of the file, nothing else touched, or refused with a reason."""

from __future__ import annotations

from datetime import date
from textwrap import dedent
from typing import Any

import pytest

from dockerlint.findings import Edit, Refusal
from dockerlint.fixing.compose.actions import HARDENING, act
from dockerlint.fixing.request import Request
from dockerlint.images.facts import Knowledge
from dockerlint.model.container.container import Container
from dockerlint.model.container.port import Port
from dockerlint.parse.compose.project import parse_compose
from dockerlint.text import Span, splice
from dockerlint.yaml.comparison import yaml_differs
from dockerlint.yaml.tree import load_plain

NOTHING_KNOWN = Knowledge(date(2026, 8, 22))


def service(text: str, name: str = "web") -> Container:
    containers = parse_compose(text, NOTHING_KNOWN).containers
    return next(one for one in containers if one.name.value == name)


def outcome(text: str, wanted: dict[str, Any], name: str = "web") -> str:
    """The text with these keys set, or the reason why not."""
    container = service(text, name)
    request = Request(
        "set", wanted, "at", None, container.name.span, container, {"container": container}, text
    )
    return _applied(text, act(request))


def bound(text: str, number: int = 0) -> str:
    """The text with one port bound to the loopback interface, or the reason why not."""
    container = service(text)
    port = container.ports[number]
    assert isinstance(port, Port)
    scope = {"container": container, "port": port}
    return _applied(
        text, act(Request("set", {"host_ip": "127.0.0.1"}, "at", port, port.span, port, scope, text))
    )


def removed(text: str, part: str) -> str:
    """The text without the key or item that holds `part`, or the reason why not."""
    start = text.index(part)
    container = service(text)
    span = Span(start, start + len(part))
    return _applied(
        text, act(Request("remove", True, "at", span, span, container, {"container": container}, text))
    )


def _applied(text: str, edits: tuple[Edit, ...] | Refusal) -> str:
    if isinstance(edits, Refusal):
        return edits.reason
    assert yaml_differs(text, splice(text, edits), edits) is None
    return splice(text, edits)


def yaml(text: str) -> str:
    return dedent(text).removeprefix("\n")


EVERYTHING = {
    "pids_limit": 200,
    "security_opt": ["no-new-privileges:true"],
    "cap_drop": ["ALL"],
    "mem_limit": "512m",
    "cap_add": ["SETUID"],
    "read_only": True,
}

PUBLISHED = """\
services:
  web:
    image: a:1
    restart: always
    ports:
      - 127.0.0.1:80:80
"""


def test_several_keys_become_one_block_in_a_sensible_order() -> None:
    assert outcome(PUBLISHED, EVERYTHING) == yaml("""
        services:
          web:
            image: a:1
            restart: always
            read_only: true
            cap_drop:
              - ALL
            cap_add:
              - SETUID
            security_opt:
              - no-new-privileges:true
            mem_limit: 512m
            pids_limit: 200
            ports:
              - 127.0.0.1:80:80
        """)


def test_one_key_after_the_other_gives_the_same_block_as_all_at_once() -> None:
    one_by_one = PUBLISHED
    for key, value in EVERYTHING.items():
        one_by_one = outcome(one_by_one, {key: value})
    assert one_by_one == outcome(PUBLISHED, EVERYTHING)


@pytest.mark.parametrize("key", [key for key in HARDENING if key in EVERYTHING])
def test_a_second_time_changes_nothing_but_what_is_the_same(key: str) -> None:
    once = outcome("services:\n  web:\n    image: nginx:1.28\n", {key: EVERYTHING[key]})
    assert outcome(once, {key: EVERYTHING[key]}) == once


def test_the_indents_of_the_file_are_copied() -> None:
    text = "services:\n   web:\n      image: a:1\n      dns:\n      - 10.0.0.1\n"
    assert outcome(text, {"cap_drop": ["ALL"]}).endswith("      - 10.0.0.1\n      cap_drop:\n      - ALL\n")


def test_lists_in_brackets_are_copied_but_commands_do_not_count() -> None:
    text = "services:\n  web:\n    image: a:1\n    command: [run]\n"
    assert "cap_drop:\n      - ALL\n" in outcome(text, {"cap_drop": ["ALL"]})
    text = "services:\n  web:\n    image: a:1\n    dns: [10.0.0.1]\n"
    assert "    cap_drop: [ALL]\n" in outcome(text, {"cap_drop": ["ALL"]})


def test_a_service_in_braces_stays_there() -> None:
    text = "services:\n  web: {image: a:1}  # small\n"
    assert outcome(text, {"cap_drop": ["ALL"], "mem_limit": "512m"}) == (
        "services:\n  web: {image: a:1, cap_drop: [ALL], mem_limit: 512m}  # small\n"
    )


def test_line_breaks_of_windows_are_copied() -> None:
    text = "services:\r\n  web:\r\n    image: a:1\r\n"
    assert outcome(text, {"read_only": True}) == text + "    read_only: true\r\n"


def test_a_last_line_without_a_line_break_stays_without_one() -> None:
    text = "services:\n  web:\n    image: a:1"
    assert outcome(text, {"cpus": 1.0}) == text + "\n    cpus: 1.0"


def test_the_block_follows_what_says_which_service_it_is() -> None:
    text = "services:\n  web:\n    restart: always\n    build: ./web\n    ports: ['80']\n"
    assert outcome(text, {"read_only": True}) == text.replace("./web\n", "./web\n    read_only: true\n")
    text = "services:\n  web:\n    restart: always\n    ports: ['80']\n"
    assert outcome(text, {"read_only": True}) == text.replace("always\n", "always\n    read_only: true\n")


def test_a_bound_does_not_part_what_stands_together() -> None:
    text = (
        "services:\n  web:\n    security_opt: [a]\n    read_only: true\n    cap_drop: [ALL]\n    init: true\n"
    )
    assert outcome(text, {"mem_limit": "1g"}) == text.replace("ALL]\n", "ALL]\n    mem_limit: 1g\n")
    assert outcome(text, {"cap_add": ["KILL"]}) == text.replace("ALL]\n", "ALL]\n    cap_add: [KILL]\n")


def test_a_key_never_comes_between_another_one_and_its_comments() -> None:
    text = yaml("""
        services:
          web:
            image: a:1  # stable
            # what the balancer reaches
            ports:
              - 127.0.0.1:80:80
              # - 443:443
            # never at night
            restart: always
              # unless it is ill
          # the store
          db:
            image: b:1
        """)
    hardened = outcome(text, {"read_only": True})
    assert "    restart: always\n      # unless it is ill\n    read_only: true\n  # the store\n" in hardened


def test_an_item_that_is_commented_out_belongs_to_the_list_above() -> None:
    text = "services:\n  web:\n    cap_drop:\n    - KILL\n    # - CHOWN\n    image: a:1\n"
    assert outcome(text, {"cap_drop": ["ALL"]}) == (
        "services:\n  web:\n    cap_drop:\n    - KILL\n    # - CHOWN\n    - ALL\n    image: a:1\n"
    )


def test_a_blank_line_does_not_part_a_list_from_its_item_that_is_commented_out() -> None:
    text = "services:\n  web:\n    image: a:1\n    ports:\n      - '80'\n\n      # - '81'\n\n    # and now\n"
    kept, _, rest = text.partition("\n    # and now")
    assert outcome(text, {"read_only": True}) == f"{kept}    read_only: true\n\n    # and now{rest}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('cap_add: ["CHOWN"]', 'cap_add: ["CHOWN", "KILL"]'),
        ("cap_add: []", "cap_add: [KILL]"),
        ("cap_add: [cap_kill]", "cap_add: [cap_kill]"),
        ("cap_add:\n      - 'CHOWN'", "cap_add:\n      - 'CHOWN'\n      - 'KILL'"),
        ("cap_add: [\n      CHOWN  # files\n    ]", "cap_add: [\n      CHOWN, KILL  # files\n    ]"),
    ],
)
def test_a_list_that_is_there_gets_what_it_lacks(before: str, after: str) -> None:
    text = f"services:\n  web:\n    cap_drop: [ALL]\n    {before}\n"
    assert outcome(text, {"cap_add": ["KILL"]}) == f"services:\n  web:\n    cap_drop: [ALL]\n    {after}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[CHOWN, SETUID]", "[CHOWN, KILL, SETUID, SYS_TIME]"),
        (
            "\n    # for its files\n    - SETGID",
            "\n    - KILL\n    # for its files\n    - SETGID\n    - SYS_TIME",
        ),
        (
            "\n    - CHOWN  # files\n    - SETGID",
            "\n    - CHOWN  # files\n    - KILL\n    - SETGID\n    - SYS_TIME",
        ),
        ("[SETUID, CHOWN]", "[SETUID, CHOWN, KILL, SYS_TIME]"),
    ],
)
def test_a_list_in_order_stays_in_order(before: str, after: str) -> None:
    text = f"services:\n  web:\n    cap_drop: [ALL]\n    cap_add: {before}\n".replace(": \n", ":\n")
    wanted = {"cap_add": ["KILL", "SYS_TIME"]}
    assert outcome(text, wanted) == text.replace(before, after)


def test_capabilities_are_given_back_only_where_all_are_taken() -> None:
    text = "services:\n  web:\n    image: a:1\n    cap_drop: [KILL]\n"
    wanted = {"read_only": True, "cap_add": ["CHOWN"]}
    assert "cap_add" not in outcome(text, wanted)
    assert "cap_add: [CHOWN]" in outcome(text.replace("KILL", "all"), wanted)


@pytest.mark.parametrize(
    ("before", "after"), [("0", "512m"), ('"0"', '"512m"'), ("'0'  # none", "'512m'  # none")]
)
def test_a_value_is_exchanged_within_its_quotes(before: str, after: str) -> None:
    text = f"services:\n  web:\n    mem_limit: {before}\n    image: a:1\n"
    assert outcome(text, {"mem_limit": "512m"}) == text.replace(before, after)


def test_amounts_that_leave_room_and_words_that_are_no_amounts_stand_in_no_ones_way() -> None:
    body = "environment: {LEVEL: 4g-network, PORT: 8080, CACHE: 100mb, WORKERS: 4}\n    command: run v2.5gb"
    text = f"services:\n  web:\n    image: a:1\n    {body}\n"
    assert "mem_limit: 512m" in outcome(text.replace(" v2.5gb", ""), {"mem_limit": "512m", "pids_limit": 200})


BOTH = """
    services:
      web:
        image: a:1
        cpus: 0.5
        deploy:
          resources:
            limits: {cpus: "0.5"}
    """


def test_where_limits_stand_in_both_places_each_new_one_goes_to_both() -> None:
    fixed = outcome(yaml(BOTH), {"mem_limit": "512m", "pids_limit": 200})
    assert "    mem_limit: 512m\n    cpus: 0.5\n    pids_limit: 200\n" in fixed
    assert 'limits: {cpus: "0.5", memory: 512m, pids: 200}' in fixed


def test_a_limit_that_is_zero_in_both_places_is_exchanged_in_both() -> None:
    text = yaml(BOTH).replace("0.5", "0")
    assert outcome(text, {"cpus": 1.0}) == text.replace('"0"', '"1.0"').replace("cpus: 0\n", "cpus: 1.0\n")


def test_a_service_with_deploy_gets_its_limits_there_as_swarm_wants_them() -> None:
    text = "services:\n  web:\n    image: a:1\n    deploy:\n      mode: global\n"
    fixed = outcome(text, {"mem_limit": "512m", "pids_limit": 200})
    limits = "      resources:\n        limits:\n          memory: 512m\n          pids: 200\n"
    assert fixed == text + limits
    assert outcome(f"version: '3.8'\n{text}", {"pids_limit": 200}) == (
        "version 3.8 of the file format has no process limit below deploy"
    )
    assert "pids: 200" in outcome(f"version: '3.9'\n{text}", {"pids_limit": 200})


def test_limits_go_where_the_file_keeps_them() -> None:
    text = yaml("""
        services:
          web:
            image: a:1
            deploy:
              replicas: 2
          db:
            image: b:1
            deploy:
              resources:
                limits: {memory: 1G}
        """)
    assert outcome(text, {"cpus": 1.0, "mem_limit": "512m"}) == text.replace(
        "      replicas: 2\n",
        "      replicas: 2\n      resources:\n        limits:\n"
        '          cpus: "1.0"\n          memory: 512m\n',
    )
    assert '{memory: 1G, cpus: "1.0"}' in outcome(text, {"cpus": 1.0}, "db")


GPU = "it uses a GPU, whose programs need much memory of the host"


@pytest.mark.parametrize(
    ("body", "wanted", "reason"),
    [
        ("mem_reservation: 1g", {"mem_limit": "512m"}, "the service requests more memory than 512m"),
        ("shm_size: ${SHM}", {"mem_limit": "512m"}, "the service requests more memory than 512m"),
        ("memswap_limit: 1g", {"mem_limit": "512m"}, "memswap_limit sets another limit"),
        ("environment: [JAVA_OPTS=-Xmx2g]", {"mem_limit": "512m"}, "-Xmx2g asks for more than half of 512m"),
        ("command: queue --cache 300mb", {"mem_limit": "512m"}, "300mb asks for more than half of 512m"),
        (
            "command: [queue, --max-memory, 1.5 GiB]",
            {"mem_limit": "2g"},
            "1.5 GiB asks for more than half of 2g",
        ),
        (
            "environment: {NODE_OPTIONS: --max-old-space-size=1536}",
            {"mem_limit": "2g"},
            "1536 for its memory asks for more than half of 2g",
        ),
        (
            "environment: {APP_MEMORY_LIMIT: 900}",
            {"mem_limit": "1g"},
            "900 for its memory asks for more than half of 1g",
        ),
        (
            "command: memcached -m 4096",
            {"mem_limit": "2g"},
            "4096 for its memory asks for more than half of 2g",
        ),
        ("gpus: all", {"mem_limit": "9g"}, GPU),
        (
            "runtime: nvidia",
            {"mem_limit": "9g"},
            GPU,
        ),
        (
            "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
            {"mem_limit": "9g"},
            GPU,
        ),
        (
            "devices: [/dev/dri:/dev/dri]",
            {"mem_limit": "9g"},
            GPU,
        ),
        (
            "command: [postgres, -c, max_connections=180]",
            {"pids_limit": 200},
            "max_connections=180 asks for more than half of 200 processes",
        ),
        ("cpu_quota: 0", {"cpus": 1.0}, "the engine rejects cpus together with cpu_period or cpu_quota"),
    ],
)
def test_a_bound_that_the_engine_or_the_program_would_not_take_is_refused(
    body: str, wanted: dict[str, Any], reason: str
) -> None:
    assert outcome(f"services:\n  web:\n    image: a:1\n    {body}\n", wanted) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("services:\n  web: &base\n    image: a:1\n  db: *base\n", "aliases repeat web in several places"),
        (
            "x: &x {read_only: false}\nservices:\n  web:\n    <<: *x\n    image: a:1\n",
            "read_only comes from a merge key",
        ),
        ("services:\n  web:\n    read_only: ${RO:-false}\n", "it contains a variable"),
        (
            "services:\n  web:\n    extends: {service: base}\n  base:\n    image: a:1\n",
            "the service extends another one, which may set more",
        ),
        (
            "services:\n  web:\n    image: a:1\n  db:\n    extends: {service: web}\n",
            "service db extends this one",
        ),
        (
            "services:\n  web:\n    image: a:1\n---\nservices: {}\n",
            "the file does not contain exactly one document",
        ),
        (
            "services:\n  web:\n    image: a:1\n    image: b:1\n",
            "the file has an error: duplicate key image",
        ),
        (
            "services:\n  web:\n    read_only: !reset null\n    image: a:1\n",
            "read_only has the tag !reset",
        ),
        ("services:\n  web: {image: a:1,}\n", "the end of the brackets is not understood"),
        (
            "services:\n  web:\n    image: a:1\n    read_only: >-\n      false\n",
            "it spans several lines",
        ),
    ],
)
def test_what_an_edit_could_harm_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert outcome(text, {"read_only": True}) == reason


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ("5432:5432", "127.0.0.1:5432:5432"),
        ('"5432:5432/tcp"', '"127.0.0.1:5432:5432/tcp"'),
        ("'5432'", "'127.0.0.1::5432'"),
        ("8000-8010:8000-8010/udp", "127.0.0.1:8000-8010:8000-8010/udp"),
        ("0.0.0.0:80:80", "127.0.0.1:80:80"),
        ('":80:80"', '"127.0.0.1:80:80"'),
        ('"[::]:80:80"', '"[::1]:80:80"'),
        ('"[::ffff:0.0.0.0]:80:80"', '"127.0.0.1:80:80"'),
        ("${DB_PORT:-5432}:5432", "127.0.0.1:${DB_PORT:-5432}:5432"),
        ("$PORT:80", "127.0.0.1:$PORT:80"),
        ("{target: 80, published: 80}", "{target: 80, published: 80, host_ip: 127.0.0.1}"),
        ('{target: 80, host_ip: "0.0.0.0"}', '{target: 80, host_ip: "127.0.0.1"}'),
    ],
)
def test_a_port_is_bound_to_the_loopback_interface(entry: str, after: str) -> None:
    text = f"services:\n  web:\n    image: a:1\n    ports:\n      - {entry}  # open\n"
    assert bound(text) == text.replace(entry, after)
    assert service(bound(text)).ports[0].is_loopback is True


def test_a_bare_port_in_brackets_gets_quotes() -> None:
    text = "services:\n  web:\n    image: a:1\n    ports: [80, 443]\n"
    assert 'ports: ["127.0.0.1::80", 443]' in bound(text)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("${BIND:-0.0.0.0}:80:80", "the address is a variable"),
        ("${WHERE}:80", "a variable may contain an address"),
        ("${WHERE:-80:80}", "a variable may contain an address"),
        ('"80\\x3a80"', "the port contains escapes"),
        ("80:80\n      - 127.0.0.1:80:80", "the port is published there already"),
    ],
)
def test_a_port_whose_address_is_not_plain_is_left(entry: str, reason: str) -> None:
    assert bound(f"services:\n  web:\n    image: a:1\n    ports:\n      - {entry}\n") == reason


def test_an_item_goes_without_the_comments_around_it() -> None:
    text = "services:\n  web:\n    init: true\n    cap_add:\n      # it\n      - SYS_TIME\n      - KILL\n"
    assert removed(text, "SYS_TIME") == text.replace("      - SYS_TIME\n", "")


@pytest.mark.parametrize(
    "item", ["      - SYS_TIME  # for the clock\n      - KILL\n", "      - SYS_TIME # clock\n"]
)
def test_what_a_comment_on_its_line_is_about_stays(item: str) -> None:
    text = f"services:\n  web:\n    init: true\n    cap_add:\n{item}"
    assert removed(text, "SYS_TIME") == "a comment next to it would be removed too"


@pytest.mark.parametrize(
    ("before", "after"), [("[A, B, C]", "[B, C]"), ("[B, A]", "[B]"), ('["B", "A", "C"]', '["B", "C"]')]
)
def test_an_item_in_brackets_goes_with_its_comma(before: str, after: str) -> None:
    text = f"services:\n  web:\n    image: x:1\n    dns: {before}\n"
    assert removed(text, "A") == text.replace(before, after)


def test_with_the_last_item_the_key_goes() -> None:
    text = "services:\n  web:\n    image: a:1\n    cap_add:\n      - SYS_TIME\n    init: true\n"
    assert removed(text, "SYS_TIME") == "services:\n  web:\n    image: a:1\n    init: true\n"


def test_the_only_key_of_a_service_is_not_taken_away() -> None:
    assert removed("services:\n  web:\n    pid: host\n", "host") == "nothing would be left around it"


def test_the_proof_of_an_edit_notices_what_it_did_not_mean() -> None:
    text = "services:\n  web:\n    image: a:1 # first\n    init: true\n"
    at = text.index("true")
    wrong = [Edit(Span(at, at + 4), "true\n  db: {}")]
    assert yaml_differs(text, splice(text, wrong), wrong) is None
    assert yaml_differs(text, splice(text, wrong), []) == Refusal("services.db would change")
    lost = text.replace(" # first", "")
    assert yaml_differs(text, lost, []) == Refusal("a comment would be lost or moved")
    broken = yaml_differs(text, text + "  - x", [])
    assert broken is not None
    assert broken.reason.startswith("it would no longer parse")


def test_the_data_holds_what_was_wanted_and_nothing_else() -> None:
    text = "services:\n  web:\n    image: a:1\n    ports: [80]\n"
    after, _, problems = load_plain(outcome(text, EVERYTHING))
    expected = {"services": {"web": {"image": "a:1", "ports": [80], **EVERYTHING}}}
    assert (after, problems) == (expected, ())
