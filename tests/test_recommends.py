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
        ("build-essential", "fakeroot make install", "fakeroot"),
        ("xvfb", "xvfb-run ./test", "xauth"),
        ("imagemagick", "gs --version", "ghostscript"),
        ("jq", "jq . a.json", None),
    ],
)
def test_a_recommended_package_is_missed_where_the_build_uses_it(
    packages: str, step: str, missed: str | None
) -> None:
    text = f"FROM debian:13-slim\nRUN apt-get update && apt-get install -y {packages}\nRUN {step}\n"
    assert missed_recommend(final(text)) == missed


@pytest.mark.parametrize(
    ("base", "missed"),
    [
        ("python:3.13-slim", "patch"),
        ("python:3.13", None),  # it has what builds ask for
        ("registry.example/base:1", None),
    ],
)
def test_slim_images_bring_no_tools(base: str, missed: str | None) -> None:
    text = f"FROM {base}\nRUN apt-get install -y git && patch -p1 < /a.diff\n"
    assert missed_recommend(final(text)) == missed
