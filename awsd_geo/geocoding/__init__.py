"""Put incidents into the units of a frame: by their place text first, by their point second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import InputError
from awsd_geo.geocoding.door import complete, degrees
from awsd_geo.geocoding.names import FIELDS, Reading, frame_of, place_names
from awsd_geo.geocoding.points import SNAP_M, metres_to, unit_of_points

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["geocode"]

PLACES_ALONE = ("none",)  # coordinate_issue of a point that may place an incident without any text
NARROWS = ("none", "coarse")  # ... of a point that may choose among the units that the text allows


class Placement(NamedTuple):
    """Where an incident was put, and how."""

    region_id: str | None
    matched_by: str
    why: str | None = None
    conflict: bool = False


def geocode(incidents: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Place each incident in a unit of a frame, or say why not.

    The place text decides where it fits one unit only; where it fits several, the point chooses among them. Where
    there is no text that is known, the point places the incident by itself, unless it is flagged. A point that
    contradicts a text that decides is reported as a conflict, and the text stands.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table, or any table with a place text (``region``, ``district``, ``city``), with ``longitude``
        and ``latitude`` in degrees, or with a geometry of points. ``iso3`` and ``coordinate_issue`` are used where
        they are there.
    regions : GeoDataFrame
        The frame, such as ``load_regions("MLI", level=1, vintage="2016")``.

    Returns
    -------
    DataFrame
        The same rows in the same order, with ``region_id``, ``matched_by``, ``conflict`` and ``why``, and with
        ``coordinate_issue`` set to "outside_country" for a point over 2 km outside every unit.

    Raises
    ------
    InputError
        If a table does not keep its schema, a region stands twice, or the regions are not in degrees.
    """
    import pandas as pd

    schema.check(regions, schema.REGIONS)
    _check_frame(regions)
    incidents = complete(incidents)
    where = Where.of(incidents, regions)
    placements = [where.place(row) for row in range(len(incidents))]
    columns = pd.DataFrame(placements, columns=list(Placement._fields), index=incidents.index)
    located = incidents.assign(
        coordinate_issue=where.issues,
        region_id=columns["region_id"].astype("string"),
        matched_by=columns["matched_by"].astype("string"),
        conflict=columns["conflict"].astype(bool),
        why=columns["why"].astype("string"),
    )
    located.attrs["regions"] = dict(regions.attrs)
    return located


def _check_frame(regions: gpd.GeoDataFrame) -> None:
    """Refuse a frame that points in degrees cannot be looked up in, or whose units are not told apart."""
    if regions.crs is None:
        raise InputError("The regions have no CRS, so no point can be placed. Use set_crs().")
    if not regions.crs.is_geographic:
        raise InputError(f"The regions are in {regions.crs.name}, the points in degrees. Use to_crs(4326).")
    if (twice := regions.index.duplicated()).any():
        raise InputError(f"The region id {regions.index[twice][0]!r} stands twice. Make the index unique.")


@dataclass(frozen=True, slots=True)
class Where:
    """What is known of the place of each incident, row by row."""

    regions: gpd.GeoDataFrame
    country: str | None
    iso3: list[str | None]
    readings: list[Reading]
    issues: list[str]
    points: list[tuple[float, float]]
    units: list[str | None]  # unit of the point
    distance_m: list[float]

    @classmethod
    def of(cls, incidents: pd.DataFrame, regions: gpd.GeoDataFrame) -> Where:
        """Read all texts and look up all points once."""
        names = place_names(regions)
        blank: list[str | None] = [None] * len(incidents)
        texts = [_texts(incidents[name]) if name in incidents.columns else blank for name in FIELDS]
        longitude, latitude = (degrees(incidents, name) for name in ("longitude", "latitude"))
        units, distance_m = unit_of_points(regions, longitude, latitude)
        issues = incidents["coordinate_issue"].astype(object).to_numpy().copy()
        issues[(distance_m > SNAP_M) & (issues != "unreadable")] = "outside_country"
        issues[np.isnan(distance_m) & ~np.isin(issues, ("missing", "unreadable"))] = "missing"
        frame = frame_of(regions)
        country = frame[0] if frame and "iso3" in incidents.columns else None
        return cls(
            regions,
            country,
            _texts(incidents["iso3"]) if country else blank,
            [names.read(text) for text in zip(*texts, strict=True)],
            list(issues),
            list(zip(longitude.tolist(), latitude.tolist(), strict=True)),
            list(units),
            distance_m.tolist(),
        )

    def place(self, row: int) -> Placement:
        """Decide one incident."""
        if self.country and self.iso3[row] != self.country:
            return Placement(None, "none", f"The incident is not in {self.country}.")
        units = self.readings[row].units
        if len(units) == 1:
            return self._by_text(row, next(iter(units)))
        return self._among(row, units) if units else self._by_point(row)

    def _by_text(self, row: int, unit: str) -> Placement:
        if self.issues[row] not in ("none", "coarse", "outside_country"):
            return Placement(unit, "text")
        if self.units[row] == unit:
            return Placement(unit, "text+point")
        if self.issues[row] == "coarse":
            return Placement(unit, "text")
        why = f"The text says {self._name(unit)}; the point lies {self._away(row, unit)}. Placed by the text."
        return Placement(unit, "text", why, conflict=True)

    def _among(self, row: int, units: frozenset[str]) -> Placement:
        here = f"The text fits {self._names(units)}"
        if self.issues[row] not in (*NARROWS, "outside_country"):
            return Placement(None, "none", f"{here}; {self._unusable(row)}.")
        if self.units[row] in units:
            return Placement(self.units[row], "text+point")
        return Placement(None, "none", f"{here}; the point lies in none of them.", conflict=True)

    def _by_point(self, row: int) -> Placement:
        here = "The text names no known place" if self.readings[row].unknown else "No place is named"
        if self.issues[row] not in PLACES_ALONE:
            return Placement(None, "none", f"{here}; {self._unusable(row)}.")
        if self.distance_m[row] > 0:
            away = f"{self.distance_m[row] / 1000:.1f} km outside every unit"
            return Placement(self.units[row], "snapped", f"{here}; the point lies {away} and is given to the nearest.")
        return Placement(self.units[row], "point")

    def _unusable(self, row: int) -> str:
        return {
            "missing": "there is no point",
            "unreadable": "the point cannot be read",
            "lat_equals_lon": "the point has the same latitude and longitude, an error of entry",
            "country_centroid": "the point stands for the country as a whole",
            "outside_country": "the point lies outside the country",
            "coarse": "the point is given to a tenth of a degree only",
        }[self.issues[row]]

    def _away(self, row: int, unit: str) -> str:
        import shapely

        km = metres_to(self.regions.geometry[unit], shapely.Point(self.points[row])) / 1000
        other = self.units[row]
        place = f"in {self._name(other)}" if other is not None else "outside the country"
        return f"{place}, {km:.0f} km away" if km >= 1 else f"in {place.removeprefix('in ')}, under 1 km away"

    def _name(self, unit: Any) -> str:
        return str(self.regions["name"][unit])

    def _names(self, units: frozenset[str]) -> str:
        *some, last = [self._name(unit) for unit in self.regions.index if unit in units]
        return f"{', '.join(some)} or {last}"


def _texts(column: pd.Series) -> list[str | None]:
    return [None if missing else str(text) for text, missing in zip(column, column.isna(), strict=True)]
