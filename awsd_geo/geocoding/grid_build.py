"""The cells of a grid that the outlines of some polygons touch, and what lies in the runs of cells between them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

EDGE = 1e-6
"""By how much of a cell every edge is thickened: far above the rounding of its coordinates, far below a cell."""


class Edges(NamedTuple):
    """Straight pieces of the outlines; all arrays have the shape (n_edges,)."""

    x1: Any
    y1: Any
    x2: Any
    y2: Any
    unit: Any


def edges_of(geometries: Any) -> Edges:
    """Take the outlines of polygons apart.

    Parameters
    ----------
    geometries : array of shapely polygons and multipolygons, shape (n_units,)
        Empty and missing ones have no edge.

    Returns
    -------
    Edges
        Every straight piece of every ring with the position of its polygon, in the coordinates of the polygons.
    """
    import shapely

    parts, unit = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    begin, end = places[:-1][same], places[1:][same]
    return Edges(begin[:, 0], begin[:, 1], end[:, 0], end[:, 1], unit[part[ring[:-1][same]]])


def touched_cells(edges: Edges, width: int) -> tuple[Any, Any]:
    """Find the cells that the edges pass through, be it at a corner only.

    Parameters
    ----------
    edges : Edges
        In units of cells.
    width : int
        Number of cells in a row of the grid.

    Returns
    -------
    cells, which : array of int64, shape (n,)
        Each cell of each edge, and the position of the edge.
    """
    low, high = np.minimum(edges.y1, edges.y2), np.maximum(edges.y1, edges.y2)
    which, row = _ranges(np.floor(low - EDGE).astype(np.int64), np.floor(high + EDGE).astype(np.int64))
    x1, y1, x2, y2 = (values[which] for values in edges[:4])
    flat = np.abs(y2 - y1) <= 2 * EDGE  # within one thickness: its whole width counts in every row it comes near
    slope = (x2 - x1) / np.where(flat, 1.0, y2 - y1)
    from_y = np.clip(row - EDGE, low[which], high[which])
    to_y = np.clip(row + 1 + EDGE, low[which], high[which])
    from_x = np.where(flat, x1, x1 + (from_y - y1) * slope)
    to_x = np.where(flat, x2, x1 + (to_y - y1) * slope)
    left, right = np.minimum(from_x, to_x), np.maximum(from_x, to_x)
    again, column = _ranges(np.floor(left - EDGE).astype(np.int64), np.floor(right + EDGE).astype(np.int64))
    return row[again] * width + column, which[again]


def same_edges(edges: Edges) -> Any:
    """Give an edge that bounds two units one number, whichever way it runs.

    Parameters
    ----------
    edges : Edges
        In any coordinates.

    Returns
    -------
    array of int64, shape (n_edges,)
        The position of the first edge between the same two places.
    """
    begin, end = edges.x1 + 1j * edges.y1, edges.x2 + 1j * edges.y2
    low, high = np.minimum(begin, end), np.maximum(begin, end)  # complex numbers are in order by x, then y
    order = np.lexsort((high, low))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = order[np.flatnonzero(new)][np.cumsum(new) - 1]
    return number


def crossings(edges: Edges, width: int) -> tuple[Any, Any]:
    """Find where the edges cross the middle lines of the rows.

    Parameters
    ----------
    edges : Edges
        In units of cells.
    width : int
        Number of cells in a row of the grid.

    Returns
    -------
    cells, units : array of int64, shape (n,)
        The cell of each crossing and the polygon whose edge it is, sorted by cell.
    """
    low, high = np.minimum(edges.y1, edges.y2), np.maximum(edges.y1, edges.y2)
    which, row = _ranges(np.ceil(low - 0.5).astype(np.int64), np.ceil(high - 0.5).astype(np.int64) - 1)
    x1, y1, x2, y2 = (values[which] for values in edges[:4])
    column = np.floor(x1 + (row + 0.5 - y1) * (x2 - x1) / (y2 - y1)).astype(np.int64)
    cells = row * width + column
    order = np.argsort(cells, kind="stable")
    return cells[order], edges.unit[which[order]]


def _ranges(first: Any, last: Any) -> tuple[Any, Any]:
    """Write out whole numbers from first to last, both included, with the position of the range of each."""
    length = np.maximum(last - first + 1, 0)
    which = np.repeat(np.arange(len(first)), length)
    begin = np.cumsum(length) - length
    return which, np.arange(len(which)) - begin[which] + first[which]
