"""The countries around, drawn beneath a country so that its map does not float in nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from .geojson import Feature


def neighbours(country: Mapping[str, Any], world: Path, outline: shapely.Geometry) -> list[Feature]:
    """Clip, simplify and name the countries around a country.

    Natural Earth's border of the country is not ours: between the two lie gaps of up to 7 km. So every country
    that touches it is let reach beneath it (``reach`` degrees), and the country is drawn on top.

    Parameters
    ----------
    country : mapping
        The parsed country.toml; its tables ``[neighbours]`` and ``[build.neighbours]``.
    world : Path
        Natural Earth's first-level units as GeoJSON, with ``adm0_a3``.
    outline : Polygon or MultiPolygon
        The country as we draw it.

    Returns
    -------
    list of (properties, geometry)
        Properties: ``key`` (ISO3), ``name``, ``name_fr``, ``adjacent``.
    """
    how, named = country["build"]["neighbours"], country["neighbours"]
    west, south, east, north = outline.bounds
    window = shapely.box(*(np.array([west, south, east, north]) + how["margin"] * np.array([-1, -1, 1, 1])))
    around = _countries(world, window, how.get("codes", {}))
    for move in how.get("moved", []):
        _move(around, move)
    own = shapely.union(around.pop(country["iso3"]), outline)
    if set(around) != set(named):
        raise SystemExit(f"country.toml names {sorted(named)}, in the window lie {sorted(around)}.")
    reaching = []
    for iso3, shape in around.items():
        beneath = shapely.intersection(shapely.buffer(shape, how["reach"]), own)
        reaching.append(shapely.union(shape, beneath) if named[iso3]["adjacent"] else shape)
    coverage = shapely.coverage_clean(np.array(_apart(reaching)), gap_width=how["reach"] / 10)
    simple = shapely.coverage_simplify(coverage, how["tolerance"])
    clipped = [_polygons(shapely.intersection(shape, window)) for shape in simple]
    return [
        ({"key": iso3, "name": name["en"], "name_fr": name["fr"], "adjacent": name["adjacent"]}, shape)
        for (iso3, name), shape in zip(((iso3, named[iso3]) for iso3 in around), clipped, strict=True)
    ]


def _countries(world: Path, window: shapely.Geometry, codes: Mapping[str, str]) -> dict[str, shapely.Geometry]:
    """Dissolve the first-level units that meet the window into countries, by ISO3.

    Natural Earth has codes of its own where ISO 3166 has another or none (``SDS`` is South Sudan, ``SOL`` the part
    of Somalia that it draws apart); ``codes`` says what each stands for.
    """
    parts: dict[str, list[shapely.Geometry]] = {}
    for code, shape in _first_level(world):
        if shapely.intersects(shape, window):
            parts.setdefault(codes.get(code, code), []).append(shapely.make_valid(shape))
    return {iso3: shapely.union_all(shapes) for iso3, shapes in sorted(parts.items())}


@lru_cache(maxsize=1)
def _first_level(world: Path) -> list[tuple[str, shapely.Geometry]]:
    """Read Natural Earth's units once for all countries of a run, each with the code of its country."""
    features = json.loads(world.read_text(encoding="utf-8"))["features"]
    return [(unit["properties"]["adm0_a3"], shapely.from_geojson(json.dumps(unit["geometry"]))) for unit in features]


def _move(around: dict[str, shapely.Geometry], move: Mapping[str, Any]) -> None:
    """Give the part of one country south of a parallel to another."""
    south = shapely.box(-180, -90, 180, move["south_of"])
    around[move["to"]] = shapely.union(around[move["to"]], shapely.intersection(around[move["from"]], south))
    around[move["from"]] = shapely.difference(around[move["from"]], south)


def _apart(shapes: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Give what several countries reach for to the first of them."""
    apart: list[shapely.Geometry] = []
    for shape in shapes:
        apart.append(_polygons(shapely.difference(shape, shapely.union_all(apart)) if apart else shape))
    return apart


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons of a result of overlay, without crumbs under 0.001 square degrees."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0.001]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
