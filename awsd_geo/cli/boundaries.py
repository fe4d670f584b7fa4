"""The boundaries: the frames that there are, and the user's own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli.options import Level, VintageOption, busy, wrote

if TYPE_CHECKING:
    import geopandas as gpd

CountryOption = Annotated[str, typer.Option(help="ISO 3166 code or name, such as BFA or Burkina Faso.")]
LevelOption = Annotated[int, typer.Option(help="1 regions, 2 the level below, and so on to 5.")]
ValidFrom = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="First day of the frame. Default: 1 January."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace the level if it was added before.")]


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


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON, GeoPackage, zipped shapefile or GeoParquet.")],
    country: CountryOption,
    vintage: Annotated[str, typer.Option(help="Year in which the frame came into force, such as 2024.")],
    level: LevelOption = 1,
    name_column: Annotated[str | None, typer.Option(help="Column of names, where it is not recognised.")] = None,
    id_column: Annotated[str | None, typer.Option(help="Column of codes, where it is not recognised.")] = None,
    layer: Annotated[str | None, typer.Option(help="Layer or member, where the file has several.")] = None,
    valid_from: ValidFrom = None,
    country_name: Annotated[str | None, typer.Option(help="Name of a country that awsd-geo does not know.")] = None,
    replace: Replace = False,  # noqa: FBT002 - typer calls it so
) -> None:
    """Add boundaries of your own: checked, repaired with a report, and kept for every later command."""
    with busy("Reading and checking the boundaries"):
        found = ag.boundaries.from_file(
            file,
            country=country,
            level=level,
            vintage=vintage,
            name_column=name_column,
            id_column=id_column,
            layer=layer,
        )
    _keep(found, valid_from, country_name, replace=replace)


def download(
    country: CountryOption,
    level: LevelOption = 1,
    release: Annotated[str, typer.Option(help="gbOpen, gbHumanitarian or gbAuthoritative.")] = "gbOpen",
    vintage: Annotated[str | None, typer.Option(help="Name of the frame. Default: the year it represents.")] = None,
    valid_from: ValidFrom = None,
    replace: Replace = False,  # noqa: FBT002
) -> None:
    """Fetch boundaries from geoBoundaries, check and add them; their licence is shown."""
    with busy("Fetching and checking the boundaries"):
        found = ag.boundaries.from_geoboundaries(country, level=level, release=release, vintage=vintage)
    typer.echo(found.attrs["notice"])
    _keep(found, valid_from, None, replace=replace)


def list_() -> None:
    """List the boundaries that you have added."""
    frames = ag.boundaries.own_frames()
    if frames.empty:
        typer.echo("You have added no boundaries. See awsd-geo boundaries add --help.")
        return
    typer.echo(frames.to_string(index=False))


def remove(
    country: CountryOption,
    vintage: Annotated[str, typer.Option(help="The frame.")],
    level: Annotated[int | None, typer.Option(help="Only this level. Default: the whole frame.")] = None,
) -> None:
    """Take boundaries of your own out again."""
    for path in ag.boundaries.remove(country, vintage, level=level):
        typer.echo(f"Deleted {path}")


def _keep(found: gpd.GeoDataFrame, valid_from: dt.datetime | None, country_name: str | None, *, replace: bool) -> None:
    day = valid_from.date() if valid_from else None
    written = ag.boundaries.add(found, valid_from=day, country_name=country_name, replace=replace)
    says = found.attrs
    number = "1 unit" if len(found) == 1 else f"{len(found)} units"
    typer.echo(f"{number} of {says['country']}, level {says['level']}, frame of {says['vintage']}.")
    for repair in says["repairs"]:
        units = repair["units"]
        some = ", ".join(units[:5]) + (f" and {len(units) - 5} more" if len(units) > 5 else "")
        typer.echo(f"Note: {repair['what']}: {some}.")
    wrote(written)


own = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Boundaries of your own: add, list, remove, download."
)
own.command("add")(add)
own.command("list")(list_)
own.command("remove")(remove)
own.command("download")(download)
