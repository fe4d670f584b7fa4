"""The options that several commands share, and what they are turned into."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import awsd_geo as ag
from awsd_geo.disclosure import AUDIENCES, Policy, policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

PATIENCE = 2.0
"""Seconds of work after which a terminal is told that it goes on."""
KINDS = ", ".join(ag.schema.KINDS)

File = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="An AWSD file (CSV or XLSX, any vintage). Without it: the built-in example."),
]
GivenFile = Annotated[Path, typer.Argument(metavar="FILE", help="An AWSD file (CSV or XLSX, any vintage).")]
Country = Annotated[str, typer.Option(help="ISO 3166 code or name, such as MLI or Mali.")]
Years = Annotated[
    str | None,
    typer.Option(metavar="A:B", help="First and last year, both included. Default: the last six full years."),
]
KindOption = Annotated[
    str, typer.Option(metavar="KIND", help=f"An incident counts if it has at least one such victim: {KINDS}.")
]
Means = Annotated[str | None, typer.Option(help="Keep one means of attack, such as Kidnapping.")]
VintageOption = Annotated[
    str | None,
    typer.Option(help="Frame of the regions by the year it came into force. Default: at the period's end, or today."),
]
Level = Annotated[int, typer.Option(help="1 regions, 2 the level below, and so on.")]
AsOf = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="The database as it stood on that date, by incident ID.")
]
LangOption = Annotated[str, typer.Option(metavar="LANG", help="Language of the pages: en, fr.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of every random number, 0 or more.")]
AudienceOption = Annotated[str, typer.Option(metavar="AUDIENCE", help=f"Who reads it: {', '.join(AUDIENCES)}.")]
OwnData = Annotated[
    bool,
    typer.Option("--own-data", help="The file is not a published database: the audience's limits of own data apply."),
]
SuppressBelow = Annotated[
    int | None,
    typer.Option(min=0, metavar="N", help="Show no number below N, nor what gives it away. Default: the audience's."),
]
EmbargoDays = Annotated[
    int | None,
    typer.Option(
        min=0, metavar="N", help="Hold back the last N days before the date the data reach. Default: the audience's."
    ),
]
Out = Annotated[Path, typer.Option(help="Folder to write into; made if it is not there.")]


def ask(country: str, years: str | None, *more: Any) -> ag.report.Question:
    """Make the question of an alert from its options."""
    return ag.report.Question(country, both_years(years), *more)


def limits(
    audience: str, *, own_data: bool, suppress_below: int | None = None, embargo_days: int | None = None
) -> Policy:
    """Give the policy of an audience with what the user asks instead of its numbers."""
    given = policy(audience, data="own" if own_data else "published")
    asked = {"suppress_below": suppress_below, "embargo_days": embargo_days}
    return replace(given, **{name: value for name, value in asked.items() if value is not None})  # type: ignore[arg-type]


def make_alert(file: Path | None, asked: ag.report.Question, given: Policy) -> ag.report.Alert:
    """Make the alert of a question for an audience."""
    with busy("Reading, placing, suppressing and testing" if given.suppress_below else "Reading, placing and testing"):
        return ag.alert(read(file), **asdict(asked), audience=given)


@contextmanager
def busy(what: str, *, after: float = PATIENCE) -> Iterator[None]:
    """Show on a terminal that work goes on, once it has taken some seconds."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    from rich.console import Console

    status = Console(stderr=True).status(f"{what} ...")
    timer = Timer(after, status.start)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()


def read(file: Path | None) -> pd.DataFrame:
    """Read a file of incidents, or the built-in example."""
    return ag.example() if file is None else ag.read_incidents(file)


def both_years(text: str | None) -> tuple[int, int] | None:
    """Read ``2017:2022``."""
    if text is None:
        return None
    first, _, last = text.partition(":")
    if not (first.isdigit() and (last or first).isdigit()):
        raise ag.RequestError(f"--years {text} is not understood. Write the first and last year as 2017:2022.")
    return int(first), int(last or first)


def wrote(paths: Iterable[Path]) -> None:
    """Say which files were written."""
    for path in paths:
        typer.echo(f"Wrote {path}")
