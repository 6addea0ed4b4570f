"""Recommended packages that a build lives on without naming them."""

from __future__ import annotations

import pytest
from dockerfile_views import final

from dockerlint.hardening.recommends import missed_recommend


@pytest.mark.parametrize(
    ("packages", "step", "missed"),
    [
        ("dpkg-dev", "gcc --version", "build-essential"),
        ("dpkg-dev build-essential", "gcc --version", None),
        ("dpkg-dev", "true", None),
        ("devscripts", "licensecheck -r /srv", "licensecheck"),
        ("devscripts ca-certificates", "wget https://a.example/b", "wget"),
        ("git ca-certificates", "patch -p1 < /a.diff", "patch"),
        ("git ca-certificates", "ssh-keyscan a.example", "openssh-client"),
        ("autoconf", "autoreconf -i", "automake"),
        ("gcc", "true", "libc6-dev"),
        ("jq", "jq . a.json", None),
    ],
)
def test_a_recommended_package_is_missed_where_the_build_uses_it(
    packages: str, step: str, missed: str | None
) -> None:
    text = f"FROM debian:13-slim\nRUN apt-get update && apt-get install -y {packages}\nRUN {step}\n"
    assert missed_recommend(final(text)) == missed
