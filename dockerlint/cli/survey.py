"""The commands of `dockerlint survey`, as typer reads them."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

from dockerlint.cli import flags
from dockerlint.cli.arguments import UsageError, day_of, listed, one_of, seconds_of
from dockerlint.cli.offered.epilog import epilog
from dockerlint.cli.offered.work import Work
from dockerlint.workspace.config import PROFILES

survey_app = typer.Typer(
    help="Lint the files of many repositories, and query the results.", rich_markup_mode=None
)

LOCAL, DASK = "local", "dask"
Source = Annotated[
    str, typer.Argument(metavar="INPUT", help="Parquet file, directory of Parquet files, or of repositories")
]
Tables = Annotated[str, typer.Argument(metavar="DIR", help="the directory of the tables")]
Engine = Annotated[str, typer.Option("--engine", metavar="ENGINE", help="local or dask; default: local")]
Scheduler = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="address of a running Dask scheduler, such as tcp://10.0.0.1:8786"),
]
PartSize = Annotated[
    int, typer.Option("--part-size", metavar="N", min=1, max=1_000_000, help="files per part; default: 2000")
]
Depth = Annotated[
    int,
    typer.Option(
        "--repository-depth",
        metavar="N",
        min=1,
        max=10,
        help="directory levels below INPUT that name a repository; default: 1",
    ),
]


@survey_app.command(
    epilog=epilog(
        "0 all files are in the tables, 2 a part is missing, or another error.",
        "dockerlint survey run fleet.parquet tables",
        "dockerlint survey fleet.parquet tables --engine dask --scheduler tcp://10.0.0.1:8786",
    )
)
def run(
    source: Source,
    folder: Tables,
    engine: Engine = LOCAL,
    scheduler: Scheduler = "",
    part_size: PartSize = 2_000,
    repository_depth: Depth = 1,
    select: flags.UseOnly = None,
    ignore: flags.Ignore = None,
    profile: flags.Profile = None,
    config: flags.ConfigFile = None,
    rules: flags.Folders = None,
    time_limit: flags.TimeLimit = None,
    today: flags.Today = None,
    jobs: flags.Jobs = 0,
) -> Work:
    """Lint what is missing in the tables; short form: dockerlint survey INPUT DIR."""
    from dockerlint.budget import SECONDS
    from dockerlint.survey.command import SurveyRequest, run_survey
    from dockerlint.survey.settings import STRICT, SurveySettings

    is_dask = one_of("--engine", engine, (LOCAL, DASK)) == DASK
    if is_dask != bool(scheduler):
        raise UsageError("--engine dask and --scheduler ADDRESS must be used together")
    day = day_of("--today", today)
    settings = SurveySettings(
        day or date.today(),
        listed(select or ()),
        listed(ignore or ()),
        one_of("--profile", profile, PROFILES) or STRICT,
        config,
        tuple(rules or ()),
        seconds_of("--time-limit", time_limit, SECONDS),
    )
    request = SurveyRequest(source, folder, settings, day, jobs, scheduler, part_size, repository_depth)
    return lambda: run_survey(request, sys.stdout, sys.stderr)


@survey_app.command(
    epilog=epilog(
        "0 answered, 2 errors. Without QUERY, lists the queries.",
        "dockerlint survey query base tables --set image=node --set version=18",
        "dockerlint survey query versions tables --format csv",
    )
)
def query(
    name: Annotated[str, typer.Argument(metavar="[QUERY]", help="a query by name, or a .sql file")] = "",
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="the directory of the tables")] = "",
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="a parameter of the query; repeatable"),
    ] = None,
    format: Annotated[str, typer.Option("--format", metavar="FMT", help="text, csv or json")] = "text",
) -> Work:
    """Query the tables."""
    from dockerlint.survey.answers import FORMATS, print_answer, print_questions

    if not name:
        return lambda: print_questions(sys.stdout)
    if not folder:
        raise UsageError(f"survey query {name}: name the directory of the tables, too")
    wanted = one_of("--format", format, FORMATS) or "text"
    return lambda: print_answer(name, folder, values or [], wanted, sys.stdout)


@survey_app.command(epilog=epilog("0 written, 2 errors.", "dockerlint survey page tables --to state.html"))
def page(
    folder: Tables,
    to: Annotated[
        str, typer.Option("--to", metavar="FILE", help="the page; default: state.html")
    ] = "state.html",
) -> Work:
    """Write an HTML page about all repositories."""
    from dockerlint.survey.page import write_page

    return lambda: write_page(folder, to, sys.stdout)


def with_command(words: list[str]) -> list[str]:
    """The arguments with `run` put in, where `survey` is followed by an input."""
    known = [one.name or getattr(one.callback, "__name__", "") for one in survey_app.registered_commands]
    is_input = words[:1] == ["survey"] and bool(words[1:]) and words[1] not in ("--help", *known)
    return ["survey", "run", *words[1:]] if is_input else words
