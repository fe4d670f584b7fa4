"""Points: in which unit of a frame each lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.geocoding.layer import Layer
from awsd_geo.geocoding.nearest import metres_between

if TYPE_CHECKING:
    import geopandas as gpd

SNAP_M = 2_000.0
"""How far outside every polygon a point may lie and still be given to the nearest unit."""


def unit_of_points(
    regions: gpd.GeoDataFrame, longitude: Any, latitude: Any, *, farthest_m: float = np.inf
) -> tuple[Any, Any]:
    """Find the unit that holds each point, or the nearest within 2 km.

    Few points are tested one unit after the other; from 50,000 points on (of all calls with these units together) a
    grid over the units answers, which is read from the user's cache folder or made in a moment. The answer is the same.

    Parameters
    ----------
    regions : GeoDataFrame
        Units in EPSG:4326, index ``region_id``.
    longitude, latitude : array of float, shape (n_points,)
        Degrees; NaN where there is no point.
    farthest_m : float, optional
        How far to measure, at least 2 km; where many points lie far outside, a limit saves most of the time.

    Returns
    -------
    units : array of object, shape (n_points,)
        ``region_id`` or None. A point on the line between two units goes to the first in the frame's order, and so
        does one outside that is as near to several.
    distance_m : array of float, shape (n_points,)
        0 inside, else metres to the nearest unit (however far, or infinite beyond ``farthest_m``); NaN where there is
        no point.
    """
    layer = Layer.of(regions)
    x, y = (np.ascontiguousarray(values, dtype=np.float64) for values in (longitude, latitude))
    given = np.isfinite(x) & np.isfinite(y)
    position = layer.locate(x, y)
    distance_m = np.where(given, 0.0, np.nan)
    outside = np.flatnonzero(given & (position < 0))
    if len(outside):
        nearest, metres = layer.outlines().nearest(x[outside], y[outside], max(farthest_m, SNAP_M))
        distance_m[outside] = metres
        position[outside] = np.where(metres <= SNAP_M, nearest, -1)
    names = np.full(len(regions) + 1, None, dtype=object)  # position -1 is the last
    names[:-1] = regions.index
    return names[position], distance_m


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
    one = np.empty(1, dtype=object)
    one[0] = polygon
    return float(metres_between(one, np.array([point.x]), np.array([point.y]))[0])
