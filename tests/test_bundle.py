"""The rules as a wheel carries them are the rules as a checkout reads them, to the order of their keys."""

from __future__ import annotations

import json
from pathlib import Path

from dockerlint.data import CHECKOUT
from dockerlint.ruleset.bundle import build_bundle, write_bundle


def test_what_is_written_has_the_order_of_what_is_read(tmp_path: Path) -> None:
    write_bundle(CHECKOUT, str(tmp_path))
    bundle, examples = build_bundle(CHECKOUT)
    for name, built in (("bundle", bundle), ("examples", examples)):
        written = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        assert json.dumps(written) == json.dumps(json.loads(json.dumps(built, default=str)))
