"""Tokens of services are told by the words they begin with, and nothing that only begins so is one."""

from __future__ import annotations

from typing import Any

import pytest
from pace import grows_in_proportion

from dockerlint import lint
from dockerlint.data import records
from dockerlint.model.secret.credential import find_credentials

SERVICE_TOKENS = records("secrets", "service-tokens")
LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zZcFbLkJhGfDsApOiUyTrEwQ5tG7hJ2kL" * 6
HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 6
BASE32 = "Q3E5T7Y2U4I6O2P5A7S3D5F2G4H6J7K2L4Z6X3C5V7B2N4M6" * 2
SMALL = "a1s2d3f4g5h6j7k8l9z1x2c3v4b5n6m7q8w9e1r2t3y4u5i6"
UUID = "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0"

# Put together at run time, so that nobody's scanner takes them for real ones.
SAMPLES = {
    "1password-token": "op" + "s_eyJ" + LETTERS[:300],
    "airtable-token": "pa" + "t" + LETTERS[:14] + "." + HEX[:64],
    "alibaba-access-key-id": "LT" + "AI" + LETTERS[:20],
    "artifactory-key": "AK" + "Cp" + LETTERS[:69],
    "artifactory-token": "cmVm" + "dGtuOjAx" + LETTERS[:52],
    "atlassian-token": "ATA" + "TT3" + LETTERS[:186],
    "bedrock-key": "AB" + "SKQmVkcm9ja0FQSUtleS" + LETTERS[:110],
    "bitbucket-password": "AT" + "BB" + LETTERS[:32],
    "brevo-key": "xkey" + "sib-" + HEX[:64] + "-" + LETTERS[:16],
    "buildkite-token": "bk" + "ua_" + HEX[:40],
    "circleci-token": "CCI" + "PAT_" + LETTERS[:22] + "_" + HEX[:40],
    "clojars-token": "CLO" + "JARS_" + HEX[:60],
    "cloudflare-origin-key": "v1" + ".0-" + HEX[:24] + "-" + HEX[:146],
    "cloudflare-token": "cf" + "ut_" + LETTERS[:48],
    "cloudflare-tunnel-token": "eyJh" + "Ijoi" + LETTERS[:176],
    "contentful-token": "CF" + "PAT-" + LETTERS[:43],
    "crates-token": "ci" + "o" + LETTERS[:32],
    "docker-hub-token": "dckr" + "_oat_" + LETTERS[:32],
    "doppler-token": "dp" + ".st.prd." + LETTERS[:43],
    "dynatrace-token": "dt" + "0c01." + BASE32[:24] + "." + BASE32[:64],
    "figma-token": "fi" + "gd_" + LETTERS[:40],
    "fly-token": "fm" + "2_" + LETTERS[:300],
    "fly-access-token": "fo" + "1_" + LETTERS[:43],
    "google-api-key": "AI" + "za" + LETTERS[:35],
    "google-client-secret": "GOC" + "SPX-" + LETTERS[:28],
    "grafana-key": "eyJr" + "Ijoi" + LETTERS[:90],
    "groq-key": "gs" + "k_" + LETTERS[:52],
    "heroku-key": "HR" + "KU-AA" + LETTERS[:58],
    "huggingface-token": "h" + "f_" + LETTERS[:34],
    "langfuse-key": "sk" + "-lf-" + UUID,
    "linear-key": "lin" + "_api_" + LETTERS[:40],
    "mailgun-key": "ke" + "y-" + HEX[:32],
    "mongodb-atlas-secret": "mdb" + "_sa_sk_" + LETTERS[:40],
    "netlify-token": "nf" + "p_" + LETTERS[:36],
    "new-relic-user-key": "NR" + "AK-" + LETTERS.upper()[:27],
    "notion-token": "nt" + "n_" + "73920184651" + LETTERS[:35],
    "notion-secret": "sec" + "ret_" + LETTERS[:43],
    "nuget-key": "oy" + "2" + SMALL[:43],
    "openrouter-key": "sk" + "-or-v1-" + HEX[:64],
    "planetscale-password": "pscale" + "_tkn_" + LETTERS[:43],
    "postman-key": "PM" + "AK-" + HEX[:24] + "-" + HEX[:34],
    "prefect-key": "pn" + "u_" + LETTERS[:36],
    "pulumi-token": "pu" + "l-" + HEX[:40],
    "replicate-token": "r8" + "_" + LETTERS[:37],
    "sentry-token": "sn" + "tryu_" + HEX[:64],
    "sonar-token": "sq" + "p_" + HEX[:40],
    "sourcegraph-token": "sg" + "p_" + HEX[:16] + "_" + HEX[:40],
    "square-token": "sq" + "0atp-" + LETTERS[:22],
    "square-secret": "sq" + "0csp-" + LETTERS[:43],
    "stripe-webhook-secret": "wh" + "sec_" + LETTERS[:32],
    "supabase-token": "sb" + "p_" + HEX[:40],
    "supabase-secret-key": "sb_" + "secret_" + LETTERS[:22] + "_" + LETTERS[:8],
    "tailscale-key": "ts" + "key-auth-" + LETTERS[:11] + "CNTRL-" + LETTERS[:32],
    "tencent-secret-id": "AK" + "ID" + LETTERS[:32],
    "xai-key": "xa" + "i-" + LETTERS[:80],
}


def test_every_service_has_a_sample() -> None:
    assert {row["id"] for row in SERVICE_TOKENS} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    "text", ["ENV A={}\n", 'x: "{}"', "# curl https://example.com/?a={}&b", "A={},b", "<{}>"]
)
def test_a_token_is_found_whole(name: str, text: str) -> None:
    token = SAMPLES[name]
    written = text.format(token)
    (found,) = find_credentials(written)
    assert (found.format, written[found.span.start : found.span.end]) == (name, token)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_token_that_is_cut_short_or_a_part_of_a_longer_word_is_none(name: str) -> None:
    token = SAMPLES[name]
    assert not find_credentials(token[:19])
    assert not find_credentials(f"a{token}")


@pytest.mark.parametrize(
    "text",
    [
        "sha256:" + HEX[:64],
        "apt-key-" + HEX[:32],
        "cache-key-" + HEX[:32],
        "path.to.some.folder/patches.0f1e2d3c",
        "COPY patch" + "a" * 12 + "." + HEX[:64] + ".js /x",
        "secret_management_and_rotation_of_all_the_keys_here",
        "SECRET_" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "key-vault-name-that-is-rather-long-for-a-name",
        "xai-" + "a-long-name-of-a-package-that-nobody-would-take-for-a-token-of-anything-at-all",
        "docker.io/library/cio-tools:1.0",
        "v1.0-0f1e2d3c",
        "gsk_" + "get_some_setting_of_the_kit",
        "figd_" + "x" * 40,
        "sb_publishable_" + LETTERS[:31],
        "git checkout " + HEX[:40],
        "dp.pt.example.com",
        "registry.example.com/AKID/LTAI/ATBB",
        "eyJhIjoiYiJ9",
        "10:AAAA::1 1234567890:AAAA:BBBB:CCCC",
        "127.0.0.1:8080:AA",
        "https://discord.com/api/webhooks/",
        "11.22.33:44:55:AA",
    ],
)
def test_ordinary_text_is_none(text: str) -> None:
    assert find_credentials(text) == ()


@pytest.mark.parametrize("row", SERVICE_TOKENS, ids=lambda row: row["id"])
def test_time_grows_with_the_text(row: dict[str, Any]) -> None:
    word = row["keywords"][0]
    for piece in (word, word + "/", word + LETTERS[:30]):
        assert grows_in_proportion(find_credentials, lambda n, piece=piece: piece * (n // len(piece)), 20_000)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_finding_names_the_kind_of_a_token_and_shows_nothing_of_it(name: str) -> None:
    text = f"FROM a:1\nRUN x {SAMPLES[name]}\n"
    (found,) = find_credentials(text)
    messages = [one.message for one in lint(text, "dockerfile") if one.rule.id in ("DK528", "DK529")]
    assert messages
    for message in messages:
        assert message.removesuffix("; revoke it") == f"{found.title} (****) in plain text"
