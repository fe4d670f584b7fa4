"""Files of any size, by any maker: counted in chunks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli.options import Country, KindOption, Level, VintageOption, both_years, wrote


def count(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV or Parquet file of any size, or a folder of them.")
    ],
    country: Country = "MLI",
    years: Annotated[
        str | None, typer.Option(metavar="A:B", help="First and last year, both included. Default: those that occur.")
    ] = None,
    kind: KindOption = "any",
    vintage: VintageOption = None,
    level: Level = 1,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OURS=THEIRS", help='What a column is called, such as date="day of event"; may be repeated.'
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the counts here (CSV); else print a table.")] = None,
) -> None:
    """Count the rows of a large file by region and year, without holding it in memory."""
    asked = both_years(years)
    day = dt.date(asked[1], 12, 31) if asked else None
    regions = ag.load_regions(country, level=level, vintage=vintage, on=day)
    counts = ag.scale.count_file(file, regions, years=asked, kind=kind, columns=_columns(column), progress=True)
    said = counts.attrs
    typer.echo(
        f"{said['source']['rows_read']} rows read; {said['located']} of {said['total']} incidents placed in "
        f"{(counts['incidents'].groupby('region_id').sum() > 0).sum()} of {len(regions)} units "
        f"(frame of {regions.attrs['vintage']}); {said['conflicts']} with text and point in conflict."
    )
    for entry in said["selection"]["rows_set_aside"]:
        typer.echo(f"Set aside, {entry['why']}: {entry['rows']}.")
    for entry in said["unlocated_why"]:
        typer.echo(f"In no unit: {entry['rows']}. {entry['why']}")
    if out is None:
        typer.echo(counts["incidents"].unstack("year").to_string())
        return
    from awsd_geo.report.cells import csv_text
    from awsd_geo.report.tables import write_all

    wrote(write_all(out.parent, {out.name: csv_text(counts.reset_index())}))


def _columns(given: list[str] | None) -> dict[str, str]:
    columns = {}
    for text in given or []:
        ours, sign, theirs = text.partition("=")
        if not sign or not theirs:
            raise ag.RequestError(f"--column {text} is not understood. Write our name, then the file's: date=day.")
        columns[ours.strip()] = theirs
    return columns
