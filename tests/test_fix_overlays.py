"""Compose files of one folder that speak of the same service: no fix of one breaks the whole."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from dockerlint.findings import Tier
from dockerlint.run.check import Options
from dockerlint.run.fix import run_fix

BASE = "services:\n  shop:\n    image: nginx:1.28\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fixed(**texts: str) -> tuple[set[str], str]:
    """The files that a run changes, and what it says; `__` in a name stands for a full stop."""
    files = {name.replace("__", ".").replace("_", "-"): text for name, text in texts.items()}
    for name, text in files.items():
        Path(name).write_text(text)
    told = io.StringIO()
    assert run_fix(Options(paths=(".",)), Tier.HARDEN, False, told, told) < 2
    return {name for name, text in files.items() if Path(name).read_text() != text}, told.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        "environment: {TZ: UTC}",
        "image: nginx:1.28\n    ports: ['127.0.0.1:80:80']",
        "labels: [a=b]\n    restart: always",
    ],
)
def test_the_base_is_fixed_where_the_others_set_nothing_that_matters(body: str) -> None:
    changed, _ = fixed(compose__yaml=BASE, compose__override__yaml=f"services:\n  shop:\n    {body}\n")
    assert changed == {"compose.yaml"}


@pytest.mark.parametrize(
    ("body", "stays", "reason"),
    [
        ("volumes: ['./logs:/var/log/nginx']", "user", "needs something else"),
        ("deploy: {resources: {limits: {memory: 1g}}}", "mem_limit", "does not need that"),
        ("deploy: {resources: {limits: {memory: 1g}}}", "cpus", "sets limits below deploy"),
        ("image: example/shop:2", "cap_drop", "needs something else"),
        ("cap_drop: [ALL]", "cap_drop", "does not need that"),
        ("build: .", "mem_limit", "needs something else"),
    ],
)
def test_what_is_not_right_for_the_merged_service_stays_out_of_the_base(
    body: str, stays: str, reason: str
) -> None:
    _, told = fixed(compose__yml=BASE, compose__prod__yml=f"services:\n  shop:\n    {body}\n")
    text = Path("compose.yml").read_text()
    assert ("no-new-privileges" in text) is not body.startswith(("image", "build"))
    assert f"    {stays}:" not in text
    assert re.search(rf"compose\.yml \+ compose\.prod\.yml [a-z ]*{reason}", told)


def test_limits_and_health_checks_rest_on_variables_too() -> None:
    overlay = "services:\n  shop:\n    environment: {WORKERS: 400}\n"
    assert fixed(docker_compose__yml=BASE, docker_compose__prod__yml=overlay)[0] == {"docker-compose.yml"}
    text = Path("docker-compose.yml").read_text()
    assert "cap_drop" in text
    assert "pids_limit" not in text


@pytest.mark.parametrize(("other", "is_bound"), [("8080:6379", False), ("81:81", True)])
def test_a_port_is_bound_unless_another_file_publishes_it_too(other: str, is_bound: bool) -> None:
    text = "services:\n  shop:\n    image: redis:8.2\n    ports: ['8080:6379']\n"
    fixed(compose__yaml=text, compose__dev__yaml=f"services:\n  shop: {{ports: ['{other}']}}\n")
    assert ("['127.0.0.1:8080:6379']" in Path("compose.yaml").read_text()) is is_bound


def test_files_without_a_base_are_alternatives_unless_one_is_a_part() -> None:
    changed, _ = fixed(compose__a__yaml=BASE, compose__b__yaml=BASE)
    assert changed == {"compose.a.yaml", "compose.b.yaml"}
    part = "services:\n  shop: {tmpfs: [/x], mem_limit: 2g}\n"
    changed, _ = fixed(compose__a__yaml=BASE, compose__b__yaml=part)
    assert changed == {"compose.a.yaml"}
    assert "mem_limit" not in Path("compose.a.yaml").read_text()


def test_another_service_or_another_folder_does_not_matter() -> None:
    Path("other").mkdir()
    Path("other/compose.prod.yaml").write_text("services:\n  shop: {volumes: [a:/a]}\nvolumes: {a: {}}\n")
    changed, _ = fixed(compose__yaml=BASE, compose__prod__yaml="services:\n  kiosk: {volumes: ['./a:/a']}\n")
    assert changed == {"compose.yaml"}


def test_what_extends_a_base_of_another_file_is_fixed_where_it_is_declared() -> None:
    kid = "services:\n  kid:\n    extends: {file: compose.base.yaml, service: shop}\n    command: other\n"
    text = f"{BASE}  aside:\n    image: nginx:1.28\n"
    changed, told = fixed(compose__base__yaml=text, compose__yaml=kid)
    assert (changed, Path("compose.base.yaml").read_text()) == ({"compose.yaml"}, text)
    assert "service kid of compose.yaml" in told
    assert "security_opt" in Path("compose.yaml").read_text()


def test_a_service_is_hardened_over_what_it_extends_and_the_base_is_not() -> None:
    kids = "  left:\n    extends: shop\n  right:\n    extends: {service: shop}\n"
    _, told = fixed(compose__yaml=BASE + kids)
    base, left, right = re.split(r"\n  (?:left|right):", Path("compose.yaml").read_text())
    assert f"{base}\n" == BASE
    assert left.count("- ALL") == right.count("- ALL") == 1
    assert "services left and right extend this one" in told


def test_a_base_in_a_file_of_its_own_names_every_service_it_would_change() -> None:
    kids = "".join(f"  {one}:\n    extends: {{file: base.yml, service: shop}}\n" for one in ("one", "two"))
    base = f"{BASE}    privileged: true\n"
    fixed(base__yml=base, compose__yaml=f"services:\n{kids}")
    assert Path("base.yml").read_text() == base


def test_limits_of_a_base_below_deploy_are_not_contradicted() -> None:
    base = f"{BASE}    deploy: {{resources: {{limits: {{memory: 1g}}}}}}\n"
    fixed(compose__yaml=f"{base}  kid:\n    extends: shop\n")
    kid = Path("compose.yaml").read_text().partition("kid:")[2]
    assert "no-new-privileges" in kid
    assert "pids_limit" not in kid
    assert "mem_limit" not in kid


def test_what_extends_a_service_of_a_file_that_is_not_there_stays() -> None:
    changed, _ = fixed(
        compose__yaml="services:\n  kid:\n    image: nginx:1.28\n    extends: {file: gone.yml, service: x}\n"
    )
    assert changed == set()


def test_a_secret_that_another_file_sets_as_well_stays() -> None:
    variables = "environment: {POSTGRES_PASSWORD: kaefer-im-glas}"
    text = f"services:\n  db:\n    image: postgres:17.6\n    {variables}\n"
    fixed(compose__yaml=text, compose__override__yaml=text.replace("glas", "topf"))
    assert "kaefer-im-glas" in Path("compose.yaml").read_text()


@pytest.mark.parametrize(("image", "is_pinned"), [("nginx:1.29", True), ("nginx:${TAG:-1.28}", True)])
def test_an_image_is_pinned_where_another_file_puts_its_own_in_its_place(image: str, is_pinned: bool) -> None:
    digest = "sha256:" + "1" * 64
    Path("dockerlint.lock").write_text(f"version: 1\nimages:\n  nginx:1.28:\n    digest: {digest}\n")
    fixed(compose__yaml=BASE, compose__images__yaml=f"services:\n  shop:\n    image: {image}\n")
    assert (f"image: nginx:1.28@{digest}" in Path("compose.yaml").read_text()) is is_pinned
