"""No secret leaves: one mask for all that is said about a file."""

from __future__ import annotations

import pytest
from pace import grows_in_proportion

from dockerlint.masking.mask import Mask
from dockerlint.masking.places import hide
from dockerlint.text import MASK, Span

PASSWORD = "Zq8mK2xWv9LrTd"
SHORT = "hunter2"


def mask_of(text: str, *secrets: str) -> Mask:
    """The mask of a text in which the first place of each of these is called secret."""
    return Mask(text, [Span(text.index(one), text.index(one) + len(one)) for one in secrets])


def shown(mask: Mask, text: str) -> str:
    return hide(text, mask.places())


def test_a_secret_is_hidden_wherever_it_stands_in_the_file() -> None:
    text = f"ENV DB_PASSWORD={PASSWORD}\nRUN login x{PASSWORD}y # {PASSWORD}\n"
    assert shown(mask_of(text, PASSWORD), text) == f"ENV DB_PASSWORD={MASK}\nRUN login x{MASK}y # {MASK}\n"


def test_a_secret_is_hidden_in_what_is_said_about_the_file() -> None:
    mask = mask_of(f"ENV A={PASSWORD}\n", PASSWORD)
    assert mask.text(f"no stage is called x{PASSWORD}") == f"no stage is called x{MASK}"


@pytest.mark.parametrize("part", [PASSWORD[:12], PASSWORD[1:13], PASSWORD[-12:]])
def test_a_long_part_of_a_secret_is_hidden_too(part: str) -> None:
    mask = mask_of(f"ENV A={PASSWORD}\n", PASSWORD)
    assert mask.text(f"seen: {part}.") == f"seen: {MASK}."


@pytest.mark.parametrize("kept", range(3, 14))
def test_the_beginning_of_a_secret_that_a_message_cuts_is_hidden(kept: int) -> None:
    mask = mask_of(f"ENV A={PASSWORD}\n", PASSWORD)
    assert mask.text(f"unknown instruction A={PASSWORD[:kept]}…") == f"unknown instruction A={MASK}…"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Zq8m\$K2xWv9LrTd", "Zq8m$K2xWv9LrTd"),
        ("Zq8m$$K2xWv9LrTd", "Zq8m$K2xWv9LrTd"),
        (r'"Zq8m\x4b2xWv"', "Zq8mK2xWv"),
        (r'"Zq8m\u004B2xWv"', "Zq8mK2xWv"),
        (r'"Zq8m\"2xWv"', 'Zq8m"2xWv'),
        ("Zq8m%402xWv", "Zq8m@2xWv"),
        ("Zq8mK2\\\n   xWv9", "Zq8mK2xWv9"),
        ("Zq8mK2'xWv9'", "Zq8mK2xWv9"),
        (r"Zq8m'\''K2xWv9'\''LrTd", "Zq8m'K2xWv9'LrTd"),
        ("${PW:-Zq8mK2xWv9}", "Zq8mK2xWv9"),
        ("$2y$10$Zq8mK2xWv9", "$2y$10$Zq8mK2xWv9"),
    ],
)
def test_other_spellings_of_a_secret_are_hidden(written: str, read: str) -> None:
    mask = mask_of(f"ENV A={written}\n", written)
    assert mask.text(f"path /{read}/x") == f"path /{MASK}/x"


def test_what_a_single_dollar_of_a_password_makes_a_name_is_hidden() -> None:
    mask = mask_of("ENV A=Zq8$Kx2Wv\n", "Zq8$Kx2Wv")
    assert mask.text("no ARG sets Kx2Wv") == f"no ARG sets {MASK}"
    assert mask.text("no ARG sets PORT") == "no ARG sets PORT"


def test_each_line_of_a_secret_over_several_is_hidden() -> None:
    lines = ["MIIEpAIBAAKCAQEA7", "x9Vb2LqWm4Kz8TnR", "Qw3Er5Ty7"]
    text = "key: |\n  " + "\n  ".join(lines) + "\n"
    mask = mask_of(text, "\n  ".join(lines))
    assert [mask.text(f"a {line} b") for line in lines] == [f"a {MASK} b"] * 3


@pytest.mark.parametrize("name", ["postgres", "inventory-db1"])
def test_a_password_that_is_also_the_name_of_everything_leaves_messages_readable(name: str) -> None:
    text = (
        f"services:\n  {name}:\n    image: {name}:17\n    environment:\n      POSTGRES_USER: {name}\n"
        f"      POSTGRES_DB: {name}\n      POSTGRES_PASSWORD: {name}\n"
    )
    mask = Mask(text)
    said = f"service {name} runs {name}:17 below /srv/{name}/data"
    assert mask.text(said) == said
    assert f"POSTGRES_PASSWORD: {MASK}\n" in shown(mask, text)
    assert f"image: {name}:17\n" in shown(mask, text)


@pytest.mark.parametrize("word", ["postgres", "inventory-db1", "metabase", "8080", "local"])
@pytest.mark.parametrize(
    "line", ["A={}", "ENV A={} B=c", "- A={}", "A: {}", '"A": "{}"', "{{A: {}, B: c}}", "x A='{}'"]
)
def test_a_password_is_hidden_where_a_variable_has_it_whatever_else_is_called_so(
    word: str, line: str
) -> None:
    text = f"FROM {word}\n# DB_PASSWORD={word}\nCOPY a /{word}/b\n{line.format(word)}\nimage: {word}\n"
    hidden = text.replace(f"PASSWORD={word}", f"PASSWORD={MASK}").replace(
        line.format(word), line.format(MASK)
    )
    assert shown(Mask(text), text) == hidden
    assert Mask(text).text(line.format(word)) == line.format(MASK)


def test_a_long_password_with_a_name_in_it_is_hidden_and_the_name_is_not() -> None:
    text = "services:\n  inventory-db1:\n    environment:\n      DB_PASSWORD: inventory-db1-9x\n"
    assert Mask(text).text("service inventory-db1: inventory-db1-9x") == f"service inventory-db1: {MASK}"


def test_a_word_of_a_path_stays_readable() -> None:
    text = "FROM a\nENV DB_PASSWORD=metabase-data\nCOPY x /srv/metabase-data/y\n"
    assert Mask(text).text("/srv/metabase-data/y is kept") == "/srv/metabase-data/y is kept"


@pytest.mark.parametrize("line", ["hostname: {}", 'volumes: ["/srv/{}:/x"]', "container_name: {}", "{}: x"])
def test_a_generated_password_is_no_name(line: str) -> None:
    text = f"services:\n  a:\n    {line.format(PASSWORD)}\n    environment: {{DB_PASSWORD: {PASSWORD}}}\n"
    mask = Mask(text)
    assert PASSWORD not in shown(mask, text)
    assert mask.text(f"{PASSWORD} is taken") == f"{MASK} is taken"
    assert mask.name(PASSWORD) == MASK


def test_a_credential_is_hidden_although_a_key_is_called_like_it() -> None:
    token = "ghp_" + "aB3xK9qLm" * 4
    text = f"services:\n  {token}:\n    environment:\n      A: {token}\n"
    assert token not in shown(Mask(text), text)
    assert token not in Mask(text).name(token)
    assert token not in Mask(text).text(f"service {token}")


@pytest.mark.parametrize(
    "said",
    [
        f"unknown instruction DB_PASSWORD={SHORT}",
        f"http://bob:{SHORT}@host/x comes unencrypted",
        f'"{SHORT}" is not a number',
        "http://bob:root@host/x comes unencrypted",
    ],
)
def test_a_short_password_is_hidden_where_a_value_stands(said: str) -> None:
    mask = mask_of(f"ENV A={SHORT}\nADD http://bob:root@host/x /\n", SHORT)
    assert mask.text(said) == said.replace(SHORT, MASK).replace("root", MASK)


def test_a_short_password_that_is_a_plain_word_leaves_prose_alone() -> None:
    mask = mask_of("ENV DB_PASSWORD=local\n", "local")
    assert mask.text("bind to the local interface") == "bind to the local interface"
    assert mask.text("A=local") == f"A={MASK}"


def test_a_reference_to_a_variable_is_no_secret() -> None:
    mask = mask_of("A: ${DB_PASSWORD_OF_ALL}\n", "${DB_PASSWORD_OF_ALL}")
    assert mask.is_idle
    assert mask.text("${DB_PASSWORD_OF_ALL} is not set") == "${DB_PASSWORD_OF_ALL} is not set"


@pytest.mark.parametrize(
    "broken",
    [
        f'services:\n  a:\n    environment:\n      DB_PASSWORD: "{PASSWORD}\n  b: [\n',
        f"services:\n\ta:\n\t\tDB_PASSWORD: {PASSWORD}\n",
        f"<<<<<<< ours\nDB_PASSWORD: {PASSWORD}\n=======\n",
        f"FROM a\nENV A=1\nDB_PASSWORD={PASSWORD}\n",
        f"# DB_PASSWORD={PASSWORD}\n",
        f"ADD https://bob:{PASSWORD}@host/x /\n",
    ],
)
def test_a_secret_in_text_that_nobody_parsed_is_found_by_its_form(broken: str) -> None:
    assert PASSWORD not in shown(Mask(broken), broken)


def test_a_secret_of_a_file_beside_is_hidden_in_both() -> None:
    mask = Mask(f"A: {PASSWORD}\n", [], {".env": f"DB_PASSWORD={PASSWORD}\n"}.get)
    assert [mask.places(), mask.places(".env")] == [[(3, 17)], [(12, 26)]]


def test_ten_thousand_secrets_take_time_in_proportion() -> None:
    def text_of(size: int) -> str:
        return "".join(f"A{at}_PASSWORD=Zq8mK2xWv9{at:07}\nRUN x Zq8mK2xWv{at:07}z\n" for at in range(size))

    def search(text: str) -> None:
        mask = Mask(text)
        assert mask.places()
        for line in text.split("\n"):
            mask.text(line)

    assert grows_in_proportion(search, text_of, 2_000)
