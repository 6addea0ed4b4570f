"""Passwords and tokens in command lines, told from what only looks like them."""

from __future__ import annotations

from datetime import date

import pytest

from dockerlint.images.facts import Knowledge
from dockerlint.parse.commands import parse_shell
from dockerlint.parse.compose.project import parse_compose

SECRET = "hunter2-not-real"


def found(text: str) -> list[tuple[str, str]]:
    return [
        (secret.form, text[secret.span.start : secret.span.end])
        for command in parse_shell(text)
        for secret in command.typed_secrets
    ]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"curl -u app:{SECRET} https://x", "login"),
        (f"curl --user=app:{SECRET} https://x", "login"),
        (f"curl -H 'Authorization: Bearer {SECRET}' x", "header"),
        (f'curl -H "PRIVATE-TOKEN: {SECRET}" x', "header"),
        (f"wget --http-password={SECRET} x", "option"),
        (f"tool --token {SECRET}", "option"),
        (f"mysql -uroot -p{SECRET}", "option"),
        (f"sshpass -p {SECRET} ssh x", "option"),
        (f"docker login -u me -p {SECRET}", "option"),
        (f"git clone https://me:{SECRET}@x/y.git", "url"),
        (f"git clone https://{SECRET}@x/y.git", "url"),
        (f"npm config set //x/:_authToken {SECRET}", "setting"),
        (f"npm config set //x/:_authToken={SECRET}", "setting"),
        (f"PGPASSWORD={SECRET} psql", "variable"),
        (f"export API_TOKEN={SECRET}", "variable"),
        (f"psql -c \"ALTER USER a PASSWORD '{SECRET}'\"", "statement"),
    ],
)
def test_a_typed_secret_is_found_where_it_stands(text: str, form: str) -> None:
    assert found(text) == [(form, SECRET)]


@pytest.mark.parametrize(
    "text",
    [
        f"echo 'machine x login y password {SECRET}' > ~/.netrc",
        f"echo '//x/:_authToken={SECRET}' >> .npmrc",
        f"cat > /root/.pypirc <<E\n[x]\npassword = {SECRET}\nE\n",
        f"echo https://me:{SECRET}@x > /root/.git-credentials",
    ],
)
def test_a_secret_in_a_credentials_file_is_found(text: str) -> None:
    assert "file" in [form for form, _ in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        'curl -u "me:$PASSWORD" https://x',
        "curl -u me https://x",
        'curl -H "Authorization: Bearer ${TOKEN}" -H "Accept: token" x',
        'tool --password "$(cat /run/secrets/x)"',
        "tool --password-file /run/secrets/x --token-url https://x",
        "mysql -p database",
        "mkdir -p secret",
        "git clone https://x/y.git && git clone ssh://git@x:22/y",
        "echo '//x/:_authToken=${TOKEN}' > .npmrc",
        "apk add libcrypto3=3.1.4-r1 libsecret=0.21",
        "PGPASSWORD=$P psql; export TOKEN; TOKEN_URL=https://x y",
        "tool --password <password>",
        "tool --password changeme-please",
    ],
)
def test_references_placeholders_and_namesakes_are_no_secrets(text: str) -> None:
    assert found(text) == []


def test_what_no_report_may_show_is_the_password() -> None:
    [secret] = parse_shell(f"curl -u app:{SECRET} x")[0].typed_secrets
    assert secret.secret_spans == (secret.span,)


@pytest.mark.parametrize(
    ("command", "places"),
    [
        ('["--requirepass", "wren4moss9fern"]', ["wren4moss9fern"]),
        ("--masterauth wren4moss9fern --port 6380", ["wren4moss9fern"]),
        ("keydb-server --requirepass wren4moss9fern", ["wren4moss9fern"]),
        ("exporter --redis.password wren4moss9fern", ["wren4moss9fern"]),
        ('["--requirepass=wren4moss9fern"]', ["wren4moss9fern"]),
        ("--requirepass $${REDIS_PASSWORD}", []),
        ("--requirepass ${REDIS_PASSWORD}", []),
        ("--token-ttl 30 --password-file /run/secrets/p", []),
        ("--requirepass --port 6380", []),
        ("--auth password", []),
    ],
)
def test_an_option_gives_a_service_its_password_whatever_the_program(command: str, places: list[str]) -> None:
    text = f"services:\n  app:\n    image: app:1\n    command: {command}\n"
    (container,) = parse_compose(text, Knowledge(date(2026, 8, 22))).containers
    secrets = [one for command in container.commands for one in command.typed_secrets]
    assert [text[one.span.start : one.span.end] for one in secrets] == places
