"""The boundaries: the frames that there are, and the user's own."""

from __future__ import annotations

from typing import Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli.options import Level, VintageOption


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
