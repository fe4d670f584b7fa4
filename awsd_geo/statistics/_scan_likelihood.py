"""Log likelihood ratios of the scan statistics, and what a count or an expectation must be to reach one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import xlog1py, xlogy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SAME = 1e-9  # log likelihood ratios this close, relative, are tied
DIRECTIONS = ("high", "low", "both")


def poisson_llr(count: Whole, expected: Floats, total: int, *, direction: str = "high") -> Floats:
    """Give the log likelihood ratio of a zone against the rest, for Poisson counts given their total.

    With c cases in a zone that expects E of C in all (the expectations sum to C)::

        llr = c log(c / E) + (C - c) log((C - c) / (C - E))

    and 0 where the zone has not more (high) or not fewer (low) than expected.

    Parameters
    ----------
    count : ndarray of int
        Cases in each zone, 0 to ``total``.
    expected : ndarray of float
        Expected cases in each zone, 0 to ``total``; both broadcast.
    total : int
        Cases in all.
    direction : {"high", "low", "both"}
        Which departures count.

    Returns
    -------
    ndarray of float
        0 or more; infinite for a case where none can be.

    References
    ----------
    .. [1] Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics: Theory and Methods 26 (6),
       1481-1496 (equation 10).
    """
    cases = np.asarray(count, dtype=np.float64)
    llr = _part(cases, expected) + _part(total - cases, total - expected)
    return _of_direction(llr, cases - expected, direction)


def bernoulli_llr(count: Whole, expected: Floats, total: int, population: int, *, direction: str = "high") -> Floats:
    """Give the log likelihood ratio of a zone against the rest, for cases among cases and controls.

    With c cases among n persons in a zone, C among N in all, the likelihood of c/n inside and (C - c)/(N - n)
    outside is compared with C/N everywhere. That is the Poisson form for the cases plus the same form for the
    controls, since both are c log(c / E) with E = n C / N for cases and n (N - C) / N for controls.

    Parameters
    ----------
    count : ndarray of int
        Cases in each zone.
    expected : ndarray of float
        Expected cases in each zone, n C / N.
    total : int
        Cases in all, C.
    population : int
        Cases and controls in all, N.
    direction : {"high", "low", "both"}
        Which departures count.

    Returns
    -------
    ndarray of float
        0 or more.

    References
    ----------
    .. [1] Kulldorff, M., and Nagarwalla, N. (1995). Spatial disease clusters: detection and inference. Statistics
       in Medicine 14 (8), 799-810.
    """
    cases, others = np.asarray(count, dtype=np.float64), population - total
    controls = expected * (population / total) - cases
    expected_controls = expected * (others / total)
    llr = _part(cases, expected) + _part(total - cases, total - expected)
    llr += _part(controls, expected_controls) + _part(others - controls, others - expected_controls)
    return _of_direction(llr, cases - expected, direction)


def _part(count: Floats, expected: Floats) -> Floats:
    """Give c log(c / E) without cancellation where c is near E: c log1p((c - E) / E), and 0 for c = 0."""
    count = np.where(count > 0, count, 0.0)  # a rounding error below 0 is 0
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = (count - expected) / expected
        part: Floats = np.where(excess > 1, xlogy(count, count / expected), xlog1py(count, excess))
    return np.where(count == 0, 0.0, np.where(expected > 0, part, np.inf))


def _of_direction(llr: Floats, excess: Floats, direction: str) -> Floats:
    wanted = {"high": excess > 0, "low": excess < 0, "both": excess != 0}[direction]
    return np.where(wanted, np.maximum(llr, 0.0), 0.0)


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A model with its totals: what turns a zone's count and expectation into a log likelihood ratio.

    Space and space-time scans share it: a zone may be any set of cells with an expectation.
    """

    total: int  # cases in all; the expectations of all cells sum to it
    population: int | None = None  # cases and controls in all for Bernoulli, None for Poisson
    direction: str = "high"
    fewest: int = 2  # cases of a zone that is higher than expected; fewer are no cluster

    def ratio(self, count: Whole, expected: Floats) -> Floats:
        """Give the log likelihood ratios of zones, 0 for what is no cluster; arguments broadcast."""
        if self.population is None:
            llr = poisson_llr(count, expected, self.total, direction=self.direction)
        else:
            llr = bernoulli_llr(count, expected, self.total, self.population, direction=self.direction)
        too_few = (np.asarray(count) < self.fewest) & (np.asarray(count) > expected)
        return np.where(too_few, 0.0, llr)

    def largest_expectations(self, llr: float, count: Whole | None = None, steps: int = 60) -> Floats:
        """Give for each count c = 0 to C the largest expectation at which c is a high cluster of ``llr`` or more.

        It grows with c, so that the smallest count that makes a zone reach ``llr`` is
        ``searchsorted(largest, expected)``. The ratio is convex in count and expectation together, so this is a
        convex function of c (but for counts under ``fewest``).

        Parameters
        ----------
        llr : float
            Over 0.
        count : ndarray of int, shape (m,), optional
            Counts in ascending order; by default 0 to C.
        steps : int, default 60
            Of bisection; 60 give double precision, fewer a value that is too large, never too small.

        Returns
        -------
        ndarray of float, shape (m,)
            In ascending order; about 0 where no expectation does.
        """
        count = np.arange(self.total + 1) if count is None else count
        high = Likelihood(self.total, self.population, "high", self.fewest)
        low, top = np.zeros(len(count)), count.astype(np.float64)
        for _ in range(steps):
            middle = (low + top) / 2
            reached = high.ratio(count, middle) >= llr
            low, top = np.where(reached, middle, low), np.where(reached, top, middle)
        return np.maximum.accumulate(top)

    def smallest_expectations(self, llr: float, count: Whole | None = None, steps: int = 60) -> Floats:
        """Give for each count c = 0 to C the smallest expectation at which c is a low cluster of ``llr`` or more.

        It grows with c, so that the largest count with which a zone reaches ``llr`` is
        ``searchsorted(smallest, expected, side="right") - 1``. It is a concave function of c.

        Parameters
        ----------
        llr : float
            Over 0.
        count : ndarray of int, shape (m,), optional
            Counts in ascending order; by default 0 to C.
        steps : int, default 60
            Of bisection; 60 give double precision, fewer a value that is too small, never too large.

        Returns
        -------
        ndarray of float, shape (m,)
            In ascending order; about C where no expectation does.
        """
        count = np.arange(self.total + 1) if count is None else count
        below = Likelihood(self.total, self.population, "low", self.fewest)
        low, top = count.astype(np.float64), np.full(len(count), float(self.total))
        for _ in range(steps):
            middle = (low + top) / 2
            reached = below.ratio(count, middle) >= llr
            low, top = np.where(reached, low, middle), np.where(reached, middle, top)
        return np.maximum.accumulate(low)
