"""The most likely cluster of many maps with the same number of incidents, tested by the same maps of chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.statistics._scan_chance import draw
from awsd_geo.statistics._scan_collect import candidates
from awsd_geo.statistics._scan_search import Search
from awsd_geo.statistics._scan_windows import zones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_problem import Problem
    from awsd_geo.statistics._scan_windows import Windows


def scan_many(
    problem: Problem, maps: NDArray[np.int64], windows: Windows, replicates: int, seed: int
) -> tuple[list[tuple[str, ...]], NDArray[np.float64]]:
    """Scan maps that have the same total, each as ``scan`` does it alone.

    Given their total the maps of chance are the same for all, so they are drawn once.

    Parameters
    ----------
    problem : Problem
        Exposures and places; its counts are not used.
    maps : ndarray of int, shape (n_maps, n_units)
        Counts, all with the same sum.
    windows : Windows
        Shape and size of the zones.
    replicates, seed : int
        Maps of chance.

    Returns
    -------
    clusters : list of tuple of str
        Region_ids of the most likely cluster of each map; none where no zone has more than expected.
    p : ndarray of float, shape (n_maps,)
        Of that cluster; 1 where there is none.
    """
    looked = zones(problem.where, windows, problem.exposure)
    search = Search(looked, replace(problem, counts=maps[0]).null("high", windows.fewest))
    share = looked.sums(problem.exposure) / problem.exposure.sum()
    small = share <= windows.reported_share * (1 + 1e-9)
    clusters, ratios = [], np.zeros(len(maps))
    for number, counts in enumerate(maps):
        every = np.where(small, search.ratios(counts), 0.0)
        first = candidates(looked, every)[:1]
        clusters.append(tuple(problem.where.ids[looked.zone(first[0])]) if len(first) else ())
        ratios[number] = every[first[0]] if len(first) else 0.0
    chance = draw(search, float(ratios.max()), replicates, seed, None)
    return clusters, np.where(ratios > 0, chance.p_values(ratios), 1.0)
