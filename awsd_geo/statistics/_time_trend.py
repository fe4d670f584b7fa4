"""Expectations of a scan adjusted for what happens in all units alike: a log-linear trend, or any course."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

TRENDS = ("none", "log-linear", "nonparametric")
STEPS = 100


def adjusted(counts: Whole, expected: Floats, trend: str) -> tuple[Floats, float | None]:
    """Take a trend over all units into the expectations.

    Parameters
    ----------
    counts, expected : ndarray, shape (n_units, n_periods)
        Cases, and expectations in any scale.
    trend : {"none", "log-linear", "nonparametric"}
        Nothing; expectations times exp(b t), b the maximum likelihood estimate of Poisson regression of the totals by
        period; or every period scaled so that it expects as many as there were.

    Returns
    -------
    expected : ndarray of float
        Sums to the cases.
    ratio : float or None
        exp(b), the rate of each period by the one before, if log-linear; NaN if there is no finite one.
    """
    totals, sums, ratio = counts.sum(axis=0), expected.sum(axis=0), None
    if trend == "nonparametric":
        return expected * np.divide(totals, sums, out=np.zeros_like(sums), where=sums > 0), None
    if trend == "log-linear":
        ratio = log_linear(totals, sums)
        expected = expected * ratio ** np.arange(len(totals))
    scaled: Floats = expected * (totals.sum() / expected.sum())
    return scaled, ratio


def log_linear(totals: Whole, exposure: Floats) -> float:
    """Give exp(b) of the Poisson regression log E(total) = a + b t + log(exposure), by Newton's method on b alone.

    Given the total of all periods the counts are multinomial with weights exposure * exp(b t); b makes the expected
    mean period that of the cases. NaN where all cases are in the first or the last period with exposure.
    """
    periods, known = np.arange(len(totals), dtype=float), exposure > 0
    mean = float(totals @ periods / totals.sum())
    if mean <= periods[known][0] or mean >= periods[known][-1]:
        return np.nan
    low, high, slope = -50.0, 50.0, 0.0
    for _ in range(STEPS):
        logs = np.log(exposure[known]) + slope * (periods[known] - mean)
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        excess = float(weights @ (periods[known] - mean))
        spread = float(weights @ (periods[known] - mean) ** 2) - excess**2
        low, high = (slope, high) if excess < 0 else (low, slope)
        step = slope - excess / spread if spread > 0 else np.nan
        following = step if low < step < high else (low + high) / 2
        if abs(following - slope) <= 1e-15 * max(abs(slope), 1e-3):
            break
        slope = following
    return float(np.exp(slope))
