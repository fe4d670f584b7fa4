"""Quasi-Poisson regression with a log link, reweighted for past outbreaks as in Farrington's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEPS = 100
CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class QuasiPoisson:
    """A fitted regression."""

    coefficients: Floats
    mean: Floats
    leverage: Floats
    dispersion: float  # at least 1

    def anscombe(self, counts: Floats) -> Floats:
        """Give standardised Anscombe residuals."""
        raw = 1.5 * (counts ** (2 / 3) * self.mean ** (-1 / 6) - np.sqrt(self.mean))
        residuals: Floats = raw / np.sqrt(self.dispersion * np.maximum(1 - self.leverage, 1e-12))
        return residuals


def fit(counts: Floats, design: Floats, weights: Floats, freedom: int) -> QuasiPoisson | None:
    """Fit by weighted least squares in turn; None if it does not converge or the design has no full rank.

    Parameters
    ----------
    counts : ndarray of float, shape (n,)
    design : ndarray of float, shape (n, k)
    weights : ndarray of float, shape (n,)
        Of the counts, over 0.
    freedom : int
        Degrees of freedom that Pearson's statistic is divided by.
    """
    if np.linalg.matrix_rank(design) < design.shape[1] or freedom < 1:
        return None
    mean = counts + 0.1  # as R's glm begins
    linear = np.log(mean)
    coefficients: Floats = np.full(design.shape[1], np.inf)
    for _ in range(STEPS):
        working = linear + (counts - mean) / mean
        scaled = design * np.sqrt(weights * mean)[:, None]
        new = np.linalg.lstsq(scaled, working * np.sqrt(weights * mean), rcond=None)[0].astype(np.float64)
        linear = np.clip(design @ new, -50, 50)
        moved = float(np.abs(new - coefficients).max())
        mean = np.exp(linear)
        coefficients = new
        if moved < CLOSE * max(1.0, float(np.abs(new).max())):
            break
    else:
        return None
    information = design.T @ ((weights * mean)[:, None] * design)
    leverage: Floats = weights * mean * np.sum(design @ np.linalg.pinv(information) * design, axis=1)
    dispersion = float(np.sum(weights * (counts - mean) ** 2 / mean) / freedom)
    return QuasiPoisson(coefficients, mean, leverage, max(dispersion, 1.0))


def fit_reweighted(counts: Floats, design: Floats, silent: tuple[int, int], threshold: float) -> QuasiPoisson | None:
    """Fit, give counts with large residuals less weight, and fit again.

    Parameters
    ----------
    counts, design : ndarray of float, shapes (n,) and (n, k)
    silent : tuple of int
        How many counts, all 0, in how many seasons without any incident were left out: they fit perfectly, but count
        for the degrees of freedom and for the sum of the weights.
    threshold : float
        Residual above which a count gets the weight residual ** -2.
    """
    dropped, seasons = silent
    freedom = len(counts) + dropped - seasons - design.shape[1]
    first = fit(counts, design, np.ones(len(counts)), freedom)
    if first is None:
        return None
    residual = first.anscombe(counts)
    raw = np.where(residual > threshold, np.maximum(residual, threshold) ** -2.0, 1.0)
    return fit(counts, design, raw * (len(counts) + dropped) / (raw.sum() + dropped), freedom)
