"""The pages that were saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import awsd_geo as ag


def audit(page: Annotated[Path, typer.Argument(metavar="PAGE", help="A saved page, such as alert.html.")]) -> None:
    """Check a saved page again: no request, policy and hashes right, no column of single incidents."""
    from awsd_geo.maps.audit import audit as look_at

    found = look_at(page)
    if found.problems:
        raise ag.InputError(found.summary())
    typer.echo(found.summary())
