"""The world layer: first-level units of every country, for those that have no folder of their own."""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from awsd_geo.boundaries.model import WORLD, Country, Level, Vintage

FOLDER = "world"
OUTLINES = "admin0.topojson"


@lru_cache(maxsize=4)
def read_world(place: Path) -> dict[str, Country]:
    """Give every country of the world layer, by ISO3.

    Parameters
    ----------
    place : Path
        The folder that holds a folder for each country, and the world layer's.

    Returns
    -------
    dict
        Empty where the layer is not there.
    """
    folder = place / FOLDER
    if not (folder / "countries.csv").is_file():
        return {}
    facts = read_facts(folder)
    with (folder / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"]: _country(folder, facts, row) for row in csv.DictReader(file)}


@lru_cache(maxsize=4)
def read_facts(folder: Path) -> dict[str, Any]:
    """Give what world.toml says."""
    return tomllib.loads((folder / "world.toml").read_text(encoding="utf-8"))


def _country(folder: Path, facts: dict[str, Any], row: dict[str, str]) -> Country:
    """Make a country whose one frame is that of the world layer."""
    names = {column[5:]: name for column, name in row.items() if column.startswith("name_") and name}
    frame = Vintage(
        name=WORLD,
        valid_from=None,
        valid_to=None,
        approximate=True,
        note=facts["vintage"]["note"],
        note_fr=facts["vintage"]["note_fr"],
        files={1: f"{row['iso3']}.topojson"},
        level_notes={},
        level_notes_fr={},
        folder=folder,
    )
    own = {"iso3": row["iso3"], "iso2": row["iso2"], "names": names, "aliases_of": []}
    return Country(
        iso3=row["iso3"],
        iso2=row["iso2"],
        names=names,
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        vintages=(frame,),
        levels=(Level(1, row["kind"]),),
        folder=folder,
        facts={**facts, **own, "code_systems": ["iso_3166_2"], "tables": {}},
    )
