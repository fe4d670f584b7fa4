"""The exact conditional distribution of a trend: given the total, when the incidents fell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.statistics._guard import SMALLEST_P

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EPSILON = float(np.finfo(float).eps)
STEEPEST = 50.0  # log rate ratio per year beyond which everything is in one year to double precision
DIRECT = 1 << 13  # longest distribution that is multiplied out; a longer one goes through the Fourier transform


@dataclass(frozen=True, slots=True)
class LogLinear:
    """Incidents in ``years`` consecutive years, ``total`` in all, the rate growing by exp(theta) a year.

    Given the total the counts are multinomial with year t (from 0) weighted exp(theta t), and the sum T of t over
    the incidents holds all that the data say on theta [1]_. Every probability here is of T.

    References
    ----------
    .. [1] Cox, D. R., and Lewis, P. A. W. (1966). The Statistical Analysis of Series of Events. London: Methuen,
       section 3.3.
    """

    years: int
    total: int

    @property
    def largest(self) -> int:
        """The largest T: all incidents in the last year."""
        return self.total * (self.years - 1)

    def weights(self, theta: float) -> Floats:
        """Give the probability of each year."""
        exponents = theta * np.arange(self.years)
        unscaled = np.exp(exponents - exponents.max())
        weights: Floats = unscaled / unscaled.sum()
        return weights

    def distribution(self, theta: float) -> Floats:
        """Give the probability of T = 0, 1, ..., ``largest``: the law of one incident's year, convolved."""
        one = self.weights(theta)
        if self.largest < DIRECT:
            return _power(one, self.total)
        steps = np.arange(self.years)
        mean = float(one @ steps)
        spread = float(np.sqrt(self.total * (one @ (steps - mean) ** 2)))
        size = 1 << int(np.ceil(np.log2(80 * spread + 200 * self.years)))  # beyond 40 spreads: below 1e-60
        around = np.fft.irfft(np.fft.rfft(one, size) ** self.total, size)
        start = max(int(self.total * mean) - size // 2, 0)
        places = np.arange(start, min(start + size, self.largest + 1))
        law = np.zeros(self.largest + 1)
        law[places] = np.maximum(around[places % size], 0.0)
        return law

    def slope(self, observed: int) -> float:
        """Give the maximum likelihood theta, where the mean of T is the one observed; infinite at the ends.

        It is the slope of a Poisson regression with a log link too: both have this one equation.
        """
        if observed in {0, self.largest}:
            return -np.inf if observed == 0 else np.inf
        steps = np.arange(self.years)
        return root(lambda theta: self.total * float(self.weights(theta) @ steps) - observed, -STEEPEST, STEEPEST)

    def p_value(self, observed: int) -> float:
        """Give the two-sided p of no trend: twice the smaller tail, at most 1.

        With no trend T is symmetric about its middle, so that twice the smaller tail, the outcomes as far from the
        middle, and the outcomes as unlikely are one and the same p; and p < 0.05 exactly if the 95 % interval
        leaves out a rate ratio of 1.

        The far tail is taken under the slope that makes the observed T usual and weighted back (exponential
        tilting), so that a p of 1e-16 is as exact as one of 0.1.
        """
        high = max(observed, self.largest - observed)  # by symmetry the upper tail will do
        if 2 * high == self.largest:
            return 1.0
        theta = min(self.slope(high), STEEPEST)
        tail = self.distribution(theta)[high:]
        steps = np.arange(len(tail))
        top = theta * (self.years - 1)
        scale = self.total * (np.log(np.exp(theta * np.arange(self.years) - top).mean()) + top) - theta * high
        return float(min(max(2 * np.exp(scale) * np.sum(tail * np.exp(-theta * steps)), SMALLEST_P), 1.0))

    def interval(self, observed: int, confidence: float) -> tuple[float, float]:
        """Give the exact interval of theta: where either tail holds half of what confidence leaves."""
        half = (1 - confidence) / 2

        def too_high(theta: float) -> float:
            return float(self.distribution(theta)[observed:].sum()) - half

        def too_low(theta: float) -> float:
            return half - float(self.distribution(theta)[: observed + 1].sum())

        low = -np.inf if observed == 0 else root(too_high, -STEEPEST, STEEPEST)
        high = np.inf if observed == self.largest else root(too_low, -STEEPEST, STEEPEST)
        return low, high

    def detectable(self, alpha: float, power: float) -> float:
        """Give the smallest theta that the test at level ``alpha`` finds with this power; infinite if none."""
        tail = np.cumsum(self.distribution(0.0)[::-1])[::-1]
        enough = np.flatnonzero(2 * tail <= alpha)
        if not len(enough):
            return np.inf
        least = int(enough[0])

        def lacking(theta: float) -> float:
            law = self.distribution(theta)
            return float(law[least:].sum() + law[: self.largest - least + 1].sum()) - power

        return root(lacking, 0.0, STEEPEST)


def _power(one: Floats, times: int) -> Floats:
    result = np.ones(1)
    while times:
        if times & 1:
            result = np.convolve(result, one)
        times >>= 1
        one = np.convolve(one, one) if times else one
    return result


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function crosses 0 between two points of unlike sign, to double precision.

    References
    ----------
    .. [1] Chandrupatla, T. R. (1997). A new hybrid quadratic/bisection algorithm for finding the zero of a
       nonlinear function without using derivatives. Advances in Engineering Software 28 (3), 145-149.
    """
    a, b = high, low
    fa, fb = function(a), function(b)
    step = 0.5
    while True:
        x = a + step * (b - a)
        fx = function(x)
        if (fx > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, fc, b, fb = b, fb, a, fa
        a, fa = x, fx
        best, off = (a, fa) if abs(fa) < abs(fb) else (b, fb)
        least = 4 * EPSILON * max(abs(best), 0.01) / abs(b - a)
        if off == 0 or least > 0.5:
            return best
        step = min(max(_interpolated((a, fa), (b, fb), (c, fc)), least), 1 - least)


def _interpolated(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Give the step from a to b by inverse quadratic interpolation where that is safe, else a half."""
    xi, phi = (a[0] - b[0]) / (c[0] - b[0]), (a[1] - b[1]) / (c[1] - b[1])
    if not (phi**2 < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    first = a[1] / (b[1] - a[1]) * c[1] / (b[1] - c[1])
    return first + (c[0] - a[0]) / (b[0] - a[0]) * a[1] / (c[1] - a[1]) * b[1] / (c[1] - b[1])
