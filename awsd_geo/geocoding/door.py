"""What comes in: any table with a place text or a point, made to look like the incidents table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import InputError
from awsd_geo.geocoding.names import FIELDS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def complete(incidents: pd.DataFrame) -> pd.DataFrame:
    """Fill in what a table that never saw AWSD may lack: coordinates from its points, and what is wrong with them.

    Parameters
    ----------
    incidents : DataFrame or GeoDataFrame
        With a place text (``region``, ``district`` or ``city``), or ``longitude`` and ``latitude`` in degrees, or a
        geometry of points.

    Returns
    -------
    DataFrame
        The same rows with ``longitude``, ``latitude`` and ``coordinate_issue``.

    Raises
    ------
    InputError
        If there is neither text nor point, a geometry that is no point, or a geometry without CRS.
    """
    table = _with_points(incidents)
    if not {"longitude", "latitude"} <= set(table.columns) and not set(FIELDS) & set(table.columns):
        raise InputError(
            f"The table has neither a place text ({', '.join(FIELDS)}) nor a point (longitude and latitude, or a "
            f"geometry). It has: {', '.join(map(str, table.columns))}. Rename yours."
        )
    if "coordinate_issue" not in table.columns:
        table = table.assign(coordinate_issue=_issues(degrees(table, "longitude"), degrees(table, "latitude")))
    wrong = ~table["coordinate_issue"].isin(schema.COORDINATE_ISSUES)
    if wrong.any():
        first = table["coordinate_issue"][wrong].iloc[0]
        raise InputError(f"coordinate_issue is {first!r} in {wrong.sum()} rows. Allowed: {_listed()}.")
    return table


def degrees(table: pd.DataFrame, name: str) -> Any:
    """Give a column of degrees as an array of float; NaN where missing or where there is no such column."""
    if name not in table.columns:
        return np.full(len(table), np.nan)
    return table[name].to_numpy(dtype="float64", na_value=np.nan)


def _with_points(incidents: pd.DataFrame | gpd.GeoDataFrame) -> pd.DataFrame:
    if not hasattr(incidents, "geom_type") or "longitude" in incidents.columns:
        return incidents
    geometry = incidents.geometry
    if not geometry.dropna().geom_type.eq("Point").all():
        raise InputError("The geometry of the incidents has something else than points. Use their centroids.")
    if geometry.crs is None:
        raise InputError("The points have no CRS. Use set_crs(4326) if they are in degrees.")
    points = geometry.to_crs(4326)
    return incidents.assign(longitude=points.x, latitude=points.y)


def _issues(longitude: Any, latitude: Any) -> Any:
    off = (np.abs(longitude) > 180) | (np.abs(latitude) > 90)
    same = (longitude == latitude) & (longitude != 0)
    missing = np.isnan(longitude) | np.isnan(latitude)
    return np.select([missing, off, same], ["missing", "unreadable", "lat_equals_lon"], "none").astype(object)


def _listed() -> str:
    return ", ".join(schema.COORDINATE_ISSUES)
