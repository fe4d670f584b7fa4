"""Which places are known in a frame: its own units, those that come with its country, those of a gazetteer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from awsd_geo.geocoding.directory import TOWN, Cells, Place
from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from awsd_geo.geocoding.gazetteer import Gazetteer, Settlement


def own_places(regions: gpd.GeoDataFrame) -> Iterator[Place]:
    """Give the names that stand in a frame itself: of its units, and of those above where it names them."""
    columns = [name for name in regions if str(name).partition("_")[0] in {"name", "names", "spellings", "aliases"}]
    for region_id, level, *texts in zip(
        regions.index, regions["level"], *(regions[name] for name in columns), strict=True
    ):
        spellings = {fold(text): text for some in texts for text in _spellings(some)}
        for text in spellings.values():
            yield Place(text, int(level), frozenset({region_id}))
    for column in regions:
        if above := re.fullmatch(r"level_([1-9])_name", str(column)):
            for text, members in regions.groupby(column).groups.items():
                yield Place(str(text), int(above[1]), frozenset(members))


def _spellings(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split("|")
    if isinstance(value, dict):
        value = list(value.values())
    return [text for text in value if isinstance(text, str)] if isinstance(value, list | tuple) else []


def shipped_places(country: str, vintage: str, *, towns: bool) -> Iterator[Place]:
    """Give the names that come with a country."""
    from awsd_geo import boundaries

    found = boundaries.find_country(country)
    depths = {level.kind: level.number for level in found.levels_of(found.vintage(vintage))}
    points = _points(country)
    known = boundaries.place_names(country, vintage=vintage)
    units: dict[str, list[Place]] = {}
    for name, kind, some in known[["name", "level", "cells"]].itertuples(index=False, name=None):
        depth, cells = depths.get(kind, TOWN), frozenset(some)
        place = Place(name, depth, cells, points.get((fold(name), cells)) if depth == TOWN else None)
        if depth < TOWN:
            units.setdefault(fold(name), []).append(place)
        if depth < TOWN or towns:
            yield place
    for cell, spellings in _towns(country):  # how a town is spelled, the unit that has its name is spelled too
        for unit in {unit for name in spellings for unit in units.get(fold(name), []) if cell in unit.cells}:
            yield from (
                unit._replace(name=name, borrowed=True) for name in spellings if unit not in units.get(fold(name), [])
            )


def places_outside(country: str, known: list[Place]) -> Iterator[Place]:
    """Give the units of a country that was a part of this one: old incidents name them, and they are in no unit here.

    Each is its own cell, named by its region_id. Names that this country has too stay its own. Which country that is
    stands in the facts of the world layer (``formerly``, with ``names_outside``).
    """
    from awsd_geo import boundaries

    taken = {fold(place.name) for place in known}
    parts = boundaries.former_states(country, (0, 0))
    for other in [entry["other"] for entry in parts if entry.get("names_outside")]:
        for level in boundaries.find_country(other).levels[:2]:
            units = boundaries.load_regions(other, level=level.number)["name"]
            for region_id, name in units.items():
                if fold(name) not in taken:
                    yield Place(name, level.number, frozenset({str(region_id)}))


def _listed(country: str) -> Iterator[tuple[str, tuple[str, ...], tuple[float, float] | None]]:
    """Give cell, spellings and point of each town that comes with a country."""
    from awsd_geo import boundaries

    found = boundaries.find_country(country)
    if "towns" in found.facts.get("tables", {}):
        table = boundaries.towns(country).dropna(subset="cell")
        columns = [table[name].tolist() for name in ("cell", "name", "alternate_names", "lon", "lat")]
        for cell, name, others, longitude, latitude in zip(*columns, strict=True):
            yield cell, (name, *others), (longitude, latitude)
    for town in found.facts.get("settlements", []):
        point = (town["lon"], town["lat"]) if "lon" in town else None
        yield town["cell"], (town["name"], *town["spellings"]), point


def _points(country: str) -> dict[tuple[str, Cells], tuple[float, float]]:
    """Give the points of a country's towns, by folded name and cell."""
    listed = ((cell, names, point) for cell, names, point in _listed(country) if point)
    return {(fold(name), frozenset({cell})): point for cell, names, point in listed for name in names}


def _towns(country: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((cell, names) for cell, names, _ in _listed(country))


def settlements(
    gazetteer: Gazetteer, regions: gpd.GeoDataFrame, unit_of: Mapping[str, str], known: list[Place]
) -> Iterator[Place]:
    """Place the settlements of a gazetteer by their points, and by the units that they say hold them."""
    import numpy as np

    from awsd_geo.geocoding.points import SNAP_M, unit_of_points

    listed = gazetteer.settlements
    longitude = np.array([np.nan if place.longitude is None else place.longitude for place in listed], dtype=float)
    latitude = np.array([np.nan if place.latitude is None else place.latitude for place in listed], dtype=float)
    units, _ = unit_of_points(regions, longitude, latitude, farthest_m=SNAP_M)
    cells_of: dict[str, set[str]] = {}
    for cell, unit in unit_of.items():
        cells_of.setdefault(unit, set()).add(cell)
    above: dict[str, set[str]] = {}
    for place in known:
        above.setdefault(fold(place.name), set()).update(place.cells)
    for settlement, unit in zip(listed, units, strict=True):
        cells = frozenset(cells_of.get(unit, ()))
        held = frozenset(above.get(fold(settlement.parent), ())) if settlement.parent else frozenset()
        cells = cells & held or cells or held
        if cells:
            yield Place(settlement.name, TOWN, cells, _point(settlement))


def _point(settlement: Settlement) -> tuple[float, float] | None:
    if settlement.longitude is None or settlement.latitude is None:
        return None
    return settlement.longitude, settlement.latitude
