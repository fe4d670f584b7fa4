"""The levels of a frame of the user's own: put in order, each unit in those above it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.country import Place
from awsd_geo.boundaries.shapes import read_units

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np

DECIMALS = 7  # of a degree: about a centimetre
_OURS = ("name", "level", "vintage", "kind", "parent_id", "spellings", "geometry")


@dataclass(frozen=True, slots=True, eq=False)
class LevelUnits:
    """The units of one level as our files hold them, sorted by key."""

    properties: list[dict[str, Any]]
    shapes: np.ndarray[Any, np.dtype[np.object_]]

    @classmethod
    def read(cls, path: Path) -> LevelUnits:
        """Read a level that was written before."""
        import numpy as np

        units = read_units(path)
        return cls(units.properties, np.array(units.shapes, dtype=object))

    def keys(self) -> list[str]:
        """Give the key of each unit."""
        return [unit["key"] for unit in self.properties]

    def geojson(self, notice: str) -> str:
        """Write the units in the form of the files that come with awsd_geo (RFC 7946), one a line."""
        from shapely import orient_polygons
        from shapely.geometry import mapping

        lines = [
            _compact({"type": "Feature", "properties": unit, "geometry": mapping(orient_polygons(shape))})
            for unit, shape in zip(self.properties, _rounded(self.shapes), strict=True)
        ]
        head = json.dumps({"type": "FeatureCollection", "notice": notice}, ensure_ascii=False).removesuffix("}")
        return head + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"


def units_of(regions: gpd.GeoDataFrame, place: Place) -> LevelUnits:
    """Give the units of a table of `from_file` as our files hold them.

    Parameters
    ----------
    regions : GeoDataFrame
        As `from_file` gives it.
    place : Place
        Its country.

    Returns
    -------
    LevelUnits
        The names of the units above are kept under ``name_of_<level>`` until `arrange` has used them.
    """
    vintage, level = regions.attrs["vintage"], regions.attrs["level"]
    above = [one for one in range(1, level) if f"level_{one}_id" in regions]
    codes = code_systems(regions)
    start = {one: len(place.unit_id(vintage, one, "")) for one in (*above, level)}
    units = []
    for region_id, row in zip(regions.index, regions.drop(columns="geometry").to_dict("records"), strict=True):
        unit: dict[str, Any] = {"key": region_id[start[level] :], "name": row["name"], "kind": row["kind"]}
        for one in above:
            if isinstance(held := row[f"level_{one}_id"], str):
                unit[f"level_{one}"] = held[start[one] :]
                unit[f"name_of_{one}"] = row.get(f"level_{one}_name", held[start[one] :])
        if row.get("spellings"):
            unit["spellings"] = list(row["spellings"])
        units.append(unit | {name: row[name] for name in codes if isinstance(row[name], str)})
    return LevelUnits(units, regions.geometry.to_numpy())


def code_systems(regions: gpd.GeoDataFrame) -> list[str]:
    """Name the columns of a table of `from_file` that hold codes."""
    return [name for name in regions.columns if name not in _OURS and not str(name).startswith("level_")]


def arrange(levels: Mapping[int, LevelUnits], place: Place) -> dict[int, LevelUnits]:
    """Make the levels above that units name and nobody gave, and say of each unit in which units above it lies.

    Parameters
    ----------
    levels : mapping of int to LevelUnits
        The levels given.
    place : Place
        The country.

    Returns
    -------
    dict of int to LevelUnits
        Each unit has ``level_<n>`` for every level above that there is: as its file says, if the level has such a
        unit, else the unit that holds a point inside it, else the nearest.
    """
    made = dict(levels)
    for below in sorted(levels):
        for number in range(below - 1, 0, -1):
            if number not in made and all(f"name_of_{number}" in unit for unit in levels[below].properties):
                made[number] = _joined(levels[below], number, place)
    for number, units in made.items():
        for above in sorted(one for one in made if one < number):
            _link(units, above, made[above])
    return {
        number: LevelUnits([_bare(unit, made) for unit in units.properties], units.shapes)
        for number, units in made.items()
    }


def _joined(units: LevelUnits, number: int, place: Place) -> LevelUnits:
    """Make the units of a level above by joining those of this one."""
    import numpy as np
    import shapely

    members: dict[str, list[int]] = {}
    for row, unit in enumerate(units.properties):
        members.setdefault(unit[f"level_{number}"], []).append(row)
    made, shapes = [], np.empty(len(members), dtype=object)
    for place_of, key in enumerate(sorted(members)):
        first = units.properties[members[key][0]]
        still = {name: first[name] for one in range(1, number) for name in _linked(one) if name in first}
        made.append({"key": key, "name": first[f"name_of_{number}"], "kind": place.kind(number), **still})
        shapes[place_of] = shapely.coverage_union_all(units.shapes[members[key]])
    return LevelUnits(made, shapes)


def _linked(number: int) -> tuple[str, str]:
    return f"level_{number}", f"name_of_{number}"


def _link(units: LevelUnits, above: int, holders: LevelUnits) -> None:
    """Say in which unit above each lies, where its file has not said so or names one that is not there."""
    import numpy as np
    import shapely

    known = set(holders.keys())
    rows = [row for row, unit in enumerate(units.properties) if unit.get(f"level_{above}") not in known]
    if not rows:
        return
    points = shapely.point_on_surface(units.shapes[np.array(rows)])
    nearest = shapely.STRtree(holders.shapes).nearest(points)
    for row, place_of in zip(rows, nearest.tolist(), strict=True):
        units.properties[row][f"level_{above}"] = holders.properties[place_of]["key"]


def _bare(unit: Mapping[str, Any], made: Mapping[int, Any]) -> dict[str, Any]:
    """Leave out what was needed only to join, and units of levels that there are not."""
    absent = {f"level_{number}" for number in range(1, 6) if number not in made}
    return {name: value for name, value in unit.items() if not name.startswith("name_of_") and name not in absent}


def _compact(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _rounded(shapes: np.ndarray[Any, np.dtype[np.object_]]) -> Any:
    """Round to a centimetre, if the units then still fit together."""
    import numpy as np
    import shapely

    less = shapely.transform(shapes, lambda points: np.round(points, DECIMALS))
    fits = shapely.is_valid(less).all() and shapely.coverage_is_valid(less) == shapely.coverage_is_valid(shapes)
    return less if fits else shapes
