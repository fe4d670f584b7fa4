"""Exact answers for points near outlines: the side of an edge where that is beyond rounding, else GEOS's own test."""

from __future__ import annotations

from typing import Any

import numpy as np

UNDECIDED = -3
_ROUNDING = 1e-15
"""Share of the two products that their difference may be off by; the bound is 3.34e-16 [1]_.

.. [1] Shewchuk (1997), Adaptive precision floating-point arithmetic and fast robust geometric predicates, Discrete and
   Computational Geometry 18, 305-363, section 4: (3 + 16 e) e with e = 2^-53.
"""


def side_of(lines: Any, sides: Any, which: Any, x: Any, y: Any) -> Any:
    """Find the unit on whose side of an edge each point lies.

    Parameters
    ----------
    lines : array of float, shape (4, n_lines)
        Edges, from x, y to x, y.
    sides : array of int, shape (2, n_lines)
        The unit to the left and to the right.
    which : array of int, shape (n_points,)
        The line of each point.
    x, y : array of float, shape (n_points,)
        The points.

    Returns
    -------
    array of int32, shape (n_points,)
        The unit, or `UNDECIDED` where rounding could turn the side.
    """
    x1, y1, x2, y2 = lines[:, which]
    one, other = (x2 - x1) * (y - y1), (y2 - y1) * (x - x1)
    turn = one - other
    left, right = sides[:, which]
    clear = np.abs(turn) > _ROUNDING * (np.abs(one) + np.abs(other))
    return np.where(clear, np.where(turn > 0, left, right), UNDECIDED).astype(np.int32)


def first_of(geometries: Any, starts: Any, members: Any, sets: Any, x: Any, y: Any) -> Any:
    """Test points against their candidates, one candidate after the other, with GEOS.

    Parameters
    ----------
    geometries : array of shapely geometry, shape (n_units,)
        Prepared.
    starts, members : array of int
        The candidates of set k are ``members[starts[k]:starts[k + 1]]``.
    sets : array of int, shape (n_points,)
        The set of each point.
    x, y : array of float, shape (n_points,)
        The points.

    Returns
    -------
    array of int32, shape (n_points,)
        The first candidate that holds the point, its border included; -1 none.
    """
    import shapely

    begin, end = starts[sets], starts[sets + 1]
    found = np.full(len(x), -1, dtype=np.int32)
    left = np.arange(len(x))
    step = 0
    while len(left):
        unit = members[begin[left] + step]
        hit = shapely.intersects_xy(geometries[unit], x[left], y[left])
        found[left[hit]] = unit[hit]
        step += 1
        left = left[~hit & (begin[left] + step < end[left])]
    return found
