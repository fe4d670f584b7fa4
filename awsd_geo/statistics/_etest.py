"""The E-test of two Poisson rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammainc, gammaincc, gammaln, xlogy

from awsd_geo.statistics._guard import SMALLEST_P

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SAME = 1e-10  # statistics this close, relative, are tied


def e_test(count_a: int, exposure_a: float, count_b: int, exposure_b: float) -> tuple[float, float, float]:
    """Give the two-sided, upper and lower p of Krishnamoorthy and Thomson's E-test that two rates are equal.

    Both counts are taken as Poisson with the pooled rate of the data; p is the probability that the statistic, the
    difference of the rates over its unpooled standard error, is as far out as the one seen. Where both counts are 0
    the statistic is 0. For each count of the first group the second's are cut where the statistic reaches the one
    seen (it falls as they grow), and their Poisson tail is exact: nothing is truncated there. The first group runs
    over all counts within 40 standard deviations and 400 of its mean, beyond which is less than 1e-300.

    Parameters
    ----------
    count_a, count_b : int
        Not both 0.
    exposure_a, exposure_b : float
        Over 0.

    Returns
    -------
    two_sided, greater, less : float
        Over 0 to 1.

    References
    ----------
    .. [1] Krishnamoorthy, K., and Thomson, J. (2004). A more powerful test for comparing two Poisson means.
       Journal of Statistical Planning and Inference 119 (1), 23-35.
    """
    pooled = (count_a + count_b) / (exposure_a + exposure_b)
    mean_a, mean_b = pooled * exposure_a, pooled * exposure_b
    reach = 40 * np.sqrt(mean_a) + 400
    first = np.arange(max(int(mean_a - reach), 0), int(mean_a + reach) + 1)

    def statistic(one: Whole, other: Whole) -> Floats:
        error = np.sqrt(one / exposure_a**2 + other / exposure_b**2)
        difference = one / exposure_a - other / exposure_b
        values: Floats = np.divide(difference, error, out=np.zeros(len(one)), where=error > 0)
        return values

    seen = float(statistic(np.array([count_a]), np.array([count_b]))[0])
    slack = SAME * max(abs(seen), 1e-6)
    weights = np.exp(xlogy(first, mean_a) - mean_a - gammaln(first + 1.0))
    most = int(mean_b + 40 * np.sqrt(mean_b) + 400)

    def upper(least: float) -> Floats:  # P(statistic >= least), given the first count
        last = _last(lambda second: statistic(first, second) >= least, len(first), most)
        return _at_most(last, mean_b)

    def lower(highest: float) -> Floats:  # P(statistic <= highest)
        last = _last(lambda second: statistic(first, second) > highest, len(first), most)
        return np.where(last < 0, 1.0, gammainc(np.maximum(last, 0) + 1.0, mean_b))

    far = abs(seen) - slack
    two = 1.0 if far <= 0 else float(weights @ (upper(far) + lower(-far)))
    p_values = (two, float(weights @ upper(seen - slack)), float(weights @ lower(seen + slack)))
    two, greater, less = (min(max(p, SMALLEST_P), 1.0) for p in p_values)
    return two, greater, less


def _last(holds: Callable[[Whole], NDArray[np.bool_]], size: int, most: int) -> Whole:
    """Give, place by place, the last second count where it still holds, -1 if none, by bisection."""
    low, high = np.full(size, -1, dtype=np.int64), np.full(size, most, dtype=np.int64)
    while (low < high).any():
        middle = (low + high + 1) // 2
        kept = holds(np.maximum(middle, 0)) & (middle >= 0)
        low, high = np.where(kept, middle, low), np.where(kept, high, middle - 1)
    return low


def _at_most(last: Whole, mean: float) -> Floats:
    tail: Floats = np.where(last < 0, 0.0, gammaincc(np.maximum(last, 0) + 1.0, mean))
    return tail
