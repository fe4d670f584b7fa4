"""The exact max-cell test: how often some region, whichever it is, reaches so much by chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, gammaln, xlogy

from awsd_geo.statistics._guard import SMALLEST_P

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SAME = 1e-9  # tails this close, relative, are tied
NEGLIGIBLE = 1e-40  # mass dropped at the ends of a distribution


def upper_tail(count: Whole, n: Whole | int, probability: Floats | float) -> Floats:
    """Give P(X >= count) for X binomial(n, probability), exact in the far tail too."""
    above, trials = np.broadcast_arrays(np.asarray(count), np.asarray(n))
    inside = (above > 0) & (above <= trials)
    tail = betainc(np.where(inside, above, 1), np.where(inside, trials - above + 1, 1), probability)
    return np.where(inside, tail, np.where(above <= 0, 1.0, 0.0))


def critical_counts(level: float, n: int, shares: Floats) -> Whole:
    """Give each cell's smallest count whose binomial tail is at most ``level`` (n + 1 if none), by bisection."""
    low, high = np.zeros(len(shares), dtype=np.int64), np.full(len(shares), n + 1, dtype=np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        reached = upper_tail(middle, n, shares) <= level * (1 + SAME)
        low, high = np.where(reached, low, np.minimum(middle + 1, high)), np.where(reached, middle, high)
    return high


def some_cell_reaches(critical: Whole, n: int, shares: Floats) -> float:
    """Give the exact multinomial probability that at least one cell reaches its critical count.

    Cells are taken in order. ``below`` holds, for each sum over the cells so far, the Poisson weight that none of
    them reached its count; a multinomial is independent Poissons given their sum. A cell that is the first to
    reach adds to p, what comes after it no longer matters. Only positive terms are added: nothing cancels, and a p
    of 1e-16 is as exact as one of 0.1.

    Where the sum of the single tails S is below 1e-13 it is p to within double precision, for cells of a
    multinomial are negatively associated: S - S**2 / 2 <= p <= S.

    Cost: k cells, n incidents, critical counts about c: O(k n c) time, O(n) memory; far less for large n, where
    mass below 1e-40 at the ends is dropped.

    Parameters
    ----------
    critical : ndarray of int, shape (k,)
        Count to reach, n + 1 where a cell cannot.
    n : int
        Number of incidents.
    shares : ndarray of float, shape (k,)
        Probability of each cell, all over 0, sum 1.

    Returns
    -------
    float
        Probability, 2.2e-308 to 1.

    References
    ----------
    .. [1] Levin, B. (1981). A representation for multinomial cumulative distribution functions. Annals of
       Statistics 9 (5), 1123-1126.
    .. [2] Joag-Dev, K., and Proschan, F. (1983). Negative association of random variables with applications.
       Annals of Statistics 11 (1), 286-295.
    """
    single = float(upper_tail(critical, n, shares).sum())
    if single < 1e-13:
        return max(single, SMALLEST_P)
    rest = np.cumsum(shares[::-1])[::-1]  # share of this cell and all after it
    start, below, reached = 0, np.ones(1), 0.0
    for share, left, count in zip(shares, rest, critical, strict=True):
        so_far = start + np.arange(len(below))
        first = upper_tail(count, n - so_far, min(share / left, 1.0))
        reached += float(np.sum(below * _poisson(n - so_far, n * left) * first))
        start, below = _crop(start, np.convolve(below, _poisson(np.arange(min(count, n + 1)), n * share)), n)
    return min(max(reached / float(_poisson(np.array([n]), n)[0]), SMALLEST_P), 1.0)


def _poisson(count: Whole, mean: float) -> Floats:
    weights: Floats = np.exp(xlogy(count, mean) - mean - gammaln(count + 1.0))
    return weights


def _crop(start: int, weights: Floats, n: int) -> tuple[int, Floats]:
    weights = weights[: n - start + 1]
    kept = np.flatnonzero(weights > NEGLIGIBLE)
    if not len(kept):
        return start, np.zeros(1)
    return start + int(kept[0]), weights[kept[0] : kept[-1] + 1]


def max_cell(counts: Whole, shares: Floats) -> tuple[Floats, float]:
    """Test whether some cell holds more than chance, the cell being found by looking.

    The statistic is the smallest one-sided binomial tail over the cells: with equal shares that is the largest
    count. p is the probability that the smallest tail is as small or smaller when every incident falls in a cell
    with its share, independently.

    Parameters
    ----------
    counts : ndarray of int, shape (k,)
        Incidents per cell.
    shares : ndarray of float, shape (k,)
        Probability of each cell, all over 0, sum 1.

    Returns
    -------
    tails : ndarray of float, shape (k,)
        Each cell's own binomial tail P(X >= count), not corrected for looking at all cells.
    p : float
        Corrected, exact.
    """
    n = int(counts.sum())
    tails = upper_tail(counts, n, shares)
    return tails, some_cell_reaches(critical_counts(float(tails.min()), n, shares), n, shares)


def critical_level(alpha: float, n: int, shares: Floats) -> float:
    """Give (to 1 % of itself) the largest single tail that the max-cell test still finds at level ``alpha``."""
    low, high = alpha / len(shares), alpha  # by Bonferroni the lower is always enough
    while high / low > 1.01:
        middle = float(np.sqrt(low * high))
        found = some_cell_reaches(critical_counts(middle, n, shares), n, shares) <= alpha
        low, high = (middle, high) if found else (low, middle)
    return low
