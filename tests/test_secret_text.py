"""Raw text gives its secrets away wherever they stand, and nothing that only speaks of secrets is one."""

from __future__ import annotations

import pytest
from pace import grows_in_proportion

from dockerlint.findings import Finding
from dockerlint.model.secret import options as secret_options
from dockerlint.model.secret.text import PROGRAMS, secrets_in_text, small_letters
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_whole

PW = "q7XkzP0w"
OTHER = "zz8YkLm4"
BEGIN, END = "-----BEGIN " + "RSA PRIVATE KEY-----", "-----END " + "RSA PRIVATE KEY-----"
RULESET = load_ruleset()


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in secrets_in_text(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"# DB_PASSWORD={PW}",
        f"#   POSTGRES_PASSWORD: {PW}",
        f'{{"password": "{PW}", "user": "bob"}}',
        f"x: {{PASSWORD: {PW}, image: nginx}}",
        f'RUN echo "{{\\"token\\": \\"{PW}\\"}}"',
        f'command: ["redis-server", "--requirepass", "{PW}"]',
        f"command:\n  - --requirepass\n  - {PW}\n",
        f"PASSWORD: |\n  {PW}\nnext: foo",
        f"PASSWORD: >-\n  {PW}\nnext: foo",
        f"PASSWORD:\n  {PW}\nnext: foo",
        f"PASSWORD: &pw {PW}",
        f"PASSWORD: !!str '{PW}'",
        f"PASSWORD: &pw\n  {PW}\n",
        f"PASSWORD: !<tag:yaml.org,2002:str> {PW}",
        f"x-pw: &db_password {PW}",
        f'x-pw: &db_password "{PW}"',
        f"x-pw: &DB_PASSWORD '{PW}'",
        f"x-pw: {{a: &db_password {PW}, b: c}}",
        f"x-pw: &db_password |\n  {PW}\nnext: foo",
        f"? DB_PASSWORD\n: {PW}",
        f'PASSWORD: "{PW}\n',
        f"ENV SIGNING_KEY {PW}",
        f"DB_PASSWORD {PW}",
        f"RUN aws configure set aws_secret_access_key {PW}",
        f"DB_PASSWORD=${{PW:-{PW}}}",
        f"password: {PW}",
        f"<server><password>{PW}</password></server>",
        f"- name: DB_PASSWORD\n  value: {PW}",
        f"define('DB_PASSWORD', '{PW}');",
        f"docker login -u foo --password={PW} registry.example.com",
        f"//reg.example.com/:_authToken {PW}",
        f"# RUN curl -u bob:{PW} https://x",
        f'test: ["CMD", "curl", "-u", "bob:{PW}", "x"]',
        f"RUN echo 'root:{PW}' | chpasswd",
        f"image: app:${{DB_PASSWORD:-{PW}}}",
        f"command: serve ${{DB_PASSWORD-{PW}}} --more",
        f"x: ${{DB_PASSWORD:-${{OTHER:-{PW}}}}}",
        f"P={PW}; docker run -e DB_PASSWORD=$P app",
        f"export P='{PW}'\ndocker run -e \"DB_PASSWORD=${{P}}\" app",
        f"ARG P={PW}\nENV DB_PASSWORD=$P",
        f"LABEL a=b traefik.http.middlewares.x.basicauth.users=bob:{PW} c=d",
        f'labels: {{a: "true", traefik.http.middlewares.x.digestauth.users: "bob:{PW}", c: d}}',
        f"RUN chpasswd <<EOT\nroot:{PW}\nEOT",
        f"echo {PW} | docker login -u me --password-stdin",
        f"docker login -u me --password-stdin <<< '{PW}'",
        f"echo {PW} | passwd --stdin root",
        f"useradd -m -p {PW} bob",
        f"usermod --password '{PW}' bob",
        f"mysql -uroot -p{PW} shop",
        f"mysql -e \"create user a identified by '{PW}'\"",
        f"psql -c \"alter user a password '{PW}'\"",
        f"openssl req -passout pass:{PW} -new",
        f"htpasswd -bc /etc/x bob {PW}",
        f"htpasswd -nb bob {PW}",
        f"sshpass -p {PW} ssh x",
        f"redis-cli -a {PW} ping",
        f"keytool -storepass {PW}",
        f"docker run -p 8080:80 x && docker login -u x -p {PW}",
        f"image: bob:{PW}@registry.example.com/x",
        f"ADD http://bob:{PW}@h/x /x",
        f'sed -i "s/__DB_PASSWORD__/{PW}/" x',
        f"machine x login y password {PW}",
        f"curl -H 'Authorization: Basic {PW}'",
        f'create user a identified by "{PW}"',
        f"# the password is: {PW}",
        f"# the password is {PW}",
        f"# Password (prod): {PW}",
        f"# password -> {PW}",
        f"# default password `{PW}`",
        "# requirepass q7XkzP0w",
    ],
)
def test_a_secret_is_found_where_it_stands(text: str) -> None:
    assert set(found(text)) == {PW}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("# password: {}", f"!{PW}"),
        ("# password: {}", f"&{PW}"),
        ("a:\n  PASSWORD: {}\n  A: b\n", f"!{PW}"),
        ("a:\n  PASSWORD: {}\n  A: b\n", f"&{PW}"),
        ("a:\nPASSWORD={}\n  b: c\n", f"!{PW}"),
        ('x: &db_password "{}"\ny: z\n', f"{PW}: {OTHER}"),
    ],
)
def test_a_password_that_begins_like_yaml_of_another_kind_is_one(place: str, value: str) -> None:
    assert value in found(place.format(value))


@pytest.mark.parametrize("value", ["sunflower", "correct-horse-battery", "correct horse battery staple"])
@pytest.mark.parametrize(
    "name", ["# password: ", "# passwd=", "RUN make # DB_PASSWORD: ", "x: y # db_password="]
)
def test_plain_words_in_a_comment_are_a_password_where_they_make_no_sentence(name: str, value: str) -> None:
    assert value in found(name + value)


@pytest.mark.parametrize(
    "text",
    [
        "# set the password: see the wiki page for it",
        "# the token is read from the environment",
        "PASSWORD: ${PW}\nTOKEN: $TOKEN\nAPI_KEY: ${KEY:?set it in .env}\nSECRET=$(cat /run/secrets/x)",
        "secrets:\n  db_password:\n    file: ./db_password.txt\n",
        "secrets:\n  - db_password\n  - api_token\n",
        "secrets: [db_password]",
        "docker build --secret id=npm,src=.npmrc .",
        "apt-key adv --keyserver hkp://keys.example.com --recv-keys ABCDEF12",
        "docker login -u foo --password-stdin registry.example.com",
        "docker run -u 1000:1000 -p 8080:80 nginx",
        "image: nginx:1.25@sha256:0123456789abcdef",
        "volumes:\n  - /etc/passwd:/etc/passwd:ro",
        'RUN app --password "<your password>" --user build && apk add libsecret=0.21.4-r1',
        "RUN --mount=type=secret,id=token,target=/run/token make",
        "POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password  # the same as above",
        "TOKEN_URL=https://id.example.com/token PASSWORD_LENGTH=24 DB_PASSWORD=changeme",
        "-----BEGIN CERTIFICATE-----\nMIIBszCCARygAwIBAgIE\n-----END CERTIFICATE-----",
        "git clone ssh://git@git.example.com:2222/team/app.git && echo mailto:me@example.com",
        "# the password is required",
        "# password: stored in a vault",
        "x-auth: &default-auth\n  user: bob\n",
        "x-secrets: &secrets\n  - db\nx-token: &token {user: bob}",
        "x-pw: &default_pw\n  user: bob\na:\n  password: *default_pw\n",
        "https://${API_USER:?}:${API_PASS:?}@api.example.com/",
    ],
)
def test_what_only_speaks_of_secrets_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{BEGIN}\nMIIEowIBAAKCAQEA\nabcDEF123+/=\n{END}\n",
        f"key: |\n  {BEGIN}\n  MIIEowIBAAKCAQEA\n  abcDEF123+/=\n  {END}\n",
        f"# {BEGIN}\n# MIIEowIBAAKCAQEA\n# abcDEF123+/=\n# {END}\n",
        f'KEY="{BEGIN}\\nMIIEowIBAAKCAQEA\\nabcDEF123+/=\\n{END}\\n"',
        f'"key": "{BEGIN}\\\\nMIIEowIBAAKCAQEA\\\\nabcDEF123+/=\\\\n{END}"',
        f"RUN echo '{BEGIN} MIIEowIBAAKCAQEA abcDEF123+/= {END}' > key",
    ],
)
def test_the_whole_body_of_a_private_key_is_found_part_by_part(text: str) -> None:
    assert {"MIIEowIBAAKCAQEA", "abcDEF123+/="} <= set(found(text))


def test_a_key_that_is_cut_off_is_found_as_far_as_it_looks_like_one() -> None:
    assert found(f"{BEGIN}\nMIIEowIBAAKCAQEAabc\n\nRUN make all\n") == [BEGIN, "MIIEowIBAAKCAQEAabc"]


def test_a_password_may_hold_the_characters_that_part_a_url() -> None:
    assert found("postgres://app:p@ss/w0rd#x@db/x?mail=a@b") == ["p@ss/w0rd#x"]


def test_password_hashes_are_secrets() -> None:
    text = "users=admin:$$2y$$05$$abcdefghijklmnopqrstuv and $6$salt$abcdefghijklmnopqrstuv"
    assert found(text) == ["$$2y$$05$$abcdefghijklmnopqrstuv", "$6$salt$abcdefghijklmnopqrstuv"]


def test_a_value_among_others_is_given_alone_too() -> None:
    assert PW in found(f"Server=db;Password={PW};User=x")


def test_what_makes_the_reader_of_commands_load_is_part_of_every_program() -> None:
    assert [one for one in secret_options.PROGRAMS if not any(word in one for word in PROGRAMS)] == []


def test_small_letters_keep_every_character_in_its_place() -> None:
    assert len(small_letters("İPASSWORD")) == len("İPASSWORD")
    assert found(f"İ PASSWORD={PW}") == [PW]


def test_what_a_comment_gives_away_is_masked_and_not_reported() -> None:
    text = f"FROM alpine:3.22\n# ENV DB_PASSWORD={PW}\nUSER 1000\n"
    judgement = lint_whole(text, "dockerfile", RULESET)
    assert [text[start:end] for start, end in judgement.mask.places()] == [PW]
    assert not [one for one in judgement.findings if _names_secret(one)]


def _names_secret(finding: Finding) -> bool:
    return "secret" in finding.rule.name


@pytest.mark.parametrize(
    "piece",
    ["key", "key ", "password=abc ", "a_key: your ", 'token="', BEGIN + "\n", "a://b:c@", "curl -u a:bcd ",
     "echo a | passwd ", "a:bcde@f ", "pgpass a:1:b:c:d ", "sed s/token/x/ ", "$1$", "PW=${A:-", "<token>",
     "--token '", 'password: "\n  x\n', 'token", "', "htpasswd -b ", "password:\n", "://", "-", "Ab1"],
)  # fmt: skip
def test_time_grows_with_the_text(piece: str) -> None:
    assert grows_in_proportion(secrets_in_text, lambda size: piece * (size // len(piece)), 30_000)
