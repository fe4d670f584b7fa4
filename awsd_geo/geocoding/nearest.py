"""How far points outside every unit are from the nearest one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from awsd_geo.geocoding.grid_build import edges_of

_EDGES = 8  # edges in a piece
_METRES_PER_DEGREE = 110_500.0  # no degree of latitude on WGS84 is shorter (110,574 m at the equator)
_BAND = 0.01  # by which the width of a degree of longitude differs at most among points that are sought together


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of polygons in short pieces, in a tree."""

    tree: Any
    unit: Any  # of each piece
    _narrowed: dict[float, Any] = field(default_factory=dict)  # the tree with longitudes narrowed, by how much

    @classmethod
    def of(cls, geometries: Any) -> Outlines:
        """Cut the outlines into pieces of a few edges.

        Parameters
        ----------
        geometries : array of shapely polygons and multipolygons, shape (n_units,)
            In degrees.
        """
        import shapely

        edges = edges_of(geometries)
        number = np.arange(len(edges.x1))
        joined = (edges.x1[1:] == edges.x2[:-1]) & (edges.y1[1:] == edges.y2[:-1]) & (np.diff(edges.unit) == 0)
        begins = np.append(True, ~joined)[: len(number)]
        within = number - np.maximum.accumulate(np.where(begins, number, 0))
        piece = np.cumsum(within % _EDGES == 0) - 1
        last = np.flatnonzero(np.diff(piece, append=-1))
        order = np.argsort(np.concatenate([2 * number, 2 * last + 1]))
        x, y = np.concatenate([edges.x1, edges.x2[last]])[order], np.concatenate([edges.y1, edges.y2[last]])[order]
        lines = shapely.linestrings(x, y, indices=np.concatenate([piece, piece[last]])[order])
        return cls(shapely.STRtree(lines), edges.unit[last])

    def nearest(self, longitude: Any, latitude: Any, farthest_m: float) -> tuple[Any, Any]:
        """Find the unit nearest to each point outside, and the metres to it.

        Parameters
        ----------
        longitude, latitude : array of float, shape (n_points,)
            Degrees, finite.
        farthest_m : float
            Nothing is sought beyond.

        Returns
        -------
        units : array of int64, shape (n_points,)
            The first where several are as near; -1 where none is near enough.
        distance_m : array of float, shape (n_points,)
            On the WGS84 ellipsoid; infinite where none is near enough.
        """
        spots, row = np.unique(longitude + 1j * latitude, return_inverse=True)
        units, distance_m = self._of_spots(spots.real, spots.imag, farthest_m)
        return units[row], distance_m[row]

    def _of_spots(self, x: Any, y: Any, farthest_m: float) -> tuple[Any, Any]:
        """Seek where a degree of longitude is drawn as narrow as it is, so that the nearest is nearest in metres."""
        units, distance_m = np.full(len(x), -1), np.full(len(x), np.inf)
        if not len(self.unit) or not len(x):
            return units, distance_m
        for width, here in _bands(y):
            units[here], distance_m[here] = self._in_band(x[here], y[here], farthest_m, width)
        return units, distance_m

    def _in_band(self, x: Any, y: Any, farthest_m: float, width: float) -> tuple[Any, Any]:
        """Seek from points at which a degree of longitude is as wide, in degrees of latitude."""
        import shapely

        units, distance_m = np.full(len(x), -1), np.full(len(x), np.inf)
        tree, points = self._tree(width), shapely.points(x * width, y)
        within = _degrees(y, farthest_m)
        most = None if within is None else within * width * (1 + _BAND)
        which, piece = tree.query_nearest(points, max_distance=most, all_matches=True)
        order = np.lexsort((piece, which))  # pieces are in the order of their units
        which, piece = which[order], piece[order]
        first = np.flatnonzero(np.diff(which, prepend=-1))
        which, piece = which[first], piece[first]
        metres = _lengths(shapely.shortest_line(tree.geometries[piece], points[which]), width)
        near = metres <= farthest_m
        units[which[near]], distance_m[which[near]] = self.unit[piece[near]], metres[near]
        return units, distance_m

    def _tree(self, width: float) -> Any:
        import shapely

        if width not in self._narrowed:
            self._narrowed[width] = shapely.STRtree(_narrow(self.tree.geometries, width))
        return self._narrowed[width]


def metres_between(polygons: Any, longitude: Any, latitude: Any) -> Any:
    """Measure the way from each point to the nearest place of its own polygon, on the WGS84 ellipsoid.

    Parameters
    ----------
    polygons : array of shapely geometry, shape (n_points,)
        In degrees, EPSG:4326.
    longitude, latitude : array of float, shape (n_points,)
        Degrees, finite.

    Returns
    -------
    array of float, shape (n_points,)
        Metres; 0 inside.
    """
    import shapely

    distance_m = np.zeros(len(polygons))
    for width, here in _bands(np.asarray(latitude)):
        some, which = np.unique([id(polygon) for polygon in polygons[here]], return_index=True)
        narrowed = _narrow(polygons[here][which], width)
        place = np.searchsorted(some, [id(polygon) for polygon in polygons[here]])
        points = shapely.points(longitude[here] * width, latitude[here])
        distance_m[here] = _lengths(shapely.shortest_line(narrowed[place], points), width)
    return distance_m


def _bands(latitude: Any) -> Iterator[tuple[float, Any]]:
    """Give how wide a degree of longitude is, in degrees of latitude, and the points where it is about that."""
    band = np.round(np.log(np.cos(np.radians(np.clip(latitude, -89.9, 89.9)))) / _BAND)
    for one in np.unique(band):
        yield float(np.exp(one * _BAND)), np.flatnonzero(band == one)


def _narrow(geometries: Any, width: float) -> Any:
    import shapely

    return shapely.transform(geometries, lambda degrees: degrees * (width, 1.0))


def _lengths(narrowed: Any, width: float) -> Any:
    """Give the metres of lines between two points whose longitudes are narrowed."""
    import shapely
    from pyproj import Geod

    x1, y1, x2, y2 = shapely.get_coordinates(narrowed).reshape(-1, 4).T
    return Geod(ellps="WGS84").inv(x1 / width, y1, x2 / width, y2)[2]


def _degrees(latitude: Any, metres: float) -> float | None:
    """Give a number of degrees that is at least so many metres, whatever the direction; None without limit."""
    if not np.isfinite(metres):
        return None
    margin = metres / _METRES_PER_DEGREE
    narrow = np.cos(np.radians(min(float(np.abs(latitude).max()) + margin, 89.9)))
    return float(1.01 * margin / narrow)
