"""Outlines made small enough for a page: simplified together, rounded to 4 decimals, written as shared arcs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError
from awsd_geo.maps import arcs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

MOST_VERTICES = 9_000
"""Vertices of a map of few regions at most."""
VERTICES_EACH = 30
"""Vertices of a region of a map of many, on average, at most."""


MOST_TOWNS = 12
"""Towns drawn for orientation, at most."""
SUBURB = 0.4
"""Degrees (of latitude and longitude together) within which a smaller town is left out."""

CONTEXT = 2_000  # parts of the view that lines of other countries may be off
HALF_THE_WORLD = 180.0  # degrees

Bounds = tuple[float, float, float, float]


def simplify_together(outlines: Sequence[BaseGeometry], most: int | None = None) -> np.ndarray:
    """Simplify polygons as a coverage, so that neighbours keep one common line, until few enough vertices remain.

    Parameters
    ----------
    outlines : sequence of Polygon or MultiPolygon
        Degrees, in the order of the regions.
    most : int, optional
        Vertices that may remain; by default 9,000, or 30 a region if that is more.

    Returns
    -------
    ndarray of geometry
        The outlines unchanged if they have few enough vertices already.
    """
    import shapely

    kept = np.asarray(outlines, dtype=object)
    most = max(MOST_VERTICES, VERTICES_EACH * len(kept)) if most is None else most
    tolerance = 0.002
    while shapely.get_num_coordinates(kept).sum() > most and tolerance < 0.5:
        kept = shapely.coverage_simplify(np.asarray(outlines, dtype=object), tolerance)
        tolerance *= 1.5
    return kept


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


def surroundings(neighbours: gpd.GeoDataFrame, bounds: Bounds, lang: str) -> dict[str, Any]:
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
    dict
        ``arcs``, and ``units`` with ``name``, ``rings`` and ``at`` for each country that reaches into the view.
    """
    import shapely

    west, south, east, north = bounds
    long = math.cos(math.radians((south + north) / 2))  # a degree of longitude, in degrees of latitude
    wide = max(1.2 * (east - west), (north - south) / long)  # on either side: for views as wide as a slide ...
    high = max(0.6 * (north - south), 0.5 * (east - west) * long)  # ... and as tall as a phone
    near = shapely.box(west - 0.25 * wide, south - 0.1 * high, east + 0.25 * wide, north + 0.1 * high)
    outlines = cut_out(neighbours, (west - wide, south - high, east + wide, north + high))
    names = names_of(neighbours, lang)
    lines, rings = arcs.share(outlines)
    shown = []
    for name, outline, parts in zip(names, outlines, rings, strict=True):
        if parts:
            visible = shapely.intersection(outline, near)
            at = label_point(visible) if visible.area > 0 else None
            shown.append({"name": name, "rings": parts, "at": at})
    return {"arcs": lines, "units": shown}


def cut_out(neighbours: gpd.GeoDataFrame, box: Bounds) -> np.ndarray:
    """Cut countries to a box of longitudes and latitudes and simplify them together; empty where none is inside."""
    import shapely

    cut = shapely.clip_by_rect(neighbours.geometry.to_numpy(), *box)
    solid = ([part for part in shapely.get_parts(each) if part.area > 0] for each in cut)
    areas = [shapely.union_all(parts) if parts else shapely.Polygon() for parts in solid]  # none of some is in view
    extent = max(box[2] - box[0], box[3] - box[1])
    return np.asarray(shapely.coverage_simplify(np.asarray(areas, dtype=object), extent / CONTEXT))


def names_of(neighbours: gpd.GeoDataFrame, lang: str) -> list[str]:
    """Name countries in a language, or as the frame does."""
    column = f"name_{lang}" if f"name_{lang}" in neighbours.columns else "name"
    return [str(name) for name in neighbours[column]]


def in_one_piece(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw what lies beyond the 180th meridian next to the rest (Russia, Fiji), by longitudes over 180."""
    import shapely

    west, _, east, _ = regions.total_bounds
    if east - west <= HALF_THE_WORLD:
        return regions

    def eastward(points: Any) -> Any:
        return np.where(points[:, :1] < 0, np.add(points, [2 * HALF_THE_WORLD, 0.0]), points)

    drawn = regions.set_geometry(shapely.transform(regions.geometry.to_numpy(), eastward), crs=regions.crs)
    drawn.attrs = regions.attrs
    return drawn


def inner_lines(finer: gpd.GeoDataFrame) -> list[str]:
    """Find the lines between units of a finer level that lie within one region.

    Parameters
    ----------
    finer : GeoDataFrame
        Units with ``parent_id``, the region that each lies in; without it every line between two units is given.

    Returns
    -------
    list of str
        Lines as of :func:`awsd_geo.maps.arcs.line`.

    Raises
    ------
    InputError
        If the units are not in WGS84 degrees, or one has no area.
    """
    check_outlines(finer)
    lines, rings = arcs.share(simplify_together(finer.geometry.to_numpy()))
    parents = finer["parent_id"] if "parent_id" in finer.columns else [None] * len(finer)
    beside: dict[int, list[object]] = {}
    for parent, polygons in zip(parents, rings, strict=True):
        for arc in (arc for polygon in polygons for ring in polygon for arc in ring):
            beside.setdefault(max(arc, ~arc), []).append(parent)
    return [lines[arc] for arc, units in sorted(beside.items()) if len(units) == 2 and units[0] == units[1]]


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
