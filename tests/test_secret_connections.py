"""Passwords among the settings of connection strings: what counts as one, where it stands, what it opens."""

from __future__ import annotations

import pytest

from dockerlint.model.secret.connection import find_connection_logins
from dockerlint.model.secret.credential import find_credentials

WORD = "hunter2-not-real"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (f"Server=db.example.com;Database=shop;User Id=shop;Password={WORD};Encrypt=true", "db.example.com"),
        (f"Data Source = db ; Initial Catalog=shop; PWD = {WORD}", "db"),
        (f"jdbc:sqlserver://db:1433;user=sa;password={WORD}", "db"),
        (f"jdbc:mysql://db/shop?user=shop&password={WORD}&useSSL=false", "db"),
        (f"https://hooks.example.com/in?token={WORD}#top", "hooks.example.com"),
        (f"host=db port=5432 user=shop password={WORD}", "db"),
        (f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={WORD}", ""),
        (f"-Xmx1g -Djavax.net.ssl.keyStorePassword={WORD} -Da=b", ""),
    ],
)
def test_the_password_of_a_connection_string_is_found_at_its_place(text: str, host: str) -> None:
    (login,) = find_connection_logins(text)
    assert text[login.start : login.end] == login.password == WORD
    assert login.host == host


def test_the_key_that_every_emulator_takes_is_no_secret() -> None:
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1" + "OUzFT50uSRZ6IFsuFq2UVErCz4I6tq" + "/K1SZFPTOtr/KBHBeksoGMGw=="
    for known, found in ((key, 0), (key.replace("Eby", "Eba"), 1)):
        text = f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={known}"
        assert len(find_credentials(text)) == len(list(find_connection_logins(text))) == found


@pytest.mark.parametrize(
    "text",
    [
        f"password={WORD}",
        f"a=b;password={WORD}",
        "Server=db;Integrated Security=true;Persist Security Info=false",
        "Server=db;User Id=shop;Password=<password>",
        "host=db user=shop password=\ue000",
        "https://example.com/?token_type=bearer&key_file=/etc/key",
        "-Dkey.password.file=/run/secrets/key -Dauth.method=basic",
        f"host=db password={WORD} " + "x" * 5000,
    ],
)
def test_what_is_no_literal_password_beside_settings_is_none(text: str) -> None:
    assert not list(find_connection_logins(text))
