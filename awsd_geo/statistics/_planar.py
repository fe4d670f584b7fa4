"""Points as they are given: checked, in degrees, or laid flat in metres round their own middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_008.8  # mean radius of the Earth (IUGG)
WIDEST = 30.0  # degrees from the middle: beyond, one flat map has no true metres (7 % of stretch)
LONGEST_SIDE = 0.1  # degrees of an outline that are laid flat as one straight line: off by 2 m at most
_FORMS = "an array of shape (n, 2), a table with longitude and latitude, or geopandas points"


def usable_points(incidents: pd.DataFrame) -> pd.DataFrame:
    """Keep the incidents whose own point can be trusted to say where they happened.

    Kept are rows with a longitude and a latitude and ``coordinate_issue`` "none": the middle of a country stands for
    "somewhere in it" and would be the strongest cluster of all. Where the incidents have been geocoded, rows that
    were not placed, or whose text contradicts the point, are left out as well.

    Parameters
    ----------
    incidents : DataFrame
        Incidents, or located incidents, with ``longitude``, ``latitude`` and ``coordinate_issue``.

    Returns
    -------
    DataFrame
        The rows that are kept, all columns; ``attrs["points_set_aside"]`` lists why others were not, with how many.

    Raises
    ------
    InputError
        If one of the three columns is absent.
    """
    for column in ("longitude", "latitude", "coordinate_issue"):
        if column not in incidents:
            raise InputError(f"The incidents have no column {column}. Read them with awsd_geo.read_incidents.")
    numbers = incidents[["longitude", "latitude"]].astype("Float64")
    checks = {
        "no coordinates": numbers.isna().any(axis=1),
        "coordinates in doubt": incidents["coordinate_issue"].ne("none").fillna(value=True).astype(bool),
    }
    if "region_id" in incidents:
        checks["not placed in a region"] = incidents["region_id"].isna()
    if "conflict" in incidents:
        checks["text and point disagree"] = incidents["conflict"].fillna(value=False).astype(bool)
    left, aside = np.ones(len(incidents), dtype=bool), []
    for why, bad in checks.items():
        out = left & bad.to_numpy(dtype=bool)
        left &= ~out
        if out.any():
            aside.append({"why": why, "rows": int(out.sum())})
    kept = incidents[left].copy()
    kept.attrs["points_set_aside"] = aside
    return kept


def in_degrees(points: Any, what: str = "points") -> tuple[Floats, pd.Index]:
    """Read points as longitude and latitude.

    Parameters
    ----------
    points : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or GeoSeries/GeoDataFrame
        Degrees, longitude first; geopandas points in any system of coordinates.
    what : str
        How the messages call them.

    Returns
    -------
    degrees : ndarray, shape (n, 2)
    index : Index
        Of the table, or 0, 1, 2, ...

    Raises
    ------
    InputError
        If they are none of these, or not on the Earth.
    """
    if hasattr(points, "to_crs") and points.crs is not None and not points.crs.is_geographic:
        points = points.to_crs(4326)
    values, index = _numbers(points, what)
    wrong = ~((np.abs(values[:, 0]) <= 180) & (np.abs(values[:, 1]) <= 90))
    if wrong.any():
        at = values[wrong][0]
        raise InputError(
            f"The {what} at {index[wrong][0]!r} ({at[0]:g}, {at[1]:g}) are not on the Earth. "
            "Give degrees, longitude first."
        )
    return values, index


def _numbers(points: Any, what: str) -> tuple[Floats, pd.Index]:
    """Take two columns of finite numbers out of any form of points."""
    if hasattr(points, "geometry"):
        if not (points.geometry.geom_type == "Point").all() or points.geometry.is_empty.any():
            raise InputError(f"The {what} must be points; some geometries are not, or are empty.")
        values, index = np.column_stack([points.geometry.x, points.geometry.y]), points.index
    elif isinstance(points, pd.DataFrame):
        if not {"longitude", "latitude"} <= set(points):
            raise InputError(f"The {what} have no columns longitude and latitude. Give {_FORMS}.")
        values = points[["longitude", "latitude"]].to_numpy(dtype=float, na_value=np.nan)
        index = points.index
    else:
        values = np.asarray(points, dtype=float)
        values = values.reshape(0, 2) if values.size == 0 else values
        if values.ndim != 2 or values.shape[1] != 2:
            raise InputError(f"The {what} must be {_FORMS}; they have shape {values.shape}.")
        index = pd.RangeIndex(len(values))
    wrong = ~np.isfinite(values).all(axis=1)
    if wrong.any():
        raise InputError(f"The {what} have no coordinates at {index[wrong][0]!r}. Use usable_points first.")
    return values.astype(np.float64, copy=True), index


def on_sphere(degrees: Floats) -> Floats:
    """Turn longitude and latitude into points of the unit sphere, shape (n, 3)."""
    longitude, latitude = np.radians(degrees).T
    level = np.cos(latitude)
    return np.column_stack([level * np.cos(longitude), level * np.sin(longitude), np.sin(latitude)])


def chord(distance_m: float) -> float:
    """Give the straight line through the unit sphere for a way along its surface."""
    return float(2 * np.sin(min(distance_m / EARTH_RADIUS_M, np.pi) / 2))


def way_m(line: Floats) -> Floats:
    """Give the metres along the surface for straight lines through the unit sphere."""
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.clip(np.asarray(line) / 2, 0, 1)))


def middle_of(degrees: Floats) -> tuple[float, float]:
    """Give the middle of points on the sphere, longitude and latitude to a hundredth of a degree.

    Raises
    ------
    InputError
        If the points lie too far apart for one flat map with true metres.
    """
    places = on_sphere(degrees)
    mean = places.mean(axis=0)
    size = float(np.linalg.norm(mean))
    if size < 1e-6 or float((places @ mean).min()) < size * np.cos(np.radians(WIDEST)):
        raise InputError(
            f"The points reach more than {WIDEST:g} degrees from their middle: no flat map has true metres there. "
            "Take one country or region at a time."
        )
    x, y, z = mean / size
    return round(float(np.degrees(np.arctan2(y, x))), 2), round(float(np.degrees(np.arcsin(z))), 2)


def flat_system(degrees: Floats) -> str:
    """Choose the equal-area projection (Lambert, azimuthal) round the middle of the points, in metres."""
    longitude, latitude = middle_of(degrees)
    return f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m +no_defs"


def to_metres(degrees: Floats, system: str) -> Floats:
    """Lay longitude and latitude flat, shape (n, 2)."""
    from pyproj import Transformer

    transform = Transformer.from_crs(4326, system, always_xy=True)
    return np.column_stack(transform.transform(degrees[:, 0], degrees[:, 1]))


def to_degrees(metres: Floats, system: str) -> Floats:
    """Turn flat metres back into longitude and latitude, shape (n, 2)."""
    from pyproj import Transformer

    transform = Transformer.from_crs(system, 4326, always_xy=True)
    return np.column_stack(transform.transform(metres[:, 0], metres[:, 1]))


def laid_flat(points: Any, window: Any) -> tuple[Floats, Any]:
    """Bring points and their window into one flat system.

    Plain arrays are flat already. Tables with longitude and latitude, and geopandas points in degrees, are projected
    together with the window round the window's middle.
    """
    import shapely

    from awsd_geo.statistics._window import outline

    crs = getattr(points, "crs", None)
    shape, window_crs = outline(window), getattr(window, "crs", None)
    if crs is not None and window_crs is not None and crs != window_crs:
        raise InputError("The points and the window are in two systems of coordinates. Bring them to one with to_crs.")
    bare = isinstance(points, pd.DataFrame) and not hasattr(points, "geometry")
    if not bare and not (crs is not None and crs.is_geographic):
        return _numbers(points, "points")[0], shape
    degrees, _ = in_degrees(points)
    system = flat_system(shapely.get_coordinates(shape))
    return to_metres(degrees, system), flat_shape(shape, system)


def flat_shape(shape: Any, system: str) -> Any:
    """Lay an outline of degrees flat; long sides are cut first, for a straight line of degrees is bent on the map."""
    import shapely

    return shapely.transform(shapely.segmentize(shape, LONGEST_SIDE), lambda corners: to_metres(corners, system))
