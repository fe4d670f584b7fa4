"""Where the units of a scan are: outlines, points, or an order of neighbours given by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._scan_zones import EARTH_KM, euclidean, great_circle_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._guard import Frame

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

DEGREES = (("longitude", "latitude"), ("lon", "lat"))
PLANE = ("x", "y")


@dataclass(frozen=True, slots=True)
class Where:
    """Points of the units in the order of the counts, or the order of neighbours of each."""

    ids: pd.Index
    points: Floats | None  # shape (n_units, 2): longitude and latitude, or x and y
    degrees: bool
    orders: list[Whole] | None
    regions: Any  # the outlines, if they were given

    @property
    def unit(self) -> str:
        """What distances are in: "km", or "" for the unit of the coordinates."""
        return "km" if self.degrees else ""

    def distances(self) -> Floats:
        """Give the distances between the units: great circles in km, or straight lines."""
        if self.points is None:
            raise RequestError("An order of neighbours has no distances. Give coordinates.")
        return great_circle_km(*self.points.T) if self.degrees else euclidean(self.points)

    def radius(self, members: Whole) -> float:
        """Give the distance of the farthest of some units from the first of them; NaN if there are no distances."""
        if self.points is None:
            return np.nan
        return float(replace(self, points=self.points[members]).distances()[0].max())

    def plane(self) -> Floats:
        """Give the points on a plane; degrees as km east and north at the mean latitude."""
        if self.points is None:
            raise RequestError("An order of neighbours has no directions. Give coordinates.")
        if not self.degrees:
            return self.points
        east, north = np.radians(self.points).T
        middle = np.angle(np.exp(1j * east).mean())
        east = np.angle(np.exp(1j * (east - middle)))  # also across 180 degrees
        flat: Floats = EARTH_KM * np.column_stack([east * np.cos(north.mean()), north])
        return flat

    def only(self, kept: Whole) -> Where:
        """Give these units alone, in ascending order."""
        new = np.full(len(self.ids), -1)
        new[kept] = np.arange(len(kept))
        orders = None if self.orders is None else [new[self.orders[unit]] for unit in kept]
        return Where(
            self.ids[kept],
            None if self.points is None else self.points[kept],
            self.degrees,
            None if orders is None else [line[line >= 0] for line in orders],
            None if self.regions is None else self.regions.iloc[kept],
        )

    def neighbours(self, given: Any) -> Any:
        """Give the neighbours that were given, or those whose outlines touch."""
        if given is not None:
            return given
        if self.regions is None:
            raise RequestError("A flexible window needs neighbours. Give Windows(neighbours=...), or outlines.")
        from awsd_geo.weights import adjacency

        return adjacency(self.regions)


def named_by(where: Any, frame: Frame) -> Frame:
    """Name the units as their table of places does, where the counts do not name them."""
    ids = frame.names.index
    if not isinstance(where, pd.DataFrame) or not where.index.is_unique or list(frame.names) != list(map(str, ids)):
        return frame
    names, kinds = (where[column].reindex(ids) if column in where else None for column in ("name", "kind"))
    if names is not None and names.notna().all():
        frame = replace(frame, names=names.astype(object))
    return frame if kinds is None or kinds.isna().any() else replace(frame, kinds=kinds.astype(object))


def locate(where: Any, ids: pd.Index) -> Where:
    """Bring the places into the order of the counts.

    Parameters
    ----------
    where : GeoDataFrame, DataFrame or mapping
        Outlines or points with a CRS; a table with the columns longitude and latitude (or lon and lat), in degrees,
        or x and y; or for each unit the units nearest to it, itself first. By ``region_id``.
    ids : Index, shape (n_units,)
        The units that were counted.

    Returns
    -------
    Where

    Raises
    ------
    InputError
        If a unit is absent, given twice, not counted, or without a place; or there is no CRS.
    """
    if isinstance(where, Mapping):
        return Where(ids, None, degrees=False, orders=_orders(where, ids), regions=None)
    if not isinstance(where, pd.DataFrame):
        raise InputError(
            f"where must be regions, a table of coordinates or an order of neighbours, not {type(where).__name__}."
        )
    _check_units(where.index, ids)
    table = where.loc[list(ids)]
    if hasattr(where, "crs"):
        points, degrees = _middles(table), bool(where.crs.is_geographic)
    else:
        points, degrees = _coordinates(table)
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if len(bad):
        raise InputError(f"{ids[bad[0]]!r} has no coordinates. Give a place for every unit, or leave the unit out.")
    if degrees and (np.abs(points) > [360, 90]).any():
        raise InputError("A latitude is beyond 90 degrees. Give x and y for what is not in degrees.")
    return Where(ids, points, degrees, None, table if hasattr(where, "crs") else None)


def _check_units(given: pd.Index, ids: pd.Index) -> None:
    if not given.is_unique:
        raise InputError(f"The places name {given[given.duplicated()][0]!r} twice. Give each unit one place.")
    if len(absent := ids.difference(given)):
        raise InputError(f"The places lack {absent[0]!r}, which was counted. Give a place for every unit.")
    if len(strange := given.difference(ids)):
        raise InputError(f"The places name {strange[0]!r}, which was not counted. Write its zero, or leave it out.")


def _orders(where: Mapping[Any, Any], ids: pd.Index) -> list[Whole]:
    _check_units(pd.Index(list(where)), ids)
    orders = []
    for unit in ids:
        line = ids.get_indexer(pd.Index(list(where[unit])))
        if (line < 0).any() or len(set(line.tolist())) < len(line) or not len(line) or ids[line[0]] != unit:
            raise InputError(f"The order of neighbours of {unit!r} must start with itself and name each unit once.")
        orders.append(line.astype(np.int64))
    return orders


def _coordinates(table: pd.DataFrame) -> tuple[Floats, bool]:
    for columns in (*DEGREES, PLANE):
        if set(columns) <= set(table.columns):
            points = table[list(columns)].apply(pd.to_numeric, errors="coerce")
            return points.to_numpy(dtype=np.float64, na_value=np.nan), columns != PLANE
    raise InputError("The places need columns longitude and latitude, or x and y. Rename the columns.")


def _middles(regions: Any) -> Floats:
    """Give each outline's centroid in its own coordinates, or a point inside where the centroid is outside."""
    import shapely

    if regions.crs is None:
        raise InputError("The regions have no CRS, so their distances are unknown. Use set_crs().")
    shapes = np.asarray(regions.geometry.array)
    if (empty := shapely.is_missing(shapes) | shapely.is_empty(shapes)).any():
        raise InputError(f"The region {regions.index[empty][0]!r} has no geometry. Drop it or give it one.")
    if regions.crs.is_geographic:
        west, _, east, _ = shapely.bounds(shapes).T
        for number in np.flatnonzero(east - west > 180):  # on both sides of 180 degrees
            shapes[number] = shapely.transform(shapes[number], lambda xy: np.where([True, False], xy % 360, xy))
    middles = shapely.centroid(shapes)
    outside = ~shapely.intersects(shapes, middles)
    middles[outside] = shapely.point_on_surface(shapes[outside])
    return np.column_stack([shapely.get_x(middles), shapely.get_y(middles)])
