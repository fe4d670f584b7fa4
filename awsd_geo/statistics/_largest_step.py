"""The largest likelihood ratio of a single step of the rate: its exact p, and the step that it would have found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import xlogy

from awsd_geo.statistics._crossing import crossing_probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SAME = 1e-9  # likelihood ratios this close, relative, are tied
STEEPEST = 1e6  # ratio of the rates beyond which none is sought
CLOSE = 1e-3  # to which the detectable ratio is found, relative


def log_likelihood_ratio(earlier: NDArray[np.int64], share: Floats, n: int) -> Floats:
    """Give the log likelihood ratio of two rates against one, ``share`` of the exposure lying before the change."""
    later = n - earlier
    ratio: Floats = (
        xlogy(earlier, earlier) + xlogy(later, later) - xlogy(earlier, share) - xlogy(later, 1 - share) - n * np.log(n)
    )
    return np.maximum(ratio, 0.0)


def limits(largest: float, shares: Floats, n: int) -> tuple[Whole, Whole]:
    """Give, for each year but the last, the running sums whose likelihood ratio is below ``largest``, ends included."""
    before = np.cumsum(shares)[:-1]
    middle = np.floor(n * before).astype(np.int64)  # the ratio falls up to it and rises beyond it

    def inside(sums: Whole) -> NDArray[np.bool_]:
        return log_likelihood_ratio(sums, before, n) < largest * (1 - SAME)

    low, least = middle + 1, np.full(len(before), -1, dtype=np.int64)  # first sum inside, last sum below it outside
    high, most = middle.copy(), np.full(len(before), n + 1, dtype=np.int64)
    while (low - least > 1).any() or (most - high > 1).any():
        half = np.maximum((low + least) // 2, 0)
        kept, going = inside(half), low - least > 1
        low, least = np.where(going & kept, half, low), np.where(going & ~kept, half, least)
        half = np.minimum((high + most + 1) // 2, n)
        kept, going = inside(half), most - high > 1
        high, most = np.where(going & kept, half, high), np.where(going & ~kept, half, most)
    return low, high


def largest_step_p(largest: float, shares: Floats, n: int) -> float:
    """Give the exact probability that some year has so large a ratio if the rate is one.

    Parameters
    ----------
    largest : float
        The largest log likelihood ratio.
    shares : ndarray of float, shape (n_years,)
        Exposure of each year, sum 1.
    n : int
        Incidents in all.
    """
    return crossing_probability(*limits(largest, shares, n), shares, n)


def detectable_step(shares: Floats, n: int, alpha: float, power: float) -> float:
    """Give, to 0.1 %, the smallest rise in the middle of the exposure that the test finds with this power.

    Infinite if there is none: where not even all incidents after the middle would be found.
    """
    middle = int(np.abs(np.cumsum(shares)[:-1] - 0.5).argmin()) + 1
    after = np.arange(len(shares)) >= middle
    most = n * float(-np.log(min(shares.min(), shares[after].sum())))
    if largest_step_p(most, shares, n) > alpha:
        return np.inf
    low, high = 0.0, most
    while high - low > CLOSE * high:
        half = (low + high) / 2
        low, high = (low, half) if largest_step_p(half, shares, n) <= alpha else (half, high)
    inside = limits(high, shares, n)

    def found(ratio: float) -> float:
        raised = np.where(after, ratio * shares, shares)
        return crossing_probability(*inside, raised / raised.sum(), n)

    if found(STEEPEST) < power:
        return np.inf
    low, high = 1.0, STEEPEST
    while high / low > 1 + CLOSE:
        half = float(np.sqrt(low * high))
        low, high = (low, half) if found(half) >= power else (half, high)
    return high
