"""Outlines made small enough for a page: simplified together, rounded to 4 decimals, written as steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

SCALE = 10_000
"""Steps are whole numbers of 1/10,000 degree, about 11 m."""
MOST_VERTICES = 9_000
"""Vertices of a map at most; a page of eleven regions then stays below 400 kB."""

MOST_TOWNS = 12
"""Towns drawn for orientation, at most."""
SUBURB = 0.4
"""Degrees (of latitude and longitude together) within which a smaller town is left out."""

Bounds = tuple[float, float, float, float]


def simplify_together(outlines: Sequence[BaseGeometry], most: int = MOST_VERTICES) -> np.ndarray:
    """Simplify polygons as a coverage, so that neighbours keep one common line, until few enough vertices remain.

    Parameters
    ----------
    outlines : sequence of Polygon or MultiPolygon
        Degrees, in the order of the regions.
    most : int
        Vertices that may remain.

    Returns
    -------
    ndarray of geometry
        The outlines unchanged if they have few enough vertices already.
    """
    import shapely

    kept = np.asarray(outlines, dtype=object)
    tolerance = 0.002
    while shapely.get_num_coordinates(kept).sum() > most and tolerance < 0.5:
        kept = shapely.coverage_simplify(np.asarray(outlines, dtype=object), tolerance)
        tolerance *= 1.5
    return kept


def steps(outline: BaseGeometry) -> list[list[list[int]]]:
    """Write a polygon as rings of whole-number steps.

    Parameters
    ----------
    outline : Polygon or MultiPolygon
        Degrees. Other shapes are left out.

    Returns
    -------
    list
        One list a polygon, of one list a ring (the outer first): longitude and latitude of the first vertex times
        10,000, then the steps from vertex to vertex. The last vertex, equal to the first, is left out.

    Examples
    --------
    >>> from shapely import box
    >>> steps(box(0, 0, 1, 2))
    [[[10000, 0, 0, 20000, -10000, 0, 0, -20000]]]
    """
    import shapely

    polygons = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon" and not part.is_empty]
    rings = [[polygon.exterior, *polygon.interiors] for polygon in polygons]
    return [kept for parts in rings if (kept := [ring for part in parts if (ring := _ring(part))])]


def _ring(ring: Any) -> list[int]:
    whole = np.rint(np.asarray(ring.coords)[:, :2] * SCALE).astype(int)
    kept = whole[np.append(True, np.any(np.diff(whole, axis=0) != 0, axis=1))][:-1]
    if len(kept) < 3:
        return []
    return [int(number) for number in np.diff(kept, axis=0, prepend=[[0, 0]]).ravel()]


def label_point(outline: BaseGeometry) -> list[float]:
    """Find the point deepest inside the largest part, where a label has most room, as latitude and longitude.

    References
    ----------
    .. [1] GEOS MaximumInscribedCircle: the centre of the largest circle inside.
    """
    import shapely

    largest = max(shapely.get_parts(outline), key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=max(largest.area**0.5 / 50, 1e-4))
    centre = shapely.get_coordinates(circle)[0]
    return [round(float(centre[1]), 4), round(float(centre[0]), 4)]


def check_outlines(regions: gpd.GeoDataFrame) -> None:
    """Refuse regions that cannot be drawn.

    Raises
    ------
    InputError
        If the coordinates are not WGS84 degrees, or a region has no area.
    """
    if regions.crs is None or regions.crs.to_epsg() != 4326:
        raise InputError(f"The regions are in {regions.crs or 'no named CRS'}, not in EPSG:4326. Use to_crs(4326).")
    empty = regions.index[~_has_area(regions)]
    if len(empty):
        raise InputError(f"The region {empty[0]} has no area to draw. Give every region a polygon.")


def _has_area(regions: gpd.GeoDataFrame) -> np.ndarray:
    import shapely

    return np.asarray(shapely.area(regions.geometry.to_numpy()) > 0)


def surroundings(neighbours: gpd.GeoDataFrame, bounds: Bounds, lang: str) -> list[dict[str, Any]]:
    """Cut the neighbouring countries to what the map can show, and find where to write their names.

    Parameters
    ----------
    neighbours : GeoDataFrame
        EPSG:4326, with ``name`` or ``name_en`` / ``name_fr``.
    bounds : tuple of float
        West, south, east and north of the regions.
    lang : {"en", "fr"}
        Language of the names.

    Returns
    -------
    list of dict
        ``name``, ``rings`` and ``at`` for each country that reaches into the view.
    """
    import shapely

    west, south, east, north = bounds
    wide, high = 1.2 * (east - west), 0.6 * (north - south)
    near = shapely.box(west - 0.25 * wide, south - 0.1 * high, east + 0.25 * wide, north + 0.1 * high)
    cut = shapely.clip_by_rect(neighbours.geometry.to_numpy(), west - wide, south - high, east + wide, north + high)
    names = neighbours[f"name_{lang}" if f"name_{lang}" in neighbours.columns else "name"]
    shown = []
    for name, outline in zip(names, shapely.simplify(cut, 0.02), strict=True):
        if rings := steps(outline):
            visible = shapely.intersection(outline, near)
            at = label_point(visible) if visible.area > 0 else None
            shown.append({"name": str(name), "rings": rings, "at": at})
    return shown


def dots(towns: pd.DataFrame, bounds: Bounds, unit_names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """List the main towns that lie in the view, the largest first, without the suburbs of a larger one.

    Parameters
    ----------
    towns : DataFrame
        ``name``, ``lat``, ``lon`` in degrees, and ``population`` to choose by; without it the order given counts.
    bounds : tuple of float
        West, south, east and north of the regions.
    unit_names : sequence of str
        Names of the regions: a town that has one of them among its ``alternate_names`` is written that way.

    Returns
    -------
    list of dict
        ``name`` and ``at`` of at most 12 towns.

    Raises
    ------
    InputError
        If one of the first three columns is absent.
    """
    absent = [name for name in ("name", "lat", "lon") if name not in towns.columns]
    if absent:
        raise InputError(f"The table of towns lacks the column {absent[0]}. It needs name, lat and lon.")
    west, south, east, north = bounds
    inside = towns[towns["lon"].between(west, east) & towns["lat"].between(south, north)]
    if "population" in inside.columns:
        inside = inside.sort_values("population", ascending=False, kind="stable")
    chosen: list[dict[str, Any]] = []
    spellings = inside["alternate_names"] if "alternate_names" in inside.columns else [()] * len(inside)
    for name, lat, lon, others in zip(inside["name"], inside["lat"], inside["lon"], spellings, strict=True):
        here = [round(float(lat), 4), round(float(lon), 4)]
        apart = all(abs(here[0] - at[0]) + abs(here[1] - at[1]) > SUBURB for at in (town["at"] for town in chosen))
        if apart and len(chosen) < MOST_TOWNS:
            same = [unit for unit in unit_names if unit in others]
            chosen.append({"name": same[0] if same else str(name), "at": here})
    return chosen


def bounds_of(regions: gpd.GeoDataFrame) -> Bounds:
    """Give west, south, east and north of all regions, rounded to 4 decimals."""
    west, south, east, north = (round(float(edge), 4) for edge in regions.total_bounds)
    return west, south, east, north
