"""Whether the coordinates are what they are said to be: CRS, units, order of the axes, country."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.layer import Report, some
from awsd_geo.boundaries.files.meridian import HALF_TURN, cut_at_meridian
from awsd_geo.errors import InputError
from awsd_geo.sources.opening import shown

if TYPE_CHECKING:
    import numpy as np

    Shapes = np.ndarray[Any, np.dtype[np.object_]]

INSIDE, CLEARLY = 0.5, 0.05  # share of the area that must lie in the country; lead of the better order of axes
MARGIN = 0.25  # degrees around the known outline


def to_degrees(file: str, names: list[str], shapes: Shapes, crs: Any, report: Report) -> Shapes:
    """Bring shapes into WGS84 degrees, or refuse coordinates that are not what their CRS says.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    names : list of str
        Names of the units.
    shapes : array of geometries
        As in the file.
    crs : pyproj.CRS or None
        As the file says.
    report : Report
        Receives what was changed.

    Returns
    -------
    array of geometries
        Longitude, latitude; no part beyond 180 degrees.

    Raises
    ------
    InputError
        If there is no CRS, metres are labelled as degrees or degrees as metres, or a coordinate is not finite.
    """
    import numpy as np
    import shapely

    if crs is None:
        raise InputError(
            f"{file} does not say its CRS (a shapefile needs its .prj), so its coordinates mean nothing. Find out from "
            "its source, set it (in QGIS: Layer, Set CRS) and save the file again."
        )
    points, rows = shapely.get_coordinates(shapes, return_index=True)
    if len(wrong := np.unique(rows[~np.isfinite(points).all(axis=1)])):
        raise InputError(
            f"{file} has coordinates that are no numbers, in {some([names[row] for row in wrong])}. Repair it."
        )
    bounds = shapely.bounds(shapes)
    if not crs.is_geographic:
        shapes = _projected(file, shapes, bounds, crs)
        report.add(f"reprojected from {_called(crs)} to degrees (WGS84)", names)
    else:
        shapes = _geographic(file, names, shapes, bounds, crs, report)
    return cut_at_meridian(names, shapes, report)


def _geographic(file: str, names: list[str], shapes: Shapes, bounds: Any, crs: Any, report: Report) -> Shapes:
    import numpy as np

    across, up = np.abs(bounds[:, [0, 2]]).max(), np.abs(bounds[:, [1, 3]]).max()
    if up > 90 and across <= 90 and up <= 2 * HALF_TURN:
        shapes = _exchange(shapes)
        across, up = up, across
        report.add("latitude and longitude stood the wrong way round (a latitude is at most 90); exchanged", names)
    if up > 90 or across > 2 * HALF_TURN:
        raise InputError(
            f"{file} says that its coordinates are degrees ({_called(crs)}), but they reach {max(across, up):,.0f}: "
            "they are probably metres. Ask the source for their CRS, set it (in QGIS: Layer, Set CRS) and save again."
        )
    if crs.to_epsg() != 4326 and not _is_wgs84(crs):
        shapes = _transform(file, shapes, crs)
        report.add(f"reprojected from {_called(crs)} to degrees (WGS84)", names)
    return shapes


def _projected(file: str, shapes: Shapes, bounds: Any, crs: Any) -> Shapes:
    import numpy as np

    if np.abs(bounds[:, [0, 2]]).max() <= 2 * HALF_TURN and np.abs(bounds[:, [1, 3]]).max() <= 90:
        raise InputError(
            f"{file} says that its coordinates are lengths ({_called(crs)}), but none is over 360: they are probably "
            "degrees. Set its CRS to EPSG:4326 (in QGIS: Layer, Set CRS) and save again."
        )
    return _transform(file, shapes, crs)


def _transform(file: str, shapes: Shapes, crs: Any) -> Shapes:
    import numpy as np
    import shapely
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        change = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        points = np.column_stack(change.transform(*shapely.get_coordinates(shapes).T))
    except ProjError as error:
        raise InputError(f"{file} cannot be brought from {_called(crs)} to degrees ({shown(error, 100)}).") from None
    if not np.isfinite(points).all():
        raise InputError(f"{file} has coordinates that lie outside {_called(crs)}. Is that its CRS? Set the right one.")
    return _with_points(shapes, points)


def _with_points(shapes: Shapes, points: Any) -> Shapes:
    import shapely

    return shapely.set_coordinates(shapely.force_2d(shapes), points)  # type: ignore[no-any-return]


def _exchange(shapes: Shapes) -> Shapes:
    import shapely

    return _with_points(shapes, shapely.get_coordinates(shapes)[:, ::-1])


def check_place(file: str, names: list[str], shapes: Shapes, outline: Any, country: str, report: Report) -> Shapes:
    """See that the units lie in their country, and exchange the axes where only that puts them there.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    names : list of str
        Names of the units.
    shapes : array of geometries
        Valid polygons in degrees.
    outline : geometry or None
        The country as it is known; None where it is not, and nothing is checked.
    country : str
        Its name, for messages.
    report : Report
        Receives what was changed, and which units lie outside.

    Returns
    -------
    array of geometries

    Raises
    ------
    InputError
        If less than half of their area lies in the country either way.
    """
    import shapely

    if outline is None:
        return shapes
    around = shapely.buffer(outline, MARGIN)
    turned = _exchange(shapes)
    straight, exchanged = _share_inside(shapes, around), _share_inside(turned, around)
    if exchanged > straight + CLEARLY and exchanged >= 1 - CLEARLY:
        report.add(f"latitude and longitude stood the wrong way round (seen from where {country} is); exchanged", names)
        shapes, straight = turned, exchanged
    if straight < INSIDE:
        west, south, east, north = shapely.total_bounds(shapes)
        raise InputError(
            f"The units of {file} lie from {west:.1f} to {east:.1f} degrees east and {south:.1f} to {north:.1f} north, "
            f"and {1 - straight:.0%} of their area is not in {country}. Check the country and the file's CRS."
        )
    outside = ~shapely.intersects(shapes, around)
    if outside.any():
        report.add(f"kept as they are, though outside {country} as it is known", _of(names, outside))
    return shapes


def _share_inside(shapes: Shapes, around: Any) -> float:
    import shapely

    total = shapely.area(shapes).sum()
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    return float(shapely.area(shapely.intersection(valid, around)).sum() / total) if total else 0.0


def _of(names: list[str], rows: Any) -> list[str]:
    return [name for name, chosen in zip(names, rows, strict=True) if chosen]


def _called(crs: Any) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else shown(crs.name, 40)


def _is_wgs84(crs: Any) -> bool:
    return bool(
        crs.to_authority() == ("OGC", "CRS84") or crs.name.replace(" ", "").upper() in {"WGS84", "GCS_WGS_1984"}
    )
