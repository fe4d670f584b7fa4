"""Monte Carlo of the scan statistics: the largest log likelihood ratio of maps drawn under the null hypothesis."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError
from awsd_geo.statistics._scan_likelihood import SAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_likelihood import Likelihood
    from awsd_geo.statistics._scan_search import Search

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Counts = NDArray[Any]

BLOCK = 1000  # maps drawn at once; each block has its own stream, so neither threads nor memory change a number
LARGE = 2_000_000_000  # places times maps from which on compiled code is worth its loading
GUIDE = 1 << 14  # cells of the table that finds the unit of a random number
FEWEST_FOR_CURVE = 99
MOST_TIED = 0.02  # share of maxima with one value
MOST_CONTROLS = 10**9  # numpy's limit for the multivariate hypergeometric


@dataclass(frozen=True, slots=True)
class Null:
    """The null hypothesis: cases fall in units by their expectation, or by lot among cases and controls."""

    model: Likelihood
    expected: Floats  # shape (n_units,), sums to the cases
    sizes: Whole | None = None  # cases and controls of each unit, Bernoulli only

    def maps(self, number: int, chance: np.random.Generator) -> Counts:
        """Draw maps given the total, shape (n_units, number)."""
        n, cases = len(self.expected), self.model.total
        dtype = next(kind for kind in (np.int8, np.int16, np.int32) if cases < np.iinfo(kind).max)
        if self.sizes is not None:
            if self.sizes.sum() >= MOST_CONTROLS:
                raise InputError("Cases and controls are 1,000,000,000 or more. Give them as exposure (Poisson).")
            drawn = chance.multivariate_hypergeometric(self.sizes, cases, size=number, method="marginals")
        elif cases <= 4 * n:
            return self._by_case(number, chance).astype(dtype)
        else:
            drawn = chance.multinomial(cases, self._shares(), size=number)
        return np.ascontiguousarray(drawn.T, dtype=dtype)

    def _shares(self) -> Floats:
        """Give the chance of each unit, rounded, so that exposures in another scale give the same maps."""
        digits, power = np.frexp(self.expected / self.expected.sum())
        shares: Floats = np.ldexp(np.round(digits, 12), power)
        shares /= shares.sum()
        return shares

    def _by_case(self, number: int, chance: np.random.Generator) -> Whole:
        """Place each case on its own, which is faster where cases are few."""
        upto = np.cumsum(self._shares())
        upto[np.flatnonzero(self.expected)[-1] :] = 1.0
        guide = np.searchsorted(upto, np.arange(GUIDE) / GUIDE, side="right")
        at = chance.random((self.model.total, number))
        unit = guide[(at * GUIDE).astype(np.int64)]
        while (beyond := at >= upto[unit]).any():
            unit += beyond
        flat = np.bincount((unit * number + np.arange(number)).ravel(), minlength=len(upto) * number)
        return flat.reshape(len(upto), number)


def simulate(search: Search, replicates: int, seed: int) -> Iterator[Floats]:
    """Give the largest ratios of maps under the null hypothesis, block by block, always in the same order.

    Large work is done by compiled code on all processors where numba is installed; the numbers are the same.
    """
    sizes = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]

    def one(number: int) -> Floats:
        chance = np.random.default_rng([seed, number])
        return maxima(search.null.maps(sizes[number], chance))

    maxima = search.maxima
    if len(search.zones.members) * replicates < LARGE or search.null.sizes is not None or not find_spec("numba"):
        yield from map(one, range(len(sizes)))
        return
    from awsd_geo.statistics import _scan_fast

    maxima = partial(_scan_fast.maxima, search)
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        for first in range(0, len(sizes), workers):
            yield from pool.map(one, range(first, min(first + workers, len(sizes))))


@dataclass(frozen=True, slots=True)
class Chance:
    """The largest ratios of the maps that were drawn, and the p-values they give."""

    maxima: Floats  # shape (replicates,)
    stopped: bool  # drawing ended early, with the last map reaching the observed ratio
    rounding: float

    def reached(self, llr: Floats) -> Whole:
        """Count the maps whose largest ratio is as large or larger; ties count."""
        ascending = np.sort(self.maxima)
        return len(ascending) - np.searchsorted(ascending, llr * (1 - SAME) - self.rounding)

    def p_values(self, llr: Floats) -> Floats:
        """Give (r + 1) / (m + 1), or r / m where drawing was stopped after the map that made r (Besag, Clifford)."""
        reached, drawn = self.reached(llr), len(self.maxima)
        return reached / drawn if self.stopped else (reached + 1) / (drawn + 1)

    def gumbel(self, llr: Floats) -> Floats:
        """Give the upper tail of the Gumbel distribution with the mean and variance of the maxima.

        References
        ----------
        .. [1] Abrams, A. M., Kleinman, K., and Kulldorff, M. (2010). Gumbel based p-value approximations for spatial
           scan statistics. International Journal of Health Geographics 9, 61.
        """
        scale = self.maxima.std(ddof=1) * np.sqrt(6) / np.pi
        tail: Floats = -np.expm1(-np.exp(-(llr - self.maxima.mean() + np.euler_gamma * scale) / scale))
        return tail

    def why_no_gumbel(self) -> str | None:
        """Say why a smooth curve does not fit the maxima, if it does not."""
        if len(self.maxima) < FEWEST_FOR_CURVE:
            return f"Only {len(self.maxima)} replicates: a curve needs at least {FEWEST_FOR_CURVE}."
        ascending = np.sort(self.maxima)
        steps = np.flatnonzero(np.diff(ascending) > SAME * ascending[1:] + self.rounding)
        tied = np.diff(np.concatenate([[-1], steps, [len(ascending) - 1]])).max() / len(ascending)
        if tied > MOST_TIED:
            return f"The maxima are heavily tied ({100 * tied:.0f}% have one value): no smooth curve fits them."
        return None


def draw(search: Search, observed: float, replicates: int, seed: int, stop_after: int | None) -> Chance:
    """Draw maps under the null hypothesis, if told only until some have reached the observed ratio.

    References
    ----------
    .. [1] Besag, J., and Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika 78 (2), 301-304.
    """
    rounding = 1e-15 * search.null.model.total
    seen: list[Floats] = []
    for block in simulate(search, replicates, seed):
        seen.append(block)
        maxima = np.concatenate(seen)
        reached = np.flatnonzero(maxima >= observed * (1 - SAME) - rounding)
        if stop_after is not None and len(reached) >= stop_after:
            return Chance(maxima[: reached[stop_after - 1] + 1], stopped=True, rounding=rounding)
    return Chance(np.concatenate(seen), stopped=False, rounding=rounding)
