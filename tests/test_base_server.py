"""From which release on any user may start the server of an image: rules/lists/images.yaml."""

from __future__ import annotations

from datetime import date

import pytest

from dockerlint.hardening.user.base_server import serves, why_base_stays
from dockerlint.model.image import Image
from dockerlint.parse.image import read_image
from dockerlint.ruleset.knowledge import load_knowledge
from dockerlint.text import Span
from dockerlint.values import Located


def image(reference: str) -> Image:
    return read_image(Located(reference, Span(0, 0)), "from", load_knowledge(date(2026, 11, 30)))


OLD = "is too old to run as a user other than root"


@pytest.mark.parametrize(
    ("tag", "is_old"),
    [
        ("apache", False),
        ("8-apache", False),
        ("7.4-fpm", False),
        ("7-fpm", False),
        ("7.2.13-fpm", False),
        ("7.2.12-fpm", True),
        ("7.1.25-apache", False),
        ("7.1.24-apache", True),
        ("7.1-apache", False),
        ("7.0-apache", True),
        ("5.6-fpm", True),
    ],
)
def test_php_is_started_by_anybody_since_the_end_of_2018(tag: str, is_old: bool) -> None:
    refusal = why_base_stays(image(f"php:{tag}"))
    assert (refusal is not None and refusal.reason.endswith(OLD)) is is_old


@pytest.mark.parametrize(
    ("tag", "is_new"),
    [
        ("11", True),
        ("10.1.5-jdk21", True),
        ("9", True),
        ("9.0", True),
        ("9.0.26", True),
        ("9.0.25", False),
        ("8.5", True),
        ("8.5.40", False),
        ("8", False),
        ("latest", False),
    ],
)
def test_tomcat_is_started_by_anybody_since_the_autumn_of_2019(tag: str, is_new: bool) -> None:
    assert serves(image(f"tomcat:{tag}")) is is_new
