"""The command line: thin commands over the library, one for each step that an analyst runs.

A module for each noun holds its commands as plain functions; the list below is all that there are, in the order in
which ``--help`` shows them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli import alert, boundaries, incidents, large, page
from awsd_geo.cli.environment import environment

app = typer.Typer(
    name="awsd-geo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: dict[str, Callable[..., None]] = {
    "alert": alert.alert,
    "map": alert.map_,
    "hotspots": alert.hotspots,
    "geocode": incidents.geocode,
    "count": large.count,
    "check": incidents.check,
    "regions": boundaries.regions,
    "download": incidents.download,
    "watch": incidents.watch,
    "audit": page.audit,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(boundaries.own, name="boundaries")


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo("\n".join(environment()))
        raise typer.Exit


@app.callback()
def everything(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print all versions and leave.")
    ] = False,
) -> None:
    """Where violence against aid workers concentrates, whether that is more than chance, and whether it grows."""


def main() -> None:
    """Run the command line; an error that awsd_geo foresaw is one message and exit code 2."""
    try:
        app()
    except ag.AwsdGeoError as error:
        sys.stderr.write(f"awsd-geo: {error}\n")
        sys.exit(2)
