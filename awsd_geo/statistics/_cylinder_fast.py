"""The comparison of `awsd_geo.statistics._cylinders`, compiled: the same runs pass, so the numbers are the same.

Imported only where numba is installed and the work is large; the compiled code is kept on disk.
"""

from __future__ import annotations

from typing import Any

from numba import njit

TILE = 256  # maps looked at together


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def passing(here: Any, starts: Any, cuts: Any, high: Any, found: Any) -> Any:
    """Write the runs of one zone that pass their cut, on any map.

    The inner loop takes the largest (or smallest) count over all maps; only where it passes they are gone through.

    Parameters
    ----------
    here : ndarray of unsigned int, shape (n_periods + 1, n_maps)
        Running counts of the zone.
    starts : ndarray of int, shape (longest, 2)
        First periods of the runs of each length, from and up to.
    cuts : ndarray of unsigned int, shape (n_runs,)
        In order of length, then of first period.
    high : bool
        Pass at the cut or above it; else below it.
    found : ndarray of int, shape (4, room)
        Filled with first period, length, map and count.

    Returns
    -------
    int
        How many passed; where that is more than the room, not all are written.
    """
    cast = here.dtype.type
    maps, room, number, run = here.shape[1], found.shape[1], 0, 0
    for length in range(1, len(starts) + 1):
        for first in range(starts[length - 1, 0], starts[length - 1, 1]):
            before, after, cut = here[first], here[first + length], cuts[run]
            run += 1
            for begin in range(0, maps, TILE):
                some, other = after[begin : begin + TILE], before[begin : begin + TILE]
                extreme = cast(some[0] - other[0])
                for column in range(len(some)):
                    count = cast(some[column] - other[column])
                    if high:  # noqa: SIM108 (written so, it becomes one instruction for many maps)
                        extreme = count if count > extreme else extreme
                    else:
                        extreme = count if count < extreme else extreme
                if (extreme >= cut) != high:
                    continue
                for column in range(len(some)):
                    count = cast(some[column] - other[column])
                    if (count >= cut) == high:
                        if number < room:
                            found[0, number], found[1, number] = first, length
                            found[2, number], found[3, number] = begin + column, count
                        number += 1
    return number
