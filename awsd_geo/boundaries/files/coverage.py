"""Units side by side: slivers between neighbours are repaired and reported, large overlaps refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from awsd_geo.boundaries.files.layer import Report
from awsd_geo.errors import DependencyError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Shapes = np.ndarray[Any, np.dtype[np.object_]]

SLIVER_KM = 1.0  # mean width; a wider overlap or gap is no slip of drawing
LARGEST_SHARE = 0.05  # of the smaller unit
GAP_DEGREES = 0.009  # about a kilometre
NOISE_KM = 0.001  # mean width; less is rounding
KM_PER_DEGREE = 111.195  # of a sphere of 6371 km


class Overlap(NamedTuple):
    """Where two units lie over one another."""

    first: int
    second: int
    km2: float
    width_km: float  # mean
    share: float  # of the smaller unit


def fit_together(file: str, names: list[str], shapes: Shapes, report: Report) -> Shapes:
    """Let neighbours share their borders: no overlap, no narrow gap, the same points on either side.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    names : list of str
        Names of the units.
    shapes : array of Polygon and MultiPolygon
        Valid, in degrees.
    report : Report
        Receives what was repaired, and gaps that were left.

    Returns
    -------
    array of Polygon and MultiPolygon
        A valid coverage.

    Raises
    ------
    InputError
        If two units overlap by more than a sliver (1 km of mean width, 5 % of the smaller), or the repair would
        change a unit by more than that.

    References
    ----------
    .. [1] JTS Coverage API, as in GEOS: CoverageValidator, CoverageCleaner.
    """
    import shapely

    wrong = ~shapely.is_empty(shapely.coverage_invalid_edges(shapes))
    gaps = _gaps(shapes)
    narrow = [gap for gap in gaps if _width_km(gap) <= SLIVER_KM]
    for gap in gaps:
        if gap not in narrow:
            around = [name for name, near in zip(names, shapely.intersects(shapes, gap), strict=True) if near]
            report.add(f"a gap of {_km2(gap):,.1f} km2 between them left open (a lake, or another country?)", around)
    if not (wrong.any() or narrow):
        return shapes
    overlaps = _overlaps(shapes, wrong)
    for overlap in overlaps:
        _refuse_large(file, names, overlap)
    repaired = _cleaned(file, names, shapes)
    _say(names, shapes, wrong, overlaps, [gap for gap in narrow if _width_km(gap) > NOISE_KM], report)
    return repaired


def _overlaps(shapes: Shapes, wrong: Any) -> list[Overlap]:
    """List the pairs of units that share area, among those whose edges do not fit."""
    import numpy as np
    import shapely

    rows = np.flatnonzero(wrong)  # one unit inside another: only the inner one's edges are wrong
    left, right = shapely.STRtree(shapes).query(shapes[rows], predicate="intersects")
    pairs = np.sort(np.column_stack([rows[left], right]), axis=1)
    left, right = np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0).T
    common = shapely.intersection(shapes[left], shapes[right])
    found = []
    for first, second, shape in zip(left.tolist(), right.tolist(), common, strict=True):
        if shape.area > 0 and _width_km(shape) > NOISE_KM:
            smaller = min(shapes[first].area, shapes[second].area)
            found.append(Overlap(first, second, _km2(shape), _width_km(shape), shape.area / smaller))
    return found


def _refuse_large(file: str, names: list[str], overlap: Overlap) -> None:
    if overlap.width_km <= SLIVER_KM and overlap.share <= LARGEST_SHARE:
        return
    raise InputError(
        f"{names[overlap.first]!r} and {names[overlap.second]!r} of {file} overlap by {overlap.km2:,.1f} km2 "
        f"({overlap.share:.0%} of the smaller): an incident there would be in both. Cut one of them, or check that the "
        "file holds one level only."
    )


def _cleaned(file: str, names: list[str], shapes: Shapes) -> Shapes:
    import numpy as np
    import shapely

    if not hasattr(shapely, "coverage_clean"):
        raise DependencyError(
            f"The units of {file} do not fit together, and repairing them needs shapely 2.2. Update it "
            "(pip install -U shapely), or repair the file (in QGIS: Fix geometries, v.clean)."
        )
    cleaned = np.asarray(shapely.coverage_clean(shapes, gap_width=GAP_DEGREES), dtype=object)
    before, after = shapely.area(shapes), shapely.area(cleaned)
    change = np.abs(after - before) / before
    if (worst := int(change.argmax())) >= 0 and change[worst] > LARGEST_SHARE:
        raise InputError(
            f"{names[worst]!r} of {file} does not fit its neighbours: closing the overlaps and gaps around it would "
            f"change its area by {change[worst]:.0%}. Repair the file (in QGIS: Fix geometries, v.clean)."
        )
    return cleaned


def _say(
    names: list[str], shapes: Shapes, wrong: Any, overlaps: Sequence[Overlap], gaps: Sequence[Any], report: Report
) -> None:
    import numpy as np
    import shapely

    if overlaps:
        rows = sorted({row for overlap in overlaps for row in (overlap.first, overlap.second)})
        total = sum(overlap.km2 for overlap in overlaps)
        report.add(
            f"overlaps of neighbours ({len(overlaps)}, {total:,.3g} km2 in all) cut", [names[row] for row in rows]
        )
    if gaps:
        near = np.any([shapely.intersects(shapes, gap) for gap in gaps], axis=0)
        total = sum(_km2(gap) for gap in gaps)
        which = [name for name, is_near in zip(names, near, strict=True) if is_near]
        report.add(f"narrow gaps between neighbours ({len(gaps)}, {total:,.3g} km2 in all) closed", which)
    if not overlaps and not gaps:
        apart = [name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong]
        report.add("borders of neighbours matched point by point (they differed by rounding)", apart)


def _gaps(shapes: Shapes) -> list[Any]:
    """Give what no unit fills though units enclose it: holes, and slits between units that touch at both ends."""
    import numpy as np
    import shapely

    whole = shapely.union_all(shapes)
    faces = np.array(shapely.get_parts(shapely.polygonize([shapely.node(shapely.boundary(whole))])), dtype=object)
    return faces[~shapely.intersects(whole, shapely.point_on_surface(faces))].tolist() if len(faces) else []


def _in_km(shape: Any) -> Any:
    """Scale to kilometres around the shape's own latitude; enough for slivers."""
    import numpy as np
    import shapely

    _, south, _, north = shape.bounds
    scale = KM_PER_DEGREE * np.array([np.cos(np.radians((south + north) / 2)), 1.0])
    return shapely.transform(shape, lambda points: points * scale)


def _km2(shape: Any) -> float:
    return float(_in_km(shape).area)


def _width_km(shape: Any) -> float:
    """Give the mean width of a long thin shape: twice its area by its perimeter."""
    scaled = _in_km(shape)
    return float(2 * scaled.area / scaled.length) if scaled.length else 0.0
