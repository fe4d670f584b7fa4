"""Which zones of a scan are reported: the most likely one of each centre, as long as none overlaps a better one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.statistics._scan_likelihood import SAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_zones import Zones

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SIZES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
SIGNIFICANT = 0.05


def candidates(zones: Zones, ratios: Floats) -> Whole:
    """Give the place of the most likely zone of each centre, the best centre first.

    Of zones that are as likely as each other, the one of fewest units; then the first, units sorted by id.

    Parameters
    ----------
    zones : Zones
        What was looked at.
    ratios : ndarray of float, shape (n_places,)
        Log likelihood ratios, 0 where no zone ends or none is to be reported.

    Returns
    -------
    ndarray of int
        Places with a ratio over 0.
    """
    if not len(zones) or not (ratios > 0).any():
        return np.zeros(0, dtype=np.int64)
    lengths = np.diff(zones.starts)
    best = np.maximum.reduceat(ratios, zones.starts[:-1])
    reached = np.flatnonzero((ratios >= np.repeat(best * (1 - SAME), lengths)) & (ratios > 0))
    sequence = np.repeat(np.arange(len(zones)), lengths)[reached]
    sequence, first = np.unique(sequence, return_index=True)
    places = reached[first]
    units = places - zones.starts[sequence]
    order = np.lexsort((places, units, -_levels(ratios[places])))
    _, of_centre = np.unique(zones.centres[sequence[order]], return_index=True)
    return places[order[np.sort(of_centre)]]


def _levels(values: Floats) -> Whole:
    """Give values numbers in ascending order, the same where they differ by rounding only."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    steps = np.concatenate([[0], np.diff(ascending) > SAME * ascending[1:]])
    levels = np.empty(len(values), dtype=np.int64)
    levels[order] = np.cumsum(steps)
    return levels


def apart(zones: Zones, places: Whole) -> list[int]:
    """Keep zones in their order that share no unit with one kept before."""
    taken = np.zeros(zones.units, dtype=bool)
    kept = []
    for place in places.tolist():
        members = zones.zone(place)
        if not taken[members].any():
            taken[members] = True
            kept.append(place)
    return kept


def gini(observed: Floats, expected: Floats, total: float) -> float:
    """Give the Gini coefficient of a collection of clusters.

    The Lorenz curve joins the clusters and all the rest, from the lowest to the highest ratio of observed to
    expected: share of the expected cases along it, share of the observed cases up.

    Parameters
    ----------
    observed, expected : ndarray of float, shape (n_clusters,)
        Cases.
    total : float
        Cases in all.

    Returns
    -------
    float
        0 (no cluster) to 1.

    References
    ----------
    .. [1] Han, J., Zhu, L., Kulldorff, M., Hostovich, S., Stinchcomb, D. G., Tatalovich, Z., Lewis, D. R., and
       Feuer, E. J. (2016). Using Gini coefficient to determining optimal cluster reporting sizes for spatial scan
       statistics. International Journal of Health Geographics 15, 27.
    """
    cases = np.append(observed, total - observed.sum()) / total
    shares = np.append(expected, total - expected.sum()) / total
    order = np.argsort(cases / np.maximum(shares, np.finfo(float).tiny), kind="stable")
    upto = np.cumsum(cases[order])
    return float(1 - np.sum(shares[order] * (2 * upto - cases[order])))


def best_collection(
    zones: Zones, ratios: Floats, sizes: Floats, p_of: Callable[[Floats], Floats], sums: tuple[Floats, Floats, float]
) -> tuple[list[int], float | None]:
    """Choose the largest size of reported clusters whose significant ones have the highest Gini coefficient.

    Parameters
    ----------
    zones, ratios : Zones, ndarray
        As in `candidates`.
    sizes : ndarray of float, shape (n_places,)
        Share of the exposure in each zone.
    p_of : callable
        Gives p for ratios.
    sums : tuple
        Observed and expected cases at each place, and cases in all.

    Returns
    -------
    places : list of int
        The clusters of that collection; those of the largest size where no collection has a significant one.
    size : float or None
        The share chosen; None if there was nothing to choose by.
    """
    observed, expected, total = sums
    best: tuple[float, list[int], float | None] = (0.0, apart(zones, candidates(zones, ratios)), None)
    for size in SIZES:
        places = apart(zones, candidates(zones, np.where(sizes <= size * (1 + SAME), ratios, 0.0)))
        kept = np.array(places, dtype=np.int64)[p_of(ratios[places]) <= SIGNIFICANT]
        coefficient = gini(observed[kept], expected[kept], total)
        if coefficient > best[0] + SAME:
            best = (coefficient, kept.tolist(), size)
    return best[1], best[2]
