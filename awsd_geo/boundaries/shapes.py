"""Files of units, GeoJSON or TopoJSON of ours, read without GDAL, which may guess another format."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class Units(NamedTuple):
    """What a file holds."""

    properties: list[dict[str, Any]]
    shapes: Sequence[BaseGeometry]
    sha256: str


def read_units(path: Path) -> Units:
    """Read properties, shapes and digest of a file of units.

    Parameters
    ----------
    path : Path
        A GeoJSON, or a TopoJSON with one collection of polygons.

    Returns
    -------
    Units

    Raises
    ------
    InputError
        If the file is not there.
    """
    import shapely

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"The boundary file {path} is not there. Install awsd-geo again, or add it again.") from None
    digest = hashlib.sha256(content).hexdigest()
    text = content.decode("utf-8")
    if path.suffix == ".topojson":
        return Units(*_from_topology(json.loads(text)), digest)
    properties = [feature["properties"] for feature in json.loads(text)["features"]]
    return Units(properties, shapely.get_parts(shapely.from_geojson(text)), digest)


def _from_topology(topology: dict[str, Any]) -> tuple[list[dict[str, Any]], list[BaseGeometry]]:
    """Put the lines of a quantised TopoJSON together again."""
    import numpy as np

    scale = np.array(topology["transform"]["scale"])
    decimals = round(-math.log10(topology["transform"]["scale"][0]))
    lines = [np.round(np.cumsum(arc, axis=0) * scale, decimals) for arc in topology["arcs"]]
    (units,) = topology["objects"].values()
    shapes = [_shape(unit, lines) for unit in units["geometries"]]
    return [unit["properties"] for unit in units["geometries"]], shapes


def _shape(unit: dict[str, Any], lines: list[Any]) -> BaseGeometry:
    import numpy as np
    import shapely

    def ring(numbers: list[int]) -> Any:
        parts = [lines[number] if number >= 0 else lines[~number][::-1] for number in numbers]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    polygons = unit["arcs"] if unit["type"] == "MultiPolygon" else [unit["arcs"]]
    made = [shapely.Polygon(ring(outer), [ring(hole) for hole in holes]) for outer, *holes in polygons]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)
