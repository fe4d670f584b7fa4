"""Coordinate cells into degrees, and what is wrong with each point."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from awsd_geo.sources.cleaning import NOT_GIVEN, TRIMMED, Column, Numbers

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.sources.ledger import Ledger

NAN_TEXT = "the text nan read as no coordinate"
STRAY = "stray signs around a coordinate taken off"
COMMA = "decimal comma in a coordinate read as a point"
PAIR = "latitude and longitude in one cell told apart"
HALF = "latitude or longitude alone, left missing"

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3},\d+")
_STRAY = " \t\r\n\xa0()[]{},;°\"'"


class Degrees(NamedTuple):
    """What one coordinate cell says: one number, or two."""

    numbers: tuple[float, ...]  # none: blank or unreadable
    given: bool  # the cell is not blank
    why: str | None  # how it was repaired


def degrees(cell: str) -> Degrees:
    """Read one coordinate cell, with safe repairs only.

    A sign that cannot be part of a number is taken off at either end; a number without its decimal point is not
    guessed at.

    Examples
    --------
    >>> degrees("24.933643)").numbers, degrees("11.919424, 24.933643").numbers, degrees("12 N").numbers
    ((24.933643,), (11.919424, 24.933643), ())
    """
    trimmed = cell.strip()
    if trimmed.lower() in NOT_GIVEN:
        return Degrees((), given=False, why=NAN_TEXT if trimmed else None)
    if _NUMBER.fullmatch(trimmed):
        return Degrees((float(trimmed),), given=True, why=TRIMMED if trimmed != cell else None)
    if _DECIMAL_COMMA.fullmatch(trimmed):
        return Degrees((float(trimmed.replace(",", ".")),), given=True, why=COMMA)
    bare = trimmed.replace("\u2212", "-").strip(_STRAY)
    parts = [part.strip(_STRAY) for part in re.split(r"[,;]", bare)]
    if len(parts) <= 2 and all(_NUMBER.fullmatch(part) for part in parts):
        return Degrees(tuple(float(part) for part in parts), given=True, why=STRAY if len(parts) == 1 else PAIR)
    return Degrees((), given=True, why=None)


class Points(NamedTuple):
    """Points of n rows."""

    latitude: npt.NDArray[np.float64]  # NaN where missing
    longitude: npt.NDArray[np.float64]
    issue: npt.NDArray[np.object_]  # "none", "missing", "unreadable", "lat_equals_lon" or "coarse"


def read_points(latitude: Column, longitude: Column, numbers: Numbers, ledger: Ledger) -> Points:
    """Read two columns of coordinate cells.

    Parameters
    ----------
    latitude, longitude : array of str, shape (n,)
        Cells as written.
    numbers : array of int, shape (n,)
        The rows' numbers in the file.
    ledger : Ledger
        Takes the repairs.

    Returns
    -------
    Points
        Degrees, WGS84. Both are missing where either is missing or unreadable, so that no half a point goes on.
        The issue is the first that fits: missing (either cell is blank), unreadable (not a number after safe repair,
        or out of the range of degrees), lat_equals_lon, coarse (at most one decimal in both), none.
    """
    import pandas as pd

    (lat_code, lat_cells), (lon_code, lon_cells) = pd.factorize(latitude), pd.factorize(longitude)
    codes, distinct = pd.factorize(lat_code * len(lon_cells) + lon_code)  # no sign joins texts for all of pandas
    seen = [_point(lat_cells[code // len(lon_cells)], lon_cells[code % len(lon_cells)]) for code in distinct]
    for why in sorted({why for *_, reasons in seen for why in reasons}):
        changed = [code for code, (*_, reasons) in enumerate(seen) if why in reasons]
        ledger.repair(why, numbers[np.isin(codes, changed)])
    lat = np.array([point[0] for point in seen], dtype=np.float64)
    lon = np.array([point[1] for point in seen], dtype=np.float64)
    issue = np.array([point[2] for point in seen], dtype=object)
    return Points(lat[codes], lon[codes], issue[codes])


def _point(lat_cell: str, lon_cell: str) -> tuple[float, float, str, set[str]]:
    """Read one point: latitude, longitude, issue, reasons of repairs."""
    lat, lon = degrees(lat_cell), degrees(lon_cell)
    reasons = {part.why for part in (lat, lon) if part.why}
    pair = _pair(lat, lon)
    if pair is None:
        missing = not (lat.given and lon.given)
        half = {HALF} if missing and (lat.given or lon.given) else set()
        return np.nan, np.nan, "missing" if missing else "unreadable", (reasons & {NAN_TEXT}) | half
    latitude, longitude = pair
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return np.nan, np.nan, "unreadable", set()
    if latitude == longitude:
        return latitude, longitude, "lat_equals_lon", reasons
    coarse = round(latitude, 1) == latitude and round(longitude, 1) == longitude
    return latitude, longitude, "coarse" if coarse else "none", reasons


def _pair(lat: Degrees, lon: Degrees) -> tuple[float, float] | None:
    """Put two cells together; a cell with two numbers must not be contradicted by the other cell."""
    if len(lat.numbers) == len(lon.numbers) == 1:
        return lat.numbers[0], lon.numbers[0]
    if len(lat.numbers) == 2 and (not lon.given or lon.numbers in (lat.numbers, lat.numbers[1:])):
        return lat.numbers[0], lat.numbers[1]
    if len(lon.numbers) == 2 and (not lat.given or lat.numbers == lon.numbers[:1]):
        return lon.numbers[0], lon.numbers[1]
    return None


def mark_centroids(issue: npt.NDArray[np.object_], table: pd.DataFrame, places: list[str]) -> npt.NDArray[np.object_]:
    """Mark points without any place text as AWSD's country centroids, where no graver issue stands.

    Parameters
    ----------
    issue : array of str, shape (n,)
        From `read_points`.
    table : DataFrame
        The incidents, with the columns ``places``.
    places : list of str
        Those of region, district and city that the file has. Without any of them nothing can be told.

    Returns
    -------
    array of str, shape (n,)
        As given, ``country_centroid`` where it holds.
    """
    if not places:
        return issue
    bare = table[places].isna().all(axis=1).to_numpy()
    return np.where(bare & np.isin(issue, ("none", "coarse")), "country_centroid", issue)
