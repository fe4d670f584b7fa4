"""GeoJSON (RFC 7946) that is the same, byte for byte, whenever it is written from the same shapes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

Feature = tuple[Mapping[str, Any], shapely.Geometry]


def write(path: Path, features: Iterable[Feature], *, notice: str, decimals: int = 5) -> None:
    """Write features sorted by their ``key``, one a line, outer rings anticlockwise, the notice inside.

    Parameters
    ----------
    path : Path
        The file to write.
    features : iterable of (properties, geometry)
        Properties with a unique ``key``; polygons or multipolygons in degrees.
    notice : str
        Source and licence, as a member of the collection.
    decimals : int
        Places kept of each coordinate.
    """
    lines = [_feature(properties, shape, decimals) for properties, shape in sorted(features, key=_key)]
    head = json.dumps({"type": "FeatureCollection", "notice": notice}, ensure_ascii=False)[:-1]
    path.write_text(head + ', "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def _key(feature: Feature) -> str:
    return str(feature[0]["key"])


def _feature(properties: Mapping[str, Any], shape: shapely.Geometry, decimals: int) -> str:
    """Write one feature without needless blanks."""
    ordered = shapely.orient_polygons(shapely.normalize(shape), exterior_cw=False)
    parts = [
        [np.round(shapely.get_coordinates(ring), decimals).tolist() for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(ordered)
    ]
    many = len(parts) > 1
    geometry = {"type": "MultiPolygon" if many else "Polygon", "coordinates": parts if many else parts[0]}
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
