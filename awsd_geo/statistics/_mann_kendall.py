"""Mann-Kendall's test of a monotone trend with its exact distribution, ties included, and Sen's slope."""

from __future__ import annotations

from collections import Counter
from math import factorial, prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def score(series: NDArray[np.int64]) -> int:
    """Give Kendall's S: pairs of years that rise less pairs that fall."""
    later, earlier = np.tril_indices(len(series), -1)
    return int(np.sign(series[later] - series[earlier]).sum())


def orders_by_inversions(groups: list[int]) -> list[int]:
    """Count the orders of a multiset by their inversions.

    The generating function is the q-multinomial coefficient, the product of (1 - q^j) for j to n over the same
    product for each group of ties (MacMahon); multiplied and divided as power series in whole numbers.

    Parameters
    ----------
    groups : list of int
        How often each value occurs.

    Returns
    -------
    list of int
        Number of orders with 0, 1, ... inversions, from 0 to the number of pairs that differ.
    """
    n = sum(groups)
    pairs = (n * n - sum(size * size for size in groups)) // 2
    series = [1] + [0] * pairs
    for factor in range(1, n + 1):
        for power in range(pairs, factor - 1, -1):
            series[power] -= series[power - factor]
    for factor in (step for size in groups for step in range(1, size + 1)):
        for power in range(factor, pairs + 1):
            series[power] += series[power - factor]
    return series


def mann_kendall_p(series: NDArray[np.int64]) -> float:
    """Give the exact two-sided p of no trend: the share of all orders of the series whose S is as far from 0.

    S is the number of pairs that differ less twice the inversions, and symmetric, so that this is twice the
    smaller tail (at most 1) as well. Ties are counted as they are, no normal approximation is made. Cost: n years
    take O(n^3) additions of whole numbers.

    Parameters
    ----------
    series : ndarray of int, shape (n_years,)
        Incidents by year.

    Returns
    -------
    float
        Over 0 to 1; 1 for a constant series.

    References
    ----------
    .. [1] Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13 (3), 245-259.
    .. [2] Kendall, M. G. (1975). Rank Correlation Methods, 4th edition. London: Griffin.
    .. [3] MacMahon, P. A. (1915). Combinatory Analysis, volume 1. Cambridge University Press.
    """
    groups = list(Counter(series.tolist()).values())
    orders = orders_by_inversions(groups)
    pairs, far = len(orders) - 1, abs(score(series))
    extreme = sum(number for inversions, number in enumerate(orders) if abs(pairs - 2 * inversions) >= far)
    return extreme / (factorial(len(series)) // prod(map(factorial, groups)))


def sen_slope(series: NDArray[np.int64]) -> float:
    """Give Sen's slope: the median over all pairs of years of the change per year.

    Parameters
    ----------
    series : ndarray of int, shape (n_years,)
        Incidents by year.

    Returns
    -------
    float
        Incidents per year.

    References
    ----------
    .. [1] Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the
       American Statistical Association 63 (324), 1379-1389.
    """
    later, earlier = np.tril_indices(len(series), -1)
    return float(np.median((series[later] - series[earlier]) / (later - earlier)))
