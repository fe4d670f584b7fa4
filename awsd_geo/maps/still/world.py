"""What a picture shows, on a plane in kilometres: an equal-area projection, so that shaded areas can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.maps import arcs, geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from awsd_geo.maps.contents import Around

RADIUS_KM = 6371.0072
"""Of the sphere with the surface of the Earth."""
MOST_VERTICES = 12_000
"""Vertices of all regions at most, so that a vector file stays small."""
FARTHEST = 40.0
"""Degrees around the regions within which neighbours are drawn."""
ALL_ROUND = 360.0
_STEP = 1e-4  # km; coordinates are rounded, so that no last digit of a sine shows in a file

Point = tuple[float, float]


@dataclass(frozen=True)
class Projection:
    """Lambert's azimuthal equal-area projection of the sphere, centred on the regions.

    References
    ----------
    .. [1] Snyder, J. P. (1987). Map projections: a working manual. USGS Professional Paper 1395, eq. 24-2 to 24-4.

    Examples
    --------
    >>> Projection(0, 0)(np.array([[0.0, 0.0], [90.0, 0.0]])).round(1).tolist()  # the radius times the root of two
    [[0.0, 0.0], [9010.0, 0.0]]
    """

    longitude: float
    latitude: float

    def __call__(self, degrees: Any) -> NDArray[np.float64]:
        """Turn longitudes and latitudes, shape (n, 2), into kilometres east and north of the centre."""
        east, north = np.radians(np.asarray(degrees, dtype=float)).T[:2]
        east, middle = east - np.radians(self.longitude), np.radians(self.latitude)
        straight = np.sin(middle) * np.sin(north) + np.cos(middle) * np.cos(north) * np.cos(east)
        size = RADIUS_KM * np.sqrt(2 / np.maximum(1 + straight, 1e-9))
        up = np.cos(middle) * np.sin(north) - np.sin(middle) * np.cos(north) * np.cos(east)
        plane = np.column_stack([size * np.cos(north) * np.sin(east), size * up])
        return np.asarray(np.rint(plane / _STEP) * _STEP)


@dataclass(frozen=True)
class World:
    """All that can be seen, in kilometres, north up."""

    regions: NDArray[Any]  # polygons, in the order of the frame
    at: list[Point]  # where a label has most room in each
    names: list[str]
    neighbours: list[tuple[str, Any]]
    towns: list[tuple[str, Point]]
    finer: list[NDArray[np.float64]]
    bounds: tuple[float, float, float, float]
    projection: Projection


def world_of(regions: gpd.GeoDataFrame, around: Around, lang: str) -> World:
    """Project regions and what lies around and within them."""
    import shapely

    whole = geometry.in_one_piece(regions)
    bounds = geometry.bounds_of(whole)
    place = Projection((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
    outlines = geometry.simplify_together(whole.geometry.to_numpy(), max(MOST_VERTICES, 30 * len(whole)))
    drawn = np.asarray(shapely.transform(_without_seam(outlines), place), dtype=object)
    names = [str(name) for name in regions["name"]]
    spots = [geometry.label_point(outline) for outline in outlines]
    west, south, east, north = (float(edge) for edge in shapely.total_bounds(drawn))
    return World(
        drawn,
        [(float(x), float(y)) for x, y in place([[spot[1], spot[0]] for spot in spots])],
        names,
        _neighbours(around.neighbours, bounds, place, lang),
        _towns(around, bounds, names, place),
        [place(_degrees(text)) for text in geometry.inner_lines(around.finer)] if around.finer is not None else [],
        (west, south, east, north),
        place,
    )


def _without_seam(outlines: Any) -> Any:
    """Join the two parts of a region that the 180th meridian parts, where it was moved into one piece."""
    import shapely

    joined = np.array(outlines, dtype=object)
    bounds = shapely.bounds(joined)
    for row in np.flatnonzero((bounds[:, 0] < geometry.HALF_THE_WORLD) & (bounds[:, 2] > geometry.HALF_THE_WORLD)):
        joined[row] = shapely.union_all(shapely.get_parts(joined[row]), grid_size=1e-6)
    return joined


def _neighbours(frame: Any, bounds: geometry.Bounds, place: Projection, lang: str) -> list[tuple[str, Any]]:
    import shapely

    if frame is None:
        return []
    west, south, east, north = bounds
    wide, high = min(1.2 * (east - west), FARTHEST), min(0.6 * (north - south), FARTHEST)
    box = (west - wide, max(south - high, -90), east + wide, min(north + high, 90))
    found = []
    for turn in (-ALL_ROUND, 0.0, ALL_ROUND):  # what lies beyond the 180th meridian is in view too
        cut = geometry.cut_out(frame, (box[0] - turn, box[1], box[2] - turn, box[3]))
        pairs = zip(geometry.names_of(frame, lang), shapely.transform(cut, place), strict=True)
        found += [(name, outline) for name, outline in pairs if outline.area > 0]
    return found


def _towns(around: Around, bounds: geometry.Bounds, names: Sequence[str], place: Projection) -> list[tuple[str, Point]]:
    if around.towns is None:
        return []
    dots = geometry.dots(around.towns, bounds, names)
    points: Any = place([[dot["at"][1], dot["at"][0]] for dot in dots]) if dots else []
    return [(dot["name"], (float(x), float(y))) for dot, (x, y) in zip(dots, points, strict=True)]


def _degrees(text: str) -> NDArray[np.float64]:
    """Read a line of the web map's payload."""
    steps = np.asarray(arcs.decode(text)).reshape(-1, 2)
    return np.asarray(np.cumsum(steps, axis=0) / arcs.SCALE)
