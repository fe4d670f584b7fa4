"""The incidents: fetched, checked, placed, watched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli.options import (
    AsOf,
    File,
    GivenFile,
    KindOption,
    Level,
    Means,
    VintageOption,
    Years,
    ask,
    both_years,
    busy,
    read,
    wrote,
)

if TYPE_CHECKING:
    import pandas as pd


def geocode(
    file: File = None,
    country: Annotated[str, typer.Option(help="ISO 3166 code or name, or all: each row in its own country.")] = "MLI",
    years: Years = None,
    kind: KindOption = "any",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(help="Write the placed incidents here (CSV); else print a table.")] = None,
) -> None:
    """Place incidents in regions, and say for each how it was placed or why not."""
    if country == "all":
        if vintage is not None:
            raise ag.RequestError("--vintage is a frame of one country. Leave it out with --country all.")
        chosen = ag.select(read(file), years=both_years(years), kind=kind, means=means, as_of=as_of)
        _everywhere(chosen, level, out)
        return
    located, regions, _ = ag.report.place(read(file), ask(country, years, kind, means, vintage, level, as_of))
    table = located[["year", "region_id", "matched_by", "conflict", "coordinate_issue", "why"]]
    counted = located["matched_by"].value_counts()
    typer.echo(
        f"{int(located['region_id'].notna().sum())} of {len(located)} incidents placed in "
        f"{located['region_id'].nunique()} of {len(regions)} units (frame of {regions.attrs['vintage']}); "
        f"{int(located['conflict'].sum())} with text and point in conflict."
    )
    typer.echo(", ".join(f"{how}: {number}" for how, number in counted.items()))
    sure = located["confidence"].value_counts().reindex(ag.schema.CONFIDENCES).dropna().astype(int)
    typer.echo("Confidence: " + (", ".join(f"{word} {number}" for word, number in sure.items()) or "none") + ".")
    if out is None:
        typer.echo(table[located["why"].notna()].to_string() if located["why"].notna().any() else "")
        return
    _write(located, out)


def _everywhere(incidents: pd.DataFrame, level: int, out: Path | None) -> None:
    """Place each incident in its own country, and print by country how."""
    with busy("Placing"):
        located = ag.geocoding.geocode_by_country(incidents, level=level)
    table = ag.geocoding.placing_by_country(located)
    sums, countries = table.sum(), len(table.drop("", errors="ignore"))
    typer.echo(
        f"{sums['placed']} of {sums['incidents']} incidents placed in the units of {countries} "
        f"countr{'y' if countries == 1 else 'ies'}; {sums['ambiguous']} fit several units, {sums['unplaced']} none; "
        f"{sums['conflict']} with text and point in conflict; {sums['point_far_outside']} points over 50 km outside "
        "their country."
    )
    if out is not None:
        _write(located, out)
        return
    typer.echo(table.to_string())
    far = located[located["point_error"] != "none"]
    typer.echo(far[["iso3", "year", "point_error", "point_why"]].to_string() if len(far) else "")


def _write(located: pd.DataFrame, out: Path) -> None:
    from awsd_geo.report.cells import csv_text
    from awsd_geo.report.tables import write_all

    wrote(write_all(out.parent, {out.name: csv_text(ag.geocoding.doubt_as_text(located).reset_index())}))


def check(file: GivenFile) -> None:
    """Say what a file holds: what was found, repaired and set aside, by reason."""
    typer.echo(ag.sources.check_report(ag.read_incidents(file)).summary())


def download(
    out: Annotated[Path, typer.Option(help="The file to write, or a folder for a name with today's date.")] = Path(),
    country: Annotated[str | None, typer.Option(help="Only this country (two-letter code, such as ML).")] = None,
) -> None:
    """Fetch the database from aidworkersecurity.org, check it and keep it."""
    wrote([ag.sources.download(out, country=country)])


def watch(
    file: File = None,
    years: Years = None,
    kind: KindOption = "any",
    as_of: AsOf = None,
    most: Annotated[int, typer.Option(min=1, help="How many countries to print.")] = 20,
) -> None:
    """Look in every country for a rise or fall by year, corrected for looking at all of them."""
    incidents = read(file)
    period = ag.report.period(incidents, None, both_years(years), as_of)
    found = ag.signals.watch(incidents, years=period, kind=kind, as_of=as_of)
    typer.echo(found.summary())
    typer.echo(found.table.head(most).to_string(float_format="{:.3g}".format, na_rep=""))
