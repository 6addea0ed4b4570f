"""Passwords of logins are found with and without a scheme and a user, and a port or a version is none."""

from __future__ import annotations

import pytest
from pace import grows_in_proportion

from dockerlint.model.secret.logins import find_logins

PW = "q7XkzP0w"
WORDS = "correct-horse-battery"


def found(text: str) -> set[str]:
    return {text[span.start : span.end] for span in find_logins(text)}


@pytest.mark.parametrize("password", [PW, WORDS, "sunflower", "5gw:vBG"])
@pytest.mark.parametrize(
    "login",
    [
        "redis://:@@@cache:6379/0",
        "redis://bob:@@@cache",
        "smtp://bob@corp.example:@@@smtp.example.com:25",
        "smtp://bob%40corp.example:@@@smtp.example.com:25",
        "git@bob:@@@host",
        "git clone git@bob:@@@host/x.git",
        "bob@corp.example:@@@smtp.example.com:25",
        "bob:@@@registry.example.com/x",
        "REDIS=:@@@cache:6379",
    ],
)
def test_a_password_in_front_of_a_host_is_found(login: str, password: str) -> None:
    assert password in found(login.replace("@@", password))


@pytest.mark.parametrize(
    "text",
    [
        f"https://{PW}@git.example.com/x.git",
        f"jdbc:oracle:thin:scott/{PW}@host:1521/x",
        f"sqlplus scott/{PW}@db",
        f"postgres://a:{PW}@h,postgres://b:{PW}@h",
    ],
)
def test_other_ways_to_write_a_login_are_found(text: str) -> None:
    assert found(text) == {PW}


@pytest.mark.parametrize("login", ["git@bob:@@@host/x.git", "ssh://git@bob:@@@host:22/x"])
def test_a_password_with_a_slash_is_no_path_of_a_repository_where_a_path_follows(login: str) -> None:
    assert found(login.replace("@@", "tqWT/HcLLz+F", 1)) == {"tqWT/HcLLz+F"}


def test_a_password_with_blanks_is_found_where_nothing_else_looks_like_a_login() -> None:
    assert found('fetch "https://bob:correct horse battery@example.com/x"') == {"correct horse battery"}


@pytest.mark.parametrize(
    "text",
    [
        "http://h:80/x@y",
        "https://h.example.com:8443/@scope/pkg@1.2",
        "http://[::1]:80/x@y",
        "ADD http://h:8080/a:b@c /x",
        "http://proxy:3128,http://a@b",
        "git+ssh://git@h.example.com:2222/x@v1",
        "git+ssh://git@h.example.com:team/repo@v1",
        "pip install git+https://h:443/x@v1#egg=y",
        "pip install git+https://host/x@v1",
        "npm i git@github.com:Team/repoName@main",
        "npm i pkg@npm:other@1.2 @scope/pkg@1.2",
        "jdbc:oracle:thin:@host:1521/x",
        "sip:alice@example.com acct:alice@example.com contact:alice.smith@example.com",
        "LETSENCRYPT_EMAIL:alice.smith@example.com",
        "image: reg:5000/a@sha256:" + "0a1b2c3d" * 8,
        "git:abc1234@branch nfs:server:/path@x cpe:2.3:a:b:c@d",
        "scp bob@host:/x/y@z . && user: 1000:1000 me@example.com",
        "https://contoso-engineering-team@dev.azure.com/contoso-engineering-team/x/_git/x",
    ],
)
def test_a_port_a_version_or_an_address_is_no_login(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    "piece",
    [
        "a:b@",
        "a@b:cdef@",
        ":",
        "@",
        "a://b:c@",
        "a://",
        "://",
        " :abcd@a",
        "x" * 50 + ":",
        "git@a:b/",
        "a:bcde@ ",
    ],
)
def test_time_grows_with_the_text(piece: str) -> None:
    assert grows_in_proportion(
        lambda text: list(find_logins(text)), lambda n: piece * (n // len(piece)), 30_000
    )
