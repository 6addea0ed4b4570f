"""Keys and items of Compose files are brought into order where every value stays; else nothing moves."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from ruamel.yaml import YAML

from dockerlint.findings import Tier
from dockerlint.fixing.results import LintResult, Result
from dockerlint.fixing.rounds import fix_text
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.run.text import lint_text

ORDER = ("DK350", "DK351", "DK352", "DK353", "DK354")


def sorted_by(text: str, *rules: str) -> Result:
    """What the fixes of these rules make of a Compose file."""

    def verdict(text: str) -> LintResult:
        every = lint_text(text, "compose", load_ruleset())
        return LintResult([one for one in every if one.rule.id in (rules or ORDER)], every)

    return fix_text(text, "compose", Tier.SAFE, verdict)


def another_reader(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


SHUFFLED = """\
# deployed by hand
x-common: &common
  restart: always

volumes:
  data:
services:
  web:  # the public one
    ports:
      - "8443:443"
      # plain
      - "8080:80"
    <<: *common
    # built here
    image: example/web:1
    depends_on:
      redis: {condition: service_started}
      db:
        condition: service_healthy
  # keeps everything
  db:
    image: example/db:1
    command: |
      # no comment
      run
  redis:
    image: example/redis:1
"""


def test_everything_is_sorted_and_says_the_same_to_another_reader() -> None:
    result = sorted_by(SHUFFLED)
    assert list(another_reader(result.text)) == ["x-common", "services", "volumes"]
    assert list(another_reader(result.text)["services"]) == ["db", "redis", "web"]
    assert "  # keeps everything\n  db:\n    image" in result.text
    assert '    ports:\n      # plain\n      - "8080:80"\n      - "8443:443"\n' in result.text
    before, after = another_reader(SHUFFLED), another_reader(result.text)
    for data in (before, after):
        data["services"]["web"]["ports"].sort()
    assert before == after
    assert sorted(SHUFFLED.splitlines()) == sorted(result.text.splitlines())


def test_a_file_keeps_its_line_breaks_and_the_lack_of_the_last_one() -> None:
    text = "services:\r\n  web:\r\n    image: a:1\r\n  api:\r\n    image: b:1"
    assert sorted_by(text).text == "services:\r\n  api:\r\n    image: b:1\r\n  web:\r\n    image: a:1"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("services:\n  b: &b\n    image: a:1\n  a: *b\n", "an alias would stand above its anchor"),
        ("services:\n  b:\n    image: a:1\n  # part two\n\n  a:\n    image: a:1\n", "stands by itself"),
        ("# of us all\nvolumes:\n  d:\nservices:\n  a:\n    image: a:1\n", "may be about its first key"),
        ("services: {b: {image: 'a:1'}, # why\n  a: {image: 'a:1'}}\n", "more than commas"),
        ("x-a: &a {ports: ['90:90', '80:80']}\nservices:\n  b:\n    <<: *a\n", "comes from a merge key"),
    ],
)
def test_what_is_not_certain_is_left(text: str, why: str) -> None:
    result = sorted_by(text)
    assert result.text == text
    assert why in " ".join(str(one.unfixed and one.unfixed.reason) for one in result.left)


def test_keys_without_a_place_go_with_the_one_above() -> None:
    text = "services:\n  a:\n    user: app\n    x-note: of the user\n    image: a:1\n"
    assert sorted_by(text, "DK352").text == (
        "services:\n  a:\n    image: a:1\n    user: app\n    x-note: of the user\n"
    )
