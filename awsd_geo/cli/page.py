"""The pages that were saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import awsd_geo as ag
from awsd_geo.cli.options import busy

OtherVersion = Annotated[
    bool, typer.Option("--other-version", help="Let pass what another version of awsd_geo may have written.")
]


def audit(
    page: Annotated[Path, typer.Argument(metavar="PAGE", help="A saved page, such as alert.html.")],
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An AWSD file: nothing of its single incidents may stand in the page."),
    ] = None,
    other_version: OtherVersion = False,  # noqa: FBT002 - typer calls it so
) -> None:
    """Check a saved page again: no request, only our scripts, policy and hashes right, nothing of single incidents."""
    from awsd_geo.maps.audit import audit as look_at

    with busy("Reading and comparing"):
        incidents = None if against is None else ag.read_incidents(against)
        found = look_at(page, against=incidents, other_version=other_version)
    if found.problems:
        raise ag.InputError(found.summary())
    typer.echo(found.summary())
