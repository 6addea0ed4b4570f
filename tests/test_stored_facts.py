"""Facts about images that a user stores between two releases: what is taken, and when they count."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from dockerlint import __version__
from dockerlint.cli.storedfacts import print_version, reset_facts, show_facts, update_facts
from dockerlint.data import CHECKOUT
from dockerlint.errors import UserError
from dockerlint.findings import Tier
from dockerlint.fixing.offer import Offers
from dockerlint.linting.linter import lint
from dockerlint.ruleset import knowledge
from dockerlint.ruleset.bundle import load_bases_data, load_day, load_knowledge_data
from dockerlint.ruleset.documents.imagedocs import read_sources
from dockerlint.ruleset.ruleset import load_ruleset
from dockerlint.ruleset.stored import inforce, place
from dockerlint.ruleset.stored.bundle import BundleError, read_bundle
from dockerlint.ruleset.stored.storage import FORMAT
from dockerlint.run.check import Options, run

ROOT = Path(__file__).parent.parent
TODAY = date(2027, 1, 15)
FRESH = "2027-01-10"


@cache
def sources() -> str:
    """A small part of our own facts: all of them take a second to be checked."""
    everything = read_sources(CHECKOUT)
    tables = everything["tables"]
    products = tables["releases"]["products"]
    tables["releases"]["products"] = {name: products[name] for name in ("nodejs", "debian")}
    tables["tags"]["images"] = {"node": tables["tags"]["images"]["node"]}
    tables["packages"]["systems"] = {}
    kept = [one for one in everything["images"] if {"node", "postgres"} & {*one["images"]}]
    return json.dumps({**everything, "images": kept})


def bundle(change: Callable[[dict[str, Any]], object] = lambda _: None, day: str = FRESH) -> bytes:
    """Facts as of a day, after a change."""
    made: dict[str, Any] = {"format": "dockerlint-facts-1", **json.loads(sources()), "date": day}
    for name in ("releases", "tags"):
        made["tables"][name]["date"] = day
    change(made)
    return json.dumps(made).encode()


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def forget() -> None:
    inforce.facts_in_force.cache_clear()
    knowledge._our_document.cache_clear()
    knowledge._our_bases.cache_clear()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder of a user who has stored nothing yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    forget()
    yield tmp_path / "data"
    forget()


def store(data: bytes, digest: str = "", today: date = TODAY) -> str:
    Path("facts.json").write_bytes(data)
    said = io.StringIO()
    assert update_facts("facts.json", digest or digest_of(data), today, said) == 0
    forget()
    return said.getvalue()


def stored_file(folder: Path) -> Path:
    return folder / "dockerlint" / "facts"


def shown(today: date = TODAY) -> dict[str, Any]:
    out = io.StringIO()
    assert show_facts(today, True, out, io.StringIO()) == 0
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def checked(text: str, **options: Any) -> tuple[str, str]:
    Path("Dockerfile").write_text(text, "utf-8")
    out, err = io.StringIO(), io.StringIO()
    run(Options(("Dockerfile",), colour=False, **options), out, err)
    return out.getvalue(), err.getvalue()


def node_fixes() -> list[tuple[str, Tier, str]]:
    """What becomes of an old node and of a floating one: rule, tier and text."""
    ruleset = load_ruleset(today=TODAY)
    found = lint("FROM node:18-alpine\nFROM node:latest\n", "dockerfile", ruleset, Offers()).findings
    wanted = ("end-of-life-image", "latest-image")
    return [
        (one.rule.name, one.fix.tier, one.fix.edits[0].text)
        for one in found
        if one.fix is not None and one.rule.name in wanted
    ]


def newer_node(made: dict[str, Any]) -> None:
    lines = made["tables"]["releases"]["products"]["nodejs"]["releases"]
    lines.insert(0, {"line": "99", "latest": "99.1.0", "end": "2031-04-30", "lts": True})
    tags = made["tables"]["tags"]["images"]
    tags["node"] = "99.1.0 99 latest lts\n99.1.0-alpine 99-alpine\n" + tags["node"].replace(" latest", "")


def test_what_the_script_writes_is_stored_whole(folder: Path) -> None:
    spec = spec_from_file_location("build_facts", ROOT / "benchmarks" / "build_facts.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    digest = script.main(Path("facts.json"))
    update_facts("facts.json", f" SHA256:{digest.upper()} ".replace("SHA256", "sha256"), TODAY, io.StringIO())
    forget()
    assert inforce.facts_in_force().stored.digest == digest
    assert inforce.knowledge_in_force() == load_knowledge_data()
    assert inforce.bases_in_force() == load_bases_data()
    assert stored_file(folder).is_file()


def test_a_fix_goes_by_stored_facts_and_keeps_its_tier() -> None:
    ours = node_fixes()
    store(bundle(newer_node))
    assert [(rule, tier) for rule, tier, _ in ours] == [(rule, tier) for rule, tier, _ in node_fixes()]
    assert [text for _, _, text in node_fixes()] == ["node:99-alpine", "node:99"]
    assert "node:99" not in [text for _, _, text in ours]


def test_the_newer_of_both_facts_are_in_force() -> None:
    store(bundle(), today=TODAY)
    assert (shown()["date"], shown()["origin"]) == (FRESH, "stored")
    newer = date(2027, 1, 11)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inforce, "load_day", lambda: newer)
        forget()
        assert (shown()["date"], shown()["origin"]) == (str(newer), "built-in")


def test_facts_older_than_ours_are_not_stored(folder: Path) -> None:
    with pytest.raises(UserError, match="are older than the built-in ones"):
        store(bundle(day=str(load_day() - timedelta(1))))
    assert not folder.exists()


def test_reset_brings_our_own_facts_back(folder: Path) -> None:
    store(bundle())
    out = io.StringIO()
    assert reset_facts(out) == 0
    forget()
    assert shown()["origin"] == "built-in"
    assert not stored_file(folder).exists()
    assert reset_facts(out) == 0
    assert out.getvalue().splitlines()[1].startswith("no facts about images are stored")


MISTAKES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another format": (lambda one: one.update(format="dockerlint-facts-2"), "needs a newer dockerlint"),
    "an unknown key": (lambda one: one.update(url="x"), "unknown key 'url'"),
    "no table": (lambda one: one["tables"].pop("tags"), "tables: 'tags' is a required property"),
    "no image": (lambda one: one.update(images=[]), "images: "),
    "a command for a tag": (
        lambda one: one["tables"]["tags"]["images"].update(node="22 $(id)"),
        "tables.tags.images.node: ",
    ),
    "two lines for a version": (
        lambda one: one["tables"]["releases"]["products"]["nodejs"]["releases"][0].update(latest="1\nRUN id"),
        "tables.releases.products.nodejs.releases[0].latest: ",
    ),
    "no day of the calendar": (
        lambda one: one["tables"]["releases"]["products"]["nodejs"]["releases"][0].update(end="2027-02-31"),
        "node: a fact that cannot be read",
    ),
    "a line break in a health check": (
        lambda one: one["images"][0].update(
            healthcheck={"command": "true\n", "strength": "read", "source": "a source", "date": FRESH}
        ),
        "images[0]: ",
    ),
    "a strength of its own": (
        lambda one: one["images"][0].update(needs={"strength": "sure", "source": "a source", "date": FRESH}),
        "images[0].needs.strength: ",
    ),
    "an image twice": (lambda one: one["images"].append(one["images"][0]), "is also in images[0]"),
    "another day": (lambda one: one.update(date="2027-01-09"), "is not the older date of the tables"),
    "deep nesting": (
        lambda one: one["images"][0].update(role=json.loads("[" * 30 + "]" * 30)),
        "nested too deep",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_bundle_that_is_not_sound_is_refused_with_its_place(mistake: str) -> None:
    change, told = MISTAKES[mistake]
    data = bundle(change)
    with pytest.raises(BundleError) as caught:
        read_bundle(data, digest_of(data), TODAY)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"format": 1, "format": 2}', "duplicate key"),
        (b'{"format": NaN}', "NaN is no number"),
        (b"[]", "bundle: "),
    ],
)
def test_what_is_no_bundle_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(BundleError, match=told):
        read_bundle(data, digest_of(data), TODAY)


def test_a_day_yet_to_come_is_refused() -> None:
    data = bundle()
    with pytest.raises(BundleError, match="in the future"):
        read_bundle(data, digest_of(data), date(2027, 1, 9))


@pytest.mark.parametrize("digest", ["", "abc", "sha256:" + "a" * 63, "g" * 64, "a" * 64])
def test_the_wrong_hash_stores_nothing(digest: str, folder: Path) -> None:
    with pytest.raises(UserError, match="SHA-256"):
        store(bundle(), digest or " ")
    assert not folder.exists()


def test_an_address_is_not_fetched() -> None:
    with pytest.raises(UserError, match="dockerlint downloads nothing"):
        update_facts("https://example.com/facts.json", "a" * 64, TODAY, io.StringIO())


def test_a_refused_bundle_leaves_the_stored_one() -> None:
    store(bundle())
    with pytest.raises(UserError):
        store(bundle(MISTAKES["an image twice"][0]))
    forget()
    assert shown()["origin"] == "stored"


def damaged(folder: Path) -> None:
    path = stored_file(folder)
    path.write_bytes(path.read_bytes().replace(b"node", b"evil", 1))


def cut(folder: Path) -> None:
    path = stored_file(folder)
    path.write_bytes(path.read_bytes()[:-100])


def of_another_release(folder: Path) -> None:
    path = stored_file(folder)
    path.write_bytes(path.read_bytes().replace(b'"format": %d' % FORMAT, b'"format": %d' % (FORMAT + 1), 1))


def emptied(folder: Path) -> None:
    stored_file(folder).write_bytes(b"")


def made_a_folder(folder: Path) -> None:
    stored_file(folder).unlink()
    stored_file(folder).mkdir()


def led_away(folder: Path) -> None:
    moved = folder.parent / "facts-elsewhere"
    stored_file(folder).rename(moved)
    stored_file(folder).symlink_to(moved)


@pytest.mark.parametrize("harm", [damaged, cut, of_another_release, emptied, made_a_folder, led_away])
def test_stored_facts_that_cannot_be_used_are_told_once_and_ours_are_used(
    harm: Callable[[Path], None], folder: Path
) -> None:
    store(bundle(newer_node))
    harm(folder)
    forget()
    out, err = checked("FROM node:18-alpine\nUSER node\n")
    assert err.count("dockerlint facts") == 2  # the two ways out, in one line
    assert len(err.splitlines()) == 1
    assert f"the built-in facts of {load_day()} are used" in err
    assert "99" not in out
    assert shown()["origin"] == "built-in"


def test_nothing_is_stored_in_a_checkout_or_taken_from_one(folder: Path, tmp_path: Path) -> None:
    store(bundle())
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    forget()
    assert shown()["origin"] == "built-in"
    assert "it lies in the repository" in shown()["trouble"]
    with pytest.raises(UserError, match="not stored in the repository"):
        store(bundle())


def test_the_folder_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # which the specification has programs pass over
    places = {}
    for system in ("linux", "darwin"):
        monkeypatch.setattr(place.sys, "platform", system)
        places[system] = os.path.relpath(place.stored_path() or "", tmp_path)
    assert places == {
        "linux": ".local/share/dockerlint/facts",
        "darwin": "Library/Application Support/dockerlint/facts",
    }
    monkeypatch.setattr(place.sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert place.stored_path() == str(tmp_path / "Local" / "dockerlint" / "facts")


def test_where_nothing_is_stored_one_look_at_the_disk_is_all(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(os.path, "lexists", lambda path: looked.append(str(path)))
    assert inforce.facts_in_force().stored is None
    assert inforce.knowledge_in_force() == load_knowledge_data()
    assert looked == [place.stored_path()]


@pytest.mark.parametrize(
    ("day", "today", "is_old"),
    [
        ("2026-08-22", "2027-02-22", False),
        ("2026-08-22", "2027-02-23", True),
        ("2026-08-31", "2027-02-28", False),
        ("2026-08-31", "2027-03-01", True),
        ("2026-08-22", "2026-01-01", False),
    ],
)
def test_facts_are_old_after_six_months(day: str, today: str, is_old: bool) -> None:
    told = inforce.FactsInForce(date.fromisoformat(day))
    assert bool(told.old_age(date.fromisoformat(today))) is is_old


def test_old_facts_are_told_behind_the_text_report_and_by_the_version() -> None:
    later = date(load_day().year + 1, load_day().month, 1)
    out, _ = checked("FROM alpine:3.22\n", today=later)
    assert out.splitlines()[-1].startswith(f"warning: the facts about images are of {load_day()}")
    assert "warning:" not in checked("FROM alpine:3.22\n", today=load_day())[0]
    assert "warning:" not in checked("FROM alpine:3.22\n", today=later, quiet=True)[0]
    lines = version_lines(later)
    assert lines[:2] == [f"dockerlint {__version__}", f"facts about images: {load_day()} (built in)"]
    assert lines[2].startswith("warning: ")
    store(bundle())
    assert version_lines(TODAY)[1].startswith(f"facts about images: {FRESH} (stored, sha256 ")


def version_lines(today: date) -> list[str]:
    """What `--version` says on a day."""
    out = io.StringIO()
    assert print_version(today, out) == 0
    return out.getvalue().splitlines()


def test_a_program_that_reads_the_report_gets_no_warning() -> None:
    from dockerlint.run.output import Format

    later = date(load_day().year + 1, load_day().month, 1)
    out, _ = checked("FROM alpine:3.22\n", today=later, formats=(Format("json"),))
    assert json.loads(out)["version"] == 1


def test_the_sources_of_a_bundle_are_left_as_they_are() -> None:
    made = json.loads(bundle())
    before = copy.deepcopy(made)
    data = json.dumps(made).encode()
    read_bundle(data, digest_of(data), TODAY)
    assert made == before
