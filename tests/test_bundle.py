"""The rules as a wheel carries them are the rules as a checkout reads them, to the order of their keys."""

from __future__ import annotations

import json
from pathlib import Path

from bundled import bundled

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import RESTS, parted, write_bundle
from dockerlint.ruleset.rule import HEAD, Rule


def test_what_is_written_has_the_order_of_what_is_read(tmp_path: Path) -> None:
    write_bundle(CHECKOUT, str(tmp_path))
    bundle, examples = bundled()
    heads, rests = parted(bundle)
    for name, built in (("bundle", heads), ("examples", examples)):
        written = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        assert json.dumps(written) == json.dumps(json.loads(json.dumps(built, default=str)))
    assert (tmp_path / RESTS).read_text("ascii").split("\n") == rests


def test_a_rule_is_whole_again_once_its_rest_is_read() -> None:
    bundle, _ = bundled()
    heads, rests = parted(bundle)
    assert {key for head in heads["rules"] for key in head} == set(HEAD)
    for whole, head, rest in zip(bundle["rules"], heads["rules"], rests, strict=True):
        assert Rule(head, {}, rest).data == json.loads(json.dumps(whole, default=str))
