"""The polygons of a frame made ready for points: which way of looking them up pays, and what is kept of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.geocoding.grid import Grid, build_grid
from awsd_geo.geocoding.grid_cache import digest_of, keep_grid, kept_grid
from awsd_geo.geocoding.nearest import Outlines

if TYPE_CHECKING:
    import geopandas as gpd

GRID_FROM = 50_000
"""Points of a layer, in all calls together, from which a grid pays for being made."""
_KEPT = 8  # layers in memory at most
_MEMORY: OrderedDict[tuple[int, ...], Layer] = OrderedDict()
_GRIDS: OrderedDict[str, Grid] = OrderedDict()  # by digest: a frame loaded again has new polygons, but the same
_LOCK = threading.Lock()


class Layer:
    """Polygons and the indexes over them, each made when it is first needed.

    Parameters
    ----------
    geometries : array of shapely geometry, shape (n_units,)
        Polygons and multipolygons in degrees.
    """

    def __init__(self, geometries: Any) -> None:
        import shapely

        self.geometries = geometries
        self._seen = 0
        self._grid: Grid | None = None
        self._tried = not np.isin(shapely.get_type_id(geometries), (-1, 3, 6)).all()  # without a grid: no polygons
        self._outlines: Outlines | None = None
        shapely.prepare(geometries)

    @classmethod
    def of(cls, regions: gpd.GeoDataFrame) -> Layer:
        """Give the layer of a frame: the one in memory if its polygons are the very same objects."""
        geometries = regions.geometry.to_numpy().copy()
        key = tuple(map(id, geometries))  # the layer keeps them alive, so no other object gets their ids
        with _LOCK:
            if (known := _MEMORY.get(key)) is None:
                known = cls(geometries)
        _remember(_MEMORY, key, known)
        return known

    def locate(self, longitude: Any, latitude: Any) -> Any:
        """Find the first unit that holds each point, its border included.

        Parameters
        ----------
        longitude, latitude : array of float, shape (n_points,)
            Degrees; a place that is not finite is in no unit.

        Returns
        -------
        array of int32, shape (n_points,)
            Position of the unit; -1 outside all.
        """
        self._seen += len(longitude)
        grid = self.grid() if self._seen >= GRID_FROM else None
        if grid is not None:
            return grid.locate(self.geometries, longitude, latitude)
        return scan(self.geometries, longitude, latitude)

    def grid(self) -> Grid | None:
        """Give the grid, made or read when it is first asked for; None where none can be laid."""
        if not self._tried:
            digest = digest_of(self.geometries)
            self._grid = _GRIDS.get(digest) or kept_grid(digest)
            if self._grid is None and (made := build_grid(self.geometries)) is not None:
                self._grid = made
                keep_grid(digest, made)
            if self._grid is not None:
                _remember(_GRIDS, digest, self._grid)
            self._tried = True
        return self._grid

    def outlines(self) -> Outlines:
        """Give the tree of the outlines."""
        if self._outlines is None:
            self._outlines = Outlines.of(self.geometries)
        return self._outlines


def _remember(memory: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """Keep what was used last, and not too much."""
    with _LOCK:
        memory[key] = value
        memory.move_to_end(key)
        while len(memory) > _KEPT:
            memory.popitem(last=False)


def scan(geometries: Any, longitude: Any, latitude: Any) -> Any:
    """Find the first unit that holds each point, unit by unit among the points between its west and its east.

    Parameters
    ----------
    geometries : array of shapely geometry, shape (n_units,)
        Prepared.
    longitude, latitude : array of float, shape (n_points,)
        Degrees.

    Returns
    -------
    array of int32, shape (n_points,)
        Position of the unit; -1 outside all.
    """
    import shapely

    found = np.full(len(longitude), -1, dtype=np.int32)
    order = np.argsort(longitude)
    x, y = longitude[order], latitude[order]
    bounds = shapely.bounds(geometries)
    first, last = np.searchsorted(x, bounds[:, 0], side="left"), np.searchsorted(x, bounds[:, 2], side="right")
    for unit in np.flatnonzero((first < last) & np.isfinite(bounds[:, 0]))[::-1]:
        among = slice(first[unit], last[unit])
        found[order[among][shapely.intersects_xy(geometries[unit], x[among], y[among])]] = unit
    return found
