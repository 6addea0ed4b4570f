"""The commands of `dockerlint facts`, as typer reads them."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

from dockerlint.cli import flags
from dockerlint.cli.arguments import day_of, one_of
from dockerlint.cli.offered.epilog import epilog
from dockerlint.cli.offered.work import Work

facts_app = typer.Typer(
    help="Show, update and reset the facts about images.",
    rich_markup_mode=None,
)

Bundle = Annotated[str, typer.Argument(metavar="FILE", help="a bundle written by benchmarks/build_facts.py")]
Digest = Annotated[str, typer.Option("--sha256", metavar="HEX", help="the expected SHA-256 of the bundle")]


@facts_app.command(
    epilog=epilog(
        "0 installed, 2 another SHA-256, an invalid bundle, or another error.",
        f"dockerlint facts update facts.json --sha256 {'5f' * 32}",
    )
)
def update(bundle: Bundle, sha256: Digest, today: flags.Today = None) -> Work:
    """Install the facts of a bundle in your data directory, where all checks use them."""
    from dockerlint.cli.storedfacts import update_facts

    day = day_of("--today", today) or date.today()
    return lambda: update_facts(bundle, sha256, day, sys.stdout)


@facts_app.command(
    epilog=epilog("0 printed.", "dockerlint facts show", "dockerlint facts show --format json")
)
def show(format: flags.Columns = "text", today: flags.Today = None) -> Work:
    """Print the date and source of the facts in use, and whether they are outdated."""
    from dockerlint.cli.storedfacts import show_facts

    is_json = one_of("--format", format, flags.TEXT_OR_JSON) == "json"
    day = day_of("--today", today) or date.today()
    return lambda: show_facts(day, is_json, sys.stdout, sys.stderr)


@facts_app.command(epilog=epilog("0 done, 2 errors.", "dockerlint facts reset"))
def reset() -> Work:
    """Remove the installed facts and use the built-in ones again."""
    from dockerlint.cli.storedfacts import reset_facts

    return lambda: reset_facts(sys.stdout)
