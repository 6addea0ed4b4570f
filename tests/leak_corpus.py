"""Sixty kinds of secrets and the places where files give them away, put together when the tests run.

A canary holds no word and nothing that ordinary text holds, so that five characters of it in a report are a
leak. Nothing shaped like a credential stands in this file: beginnings and letters are joined here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

SHOWN = 5
"""So many characters of a secret in a row are a leak."""


HEX_SHOWN = 8
"""Fewer hexadecimal digits in a row stand in every fingerprint."""


class Kind(NamedTuple):
    """One kind of secret."""

    name: str
    value: str
    public: str = ""
    """The beginning that all secrets of this kind share, which may be shown."""
    hidden: tuple[str, ...] = ()
    """The parts that are secret, where that is not the whole value: the password of a URL."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no report may show."""
        return self.hidden or (self.value.removeprefix(self.public),)


class Place(NamedTuple):
    """One place in a file; `text` writes a secret there, or gives None where it cannot stand."""

    name: str
    kind: str
    text: Callable[[str], str | None]


# ── kinds ───────────────────────────────────────────────────────────────────────────────────────────────────
_LETTERS = "bcdfghjkmnpqrtvwxzBCDFGHJKLMNPQRTVWXZ23456789"
_HEX = "0123456789abcdef"
_BASE64 = _LETTERS + "aeiouyAEIOUY01+/"


class _Random:
    """Characters that are the same in every run, and in none of two secrets."""

    def __init__(self) -> None:
        self._random = random.Random(20260101)

    def __call__(self, count: int, letters: str = _LETTERS) -> str:
        return "".join(self._random.choice(letters) for _ in range(count))


def kinds() -> list[Kind]:
    """All of them, the same in every run."""
    some = _Random()
    return [*_tokens(some), *_passwords(some), *_hashes(some), *_compound(some), *_keys(some)]


def _tokens(some: _Random) -> Iterator[Kind]:
    base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    shapes: list[tuple[str, str, str]] = [
        ("aws-access-key-id", "AK" + "IA", some(16, base32)),
        ("github-token", "gh" + "p_", some(36)),
        ("github-oauth", "gh" + "o_", some(36)),
        ("github-fine-grained", "github" + "_pat_", some(22) + "_" + some(59)),
        ("gitlab-token", "gl" + "pat-", some(20)),
        ("slack-token", "xo" + "xb-", "739201846512-481920375641-" + some(24)),
        ("stripe-key", "sk" + "_live_", some(24)),
        ("stripe-test-key", "sk" + "_test_", some(24)),
        ("google-api-key", "AI" + "za", some(35)),
        ("npm-token", "npm" + "_", some(36)),
        ("pypi-token", "pypi-" + "AgEIcHlwaS5vcmc", some(64)),
        ("sendgrid-key", "SG" + ".", some(22) + "." + some(43)),
        ("twilio-key", "S" + "K", some(32, _HEX)),
        ("azure-client-secret", "", some(3) + "8Q~" + some(34)),
        ("digitalocean-token", "dop" + "_v1_", some(64, _HEX)),
        ("huggingface-token", "hf" + "_", some(34)),
        ("openai-key", "sk" + "-", some(20) + "T3Blbk" + "FJ" + some(20)),
        ("anthropic-key", "sk" + "-ant-api03-", some(93) + "AA"),
        ("vault-token", "hv" + "s.", some(95)),
        ("databricks-token", "da" + "pi", some(32, _HEX)),
        ("docker-hub-token", "dckr" + "_pat_", some(27)),
        ("grafana-token", "gl" + "sa_", some(32) + "_" + some(8, _HEX)),
        ("pulumi-token", "pul" + "-", some(40, _HEX)),
        ("rubygems-key", "ruby" + "gems_", some(48, _HEX)),
        ("shopify-token", "shp" + "at_", some(32, _HEX)),
        ("age-key", "AGE-SECRET" + "-KEY-1", some(58, base32)),
        ("perplexity-key", "pp" + "lx-", some(48)),
        ("sentry-token", "sntr" + "ys_", some(50)),
        ("planetscale-password", "pscale" + "_pw_", some(40)),
        ("jwt", "ey" + "J", some(20) + ".ey" + "J" + some(30) + "." + some(43)),
    ]
    for name, public, rest in shapes:
        yield Kind(name, public + rest, public)


def _passwords(some: _Random) -> Iterator[Kind]:
    written = {
        "plain": some(14),
        "short": some(5),
        "four": some(4),
        "numbers": some(10, "23456789"),
        "hex": some(32, _HEX),
        "long hex": some(64, _HEX),
        "base64": some(43, _BASE64) + "=",
        "base64 behind a slash": "/" + some(20) + "+" + some(18) + "/" + some(1),
        "aws secret access key": some(18) + "/" + some(9) + "+" + some(11),
        "uuid": "-".join(some(count, _HEX) for count in (8, 4, 4, 4, 12)),
        "words": " ".join(some(7, "bcdfghjkmnpqrtvwxz") for _ in range(4)),
        "words with dashes": "-".join(some(7, "bcdfghjkmnpqrtvwxz") for _ in range(3)),
        "one word": some(9, "bcdfghjkmnpqrtvwxz"),
        "capitals": some(12, "BCDFGHJKLMNPQRTVWXZ"),
        **{
            f"with {name}": some(6) + sign + some(6) + sign + some(6)
            for name, sign in {
                "double quote": '"',
                "single quote": "'",
                "dollar": "$",
                "hash": "#",
                "blank hash": " #",
                "colon": ":",
                "colon blank": ": ",
                "at": "@",
                "backslash": "\\",
                "blank": " ",
                "percent": "%",
                "ampersand": "&",
                "semicolon": ";",
                "comma": ",",
                "bar": "|",
                "angles": "<>",
                "braces": "}{",
                "brackets": "][",
                "backtick": "`",
                "star": "*",
                "equals": "=",
                "bang": "!",
                "slash": "/",
                "umlaut": "äöß",
                "emoji": "🔑",
            }.items()
        },
        "behind a dash": "-" + some(12),
        "behind a bang": "!" + some(12),
        "behind an ampersand": "&" + some(12),
        "behind a percent": "%" + some(12),
    }
    for name, value in written.items():
        yield Kind("password " + name, value)


def _hashes(some: _Random) -> Iterator[Kind]:
    yield Kind("hash sha512", f"$6${some(8)}${some(60)}", "$6$")
    yield Kind("hash bcrypt", f"$2y$10${some(53)}", "$2y$10$")
    yield Kind("hash apr1", f"$apr1${some(8)}${some(22)}", "$apr1$")
    yield Kind(
        "hash argon2",
        f"$argon2id$v=19$m=65536,t=3,p=4${some(22)}${some(43)}",
        "$argon2id$v=19$m=65536,t=3,p=4$",
    )
    yield Kind("hash ldap", "{SSHA}" + some(31) + "=", "{SSHA}")


def _compound(some: _Random) -> Iterator[Kind]:
    def holding(name: str, shape: str, count: int = 16) -> Kind:
        hidden = some(count)
        return Kind(name, shape.replace("@@", hidden), "", (hidden,))

    yield holding("url of a database", "postgres://shop:@@@db.example.com:5432/shop")
    yield holding("url without a user", "redis://:@@@cache.example.com:6379/0")
    yield holding("url with options", "mongodb+srv://shop:@@@db.example.com/shop?authSource=admin")
    yield holding("url with a token alone", "https://@@@git.example.com/team/app.git", 24)
    yield holding("jdbc url", "jdbc:mysql://db.example.com/shop?user=shop&password=@@&ssl=true")
    yield holding("connection string", "Server=db.example.com;User=shop;Password=@@;Encrypt=yes")
    yield holding("storage account", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=@@==", 86)
    yield holding("registry login as json", '{"auths":{"registry.example.com":{"auth":"@@"}}}', 28)
    yield holding("basic login in base64", "Basic @@", 24)
    yield holding("bearer token", "Bearer @@", 30)
    yield holding("signed url", "https://shop.blob.example.com/a?sv=2024&sig=@@%3D", 43)


def _keys(some: _Random) -> Iterator[Kind]:
    for name in (
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ):
        body = tuple(some(64, _BASE64) for _ in range(3))
        text = "\n".join((f"-----BEGIN {name}-----", *body, f"-----END {name}-----"))
        yield Kind(name.lower(), text, "", body)
        yield Kind(name.lower() + " on one line", text.replace("\n", "\\n"), "", body)
    body = tuple(some(64, _BASE64) for _ in range(2))
    key = "\n".join(("-----BEGIN " + "PRIVATE KEY-----", *body, "-----END PRIVATE KEY-----", ""))
    account = {"type": "service_account", "private_key_id": some(40, _HEX), "private_key": key}
    yield Kind("service account as json", json.dumps(account), "", body)
    yield Kind("two lines", f"{some(12)}\n{some(12)}")


# ── how a value is written ──────────────────────────────────────────────────────────────────────────────────
def double(value: str) -> str:
    """In double quotes of YAML and JSON."""
    return json.dumps(value, ensure_ascii=False)


def shell(value: str) -> str:
    """In single quotes of a shell."""
    return "'" + value.replace("'", "'\\''") + "'"


def shell_double(value: str) -> str:
    for sign in '\\"$`':
        value = value.replace(sign, "\\" + sign)
    return f'"{value}"'


def yaml_single(value: str) -> str | None:
    return None if "\n" in value else "'" + value.replace("'", "''") + "'"


def plain(value: str) -> str | None:
    """A plain scalar of YAML; None where it cannot be one."""
    if (
        "\n" in value
        or value[0] in "-!&*%@`|>{}[]#?,\"' "
        or ": " in value
        or " #" in value
        or value[-1] in ": "
    ):
        return None
    return value


def dollars(value: str) -> str:
    """For Compose, which reads a dollar as the name of a variable."""
    return value.replace("$", "$$")


def indented(value: str, blanks: int) -> str:
    return value.replace("\n", "\n" + " " * blanks)


def one_line(value: str) -> str | None:
    return None if "\n" in value else value


def word(value: str) -> str | None:
    """Bare, as one word of a shell."""
    return (
        value
        if value and not set(value) & set(" \n\"'$#\\&;|<>(){}[]`*!?~,%=") and value[0] not in "-"
        else None
    )


def unspaced(value: str) -> str | None:
    """In front of a host without a scheme, with signs that no URL may hold."""
    return value if value[0].isalnum() and not set(value) & set(" \n\"'<>`\\{}") else None


def unlike_prose(value: str) -> str | None:
    """Behind a name in small letters in a comment, where plain words are a sentence."""
    return (
        None
        if "\n" in value or (value.replace(" ", "").islower() and value.replace(" ", "").isalpha())
        else value
    )


def bare_login(value: str) -> str | None:
    """In front of a host without a scheme, behind a user that is an address."""
    return None if "/" in value else word(value)


def unquoted(value: str) -> str | None:
    """Between quotes that are written around it."""
    return value if value[0].isalpha() and not set(value) & set("\n\"'<>`\\@{}") else None


def wrap(
    write: Callable[[str], str | None], shape: str, change: Callable[[str], str] = str
) -> Callable[[str], str | None]:
    """A writer that puts what another one writes in place of `@@` in a text."""

    def text(value: str) -> str | None:
        written = write(change(value))
        return None if written is None else shape.replace("@@", written)

    return text


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────
_TOP = "FROM debian:12\n"
_DOCKERFILE: dict[str, tuple[Callable[[str], str | None], str]] = {
    "env in double quotes": (shell_double, "ENV DB_PASSWORD=@@ REGION=eu"),
    "env in single quotes": (
        lambda value: None if "'" in value or "\n" in value else f"'{value}'",
        "ENV API_TOKEN=@@",
    ),
    "env bare": (word, "ENV SECRET_KEY=@@"),
    "env in the old form": (word, "ENV SECRET_KEY @@"),
    "arg": (shell_double, "ARG NPM_TOKEN=@@"),
    "label": (shell_double, "LABEL backup.password=@@"),
    "default of a variable": (word, "ENV DB_PASSWORD=${PW:-@@}"),
    "comment": (one_line, "# ENV DB_PASSWORD=@@"),
    "comment in yaml": (unlike_prose, "#   db_password: @@"),
    "comment in a run": (one_line, "RUN make && \\\n    # export DB_PASSWORD=@@ \\\n    make install"),
    "suppression": (one_line, '# dockerlint: ignore[DK101] reason="password: @@"\nUSER root'),
    "export": (shell, "RUN export DB_PASSWORD=@@ && make"),
    "in front of a command": (shell, "RUN PGPASSWORD=@@ psql -h db"),
    "option": (shell, "RUN tool --password @@ --user bob"),
    "option with a sign": (shell, "RUN tool --api-token=@@"),
    "login": (
        lambda value: None if "\n" in value else shell("bob:" + value),
        "RUN curl -u @@ https://example.com/x",
    ),
    "header": (
        lambda value: None if "\n" in value else shell("X-Api-Key: " + value),
        "RUN curl -H @@ https://example.com/x",
    ),
    "form data": (
        lambda value: None if set(value) & set("\n&") else shell("user=bob&password=" + value),
        "RUN curl -d @@ https://example.com/x",
    ),
    "chpasswd": (lambda value: None if "\n" in value else shell("root:" + value), "RUN echo @@ | chpasswd"),
    "chpasswd heredoc": (one_line, "RUN chpasswd <<'EOF'\nroot:@@\nEOF"),
    "useradd": (shell, "RUN useradd -m -p @@ bob"),
    "passwd stdin": (shell, "RUN echo @@ | passwd --stdin root"),
    "docker login": (shell, "RUN docker login -u bob -p @@ registry.example.com"),
    "docker login stdin": (shell, "RUN echo @@ | docker login -u bob --password-stdin registry.example.com"),
    "here-string": (shell, "RUN docker login -u bob --password-stdin <<< @@"),
    "openssl": (
        lambda value: None if "\n" in value else shell("pass:" + value),
        "RUN openssl genrsa -passout @@ 2048",
    ),
    "htpasswd": (shell, "RUN htpasswd -bc /etc/nginx/users bob @@"),
    "aws configure": (shell, "RUN aws configure set aws_secret_access_key @@"),
    "mysql": (shell, "RUN mysql -uroot -p@@ shop"),
    "sql": (
        lambda value: (
            None if set(value) & set("'\n\\") else shell_double(f"CREATE USER a IDENTIFIED BY '{value}'")
        ),
        "RUN mysql -e @@",
    ),
    "sshpass": (shell, "RUN sshpass -p @@ ssh host"),
    "redis-cli": (shell, "RUN redis-cli -a @@ ping"),
    "netrc": (word, "RUN echo 'machine example.com login bob password @@' > /root/.netrc"),
    "npmrc": (word, "RUN echo '//npm.example.com/:_authToken=@@' > /root/.npmrc"),
    "npm config": (shell, "RUN npm config set //npm.example.com/:_authToken @@"),
    "json by echo": (
        lambda value: shell(json.dumps({"password": value}, ensure_ascii=False)),
        "RUN echo @@ > /etc/app.json",
    ),
    "sed": (
        lambda value: None if set(value) & set("|\n") else shell(f"s|__DB_PASSWORD__|{value}|"),
        "RUN sed -i @@ /etc/app.conf",
    ),
    "heredoc of run": (shell, "RUN <<EOF\nexport DB_PASSWORD=@@\nmake\nEOF"),
    "heredoc of copy": (one_line, "COPY <<EOF /app/.env\nDB_PASSWORD=@@\nEOF"),
    "heredoc key": (lambda value: indented(value, 2), "COPY <<EOF /root/key\nDB_PASSWORD: |\n  @@\nEOF"),
    "cmd": (double, 'CMD ["serve", "--password", @@]'),
    "entrypoint": (double, 'ENTRYPOINT ["redis-server", "--requirepass", @@]'),
    "healthcheck": (
        lambda value: None if "\n" in value else shell("bob:" + value),
        "HEALTHCHECK CMD curl -fu @@ http://localhost/",
    ),
    "onbuild": (shell_double, "ONBUILD ENV DB_PASSWORD=@@"),
    "lost continuation": (one_line, "ENV REGION=eu\nDB_PASSWORD=@@"),
    "unknown instruction": (word, "DB_PASSWORD @@"),
    "open quote": (word, 'ENV DB_PASSWORD="@@ REGION=eu'),
    "add url": (word, "ADD https://bob:@@@example.com/x /x"),
    "from": (word, "FROM bob:@@@registry.example.com/x:1.0"),
    "from with a port": (unspaced, "FROM --platform=linux/amd64 bob:@@@registry.example.com:5000/x:1.0 AS a"),
    "copy from": (unspaced, "COPY --from=bob:@@@registry.example.com/x:1.0 /a /b"),
    "mount from": (unspaced, "RUN --mount=type=bind,from=bob:@@@registry.example.com/x,target=/x make"),
    "syntax": (unspaced, "# syntax=bob:@@@registry.example.com/x:1.0"),
    "login in a string": (unquoted, 'RUN fetch "https://bob:@@@example.com/x"'),
    "comment in double quotes": (unquoted, '# DB_PASSWORD="@@"'),
    "clone without a scheme": (bare_login, "RUN git clone git@bob:@@@example.com:x.git"),
    "comment that tells": (unquoted, "# the password is `@@`"),
    "comment of an instruction": (unquoted, "# ENV DB_PASSWORD @@"),
    "git clone": (word, "RUN git clone https://bob:@@@git.example.com/x.git"),
    "pip": (word, "RUN pip install --index-url https://bob:@@@pypi.example.com/simple x"),
}

_SERVICE = "services:\n  web:\n    image: nginx:1.29\n"
_COMPOSE: dict[str, tuple[Callable[[str], str | None], str]] = {
    "environment": (plain, _SERVICE + "    environment:\n      DB_PASSWORD: @@"),
    "environment in double quotes": (double, _SERVICE + "    environment:\n      DB_PASSWORD: @@"),
    "environment in single quotes": (yaml_single, _SERVICE + "    environment:\n      DB_PASSWORD: @@"),
    "environment list": (plain, _SERVICE + "    environment:\n      - DB_PASSWORD=@@"),
    "environment list in quotes": (
        lambda value: double("DB_PASSWORD=" + value),
        _SERVICE + "    environment:\n      - @@",
    ),
    "environment block": (
        lambda value: indented(value, 8),
        _SERVICE + "    environment:\n      DB_PASSWORD: |-\n        @@",
    ),
    "environment folded": (
        lambda value: indented(value, 8),
        _SERVICE + "    environment:\n      DB_PASSWORD: >-\n        @@",
    ),
    "environment flow": (double, _SERVICE + "    environment: {REGION: eu, DB_PASSWORD: @@}"),
    "environment anchor": (
        double,
        "x-thing: &thing @@\n" + _SERVICE + "    environment:\n      DB_PASSWORD: *thing",
    ),
    "environment merged": (
        double,
        "x-env: &env\n  DB_PASSWORD: @@\n" + _SERVICE + "    environment:\n      <<: *env\n      A: b",
    ),
    "default of a variable": (plain, _SERVICE + "    environment:\n      DB_PASSWORD: ${PW:-@@}"),
    "environment behind an anchor": (double, _SERVICE + "    environment:\n      DB_PASSWORD: &pw @@"),
    "environment behind a tag": (plain, _SERVICE + "    environment:\n      DB_PASSWORD: !!str &pw @@"),
    "anchor with a name": (double, "x-thing: &db_password @@\n" + _SERVICE),
    "login without a user": (word, _SERVICE + "    environment:\n      REDIS: redis://:@@@cache:6379/0"),
    "login of an address": (word, _SERVICE + "    environment:\n      SMTP: smtp://a@b.example:@@@c.example"),
    "build args": (
        double,
        "services:\n  web:\n    build:\n      context: .\n      args:\n        NPM_TOKEN: @@",
    ),
    "build args list": (
        lambda value: double("NPM_TOKEN=" + value),
        "services:\n  web:\n    build:\n      context: .\n      args: [@@]",
    ),
    "build context": (word, "services:\n  web:\n    build: https://bob:@@@git.example.com/x.git"),
    "image": (word, "services:\n  web:\n    image: bob:@@@registry.example.com/x:1.0"),
    "image in quotes": (unspaced, 'services:\n  web:\n    image: "bob:@@@registry.example.com:5000/x:1.0"'),
    "data source": (unspaced, _SERVICE + "    environment:\n      DSN: bob:@@@tcp(db:3306)/shop"),
    "key twice": (double, _SERVICE + "    environment:\n      ? DB_PASSWORD=@@\n      ? DB_PASSWORD=@@"),
    "login in a string": (
        unquoted,
        _SERVICE + '    environment:\n      DB_URL: "postgres://bob:@@@db.example.com/shop"',
    ),
    "labels": (double, _SERVICE + "    labels:\n      backup.password: @@"),
    "labels list": (lambda value: double("backup.password=" + value), _SERVICE + "    labels:\n      - @@"),
    "deploy labels": (double, _SERVICE + "    deploy:\n      labels:\n        backup.password: @@"),
    "command": (lambda value: double("serve --password " + shell(value)), _SERVICE + "    command: @@"),
    "command list": (double, _SERVICE + '    command: ["serve", "--password", @@]'),
    "command block list": (double, _SERVICE + "    command:\n      - serve\n      - --password\n      - @@"),
    "entrypoint": (
        lambda value: double("redis-server --requirepass=" + shell(value)),
        _SERVICE + "    entrypoint: @@",
    ),
    "healthcheck": (
        lambda value: double("redis-cli -a " + shell(value) + " ping"),
        _SERVICE + "    healthcheck:\n      test: @@",
    ),
    "healthcheck list": (
        lambda value: double("bob:" + value),
        _SERVICE + '    healthcheck:\n      test: ["CMD", "curl", "-u", @@, "http://localhost"]',
    ),
    "hook": (
        lambda value: double("tool --token " + shell(value)),
        _SERVICE + "    post_start:\n      - command: @@",
    ),
    "config content": (
        one_line,
        _SERVICE + "configs:\n  app:\n    content: |\n      password = @@",
    ),
    "config content env": (
        lambda value: double("DB_PASSWORD=" + value + "\n"),
        _SERVICE + "configs:\n  app:\n    content: @@",
    ),
    "extension field": (double, "x-app:\n  db_password: @@\n" + _SERVICE),
    "extension list": (double, "x-app:\n  - name: DB_PASSWORD\n    value: @@\n" + _SERVICE),
    "logging": (
        double,
        _SERVICE + "    logging:\n      driver: splunk\n      options:\n        splunk-token: @@",
    ),
    "driver options": (
        lambda value: double("username=bob,password=" + value),
        _SERVICE + "volumes:\n  data:\n    driver_opts:\n      type: cifs\n      o: @@",
    ),
    "provider": (
        double,
        "services:\n  web:\n    provider:\n      type: cloud\n      options:\n        password: @@",
    ),
    "extra hosts": (
        lambda value: double("token=" + value + ":127.0.0.1"),
        _SERVICE + "    extra_hosts:\n      - @@",
    ),
    "comment": (one_line, _SERVICE + "    # environment:\n    #   DB_PASSWORD: @@"),
    "comment list": (one_line, _SERVICE + "    # - DB_PASSWORD=@@"),
    "comment behind": (unlike_prose, _SERVICE + "    tty: true # password: @@"),
    "inline dockerfile": (
        lambda value: None if "\n" in value else shell_double(value),
        "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM debian:12\n"
        "        ENV DB_PASSWORD=@@",
    ),
    "inline dockerfile in quotes": (
        lambda value: double("FROM debian:12\nENV DB_PASSWORD=" + shell_double(value) + "\n"),
        "services:\n  web:\n    build:\n      dockerfile_inline: @@",
    ),
    "unknown key": (double, _SERVICE + "    env:\n      DB_PASSWORD: @@"),
    "wrong type": (double, _SERVICE + "    environment: 3\n    ports:\n      db_password: @@"),
    "open quote": (one_line, _SERVICE + '    environment:\n      DB_PASSWORD: "@@\n      A: b\n'),
    "tab": (plain, _SERVICE + "    environment:\n\tDB_PASSWORD: @@\n"),
    "duplicate key": (double, _SERVICE + "    environment:\n      DB_PASSWORD: @@\n      DB_PASSWORD: @@"),
    "conflict": (
        plain,
        _SERVICE
        + "    environment:\n<<<<<<< ours\n      DB_PASSWORD: @@\n=======\n      A: b\n>>>>>>> theirs",
    ),
    "missing colon": (word, _SERVICE + "    environment:\n      DB_PASSWORD @@\n      A: b"),
    "stray line": (one_line, _SERVICE + "DB_PASSWORD=@@\n    tty: true"),
}


def places() -> list[Place]:
    """All of them, Dockerfiles first."""
    found = [
        Place(name, "dockerfile", wrap(write, _TOP + shape + "\n"))
        for name, (write, shape) in _DOCKERFILE.items()
    ]
    found += [
        Place(name, "compose", wrap(write, shape + "\n", _change(name)))
        for name, (write, shape) in _COMPOSE.items()
    ]
    return found


def _change(name: str) -> Callable[[str], str]:
    return str if name.startswith(("comment", "conflict")) else dollars


def windows(secret: str) -> set[str]:
    """Every stretch of a secret that no report may show; the whole of a short one."""
    if len(secret) <= SHOWN:
        return {secret}
    found = {secret[at : at + SHOWN] for at in range(len(secret) - SHOWN + 1)}
    digits = {secret[at : at + HEX_SHOWN] for at in range(len(secret) - HEX_SHOWN + 1)}
    told = {one for one in found if not set(one) <= set(_HEX + "-")} | digits
    return {one for one in told if sum(map(str.isalnum, one)) >= SHOWN - 1}


def leaked(secrets: tuple[str, ...], said: str) -> set[str]:
    """What stands of these secrets in a text."""
    begun = stretches(said)
    wanted = {one for secret in secrets for one in windows(secret)}
    return {one for one in wanted if (len(one) < SHOWN or one[:SHOWN] in begun) and one in said}


@lru_cache(maxsize=1)
def stretches(said: str) -> frozenset[str]:
    """Everything as long as the shortest stretch of a secret: a report is searched for thousands of them."""
    return frozenset(said[at : at + SHOWN] for at in range(len(said) - SHOWN + 1))
