"""Which frame some regions are, and the names that are known in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.geocoding.known import own_places, places_outside, settlements, shipped_places
from awsd_geo.geocoding.reading import FIELDS, PlaceNames, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from awsd_geo.geocoding.directory import Place
    from awsd_geo.geocoding.gazetteer import Gazetteer

__all__ = ["FIELDS", "PlaceNames", "Reading", "frame_of", "place_names"]


def place_names(regions: gpd.GeoDataFrame, gazetteer: Gazetteer | None = None) -> PlaceNames:
    """Gather the names that can stand for the units of a frame.

    Parameters
    ----------
    regions : GeoDataFrame
        A frame of :func:`awsd_geo.load_regions`, whose country's own gazetteer is used, or any frame of the
        schema, whose own names are then all that is known: ``name``, and every column ``names``, ``name_...``,
        ``spellings`` or ``aliases`` (texts, lists, or spellings parted by ``|``).
    gazetteer : Gazetteer, optional
        Places of your own, besides.

    Returns
    -------
    PlaceNames
    """
    from awsd_geo.geocoding.directory import Directory
    from awsd_geo.geocoding.ground import Ground
    from awsd_geo.geocoding.meaning import Meanings

    unit_of, places, depth = _known(regions, towns=not (gazetteer and gazetteer.instead))
    if gazetteer is not None:
        places += settlements(gazetteer, regions, unit_of, places)
    complete = gazetteer is not None and gazetteer.complete
    level = max(map(int, regions["level"].unique()), default=1)
    meanings = Meanings(Directory(places), Ground(regions), unit_of, depth, level, complete)
    return PlaceNames(meanings, unit_of)


def frame_of(regions: gpd.GeoDataFrame) -> tuple[str, str, int] | None:
    """Say which shipped frame these regions are, also where their ``attrs`` were lost on the way.

    Parameters
    ----------
    regions : GeoDataFrame
        Any frame of the schema.

    Returns
    -------
    tuple of (country, vintage, level) or None
        None where they are no shipped frame, or only a part of one that says so nowhere.
    """
    from awsd_geo import boundaries

    attrs = regions.attrs
    if {"country", "vintage", "level"} <= attrs.keys():
        return str(attrs["country"]), str(attrs["vintage"]), int(attrs["level"])
    vintages, levels = regions["vintage"].unique(), regions["level"].unique()
    if len(regions) == 0 or len(vintages) != 1 or len(levels) != 1:
        return None
    for country in boundaries.countries():
        if all(str(region_id).startswith(f"{country.iso3}-{vintages[0]}-") for region_id in regions.index):
            frame = country.iso3, str(vintages[0]), int(levels[0])
            if set(regions.index) <= set((_membership(*frame) or {}).values()):
                return frame
    return None


def _membership(country: str, vintage: str, level: int) -> dict[str, str] | None:
    """Give the unit of each finest unit of a country, or None where the frame is not made of them."""
    from awsd_geo import boundaries
    from awsd_geo.errors import AwsdGeoError

    try:
        table = boundaries.membership(country, vintage=vintage)
    except AwsdGeoError:
        return None
    column = f"level_{level}_{vintage}"
    return dict(zip(table.index.tolist(), table[column].tolist(), strict=True)) if column in table else None


def _known(regions: gpd.GeoDataFrame, *, towns: bool) -> tuple[Mapping[str, str], list[Place], int]:
    """Give the unit of each cell, all places, and the depth of the finest units that have names."""
    frame = frame_of(regions)
    unit_of = _membership(*frame) if frame else None
    if frame is None or unit_of is None or not set(regions.index) <= set(unit_of.values()):
        own = {region_id: region_id for region_id in regions.index.tolist()}
        return own, list(own_places(regions)), max(map(int, regions["level"]), default=1)
    places = list(shipped_places(frame[0], frame[1], towns=towns))
    outside = list(places_outside(frame[0], places))
    elsewhere = {cell: cell for place in outside for cell in place.cells}
    return {**unit_of, **elsewhere}, places + outside, _depth(*frame[:2])


def _depth(country: str, vintage: str) -> int:
    from awsd_geo import boundaries

    found = boundaries.find_country(country)
    return max(level.number for level in found.levels_of(found.vintage(vintage)))
