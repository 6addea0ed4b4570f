"""How the credentials of known services are spelled.

Facts from the rules of gitleaks (MIT, commit b58d3f10, 2026-07-22) and the services' own documentation,
written anew so that each pattern takes time linear in the text.
"""

from __future__ import annotations

from typing import NamedTuple

from dockerlint.model.secret.service_tokens import SERVICE_TOKENS


class CredentialFormat(NamedTuple):
    """How one kind of credential is spelled; group 1 of the pattern is the credential itself."""

    id: str
    title: str
    """With its article, as a message names it: `a GitHub token`."""
    keywords: tuple[str, ...]
    """One of these stands in every text that holds such a credential."""
    pattern: str
    entropy: float = 0.0
    """Least Shannon entropy of the credential, in bits a character: below it is an example."""
    is_live: bool = True
    """Whoever holds it can use it as it stands."""
    public: str = ""
    """Regular expression of the beginning that says whose it is and may be shown; a keyword where empty."""


# Keeps a long run of token characters from being tried at each of its characters. Formats that begin with a
# word of their own need no such border, and are found where a damaged line has glued them to another word.
_START = r"(?<![0-9A-Za-z_-])"

_GITLAB = "pat|dt|rt|rtr|ft|soat|imt|agent|oas|cbt|ptt|ffct|wt"

_FORMATS = (
    CredentialFormat(
        "aws-access-key-id",
        "an AWS access key",
        ("AKIA", "ASIA", "ABIA", "ACCA", "A3T"),
        r"(?<![0-9A-Za-z])((?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{16})(?![0-9A-Za-z])",
        3.0,
    ),
    CredentialFormat(
        "github-token",
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        r"(gh[pousr]_[0-9A-Za-z]{36,251})",
        3.0,
    ),
    CredentialFormat(
        "github-fine-grained-pat",
        "a GitHub token",
        ("github_pat_",),
        r"(github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59})(?![0-9A-Za-z])",
        3.0,
    ),
    CredentialFormat(
        "gitlab-token",
        "a GitLab token",
        tuple(f"gl{kind}-" for kind in _GITLAB.split("|")),
        _START + rf"(gl(?:{_GITLAB})-[0-9A-Za-z_-]{{20,300}}(?:\.[0-9a-z]{{9}})?)",
        3.0,
    ),
    CredentialFormat(
        "slack-token",
        "a Slack token",
        ("xox", "xapp-"),
        _START + r"(xox[abposre]-(?:\d{1,20}-){1,3}[0-9A-Za-z-]{10,200}|xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+)",
        2.0,
        public=r"xox[a-z]-|xapp-",
    ),
    CredentialFormat(
        "slack-webhook",
        "a Slack webhook",
        ("hooks.slack.com/",),
        r"(hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56})",
        3.0,
    ),
    CredentialFormat(
        "stripe-key",
        "a Stripe key",
        ("k_live_", "k_prod_"),
        _START + r"([sr]k_(?:live|prod)_[0-9A-Za-z]{10,99})",
        2.0,
    ),
    CredentialFormat(
        "stripe-test-key",
        "a Stripe test key",
        ("k_test_",),
        _START + r"([sr]k_test_[0-9A-Za-z]{10,99})",
        2.0,
        is_live=False,
    ),
    CredentialFormat("npm-token", "an npm token", ("npm_",), r"(npm_[0-9A-Za-z]{36})(?![0-9A-Za-z])", 2.0),
    CredentialFormat(
        "pypi-token",
        "a PyPI token",
        ("pypi-AgEIcHlwaS5vcmc",),
        r"(pypi-AgEIcHlwaS5vcmc[0-9A-Za-z_-]{50,1000})",
        3.0,
    ),
    CredentialFormat(
        "pypi-test-token",
        "a TestPyPI token",
        ("pypi-AgENdGVzdC5weXBpLm9yZw",),
        r"(pypi-AgENdGVzdC5weXBpLm9yZw[0-9A-Za-z_-]{50,1000})",
        3.0,
        is_live=False,
    ),
    CredentialFormat(
        "sendgrid-key",
        "a SendGrid key",
        ("SG.",),
        _START + r"(SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43})(?![0-9A-Za-z_-])",
        2.0,
    ),
    CredentialFormat(
        "twilio-key", "a Twilio key", ("SK",), _START + r"(SK[0-9a-f]{32})(?![0-9A-Za-z])", 3.0, is_live=False
    ),
    CredentialFormat(
        "encrypted-private-key",
        "an encrypted private key",
        ("-----BEGIN ENCRYPTED",),
        r"(-----BEGIN ENCRYPTED PRIVATE KEY-----)",
        is_live=False,
    ),
    CredentialFormat(
        "private-key",
        "a private key",
        ("PRIVATE KEY",),
        r"(-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|PGP) )?PRIVATE KEY(?: BLOCK)?-----)",
    ),
    CredentialFormat(
        "jwt",
        "a JSON Web Token",
        ("eyJ",),
        _START + r"(eyJ[0-9A-Za-z_-]{14,}\.ey[0-9A-Za-z_-]{15,}\.[0-9A-Za-z_-]{10,})",
        3.0,
        is_live=False,
    ),
    CredentialFormat(
        "azure-ad-client-secret",
        "an Azure client secret",
        ("Q~",),
        r"(?<![0-9A-Za-z_~.-])([0-9A-Za-z_~.]{3}\dQ~[0-9A-Za-z_~.-]{31,34})(?![0-9A-Za-z_~.-])",
        3.0,
    ),
    CredentialFormat(
        "azure-storage-key",
        "an Azure storage key",
        ("AccountKey=",),
        r"AccountKey=([0-9A-Za-z+/]{86}==)",
        4.0,
    ),
    CredentialFormat(
        "digitalocean-token",
        "a DigitalOcean token",
        ("dop_v1_", "doo_v1_", "dor_v1_"),
        r"(do[opr]_v1_[0-9a-f]{64})(?![0-9A-Za-z])",
        3.0,
    ),
    CredentialFormat(
        "openai-key",
        "an OpenAI key",
        ("T3BlbkFJ",),
        _START
        + r"(sk-(?:(?:proj|svcacct|admin)-[0-9A-Za-z_-]{58,74}|[0-9A-Za-z]{20})T3BlbkFJ[0-9A-Za-z_-]{20,74})",
        3.0,
        public=r"sk-(?:(?:proj|svcacct|admin)-)?",
    ),
    CredentialFormat(
        "anthropic-key",
        "an Anthropic key",
        ("sk-ant-",),
        _START + r"(sk-ant-(?:api|admin|oat|ort)\d\d-[0-9A-Za-z_-]{93}AA)(?![0-9A-Za-z_-])",
        3.0,
    ),
    CredentialFormat(
        "vault-token",
        "a Vault token",
        ("hvs.", "hvb.", "hvr."),
        # A root token is short; the dash and underscore of longer ones would make it a name of a host.
        _START + r"(hv[sbr]\.(?:[0-9A-Za-z_-]{90,300}|(?=[a-z]*[A-Z0-9])[0-9A-Za-z]{24}(?![0-9A-Za-z_.-])))",
        3.5,
    ),
    CredentialFormat(
        "terraform-token",
        "a Terraform token",
        (".atlasv1.",),
        _START + r"([0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,70})",
        3.5,
    ),
    CredentialFormat(
        "azure-shared-access-key",
        "an Azure shared access key",
        ("SharedAccessKey=",),
        r"SharedAccessKey=([0-9A-Za-z+/]{43}=)",
        4.0,
    ),
    CredentialFormat(
        "new-relic-license-key",
        "a New Relic key",
        ("NRAL",),
        _START + r"((?:eu\d\dxx[0-9a-f]{30}|[0-9a-f]{36})NRAL)(?![0-9A-Za-z_-])",
        3.0,
    ),
    CredentialFormat(
        "telegram-bot-token",
        "a Telegram bot token",
        (":AA",),
        r"(?:(?<=/bot)|(?<![0-9A-Za-z_:.-]))(\d{8,10}:AA[0-9A-Za-z_-]{33})(?![0-9A-Za-z_-])",
        3.5,
    ),
    CredentialFormat(
        "discord-webhook",
        "a Discord webhook",
        ("/api/webhooks/",),
        r"(discord(?:app)?\.com/api/webhooks/\d{17,20}/[0-9A-Za-z_-]{60,80})",
        3.5,
        public=r"discord(?:app)?\.com/api/webhooks/",
    ),
    CredentialFormat(
        "teams-webhook",
        "a Teams webhook",
        ("webhook.office.com/webhookb2/",),
        r"(webhook\.office\.com/webhookb2/[0-9a-f@-]{73}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36})",
        3.0,
        public=r"webhook\.office\.com/webhookb2/",
    ),
    CredentialFormat(
        "google-access-token",
        "a Google access token",
        ("ya29.",),
        _START + r"(ya29\.[0-9A-Za-z_-]{60,400})",
        3.5,
        is_live=False,
    ),
    CredentialFormat(
        "databricks-token",
        "a Databricks token",
        ("dapi",),
        _START + r"(dapi[0-9a-f]{32}(?:-\d)?)(?![0-9A-Za-z])",
        3.0,
    ),
    CredentialFormat(
        "grafana-token",
        "a Grafana token",
        ("glsa_", "glc_"),
        _START + r"(glsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2})",
        3.0,
    ),
    CredentialFormat(
        "rubygems-key",
        "a RubyGems key",
        ("rubygems_",),
        r"(rubygems_[0-9a-f]{48})(?![0-9A-Za-z])",
        2.0,
    ),
    CredentialFormat(
        "shopify-token",
        "a Shopify token",
        ("shpat_", "shpca_", "shppa_", "shpss_"),
        r"(shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})(?![0-9A-Za-z])",
        2.0,
    ),
    CredentialFormat(
        "age-key", "an age private key", ("AGE-SECRET-KEY-1",), r"(AGE-SECRET-KEY-1[0-9A-Z]{58})", 2.0
    ),
    CredentialFormat(
        "perplexity-key",
        "a Perplexity key",
        ("pplx-",),
        r"(pplx-[0-9A-Za-z]{48})(?![0-9A-Za-z])",
        3.0,
    ),
)


def _of_service(id: str, title: str, words: str, rest: str) -> CredentialFormat:
    """A token that begins with one of some words; where its length is known, nothing may follow."""
    begins = "|".join(word.replace(".", r"\.") for word in words.split())
    ends = "(?![0-9A-Za-z_-])" if rest.endswith("}") and "," not in rest.rpartition("{")[2] else ""
    return CredentialFormat(id, title, tuple(words.split()), f"{_START}((?:{begins}){rest}){ends}", 3.0)


FORMATS = (*_FORMATS, *(_of_service(*row) for row in SERVICE_TOKENS))
