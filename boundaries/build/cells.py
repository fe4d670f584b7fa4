"""The finest units of a country as a clean coverage: no gap, no overlap, coordinates already rounded."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

DECIMALS = 5
ELLIPSOID = Geod(ellps="WGS84")


def read(database: Path, source: Mapping[str, Any]) -> dict[str, shapely.Geometry]:
    """Read one set of units, and refuse any other than the pinned one.

    Parameters
    ----------
    database : Path
        The wheel's SQLite file.
    source : mapping
        ``[build.cells]`` of country.toml: ``set``, ``units``, ``geometry_sha256``.

    Returns
    -------
    dict
        Shape id → polygon as packaged, in the order of the ids.
    """
    query = "SELECT shape_id, coordinates FROM location_data WHERE shape_id LIKE ? ORDER BY shape_id"
    connection = sqlite3.connect(database)
    rows = connection.execute(query, (f"{source['set']}B%",)).fetchall()
    connection.close()
    digest = hashlib.sha256(b"".join(shape_id.encode() + bytes(wkb) for shape_id, wkb in rows)).hexdigest()
    if len(rows) != source["units"] or digest != source["geometry_sha256"]:
        raise SystemExit(f"Set {source['set']} has {len(rows)} units, digest {digest}: not what country.toml states.")
    return {shape_id: shapely.from_wkb(wkb) for shape_id, wkb in rows}


def clean(units: Mapping[str, shapely.Geometry], source: Mapping[str, Any]) -> dict[str, shapely.Geometry]:
    """Make units that were each simplified alone fit together again.

    Overlaps and gaps go to a neighbour (`shapely.coverage_clean`), parts under ``smallest_part_km2`` are dropped
    and what they leave is filled, then coordinates are rounded and the rounded coverage is checked. Every other
    level is dissolved from these rounded units, so that all levels nest exactly.

    Raises
    ------
    SystemExit
        If the result is no valid coverage.
    """
    how = {"gap_width": source["gap_width"], "merge_strategy": source["merge_strategy"]}
    shapes = shapely.coverage_clean(np.array(list(units.values())), **how)
    shapes = np.array([_without_crumbs(shape, source["smallest_part_km2"]) for shape in shapes])
    shapes = shapely.coverage_clean(shapes, **how)
    shapes = shapely.coverage_clean(shapely.transform(shapes, lambda points: np.round(points, DECIMALS)), gap_width=0)
    if not shapely.coverage_is_valid(shapes) or not shapely.is_valid(shapes).all() or shapely.is_empty(shapes).any():
        raise SystemExit("The rounded units are no valid coverage.")
    return dict(zip(units, shapes, strict=True))


def whole(units: Mapping[str, shapely.Geometry], source: Mapping[str, Any]) -> shapely.Geometry:
    """Give the outline of all units, and refuse one with a gap or an island that country.toml does not state.

    ``parts`` is the number of its parts (1: no island), ``holes`` of what it leaves out inside (0: no gap).
    """
    outline = shapely.coverage_union_all(list(units.values()))
    parts = shapely.get_parts(outline)
    found = {"parts": len(parts), "holes": int(shapely.get_num_interior_rings(parts).sum())}
    if found != (stated := {"parts": source.get("parts", 1), "holes": source.get("holes", 0)}):
        raise SystemExit(f"The outline has {found}, country.toml states {stated}. Look where they are.")
    return outline


def _without_crumbs(shape: shapely.Geometry, smallest_km2: float) -> shapely.Geometry:
    """Drop the parts of a multipolygon that are smaller than a threshold."""
    parts = [part for part in shapely.get_parts(shape) if area_km2(part) >= smallest_km2]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def area_km2(shape: shapely.Geometry) -> float:
    """Give the geodesic area on the WGS84 ellipsoid."""
    return abs(ELLIPSOID.geometry_area_perimeter(shape)[0]) / 1e6
