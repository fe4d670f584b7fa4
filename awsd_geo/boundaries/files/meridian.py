"""Units that cross the 180th meridian, such as Fiji's and Russia's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.layer import Report

if TYPE_CHECKING:
    import numpy as np

    Shapes = np.ndarray[Any, np.dtype[np.object_]]

HALF_TURN = 180.0  # degrees


def cut_at_meridian(names: list[str], shapes: Shapes, report: Report) -> Shapes:
    """Cut what crosses the 180th meridian there, and bring what lies beyond it to the other side.

    Parameters
    ----------
    names : list of str
        Names of the units.
    shapes : array of Polygon and MultiPolygon
        In degrees. A part may go on beyond 180, or jump to the other side and so seem to span the world.
    report : Report
        Receives the units that were cut.

    Returns
    -------
    array of Polygon and MultiPolygon
        All within -180 to 180.

    References
    ----------
    .. [1] RFC 7946, The GeoJSON Format, section 3.1.9, Antimeridian Cutting.
    """
    import numpy as np
    import shapely

    bounds = shapely.bounds(shapes)
    suspect = (bounds[:, 2] - bounds[:, 0] > HALF_TURN) | (np.abs(bounds[:, [0, 2]]).max(axis=1) > HALF_TURN)
    changed = []
    shapes = shapes.copy()
    for row in np.flatnonzero(suspect):
        before = shapely.get_parts(shapes[row])
        parts = [_unwrapped(part) for part in before]
        if any(new is not old for new, old in zip(parts, before, strict=True)):
            cut = [piece for part in parts for piece in _cut(part)]
            shapes[row] = shapely.MultiPolygon(cut) if len(cut) > 1 else cut[0]
            changed.append(names[row])
    if changed:
        report.add("crossed the 180th meridian; cut there", changed)
    return shapes


def _unwrapped(part: Any) -> Any:
    """Draw a part as one piece around the 180th meridian where it would else span nearly the whole world."""
    import numpy as np
    import shapely

    west, _, east, _ = part.bounds
    if east > HALF_TURN or west < -HALF_TURN:
        return shapely.transform(part, lambda points: points)  # a copy: it is to be cut
    if east - west <= HALF_TURN:
        return part
    points = shapely.get_coordinates(part)
    moved = np.where(points[:, 0] < 0, points[:, 0] + 2 * HALF_TURN, points[:, 0])
    if np.ptp(moved) > HALF_TURN:
        return part  # it is that wide, as Antarctica is
    return shapely.set_coordinates(part, np.column_stack([moved, points[:, 1]]))


def _cut(part: Any) -> list[Any]:
    """Cut a part at the 180th meridian on either side and bring each piece within -180 to 180."""
    import shapely

    part = shapely.make_valid(part, method="structure", keep_collapsed=False)
    pieces: list[Any] = []
    for turn in (-2 * HALF_TURN, 0.0, 2 * HALF_TURN):
        window = shapely.box(-HALF_TURN + turn, -90, HALF_TURN + turn, 90)
        inside = [piece for piece in shapely.get_parts(shapely.intersection(part, window)) if piece.area > 0]
        pieces += shapely.transform(inside, lambda points, turn=turn: points - [turn, 0]).tolist() if inside else []
    return pieces or [part]
