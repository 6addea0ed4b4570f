"""What package managers are asked for, and what they leave behind."""

from __future__ import annotations

import pytest

from dockerlint.model.command.packages import PackageStep
from dockerlint.model.dockerfile.layer import kept_packages, lone_update, unguarded_pipes
from dockerlint.model.dockerfile.leftover import leftovers
from dockerlint.parse.commands import parse_shell
from dockerlint.values import UNKNOWN


def step(text: str) -> PackageStep:
    found = parse_shell(text)[-1].step
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "action", "names"),
    [
        ("apt-get -y install a=1 b:amd64 c/sid ./d.deb", "install", ("a", "b", "c", "./d.deb")),
        ("apt-get update", "update", ()),
        ("apt full-upgrade", "dist-upgrade", ()),
        ("apk --no-cache add a=1-r0 b~2 'c>3' --virtual .x", "install", ("a", "b", "c")),
        ("dnf module install -y a:9", "install", ("a",)),
        ("dnf group install -y 'Some Tools'", "install", ()),
        ("yum update -y", "upgrade", ()),
        ("zypper -n dup", "dist-upgrade", ()),
        ("pacman -Syu --noconfirm", "upgrade", ()),
        ("pacman --noconfirm -S a b", "install", ("a", "b")),
        ("pacman -Syu a", "upgrade", ()),
        ("pacman -Rns a", "remove", ()),
        ("pip install 'a[x]==1' b>=2", "install", ("a", "b")),
        ("npm i -g @s/a@1 b", "install", ("@s/a", "b")),
        ("yarn global add a", "install", ("a",)),
        ("gem install a:1", "install", ("a",)),
        ("go run example.com/a@v1 --flag", "install", ("example.com/a",)),
    ],
)
def test_a_call_has_an_action_and_packages(text: str, action: str, names: tuple[str, ...]) -> None:
    assert (step(text).action, step(text).names) == (action, names)


@pytest.mark.parametrize(
    "text",
    [
        "apt-get install -y a",
        "apt-get -yq install a",
        "apt-get -qq install a",
        "apt-get -q -q install a",
        "apt-get --quiet --quiet install a",
        "apt-get -q=2 install a",
        "apt-get install a --assume-yes",
        "apt-get -o APT::Get::Assume-Yes=true install a",
        "yes | apt-get install a",
        "yes | sudo apt-get install a",
        "dnf install --assumeyes a",
        "zypper --non-interactive install a",
        "apk add a",
    ],
)
def test_yes_has_many_spellings(text: str) -> None:
    assert step(text).assumes_yes is True


@pytest.mark.parametrize(
    "text",
    [
        "apt-get install a",
        "apt-get -q install a",
        "DEBIAN_FRONTEND=noninteractive apt-get install a",
        "apt-get -o APT::Get::Assume-Yes=false install a",
        "echo y | apt-get install a",
        "yum install a",
        "zypper install a",
    ],
)
def test_what_looks_like_yes_and_is_not(text: str) -> None:
    assert step(text).assumes_yes is False


@pytest.mark.parametrize(
    "option", ["--no-install-recommends", "-o APT::Install-Recommends=0", "-o apt::install-recommends=false"]
)
def test_recommends_can_be_skipped(option: str) -> None:
    assert step(f"apt-get {option} install -y a").skips_recommends is True
    assert step("apt-get -o APT::Install-Recommends=true install -y a").skips_recommends is False


@pytest.mark.parametrize(
    ("text", "unpinned"),
    [
        ("apt-get install a b=1 c/sid ./d.deb e=$V", ("a",)),
        ("apk add a b=1 c~2 d.apk", ("a",)),
        ("dnf install a b-1.2-3.fc42 c-c++-1 d.rpm e-devel", ("a", "e-devel")),
        ("zypper in a b=1", ("a",)),
        (
            "pip install a b==1 c~=2 ./d git+https://x/e.git git+https://x/f.git@v1",
            ("a", "git+https://x/e.git"),
        ),
        ("pip install a -r req.txt", ()),
        ("npm install a b@1 @s/c @s/d@1 ./e git://x/f.git git://x/g.git#v1", ("a", "@s/c", "git://x/f.git")),
        ("gem install a b:1", ("a",)),
        ("gem install a -v 1", ()),
        ("go install x/a@latest x/b@v1 ./c", ("x/a@latest",)),
    ],
)
def test_versions_are_read_by_the_rules_of_each_manager(text: str, unpinned: tuple[str, ...]) -> None:
    assert step(text).unpinned == unpinned


def test_a_variable_may_hold_a_version() -> None:
    assert [package.is_pinned for package in step("apt-get install $A b$C").packages] == [UNKNOWN, UNKNOWN]


def left(text: str, *mounted: str, off: bool = False) -> list[str]:
    return [one.manager for one in leftovers(parse_shell(text), mounted, pip_cache_is_off=off)]


@pytest.mark.parametrize(
    ("text", "managers"),
    [
        ("apt-get update && apt-get install -y a", ["apt-get"]),
        ("apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*", []),
        ("rm -rf /var/lib/apt/lists/* && apt-get update", ["apt-get"]),
        ("apt-get update && rm -r /var/lib/apt", []),
        ("apt-get update && apt-get dist-clean", []),
        ("apt-get update && apt-get clean", ["apt-get"]),
        ("sudo apt update && sudo rm -rf /var/lib/apt/lists/", []),
        ("apk add a", ["apk"]),
        ("apk add --no-cache a; apk add --no-network b", []),
        ("dnf install -y a && dnf clean all && yum install -y b", ["yum"]),
        ("zypper in a && zypper cc -a", []),
        ("pip install a && pip cache purge", []),
        ("export PIP_NO_CACHE_DIR=1; pip install a", []),
        ("yarn cache clean && yarn install", ["yarn"]),
    ],
)
def test_what_is_not_cleaned_behind_stays(text: str, managers: list[str]) -> None:
    assert left(text) == managers


def test_a_mount_or_a_setting_keeps_it_out_of_the_layer() -> None:
    assert left("apt-get update", "/var/lib/apt", "/var/cache/apt") == []
    assert left("apt-get update", "/var/cache/apt") == ["apt-get"]
    assert left("pip install a", "/root/.cache") == []
    assert left("pip install a", off=True) == []


def test_packages_that_go_again_are_not_kept() -> None:
    def kept(text: str) -> list[str]:
        return [package.name for package in kept_packages(parse_shell(text))]

    assert kept("apt-get install -y a b && apt-get purge -y a") == ["b"]
    assert kept("apk add -t .x a && apk add b && apk del .x") == ["b"]
    assert kept("apt-get purge -y a; apt-get install -y a") == ["a"]
    assert kept("pip install a") == []


def test_an_update_alone_is_one_that_nothing_is_installed_from() -> None:
    def alone(text: str) -> bool:
        return lone_update(parse_shell(text)) is not None

    assert alone("apt-get update")
    assert alone("apt-get install -y a && apt-get update")
    assert alone("apk update && apt-get install a")
    assert alone("pacman -Syu --noconfirm")
    assert not alone("pacman -Sy && pacman -S a")
    assert not alone("pacman -Syu a")
    assert not alone("apt-get update && apt install a")
    assert not alone("git submodule update; npm update")


def test_a_rehearsal_is_no_step() -> None:
    assert parse_shell("apt-get install -s a")[-1].step is None
    assert parse_shell("apt-get --dry-run install a")[-1].step is None


def test_a_pipe_hides_only_what_can_fail() -> None:
    def hidden(text: str) -> object:
        found = list(unguarded_pipes(parse_shell(text), has_pipefail=False))
        return found[0].program if found else None

    assert hidden("a | b") == "a"
    assert hidden("x=$(a | b)") == "a"
    assert hidden("echo a | b && c || d") is None
    assert hidden("set -eo pipefail; a | b") is None
    assert not list(unguarded_pipes(parse_shell("a | b"), has_pipefail=True))
