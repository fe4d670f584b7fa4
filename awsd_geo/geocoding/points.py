"""Points: in which unit of a frame each lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd

SNAP_M = 2_000.0
"""How far outside every polygon a point may lie and still be given to the nearest unit."""


def unit_of_points(regions: gpd.GeoDataFrame, longitude: Any, latitude: Any) -> tuple[Any, Any]:
    """Find the unit that holds each point, or the nearest within 2 km.

    Parameters
    ----------
    regions : GeoDataFrame
        Units in EPSG:4326, index ``region_id``.
    longitude, latitude : array of float, shape (n_points,)
        Degrees; NaN where there is no point.

    Returns
    -------
    units : array of object, shape (n_points,)
        ``region_id`` or None. A point on the line between two units goes to the first in the frame's order.
    distance_m : array of float, shape (n_points,)
        0 inside, else metres to the nearest unit (however far); NaN where there is no point.
    """
    import shapely

    units = np.full(len(longitude), None, dtype=object)
    distance_m = np.full(len(longitude), np.nan)
    given = np.flatnonzero(np.isfinite(longitude) & np.isfinite(latitude))
    points = shapely.points(np.asarray(longitude)[given], np.asarray(latitude)[given])
    tree = shapely.STRtree(regions.geometry.to_numpy())
    which, unit = tree.query(points, predicate="intersects")
    for row, column in sorted(zip(which.tolist(), unit.tolist(), strict=True), reverse=True):
        units[given[row]] = regions.index[column]
        distance_m[given[row]] = 0.0
    outside = [row for row in range(len(given)) if units[given[row]] is None]
    for row in outside:
        nearest = int(tree.nearest(points[row]))
        distance_m[given[row]] = metres_to(regions.geometry.iloc[nearest], points[row])
        if distance_m[given[row]] <= SNAP_M:
            units[given[row]] = regions.index[nearest]
    return units, distance_m


def metres_to(polygon: Any, point: Any) -> float:
    """Measure the way from a point to the nearest place of a polygon, on the WGS84 ellipsoid.

    Parameters
    ----------
    polygon, point : shapely geometry
        In degrees, EPSG:4326.

    Returns
    -------
    float
        Metres; 0 where the point lies inside.
    """
    import shapely
    from pyproj import Geod

    line = shapely.shortest_line(polygon, point)
    return float(Geod(ellps="WGS84").geometry_length(line))
