"""The search of `awsd_geo.statistics._scan_search`, compiled: the same numbers, for large maps.

Imported only where numba is installed and the work is large; the compiled code is kept on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_search import Search

    Floats = NDArray[np.float64]
    Counts = NDArray[Any]

TILE = 256  # maps looked at together: their running counts stay in the fastest memory
RUN = 32  # places between two looks at what has passed
WARM = 16  # sequences after which maps are sorted by what they have reached


def maxima(search: Search, maps: Counts) -> Floats:
    """Give the largest ratio of each map, shape (n_units, m) to (m,), as `Search.maxima` does for Poisson counts.

    Parameters
    ----------
    search : Search
        Zones and null hypothesis.
    maps : ndarray of int16 or int32, shape (n_units, m)
        Counts.

    Returns
    -------
    ndarray of float, shape (m,)
        To the last bit those of `Search.maxima`.
    """
    best = np.zeros(maps.shape[1])
    _sweep(search, maps, search.order[:WARM], best)
    weakest_first = np.argsort(best, kind="stable")
    ascending = best[weakest_first]
    _sweep(search, maps[:, weakest_first], search.order[WARM:], ascending)
    best[weakest_first] = ascending
    return best


def _sweep(search: Search, maps: Counts, order: NDArray[np.int64], best: Floats) -> None:
    """Raise ``best`` by what the sequences of ``order`` reach, tile by tile."""
    zones, model = search.zones, search.null.model
    ladder, largest, smallest = search.thresholds()
    signs = {"high": (1,), "low": (-1,), "both": (1, -1)}[model.direction]
    for start in range(0, maps.shape[1], TILE):
        stop = min(start + TILE, maps.shape[1])
        tile = np.zeros((len(maps), TILE), dtype=maps.dtype)
        reached = np.full(TILE, np.inf)  # what is beyond the last map is not looked at
        tile[:, : stop - start], reached[: stop - start] = maps[:, start:stop], best[start:stop]
        for sign in signs:
            _tile(
                tile, zones.members, zones.ends, zones.starts, zones.weights, search.at, search.log_in,
                search.log_out, search.entropy, ladder, largest if sign > 0 else smallest, model.fewest, sign, order,
                reached,
            )  # fmt: skip
        best[start:stop] = reached[: stop - start]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _tile(
    maps: Any, members: Any, ends: Any, starts: Any, weights: Any, at: Any, log_in: Any, log_out: Any, entropy: Any,
    ladder: Any, edges: Any, fewest: Any, sign: Any, order: Any, best: Any,
) -> None:  # fmt: skip
    """Walk sequences for one tile of maps and raise ``best``; sign 1 looks for high zones, -1 for low ones.

    The innermost loop is an addition, a subtraction and a maximum of small integers: it says whether some place of
    the run has passed. Only then the run is walked back, map by map.
    """
    cast = maps.dtype.type
    sums, over, cuts = np.empty(TILE, maps.dtype), np.empty(TILE, maps.dtype), np.empty(RUN, maps.dtype)
    for sequence in order:
        edge = edges[np.searchsorted(ladder, best.min(), side="right") - 1]
        sums[:] = 0
        step = 0
        for start in range(starts[sequence], starts[sequence + 1], RUN):
            stop = min(start + RUN, starts[sequence + 1])
            step = _set_cuts(cuts, ends, at, edge, step, fewest, sign, start, stop)
            over[:] = -1
            for place in range(start, stop):
                row, cut = maps[members[place]], cuts[place - start]
                for column in range(TILE):
                    sums[column] += row[column]
                    beyond = cast(sign * (sums[column] - cut))
                    over[column] = beyond if beyond > over[column] else over[column]
            for column in range(TILE):
                if over[column] >= 0:
                    count = sums[column]
                    for place in range(stop - 1, start - 1, -1):
                        if sign * (count - cuts[place - start]) >= 0:
                            llr = entropy[count] - count * log_in[place]
                            llr -= (len(entropy) - 1 - count) * log_out[place]
                            best[column] = max(best[column], llr * weights[sequence])
                        count -= maps[members[place], column]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _set_cuts(
    cuts: Any, ends: Any, at: Any, edge: Any, step: Any, fewest: Any, sign: Any, start: Any, stop: Any
) -> Any:
    """Write from which count on (sign 1) or up to which (-1) each place of a run may reach the ratio of the edge."""
    never = np.iinfo(cuts.dtype).max if sign > 0 else -1
    for place in range(start, stop):
        while step < len(edge) and (edge[step] < at[place] or (sign < 0 and edge[step] == at[place])):
            step += 1
        cut = max(step, fewest) if sign > 0 else step - 1
        cuts[place - start] = cut if ends[place] else never
    return step
