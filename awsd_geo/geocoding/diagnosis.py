"""Points far outside their country: what the mistake seems to be. Named, never corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import RequestError
from awsd_geo.geocoding.door import degrees

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

FAR_KM = 50.0
"""A point so far outside its country is no matter of a generalised border."""
OFFSHORE_KM = 100.0
"""A point in the sea this near to its country is taken for one in the sea, not for a mistyped one."""
ERRORS = (
    "none", "lat_equals_lon", "wrong_sign", "swapped", "lost_digit", "wrong_country", "later_country", "not_on_land",
    "no_outline",
)  # fmt: skip


class Finding(NamedTuple):
    """What is wrong with one point."""

    km_outside: float  # of the country that the row states
    lies_in: str | None  # ISO3 of the country that holds the point
    error: str  # one of ERRORS
    why: str | None


def diagnose(incidents: pd.DataFrame, countries: gpd.GeoDataFrame, *, far_km: float = FAR_KM) -> pd.DataFrame:
    """Say of each point how far outside its country it lies, and what mistake would explain it.

    The explanations are tried in this order, and the first that holds is named: latitude and longitude are the same
    number; the point lies in a country that borders on its own (then the country, the point or the border is wrong)
    or in the sea within 100 km; with the other sign, with latitude and longitude swapped, or with one more digit in
    front of a coordinate of a single digit before the decimal point, it would lie in its country; it lies in another
    country; it lies on no land.

    Parameters
    ----------
    incidents : DataFrame
        With ``iso3``, and ``longitude`` and ``latitude`` in degrees.
    countries : GeoDataFrame
        Outlines in EPSG:4326, index ``iso3``, with ``name``.
    far_km : float, default 50
        Points nearer than this to their country (geodesic, WGS84) have no error.

    Returns
    -------
    DataFrame
        Same index: ``km_outside`` (0 inside; missing without a point or without an outline), ``lies_in`` (ISO3),
        ``error`` ("none", "lat_equals_lon", "wrong_sign", "swapped", "lost_digit", "wrong_country", "not_on_land";
        "no_outline" for a country that ``countries`` lacks) and ``why``, a sentence.

    Raises
    ------
    RequestError
        If ``far_km`` is not a number over 0.
    """
    import pandas as pd

    if not 0 < far_km < np.inf:
        raise RequestError(f"far_km must be a number over 0, for example 50; it is {far_km!r}.")
    schema.need(incidents, "iso3")
    longitude, latitude = (degrees(incidents, name) for name in ("longitude", "latitude"))
    world = World.of(countries)
    places = list(zip(incidents["iso3"].astype(object), longitude.tolist(), latitude.tolist(), strict=True))
    known = {place: world.judge(*place, far_km) for place in dict.fromkeys(places)}
    table = pd.DataFrame([known[place] for place in places], columns=list(Finding._fields), index=incidents.index)
    return table.astype({"lies_in": "string", "error": "string", "why": "string"})


@dataclass(frozen=True, slots=True)
class World:
    """Outlines of countries, ready to be asked."""

    outlines: dict[str, BaseGeometry]
    names: dict[str, str]

    @classmethod
    def of(cls, countries: gpd.GeoDataFrame) -> World:
        """Prepare the outlines."""
        import shapely

        shapes = countries.geometry.to_numpy()
        shapely.prepare(shapes)
        ids = [str(iso3) for iso3 in countries.index]
        return cls(dict(zip(ids, shapes, strict=True)), dict(zip(ids, countries["name"].astype(str), strict=True)))

    def judge(self, iso3: object, longitude: float, latitude: float, far_km: float) -> Finding:
        """Judge one point."""
        if not (np.isfinite(longitude) and np.isfinite(latitude)) or not isinstance(iso3, str):
            return Finding(np.nan, None, "none", None)
        if iso3 not in self.outlines:
            return Finding(np.nan, self.holder(longitude, latitude), "no_outline", f"No outline of {iso3} is known.")
        km = self.km_to(iso3, longitude, latitude)
        if km == 0:
            return Finding(0.0, iso3, "none", None)
        holder = self.holder(longitude, latitude)
        if km <= far_km:
            return Finding(km, holder, "none", None)
        error, remark = self._explained(iso3, longitude, latitude, holder, km)
        place = f"in {self.names[holder]}" if holder else "on no land"
        return Finding(km, holder, error, f"The point lies {place}, {km:,.0f} km outside {self.names[iso3]}{remark}.")

    def _explained(
        self, iso3: str, longitude: float, latitude: float, holder: str | None, km: float
    ) -> tuple[str, str]:
        """Name the mistake that explains a point, and write it."""
        if longitude == latitude:
            return "lat_equals_lon", ": its latitude and longitude are the same number"
        if holder and self._neighbours(iso3, holder):
            return "wrong_country", ", its neighbour"
        if not holder and km <= OFFSHORE_KM:
            return "not_on_land", ""
        tried = [repair for repair in _repairs(longitude, latitude) if self._holds(iso3, *repair.point)]
        if tried:
            alike = [repair.value for repair in tried if repair.meant == tried[0].meant]
            values = f" ({' or '.join(alike)})" if alike[0] else ""
            return tried[0].error, f"; with {tried[0].meant}{values} it would lie in it"
        return ("wrong_country" if holder else "not_on_land"), ""

    def holder(self, longitude: float, latitude: float) -> str | None:
        """Give the country that holds a point."""
        return next((iso3 for iso3 in self.outlines if self._holds(iso3, longitude, latitude)), None)

    def km_to(self, iso3: str, longitude: float, latitude: float) -> float:
        """Give the way to a country, 0 inside."""
        import shapely

        from awsd_geo.geocoding.points import metres_to

        if self._holds(iso3, longitude, latitude):
            return 0.0
        return metres_to(self.outlines[iso3], shapely.Point(longitude, latitude)) / 1000

    def _holds(self, iso3: str, longitude: float, latitude: float) -> bool:
        import shapely

        return bool(shapely.intersects_xy(self.outlines[iso3], longitude, latitude))

    def _neighbours(self, one: str, other: str) -> bool:
        import shapely

        return bool(shapely.dwithin(self.outlines[one], self.outlines[other], 0.05))  # generalised lines may gape


class Repair(NamedTuple):
    """One mistake, and the point as it would have been meant."""

    error: str
    point: tuple[float, float]  # longitude, latitude
    meant: str
    value: str = ""  # the coordinate as it would have been meant


def _repairs(longitude: float, latitude: float) -> list[Repair]:
    """List the mistakes that are tried."""
    tried = [
        Repair("wrong_sign", (longitude, -latitude), "the other sign of the latitude"),
        Repair("wrong_sign", (-longitude, latitude), "the other sign of the longitude"),
        Repair("wrong_sign", (-longitude, -latitude), "the other sign of both"),
    ]
    if abs(longitude) <= 90:
        tried.append(Repair("swapped", (latitude, longitude), "latitude and longitude swapped"))
    digits = [
        *(("longitude", east, (east, latitude)) for east in _with_a_digit(longitude, 180)),
        *(("latitude", north, (longitude, north)) for north in _with_a_digit(latitude, 90)),
    ]
    more = "one more digit in front of the"
    return tried + [Repair("lost_digit", point, f"{more} {which}", f"{value:.6g}") for which, value, point in digits]


def _with_a_digit(value: float, largest: float) -> list[float]:
    """Put a digit in front of a number that has one digit before its decimal point."""
    if not 1 <= abs(value) < 10:
        return []
    sign = 1 if value > 0 else -1
    return [value + sign * 10 * digit for digit in range(1, 10) if abs(value) + 10 * digit <= largest]
