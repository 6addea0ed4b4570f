"""Secrets are told by name, value and shape, never shown, and never guessed from half a value."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pace import grows_in_proportion
from test_service_tokens import SAMPLES

from dockerlint.model.secret.credential import SHORTEST, find_credentials, find_url_logins
from dockerlint.model.secret.formats import FORMATS
from dockerlint.model.secret.name import is_secret_name, mentions_secret
from dockerlint.model.secret.value import is_placeholder, literal_view, looks_secret
from dockerlint.model.variable import Variable
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, UNRESOLVED, Located

if sys.version_info >= (3, 11):
    from re import _parser
else:
    import sre_parse as _parser

LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zZcFbLkJhGfDsApOiUyTrEwQ5tG7hJ2kL"
HEX = "0123456789abcdef" * 4
UUID = "01234567-89ab-4def-8123-456789abcdef"

# Put together at run time, so that nobody's scanner takes them for real ones.
TOKENS = {
    "aws-access-key-id": "AK" + "IA" + "Q3E5T7Y2U4I6O2P5",
    "github-token": "gh" + "p_" + LETTERS[:36],
    "github-fine-grained-pat": "github" + "_pat_" + LETTERS[:22] + "_" + LETTERS[:59],
    "gitlab-token": "gl" + "pat-" + LETTERS[:20],
    "slack-token": "xo" + "xb-123456789012-123456789012-" + LETTERS[:24],
    "slack-webhook": "hooks.slack"
    + ".com/services/T"
    + LETTERS[:8]
    + "/B"
    + LETTERS[:8]
    + "/"
    + LETTERS[:24],
    "stripe-key": "sk" + "_live_" + LETTERS[:24],
    "stripe-test-key": "sk" + "_test_" + LETTERS[:24],
    "google-api-key": "AI" + "za" + LETTERS[:35],
    "npm-token": "npm" + "_" + LETTERS[:36],
    "pypi-token": "pypi-" + "AgEIcHlwaS5vcmc" + LETTERS,
    "pypi-test-token": "pypi-" + "AgENdGVzdC5weXBpLm9yZw" + LETTERS,
    "sendgrid-key": "SG" + "." + LETTERS[:22] + "." + LETTERS[:43],
    "twilio-key": "S" + "K" + HEX[:32],
    "private-key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "encrypted-private-key": "-----BEGIN " + "ENCRYPTED PRIVATE KEY-----",
    "jwt": "ey" + "J" + LETTERS[:20] + ".ey" + "J" + LETTERS[:30] + "." + LETTERS[:43],
    "azure-ad-client-secret": "abc8" + "Q~" + LETTERS[:34],
    "azure-storage-key": (LETTERS + LETTERS)[:86] + "==",
    "digitalocean-token": "dop" + "_v1_" + HEX,
    "huggingface-token": "hf" + "_" + LETTERS[:34],
    "openai-key": "sk" + "-" + LETTERS[:20] + "T3Blbk" + "FJ" + LETTERS[20:40],
    "anthropic-key": "sk" + "-ant-api03-" + (LETTERS + LETTERS)[:93] + "AA",
    "vault-token": "hv" + "s." + (LETTERS + LETTERS)[:95],
    "databricks-token": "da" + "pi" + HEX[:32],
    "docker-hub-token": "dckr" + "_pat_" + LETTERS[:27],
    "grafana-token": "gl" + "sa_" + LETTERS[:32] + "_" + HEX[:8],
    "pulumi-token": "pul" + "-" + HEX[:40],
    "rubygems-key": "ruby" + "gems_" + HEX[:48],
    "shopify-token": "shp" + "at_" + HEX[:32],
    "age-key": "AGE-SECRET" + "-KEY-1" + LETTERS.upper()[:58],
    "perplexity-key": "pp" + "lx-" + LETTERS[:48],
    "sentry-token": "sntr" + "ys_" + LETTERS[:50],
    "planetscale-password": "pscale" + "_pw_" + LETTERS[:40],
    "terraform-token": LETTERS[:14] + ".atlas" + "v1." + (LETTERS + LETTERS)[:67],
    "azure-shared-access-key": LETTERS[:43] + "=",
    "new-relic-license-key": HEX[:36] + "NR" + "AL",
    "telegram-bot-token": "7391846205" + ":A" + "A" + LETTERS[:33],
    "discord-webhook": "discord.com/api/" + "webhooks/739201846512481920/" + (LETTERS + LETTERS)[:68],
    "teams-webhook": "webhook.office.com/"
    + "webhookb2/"
    + f"{UUID}@{UUID}/IncomingWebhook/{HEX[:32]}/{UUID}",
    "google-access-token": "ya" + "29." + (LETTERS + LETTERS)[:100],
}


def variable(name: str, written: str, origin: str = "env") -> Variable:
    value: Located[str] = Located(UNKNOWN if "$" in written else written, Span(20, 20 + len(written)))
    return Variable(name, value, origin, Span(0, len(name)), Span(0, 20 + len(written)), written)


def test_every_format_has_a_sample() -> None:
    assert {shape.id for shape in FORMATS} == {*TOKENS, *SAMPLES}


@pytest.mark.parametrize("name", TOKENS)
def test_each_shape_is_found_where_it_stands(name: str) -> None:
    prefix = {"azure-storage-key": "AccountKey=", "azure-shared-access-key": "SharedAccessKey="}.get(
        name, "value='"
    )
    text = f"one\ntwo {prefix}{TOKENS[name]}' three"
    (found,) = find_credentials(text, 100)
    assert found.format == name
    assert text[found.span.start - 100 : found.span.end - 100] == TOKENS[name]


@pytest.mark.parametrize(
    "text",
    [
        "AK" + "IA" + "IOSFODNN7EXAMPLE",
        "gh" + "p_" + "x" * 36,
        "sha256:" + HEX,
        "npm_config_registry=https://registry.example.com/",
        "-----BEGIN CERTIFICATE-----",
        "pk" + "_live_" + LETTERS[:24],
        "sk-" + "learn-is-a-python-package-name",
    ],
)
def test_examples_checksums_and_public_things_are_none(text: str) -> None:
    assert find_credentials(text) == ()


def test_what_stands_in_a_comment_is_left_out() -> None:
    token = TOKENS["github-token"]
    text = f"# {token}\nENV A={token}\n"
    (found,) = find_credentials(text, outside=[Span(0, text.index("\n"))])
    assert found.span.start == text.rindex(token)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "DB_PASSWORD",
            "AUTH_KEY",
            "SIGNING_KEY",
            "BASIC_AUTH",
            "PASS",
            "PasS",
            "PGPASSWORD",
            "dbPassword",
            "API_KEY",
        ),
        *(
            "SECRET_KEY_BASE",
            "openai_api_key",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_PASSPHRASE",
            "PASSWORD_ADMIN",
        ),
        *(
            "spring.datasource.password",
            "DB_PASSWORD_2",
            "ARTIFACTORY_PSW",
            "WORDPRESS_AUTH_SALT",
            "NEO4J_AUTH",
        ),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "TOKENIZER_MODEL",
            "SECRET_NAME",
            "PASSWORD_STORE_DIR",
            "TOKEN_URL",
            "NEXT_PUBLIC_API_KEY",
            "PUBLIC_KEY",
        ),
        *(
            "GPG_KEY",
            "POSTGRES_PASSWORD_FILE",
            "TOKEN_TTL",
            "JWT_REFRESH_TOKEN_EXPIRE_DAYS",
            "AUTH_MODULE_VERSION",
        ),
        *("TOKEN_SIGNUP_BONUS", "SECRET_MAX_TEXT_SIZE", "MYSQL_ALLOW_EMPTY_PASSWORD", "AWS_ACCESS_KEY_ID"),
        *(
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "PRIMARY_KEY",
            "MAX_TOKENS",
            "AUTHOR",
            "COMPASS",
            "PASSENGER_APP_ENV",
            "PATH",
        ),
        *(
            "SSH_AUTH_SOCK",
            "POSTGRES_HOST_AUTH_METHOD",
            "USER_PASSWORD_REQUIREMENTS",
            "TOKENIZERS_PARALLELISM",
        ),
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not is_secret_name(name)


def test_a_name_may_mention_a_secret_without_holding_one() -> None:
    assert mentions_secret("TOKEN_TTL")
    assert mentions_secret("GPG_KEY")
    assert not mentions_secret("PUBLIC_KEY")
    assert not mentions_secret("PASSWORD_FILE")


@pytest.mark.parametrize(
    "value", ["hunter2", "1234", "p@ss w0rd", "my-secret-pw", "${PW:-hunter2}", "pa$$word"]
)
def test_a_literal_behind_a_secret_name_is_a_secret(value: str) -> None:
    assert variable("DB_PASSWORD", value).holds_secret is True


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            '""',
            "<change me>",
            "changeme",
            "PleaseChangeMe",
            "XXX-XXX",
            "your-password-here",
            "xxxx",
            "{{ password }}",
            "REPLACE_ME",
            "build-time-dummy",
            "no-dummy",
            "build-key",
            "none",
        ),
        *("/run/secrets/db", "file:///etc/pw", "true", "__PASSWORD__", "${PW:-}", "%PASSWORD%"),
    ],
)
def test_stand_ins_places_and_switches_are_no_secrets(value: str) -> None:
    assert variable("DB_PASSWORD", value).holds_secret is False


@pytest.mark.parametrize("value", ["$PW", "${PW}", "${PW:?missing}", "prefix-${PW}", "$$${PW}"])
def test_what_a_variable_brings_along_is_unknown(value: str) -> None:
    assert variable("DB_PASSWORD", value).holds_secret is UNKNOWN


@pytest.mark.parametrize("value", ["30", "900s", "${TTL:-60}", "basic"])
def test_a_token_is_not_a_number_of_seconds(value: str) -> None:
    assert variable("API_TOKEN", value).holds_secret is False


def test_a_name_without_value_holds_nothing() -> None:
    declared = Variable("TOKEN", None, "arg", Span(4, 9), Span(4, 9))
    assert declared.is_secret_name
    assert declared.holds_secret is False
    assert declared.secret_spans == ()


@pytest.mark.parametrize(
    ("written", "password"),
    [
        ("postgres://app:hunter2@db/app", "hunter2"),
        ("redis://:hunter2@cache:6379/0", "hunter2"),
        ("postgres://${DB_USER:?missing}:hunter2@db/app", "hunter2"),
        ("a=1;url=postgresql+psycopg2://airflow:airflow@pg/x", "airflow"),
        ("amqp://u:p:w@h", "p:w"),
    ],
)
def test_only_the_password_of_a_url_is_underlined(written: str, password: str) -> None:
    found = variable("DATABASE_URL", written)
    assert found.holds_url_login
    assert found.secret_span is not None
    assert (" " * 20 + written)[found.secret_span.start : found.secret_span.end] == password


@pytest.mark.parametrize(
    "written",
    [
        *(
            "redis://cache:6379/0",
            "postgres://app:${PW}@db/app",
            "postgres://u:$$${PW}@db",
            "https://a.example/@team",
        ),
        *("https://user:<password>@host/", "https://user@host/", "http://[::1]:80/a@b", "https://u:@host/"),
    ],
)
def test_urls_without_a_literal_password_are_left_alone(written: str) -> None:
    assert not variable("DATABASE_URL", written).holds_url_login


def test_a_view_keeps_defaults_and_marks_the_rest() -> None:
    assert literal_view("a-${B:-c}-$D-$$E-\\$F") == f"a-c-{UNRESOLVED}-$E-$F"


@given(st.text(alphabet="${}:-?ab<>@/.\\'\"", max_size=60))
def test_no_value_makes_it_fail(written: str) -> None:
    read = variable("DB_PASSWORD", written)
    for name in dir(Variable):
        if isinstance(getattr(Variable, name), property):
            getattr(read, name)


@pytest.mark.parametrize(
    "unit",
    [
        "eyJaaaaaaaaaaaaaaaa-",
        "ey" + "J.",
        "://a:",
        "${",
        "x" + "oxb-1-",
        "$$",
        "<",
        "gl" + "pat-",
        "KEY_",
        "A_1_",
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    def search(text: str) -> None:
        find_credentials(text)
        list(find_url_logins(text))
        literal_view(text)
        is_placeholder(text)
        is_secret_name(text)

    assert grows_in_proportion(search, lambda size: unit * (size // len(unit)), 20_000)


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        ("/" + LETTERS[:38] + "=", True),
        ("/run/secrets/postgres_password", False),
        ("/srv/App1/releases/2026-11-30", False),
    ],
)
def test_base64_that_begins_with_a_slash_is_no_path(value: str, is_secret: bool) -> None:
    assert looks_secret(value, is_password=True) is is_secret


def test_no_known_form_is_shorter_than_the_texts_that_are_passed_over():
    shortest = min(_parser.parse(shape.pattern).getwidth()[0] for shape in FORMATS)
    assert shortest == SHORTEST


@pytest.mark.parametrize("text", ["--key{}", "token{}", "{}, and more", "key_{}"])
def test_a_token_with_a_beginning_of_its_own_is_found_where_it_is_glued_to_a_word(text: str) -> None:
    token = "gh" + "p_" + "Kq7Xv2Rt9Wm4Zp8Ls3Nd6Jf5Hc1Gb0Vyx7Tq"
    written = text.format(token)
    (found,) = find_credentials(written)
    assert written[found.span.start : found.span.end] == token


def test_root_tokens_of_vault_are_short() -> None:
    token = "hv" + "s." + LETTERS[:24]
    (found,) = find_credentials(f"VAULT={token}\n")
    assert found.format == "vault-token"
    assert find_credentials("image: hv" + "s.abcdefghijklmnopqrstuvwx.example.com/x") == ()


@pytest.mark.parametrize("kind", ["ptt", "ffct", "wt", "rtr"])
def test_each_kind_of_token_of_gitlab_has_its_letters(kind: str) -> None:
    (found,) = find_credentials(f"A=gl{kind}-{LETTERS[:24]}")
    assert found.title == "a GitLab token"


def test_a_longer_token_of_github_is_one_too() -> None:
    """GitHub says that tokens may grow to 255 characters."""
    token = "gh" + "s_" + "Kq7Xv2Rt9Wm4Zp8Ls3Nd6Jf5Hc1Gb0V" * 3
    (found,) = find_credentials(f"x={token} y")
    assert found.span.end - found.span.start == len(token)


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("ADMINPASS", True),
        ("LDAPBINDPASS", True),
        ("smtpPass", True),
        ("DBPWD", True),
        ("ADMINPASS_FILE", False),
        ("BYPASS", False),
        ("CACHE_BYPASS", False),
        ("OLDPWD", False),
        ("COMPASS", False),
    ],
)
def test_a_word_that_ends_with_pass_is_a_password_unless_it_is_a_word_of_its_own(
    name: str, is_secret: bool
) -> None:
    assert is_secret_name(name) is is_secret


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("MINIO_ACCESS_KEY", False),
        ("S3_ACCESS_KEY", False),
        ("MINIO_SECRET_KEY", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("BACKEND_ACCESS_KEY", True),
        ("--disabled-password", False),
    ],
)
def test_accounts_of_object_stores_and_switches_are_no_secrets(name: str, is_secret: bool) -> None:
    assert is_secret_name(name) is is_secret


@pytest.mark.parametrize(
    ("value", "is_asking"),
    [
        (".", True),
        ("long-and-random-alphanumeric-string", True),
        ("random_64_characters", True),
        ("random-" + LETTERS[:20], False),
        ("k", False),
    ],
)
def test_words_that_describe_a_secret_stand_in_for_one(value: str, is_asking: bool) -> None:
    assert is_placeholder(value) is is_asking


@pytest.mark.parametrize(
    ("name", "value", "is_so"),
    [
        ("SONAR_TOKEN", "a1" * 12, True),
        ("SENTRY_API_KEY", "a1" * 12, True),
        ("DB_PASSWORD", "a1" * 12, False),
        ("SECRET_KEY", "a1" * 12, False),
        ("SONAR_TOKEN", "token-for-tests", False),
        ("URL", "postgres://app:" + "a1" * 8 + "@db.example.com/app", True),
        ("URL", "postgres://app:" + "a1" * 8 + "@db/app", False),
        ("URL", "postgres://app:app@db.example.com/app", False),
    ],
)
def test_a_generated_token_opens_the_service_of_somebody_else(name: str, value: str, is_so: bool) -> None:
    assert variable(name, value).opens_other_service is is_so
