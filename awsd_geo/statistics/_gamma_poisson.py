"""The gamma-Poisson law of counts whose rates differ between units, by maximum likelihood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHAPES = (-14.0, 18.0)  # logarithms between which the shape is looked for
STEPS = 60  # halvings and Newton steps, enough for the last digit


def fit_gamma_poisson(counts: Floats, exposure: Floats) -> tuple[float, float]:
    """Estimate the mean of the rates and the shape of their gamma law.

    Counts are Poisson with mean exposure x rate, and rates are gamma with this mean and shape, so that counts are
    negative binomial. For each shape the mean is found by Newton's method in its logarithm; the shape is the root of
    the score of the profile likelihood, found by halving. There is one if counts vary more than Poisson counts would.

    Parameters
    ----------
    counts, exposure : ndarray of float, shape (n,)
        Not all counts 0; exposure over 0.

    Returns
    -------
    mean, shape : float
        The shape is infinite where the counts vary no more than Poisson counts: all rates are the mean then.

    References
    ----------
    .. [1] Clayton, D., and Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks for use in
       disease mapping. Biometrics 43 (3), 671-681.
    """
    poisson = counts.sum() / exposure.sum()
    fitted = poisson * exposure
    if (np.square(counts - fitted) - counts).sum() <= 0:
        return float(poisson), np.inf
    low, high = SHAPES
    for _ in range(STEPS):
        middle = (low + high) / 2
        rises = _score(np.exp(middle), counts, exposure, poisson) > 0
        low, high = (middle, high) if rises else (low, middle)
    if low > SHAPES[1] - 1:
        return float(poisson), np.inf
    shape = float(np.exp((low + high) / 2))
    return _mean(shape, counts, exposure, poisson), shape


def _mean(shape: float, counts: Floats, exposure: Floats, start: float) -> float:
    """Solve sum (count - mu) shape / (mu + shape) = 0 for the logarithm of the mean, mu = mean x exposure."""
    log_mean = np.log(start)
    for _ in range(STEPS):
        mu = np.exp(log_mean) * exposure
        slope = shape * ((counts - mu) / (mu + shape)).sum()
        curve = shape * (mu * (counts + shape) / np.square(mu + shape)).sum()
        step = np.clip(slope / curve, -2, 2)
        log_mean += step
        if abs(step) < 1e-15:
            break
    return float(np.exp(log_mean))


def _score(shape: float, counts: Floats, exposure: Floats, start: float) -> float:
    """Give the derivative of the profile log-likelihood by the shape."""
    mu = _mean(shape, counts, exposure, start) * exposure
    parts = digamma(counts + shape) - digamma(shape) - np.log1p(mu / shape) + 1 - (counts + shape) / (mu + shape)
    return float(parts.sum())
