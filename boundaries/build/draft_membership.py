"""Draft a table of membership: ``python -m boundaries.build.draft_membership BFA [--packages DIR] > draft.csv``.

The packaged sets hold the finest units without the units above. Natural Earth has first-level units of every
country: the draft names, for each finest unit, the one that covers most of it, and how much. It is a draft: a share
below 0.9 is to be looked at by hand, and so is a country whose first level Natural Earth draws in an older frame.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from . import cells, packages
from .__main__ import folder_of

COLUMNS = ("shape_id", "name", "lon", "lat", "parent", "parent_code", "share", "second", "second_share")


def draft(country: Mapping[str, Any], archives: Path) -> list[dict[str, Any]]:
    """Name the Natural Earth unit that covers most of each finest unit.

    Parameters
    ----------
    country : mapping
        The parsed country.toml; ``[build.cells]`` and ``[build.neighbours]`` suffice.
    archives : Path
        Where the packages are, or are downloaded to.

    Returns
    -------
    list of dict
        One row a finest unit, the least certain first: ``COLUMNS``. Names are repaired (`repaired`); ``lon`` and
        ``lat`` of a point inside it; shares of its area; ``parent`` is empty where nothing of Natural Earth's
        country meets it.
    """
    sources = country["build"]
    database = packages.fetch(sources["cells"], archives)
    units = cells.read(database, sources["cells"])
    names = _names(database, sources["cells"]["set"])
    codes = {code for code, iso3 in sources["neighbours"].get("codes", {}).items() if iso3 == country["iso3"]}
    above = _first_level(packages.fetch(sources["neighbours"], archives), {country["iso3"], *codes})
    tree = shapely.STRtree([shape for _, shape in above])
    rows = []
    for shape_id, shape in units.items():
        shape = shapely.make_valid(shape)
        found = [above[number] for number in tree.query(shape)]
        shares = [shapely.intersection(shape, other).area / shape.area for _, other in found]
        order = np.argsort(shares)[::-1][:2].tolist()
        best = [(found[number][0], shares[number]) for number in order] + [({}, 0.0)] * 2
        inside = shapely.point_on_surface(shape)
        rows.append(
            {"shape_id": shape_id, "name": names[shape_id], "lon": round(inside.x, 3), "lat": round(inside.y, 3)}
            | {"parent": best[0][0].get("name", ""), "parent_code": best[0][0].get("iso_3166_2", "")}
            | {"share": round(best[0][1], 3)}
            | {"second": best[1][0].get("name", ""), "second_share": round(best[1][1], 3)}
        )
    return sorted(rows, key=lambda row: (row["share"], row["shape_id"]))


def repaired(name: str) -> str:
    """Undo what packaging did to a name: UTF-8 read as Latin-1, capitals throughout.

    Examples
    --------
    >>> repaired("NgaoundÃ©rÃ©"), repaired("BELET WEYNE"), repaired("Ménaka")
    ('Ngaoundéré', 'Belet Weyne', 'Ménaka')
    """
    with suppress(UnicodeError):  # it is right as it stands
        name = name.encode("latin-1").decode("utf-8")
    name = " ".join(name.split())
    return name.title().replace("'S ", "'s ") if name.isupper() else name


def _names(database: Path, number: str) -> dict[str, str]:
    query = "SELECT shape_id, name FROM location_data WHERE shape_id LIKE ?"
    connection = sqlite3.connect(database)
    names = {shape_id: repaired(name) for shape_id, name in connection.execute(query, (f"{number}B%",))}
    connection.close()
    return names


def _first_level(world: Path, codes: set[str]) -> list[tuple[dict[str, Any], shapely.Geometry]]:
    """Read the first-level units of a country, by Natural Earth's codes of it."""
    return [
        (feature["properties"], shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))))
        for feature in json.loads(world.read_text(encoding="utf-8"))["features"]
        if feature["properties"]["adm0_a3"] in codes
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the draft to standard output."""
    parser = argparse.ArgumentParser(prog="python -m boundaries.build.draft_membership", description=__doc__)
    parser.add_argument("country", help="name of the folder")
    parser.add_argument("--packages", type=Path, help="folder that holds, or keeps, the downloaded packages")
    options: Any = parser.parse_args(arguments)
    country = tomllib.loads((folder_of(options.country) / "country.toml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        rows = draft(country, (options.packages or Path(temporary)).resolve())
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
