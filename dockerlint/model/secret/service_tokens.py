"""How the tokens of services are spelled that begin with words of their own.

Facts: what each service says of its tokens, or shows of them in its documentation (2026; Cloudflare and
Tailscale each keep a list of theirs). Where the length is not told, only a safe part of it is asked for. Only
what no other text looks like is here: long, of one alphabet, behind a word that means nothing else.
"""

from __future__ import annotations

from typing import Final

_WORD = "[0-9A-Za-z]"
# Not in small letters alone, as the name of a file is.
_MIXED = "(?=[a-z]{0,13}[A-Z0-9])"
_URL_SAFE = "[0-9A-Za-z_-]"
_BASE64 = "[0-9A-Za-z+/]"
_DOPPLER = "(?:pt|st|sa|ct|scim|audit)"
_PLANETSCALE = "pscale_pw_ pscale_tkn_ pscale_oauth_"
_TAILSCALE = "(?:auth|api|client|scim|webhook)"

SERVICE_TOKENS: Final = (
    # id, title, words that it begins with, what follows
    ("1password-token", "a 1Password token", "ops_", rf"eyJ{_URL_SAFE}{{250,2000}}={{0,2}}"),
    ("airtable-token", "an Airtable token", "pat", rf"{_MIXED}{_WORD}{{14}}\.[0-9a-f]{{64}}"),
    ("alibaba-access-key-id", "an Alibaba Cloud access key", "LTAI", rf"{_WORD}{{20}}"),
    ("artifactory-key", "an Artifactory key", "AKCp", rf"{_WORD}{{69}}"),
    ("artifactory-token", "an Artifactory token", "cmVmdGtuOjAx", rf"{_WORD}{{52}}"),  # base64 of `reftkn:01`
    ("atlassian-token", "an Atlassian token", "ATATT3 ATCTT3", r"[0-9A-Za-z_=-]{100,300}"),
    ("bedrock-key", "an Amazon Bedrock key", "ABSKQmVkcm9ja0FQSUtleS", rf"{_BASE64}{{80,260}}={{0,2}}"),
    ("bitbucket-password", "a Bitbucket app password", "ATBB", rf"{_WORD}{{32}}"),
    ("brevo-key", "a Brevo key", "xkeysib-", rf"[0-9a-f]{{64}}-{_WORD}{{16}}"),
    ("buildkite-token", "a Buildkite token", "bkua_", "[0-9a-f]{40}"),
    ("circleci-token", "a CircleCI token", "CCIPAT_ CCIPRJ_", rf"{_WORD}{{22}}_[0-9a-f]{{40}}"),
    ("clojars-token", "a Clojars token", "CLOJARS_", "[0-9a-f]{60}"),
    ("cloudflare-origin-key", "a Cloudflare origin key", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"),
    ("cloudflare-token", "a Cloudflare token", "cfk_ cfut_ cfat_", rf"{_WORD}{{41,60}}"),
    ("cloudflare-tunnel-token", "a Cloudflare tunnel token", "eyJhIjoi", rf"{_BASE64}{{120,400}}={{0,2}}"),
    ("contentful-token", "a Contentful token", "CFPAT-", rf"{_URL_SAFE}{{43}}"),
    ("crates-token", "a crates.io token", "cio", rf"{_WORD}{{32}}"),
    ("docker-hub-token", "a Docker Hub token", "dckr_pat_ dckr_oat_", rf"{_URL_SAFE}{{27,200}}"),
    ("doppler-token", "a Doppler token", "dp.", rf"{_DOPPLER}\.(?:[a-z0-9_-]{{2,35}}\.)?{_WORD}{{40,44}}"),
    ("dynatrace-token", "a Dynatrace token", "dt0", r"[a-z]\d\d\.[A-Z2-7]{24}\.[A-Z2-7]{64}"),
    ("figma-token", "a Figma token", "figd_", rf"{_URL_SAFE}{{40}}"),
    ("fly-token", "a Fly.io token", "fm2_ fm1r_ fm1a_", rf"{_BASE64}{{100,2000}}={{0,3}}"),
    ("fly-access-token", "a Fly.io token", "fo1_", rf"{_URL_SAFE}{{43}}"),
    ("google-api-key", "a Google API key", "AIza", rf"{_URL_SAFE}{{35}}"),
    ("google-client-secret", "a Google client secret", "GOCSPX-", rf"{_URL_SAFE}{{28}}"),
    ("grafana-key", "a Grafana key", "eyJrIjoi", rf"{_BASE64}{{60,400}}={{0,2}}"),
    ("groq-key", "a Groq key", "gsk_", rf"{_WORD}{{52}}"),
    ("heroku-key", "a Heroku key", "HRKU-AA", rf"{_URL_SAFE}{{58}}"),
    ("huggingface-token", "a Hugging Face token", "hf_ api_org_", rf"{_WORD}{{34}}"),
    ("langfuse-key", "a Langfuse key", "sk-lf-", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("linear-key", "a Linear key", "lin_api_ lin_oauth_", rf"{_WORD}{{40,64}}"),
    ("mailgun-key", "a Mailgun key", "key-", "[0-9a-f]{32}"),
    ("mongodb-atlas-secret", "a MongoDB Atlas secret", "mdb_sa_sk_", rf"{_URL_SAFE}{{40}}"),
    ("netlify-token", "a Netlify token", "nfp_", rf"{_WORD}{{36}}"),
    ("new-relic-user-key", "a New Relic key", "NRAK- NRII-", rf"{_URL_SAFE}{{27,32}}"),
    ("notion-token", "a Notion token", "ntn_", rf"\d{{11}}{_WORD}{{35}}"),
    ("notion-secret", "a Notion token", "secret_", rf"{_WORD}{{43}}"),
    ("nuget-key", "a NuGet key", "oy2", "[a-z0-9]{43}"),
    ("openrouter-key", "an OpenRouter key", "sk-or-v1-", "[0-9a-f]{64}"),
    ("planetscale-password", "a PlanetScale secret", _PLANETSCALE, r"[0-9A-Za-z_.=-]{32,64}"),
    ("postman-key", "a Postman key", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
    ("prefect-key", "a Prefect key", "pnu_ pnb_", rf"{_WORD}{{36}}"),
    ("pulumi-token", "a Pulumi token", "pul-", "[0-9a-f]{40}"),
    ("replicate-token", "a Replicate token", "r8_", rf"{_WORD}{{37}}"),
    ("sentry-token", "a Sentry token", "sntrys_ sntryu_", r"[0-9A-Za-z+/=_]{40,300}"),
    ("sonar-token", "a Sonar token", "sqp_ squ_ sqa_", "[0-9a-f]{40}"),
    ("sourcegraph-token", "a Sourcegraph token", "sgp_", "(?:[0-9a-f]{16}_)?[0-9a-f]{40}"),
    ("square-token", "a Square token", "sq0atp-", rf"{_URL_SAFE}{{22}}"),
    ("square-secret", "a Square secret", "sq0csp-", rf"{_URL_SAFE}{{43}}"),
    ("stripe-webhook-secret", "a webhook secret", "whsec_", rf"{_BASE64}{{32,64}}={{0,2}}"),
    ("supabase-token", "a Supabase token", "sbp_", "[0-9a-f]{40}"),
    ("supabase-secret-key", "a Supabase secret key", "sb_secret_", rf"{_URL_SAFE}{{22}}_{_URL_SAFE}{{8}}"),
    ("tailscale-key", "a Tailscale key", "tskey-", rf"{_TAILSCALE}-{_WORD}{{8,32}}-{_WORD}{{16,64}}"),
    ("tencent-secret-id", "a Tencent Cloud secret id", "AKID", rf"{_WORD}{{32}}"),
    ("xai-key", "an xAI key", "xai-", rf"{_WORD}{{80}}"),
)  # fmt: skip
