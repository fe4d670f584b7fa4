"""The countries around one of the world layer, from coarse outlines of all countries."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from awsd_geo.boundaries.country import Country, data_folder, find_country
from awsd_geo.boundaries.shapes import Units, read_units
from awsd_geo.boundaries.world import FOLDER, OUTLINES, read_facts, read_world

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

MARGIN = 3.0  # degrees around the country, at least
WIDE = 0.2  # of the country's width or height, where that is more
WIDEST, TALLEST = 1.7, 0.85  # width over height of the widest and the tallest view that is to have no bare edge
HALF_THE_WORLD = 180.0  # degrees
COARSE = 0.05  # degrees by which the lines far from the country may be off
REACH = 0.1  # degrees that a country which touches it reaches beneath it, so that no gap shows between two sources


@lru_cache(maxsize=2)
def _outlines(place: Path) -> Units:
    return read_units(place / FOLDER / OUTLINES)


def country_outlines() -> gpd.GeoDataFrame:
    """Load the outlines of all countries, coarse: lines may lie 5 to 10 km off, islets are left out.

    Returns
    -------
    GeoDataFrame
        Index ``iso3``; ``name``, ``name_fr`` and geometry in EPSG:4326. ``attrs["notice"]`` is the source.
    """
    import geopandas as gpd
    import pandas as pd

    place = data_folder()
    units, shapes, digest = _outlines(place)
    keys = [unit["key"] for unit in units]
    names = [read_world(place)[key].names for key in keys]
    table = {"name": [name["en"] for name in names], "name_fr": [name["fr"] for name in names]}
    outlines = gpd.GeoDataFrame(table, index=pd.Index(keys, name="iso3"), geometry=list(shapes), crs="EPSG:4326")
    notice = read_facts(place / FOLDER)["notice"]
    outlines.attrs = {
        "notice": notice["neighbours"],
        "notice_fr": notice["neighbours_fr"],
        "sha256": {OUTLINES: digest},
    }
    return outlines


def countries_around(country: str | Country) -> gpd.GeoDataFrame:
    """Cut the outlines of the countries around one out of the world's.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.

    Returns
    -------
    GeoDataFrame
        As `awsd_geo.boundaries.neighbours` gives it.
    """
    import numpy as np
    import shapely

    outlines = country_outlines()
    found = find_country(country)
    iso3, shapes = found.iso3, outlines.geometry.to_numpy()
    own = shapes[outlines.index.get_loc(iso3)] if iso3 in outlines.index else _whole(found)
    west, south, east, north = shapely.bounds(_main(own))
    window = _window((west, south, east, north), max(MARGIN, WIDE * max(east - west, north - south)))
    near = np.flatnonzero(shapely.intersects(shapes, window) & (outlines.index != iso3))
    adjacent = shapely.intersects(shapes[near], shapely.buffer(own, 0.01))
    drawn = shapely.intersection(shapes[near], window)
    beneath = shapely.intersection(shapely.buffer(drawn[adjacent], REACH, quad_segs=2), own)
    drawn[adjacent] = shapely.union(drawn[adjacent], beneath)
    drawn = np.array([_polygons(shape) for shape in drawn])
    around = outlines.iloc[near].assign(adjacent=adjacent).set_geometry(drawn, crs="EPSG:4326")
    around = around[~around.geometry.is_empty]
    around.attrs = outlines.attrs
    return around[["name", "name_fr", "adjacent", "geometry"]]


def widened(around: gpd.GeoDataFrame, iso3: str, bounds: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Add what lies beyond the window of a country's own file, coarse, so that wide and tall views have no bare edge.

    Parameters
    ----------
    around : GeoDataFrame
        Countries cut to ``bounds``, as a country's own file has them.
    iso3 : str
        The country in the middle.
    bounds : tuple of float
        West, south, east and north of the file's window.

    Returns
    -------
    GeoDataFrame
        The same columns; a country that goes on beyond the window is one shape, others are added at the end.
    """
    import pandas as pd
    import shapely

    outlines = country_outlines().drop(index=iso3, errors="ignore")
    window, file_window = _window(bounds, 0.0), shapely.box(*bounds)
    ring = shapely.difference(window, shapely.buffer(file_window, -REACH / 2, join_style="mitre"))
    beyond = shapely.coverage_simplify(shapely.intersection(outlines.geometry.to_numpy(), ring), COARSE)
    outlines = outlines.set_geometry(beyond, crs="EPSG:4326")[~shapely.is_empty(beyond)]
    more = outlines.index.intersection(around.index)
    shapes = around.geometry.copy()
    shapes[more] = shapely.union(around.geometry[more].to_numpy(), outlines.geometry[more].to_numpy())
    others = outlines.drop(index=more).assign(adjacent=False)
    joined = pd.concat([around.set_geometry(shapes), others])[around.columns]
    joined = joined.set_geometry([_polygons(shape) for shape in joined.geometry], crs="EPSG:4326")
    joined.attrs = around.attrs
    return joined


def _window(bounds: tuple[float, float, float, float], margin: float) -> BaseGeometry:
    """Give the bounds with a margin, widened until a view of any usual form finds no edge in it."""
    import math

    import shapely

    west, south, east, north = bounds
    west, south, east, north = west - margin, max(south - margin, -90.0), east + margin, min(north + margin, 90.0)
    if east - west < HALF_THE_WORLD:  # what is wider is the world's map already
        long = math.cos(math.radians((south + north) / 2))  # a degree of longitude, in degrees of latitude
        width, height = (east - west) * long, north - south
        wide = max(0.0, WIDEST * height - width) / long / 2
        tall = max(0.0, width / TALLEST - height) / 2
        west, south, east, north = west - wide, max(south - tall, -90.0), east + wide, min(north + tall, 90.0)
    return shapely.box(west, south, east, north)


def _whole(country: Country) -> BaseGeometry:
    """Join the units of a country that only the user knows."""
    import shapely

    frame = country.vintages[-1]
    return shapely.union_all(read_units(frame.folder / frame.files[min(frame.files)]).shapes)


def _main(shape: BaseGeometry) -> BaseGeometry:
    """Leave far islands out of the window: parts under a fiftieth of the largest."""
    import shapely

    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    return shapely.multipolygons(parts[areas >= areas.max() / 50])


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Keep the polygons of a result of overlay."""
    import shapely

    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
