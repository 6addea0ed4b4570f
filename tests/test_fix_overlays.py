"""Compose files of one folder that speak of the same service: no fix of one breaks the whole."""

from __future__ import annotations

import io
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
    changed, told = fixed(compose__yaml=BASE, compose__override__yaml=f"services:\n  shop:\n    {body}\n")
    assert changed == {"compose.yaml"}
    told_of = "compose.yaml describes the same service, and Compose merges both" in told
    assert told_of is ("image" in body)  # what is only a part is not reported by default


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("volumes: ['./logs:/var/log/nginx']", "sets volumes for the same service, and Compose merges both"),
        ("deploy: {resources: {limits: {memory: 1g}}}", "sets deploy for the same service"),
        ("image: example/shop:2", "sets another image for the same service"),
        ("cap_add: [NET_ADMIN]", "sets cap_add for the same service"),
        ("build: .", "sets build for the same service"),
    ],
)
def test_nothing_is_fixed_where_the_others_decide_what_the_service_needs(body: str, reason: str) -> None:
    changed, told = fixed(compose__yml=BASE, compose__prod__yml=f"services:\n  shop:\n    {body}\n")
    assert not changed
    assert f"compose.prod.yml {reason}" in told


def test_limits_and_health_checks_rest_on_variables_too() -> None:
    overlay = "services:\n  shop:\n    environment: {WORKERS: 400}\n"
    assert fixed(docker_compose__yml=BASE, docker_compose__prod__yml=overlay)[0] == {"docker-compose.yml"}
    text = Path("docker-compose.yml").read_text()
    assert "cap_drop" in text
    assert "pids_limit" not in text


def test_ports_that_two_files_publish_stay() -> None:
    text = "services:\n  shop:\n    image: redis:8.2\n    ports: ['8080:6379']\n"
    changed, told = fixed(compose__yaml=text, compose__dev__yaml="services:\n  shop: {ports: ['81:81']}\n")
    assert "['8080:6379']" in Path("compose.yaml").read_text()
    assert "compose.dev.yaml publishes ports of the same service, and Compose joins both lists" in told
    assert changed == {"compose.yaml"}


def test_files_without_a_base_are_alternatives_unless_one_is_a_part() -> None:
    changed, _ = fixed(compose__a__yaml=BASE, compose__b__yaml=BASE)
    assert changed == {"compose.a.yaml", "compose.b.yaml"}
    changed, _ = fixed(compose__a__yaml=BASE, compose__b__yaml="services:\n  shop: {tmpfs: [/x]}\n")
    assert not changed


def test_another_service_or_another_folder_does_not_matter() -> None:
    Path("other").mkdir()
    Path("other/compose.prod.yaml").write_text("services:\n  shop: {volumes: [a:/a]}\nvolumes: {a: {}}\n")
    changed, _ = fixed(compose__yaml=BASE, compose__prod__yaml="services:\n  kiosk: {volumes: ['./a:/a']}\n")
    assert changed == {"compose.yaml"}


def test_a_base_that_another_file_extends_stays_as_it_is() -> None:
    kid = "services:\n  kid:\n    extends: {file: compose.base.yaml, service: shop}\n    command: other\n"
    text = f"{BASE}  aside:\n    image: nginx:1.28\n"
    fixed(compose__base__yaml=text, compose__yaml=kid)
    shop, aside = Path("compose.base.yaml").read_text().split("  aside:\n")
    assert (shop, "cap_drop" in aside) == (BASE, True)


def test_a_secret_that_another_file_sets_as_well_stays() -> None:
    variables = "environment: {POSTGRES_PASSWORD: kaefer-im-glas}"
    text = f"services:\n  db:\n    image: postgres:17.6\n    {variables}\n"
    fixed(compose__yaml=text, compose__override__yaml=text.replace("glas", "topf"))
    assert "kaefer-im-glas" in Path("compose.yaml").read_text()
