"""How often the running sum of multinomial counts leaves its limits in some year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlogy

from awsd_geo.statistics._guard import SMALLEST_P

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

NEGLIGIBLE = 1e-280  # mass dropped at the ends of a distribution


def crossing_probability(low: Whole, high: Whole, shares: Floats, n: int) -> float:
    """Give the exact probability that the sum of the first counts is outside its limits for some number of them.

    Counts are multinomial: independent Poissons given their sum. ``inside`` holds, for each running sum that has kept
    within its limits so far, its Poisson weight. A year that is the first to leave adds to p, what comes after it
    no longer matters: only positive terms are added, so that a p of 1e-16 is as exact as one of 0.1.

    Cost: k counts, n incidents: O(k n w) time with w the width of one Poisson count, O(n) memory.

    Parameters
    ----------
    low, high : ndarray of int, shape (k - 1,)
        Smallest and largest running sum allowed after each count but the last; low over high where none is.
    shares : ndarray of float, shape (k,)
        Probability of each count, all over 0, sum 1.
    n : int
        The total.

    Returns
    -------
    float
        Over 0 to 1.

    References
    ----------
    .. [1] Worsley, K. J. (1986). Confidence regions and tests for a change-point in a sequence of exponential family
       random variables. Biometrika 73 (1), 91-104 (recursion over the running sum).
    """
    rest = np.cumsum(shares[::-1])[::-1]
    start, inside, left = 0, np.ones(1), 0.0
    for year, share in enumerate(shares[:-1]):
        start, inside = _grown(start, inside, n * float(share), n)
        sums = start + np.arange(len(inside))
        after = inside * poisson_weights(n - sums, n * float(rest[year + 1]))
        kept = (sums >= low[year]) & (sums <= high[year])
        left += float(after[~kept].sum())
        if not kept.any():
            break
        places = np.flatnonzero(kept)
        start, inside = start + int(places[0]), inside[places[0] : places[-1] + 1]
    return float(min(max(left / float(poisson_weights(np.array([n]), float(n))[0]), SMALLEST_P), 1.0))


def _grown(start: int, weights: Floats, mean: float, n: int) -> tuple[int, Floats]:
    """Add an independent Poisson count, sums beyond n and ends of next to no weight left out."""
    reach = int(mean + 60 * np.sqrt(mean) + 400)
    grown = np.convolve(weights, poisson_weights(np.arange(min(reach, n) + 1), mean))[: n - start + 1]
    kept = np.flatnonzero(grown > NEGLIGIBLE * grown.max())
    return start + int(kept[0]), grown[kept[0] : kept[-1] + 1]


def poisson_weights(count: Whole, mean: float) -> Floats:
    """Give Poisson probabilities."""
    weights: Floats = np.exp(xlogy(count, mean) - mean - gammaln(count + 1.0))
    return weights
