"""How far points outside every unit are from the nearest one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from awsd_geo.geocoding.grid_build import edges_of

_EDGES = 8  # edges in a piece
_METRES_PER_DEGREE = 110_500.0  # no degree of latitude on WGS84 is shorter (110,574 m at the equator)


@dataclass(frozen=True, slots=True)
class Outlines:
    """The outlines of polygons in short pieces, in a tree."""

    tree: Any
    unit: Any  # of each piece

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
        """Find the unit nearest in degrees to each point outside, and the metres to it.

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
        import shapely
        from pyproj import Geod

        units, distance_m = np.full(len(x), -1), np.full(len(x), np.inf)
        if not len(self.unit) or not len(x):
            return units, distance_m
        points = shapely.points(x, y)
        which, piece = self.tree.query_nearest(points, max_distance=_degrees(y, farthest_m), all_matches=True)
        order = np.lexsort((piece, which))  # pieces are in the order of their units
        which, piece = which[order], piece[order]
        first = np.flatnonzero(np.diff(which, prepend=-1))
        which, piece = which[first], piece[first]
        ends = shapely.get_coordinates(shapely.shortest_line(self.tree.geometries[piece], points[which]))
        metres = Geod(ellps="WGS84").inv(*ends[::2].T, *ends[1::2].T)[2]
        near = metres <= farthest_m
        units[which[near]], distance_m[which[near]] = self.unit[piece[near]], metres[near]
        return units, distance_m


def _degrees(latitude: Any, metres: float) -> float | None:
    """Give a number of degrees that is at least so many metres, whatever the direction; None without limit."""
    if not np.isfinite(metres):
        return None
    margin = metres / _METRES_PER_DEGREE
    narrow = np.cos(np.radians(min(float(np.abs(latitude).max()) + margin, 89.9)))
    return float(1.01 * margin / narrow)
