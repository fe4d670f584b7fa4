"""Shapes of the world layer: one coverage, cut and merged as world.toml says, simplified as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

Unit = dict[str, Any]
OUTLINE_DECIMALS = 2
ROUNDS = 5  # of rounding and cleaning, until neither changes anything


def moved(units: list[Unit], moves: Sequence[Mapping[str, Any]]) -> list[Unit]:
    """Join units that world.toml says are one, and give parts of a country to another by parallel.

    Parameters
    ----------
    units : list of dict
        With ``code``, ``into``, ``iso3`` and ``shape``; altered.
    moves : sequence of mapping
        ``from``, ``to`` (whose units become one), ``south_of`` (degrees).

    Returns
    -------
    list of dict
        The units that are left.
    """
    by_code = {unit["code"]: unit for unit in units}
    for unit in units:
        unit["shape"] = shapely.make_valid(unit["shape"])
    for unit in units:
        if unit["into"]:
            _join(by_code[unit["into"]], unit["shape"])
    units = [unit for unit in units if not unit["into"]]
    for move in moves:
        south = shapely.box(-180, -90, 180, move["south_of"])
        (taker,) = (unit for unit in units if unit["iso3"] == move["to"])
        for unit in units:
            if unit["iso3"] == move["from"] and shapely.intersects(unit["shape"], south):
                _join(taker, _polygons(shapely.intersection(unit["shape"], south)))
                unit["shape"] = _polygons(shapely.difference(unit["shape"], south))
    return [unit for unit in units if not shapely.is_empty(unit["shape"])]


def _join(taker: Unit, shape: shapely.Geometry) -> None:
    taker["shape"] = shapely.union(taker["shape"], shape)


def simplify(units: Sequence[Unit], tolerance: float, decimals: int) -> None:
    """Simplify all units of the world at once, so that neighbours keep one common line, and round them.

    Raises
    ------
    SystemExit
        If what comes out is no valid coverage, or a unit is lost.
    """
    shapes = shapely.coverage_clean(np.array([unit["shape"] for unit in units]), gap_width=0)
    simple = shapely.coverage_simplify(shapes, tolerance)
    rounded = shapely.transform(simple, lambda points: np.round(points, decimals))
    made = shapely.coverage_clean(rounded, gap_width=0)
    for place in np.flatnonzero(shapely.is_empty(made)):
        made[place] = _smallest(shapes[place], decimals)
    made = shapely.transform(made, lambda points: np.round(points, decimals))
    if not shapely.coverage_is_valid(made) or not shapely.is_valid(made).all():
        raise SystemExit("The rounded units are no valid coverage.")
    for unit, shape in zip(units, made, strict=True):
        unit["shape"] = shape


def _smallest(shape: shapely.Geometry, decimals: int) -> shapely.Geometry:
    """Draw what is smaller than rounding lets be drawn as the smallest square around its middle."""
    step = 10.0**-decimals
    x, y = np.round(shapely.get_coordinates(shapely.centroid(shape))[0], decimals)
    return shapely.box(x - step, y - step, x + step, y + step)


def outlines(by_country: Mapping[str, Sequence[Unit]], tolerance: float) -> dict[str, shapely.Geometry]:
    """Dissolve the units into countries and simplify these, again as one coverage."""
    whole = [shapely.coverage_union_all([unit["shape"] for unit in units]) for units in by_country.values()]
    simple = shapely.coverage_simplify(np.array(whole), tolerance)
    made = np.array([_without_islets(shape) for shape in simple])
    for _ in range(ROUNDS):
        made = shapely.transform(made, lambda points: np.round(points, OUTLINE_DECIMALS))
        if shapely.is_valid(made).all() and shapely.coverage_is_valid(made[~shapely.is_empty(made)]):
            break
        made = shapely.coverage_clean(made, gap_width=0)
    else:
        raise SystemExit("The rounded outlines of countries are no valid coverage.")
    lost = shapely.is_empty(made)
    made[lost] = [_smallest(shape, OUTLINE_DECIMALS) for shape in np.array(whole)[lost]]
    return dict(zip(by_country, made, strict=True))


def _without_islets(shape: shapely.Geometry) -> shapely.Geometry:
    """Leave out parts under a thousandth of the largest part: they cannot be seen where this is drawn."""
    parts = shapely.get_parts(shape)
    areas = shapely.area(parts)
    kept = parts[areas >= areas.max() / 1000]
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of a result of overlay."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if parts else shapely.Polygon()
