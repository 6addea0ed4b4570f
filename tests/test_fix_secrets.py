"""Values that move from the environment of Compose services to files, and never into any output."""

from __future__ import annotations

import itertools
import json

import pytest

from dockerlint.findings import NewFile, Refused
from dockerlint.fixing.compose.secrets import move_all
from dockerlint.fixing.compose.secretvalue import Move
from dockerlint.fixing.compose.text import open_compose
from dockerlint.fixing.request import Change
from dockerlint.text import splice
from dockerlint.yaml.comparison import yaml_differs
from dockerlint.yaml.tree import load_plain

PASSWORD = Move("db", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE")


def database(value: str, *more: str) -> str:
    lines = ["services:", "  db:", "    image: postgres:18", "    environment:"]
    return "\n".join([*lines, f"      POSTGRES_PASSWORD: {value}", *(f"    {line}" for line in more)]) + "\n"


def moved(text: str, *moves: Move) -> tuple[str, dict[str, str]]:
    """The new text, and the secret files by path."""
    change = move_all(open_compose(text), moves or [PASSWORD])
    after = splice(text, change.edits)
    assert yaml_differs(text, after, change.edits) is None
    return after, secrets(change)


def secrets(change: Change) -> dict[str, str]:
    return {file.path: file.text for file in change.files if file.is_secret}


def reason(text: str, *moves: Move) -> str:
    with pytest.raises(Refused) as refused:
        move_all(open_compose(text), moves or [PASSWORD])
    return str(refused.value)


def plain(text: str) -> object:
    return load_plain(text)[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("hunter2", "hunter2"),
        ("'it''s # no comment'", "it's # no comment"),
        ('"two\\nlines \\u00fc \\"quoted\\""', 'two\nlines ü "quoted"'),
        ("hunter$$2$$$$", "hunter$2$$"),
        ("pä55wörd–日本", "pä55wörd–日本"),
        ("1234", "1234"),
        ("true", "true"),
        ('"0123"', "0123"),
        ("|-\n        two\n        lines", "two\nlines"),
        ("a long\n        plain one", "a long plain one"),
        ("'   '", "   "),
    ],
)
def test_the_file_holds_what_the_container_was_given(written: str, value: str) -> None:
    text, files = moved(database(written))
    assert files == {"secrets/postgres_password.txt": value}
    service = plain(text)["services"]["db"]  # type: ignore[index,call-overload]
    assert service["environment"] == {"POSTGRES_PASSWORD_FILE": "/run/secrets/postgres_password"}
    assert service["secrets"] == ["postgres_password"]


def test_quotes_around_a_value_in_a_list_belong_to_it_as_compose_reads_it() -> None:
    text = 'services:\n  db:\n    image: postgres:18\n    environment:\n      - POSTGRES_PASSWORD="hunter2"\n'
    assert moved(text)[1] == {"secrets/postgres_password.txt": '"hunter2"'}


def test_a_megabyte_is_moved_like_a_word() -> None:
    value = "x" * 1_000_000
    text, files = moved(database(value))
    assert files == {"secrets/postgres_password.txt": value}
    assert len(text) < 500


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("${DB_PASSWORD}", "it contains a variable"),
        ("${DB_PASSWORD:-hunter2}", "it contains a variable"),
        ("hunter$x", "it contains a variable"),
        ("$$$x", "it contains a variable"),
        ("", "it has no value here"),
        ('""', "it has no value here"),
        ("0123", "YAML changes the value as written"),
        ("1_000", "YAML changes the value as written"),
        ("1e3", "YAML changes the value as written"),
        ("1.50", "YAML changes the value as written"),
        ("True", "YAML changes the value as written"),
        ("2026-11-22", "YAML changes the value as written"),
        ("~", "YAML changes the value as written"),
        ("|\n        hunter2", "the value ends with a line break, which a file would lose"),
        ("[hunter2]", "its value is not a string"),
        ('"a\\0b"', "it contains a variable"),
        ("&pw hunter2", "its syntax is not supported"),
        ("!!str hunter2", "its syntax is not supported"),
    ],
)
def test_a_value_that_could_become_another_one_stays(written: str, why: str) -> None:
    assert reason(database(written)) == why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            "healthcheck: {test: pg_isready -p $$POSTGRES_PASSWORD}",
            "healthcheck reads it from the environment",
        ),
        ("healthcheck: {test: 'x $${POSTGRES_PASSWORD:-a}'}", "healthcheck reads it from the environment"),
        (
            "volumes: [./checks:/checks:ro]\n    healthcheck: {test: [CMD, /checks/db.sh]}",
            "its health check runs /checks/db.sh, which may read it from the environment",
        ),
        (
            "volumes: [{type: bind, source: ./x, target: /x}]\n    healthcheck: {test: sh -c /x}",
            "its health check runs /x, which may read it from the environment",
        ),
        ("post_start: [{command: printenv POSTGRES_PASSWORD}]", "post_start reads it from the environment"),
        (
            "entrypoint: /mine",
            "only the entrypoint of the image reads the file, and the service has another one",
        ),
        ("build: .", "only the entrypoint of the image reads the file, and the service has another one"),
        ("env_file: db.env", "env_file may set it as well, and the image rejects both"),
        ("extends: {service: base}", "the service extends another one, which may set more"),
    ],
)
def test_a_service_that_needs_the_variable_keeps_it(line: str, why: str) -> None:
    assert reason(database("hunter2", line)) == why


@pytest.mark.parametrize(
    "line",
    [
        "healthcheck: {test: 'pg_isready -U $${POSTGRES_USER}'}",
        "healthcheck: {test: 'echo ${POSTGRES_PASSWORD:-project} $POSTGRES_PASSWORD'}",
        "healthcheck: {test: echo $$OLD_POSTGRES_PASSWORD $$POSTGRES_PASSWORD_HINT}",
        "command: postgres -c fsync=on",
        "command: [-c, fsync=on]",
        "command: ''",
    ],
)
def test_other_words_of_a_service_do_not_stand_in_the_way(line: str) -> None:
    assert moved(database("hunter2", line))[1] == {"secrets/postgres_password.txt": "hunter2"}


def test_a_file_that_is_named_already_is_not_named_twice() -> None:
    text = database("hunter2").replace(
        "    environment:\n", "    environment:\n      POSTGRES_PASSWORD_FILE: /x\n"
    )
    assert reason(text) == "POSTGRES_PASSWORD_FILE is set as well"
    text = "services:\n  db:\n    environment: [POSTGRES_PASSWORD=a, POSTGRES_PASSWORD=b]\n"
    assert reason(text) == "it is set twice"


SHARED = """\
x-login: &login
  POSTGRES_PASSWORD: hunter2
services:
  db:
    image: postgres:18
    environment: {}
  other:
    image: postgres:18
    environment: *login
"""


@pytest.mark.parametrize("written", ["*login", "{<<: *login, A: b}"])
def test_what_an_anchor_brings_is_left_alone(written: str) -> None:
    assert reason(SHARED.replace("{}", written)) in (
        "environment is an alias",
        "environment.POSTGRES_PASSWORD comes from a merge key",
    )


def test_names_that_are_taken_get_the_service_in_front_and_else_nothing_is_done() -> None:
    taken = database("hunter2") + "secrets:\n  postgres_password:\n    file: ./mine\n"
    text, files = moved(taken)
    assert files == {"secrets/db_postgres_password.txt": "hunter2"}
    assert text.endswith(
        "    file: ./mine\n  db_postgres_password:\n    file: ./secrets/db_postgres_password.txt\n"
    )
    taken += "  db_postgres_password:\n    environment: X\n"
    assert reason(taken) == "a secret named db_postgres_password exists already"


def test_one_move_after_the_other_never_takes_the_file_of_another_value() -> None:
    text = "services:\n" + "".join(
        f"  {name}:\n    image: postgres:18\n    environment: {{POSTGRES_PASSWORD: {value}}}\n"
        for name, value in (("a", "one"), ("b", "two"))
    )
    moves = [PASSWORD._replace(service=name) for name in "ab"]
    together = moved(text, *moves)[1]
    assert together == {
        "secrets/a_postgres_password.txt": "one",
        "secrets/b_postgres_password.txt": "two",
    }
    first, files = moved(text, moves[0])
    assert files | moved(first, moves[1])[1] == {
        "secrets/postgres_password.txt": "one",
        "secrets/b_postgres_password.txt": "two",
    }


def test_no_two_files_differ_in_case_alone() -> None:
    text = database("one") + database("two").removeprefix("services:\n").replace("  db:", "  DB:")
    moves = [Move(name, "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE") for name in ("db", "DB")]
    assert reason(text, *moves) == "two secrets would be named DB_postgres_password"


def test_names_that_differ_in_case_alone_do_not_become_one() -> None:
    text = "services:\n  db:\n    image: a\n    environment: [PASSWORD=one, password=two]\n"
    moves = [Move("db", name, f"{name}_FILE") for name in ("PASSWORD", "password")]
    assert reason(text, *moves) == "two secrets would be named db_password"


PLACES = {
    "secrets: {}\n"
    + database("hunter2"): "secrets: {postgres_password: {file: ./secrets/postgres_password.txt}}\n",
    "secrets:\n  a:\n    file: ./a # ours\n\n" + database("hunter2"): (
        "secrets:\n  a:\n    file: ./a # ours\n"
        "  postgres_password:\n    file: ./secrets/postgres_password.txt\n\n"
    ),
    database("hunter2", "secrets: [tls]"): "    secrets: [tls, postgres_password]\n",
    database("hunter2", "secrets: []"): "    secrets: [postgres_password]\n",
    database("hunter2") + "\n\n": "\n\nsecrets:\n  postgres_password:",
    database("hunter2") + "\n# volumes:\n#   a:\n": "\n# volumes:\n#   a:\n\nsecrets:\n",
}


@pytest.mark.parametrize("text", PLACES)
def test_secrets_that_are_declared_get_company(text: str) -> None:
    assert PLACES[text] in moved(text)[0]


STYLES = {
    "flow": "services: {db: {image: 'postgres:18', environment: {POSTGRES_PASSWORD: hunter2}}}\n",
    "wide": "services:\n    db:\n        image: postgres:18\n        environment:\n"
    "        -   POSTGRES_PASSWORD=hunter2\n\nnetworks:\n    default:\n        internal: true\n",
    "close": "services:\n  db:\n    image: postgres:18\n    dns:\n    - 10.0.0.1\n    environment:\n"
    "    - POSTGRES_PASSWORD=hunter2\nvolumes:\n  a:\n",
}
EXPECTED = {
    "flow": "services: {db: {image: 'postgres:18', environment: {POSTGRES_PASSWORD_FILE:"
    " /run/secrets/postgres_password}, secrets: [postgres_password]}}\n\nsecrets:\n  postgres_password:\n"
    "    file: ./secrets/postgres_password.txt\n",
    "wide": "services:\n    db:\n        image: postgres:18\n        environment:\n"
    "        -   POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password\n        secrets:\n"
    "        - postgres_password\n\nnetworks:\n    default:\n        internal: true\n\n"
    "secrets:\n    postgres_password:\n        file: ./secrets/postgres_password.txt\n",
    "close": "services:\n  db:\n    image: postgres:18\n    dns:\n    - 10.0.0.1\n    environment:\n"
    "    - POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password\n    secrets:\n    - postgres_password\n"
    "volumes:\n  a:\nsecrets:\n  postgres_password:\n    file: ./secrets/postgres_password.txt\n",
}


@pytest.mark.parametrize(
    ("style", "newline", "ending"), [*itertools.product(STYLES, ("\n", "\r\n"), ("", "\n"))], ids=repr
)
def test_the_style_of_the_file_is_copied(style: str, newline: str, ending: str) -> None:
    text = (STYLES[style].rstrip("\n") + ending).replace("\n", newline)
    if "\n" not in text:
        newline = "\n"  # nothing in the file says otherwise
    wanted = (EXPECTED[style].rstrip("\n") + ending).replace("\n", newline)
    assert moved(text)[0] == wanted


def test_comments_stay_where_they_are() -> None:
    text = database("hunter2 # from the wiki").replace("    environment", "    # who may in\n    environment")
    after, _ = moved(text + "# the end\n")
    assert after.index("# who may in") < after.index("_FILE: /run/secrets/postgres_password # from the wiki")
    assert after.index("# the end") < after.index("\nsecrets:")


def test_a_secret_beside_others_joins_their_list() -> None:
    text = database("hunter2", "secrets:", "  - source: tls", "    target: key.pem", "  - other")
    assert "      - other\n      - postgres_password\n" in moved(text)[0]


@pytest.mark.parametrize(
    ("build", "names"),
    [
        (".", [".gitignore", ".dockerignore"]),
        ("./", [".gitignore", ".dockerignore"]),
        ("{dockerfile: x}", [".gitignore", ".dockerignore"]),
        ("{context: .}", [".gitignore", ".dockerignore"]),
        ("./web", [".gitignore"]),
        ("{context: web}", [".gitignore"]),
    ],
)
def test_the_folder_is_kept_out_of_version_control_and_of_what_is_built_there(
    build: str, names: list[str]
) -> None:
    change = move_all(open_compose(database("hunter2") + f"  web:\n    build: {build}\n"), [PASSWORD])
    lines = [NewFile(name, "/secrets/" if name == ".gitignore" else "secrets/", "add_line") for name in names]
    assert list(change.files[:-1]) == lines


def test_neither_edits_nor_what_is_printed_of_files_hold_the_value() -> None:
    change = move_all(open_compose(database("hunter2")), [PASSWORD])
    assert "hunter2" not in repr(change) + json.dumps([edit.text for edit in change.edits])


def test_secrets_are_declared_above_the_mark_that_ends_the_document() -> None:
    after, files = moved(f"---\n{database('one')}...\n")
    assert after.endswith("    file: ./secrets/postgres_password.txt\n...\n")
    assert list(files.values()) == ["one"]
