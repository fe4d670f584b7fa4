"""Exact tests on one whole number whose law is tilted by one parameter: conditional binomial and hypergeometric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from awsd_geo.statistics._guard import SMALLEST_P
from awsd_geo.statistics._loglinear import STEEPEST, root

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAME = 1e-7  # probabilities this close, relative, are equally likely (the tolerance of R's exact tests)


@dataclass(frozen=True, slots=True)
class Tails:
    """The p-values of one outcome, all over 0."""

    greater: float  # P(X >= x)
    less: float  # P(X <= x)
    doubled: float  # twice the smaller, at most 1
    minimum_likelihood: float  # all outcomes as unlikely as x, or more so
    mid_greater: float  # P(X > x) + P(X = x) / 2
    mid_less: float
    mid: float  # twice the smaller, at most 1


@dataclass(frozen=True, slots=True)
class Tilted:
    """A law on 0, 1, ..., with P(x) proportional to exp(``log_weights[x]`` + theta x).

    With binomial coefficients as weights it is a binomial with log odds theta; with the products of two of them a
    noncentral hypergeometric with log odds ratio theta. Only positive terms are added, so that a p of 1e-16 is as
    exact as one of 0.1.
    """

    log_weights: Floats

    def law(self, theta: float) -> Floats:
        """Give the probability of each outcome."""
        exponents = self.log_weights + theta * np.arange(len(self.log_weights))
        unscaled = np.exp(exponents - exponents.max())
        law: Floats = unscaled / unscaled.sum()
        return law

    def tails(self, place: int, theta: float) -> Tails:
        """Give the p-values of the outcome ``place`` where theta holds."""
        law = self.law(theta)
        at = float(law[place])
        below, above = float(law[:place].sum()), float(law[place + 1 :].sum())
        unlikely = float(law[law <= at * (1 + SAME)].sum())
        return Tails(
            greater=_p(at + above),
            less=_p(at + below),
            doubled=_p(2 * (at + min(above, below))),
            minimum_likelihood=_p(unlikely),
            mid_greater=_p(above + at / 2),
            mid_less=_p(below + at / 2),
            mid=_p(2 * min(above, below) + at),
        )

    def estimate(self, place: int) -> float:
        """Give the conditional maximum likelihood theta; infinite at the ends."""
        if place in {0, len(self.log_weights) - 1}:
            return -np.inf if place == 0 else np.inf
        outcomes = np.arange(len(self.log_weights))
        return root(lambda theta: float(self.law(theta) @ outcomes) - place, -STEEPEST, STEEPEST)

    def interval(self, place: int, confidence: float, *, mid: bool = False) -> tuple[float, float]:
        """Give the interval of theta: where either tail, or mid-p tail, holds half of what confidence leaves."""
        half, own = (1 - confidence) / 2, 0.5 if mid else 1.0

        def too_high(theta: float) -> float:
            law = self.law(theta)
            return float(law[place + 1 :].sum() + own * law[place]) - half

        def too_low(theta: float) -> float:
            law = self.law(theta)
            return half - float(law[:place].sum() + own * law[place])

        low = -np.inf if place == 0 else root(too_high, -STEEPEST, STEEPEST)
        high = np.inf if place == len(self.log_weights) - 1 else root(too_low, -STEEPEST, STEEPEST)
        return low, high

    def detectable(self, theta: float, alpha: float, power: float) -> tuple[float, float]:
        """Give the nearest theta below and above that the test by likelihood of ``theta`` finds with this power."""
        law = self.law(theta)
        order = np.argsort(law)
        unlikely = np.searchsorted(law[order], law * (1 + SAME), side="right")
        rejected = np.cumsum(law[order])[unlikely - 1] <= alpha
        peak = int(law.argmax())

        def lacking(other: float) -> float:
            return float(self.law(other)[rejected].sum()) - power

        low = root(lacking, -STEEPEST, theta) if rejected[:peak].any() else -np.inf
        high = root(lacking, theta, STEEPEST) if rejected[peak:].any() else np.inf
        return low, high


def binomial(n: int) -> Tilted:
    """Give the law of the share that one of two groups has in n incidents; theta is the log odds."""
    chosen = np.arange(n + 1.0)
    return Tilted(-gammaln(chosen + 1) - gammaln(n - chosen + 1))


def hypergeometric(first: int, second: int, drawn: int) -> tuple[Tilted, int]:
    """Give the law of how many of ``drawn`` are among ``first`` of ``first + second``, and its smallest outcome."""
    smallest, largest = max(0, drawn - second), min(first, drawn)
    x = np.arange(smallest, largest + 1.0)
    log_weights = -gammaln(x + 1) - gammaln(first - x + 1) - gammaln(drawn - x + 1) - gammaln(second - drawn + x + 1)
    return Tilted(log_weights), smallest


def _p(value: float) -> float:
    return float(min(max(value, SMALLEST_P), 1.0))
