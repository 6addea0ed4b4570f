"""What several rooms ask is answered in one place: who is root, what a shell is, where a base starts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date

import pytest
from sources import nodes

from dockerlint.images.privilege import is_root, starts_as_root
from dockerlint.model.container.runtime import Account
from dockerlint.model.dockerfile.folders import stage_steps
from dockerlint.model.dockerfile.instruction import User, Workdir
from dockerlint.model.dockerfile.stage import Stage
from dockerlint.parse.dockerfile.build import parse_dockerfile
from dockerlint.ruleset.knowledge import load_knowledge
from dockerlint.text import Span
from dockerlint.values import UNKNOWN, Unknown

SHELLS = {"sh", "bash", "ash", "dash", "ksh", "zsh"}


def final(text: str) -> Stage:
    return parse_dockerfile(text, load_knowledge(date(2026, 11, 30))).stages[-1]


def texts(node: ast.AST) -> set[str]:
    """The strings of a literal, or of the literals in a call such as `frozenset((…))`."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else []
    return {one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def literals() -> Iterator[tuple[str, ast.AST]]:
    return ((name, node) for name, found in nodes().items() for node in found)


def test_shells_are_listed_in_one_module() -> None:
    found = {name for name, node in literals() if len(texts(node) & SHELLS) > 2}
    assert found <= {"shell/wrappers.py"}, "ask dockerlint.shell.wrappers"


def test_root_is_spelled_in_one_module() -> None:
    found = {name for name, node in literals() if {"root", "0"} <= texts(node)}
    assert found == set(), "ask dockerlint.images.privilege"


def test_the_first_unprivileged_port_stands_in_one_module() -> None:
    numbers = {
        name
        for name, node in literals()
        if (isinstance(node, ast.Constant) and node.value == 1023)
        or (isinstance(node, ast.Compare) and "1024" in ast.unparse(node))
    }
    assert numbers == set(), "ask dockerlint.images.privilege"


def test_folders_of_base_images_are_facts_about_images() -> None:
    found = {
        name
        for name, node in literals()
        if isinstance(node, ast.Dict)
        and {"golang", "tomcat"}
        <= {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    }
    assert found == set(), "write rules/images/*.yaml, block workdir"


@pytest.mark.parametrize("name", ["root", "0", "000", "+0", "-0", "root:app", "0:0"])
def test_every_spelling_of_root_is_root_wherever_a_user_is_named(name: str) -> None:
    assert is_root(name)
    assert starts_as_root(name)
    assert Account(name, name.partition(":")[0], None, Span(0, 0)).is_root is True
    (user,) = (one for one in final(f"FROM alpine:3.22\nUSER {name}\n").instructions if isinstance(one, User))
    assert user.is_root is True


@pytest.mark.parametrize("name", ["app", "rooter", "10001", "00001", "0x0", "٠", "app:root", "1:0"])
def test_nobody_else_is(name: str) -> None:
    assert not is_root(name)
    assert not starts_as_root(name)
    assert Account(name, name.partition(":")[0], None, Span(0, 0)).is_root is False


def test_an_empty_user_is_root_in_an_image_and_left_to_the_image_elsewhere() -> None:
    assert starts_as_root("")
    assert starts_as_root(":app")
    assert Account("", "", None, Span(0, 0)).is_root is UNKNOWN


STARTS = [
    ("ruby:3.4", "/"),
    ("busybox:1.37", "/"),
    ("fedora:43", "/"),
    ("golang:1.26", "/go"),
    ("php:8.4", "/"),
    ("php:8.4-apache", "/var/www/html"),
    ("php:8-fpm-alpine", "/var/www/html"),
    ("tomcat:11", "/usr/local/tomcat"),
    ("scratch", "/"),
    ("php:${VARIANT}", None),
    ("example/app:1", None),
    ("golang:1.26-nanoserver", None),
]


@pytest.mark.parametrize(("image", "folder"), STARTS)
def test_a_relative_path_and_a_plan_start_in_the_same_folder(image: str, folder: str | None) -> None:
    """The rule about WORKDIR asks the parser; fixes ask where an instruction stands."""
    found = final(f"FROM {image}\nRUN true\nWORKDIR here\n")
    (workdir,) = (one for one in found.instructions if isinstance(one, Workdir))
    assert stage_steps(found)[0].folder == folder
    assert workdir.absolute == (None if folder is None else folder.rstrip("/") + "/here")


def test_a_stage_starts_where_the_one_that_it_builds_on_ends() -> None:
    found = final("FROM golang:1.26 AS base\nWORKDIR src\nFROM base\nRUN true\n")
    assert stage_steps(found)[0].folder == "/go/src"


def test_the_folder_of_an_image_is_unknown_where_a_variable_holds_its_tag() -> None:
    base = final("FROM php:${TAG}\n").base
    assert base is not None
    assert isinstance(base.workdir, Unknown)
