"""The command line: thin commands over the library, one for each step that an analyst runs."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import awsd_geo as ag

if TYPE_CHECKING:
    import pandas as pd

app = typer.Typer(
    name="awsd-geo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
Out = Annotated[Path, typer.Option(help="Folder to write into; made if it is not there.")]


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(f"awsd-geo {ag.__version__}")
        raise typer.Exit


@app.callback()
def everything(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Where violence against aid workers concentrates, whether that is more than chance, and whether it grows."""


@app.command()
def alert(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "kidnapped",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    lang: LangOption = "en",
    seed: Seed = 0,
    out: Out = Path("out"),
) -> None:
    """Write the Signal Alert: alert.html, map.html, regions.csv, regions.geojson, findings.json."""
    made = _alert(file, _ask(country, years, kind, means, vintage, level, as_of, seed))
    written = made.save(out, lang=lang)
    typer.echo(made.summary(lang=lang))
    _wrote(written)


@app.command("map")
def map_(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "kidnapped",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    lang: LangOption = "en",
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("map.html"),
) -> None:
    """Write the interactive hotspot map alone, one page that works offline."""
    made = _alert(file, _ask(country, years, kind, means, vintage, level, as_of))
    _wrote([made.map(lang=lang).save(out)])


@app.command()
def hotspots(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "kidnapped",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    seed: Seed = 0,
) -> None:
    """Print the statistics: concentration, trend, Gi* and Moran, with esda's values as a second opinion."""
    made = _alert(file, _ask(country, years, kind, means, vintage, level, as_of, seed)).analysis
    local = made.local
    for result in (made.denominators.results["equal"], made.denominators, made.trend, made.moran, local):
        typer.echo(result.summary())
    compared = local.second_opinion()
    typer.echo(local.to_frame().join(compared["esda"]).set_index("name").drop(columns=["kind", "reason"]).to_string())
    typer.echo(f"Largest difference from esda's values of Gi*: {compared['difference'].abs().max():.1e}")


@app.command()
def geocode(
    file: File = None,
    country: Country = "MLI",
    years: Years = None,
    kind: KindOption = "any",
    means: Means = None,
    vintage: VintageOption = None,
    level: Level = 1,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(help="Write the placed incidents here (CSV); else print a table.")] = None,
) -> None:
    """Place incidents in regions, and say for each how it was placed or why not."""
    located, regions, _ = ag.report.place(_read(file), _ask(country, years, kind, means, vintage, level, as_of))
    table = located[["year", "region_id", "matched_by", "conflict", "coordinate_issue", "why"]]
    counted = located["matched_by"].value_counts()
    typer.echo(
        f"{int(located['region_id'].notna().sum())} of {len(located)} incidents placed in "
        f"{located['region_id'].nunique()} of {len(regions)} units (frame of {regions.attrs['vintage']}); "
        f"{int(located['conflict'].sum())} with text and point in conflict."
    )
    typer.echo(", ".join(f"{how}: {number}" for how, number in counted.items()))
    if out is None:
        typer.echo(table[located["why"].notna()].to_string() if located["why"].notna().any() else "")
        return
    from awsd_geo.report.cells import csv_text
    from awsd_geo.report.tables import write_all

    _wrote(write_all(out.parent, {out.name: csv_text(located.reset_index())}))


@app.command()
def check(file: GivenFile) -> None:
    """Say what a file holds: what was found, repaired and set aside, by reason."""
    typer.echo(ag.sources.check_report(ag.read_incidents(file)).summary())


@app.command()
def regions(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO 3166 code or name, such as MLI or Mali.")],
    vintage: VintageOption = None,
    level: Level = 1,
) -> None:
    """List the regions of a frame, and the frames that there are."""
    frame = ag.load_regions(country, level=level, vintage=vintage)
    found = ag.boundaries.find_country(country)
    shown = frame.drop(columns=["geometry", "level", "vintage"]).reset_index()
    typer.echo(shown.to_string(index=False, na_rep=""))
    typer.echo(f"\n{len(frame)} units of {found.iso3}, frame of {frame.attrs['vintage']}. {frame.attrs['note'] or ''}")
    typer.echo(f"Frames: {', '.join(vintage.name for vintage in found.vintages)}. {frame.attrs['notice_short']}")


@app.command()
def download(
    out: Annotated[Path, typer.Option(help="The file to write, or a folder for a name with today's date.")] = Path(),
    country: Annotated[str | None, typer.Option(help="Only this country (two-letter code, such as ML).")] = None,
) -> None:
    """Fetch the database from aidworkersecurity.org, check it and keep it."""
    _wrote([ag.sources.download(out, country=country)])


@app.command()
def watch(
    file: File = None,
    years: Years = None,
    kind: KindOption = "any",
    as_of: AsOf = None,
    most: Annotated[int, typer.Option(min=1, help="How many countries to print.")] = 20,
) -> None:
    """Look in every country for a rise or fall by year, corrected for looking at all of them."""
    incidents = _read(file)
    period = ag.report.period(incidents, None, _years(years), as_of)
    found = ag.signals.watch(incidents, years=period, kind=kind, as_of=as_of)
    typer.echo(found.summary())
    typer.echo(found.table.head(most).to_string(float_format="{:.3g}".format, na_rep=""))


@app.command()
def audit(page: Annotated[Path, typer.Argument(metavar="PAGE", help="A saved page, such as alert.html.")]) -> None:
    """Check a saved page again: no request, policy and hashes right, no column of single incidents."""
    from awsd_geo.maps.audit import audit as look_at

    found = look_at(page)
    if found.problems:
        raise ag.InputError(found.summary())
    typer.echo(found.summary())


def _ask(country: str, years: str | None, *more: Any) -> ag.report.Question:
    return ag.report.Question(country, _years(years), *more)


def _alert(file: Path | None, asked: ag.report.Question) -> ag.report.Alert:
    return ag.alert(_read(file), **asdict(asked))


def _read(file: Path | None) -> pd.DataFrame:
    return ag.example() if file is None else ag.read_incidents(file)


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _, last = text.partition(":")
    if not (first.isdigit() and (last or first).isdigit()):
        raise ag.RequestError(f"--years {text} is not understood. Write the first and last year as 2017:2022.")
    return int(first), int(last or first)


def _wrote(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(f"Wrote {path}")


def main() -> None:
    """Run the command line; an error that awsd_geo foresaw is one message and exit code 2."""
    try:
        app()
    except ag.AwsdGeoError as error:
        sys.stderr.write(f"awsd-geo: {error}\n")
        sys.exit(2)
