"""Make every unit one valid polygon or multipolygon, or refuse the file and name the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.layer import Report, some
from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    Shapes = np.ndarray[Any, np.dtype[np.object_]]

LARGEST_CHANGE = 0.01  # of a unit's area, by repairing it alone


def polygons_only(file: str, names: list[str], shapes: Shapes, report: Report) -> Shapes:
    """Keep polygons, in two dimensions, and refuse units that have none.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    names : list of str
        Names of the units.
    shapes : array of geometries or None
        As in the file.
    report : Report
        Receives what was changed.

    Returns
    -------
    array of Polygon and MultiPolygon

    Raises
    ------
    InputError
        If a unit has no geometry, an empty one, or a point or line.
    """
    import numpy as np
    import shapely

    none = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if none.any():
        lacking = [name for name, is_none in zip(names, none, strict=True) if is_none]
        raise InputError(
            f"{file} has {len(lacking)} unit{'s' * (len(lacking) > 1)} without a geometry: {some(lacking)}. "
            "Draw them, or take them out of the file."
        )
    kept = np.array([_polygons(shape) for shape in shapes], dtype=object)
    if any(shape is None for shape in kept):
        first = next(row for row, shape in enumerate(kept) if shape is None)
        raise InputError(
            f"{names[first]!r} of {file} is a {shapes[first].geom_type}, not a polygon. "
            "Give the layer of areas, not one of points or lines."
        )
    mixed = [name for name, old, new in zip(names, shapes, kept, strict=True) if new is not old]
    if mixed:
        report.add("points and lines among its polygons left out", mixed)
    if (high := shapely.has_z(kept)).any():
        report.add("heights left out", [name for name, has in zip(names, high, strict=True) if has])
    return shapely.force_2d(kept)  # type: ignore[no-any-return]


def _polygons(shape: Any) -> Any:
    """Give the polygons of a geometry; None where it has none."""
    import shapely

    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    if shape.geom_type != "GeometryCollection":
        return None
    inside = [part for piece in shapely.get_parts(shape) for part in shapely.get_parts(piece)]
    parts = [part for part in inside if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.union_all(parts) if parts else None


def make_valid(file: str, names: list[str], shapes: Shapes, report: Report) -> Shapes:
    """Repair rings that cross or touch themselves, as long as that hardly changes the area.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    names : list of str
        Names of the units.
    shapes : array of Polygon and MultiPolygon
        In degrees.
    report : Report
        Receives the units repaired and by how much their areas changed at most.

    Returns
    -------
    array of Polygon and MultiPolygon
        All valid.

    Raises
    ------
    InputError
        If a repair changes the area of a unit by over 1 %: then nobody can tell what was meant.
    """
    import numpy as np
    import shapely

    wrong = ~shapely.is_valid(shapes)
    if not wrong.any():
        return shapes
    repaired = shapes.copy()
    repaired[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    before, after = shapely.area(shapes), shapely.area(repaired)
    change = np.where(wrong, np.abs(after - before) / np.maximum(np.maximum(before, after), 1e-300), 0.0)
    worst = int(change.argmax())
    if change[worst] > LARGEST_CHANGE or (after[wrong] == 0).any():
        worst = worst if after[worst] else int(np.flatnonzero(wrong & (after == 0))[0])
        raise InputError(
            f"The outline of {names[worst]!r} in {file} crosses itself ({shapely.is_valid_reason(shapes[worst])}), and "
            f"repairing it would change its area by {change[worst]:.0%}: what was meant cannot be told. Redraw it."
        )
    fixed = [name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong]
    report.add(f"outline crossed or touched itself; repaired (area changed by at most {change[worst]:.2g})", fixed)
    return repaired
