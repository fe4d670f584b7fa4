"""Negative binomial regression of counts on time, by maximum likelihood or moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaln, xlogy

from awsd_geo.statistics._loglinear import root

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST, MOST = 1e-4, 1e4  # alpha below the one is Poisson, above the other not sought
STEPS = 200  # of the iteration; a fit takes about ten
CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Fit:
    """One fit: ``slope`` per step of time and its standard error, NaN where the slope was given."""

    mean: Floats
    slope: float
    error: float
    alpha: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Overdispersed:
    """Counts with mean exp(offset + a + b time) and variance mean + alpha mean squared."""

    counts: Floats
    offset: Floats

    @property
    def time(self) -> Floats:
        """Steps from the middle of the series."""
        steps: Floats = np.arange(len(self.counts), dtype=float) - (len(self.counts) - 1) / 2
        return steps

    def fit(self, *, moments: bool = False) -> Fit:
        """Estimate intercept, slope and alpha."""
        design = np.column_stack([np.ones(len(self.counts)), self.time])
        mean, coefficients, alpha = self._estimated(design, self.offset, moments=moments)
        weight = mean / (1 + alpha * mean)
        error = float(np.sqrt(np.linalg.inv(design.T @ (weight[:, None] * design))[1, 1]))
        return Fit(mean, float(coefficients[1]), error, alpha, self.log_likelihood(mean, alpha))

    def at(self, slope: float) -> Fit:
        """Estimate intercept and alpha for a slope that is given, per step of one."""
        offset = self.offset + slope * self.time
        mean, _, alpha = self._estimated(np.ones((len(self.counts), 1)), offset, moments=False)
        return Fit(mean, slope, np.nan, alpha, self.log_likelihood(mean, alpha))

    def log_likelihood(self, mean: Floats, alpha: float) -> float:
        """Give the log likelihood, constants included."""
        y = self.counts
        if alpha == 0:
            return float(np.sum(xlogy(y, mean) - mean - gammaln(y + 1)))
        size = 1 / alpha
        terms = gammaln(y + size) - gammaln(size) - gammaln(y + 1) - size * np.log1p(alpha * mean)
        return float(np.sum(terms + xlogy(y, alpha * mean) - y * np.log1p(alpha * mean)))

    def _estimated(self, design: Floats, offset: Floats, *, moments: bool) -> tuple[Floats, Floats, float]:
        lacking = self._excess(design.shape[1]) if moments else self._score

        def at(alpha: float) -> float:
            return lacking(self._means(design, offset, alpha)[0], alpha)

        alpha = 0.0
        if at(LEAST) > 0:
            alpha = MOST if at(MOST) > 0 else float(np.exp(root(lambda log: at(np.exp(log)), *np.log([LEAST, MOST]))))
        return *self._means(design, offset, alpha), alpha

    def _score(self, mean: Floats, alpha: float) -> float:
        """Give the slope of the log likelihood in alpha."""
        y, size = self.counts, 1 / alpha
        terms = (np.log1p(alpha * mean) - digamma(y + size) + digamma(size)) * size**2
        return float(np.sum(terms + (y - mean) * size / (1 + alpha * mean)))

    def _excess(self, parameters: int) -> Callable[[Floats, float], float]:
        freedom = len(self.counts) - parameters

        def excess(mean: Floats, alpha: float) -> float:
            return float(np.sum((self.counts - mean) ** 2 / (mean * (1 + alpha * mean)))) - freedom

        return excess

    def _means(self, design: Floats, offset: Floats, alpha: float) -> tuple[Floats, Floats]:
        """Fit the coefficients for a given alpha by weighted least squares, steps halved where they overshoot."""
        coefficients = np.zeros(design.shape[1])
        coefficients[0] = np.log(self.counts.sum() / np.exp(offset).sum())
        mean = np.exp(offset + design @ coefficients)
        best = self.log_likelihood(mean, alpha)
        for _ in range(STEPS):
            weight = mean / (1 + alpha * mean)
            gradient = design.T @ ((self.counts - mean) / (1 + alpha * mean))
            step = np.linalg.solve(design.T @ (weight[:, None] * design), gradient)
            scale = 1.0
            while True:
                trial = np.exp(np.minimum(offset + design @ (coefficients + scale * step), 500))
                if (reached := self.log_likelihood(trial, alpha)) >= best - CLOSE * abs(best) or scale < CLOSE:
                    break
                scale /= 2
            coefficients, mean, best = coefficients + scale * step, trial, reached
            if np.abs(scale * step).max() < CLOSE:
                break
        return mean, coefficients
