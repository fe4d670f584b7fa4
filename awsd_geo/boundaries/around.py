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
    margin = max(MARGIN, WIDE * max(east - west, north - south))
    window = shapely.box(west - margin, max(south - margin, -90), east + margin, min(north + margin, 90))
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
